package server

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// AskedView says how asking the vendor of a connection goes.
type AskedView struct {
	Identity    string           `json:"identity" doc:"Who the vendor takes us for; never a person"`
	Permissions []PermissionView `json:"permissions" nullable:"false"`
	ExpiresAt   *time.Time       `json:"expires_at" doc:"When the credentials end; null if never, or if the vendor does not say"`
	Limits      []CallLimitView  `json:"limits" nullable:"false"`
	LastAt      *time.Time       `json:"last_at" doc:"When the vendor last said so; null before it has"`
	NextAt      time.Time        `json:"next_at"`
	Error       string           `json:"error" doc:"Why the last attempt failed; empty after one that did not"`
	Notes       []string         `json:"notes" nullable:"false" doc:"What the vendor's answers leave out or change, a sentence each"`
	Streams     int              `json:"streams" doc:"Lists that are read"`
	Complete    int              `json:"complete" doc:"Lists of which all of the past is read"`
	Failing     int              `json:"failing" doc:"Lists of which the last read failed"`
	Done        int              `json:"done" doc:"Records of the past that are read, of all lists"`
	Total       *int             `json:"total" doc:"Records of the past, of all lists; null where the vendor does not say for each list that is not complete"`
}

// PermissionView is something that the connection has to be allowed to do.
type PermissionView struct {
	Name    string `json:"name" example:"pull_requests: read"`
	For     string `json:"for"`
	Granted *bool  `json:"granted" doc:"null where the vendor does not say"`
}

// CallLimitView is how many calls a vendor allows.
type CallLimitView struct {
	Name      string    `json:"name" doc:"Empty where the vendor has one limit"`
	Remaining int       `json:"remaining"`
	Most      int       `json:"most" doc:"0 where the vendor does not say"`
	Reset     time.Time `json:"reset"`
}

// StreamView is one list of a vendor, and where reading it stands.
type StreamView struct {
	Name     string     `json:"name" example:"pulls acme/checkout"`
	Done     int        `json:"done" doc:"Records of the past that are read"`
	Total    *int       `json:"total" doc:"Records of the past; null where the vendor does not say"`
	Complete bool       `json:"complete"`
	LastAt   *time.Time `json:"last_at"`
	NextAt   time.Time  `json:"next_at"`
	KnownTo  *time.Time `json:"known_to" doc:"All records up to then are read; null while the past is read"`
	Failures int        `json:"failures" doc:"Reads that failed since the last that did not"`
	Error    string     `json:"error"`
}

// getStreams lists the streams of a connection by name.
func (s *Server) getStreams(ctx context.Context, in *connectionInput) (*body[list[StreamView]], error) {
	w, slug, err := s.in(ctx, in.WorkspaceInput, evenkeel.ScopeRead)
	if err != nil {
		return nil, err
	}
	if known, err := s.connections.of(ctx, s.Store, in.ID); err != nil || known.Workspace != slug {
		return nil, fmt.Errorf("connection %q: %w", in.ID, evenkeel.ErrNotFound)
	}
	all, err := w.Streams(ctx)
	if err != nil {
		return nil, err
	}
	var views []StreamView
	for _, stream := range all {
		if stream.Connection == in.ID && stream.Name != "" {
			views = append(views, streamView(stream))
		}
	}
	return answer(listOf(views, "")), nil
}

func streamView(s evenkeel.Stream) StreamView {
	v := StreamView{
		Name: s.Name, Done: s.Done, Complete: s.Complete, LastAt: optional(s.LastAt), NextAt: s.NextAt.UTC(), Failures: s.Failures, Error: s.Error,
	}
	if s.Total > 0 {
		v.Total = &s.Total
	}
	if s.Complete {
		v.KnownTo = optional(connectors.KnownTo(s.Cursor))
	}
	return v
}

// add counts a list in.
func (v *AskedView) add(s evenkeel.Stream) {
	v.Streams++
	v.Done += s.Done
	if s.Complete {
		v.Complete++
	}
	if s.Error != "" {
		v.Failing++
	}
	switch {
	case v.Total == nil:
	case s.Complete:
		*v.Total += s.Done
	case s.Total == 0:
		v.Total = nil
	default:
		*v.Total += s.Total
	}
}

// askedViews says of every connection that asks its vendor how that goes.
func askedViews(streams []evenkeel.Stream) (map[string]*AskedView, error) {
	views := map[string]*AskedView{}
	for _, stream := range streams {
		if stream.Name != "" {
			continue
		}
		view, err := askedView(stream)
		if err != nil {
			return nil, err
		}
		views[stream.Connection] = view
	}
	for _, stream := range streams {
		if view := views[stream.Connection]; view != nil && stream.Name != "" {
			view.add(stream)
		}
	}
	return views, nil
}

// askedView reads what the stream without a name has kept.
func askedView(stream evenkeel.Stream) (*AskedView, error) {
	access, err := accessOf(stream)
	if err != nil {
		return nil, fmt.Errorf("access of connection %s: %w", stream.Connection, err)
	}
	view := &AskedView{
		Total:    new(int),
		Identity: access.Identity, Permissions: []PermissionView{}, ExpiresAt: optional(access.ExpiresAt), Limits: []CallLimitView{},
		LastAt: optional(stream.LastAt), NextAt: stream.NextAt.UTC(), Error: stream.Error, Notes: append([]string{}, access.Notes...),
	}
	for _, p := range access.Permissions {
		view.Permissions = append(view.Permissions, PermissionView(p))
	}
	for _, l := range access.Limits {
		view.Limits = append(view.Limits, CallLimitView{Name: l.Name, Remaining: l.Remaining, Most: l.Most, Reset: l.Reset.UTC()})
	}
	return view, nil
}

// checkAsking refuses settings by which the server would be sent to ask a
// vendor, unless an operator has written them down: it sends a secret of the
// server to the address that they name.
func checkAsking(source connectors.Source, settings json.RawMessage) error {
	asked := false
	asker, err := source.Asker(settings, connectors.Outside{Secret: func(string) (string, error) { asked = true; return "", nil }})
	if asked || err == nil && asker != nil {
		return evenkeel.FieldErrors{{Field: "settings.api", Rule: "cannot be set here, because the server would send a secret of its own to the address that it names; state the connection in the configuration file"}}
	}
	return nil
}
