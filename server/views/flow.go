package views

import (
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// ValueStream is where the changes of one scope and window spent their time.
type ValueStream struct {
	Answered
	metrics.Flow
	WIP     FlowWIP      `json:"wip"`
	Points  []FlowPoint  `json:"points" nullable:"false"`
	Longest []FlowChange `json:"longest" nullable:"false"`
	Groups  []FlowGroup  `json:"groups" nullable:"false"`
}

// Answered says what an answer is about and what it rests on.
type Answered struct {
	Scope       Scope           `json:"scope"`
	Window      evenkeel.Window `json:"window"`
	Environment string          `json:"environment"`
	TimeZone    string          `json:"time_zone"`
	// AsOf is the instant up to which facts were counted.
	AsOf time.Time `json:"as_of"`
	// Revision is the store's revision the figures were computed at.
	Revision int64 `json:"revision"`
}

func answered(r *jobs.Results, q Question, query metrics.Query) Answered {
	return Answered{
		Scope: scopeOf(r.Catalogue, q), Window: query.Window, Environment: environment(q.Environment), TimeZone: query.Policy.TimeZone,
		AsOf: query.AsOf.UTC(), Revision: r.Revision,
	}
}

// Answer says what an answer to a question is about.
func Answer(r *jobs.Results, q Question) (Answered, error) {
	query, _, err := q.prepare(r)
	return answered(r, q, query), err
}

// FlowWIP is the work in progress at the end of the window.
type FlowWIP struct {
	At     time.Time  `json:"at"`
	N      int        `json:"n"`
	Median *float64   `json:"age_median_seconds"`
	P85    *float64   `json:"age_p85_seconds"`
	Oldest []FlowOpen `json:"oldest" nullable:"false"`
}

// FlowOpen is a change in progress and the stage it is in.
type FlowOpen struct {
	ID          string  `json:"id"`
	Repository  string  `json:"repository"`
	Number      *int    `json:"number"`
	Application Named   `json:"application"`
	Stage       string  `json:"stage" enum:"coding,pickup,review,merge_wait,deploy"`
	Age         float64 `json:"age_seconds"`
}

// FlowPoint is one change of the scatter chart.
type FlowPoint struct {
	ID          string         `json:"id"`
	Application Named          `json:"application"`
	Tier        *evenkeel.Tier `json:"tier"`
	At          time.Time      `json:"at"`
	Lead        float64        `json:"lead_seconds"`
}

// FlowChange is a shipped change and where it spent its time.
type FlowChange struct {
	ID           string         `json:"id"`
	Repository   string         `json:"repository"`
	Number       *int           `json:"number"`
	Application  Named          `json:"application"`
	Group        *Named         `json:"group"`
	Total        float64        `json:"total_seconds"`
	Stage        *string        `json:"longest_stage"`
	StageSeconds *float64       `json:"longest_seconds"`
	Rounds       *int           `json:"review_rounds"`
	Size         *evenkeel.Size `json:"size"`
	Others       int            `json:"with_others"`
	Deployment   string         `json:"deployment"`
	DeployedAt   time.Time      `json:"deployed_at"`
}

// FlowGroup is one of the small multiples.
type FlowGroup struct {
	Named
	N          int              `json:"n"`
	Lead       *float64         `json:"lead_median_seconds"`
	Efficiency *float64         `json:"efficiency"`
	Stages     []FlowGroupStage `json:"stages" nullable:"false"`
}

// FlowGroupStage is one stage of a group's changes.
type FlowGroupStage struct {
	Stage  string   `json:"stage"`
	Median *float64 `json:"median_seconds"`
	Share  *float64 `json:"share"`
}

// ChangesByID reads changes by their ids; what is not there is left out.
type ChangesByID func(ids []string) (map[string]evenkeel.Change, error)

// NewValueStream answers where changes wait. changes reads the few changes
// that the answer names.
func NewValueStream(r *jobs.Results, q Question, changes ChangesByID) (ValueStream, error) {
	parts, err := r.Parts(q.Scope)
	if err != nil {
		return ValueStream{}, err
	}
	query, _, err := q.prepare(r)
	if err != nil {
		return ValueStream{}, err
	}
	view := ValueStream{Answered: answered(r, q, query)}
	view.Flow = metrics.FlowOf(query, openParts(r, q.Scope, parts, query), parts...)
	var ids []string
	for _, o := range view.Flow.WIP.Oldest {
		ids = append(ids, o.ID)
	}
	for _, l := range view.Flow.Longest {
		ids = append(ids, l.ID)
	}
	known, err := changes(ids)
	if err != nil {
		return ValueStream{}, err
	}
	names := namesByID(r.Catalogue)
	view.WIP = flowWIP(view.Flow.WIP, names, known)
	view.Points = flowPoints(view.Flow.Points, names)
	view.Longest = flowChanges(view.Flow.Longest, names, known)
	view.Groups = flowGroups(r, q, query)
	return view, nil
}

// openParts are the results whose work in progress is asked for: all of the
// applications that the group owned at the end of the window, however long it
// had owned them.
func openParts(r *jobs.Results, s jobs.Scope, parts []metrics.Derived, query metrics.Query) []metrics.Derived {
	if s.Group == "" || s.Today {
		return parts
	}
	end := query.Window.To
	if query.AsOf.Before(end) {
		end = query.AsOf
	}
	groups := r.Catalogue.Descendants(s.Group)
	var open []metrics.Derived
	for _, a := range r.Catalogue.Applications {
		owned := slices.ContainsFunc(a.OwnedBy(groups), func(w evenkeel.Window) bool {
			return !end.Before(w.From) && (w.To.IsZero() || end.Before(w.To) || end.Equal(w.To))
		})
		if d, ok := r.Derived[a.ID]; ok && owned {
			open = append(open, d)
		}
	}
	return open
}

// application is what pages show of an application.
type application struct {
	Named
	tier  *evenkeel.Tier
	group *Named
}

func namesByID(c evenkeel.Catalogue) map[string]application {
	groups := make(map[string]*Named, len(c.Groups))
	for _, g := range c.Groups {
		groups[g.Slug] = &Named{Slug: g.Slug, Name: g.Name}
	}
	names := make(map[string]application, len(c.Applications))
	for _, a := range c.Applications {
		one := application{Named: Named{Slug: a.Slug, Name: a.Name}, group: groups[a.Group]}
		if a.Tier != 0 {
			one.tier = &a.Tier
		}
		names[a.ID] = one
	}
	return names
}

func numberOf(c evenkeel.Change) *int {
	if c.Number == 0 {
		return nil
	}
	return &c.Number
}

func flowWIP(w metrics.InProgress, names map[string]application, known map[string]evenkeel.Change) FlowWIP {
	view := FlowWIP{At: w.At, N: w.N, Median: w.Median, P85: w.P85, Oldest: []FlowOpen{}}
	for _, o := range w.Oldest {
		c := known[o.ID]
		view.Oldest = append(view.Oldest, FlowOpen{
			ID: o.ID, Repository: c.Repository, Number: numberOf(c), Application: names[o.Application].Named, Stage: metrics.StageAt(&c, w.At), Age: o.Age,
		})
	}
	return view
}

func flowPoints(points []metrics.FlowPoint, names map[string]application) []FlowPoint {
	list := make([]FlowPoint, len(points))
	for i, p := range points {
		list[i] = FlowPoint{ID: p.ID, Application: names[p.Application].Named, Tier: names[p.Application].tier, At: p.At, Lead: p.Lead}
	}
	return list
}

func flowChanges(longest []metrics.LongChange, names map[string]application, known map[string]evenkeel.Change) []FlowChange {
	list := make([]FlowChange, len(longest))
	for i, l := range longest {
		c, ok := known[l.ID]
		list[i] = FlowChange{
			ID: l.ID, Repository: c.Repository, Number: numberOf(c), Application: names[l.Application].Named, Group: names[l.Application].group,
			Total: l.Total, StageSeconds: l.StageSeconds, Size: c.Size, Others: l.Others, Deployment: l.Deployment, DeployedAt: l.DeployedAt,
		}
		if l.Stage != "" {
			list[i].Stage = &l.Stage
		}
		if rounds := metrics.ReviewRounds(&c); ok && rounds >= 0 {
			list[i].Rounds = &rounds
		}
	}
	return list
}

// flowGroups answers for the groups directly below the one asked for, or for
// the uppermost ones. Where there is one that only holds others, those count
// as uppermost.
func flowGroups(r *jobs.Results, q Question, query metrics.Query) []FlowGroup {
	if q.Application != "" || q.Capability != "" {
		return []FlowGroup{}
	}
	below := groupsBelow(r.Catalogue, q.Group)
	list := make([]FlowGroup, len(below))
	parallel(len(below), func(i int) {
		list[i] = flowGroup(metrics.FlowOf(query, nil, r.Held(r.Catalogue.Descendants(below[i].Slug), q.Today)...), below[i])
	})
	return slices.DeleteFunc(list, func(g FlowGroup) bool { return g.Slug == "" })
}

func groupsBelow(c evenkeel.Catalogue, parent string) []evenkeel.Group {
	var below []evenkeel.Group
	for _, g := range c.Groups {
		if g.Parent == parent && len(c.Owned(g.Slug)) > 0 {
			below = append(below, g)
		}
	}
	holds := func(a evenkeel.Application) bool { return a.Group == below[0].Slug }
	if len(below) == 1 && parent == "" && !slices.ContainsFunc(c.Applications, holds) {
		return groupsBelow(c, below[0].Slug)
	}
	return below
}

func flowGroup(f metrics.Flow, g evenkeel.Group) FlowGroup {
	view := FlowGroup{Named: Named{Slug: g.Slug, Name: g.Name}, N: f.Lead.N, Lead: f.Lead.P50, Efficiency: f.Efficiency.Value}
	for _, s := range f.Stages {
		view.Stages = append(view.Stages, FlowGroupStage{Stage: s.Stage, Median: s.Median, Share: s.Share})
	}
	return view
}

// FlowChanges lists changes of the window by their lead time or by one stage,
// the longest first, from a place on; more says that there are others.
func FlowChanges(r *jobs.Results, q Question, stage string, from, limit int, changes ChangesByID) (list []FlowChange, more bool, err error) {
	parts, err := r.Parts(q.Scope)
	if err != nil {
		return nil, false, err
	}
	query, _, err := q.prepare(r)
	if err != nil {
		return nil, false, err
	}
	longest, more := metrics.Longest(query, stage, from, limit, parts...)
	ids := make([]string, len(longest))
	for i, l := range longest {
		ids[i] = l.ID
	}
	known, err := changes(ids)
	return flowChanges(longest, namesByID(r.Catalogue), known), more, err
}
