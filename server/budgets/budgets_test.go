package budgets_test

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/server/measure"
	"github.com/evenkeel-dev/evenkeel/slo"
	"github.com/evenkeel-dev/evenkeel/slo/openslo"
	"github.com/evenkeel-dev/evenkeel/store"
)

// TestBudgetsSayWhatIsSaidByHand lets a workspace live at random: measurements
// that are late, corrected, repeated and out of order, documents of all kinds
// that change, corrections that come and go. After every step the book that is
// kept, the one that is read anew, and what all slices come to by hand are the
// same, and what was known before has not changed.
func TestBudgetsSayWhatIsSaidByHand(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s site) {
		run := 0
		rapid.Check(t, func(rt *rapid.T) {
			run++
			s.clock.Store(&noon)
			slug := fmt.Sprint("life-", run)
			l := &life{rt: rt, ctx: t.Context(), site: s, slug: slug, w: s.workspace(t, slug)}
			if _, err := l.w.RegisterApplication(l.ctx, evenkeel.Application{Slug: "shop"}); err != nil {
				t.Fatal(err)
			}
			l.define()
			for n := range rapid.IntRange(1, 8).Draw(rt, "steps") {
				l.step(n)
				l.check()
			}
			l.remember()
		})
	})
}

// life is one run of a workspace.
type life struct {
	site

	rt   *rapid.T
	ctx  context.Context //nolint:containedctx // That of the test.
	slug string
	w    *store.Workspace
	// corrections are ids of those that hold.
	corrections []string
	// said are the books of every revision and instant.
	said []*budgets.Book
}

func (l *life) step(n int) {
	switch rapid.SampledFrom([]string{"measure", "measure", "measure", "incident", "incident", "define", "correct", "withdraw", "retire", "pass"}).Draw(l.rt, "step") {
	case "measure":
		l.measure(n)
	case "incident":
		l.incident()
	case "define":
		l.define()
	case "correct":
		l.correct()
	case "withdraw":
		if len(l.corrections) > 0 {
			l.withdraw()
		}
	case "retire":
		if _, err := l.w.RetireServiceLevel(l.ctx, "a", "test"); err != nil && !isNotFound(err) {
			l.rt.Fatal(err)
		}
	case "pass":
		l.pass(time.Duration(rapid.IntRange(1, 40*60).Draw(l.rt, "minutes")) * time.Minute)
	}
}

func (l *life) define() {
	s := shape{
		environment: rapid.SampledFrom([]string{"", "production"}).Draw(l.rt, "environment"),
		missing:     rapid.SampledFrom([]string{"exclude", "good", "bad", "hold"}).Draw(l.rt, "missing"),
		groupBy:     rapid.SampledFrom([]string{"", "region"}).Draw(l.rt, "group by"),
		method:      rapid.SampledFrom([]string{"Occurrences", "Timeslices", "RatioTimeslices"}).Draw(l.rt, "method"),
		window: rapid.SampledFrom([]string{
			"{duration: 1d, isRolling: true}", "{duration: 4d, isRolling: true}",
			"{duration: 1d, isRolling: false, calendar: {startTime: 2026-01-01 00:00:00, timeZone: Europe/Berlin}}",
		}).Draw(l.rt, "window"),
		composite: rapid.SampledFrom([]string{"", "", "weighted", "worst", "serial", "openslo"}).Draw(l.rt, "composite"),
		counter:   rapid.Bool().Draw(l.rt, "counter"),
		target:    rapid.SampledFrom([]string{"0.9", "0.99"}).Draw(l.rt, "target"),
	}
	s.incidents = rapid.IntRange(0, 2).Draw(l.rt, "incidents") == 0
	if s.incidents {
		s.groupBy, s.counter = "", false
	}
	s.threshold = !s.incidents && s.composite == "" && rapid.IntRange(0, 3).Draw(l.rt, "threshold") == 0
	id := rapid.SampledFrom([]string{"a", "b"}).Draw(l.rt, "id")
	save(l.ctx, l.rt, l.w, id, s.document(id))
}

// incident says something of one of a few incidents, at an instant of its own:
// that it is open, is over, is open again, or never was.
func (l *life) incident() {
	l.pass(time.Second)
	ago := func(label string) time.Time {
		return l.now().Add(-time.Duration(rapid.IntRange(0, 6000*60).Draw(l.rt, label)) * time.Second)
	}
	i := &evenkeel.Incident{
		Application: "shop", Severity: rapid.SampledFrom([]string{"", "sev1", "sev3"}).Draw(l.rt, "severity"),
		Environment: rapid.SampledFrom([]string{"", "production", "prod-eu", "staging"}).Draw(l.rt, "where"),
	}
	e := evenkeel.Event{Kind: evenkeel.KindIncident, ID: rapid.SampledFrom([]string{"1", "2", "3"}).Draw(l.rt, "incident"), Source: "pager", ObservedAt: ago("observed"), Payload: i}
	switch rapid.SampledFrom([]string{"open", "open", "over", "again", "never"}).Draw(l.rt, "what") {
	case "open":
		i.OpenedAt = ago("opened")
	case "over":
		i.ResolvedAt = ago("resolved")
	case "again":
		i.ReopenedAt, e.Cleared = ago("reopened"), []string{"resolved_at"}
	case "never":
		e.Deleted = true
	}
	record(l.ctx, l.rt, l.w, e)
}

// stood are minutes of incidents, each looked at by itself. They are known since
// the first incident.
func (l *life) stood(d slo.Definition, o slo.Objective) slo.Tallies {
	delta, err := l.w.StoodSince(l.ctx, 0, 0, nil)
	if err != nil {
		l.rt.Fatal(err)
	}
	class := evenkeel.DefaultPolicy().Class
	first, counted := time.Time{}, []evenkeel.Window{}
	for _, one := range delta.Incidents {
		if len(one.Stood) > 0 && (first.IsZero() || one.Stood[0].From.Before(first)) {
			first = one.Stood[0].From
		}
		if i := one.Value; (len(o.In(d).Incidents.Severities) == 0 || i.Severity != "sev3") && i.Concerns(d.Environment, class) {
			counted = append(counted, one.Stood...)
		}
	}
	from := d.Window.At(l.now()).From.Add(-100 * time.Hour).Truncate(24 * time.Hour)
	var list []evenkeel.Slice
	for at := from; !first.IsZero() && !at.Add(time.Minute).After(l.now()); at = at.Add(time.Minute) {
		if !at.Before(first) {
			bad := secondsIn(counted, at) / 60
			list = append(list, evenkeel.Slice{At: at, Bad: &bad, Total: new(1.0)})
		}
	}
	return slo.Gather(d, o, list, evenkeel.Window{From: from, To: l.now()})
}

// secondsIn is how many seconds of a minute lie in any of the windows.
func secondsIn(windows []evenkeel.Window, at time.Time) (n float64) {
	for second := range 60 {
		one := at.Add(time.Duration(second) * time.Second)
		if slices.ContainsFunc(windows, func(w evenkeel.Window) bool { return !one.Before(w.From) && (w.To.IsZero() || one.Before(w.To)) }) {
			n++
		}
	}
	return n
}

// measure records some minutes of one of several series.
func (l *life) measure(n int) {
	name := rapid.SampledFrom([]string{"availability", "availability", `availability{region="eu"}`, `availability{region="us"}`, `availability{region="eu",version="2"}`, "errors", "latency"}).Draw(l.rt, "series")
	at := l.now().Truncate(time.Minute).Add(-time.Duration(rapid.IntRange(-5, 6000).Draw(l.rt, "ago")) * time.Minute)
	var list []evenkeel.Slice
	for i := range rapid.IntRange(1, 90).Draw(l.rt, "minutes") {
		slice := evenkeel.Slice{At: at.Add(time.Duration(i) * time.Minute)}
		amount := func(most int) *float64 { return new(float64(rapid.IntRange(0, most).Draw(l.rt, "amount"))) }
		switch total := amount(40); {
		case *total == 1: // A gap.
			continue
		case name == "latency":
			slice.Value = total
		case name == "errors":
			slice.Bad, slice.Total = amount(10), total
		default:
			slice.Good, slice.Total = amount(40), total
		}
		list = append(list, slice)
	}
	if len(list) == 0 {
		return
	}
	source := rapid.SampledFrom([]string{"probe", "probe", "prometheus:prom"}).Draw(l.rt, "source")
	environment := rapid.SampledFrom([]string{"production", "production", "staging"}).Draw(l.rt, "where")
	id := fmt.Sprint(rapid.IntRange(0, n).Draw(l.rt, "batch"))
	record(l.ctx, l.rt, l.w, measured(source, environment, name, id, l.now().Add(time.Duration(rapid.IntRange(0, 3).Draw(l.rt, "observed"))*time.Second), list...))
}

func (l *life) correct() {
	from := l.now().Truncate(time.Minute).Add(-time.Duration(rapid.IntRange(0, 6000).Draw(l.rt, "from")) * time.Minute)
	c, err := l.w.AddCorrection(l.ctx, evenkeel.Correction{
		ServiceLevel: "a", From: from, To: from.Add(time.Duration(rapid.IntRange(1, 600).Draw(l.rt, "for")) * time.Minute),
		Mode: rapid.SampledFrom([]evenkeel.CorrectionMode{evenkeel.CorrectionExclude, evenkeel.CorrectionGood}).Draw(l.rt, "mode"), Reason: "maintenance", Author: "test",
	})
	if err != nil {
		if !isNotFound(err) {
			l.rt.Fatal(err)
		}
		return
	}
	l.corrections = append(l.corrections, c.ID)
}

func (l *life) withdraw() {
	if _, err := l.w.WithdrawCorrection(l.ctx, "a", l.corrections[0], "test"); err != nil {
		l.rt.Fatal(err)
	}
	l.corrections = l.corrections[1:]
}

// check compares what is said of now in three ways. The history of alerts, which
// the kept book asks, is empty.
func (l *life) check() {
	kept, err := l.Present(l.ctx, l.slug, l.now())
	if err != nil {
		l.rt.Fatal(err)
	}
	anew, err := l.Known(l.ctx, l.slug, kept.Revision, l.now())
	if err != nil {
		l.rt.Fatal(err)
	}
	l.said = append(l.said, anew)
	if len(kept.Levels) != len(anew.Levels) {
		l.rt.Fatalf("%d levels are kept, %d known", len(kept.Levels), len(anew.Levels))
	}
	for i, level := range kept.Levels {
		hand := l.byHand(level.Definition, level.Corrections)
		l.same("known anew", level.Definition, standings(anew.Levels[i]), standings(level), cmpopts.IgnoreFields(slo.Assessment{}, "Alerts", "Status", "Reason"))
		l.same("by hand", level.Definition, hand, standings(anew.Levels[i]))
	}
}

// remember asks for every book again, as it was known then.
func (l *life) remember() {
	for _, book := range l.said {
		again, err := l.Known(l.ctx, l.slug, book.Revision, book.At)
		if err != nil || len(again.Levels) != len(book.Levels) {
			l.rt.Fatalf("%d levels, %v", len(again.Levels), err)
		}
		for i, level := range book.Levels {
			if diff := gocmp.Diff(standings(level), standings(again.Levels[i]), everything()); diff != "" {
				l.rt.Fatalf("at revision %d (-then +remembered)\n%s", book.Revision, diff)
			}
		}
	}
}

// standing is what is said of a budget.
type standing struct {
	Objective, Environment, Labels, Series string
	Others                                 int
	Contractual, Experienced               slo.Assessment
	Until                                  *float64
}

// whole is what is said of a level.
type whole struct {
	Problem   string
	Budgets   []standing
	Composite *slo.Assessment
}

func standings(level *budgets.Level) whole {
	w := whole{Problem: level.Problem}
	if c := level.Composite; c != nil && c.Contractual.Composite != nil {
		w.Composite = &c.Contractual
	}
	for _, b := range level.Budgets {
		if b.ByIncidents() {
			b.Contractual.Reason, b.Experienced.Reason = slo.Said{}, slo.Said{}
		}
		w.Budgets = append(w.Budgets, standing{b.Objective.Name, b.Environment, b.Labels, b.Series.ID, len(b.Others), b.Contractual, b.Experienced, b.Until})
	}
	return w
}

func everything() gocmp.Option { return gocmp.Exporter(func(reflect.Type) bool { return true }) }

func (l *life) same(what string, d slo.Definition, want, got whole, but ...gocmp.Option) {
	same := gocmp.Options{gocmp.Options(but), everything(), cmpopts.EquateApprox(1e-9, 1e-9)}
	if d.Missing != slo.MissingHold { // Slices that are held count only where the definition holds.
		same = append(same, cmpopts.IgnoreFields(slo.Tally{}, "HeldGood", "HeldBad", "HeldBadRatios"))
	}
	if diff := gocmp.Diff(want, got, same); diff != "" {
		l.rt.Fatalf("at %s (-%s +kept)\n%s", l.now(), what, diff)
	}
}

// byHand gathers everything that was ever measured.
func (l *life) byHand(d slo.Definition, corrections []slo.Correction) (w whole) {
	var members []slo.Tallies
	for i, o := range d.Objectives {
		if o.In(d).Incidents != nil {
			tallies := l.stood(d, o)
			one := l.assessed(d, o, tallies, corrections, standing{Objective: o.Name, Environment: d.Environment})
			one.Contractual.Reason, one.Experienced.Reason = slo.Said{}, slo.Said{} // They say more of what is not known.
			w.Budgets, members = append(w.Budgets, one), append(members, slo.Corrected(tallies, d, o, corrections))
			continue
		}
		groups := l.series(d, o.In(d).Series)
		for _, group := range groups {
			read := measure.AsKept(d, group[0])
			tallies := l.gathered(read, read.Objectives[i], group[0].ID)
			name, _ := slo.ParseSeriesName(group[0].Name)
			w.Budgets = append(w.Budgets, l.assessed(read, read.Objectives[i], tallies, corrections, standing{
				Objective: o.Name, Environment: group[0].Environment, Labels: slo.SeriesName{Labels: name.Labels}.String(), Series: group[0].ID, Others: len(group) - 1,
			}))
			members = append(members, slo.Corrected(tallies, read, read.Objectives[i], corrections))
		}
		if len(groups) == 0 {
			tallies := l.gathered(d, o, "")
			w.Budgets = append(w.Budgets, l.assessed(d, o, tallies, corrections, standing{Objective: o.Name, Environment: d.Environment}))
			members = append(members, slo.Corrected(tallies, d, o, corrections))
		}
	}
	if d.Composite != "" && len(members) == len(d.Objectives) {
		a, err := slo.CompositeReader(d, members).Assess(l.now())
		if err != nil {
			l.rt.Fatal(err)
		}
		w.Composite = &a
	}
	return w
}

// series are those of a definition, by environment and labels, the one that
// counts first.
func (l *life) series(d slo.Definition, name string) (groups [][]evenkeel.SeriesInfo) {
	list, err := l.w.Series(l.ctx, evenkeel.EntryFilter{Kinds: []evenkeel.Kind{evenkeel.KindMeasurement}})
	if err != nil {
		l.rt.Fatal(err)
	}
	byPlace := map[[2]string][]evenkeel.SeriesInfo{}
	for _, s := range list {
		parsed, err := slo.ParseSeriesName(s.Name)
		if err != nil {
			l.rt.Fatal(err)
		}
		_, region := parsed.Labels["region"]
		if wanted := len(d.GroupBy) > 0; parsed.Name == name && region == wanted && (len(parsed.Labels) == 0 || wanted && len(parsed.Labels) == 1) && (d.Environment == "" || d.Environment == s.Environment) {
			place := [2]string{s.Environment, s.Name}
			byPlace[place] = append(byPlace[place], s)
		}
	}
	for _, group := range byPlace {
		slices.SortFunc(group, func(a, b evenkeel.SeriesInfo) int {
			return cmp.Or(b.LastAt.Truncate(time.Hour).Compare(a.LastAt.Truncate(time.Hour)), cmp.Compare(a.ID, b.ID))
		})
		groups = append(groups, group)
	}
	slices.SortFunc(groups, func(a, b []evenkeel.SeriesInfo) int {
		return cmp.Or(cmp.Compare(a[0].Environment, b[0].Environment), cmp.Compare(a[0].Name, b[0].Name))
	})
	return groups
}

// gathered are all slices that a series ever had; where missing slices hold, those
// in which what they repeat is looked for.
func (l *life) gathered(d slo.Definition, o slo.Objective, id string) slo.Tallies {
	found, err := l.w.MeasurementsOf(l.ctx, []string{id}, evenkeel.Window{})
	if err != nil {
		l.rt.Fatal(err)
	}
	list := found[id]
	if o.In(d).Counter && len(list) > 0 {
		list = slo.Increases(list, slo.Counting{Slice: d.Slice, Since: list[0].At}).Slices
	}
	from := noon.AddDate(0, 0, -60)
	if d.Missing == slo.MissingHold {
		from = d.Since(l.now())
	}
	return slo.Gather(d, o, list, evenkeel.Window{From: from.Truncate(24 * time.Hour), To: l.now()})
}

func (l *life) assessed(d slo.Definition, o slo.Objective, tallies slo.Tallies, corrections []slo.Correction, s standing) standing {
	var err, failed error
	s.Experienced, err = slo.ReaderOf(d, o, tallies).Assess(l.now())
	s.Contractual, failed = slo.ReaderOf(d, o, slo.Corrected(tallies, d, o, corrections)).Assess(l.now())
	if err != nil || failed != nil {
		l.rt.Fatal(err, failed)
	}
	s.Until = s.Contractual.EventsUntilPage(d, o)
	return s
}

// TestDocumentsOfTheTestsAreRead: a shape that is refused would test nothing.
func TestDocumentsOfTheTestsAreRead(t *testing.T) {
	t.Parallel()
	for _, s := range []shape{
		{missing: "hold", method: "Timeslices", window: "{duration: 1d, isRolling: true}", target: "0.9", threshold: true},
		{missing: "bad", method: "RatioTimeslices", window: "{duration: 1d, isRolling: true}", target: "0.9", composite: "worst", groupBy: "region", counter: true},
	} {
		set := openslo.Read(openslo.File{Name: "a", Text: []byte(s.document("a"))})
		if err := set.Err(); err != nil || len(set.Definitions) != 1 {
			t.Errorf("%v\n%s", err, s.document("a"))
		}
	}
}
