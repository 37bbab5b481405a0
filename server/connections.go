package server

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// managedByConfig marks connections that a configuration file states.
const managedByConfig = "config"

// SourceView is a kind of sender that deliveries are understood of.
type SourceView struct {
	Name     string              `json:"name"`
	Title    string              `json:"title"`
	Summary  string              `json:"summary"`
	Setup    string              `json:"setup" doc:"Markdown"`
	MaxBody  int64               `json:"max_body" doc:"Largest body in bytes, as sent and after decompression"`
	Headers  []string            `json:"headers" nullable:"false" doc:"Headers that are kept with a delivery"`
	Settings []SourceSettingView `json:"settings" nullable:"false"`
	Events   []SourceEventView   `json:"events" nullable:"false"`
}

// SourceSettingView is a setting of the connections of a source.
type SourceSettingView struct {
	Name    string `json:"name"`
	Type    string `json:"type"`
	Default string `json:"default"`
	Meaning string `json:"meaning"`
}

// SourceEventView says what an event of a source becomes.
type SourceEventView struct {
	Event string `json:"event"`
	Facts string `json:"facts"`
}

// ConnectionView is a connection and what has come through it. Secrets are
// references; nobody can read their values here.
type ConnectionView struct {
	ID             string                `json:"id"`
	Source         string                `json:"source"`
	Title          string                `json:"title" doc:"The source's name for people"`
	Name           string                `json:"name"`
	Path           string                `json:"path" doc:"Where deliveries are posted to" example:"/hooks/github/5r3c"`
	URL            string                `json:"url"`
	Secrets        []string              `json:"secrets" nullable:"false" doc:"References to secrets; any of them may sign"`
	Settings       map[string]any        `json:"settings"`
	Managed        string                `json:"managed" enum:"config,api"`
	CreatedAt      time.Time             `json:"created_at"`
	LastDeliveryAt *time.Time            `json:"last_delivery_at"`
	Deliveries     ConnectionOutcomeView `json:"deliveries"`
	Repeats        int                   `json:"repeats" doc:"Deliveries that came again and changed nothing"`
	Health         *ConnectionHealth     `json:"health" doc:"How the connection does; null where it was just saved"`
	Asked          *AskedView            `json:"asked" doc:"How asking the vendor goes; null for a connection that only takes deliveries"`
}

// ConnectionOutcomeView counts the deliveries of a connection.
type ConnectionOutcomeView struct {
	Recorded int `json:"recorded"`
	Ignored  int `json:"ignored"`
	Rejected int `json:"rejected"`
}

func (s *Server) getSources(ctx context.Context, in *WorkspaceInput) (*body[list[SourceView]], error) {
	if _, err := s.allowed(ctx, in.Workspace, evenkeel.ScopeRead); err != nil {
		return nil, err
	}
	var views []SourceView
	for _, source := range connectors.Sources() {
		views = append(views, sourceView(source))
	}
	return answer(listOf(views, "")), nil
}

func sourceView(s connectors.Source) SourceView {
	v := SourceView{
		Name: s.Name, Title: s.Title, Summary: s.Summary, Setup: s.Setup, MaxBody: s.MaxBody, Headers: orEmpty(s.Headers),
		Settings: make([]SourceSettingView, len(s.Settings)), Events: make([]SourceEventView, len(s.Events)),
	}
	for i, one := range s.Settings {
		v.Settings[i] = SourceSettingView(one)
	}
	for i, one := range s.Events {
		v.Events[i] = SourceEventView(one)
	}
	return v
}

func (s *Server) getConnections(ctx context.Context, in *WorkspaceInput) (*body[list[ConnectionView]], error) {
	w, _, err := s.in(ctx, *in, evenkeel.ScopeRead)
	if err != nil {
		return nil, err
	}
	connections, err := w.Connections(ctx)
	if err != nil {
		return nil, err
	}
	streams, err := w.Streams(ctx)
	if err != nil {
		return nil, err
	}
	judge, err := s.readHealths(ctx, w, streams)
	if err != nil {
		return nil, err
	}
	asked, err := askedViews(streams)
	if err != nil {
		return nil, err
	}
	shown := make([]ConnectionView, len(connections))
	for i, c := range connections {
		if shown[i], err = s.connectionView(c, judge.activity[c.ID]); err != nil {
			return nil, err
		}
		health, err := judge.of(c)
		if err != nil {
			return nil, err
		}
		shown[i].Health, shown[i].Asked = &health, asked[c.ID]
	}
	return answer(listOf(shown, "")), nil
}

// HookPath is where deliveries of a connection are posted to.
func HookPath(c evenkeel.Connection) string { return "/hooks/" + c.Source + "/" + c.ID }

func (s *Server) connectionView(c evenkeel.Connection, a evenkeel.ConnectionActivity) (ConnectionView, error) {
	v := ConnectionView{
		ID: c.ID, Source: c.Source, Name: c.Name, Path: HookPath(c), Secrets: orEmpty(c.Secrets), Settings: map[string]any{},
		Managed: c.Managed, CreatedAt: c.CreatedAt.UTC(), LastDeliveryAt: optional(a.LastAt), Repeats: a.Repeats,
		Deliveries: ConnectionOutcomeView{
			Recorded: a.Deliveries[evenkeel.OutcomeRecorded], Ignored: a.Deliveries[evenkeel.OutcomeIgnored], Rejected: a.Deliveries[evenkeel.OutcomeRejected],
		},
	}
	v.URL, v.Title = s.PublicURL+v.Path, c.Source
	if source, err := connectors.SourceNamed(c.Source); err == nil {
		v.Title = source.Title
	}
	if len(c.Settings) == 0 {
		return v, nil
	}
	return v, json.Unmarshal(c.Settings, &v.Settings)
}

type createConnectionInput struct {
	WorkspaceInput
	Body struct {
		Source   string         `json:"source" minLength:"1" maxLength:"63" example:"github"`
		Name     string         `json:"name" minLength:"1" maxLength:"63" doc:"A slug, unique in the workspace"`
		Secrets  []string       `json:"secrets" minItems:"1" maxItems:"4" nullable:"false" doc:"References, ${env:NAME} or ${file:/path}, that the server resolves; any of them may sign" example:"[\"${env:GITHUB_WEBHOOK_SECRET}\"]"`
		Settings map[string]any `json:"settings,omitempty" doc:"The source's own settings"`
	}
}

func (s *Server) postConnection(ctx context.Context, in *createConnectionInput) (*body[ConnectionView], error) {
	c := evenkeel.Connection{Source: in.Body.Source, Name: in.Body.Name, Secrets: in.Body.Secrets, Managed: "api", CreatedAt: s.Now()}
	return s.saveConnection(ctx, in.WorkspaceInput, c, in.Body.Settings, "connection.create")
}

// saveConnection checks and keeps a connection.
func (s *Server) saveConnection(ctx context.Context, in WorkspaceInput, c evenkeel.Connection, settings map[string]any, action string) (*body[ConnectionView], error) {
	w, slug, err := s.in(ctx, in, evenkeel.ScopeAdmin)
	if err != nil {
		return nil, err
	}
	if settings != nil {
		if c.Settings, err = json.Marshal(settings); err != nil {
			return nil, fmt.Errorf("%w: settings: %w", evenkeel.ErrInvalid, err)
		}
	}
	if err := s.checkConnection(c); err != nil {
		return nil, err
	}
	if c, err = w.SaveConnection(ctx, c); err != nil {
		return nil, err
	}
	s.connections.forget()
	if err := s.audit(ctx, slug, action, c.ID, c.Source+" "+c.Name); err != nil {
		return nil, err
	}
	view, err := s.connectionView(c, evenkeel.ConnectionActivity{})
	return answer(view), err
}

// checkConnection finds what is wrong with a connection before anything is
// delivered through it.
func (s *Server) checkConnection(c evenkeel.Connection) error {
	var broken evenkeel.FieldErrors
	if !evenkeel.ValidSlug(c.Name) {
		broken = append(broken, evenkeel.FieldError{Field: "name", Rule: "is not a slug; use 1 to 63 of a-z, 0-9, '.', '_' and '-', with a letter or digit at both ends"})
	}
	for i, reference := range c.Secrets {
		if value, err := s.Secrets(reference); err != nil || value == "" {
			broken = append(broken, evenkeel.FieldError{Field: "secrets[" + strconv.Itoa(i) + "]", Rule: secretRule(err)})
		}
	}
	source, err := connectors.SourceNamed(c.Source)
	if err != nil {
		broken = append(broken, evenkeel.FieldError{Field: "source", Rule: "is unknown; /api/v1/sources lists the known ones"})
	} else if _, err := source.Open(c.Settings); err != nil {
		broken = append(broken, evenkeel.FieldError{Field: "settings", Rule: err.Error()})
	} else if err := checkAsking(source, c.Settings); err != nil {
		return err
	}
	if broken != nil {
		return broken
	}
	return nil
}

// secretRule says why a reference gives no secret. Only what the reference
// itself breaks is told in its own words.
func secretRule(err error) string {
	switch {
	case errors.Is(err, evenkeel.ErrInvalid):
		return "is not a reference; write ${env:NAME} or ${file:/full/path}"
	case errors.Is(err, evenkeel.ErrNotFound):
		return "is not set on the server; set the variable or write the file first"
	}
	return "cannot be read by the server"
}

type changeConnectionInput struct {
	WorkspaceInput
	ID   string `path:"id" maxLength:"100"`
	Body struct {
		Name     string         `json:"name,omitempty" maxLength:"63"`
		Secrets  []string       `json:"secrets,omitempty" maxItems:"4" doc:"To replace a secret without a gap, give the new and the old one, and later only the new one"`
		Settings map[string]any `json:"settings,omitempty"`
	}
}

func (s *Server) putConnection(ctx context.Context, in *changeConnectionInput) (*body[ConnectionView], error) {
	c, err := s.connection(ctx, in.WorkspaceInput, in.ID)
	if err != nil {
		return nil, err
	}
	c.Name = cmp.Or(in.Body.Name, c.Name)
	if len(in.Body.Secrets) > 0 {
		c.Secrets = in.Body.Secrets
	}
	return s.saveConnection(ctx, in.WorkspaceInput, c, in.Body.Settings, "connection.change")
}

// connection finds one that may be changed here.
func (s *Server) connection(ctx context.Context, in WorkspaceInput, id string) (evenkeel.Connection, error) {
	w, _, err := s.in(ctx, in, evenkeel.ScopeAdmin)
	if err != nil {
		return evenkeel.Connection{}, err
	}
	all, err := w.Connections(ctx)
	if err != nil {
		return evenkeel.Connection{}, err
	}
	at := slices.IndexFunc(all, func(c evenkeel.Connection) bool { return c.ID == id })
	switch {
	case at < 0:
		return evenkeel.Connection{}, fmt.Errorf("connection %q: %w", id, evenkeel.ErrNotFound)
	case all[at].Managed == managedByConfig:
		return evenkeel.Connection{}, fmt.Errorf("connection %q is stated by a configuration file; change it there: %w", all[at].Name, evenkeel.ErrConflict)
	}
	return all[at], nil
}

type connectionInput struct {
	WorkspaceInput
	ID string `path:"id" maxLength:"100"`
}

func (s *Server) deleteConnection(ctx context.Context, in *connectionInput) (*struct{}, error) {
	c, err := s.connection(ctx, in.WorkspaceInput, in.ID)
	if err != nil {
		return nil, err
	}
	w, slug, err := s.in(ctx, in.WorkspaceInput, evenkeel.ScopeAdmin)
	if err != nil {
		return nil, err
	}
	if err := w.RemoveConnection(ctx, c.ID); err != nil {
		return nil, err
	}
	s.connections.forget()
	return nil, s.audit(ctx, slug, "connection.remove", c.ID, c.Name)
}
