package server

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/server/views"
	"github.com/evenkeel-dev/evenkeel/slo"
)

const (
	// mostFound is how many services of a kind of metrics are looked at.
	mostFound = 500
	// maxAccepted is the most bytes of documents that are accepted together.
	maxAccepted = 8 << 20
)

type suggestLevelsInput struct {
	WorkspaceInput
	Body struct {
		Connection string `json:"connection" minLength:"1" maxLength:"100" doc:"Id of a connection to Prometheus"`
		Days       int    `json:"days,omitempty" minimum:"1" maximum:"90" default:"30" doc:"How much of the past is looked at"`
		Window     string `json:"window,omitempty" maxLength:"10" default:"28d" doc:"Window of what is suggested"`
	}
}

// postServiceLevelSuggestions begins to look for services by what a Prometheus
// knows of them, and for what they could promise: minutes may pass, so that the
// search goes on behind the answer. One runs at a time.
func (s *Server) postServiceLevelSuggestions(ctx context.Context, in *suggestLevelsInput) (*body[views.LevelSearch], error) {
	w, slug, err := s.in(ctx, in.WorkspaceInput, evenkeel.ScopeAdmin)
	if err != nil {
		return nil, err
	}
	window, err := slo.ParseSpan(in.Body.Window)
	if err != nil {
		return nil, evenkeel.FieldErrors{{Field: "window", Rule: err.Error()}}
	}
	finder, name, err := s.finder(ctx, w, in.Body.Connection)
	if err != nil {
		return nil, err
	}
	kept, _, err := s.levelSearch(ctx, w)
	if err != nil {
		return nil, err
	}
	if kept.Running {
		return nil, fmt.Errorf("%w: a search runs already; wait for it, or stop it", evenkeel.ErrConflict)
	}
	searching := &levelSearching{Server: s, w: w, kept: kept}
	searching.kept.Running = true
	searching.view = views.LevelSearch{State: "running", Connection: in.Body.Connection, Name: name, Days: in.Body.Days, Window: window.String(), StartedAt: optional(s.Now())}
	if err := searching.save(ctx); err != nil {
		return nil, err
	}
	begun := searching.view
	begun.Known(evenkeel.Catalogue{}, nil)
	s.searches.Go(func() {
		searching.run(context.WithoutCancel(ctx), finder, connectors.Search{Days: in.Body.Days, Window: window, DataSource: name, Most: mostFound})
	})
	return answer(begun), s.audit(ctx, slug, "service_level.search", in.Body.Connection, name)
}

// finder asks the Prometheus of a connection.
func (s *Server) finder(ctx context.Context, w Workspace, id string) (connectors.Discoverer, string, error) {
	list, err := w.Connections(ctx)
	if err != nil {
		return nil, "", err
	}
	at := slices.IndexFunc(list, func(c evenkeel.Connection) bool { return c.ID == id })
	if at < 0 {
		return nil, "", evenkeel.FieldErrors{{Field: "connection", Rule: fmt.Sprintf("%q is no connection of this workspace", id)}}
	}
	c := list[at]
	source, err := connectors.SourceNamed(c.Source)
	if err != nil {
		return nil, "", err
	}
	asker, err := source.Asker(connectors.SettingsOf(c), connectors.Outside{Connection: c.ID, Secret: s.Secrets, Now: s.Now, Sleep: sleep})
	if err != nil {
		return nil, "", err
	}
	finder, ok := asker.(connectors.Discoverer)
	if !ok {
		return nil, "", evenkeel.FieldErrors{{Field: "connection", Rule: c.Name + " is no Prometheus that is asked; give one whose settings have api.url"}}
	}
	return finder, c.Name, nil
}

// sleep waits, unless the context ends before.
func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

type acceptLevelsInput struct {
	WorkspaceInput
	Body struct {
		Documents []string `json:"documents" minItems:"1" maxItems:"500" nullable:"false" doc:"OpenSLO v1, YAML: one SLO each"`
	}
}

// AcceptedLevel is what became of one document.
type AcceptedLevel struct {
	SavedLevel
	Error string `json:"error" doc:"Why it is not kept; empty if it is"`
}

// postServiceLevelAccept keeps documents as new service levels, each for
// itself: one that is refused keeps no other from being kept.
func (s *Server) postServiceLevelAccept(ctx context.Context, in *acceptLevelsInput) (*body[list[AcceptedLevel]], error) {
	w, slug, err := s.in(ctx, in.WorkspaceInput, evenkeel.ScopeAdmin)
	if err != nil {
		return nil, err
	}
	principal, _ := principalOf(ctx)
	accepted := make([]AcceptedLevel, len(in.Body.Documents))
	for i, document := range in.Body.Documents {
		one, err := s.accept(ctx, w, slug, document, principal.actor())
		if err != nil {
			var refused evenkeel.FieldErrors
			if !errors.As(err, &refused) && !errors.Is(err, evenkeel.ErrConflict) && !errors.Is(err, evenkeel.ErrInvalid) {
				return nil, err
			}
			one.Error = strings.TrimPrefix(err.Error(), "store: ")
		}
		accepted[i] = one
	}
	return answer(listOf(accepted, "")), nil
}

// accept keeps one document as a new service level.
func (s *Server) accept(ctx context.Context, w Workspace, slug, document, by string) (a AcceptedLevel, err error) {
	d, err := readDocument(document)
	a.ID = d.Name
	if err == nil {
		err = s.checkSpoiled(ctx, slug, d, "")
	}
	if err != nil {
		return a, err
	}
	saved, isNew, err := w.SaveServiceLevel(ctx, evenkeel.ServiceLevelChange{
		ID: d.Name, Application: d.Service, Document: document, Source: evenkeel.ServiceLevelSource{Kind: evenkeel.FromSuggestion}, By: by, New: true,
	})
	if err != nil {
		return a, err
	}
	a.SavedLevel = SavedLevel{saved.ID, saved.Number, isNew}
	return a, s.audit(ctx, slug, "service_level.accept", saved.ID, document)
}
