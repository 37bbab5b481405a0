package server

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// EntryView is a fact of any kind as lists of all facts show it.
type EntryView struct {
	ID   string        `json:"id"`
	Kind evenkeel.Kind `json:"kind"`
	At   time.Time     `json:"at" doc:"The fact's own instant"`
	// ReceivedAt is when it first became known here.
	ReceivedAt  *time.Time         `json:"received_at"`
	LagSeconds  *float64           `json:"lag_seconds" doc:"From the fact's own instant until it became known here; null for what came more than a day later, as imports do"`
	Source      string             `json:"source"`
	ExternalID  string             `json:"external_id"`
	Environment string             `json:"environment"`
	Status      string             `json:"status" doc:"State, result, severity or action, by kind"`
	Repository  string             `json:"repository"`
	ActorKind   evenkeel.ActorKind `json:"actor_kind"`
	Summary     string             `json:"summary"`
	Belongs     []NamedView        `json:"belongs_to" nullable:"false"`
	UsedBy      []string           `json:"used_by" nullable:"false" doc:"Figures that count the fact"`
}

// EntryDetail is a fact with all that is known of its way here.
type EntryDetail struct {
	EntryView
	Fields       map[string]any    `json:"fields" doc:"What is known of the fact, from all sources together"`
	Revision     int64             `json:"revision" doc:"The last revision that told of it"`
	Observations []ObservationView `json:"observations" nullable:"false" doc:"What was said of it, in the order in which it became known"`
	Uses         []UseView         `json:"uses" nullable:"false" doc:"Where it is counted, or why not"`
}

// ObservationView is one thing that a source said of a fact.
type ObservationView struct {
	Source     string         `json:"source"`
	ExternalID string         `json:"external_id"`
	ObservedAt time.Time      `json:"observed_at" doc:"By the source's own clock"`
	RecordedAt *time.Time     `json:"recorded_at"`
	Revision   int64          `json:"revision"`
	Deleted    bool           `json:"deleted"`
	Final      bool           `json:"final"`
	Fields     map[string]any `json:"fields"`
	Deliveries []DeliveryLink `json:"deliveries" nullable:"false" doc:"Deliveries that brought it; none for what was imported or posted"`
}

// DeliveryLink leads to a delivery.
type DeliveryLink struct {
	ID         string          `json:"id"`
	Connection ConnectionNamed `json:"connection"`
	Source     string          `json:"source"`
	Event      string          `json:"event"`
	ReceivedAt time.Time       `json:"received_at"`
}

// ConnectionNamed names a connection; the name is empty once it was removed.
type ConnectionNamed struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// EntriesInput narrows a list of all facts.
type EntriesInput struct {
	WorkspaceInput
	Kinds        []string `query:"kind" doc:"Kinds of fact" example:"deployment,incident"`
	Sources      []string `query:"source" doc:"Source instances" maxItems:"50"`
	Application  string   `query:"application" doc:"Slug of an application" maxLength:"63"`
	Group        string   `query:"group" doc:"Slug of a group; groups below it are included" maxLength:"63"`
	Environments []string `query:"environment" doc:"Names of environments" maxItems:"50"`
	Statuses     []string `query:"status" doc:"States, results, severities or actions" maxItems:"50"`
	Unclaimed    bool     `query:"unclaimed" doc:"Only facts that belong to no application"`
	Query        string   `query:"q" doc:"A part of the external id or repository, whatever the case" maxLength:"200"`
	From         string   `query:"from" doc:"Only facts at or after this: an RFC 3339 instant, a date, or a length such as 90d" maxLength:"40"`
	To           string   `query:"to" doc:"Only facts before this: an RFC 3339 instant or a date" maxLength:"40"`
	AsOfInput
}

type entriesInput struct {
	EntriesInput
	PageInput
}

// entryQuery turns a request into a filter of the store.
func (s *Server) entryQuery(ctx context.Context, in EntriesInput) (Facts, *jobs.Results, evenkeel.EntryFilter, error) {
	f := evenkeel.EntryFilter{Sources: in.Sources, Environments: in.Environments, Statuses: in.Statuses, Unclaimed: in.Unclaimed, Query: in.Query}
	results, facts, err := s.factsAsOf(ctx, in.WorkspaceInput, in.AsOfInput)
	if err != nil {
		return nil, nil, f, err
	}
	for _, name := range in.Kinds {
		if !slices.Contains(evenkeel.Kinds(), evenkeel.Kind(name)) {
			return nil, nil, f, evenkeel.FieldErrors{{Field: "kind", Rule: fmt.Sprintf("%.40q is not a kind of fact", name)}}
		}
		f.Kinds = append(f.Kinds, evenkeel.Kind(name))
	}
	if f.Window, err = views.ParseBounds(in.From, in.To, s.present(results), results.Policy.Location()); err != nil {
		return nil, nil, f, err
	}
	if in.Application != "" || in.Group != "" {
		if f.Applications, err = results.Applications(jobs.Scope{Application: in.Application, Group: in.Group}); err != nil {
			return nil, nil, f, err
		}
		if len(f.Applications) == 0 {
			f.Applications = []string{"-"} // A group without applications has no facts.
		}
	}
	return facts, results, f, nil
}

func (s *Server) getEntries(ctx context.Context, in *entriesInput) (*body[list[EntryView]], error) {
	w, results, f, err := s.entryQuery(ctx, in.EntriesInput)
	if err != nil {
		return nil, err
	}
	f.Cursor, f.Limit = in.Cursor, in.Limit
	page, err := w.Entries(ctx, f)
	if err != nil {
		return nil, err
	}
	return answer(listOf(s.entryViews(results, page.Items), page.Next)), nil
}

// entryViews shows a page of facts.
func (s *Server) entryViews(r *jobs.Results, entries []evenkeel.Entry) []EntryView {
	known := namesOf(r.Catalogue)
	uses := s.usesOf(r, entries)
	shown := make([]EntryView, len(entries))
	for i, e := range entries {
		shown[i] = entryView(e, known.belongs(r.Catalogue, e.Subject))
		shown[i].UsedBy = countedIn(uses[e.ID])
	}
	return shown
}

// maxLag tells what came late from what was imported.
const maxLag = 24 * time.Hour

func entryView(e evenkeel.Entry, belongs []NamedView) EntryView {
	v := EntryView{
		ID: e.ID, Kind: e.Kind, At: e.At.UTC(), ReceivedAt: optional(e.ReceivedAt), Source: e.Source, ExternalID: e.ExternalID,
		Environment: e.Environment, Status: e.Status, Repository: e.Repository, Belongs: belongs, UsedBy: []string{},
	}
	v.Summary, v.ActorKind = views.Summary(e.Kind, e.Fields)
	if lag := e.ReceivedAt.Sub(e.At).Seconds(); !e.ReceivedAt.IsZero() && lag <= maxLag.Seconds() {
		v.LagSeconds = &lag
	}
	return v
}

// applicationNames are names of applications by id.
type applicationNames map[string]NamedView

func namesOf(c evenkeel.Catalogue) applicationNames {
	known := make(applicationNames, len(c.Applications))
	for _, a := range c.Applications {
		known[a.ID] = NamedView{Slug: a.Slug, Name: a.Name}
	}
	return known
}

// belongs lists the applications of a subject, each once, by name.
func (n applicationNames) belongs(c evenkeel.Catalogue, subject evenkeel.Subject) []NamedView {
	found := []NamedView{}
	for _, m := range c.Resolve(subject) {
		if named, ok := n[m.Application]; ok && !slices.Contains(found, named) {
			found = append(found, named)
		}
	}
	slices.SortFunc(found, func(a, b NamedView) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Slug, b.Slug))
	})
	return found
}

func (s *Server) getEntry(ctx context.Context, in *factInput) (*body[EntryDetail], error) {
	results, slug, err := s.resultsAsOf(ctx, in.WorkspaceInput, in.AsOfInput, "")
	if err != nil {
		return nil, err
	}
	lineage, err := s.factsOf(slug, results).Lineage(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	connections, err := connectionNames(ctx, s.Workspace(slug))
	if err != nil {
		return nil, err
	}
	d := EntryDetail{
		EntryView:    s.entryViews(results, []evenkeel.Entry{lineage.Entry})[0],
		Observations: make([]ObservationView, len(lineage.Observations)),
		Uses:         useViews(results, s.usesOf(results, []evenkeel.Entry{lineage.Entry})[lineage.Entry.ID]),
	}
	if d.Fields, err = shownFields(lineage.Entry.Fields); err != nil {
		return nil, err
	}
	for i, said := range lineage.Observations {
		if d.Observations[i], err = observationView(said, connections); err != nil {
			return nil, err
		}
		d.Revision = max(d.Revision, said.Revision)
	}
	return answer(d), nil
}

func observationView(o evenkeel.Said, connections map[string]string) (v ObservationView, err error) {
	v = ObservationView{
		Source: o.Source, ExternalID: o.ExternalID, ObservedAt: o.ObservedAt.UTC(), RecordedAt: optional(o.RecordedAt), Revision: o.Revision,
		Deleted: o.Deleted, Final: o.Final, Deliveries: make([]DeliveryLink, len(o.Deliveries)),
	}
	for i, d := range o.Deliveries {
		v.Deliveries[i] = DeliveryLink{
			ID: d.ID, Connection: ConnectionNamed{ID: d.Connection, Name: connections[d.Connection]}, Source: d.Source, Event: d.Event, ReceivedAt: d.ReceivedAt.UTC(),
		}
	}
	v.Fields, err = shownFields(o.Fields)
	return v, err
}

// connectionNames are names by id.
func connectionNames(ctx context.Context, w Workspace) (map[string]string, error) {
	connections, err := w.Connections(ctx)
	names := make(map[string]string, len(connections))
	for _, c := range connections {
		names[c.ID] = c.Name
	}
	return names, err
}

// shownFields are the fields of a fact without what stands for a person.
func shownFields(fields json.RawMessage) (map[string]any, error) {
	shown := map[string]any{}
	if len(fields) == 0 {
		return shown, nil
	}
	if err := json.Unmarshal(fields, &shown); err != nil {
		return nil, err
	}
	reviews, _ := shown["reviews"].([]any)
	for _, one := range reviews {
		if review, ok := one.(map[string]any); ok {
			delete(review, "author")
		}
	}
	return shown, nil
}
