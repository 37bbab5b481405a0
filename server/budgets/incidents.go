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
	// IncidentsTold tell when what was said of incidents, all of it of those of one
	// application.
	IncidentsTold(ctx context.Context, known evenkeel.Known, application string) ([]evenkeel.ToldIncident, error)
}

// reports are the incidents of a workspace, to measure by.
type reports struct {
	*sources
	incidents map[string]evenkeel.StoodIncident
	// ids are those of applications by slug.
	ids      map[string]string
	activity map[string]evenkeel.Activity
	// reported says that a source ever reported an incident, and known are the times
	// in which one did, apart and in order.
	reported bool
	known    []evenkeel.Window
	// removed is when the last connection to a source that reports any was removed;
	// zero while there is one, and where a source sends them without.
	removed time.Time
}

// sources are those that have reported incidents. They do not change.
type sources struct {
	at time.Time
	// spans are when there were connections, by source.
	spans map[string][]evenkeel.ConnectionSpan
	// incidents are all that began.
	begun []began
	class func(environment string) evenkeel.EnvironmentClass
}

// began is when an incident of a source began.
type began struct {
	id, source string
	at         time.Time
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
	r := &reports{sources: &sources{at: at, class: p.Class}, incidents: map[string]evenkeel.StoodIncident{}, ids: map[string]string{}}
	for _, a := range c.Applications {
		r.ids[a.Slug] = a.ID
	}
	return r
}

// begin finds the times in which a source that has reported an incident told of
// them, and whether all connections of all such sources were removed.
func (r *reports) begin(ctx context.Context, w Incidents) error {
	all, err := w.ConnectionSpans(ctx)
	if err != nil {
		return err
	}
	for id, one := range r.incidents {
		if len(one.Stood) > 0 {
			r.begun = append(r.begun, began{id, sourceOf(one.Source), one.Stood[0].From})
		}
	}
	r.spans = map[string][]evenkeel.ConnectionSpan{}
	for _, one := range all {
		if !one.From.After(r.at) {
			r.spans[one.Source] = append(r.spans[one.Source], one)
		}
	}
	firsts, gone := r.firsts(), true
	r.reported, r.known = len(firsts) > 0, r.toldIn(firsts, r.at)
	for source := range firsts {
		gone = gone && len(r.spans[source]) > 0
		for _, one := range r.spans[source] {
			if one.Until.IsZero() || one.Until.After(r.at) {
				gone = false
			} else if one.Until.After(r.removed) {
				r.removed = one.Until
			}
		}
	}
	if !gone {
		r.removed = time.Time{}
	}
	return nil
}

// toldIn are the times of which it is known, at an instant, whether sources have
// reported incidents, given when the first of each began. Before its first
// connection, and where there never was one, its incidents are sent, since the
// first of them.
func (s *sources) toldIn(firsts map[string]time.Time, at time.Time) (known []evenkeel.Window) {
	for source, first := range firsts {
		sent := evenkeel.Window{From: first, To: at}
		for _, one := range s.spans[source] {
			known = append(known, one.Known(at)...)
			if one.From.Before(sent.To) {
				sent.To = one.From
			}
		}
		if sent.From.Before(sent.To) {
			known = append(known, sent)
		}
	}
	return slo.Joined(known)
}

// firsts are when the first incident of each source began.
func (s *sources) firsts() map[string]time.Time {
	firsts := map[string]time.Time{}
	for _, one := range s.begun {
		if first, has := firsts[one.source]; !has || one.at.Before(first) {
			firsts[one.source] = one.at
		}
	}
	return firsts
}

// sourceOf is the source of an incident without the part that told of it.
func sourceOf(told string) string {
	source, _, _ := strings.Cut(told, ":")
	return source
}

// within are times from one instant to another.
func within(all []evenkeel.Window, from, to time.Time) (list []evenkeel.Window) {
	for _, w := range all {
		if w.From.Before(from) {
			w.From = from
		}
		if w.To.After(to) {
			w.To = to
		}
		if w.From.Before(w.To) {
			list = append(list, w)
		}
	}
	return list
}

// ended says why nothing more is known of incidents; nothing where something is up
// to an instant.
func (r *reports) ended(to time.Time) slo.Said {
	n := len(r.known)
	if n > 0 && !r.known[n-1].To.Before(to) {
		return slo.Said{}
	}
	if !r.removed.IsZero() {
		ended := r.removed.UTC().Format(time.RFC3339)
		return slo.Say("incidents_ended", "no source reports incidents since the last connection to one was removed at "+ended+": connect one, or send incidents as events", "ended", ended)
	}
	if n == 0 {
		return slo.Say("incidents_never_read", "the sources of incidents were not read to their end yet: their connections say why")
	}
	read := r.known[n-1].To.UTC().Format(time.RFC3339)
	return slo.Say("incidents_unread", "the sources of incidents were last read at "+read+": their connections say why", "read", read)
}

// outages are the incidents that a budget is measured by.
type outages struct {
	list    []slo.Outage
	known   []evenkeel.Window
	minutes *slo.IncidentMinutes
	// sources are those of the workspace, application is the id of the level's, and
	// from is when anything is known of it.
	sources     *sources
	application string
	from        time.Time
	// why says why nothing is known of incidents, or nothing more; nothing if it is.
	why slo.Said
}

// of are the incidents that an objective of a level is measured by.
func (r *reports) of(l *Level, o slo.Objective) *outages {
	d, id := l.Definition, r.ids[l.Definition.Service]
	mine := r.incidentsOf(id)
	first := since(r.activity[id].FirstAt, mine)
	one := &outages{sources: r.sources, application: id, from: first}
	switch {
	case id == "":
		one.why = slo.Say("no_application", fmt.Sprintf("the catalogue has no application %q, so that no incidents are known to be its own", d.Service), "name", d.Service)
	case !r.reported:
		one.why = slo.Say("no_incidents", "no source has reported an incident yet: connect one that does, or send incidents as events")
	case first.IsZero():
		one.why = slo.Say("quiet_application", fmt.Sprintf("nothing is known of the application %q yet", d.Service), "name", d.Service)
	default:
		to := r.at.Add(-d.Delay)
		one.known = within(r.known, first, to)
		one.why = r.ended(to)
	}
	for _, incident := range mine {
		if r.counts(d, o, &incident.Value) {
			one.list = append(one.list, slo.Outage{Cause: causeOf(incident), Stood: incident.Stood})
		}
	}
	one.minutes = slo.MinutesOf(d, o, one.list, one.known...)
	return one
}

// incidentsOf are those of an application.
func (r *reports) incidentsOf(application string) (list []evenkeel.StoodIncident) {
	for _, incident := range r.incidents {
		if slices.Contains(incident.Applications, application) {
			list = append(list, incident)
		}
	}
	return list
}

// since is from when on something is known of an application: its first fact, or an
// incident that stood before it was opened. Zero if nothing is.
func since(first time.Time, list []evenkeel.StoodIncident) time.Time {
	for _, incident := range list {
		if len(incident.Stood) > 0 && incident.Stood[0].From.Before(first) {
			first = incident.Stood[0].From
		}
	}
	return first
}

// counts says whether an incident is one of those that an objective is measured
// by.
func (s *sources) counts(d slo.Definition, o slo.Objective, i *evenkeel.Incident) bool {
	return o.In(d).Incidents.Counts(i.Severity) && i.Concerns(d.Environment, s.class)
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
	switch {
	case b.outages == nil:
		return b.Series.FirstAt
	case len(b.outages.known) > 0:
		return b.outages.known[0].From
	}
	return time.Time{}
}
