package slo

import (
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// CauseKind is what may have spent a budget.
type CauseKind string

// The kinds of causes. CauseJoint is that of an entry whose causes no evidence
// can tell apart.
const (
	CauseDeployment CauseKind = "deployment"
	CauseFlagChange CauseKind = "flag_change"
	CauseIncident   CauseKind = "incident"
	CauseJoint      CauseKind = "joint"
)

// Cause is a change or an incident that may have spent a budget.
type Cause struct {
	Kind CauseKind
	// ID tells it from others of its kind, Title is for people.
	ID, Title string
	// At is when it began to reach users: a deployment's start, an incident's
	// opening. Until is an incident's end; zero while it lasts.
	At, Until time.Time
	// Environment is where; empty may be anywhere.
	Environment string
	// Group joins records of one deployment in one environment, a canary and the
	// rest: they are one cause, the earliest. Empty is none.
	Group string
	// CausedBy is, of an incident, the ID of the deployment that it was laid to.
	CausedBy string
	// Dimension and Cohort name the cohort that the change brought about:
	// "version" and what it is, or a flag and its variant; empty if the
	// indicator does not tell them apart.
	Dimension, Cohort string
}

// Cohort is what users of one version or variant met. Cohorts of one dimension
// share the traffic among them.
type Cohort struct {
	// Dimension is the label, "version" or a flag; Name is its value.
	Dimension, Name string
	Tallies         Tallies
}

// SpendPolicy says what is laid to whom. It is printed with every result.
type SpendPolicy struct {
	// Baseline is how far back the ratio without excess is taken from.
	Baseline time.Duration
	// Horizon is how long after its beginning excess is laid to a change.
	Horizon time.Duration
	// Onset is how long after a change its excess may begin, and HalfLife the
	// delay that makes a change half as likely the cause, until harms of the
	// service were seen.
	Onset, HalfLife time.Duration
	// Settles is how long excess lasts until it is the new baseline.
	Settles time.Duration
	// Evidence is how many times likelier excess has to be than the baseline.
	Evidence float64
	// Level is that of intervals, 0.95.
	Level float64
	// Confidence is how sure a sole cause has to be; below it causes are joint.
	Confidence float64
	// Incident is how well an incident explains excess that it overlaps, beside a
	// change that begins with it: 0 never, and great numbers before any change.
	Incident float64
}

// DefaultSpendPolicy is a baseline of a day, a horizon of a day, and half an
// hour for excess to begin.
func DefaultSpendPolicy() SpendPolicy {
	return SpendPolicy{
		Baseline: 24 * time.Hour, Horizon: 24 * time.Hour, Onset: 30 * time.Minute, HalfLife: 5 * time.Minute,
		Settles: 7 * 24 * time.Hour, Evidence: 300, Level: 0.95, Confidence: 0.8, Incident: 0.125,
	}
}

// Spending says who spent a budget. The Bad of all entries and Unattributed add
// up to Bad exactly, in any order.
type Spending struct {
	Window evenkeel.Window
	Policy SpendPolicy
	// Bad is what was consumed, in events or in slices.
	Bad float64
	// Entries have the greatest first.
	Entries []SpendEntry
	// Unattributed is what lies within the baseline, and excess without a cause.
	Unattributed float64
}

// SpendEntry is what one cause spent, or several that cannot be told apart.
type SpendEntry struct {
	// Kind is that of the cause; CauseJoint for several.
	Kind   CauseKind
	Causes []Cause
	// Bad is the excess over the baseline, in events or in slices; Low and High
	// are what it is if the baseline was at the ends of its interval.
	Bad, Low, High float64
	// Share is Bad of all that was consumed.
	Share float64
	// Minutes is how long the excess was measured, From when it first began and
	// To when it last ended.
	Minutes  float64
	From, To time.Time
	Evidence SpendEvidence
}

// Spend says who spent the budget of a window. The tallies should reach back to
// the policy's baseline before the window: without a baseline nothing is laid
// to anybody. Causes and cohorts may come in any order; a cause that is named
// twice, or by several records of one group, counts once, from its earliest
// instant.
func Spend(d Definition, o Objective, tallies Tallies, window evenkeel.Window, causes []Cause, cohorts []Cohort, p SpendPolicy) Spending {
	step := o.counted(d)
	window = evenkeel.Window{From: floor(window.From, step), To: floor(window.To, step)}
	s := Spending{Window: window, Policy: p, Bad: tallies.Tally(window).Count(d.Method, d.Missing).Bad}
	if s.Bad <= 0 {
		return s
	}
	a := newAccount(d, o, tallies, evenkeel.Window{From: window.From.Add(-p.Baseline), To: window.To})
	who := newSuspects(a, p, d.Environment, causes, cohorts)
	find := newDetector(a, p, deepest, fewAlone)
	find.waves = newRoughness(a)
	list := find.find(0, len(a.n))
	who.lay(list)
	b := newBook(who, window, s.Bad)
	for i := range list {
		b.enter(&list[i])
	}
	s.Entries, s.Unattributed = b.close()
	return s
}

// LastSpender is the entry whose excess ended last; nil without entries.
func (s Spending) LastSpender() *SpendEntry {
	var last *SpendEntry
	for i := range s.Entries {
		if e := &s.Entries[i]; last == nil || e.To.After(last.To) {
			last = e
		}
	}
	return last
}
