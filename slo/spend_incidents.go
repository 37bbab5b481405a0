package slo

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// SpendOf says who spent the budget of a window that is measured by incidents:
// each bad slice is laid to the incident that stood in it, and to several
// together if more did. There is no baseline and nothing to weigh.
func SpendOf(d Definition, o Objective, tallies Tallies, window evenkeel.Window, list []Outage) Spending {
	step := o.counted(d)
	window = evenkeel.Window{From: floor(window.From, step), To: floor(window.To, step)}
	s := Spending{Window: window, Bad: tallies.Tally(window).Count(d.Method, d.Missing).Bad}
	if s.Bad <= 0 {
		return s
	}
	b := &outageBook{definition: d, objective: o, tallies: tallies, list: list, entries: map[string]*SpendEntry{}}
	edges := outageEdges(list, window, step)
	for i := 1; i < len(edges); i++ {
		b.enter(evenkeel.Window{From: edges[i-1], To: edges[i]})
	}
	s.Entries, s.Unattributed = b.close(s.Bad)
	return s
}

// outageEdges are the ends of runs of slices in each of which the same incidents
// stood, in order.
func outageEdges(list []Outage, window evenkeel.Window, step time.Duration) []time.Time {
	edges := []time.Time{window.From, window.To}
	for _, one := range list {
		for _, w := range one.Stood {
			for _, end := range []time.Time{w.From, w.To} {
				for _, at := range []time.Time{floor(end, step), ceiling(end, step)} {
					if at.After(window.From) && at.Before(window.To) {
						edges = append(edges, at)
					}
				}
			}
		}
	}
	slices.SortFunc(edges, time.Time.Compare)
	return slices.CompactFunc(edges, time.Time.Equal)
}

// outageBook adds up what incidents spent, by those who stood together.
type outageBook struct {
	definition Definition
	objective  Objective
	tallies    Tallies
	list       []Outage
	entries    map[string]*SpendEntry
}

// enter books a run of slices.
func (b *outageBook) enter(run evenkeel.Window) {
	var causes []Cause
	for _, one := range b.list {
		if one.stoodIn(run) {
			causes = append(causes, one.Cause)
		}
	}
	t := b.tallies.Tally(run)
	bad := t.Count(b.definition.Method, b.definition.Missing).Bad
	if bad <= 0 || len(causes) == 0 {
		return
	}
	slices.SortFunc(causes, compareCauses)
	key := names(causes)
	e := b.entries[key]
	if e == nil {
		e = &SpendEntry{Kind: CauseIncident, Causes: causes, From: run.From, Evidence: SpendEvidence{Basis: BasisStood, Sure: 1, From: run.From}}
		if len(causes) > 1 {
			e.Kind = CauseJoint
		}
		b.entries[key] = e
	}
	e.Bad, e.Minutes, e.To = e.Bad+bad, e.Minutes+t.Bad, run.To
}

func (o Outage) stoodIn(run evenkeel.Window) bool {
	return slices.ContainsFunc(o.Stood, func(w evenkeel.Window) bool {
		return w.From.Before(run.To) && (w.To.IsZero() || w.To.After(run.From))
	})
}

// dust is the share of a sum that adding it up in another order may cost.
const dust = 1e-9

// close is all entries, the greatest first, and what is left: slices that are
// bad because nothing is known of them. Parts of minutes are rounded to multiples
// that add up without rounding, and the greatest entry has what that leaves.
func (b *outageBook) close(spent float64) (list []SpendEntry, left float64) {
	_, exponent := math.Frexp(spent)
	quantum := math.Ldexp(1, exponent-50)
	left = spent
	for _, e := range b.entries {
		if e.Bad != math.Trunc(e.Bad) {
			e.Bad = math.Floor(e.Bad/quantum) * quantum
		}
		left -= e.Bad
		list = append(list, *e)
	}
	slices.SortFunc(list, func(x, y SpendEntry) int {
		return cmp.Or(cmp.Compare(y.Bad, x.Bad), x.From.Compare(y.From), strings.Compare(names(x.Causes), names(y.Causes)))
	})
	if len(list) > 0 && math.Abs(left) <= dust*spent {
		list[0].Bad, left = list[0].Bad+left, 0
	}
	for i := range list {
		e := &list[i]
		e.Low, e.High, e.Share = e.Bad, e.Bad, e.Bad/spent
		e.Evidence.During, e.Evidence.Incidents = 1, e.Causes
	}
	return list, left
}
