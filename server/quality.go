package server

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/metrics/quality"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// CoverageView is a page of the matrix of applications and signals.
type CoverageView struct {
	Items []views.CoverageRow `json:"items" nullable:"false"`
	Next  *string             `json:"next" doc:"Cursor of the next page; null on the last"`
	// Signals count the applications of group and text, whatever the state.
	Signals      []views.SignalCounts `json:"signals" nullable:"false" doc:"All applications that group and q leave, by signal and state"`
	Applications int                  `json:"applications" doc:"How many they are"`
	Found        int                  `json:"found" doc:"How many of them have the signal in the state; all pages together"`
	At           time.Time            `json:"at" doc:"The instant that states were judged at"`
}

// AnomaliesView is what looks wrong, and how much was looked at.
type AnomaliesView struct {
	Items  []views.DataAnomaly `json:"items" nullable:"false"`
	Next   *string             `json:"next" doc:"Always null: all are answered at once"`
	Looked []views.Looked      `json:"looked" nullable:"false" doc:"How much was looked at, by kind: without data nothing is found, and nothing is said to be right"`
	At     time.Time           `json:"at"`
}

type coverageInput struct {
	WorkspaceInput
	PageInput
	Group      string         `query:"group" doc:"Slug of a group; groups below it are included" maxLength:"63"`
	Query      string         `query:"q" doc:"Only applications whose name or slug contains this, whatever the case" maxLength:"100"`
	Signal     quality.Signal `query:"signal" enum:"deployment,change,commit,incident,build,artifact,work_item,flag_change,evidence,measurement,ownership" doc:"With state: only applications of which this signal is in the state"`
	State      quality.State  `query:"state" enum:"flowing,stale,never,not_expected" doc:"Only applications with a signal in this state"`
	Sort       string         `query:"sort" enum:"name,group,gaps,deployment,change,commit,incident,build,artifact,work_item,flag_change,evidence,measurement,ownership" default:"name" doc:"What the list is ordered by; a signal orders by its state, the worst last"`
	Descending bool           `query:"descending" doc:"Turns the order round"`
}

func (s *Server) getCoverage(ctx context.Context, in *coverageInput) (*body[CoverageView], error) {
	if in.Signal != "" && in.State == "" {
		return nil, evenkeel.FieldErrors{{Field: "state", Rule: "is missing: it says in which state the signal is to be"}}
	}
	c, results, err := s.coverage(ctx, in.WorkspaceInput)
	if err != nil {
		return nil, err
	}
	if in.Group != "" {
		ids, err := results.Applications(jobs.Scope{Group: in.Group})
		if err != nil {
			return nil, err
		}
		c = c.Of(ids)
	}
	c = c.With(in.Query)
	view := CoverageView{Signals: c.Counts(), Applications: len(c.Rows), At: c.Now}
	c = c.In(in.Signal, in.State).Sorted(in.Sort, in.Descending)
	view.Found = len(c.Rows)
	page, err := coveragePage(c.Rows, in.PageInput)
	view.Items, view.Next = page.Items, page.Next
	return answer(view), err
}

// coverageTable is the matrix of a group or of all applications as a file.
func (s *Server) coverageTable(ctx context.Context, in *exportInput, r *jobs.Results) (views.Table, error) {
	if r.Known != nil {
		return views.Table{}, evenkeel.FieldErrors{{Field: "as_of", Rule: "is not for this table: what is missing is asked of the present; leave it out"}}
	}
	ids, err := r.Applications(in.scope())
	if err != nil {
		return views.Table{}, err
	}
	c, _, err := s.coverage(ctx, in.WorkspaceInput)
	return views.CoverageTable(c.Of(ids)), err
}

// coveragePage is one page of rows in their order; the cursor is the slug of
// the last row before.
func coveragePage(rows []views.CoverageRow, in PageInput) (list[views.CoverageRow], error) {
	if in.Cursor != "" {
		at := slices.IndexFunc(rows, func(r views.CoverageRow) bool { return r.Application.Slug == in.Cursor })
		if at < 0 {
			return listOf([]views.CoverageRow{}, ""), evenkeel.FieldErrors{{Field: "cursor", Rule: "this is not the next of a page of this list; begin again without a cursor"}}
		}
		rows = rows[at+1:]
	}
	if len(rows) <= in.Limit {
		return listOf(rows, ""), nil
	}
	return listOf(rows[:in.Limit], rows[in.Limit-1].Application.Slug), nil
}

func (s *Server) getCoverageGroups(ctx context.Context, in *WorkspaceInput) (*body[list[views.CoverageGroup]], error) {
	c, _, err := s.coverage(ctx, *in)
	return answer(listOf(c.Groups(), "")), err
}

// coverages keeps the last matrix of each workspace, for as long as nothing
// changes within its minute. It is safe for concurrent use; the zero value is
// ready.
type coverages struct {
	mu   sync.Mutex
	held map[string]*heldCoverage
}

type heldCoverage struct {
	mu       sync.Mutex
	revision int64
	matrix   views.Coverage
}

func (c *coverages) of(slug string) *heldCoverage {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held == nil {
		c.held = map[string]*heldCoverage{}
	}
	if c.held[slug] == nil {
		c.held[slug] = &heldCoverage{}
	}
	return c.held[slug]
}

// coverage is the matrix of the caller's workspace at present.
func (s *Server) coverage(ctx context.Context, in WorkspaceInput) (views.Coverage, *jobs.Results, error) {
	results, slug, err := s.results(ctx, in)
	if err != nil {
		return views.Coverage{}, nil, err
	}
	now := views.Present(s.Now())
	held := s.coverages.of(slug)
	held.mu.Lock()
	defer held.mu.Unlock()
	if held.revision == results.Revision && held.matrix.Now.Equal(now) {
		return held.matrix, results, nil
	}
	w := s.Workspace(slug)
	flows, err := w.Flows(ctx, history(now))
	if err != nil {
		return views.Coverage{}, nil, err
	}
	series, err := w.Series(ctx, evenkeel.EntryFilter{Kinds: []evenkeel.Kind{evenkeel.KindMeasurement}})
	if err != nil {
		return views.Coverage{}, nil, err
	}
	held.revision, held.matrix = results.Revision, views.NewCoverage(results, flows, series, now)
	return held.matrix, results, nil
}

// history is how far back data is judged.
func history(now time.Time) evenkeel.Window {
	return evenkeel.Window{From: evenkeel.DayOf(now.AddDate(0, 0, -quality.HistoryDays)).Start(), To: now}
}

type chainInput struct {
	WorkspaceInput
	Metric metrics.Metric `query:"metric" required:"true" enum:"deployment_frequency,change_lead_time,change_fail_rate,failed_deployment_recovery_time,deployment_rework_rate" doc:"The figure"`
	ScopeInput
	Environment string `query:"environment" doc:"Name of an environment, or a class; the production class by default" maxLength:"200"`
	From        string `query:"from" doc:"RFC 3339 instant, a date in tz, or a length such as 90d counted back from to" maxLength:"40"`
	To          string `query:"to" doc:"RFC 3339 instant or a date in tz; not included; now by default" maxLength:"40"`
	TimeZone    string `query:"tz" doc:"IANA time zone of dates; the policy's by default" maxLength:"60" example:"Europe/Berlin"`
	AsOfInput
}

func (s *Server) getChain(ctx context.Context, in *chainInput) (*body[views.Chain], error) {
	results, question, err := s.figures(ctx, in.WorkspaceInput, WindowInput{From: in.From, To: in.To, TimeZone: in.TimeZone, AsOfInput: in.AsOfInput})
	if err != nil {
		return nil, err
	}
	question.Scope, question.Environment = in.scope(), in.Environment
	slug := question.Workspace.Slug
	arrived := func(window evenkeel.Window) (evenkeel.Arrived, error) {
		return arrivedIn(ctx, s.Workspace(slug), window)
	}
	trace := func(facts []string, window evenkeel.Window) (evenkeel.Trace, error) {
		return s.factsOf(slug, results).Trace(ctx, facts, window)
	}
	chain, err := views.NewChain(results, question, in.Metric, arrived, trace)
	return answer(chain), err
}

// arrivedIn adds up what arrived through all connections.
func arrivedIn(ctx context.Context, w Workspace, window evenkeel.Window) (sum evenkeel.Arrived, err error) {
	days, err := w.Arrived(ctx, window)
	for _, a := range days {
		sum.Recorded += a.Recorded
		sum.Ignored += a.Ignored
		sum.Rejected += a.Rejected
		sum.Repeats += a.Repeats
	}
	return sum, err
}

func (s *Server) getAnomalies(ctx context.Context, in *WorkspaceInput) (*body[AnomaliesView], error) {
	results, slug, err := s.results(ctx, *in)
	if err != nil {
		return nil, err
	}
	found, looked, now, err := Anomalies(ctx, s.Workspace(slug), results, s.Now())
	return answer(AnomaliesView{Items: orEmpty(found), Looked: looked, At: now}), err
}

// clockDays is how far back clocks and sources are compared.
const clockDays = 14

// Quality is what anomalies are looked for in.
type Quality interface {
	Flows(ctx context.Context, window evenkeel.Window) ([]evenkeel.Flow, error)
	Arrived(ctx context.Context, window evenkeel.Window) ([]evenkeel.Arrived, error)
	Heard(ctx context.Context, since time.Time) ([]evenkeel.Heard, error)
	SharedFacts(ctx context.Context, since time.Time) ([]evenkeel.Shared, error)
	Series(ctx context.Context, f evenkeel.EntryFilter) ([]evenkeel.SeriesInfo, error)
	Unclaimed(ctx context.Context) ([]evenkeel.UnclaimedSubject, error)
	Connections(ctx context.Context) ([]evenkeel.Connection, error)
	Deployments(ctx context.Context, f evenkeel.Filter) (evenkeel.Page[evenkeel.Fact[evenkeel.Deployment]], error)
}

// Anomalies looks for what is wrong with the data of a workspace, and says at
// which instant it looked.
func Anomalies(ctx context.Context, w Quality, r *jobs.Results, present time.Time) ([]views.DataAnomaly, []views.Looked, time.Time, error) {
	now := views.Present(present)
	in := views.AnomalyInput{Results: r, Now: now}
	recently := now.AddDate(0, 0, -clockDays)
	for _, read := range []func() error{
		func() (err error) { in.Connections, err = w.Connections(ctx); return err },
		func() (err error) { in.Flows, err = w.Flows(ctx, history(now)); return err },
		func() (err error) { in.Arrived, err = w.Arrived(ctx, history(now)); return err },
		func() (err error) { in.Heard, err = w.Heard(ctx, recently); return err },
		func() (err error) { in.Shared, err = w.SharedFacts(ctx, recently); return err },
		func() (err error) { in.Unclaimed, err = w.Unclaimed(ctx); return err },
		func() (err error) { in.Told, err = told(ctx, w, in.Flows, now); return err },
	} {
		if err := read(); err != nil {
			return nil, nil, now, fmt.Errorf("anomalies: %w", err)
		}
	}
	found, looked := views.FindAnomalies(in)
	return found, looked, now, nil
}

// maxTold is how many deployments are compared for an answer.
const maxTold = 20_000

// told reads the successful deployments of the last 90 days of applications
// with several sources of deployments.
func told(ctx context.Context, w Quality, flows []evenkeel.Flow, now time.Time) ([]quality.Told, error) {
	var list []quality.Told
	for _, id := range severalSources(flows) {
		f := evenkeel.Filter{Applications: []string{id}, Window: evenkeel.Window{From: now.AddDate(0, 0, -quality.RecentDays), To: now}, Limit: 500}
		for len(list) < maxTold {
			page, err := w.Deployments(ctx, f)
			if err != nil {
				return nil, err
			}
			for _, d := range page.Items {
				if one, ok := toldOf(id, d); ok {
					list = append(list, one)
				}
			}
			if f.Cursor = page.Next; f.Cursor == "" {
				break
			}
		}
	}
	return list, nil
}

// severalSources lists the applications, by id, of which several sources tell
// deployments.
func severalSources(flows []evenkeel.Flow) []string {
	sources := map[string]map[string]bool{}
	for _, f := range flows {
		if f.Kind != evenkeel.KindDeployment {
			continue
		}
		for _, id := range f.Applications {
			if sources[id] == nil {
				sources[id] = map[string]bool{}
			}
			sources[id][f.Source] = true
		}
	}
	var several []string
	for id, of := range sources {
		if len(of) > 1 {
			several = append(several, id)
		}
	}
	slices.Sort(several)
	return several
}

// toldOf is a deployment that counts and of which it is known what it deployed.
func toldOf(application string, d evenkeel.Fact[evenkeel.Deployment]) (quality.Told, bool) {
	revision := d.Value.Commit
	if revision == "" {
		revision = d.Value.Artifact
	}
	t := quality.Told{
		ID: d.ID, Source: d.Source, Application: application, Environment: d.Value.Environment,
		Revision: strings.ToLower(revision), Group: d.Value.Group, At: d.Value.FinishedAt,
	}
	return t, d.Value.Status == evenkeel.StatusSuccess && revision != "" && !t.At.IsZero()
}
