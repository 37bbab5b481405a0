package budgets

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// Incidents are what is read of the incidents of a workspace.
type Incidents interface {
	// StoodSince tells the incidents that revisions after one changed, StoodAt all
	// that were known.
	StoodSince(ctx context.Context, after, catalogue int64, reopened []string) (evenkeel.StoodDelta, error)
	StoodAt(ctx context.Context, known evenkeel.Known) (evenkeel.StoodDelta, error)
	Catalogue(ctx context.Context) (evenkeel.Catalogue, int64, error)
	CatalogueAt(ctx context.Context, revision int64) (evenkeel.Catalogue, error)
	Policy(ctx context.Context) (evenkeel.Policy, error)
	Known(ctx context.Context, at time.Time) (evenkeel.Known, error)
	// ActivityOf and ActivityAt say since when anything is known of applications.
	ActivityOf(ctx context.Context, applications []string) (map[string]evenkeel.Activity, error)
	ActivityAt(ctx context.Context, revision int64) (map[string]evenkeel.Activity, error)
	// ConnectionSpans tell when there were connections, removed ones among them.
	ConnectionSpans(ctx context.Context) ([]evenkeel.ConnectionSpan, error)
}

// reports are the incidents of a workspace, to measure by.
type reports struct {
	at        time.Time
	incidents map[string]evenkeel.StoodIncident
	// ids are those of applications by slug.
	ids      map[string]string
	activity map[string]evenkeel.Activity
	// since is from when on a source reports incidents; zero if none does. until
	// is when the last that did was removed; zero while there is one.
	since, until time.Time
	class        func(environment string) evenkeel.EnvironmentClass
}

// followed are incidents while they are followed from revision to revision.
type followed struct {
	revision, catalogue int64
	incidents           map[string]evenkeel.StoodIncident
}

// follow takes in what became known since.
func (f *followed) follow(ctx context.Context, w Incidents) error {
	var reopened []string
	for id, one := range f.incidents {
		if !one.Value.ReopenedAt.IsZero() {
			reopened = append(reopened, id)
		}
	}
	delta, err := w.StoodSince(ctx, f.revision, f.catalogue, reopened)
	if err != nil {
		return err
	}
	if delta.Whole || f.incidents == nil {
		f.incidents = make(map[string]evenkeel.StoodIncident, len(delta.Incidents))
	}
	for _, one := range delta.Incidents {
		f.incidents[one.ID] = one
	}
	for _, id := range delta.Gone {
		delete(f.incidents, id)
	}
	f.revision, f.catalogue = delta.Revision, delta.Catalogue
	return nil
}

// reports are those of the present, of applications by their slugs.
func (f *followed) reports(ctx context.Context, w Incidents, at time.Time, slugs []string) (*reports, error) {
	if err := f.follow(ctx, w); err != nil {
		return nil, err
	}
	policy, err := w.Policy(ctx)
	if err != nil {
		return nil, err
	}
	catalogue, _, err := w.Catalogue(ctx)
	if err != nil {
		return nil, err
	}
	r := newReports(catalogue, policy, at)
	r.incidents = f.incidents
	var applications []string
	for _, slug := range slugs {
		if id := r.ids[slug]; id != "" {
			applications = append(applications, id)
		}
	}
	if r.activity, err = w.ActivityOf(ctx, applications); err != nil {
		return nil, err
	}
	return r, r.begin(ctx, w)
}

// reportsThen are those that were known at an instant.
func reportsThen(ctx context.Context, w Incidents, revision int64, at time.Time) (*reports, error) {
	known, err := w.Known(ctx, at)
	if err != nil {
		return nil, err
	}
	catalogue, err := w.CatalogueAt(ctx, revision)
	if err != nil {
		return nil, err
	}
	r := newReports(catalogue, known.Policy, at)
	known.Revision = revision
	delta, err := w.StoodAt(ctx, known)
	if err != nil {
		return nil, err
	}
	for _, one := range delta.Incidents {
		r.incidents[one.ID] = one
	}
	if r.activity, err = w.ActivityAt(ctx, revision); err != nil {
		return nil, err
	}
	return r, r.begin(ctx, w)
}

func newReports(c evenkeel.Catalogue, p evenkeel.Policy, at time.Time) *reports {
	r := &reports{at: at, incidents: map[string]evenkeel.StoodIncident{}, ids: map[string]string{}, class: p.Class}
	for _, a := range c.Applications {
		r.ids[a.Slug] = a.ID
	}
	return r
}

// begin finds from when on incidents are reported, since the first of them or
// since there was a connection to a source that has reported one, and whether all
// connections of all such sources were removed.
func (r *reports) begin(ctx context.Context, w Incidents) error {
	all, err := w.ConnectionSpans(ctx)
	if err != nil {
		return err
	}
	spans := map[string][]evenkeel.ConnectionSpan{}
	for _, one := range all {
		if !one.From.After(r.at) {
			spans[one.Source] = append(spans[one.Source], one)
		}
	}
	sources, ended := map[string]bool{}, true
	for _, one := range r.incidents {
		if len(one.Stood) == 0 {
			continue
		}
		r.reported(one.Stood[0].From)
		source, _, _ := strings.Cut(one.Source, ":")
		sources[source] = true
	}
	for source := range sources {
		last, open := lastOf(spans[source], r.at)
		if ended = ended && !open; last.After(r.until) {
			r.until = last
		}
		for _, one := range spans[source] {
			r.reported(one.From)
		}
	}
	if !ended {
		r.until = time.Time{}
	}
	return nil
}

// reported notes an instant at which a source reports incidents.
func (r *reports) reported(at time.Time) {
	if r.since.IsZero() || at.Before(r.since) {
		r.since = at
	}
}

// lastOf is when the last connection of a source was removed; it is open while
// there is one, and where there never was: its incidents are sent.
func lastOf(spans []evenkeel.ConnectionSpan, at time.Time) (last time.Time, open bool) {
	for _, one := range spans {
		if open = open || one.Until.IsZero() || one.Until.After(at); one.Until.After(last) {
			last = one.Until
		}
	}
	return last, open || len(spans) == 0
}

// outages are the incidents that a budget is measured by.
type outages struct {
	list    []slo.Outage
	known   evenkeel.Window
	minutes *slo.IncidentMinutes
	// why says why nothing is known of incidents, or nothing more; nothing if it is.
	why slo.Said
}

// of are the incidents that an objective of a level is measured by.
func (r *reports) of(l *Level, o slo.Objective) *outages {
	d, one := l.Definition, &outages{}
	id := r.ids[d.Service]
	first := r.activity[id].FirstAt
	switch {
	case id == "":
		one.why = slo.Say("no_application", fmt.Sprintf("the catalogue has no application %q, so that no incidents are known to be its own", d.Service), "name", d.Service)
	case r.since.IsZero():
		one.why = slo.Say("no_incidents", "no source has reported an incident yet: connect one that does, or send incidents as events")
	case first.IsZero():
		one.why = slo.Say("quiet_application", fmt.Sprintf("nothing is known of the application %q yet", d.Service), "name", d.Service)
	default:
		one.known = evenkeel.Window{From: r.since, To: r.at.Add(-d.Delay)}
		if first.After(r.since) {
			one.known.From = first
		}
		if !r.until.IsZero() && r.until.Before(one.known.To) {
			one.known.To = r.until
			ended := r.until.UTC().Format(time.RFC3339)
			one.why = slo.Say("incidents_ended", "no source reports incidents since the last connection to one was removed at "+ended+": connect one, or send incidents as events", "ended", ended)
		}
	}
	for _, incident := range r.incidents {
		if i := incident.Value; slices.Contains(incident.Applications, id) && o.In(d).Incidents.Counts(i.Severity) && i.Concerns(d.Environment, r.class) {
			one.list = append(one.list, slo.Outage{Cause: causeOf(incident), Stood: incident.Stood})
		}
	}
	one.minutes = slo.MinutesOf(d, o, one.list, one.known)
	return one
}

func causeOf(incident evenkeel.StoodIncident) slo.Cause {
	i := incident.Value
	return slo.Cause{
		Kind: slo.CauseIncident, ID: incident.ID, Title: strings.TrimSpace(cmp.Or(incident.ExternalID, incident.ID) + " " + i.Severity),
		At: i.Began(), Until: i.Restored(), Environment: i.Environment,
	}
}

// byIncidents says that some objective of a level is measured by incidents.
func (l *Level) byIncidents() bool {
	return slices.ContainsFunc(l.Definition.Objectives, func(o slo.Objective) bool { return o.In(l.Definition).Incidents != nil })
}

// ByIncidents says that the budget is measured by incidents, not by a series.
func (b *Budget) ByIncidents() bool { return b.outages != nil }

// Since is from when on something is measured; zero if nothing is.
func (b *Budget) Since() time.Time {
	if b.outages != nil {
		return b.outages.known.From
	}
	return b.Series.FirstAt
}
