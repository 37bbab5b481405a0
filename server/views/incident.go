package views

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// Incidents reads what the answer on one incident needs.
type Incidents interface {
	Incident(ctx context.Context, id string) (evenkeel.Fact[evenkeel.Incident], error)
	IncidentLinks(ctx context.Context, incident string) ([]evenkeel.IncidentLink, error)
	Deployments(ctx context.Context, f evenkeel.Filter) (evenkeel.Page[evenkeel.Fact[evenkeel.Deployment]], error)
	EntriesByID(ctx context.Context, ids []string) (map[string]evenkeel.Entry, error)
	Lineage(ctx context.Context, fact string) (evenkeel.Lineage, error)
}

// Incident is what is known of one incident: what happened, which deployments
// it was laid to and why, what the rules alone find, what people said, and
// which deployments may have caused it.
type Incident struct {
	ID         string  `json:"id"`
	Source     string  `json:"source"`
	ExternalID string  `json:"external_id"`
	Belongs    []Named `json:"belongs_to" nullable:"false"`
	evenkeel.Incident
	// StartedAt is the earlier of opened and detected.
	StartedAt *time.Time `json:"started_at" doc:"When the failure began: the earlier of opened and detected; null where neither is known"`
	// RestoredAt is the end of the last interruption.
	RestoredAt *time.Time  `json:"restored_at" doc:"When service was back, after the last reopening; null while it is not"`
	Reopenings []time.Time `json:"reopenings" nullable:"false" doc:"Every reopening that was told of, first first"`
	// Attribution is that of the application from which recovery is measured.
	Attribution     metrics.Attribution `json:"attribution"`
	RecoverySeconds *float64            `json:"recovery_seconds"`
	Unlinked        bool                `json:"unlinked" doc:"A person said that no deployment caused it"`
	Laid            []Cause             `json:"laid" nullable:"false" doc:"The deployments that it was laid to, in every application"`
	Automatic       []Cause             `json:"automatic" nullable:"false" doc:"Those that the rules alone find; equal unless a person spoke"`
	Candidates      []Candidate         `json:"candidates" nullable:"false" doc:"Deployments of its applications in the seven days before it began, nearest first"`
	MoreCandidates  bool                `json:"more_candidates" doc:"There are more deployments than candidates lists"`
	Link            *Word               `json:"link" doc:"What holds of what people said; null where the rules decide"`
	History         []Word              `json:"history" nullable:"false" doc:"All that people said, last first"`
}

// DeploymentName names a deployment as people know it.
type DeploymentName struct {
	ID          string     `json:"id"`
	Version     string     `json:"version" doc:"Version, else the start of the commit, else the branch or tag"`
	Environment string     `json:"environment"`
	FinishedAt  *time.Time `json:"finished_at"`
}

// Cause is a deployment that an incident was laid to, with the evidence.
type Cause struct {
	Application Named          `json:"application"`
	Deployment  DeploymentName `json:"deployment"`
	Rung        metrics.Rung   `json:"rung" enum:"person,explicit,rollback,revert,hotfix,incident"`
	GapSeconds  *float64       `json:"gap_seconds" doc:"From its finish to the start of the incident"`
	Inferred    bool           `json:"inferred" doc:"Nearness in time is the only evidence"`
	Evidence    string         `json:"evidence" doc:"The text that says so: what the source names, or the reason of a person; empty where time says it"`
}

// Candidate is a deployment that may have caused an incident.
type Candidate struct {
	DeploymentName
	Application Named   `json:"application"`
	GapSeconds  float64 `json:"gap_seconds" doc:"From its finish to the start of the incident"`
	Changes     int     `json:"changes" doc:"How many changes it shipped"`
	Rollback    bool    `json:"rollback"`
	Linked      bool    `json:"linked" doc:"The incident was laid to it"`
}

// Word is what a person said of the cause of an incident.
type Word struct {
	At          time.Time        `json:"at"`
	By          string           `json:"by" doc:"Who, as in the audit; empty for tokens"`
	Reason      string           `json:"reason"`
	Withdrawn   bool             `json:"withdrawn" doc:"It gives the question back to the rules"`
	Deployments []DeploymentName `json:"deployments" nullable:"false"`
}

const (
	// candidateSpan is how long before an incident its candidates finished.
	candidateSpan = 7 * 24 * time.Hour
	// maxCandidates is how many are listed.
	maxCandidates = 100
)

// IncidentOf answers what is known of one incident.
func IncidentOf(ctx context.Context, w Incidents, r *jobs.Results, id string) (Incident, error) {
	fact, err := w.Incident(ctx, id)
	if err != nil {
		return Incident{}, err
	}
	v := Incident{
		ID: fact.ID, Source: fact.Source, ExternalID: fact.ExternalID, Incident: fact.Value,
		Reopenings: []time.Time{}, Laid: []Cause{}, Automatic: []Cause{}, Candidates: []Candidate{}, History: []Word{},
	}
	b := &incidentBuilder{ctx: ctx, w: w, r: r, v: &v, names: map[string]Named{}}
	for _, a := range r.Catalogue.Applications {
		b.names[a.ID] = Named{Slug: a.Slug, Name: a.Name}
	}
	for _, step := range []func() error{b.times, b.words, b.causes, b.candidates} {
		if err := step(); err != nil {
			return v, err
		}
	}
	return v, nil
}

// AttributionOf is what an incident was laid to in the application from which
// its recovery is measured: that of the latest deployment. Where it was laid
// to none, it is that of an application which it concerns.
func AttributionOf(r *jobs.Results, incident string) metrics.Attribution {
	best := metrics.Attribution{Deployments: []string{}}
	decided := false
	for _, a := range r.Catalogue.Applications {
		one, ok := r.Derived[a.ID].Attribution(incident)
		if !ok {
			continue
		}
		switch {
		case one.Deployment == nil:
			if best.Deployment == nil && (!decided || best.Elsewhere) {
				best, decided = one, true
			}
		case best.Deployment == nil, nearer(one, best):
			best = one
		}
	}
	return best
}

// nearer says whether the incident followed the one deployment sooner.
func nearer(one, other metrics.Attribution) bool {
	return one.GapSeconds != nil && other.GapSeconds != nil && *one.GapSeconds >= 0 && (*other.GapSeconds < 0 || *one.GapSeconds < *other.GapSeconds)
}

// HideActors takes out who said what, for callers that are no persons.
func (v *Incident) HideActors() {
	for i := range v.History {
		v.History[i].By = ""
	}
	if v.Link != nil {
		v.Link.By = ""
	}
}

type incidentBuilder struct {
	ctx   context.Context //nolint:containedctx // That of the call.
	w     Incidents
	r     *jobs.Results
	v     *Incident
	names map[string]Named // By application id.
	// reason is that of the word that holds.
	reason string
}

// times says when the incident began, was restored and was reopened.
func (b *incidentBuilder) times() error {
	start, restored := metrics.IncidentTimes(b.v.Incident)
	b.v.StartedAt, b.v.RestoredAt = known(start), known(restored)
	b.v.Belongs = []Named{}
	for _, m := range b.r.Catalogue.Resolve(b.v.Subject()) {
		if named := b.names[m.Application]; named.Slug != "" && !slices.Contains(b.v.Belongs, named) {
			b.v.Belongs = append(b.v.Belongs, named)
		}
	}
	lineage, err := b.w.Lineage(b.ctx, b.v.ID)
	if err != nil {
		return err
	}
	for _, said := range lineage.Observations {
		var fields struct {
			ReopenedAt time.Time `json:"reopened_at"`
		}
		if json.Unmarshal(said.Fields, &fields) == nil && !fields.ReopenedAt.IsZero() {
			b.v.Reopenings = append(b.v.Reopenings, fields.ReopenedAt.UTC())
		}
	}
	slices.SortFunc(b.v.Reopenings, time.Time.Compare)
	b.v.Reopenings = slices.CompactFunc(b.v.Reopenings, time.Time.Equal)
	return nil
}

func known(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	at = at.UTC()
	return &at
}

// words tells what people said.
func (b *incidentBuilder) words() error {
	links, err := b.w.IncidentLinks(b.ctx, b.v.ID)
	if err != nil {
		return err
	}
	var ids []string
	for _, l := range links {
		ids = append(ids, l.Deployments...)
	}
	names, err := b.deployments(ids)
	if err != nil {
		return err
	}
	for _, l := range links {
		word := Word{At: l.At.UTC(), By: l.By, Reason: l.Reason, Withdrawn: l.Withdrawn, Deployments: []DeploymentName{}}
		for _, id := range l.Deployments {
			word.Deployments = append(word.Deployments, names[id])
		}
		b.v.History = append(b.v.History, word)
	}
	if len(links) > 0 && !links[0].Withdrawn {
		word := b.v.History[0]
		b.v.Link, b.reason = &word, word.Reason
	}
	return nil
}

// deployments names deployments; one that is gone has an id only.
func (b *incidentBuilder) deployments(ids []string) (map[string]DeploymentName, error) {
	facts, err := b.w.EntriesByID(b.ctx, ids)
	names := make(map[string]DeploymentName, len(ids))
	for _, id := range ids {
		names[id] = DeploymentName{ID: id}
		if payload, err := evenkeel.Decode(facts[id].Kind, facts[id].Fields); err == nil {
			if d, ok := payload.(*evenkeel.Deployment); ok {
				names[id] = deploymentName(id, d)
			}
		}
	}
	return names, err
}

func deploymentName(id string, d *evenkeel.Deployment) DeploymentName {
	return DeploymentName{ID: id, Version: cmp.Or(d.Version, short(d.Commit), d.Ref), Environment: d.Environment, FinishedAt: known(d.FinishedAt)}
}

// causes tells what the incident was laid to, by application.
func (b *incidentBuilder) causes() error {
	b.v.Attribution = AttributionOf(b.r, b.v.ID)
	b.v.RecoverySeconds = b.v.Attribution.RecoverySeconds
	var ids []string
	found := map[string]metrics.Attribution{}
	for _, a := range b.r.Catalogue.Applications {
		one, ok := b.r.Derived[a.ID].Attribution(b.v.ID)
		if !ok {
			continue
		}
		found[a.ID] = one
		b.v.Unlinked = b.v.Unlinked || one.Unlinked
		ids = append(ids, one.Deployments...)
		if one.Automatic.Deployment != nil {
			ids = append(ids, *one.Automatic.Deployment)
		}
	}
	names, err := b.deployments(ids)
	if err != nil {
		return err
	}
	for _, a := range b.r.Catalogue.Applications {
		one, ok := found[a.ID]
		if !ok {
			continue
		}
		for _, id := range one.Deployments {
			b.v.Laid = append(b.v.Laid, b.cause(a.ID, names[id], one.Laid))
		}
		if one.Automatic.Deployment != nil {
			b.v.Automatic = append(b.v.Automatic, b.cause(a.ID, names[*one.Automatic.Deployment], one.Automatic))
		}
	}
	nearestFirst(b.v.Laid)
	nearestFirst(b.v.Automatic)
	return nil
}

func (b *incidentBuilder) cause(application string, d DeploymentName, laid metrics.Laid) Cause {
	c := Cause{Application: b.names[application], Deployment: d, Rung: *laid.Rung, Inferred: laid.Inferred}
	if d.FinishedAt != nil && b.v.StartedAt != nil {
		gap := b.v.StartedAt.Sub(*d.FinishedAt).Seconds()
		c.GapSeconds = &gap
	}
	switch c.Rung {
	case metrics.RungPerson:
		c.Evidence = b.reason
	case metrics.RungExplicit:
		c.Evidence = b.v.CausedBy
	}
	return c
}

// nearestFirst orders causes by how late they finished.
func nearestFirst(causes []Cause) {
	slices.SortStableFunc(causes, func(a, b Cause) int {
		return cmp.Or(CompareInstants(b.Deployment.FinishedAt, a.Deployment.FinishedAt), cmp.Compare(a.Deployment.ID, b.Deployment.ID))
	})
}

// CompareInstants orders instants; an unknown one is before all others.
func CompareInstants(a, b *time.Time) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return a.Compare(*b)
}

// candidates lists what may have caused it.
func (b *incidentBuilder) candidates() error {
	applications := b.applications()
	if b.v.StartedAt == nil || len(applications) == 0 {
		return nil
	}
	window := evenkeel.Window{From: b.v.StartedAt.Add(-candidateSpan), To: b.v.StartedAt.Add(time.Microsecond)}
	page, err := b.w.Deployments(b.ctx, evenkeel.Filter{Applications: applications, Window: window, Limit: 5 * maxCandidates})
	if err != nil {
		return err
	}
	b.v.MoreCandidates = page.Next != ""
	listed := map[string]bool{}
	for _, f := range page.Items {
		one, ok := b.candidate(f)
		if !ok || listed[one.ID] {
			continue
		}
		if len(b.v.Candidates) == maxCandidates {
			b.v.MoreCandidates = true
			break
		}
		listed[one.ID] = true
		b.v.Candidates = append(b.v.Candidates, one)
	}
	return nil
}

// applications are the ids of those that the incident belongs to.
func (b *incidentBuilder) applications() []string {
	var ids []string
	for _, m := range b.r.Catalogue.Resolve(b.v.Subject()) {
		if !slices.Contains(ids, m.Application) {
			ids = append(ids, m.Application)
		}
	}
	return ids
}

// candidate describes a deployment that counts.
func (b *incidentBuilder) candidate(f evenkeel.Fact[evenkeel.Deployment]) (Candidate, bool) {
	for _, m := range b.r.Catalogue.Resolve(f.Value.Subject()) {
		outcome, ok := b.r.Derived[m.Application].Outcome(f.ID)
		stands, counted := b.r.Derived[m.Application].StandsFor(f.ID)
		if !ok || !counted || stands != f.ID {
			continue
		}
		return Candidate{
			DeploymentName: deploymentName(f.ID, &f.Value), Application: b.names[m.Application], Changes: outcome.Changes, Rollback: outcome.Rollback,
			GapSeconds: b.v.StartedAt.Sub(f.Value.FinishedAt).Seconds(),
			Linked:     slices.ContainsFunc(b.v.Laid, func(c Cause) bool { return c.Deployment.ID == f.ID }),
		}, true
	}
	return Candidate{}, false
}

// Linkable finds what is wrong with laying an incident to deployments: only
// those that count can be named.
func Linkable(ctx context.Context, w Incidents, r *jobs.Results, deployments []string) error {
	facts, err := w.EntriesByID(ctx, deployments)
	if err != nil {
		return err
	}
	var broken evenkeel.FieldErrors
	for i, id := range deployments {
		fact, ok := facts[id]
		rule := ""
		switch {
		case !ok || fact.Kind != evenkeel.KindDeployment:
			rule = fmt.Sprintf("%.40q is not the id of a deployment here; take one of the candidates of the incident, or of /api/v1/deployments", id)
		case len(r.Catalogue.Resolve(fact.Subject)) == 0:
			rule = id + " belongs to no application; let one claim it first"
		case !counts(r, fact):
			rule = id + " does not count as a deployment, because it did not succeed; failed attempts are never failures of deployments"
		}
		if rule != "" {
			broken = append(broken, evenkeel.FieldError{Field: fmt.Sprintf("deployments[%d]", i), Rule: rule})
		}
	}
	if broken != nil {
		return broken
	}
	return nil
}

func counts(r *jobs.Results, fact evenkeel.Entry) bool {
	return slices.ContainsFunc(r.Catalogue.Resolve(fact.Subject), func(m evenkeel.Match) bool {
		_, counted := r.Derived[m.Application].StandsFor(fact.ID)
		return counted
	})
}
