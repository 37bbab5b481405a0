package server

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// StoryView is a deployment, what it shipped, and what followed it.
type StoryView struct {
	Deployment   DeploymentView  `json:"deployment"`
	Changes      []StoryChange   `json:"changes" nullable:"false" doc:"Changes that reached the environment with it, last merged first"`
	Commits      int             `json:"commits" doc:"Commits that reached the environment with it, without merge commits"`
	Incidents    []StoryIncident `json:"incidents" nullable:"false" doc:"Incidents laid to it, or that started within the failure window after it; last first"`
	Evidence     []StoryEvidence `json:"evidence" nullable:"false" doc:"All that says that it failed, strongest first"`
	RolledBackBy *StoryLink      `json:"rolled_back_by"`
	RollsBack    *StoryLink      `json:"rolls_back"`
	Method       metrics.Method  `json:"method" enum:"ancestry,artifact,pick,rewrite,patch,branch,time,none" doc:"How its changes were found: the least trustworthy method that was needed"`
	// Confidence is empty where the method is none.
	Confidence metrics.Confidence `json:"confidence" enum:"certain,likely,guess," doc:"How sure the method's answer is; empty where the method is none"`
}

// StoryChange is a change that a deployment shipped.
type StoryChange struct {
	ID          string     `json:"id"`
	Repository  string     `json:"repository"`
	Number      int        `json:"number" doc:"0 where it has none"`
	MergedAt    *time.Time `json:"merged_at"`
	LeadSeconds *float64   `json:"lead_seconds" doc:"Null where the change is left out of lead time"`
	RevertOf    string     `json:"revert_of"`
	// Method is how it was found, Confidence how sure that is.
	Method     metrics.Method     `json:"method" enum:"ancestry,artifact,pick,rewrite,patch,branch,time" doc:"How it was found that the deployment ships it"`
	Confidence metrics.Confidence `json:"confidence" enum:"certain,likely,guess" doc:"How sure that is"`
}

// StoryIncident is an incident after a deployment.
type StoryIncident struct {
	ID         string        `json:"id"`
	ExternalID string        `json:"external_id"`
	Severity   string        `json:"severity"`
	OpenedAt   *time.Time    `json:"opened_at"`
	ResolvedAt *time.Time    `json:"resolved_at"`
	Attributed bool          `json:"attributed" doc:"It was laid to this deployment"`
	Rung       *metrics.Rung `json:"rung" doc:"The evidence; null where it was not laid to this deployment"`
}

// StoryEvidence is one thing that says that a deployment failed.
type StoryEvidence struct {
	metrics.FailureEvidence
	Name string `json:"name" doc:"What people call the fact that tells: an incident's id in its source, a version, a change's number"`
}

// evidenceNames names the facts that tell of a failure.
func evidenceNames(evidence []metrics.FailureEvidence, facts map[string]evenkeel.Entry) []StoryEvidence {
	named := make([]StoryEvidence, len(evidence))
	for i, e := range evidence {
		named[i] = StoryEvidence{FailureEvidence: e, Name: facts[e.ID].ExternalID}
		if d, ok := decoded[evenkeel.Deployment](facts[e.ID]); ok {
			named[i].Name = cmp.Or(d.Version, d.Ref, named[i].Name)
		}
		if c, ok := decoded[evenkeel.Change](facts[e.ID]); ok && c.Number > 0 {
			named[i].Name = "#" + strconv.Itoa(c.Number)
		}
	}
	return named
}

// StoryLink names another deployment.
type StoryLink struct {
	ID         string     `json:"id"`
	Version    string     `json:"version"`
	FinishedAt *time.Time `json:"finished_at"`
}

func (s *Server) getStory(ctx context.Context, in *factInput) (*body[StoryView], error) {
	results, facts, err := s.factsAsOf(ctx, in.WorkspaceInput, in.AsOfInput)
	if err != nil {
		return nil, err
	}
	fact, err := facts.Deployment(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	view, err := storyView(ctx, facts, fact, results)
	if err != nil {
		return nil, err
	}
	return answer(view), nil
}

func storyView(ctx context.Context, w Facts, fact evenkeel.Fact[evenkeel.Deployment], r *jobs.Results) (StoryView, error) {
	story, _ := metrics.StoryOf(fact.ID, r.Policy.FailureWindow, partsOf(r, fact.Value.Subject())...)
	shown := deploymentView(r)(fact)
	ids := named(story)
	for _, e := range shown.Outcome.Evidence {
		ids = append(ids, e.ID)
	}
	facts, err := w.EntriesByID(ctx, ids)
	if err != nil {
		return StoryView{}, err
	}
	v := StoryView{
		Deployment: shown, Evidence: evidenceNames(shown.Outcome.Evidence, facts), Commits: story.Commits, Changes: []StoryChange{}, Incidents: []StoryIncident{},
		RolledBackBy: storyLink(facts[story.TakenBackBy]), RollsBack: storyLink(facts[story.TakesBack]), Method: story.Method, Confidence: story.Confidence,
	}
	for _, shipped := range story.Shipped {
		if c, ok := decoded[evenkeel.Change](facts[shipped.Change]); ok {
			v.Changes = append(v.Changes, StoryChange{
				ID: shipped.Change, Repository: c.Repository, Number: c.Number, MergedAt: optional(c.MergedAt), LeadSeconds: shipped.LeadSeconds, RevertOf: c.RevertOf, Method: shipped.Method, Confidence: shipped.Confidence,
			})
		}
	}
	for _, followed := range story.Incidents {
		if i, ok := decoded[evenkeel.Incident](facts[followed.Incident]); ok {
			v.Incidents = append(v.Incidents, StoryIncident{
				ID: followed.Incident, ExternalID: facts[followed.Incident].ExternalID, Severity: i.Severity,
				OpenedAt: optional(i.OpenedAt), ResolvedAt: optional(i.ResolvedAt), Attributed: followed.Attributed, Rung: followed.Rung,
			})
		}
	}
	v.sort()
	return v, nil
}

// sort puts what is last first.
func (v *StoryView) sort() {
	slices.SortFunc(v.Changes, func(a, b StoryChange) int {
		return cmp.Or(views.CompareInstants(b.MergedAt, a.MergedAt), cmp.Compare(a.ID, b.ID))
	})
	slices.SortFunc(v.Incidents, func(a, b StoryIncident) int {
		return cmp.Or(views.CompareInstants(b.OpenedAt, a.OpenedAt), cmp.Compare(a.ID, b.ID))
	})
}

// partsOf are the results of the applications that a subject belongs to.
func partsOf(r *jobs.Results, subject evenkeel.Subject) []metrics.Derived {
	var ids []string
	for _, m := range r.Catalogue.Resolve(subject) {
		if !slices.Contains(ids, m.Application) {
			ids = append(ids, m.Application)
		}
	}
	return r.Of(ids)
}

// named are the ids of all facts that a story names.
func named(story metrics.Story) []string {
	ids := make([]string, 0, len(story.Shipped)+len(story.Incidents)+2)
	for _, shipped := range story.Shipped {
		ids = append(ids, shipped.Change)
	}
	for _, incident := range story.Incidents {
		ids = append(ids, incident.Incident)
	}
	for _, id := range []string{story.TakenBackBy, story.TakesBack} {
		if id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

func storyLink(e evenkeel.Entry) *StoryLink {
	d, ok := decoded[evenkeel.Deployment](e)
	if !ok {
		return nil
	}
	return &StoryLink{ID: e.ID, Version: d.Version, FinishedAt: optional(d.FinishedAt)}
}

// decoded reads the fields of a fact; ok is false where there is none of the kind.
func decoded[T any](e evenkeel.Entry) (value *T, ok bool) {
	payload, err := evenkeel.Decode(e.Kind, e.Fields)
	if err != nil {
		return nil, false
	}
	value, ok = payload.(any).(*T)
	return value, ok
}
