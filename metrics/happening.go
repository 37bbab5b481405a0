package metrics

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Happening is something that may have caused a problem.
type Happening struct {
	ID string
	// Kind is deployment, flag_change or incident.
	Kind        evenkeel.Kind
	Application string
	// Distance is how many calls away the application is: 0 is the one with
	// the problem, 1 what it calls, and so on.
	Distance int
	// SameEnvironment says that it concerns the environment of the problem.
	SameEnvironment bool
	At              time.Time
	// Failed says that it reports a failure itself.
	Failed bool
	// Blamed says that a failure was laid to it: by a link, a repair or an incident.
	Blamed bool
	// RolledBack says that it was taken back.
	RolledBack bool
}

// Ranked is a happening with its place in the order for looking.
type Ranked struct {
	Happening
	// Score is the product of the factors of the reasons, from 0 to 1. It is
	// no probability.
	Score float64
	// Rank is 1 for the most plausible.
	Rank    int
	Reasons []Because
}

// Because is one factor of a score.
type Because struct {
	Code   string
	Factor float64
}

// The weights of the order, picked by hand; docs/formulas.md gives them.
const (
	plausibleHalfLife = 2 * time.Hour
	flagWeight        = 0.9
	incidentWeight    = 0.9
	symptomWeight     = 0.3
	elsewhereWeight   = 0.3
	failedWeight      = 0.8
	quietWeight       = 0.6
)

// Plausible ranks what could have caused a problem that was seen in the target
// application at an instant: an order for looking, not a probability. The list
// is newest first, then by id. Nothing that came later is plausible.
func Plausible(target string, at time.Time, happenings []Happening) []Ranked {
	ranked := make([]Ranked, len(happenings))
	byScore := make([]*Ranked, len(happenings))
	for i, h := range happenings {
		ranked[i] = h.ranked(target, at)
	}
	slices.SortFunc(ranked, newest)
	for i := range ranked {
		byScore[i] = &ranked[i]
	}
	slices.SortStableFunc(byScore, func(a, b *Ranked) int { return cmp.Compare(b.Score, a.Score) })
	for i, r := range byScore {
		r.Rank = i + 1
	}
	return ranked
}

func newest(a, b Ranked) int {
	return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Application, b.Application), cmp.Compare(b.Score, a.Score))
}

func (h Happening) ranked(target string, at time.Time) Ranked {
	r := Ranked{Happening: h, Score: 1, Reasons: []Because{h.recency(at), h.nearness(target), h.nature(target), h.placement(), h.signal()}}
	for _, b := range r.Reasons {
		r.Score *= b.Factor
	}
	return r
}

// recency halves with every half-life that lies between.
func (h Happening) recency(at time.Time) Because {
	age := at.Sub(h.At)
	switch {
	case h.At.IsZero():
		return Because{"time_unknown", 0}
	case h.At.After(at):
		return Because{"after", 0}
	case age <= plausibleHalfLife:
		return Because{"recent", decay(age)}
	}
	return Because{"earlier", decay(age)}
}

func decay(age time.Duration) float64 { return math.Exp2(-age.Hours() / plausibleHalfLife.Hours()) }

// nearness falls with the number of calls between.
func (h Happening) nearness(target string) Because {
	distance := h.distance(target)
	factor := 1 / float64(1+distance)
	switch distance {
	case 0:
		return Because{"same_application", factor}
	case 1:
		return Because{"dependency", factor}
	}
	return Because{"indirect_dependency", factor}
}

// distance is 0 for the target only.
func (h Happening) distance(target string) int {
	if h.Application == target {
		return 0
	}
	return max(1, h.Distance)
}

// nature weighs the kind: an incident of the application itself is rather the
// problem than its cause.
func (h Happening) nature(target string) Because {
	switch {
	case h.Kind == evenkeel.KindFlagChange:
		return Because{"flag_change", flagWeight}
	case h.Kind == evenkeel.KindIncident && h.distance(target) == 0:
		return Because{"same_problem", symptomWeight}
	case h.Kind == evenkeel.KindIncident:
		return Because{"incident", incidentWeight}
	}
	return Because{"deployment", 1}
}

func (h Happening) placement() Because {
	if h.SameEnvironment {
		return Because{"same_environment", 1}
	}
	return Because{"other_environment", elsewhereWeight}
}

// signal weighs what else speaks for it; the strongest counts.
func (h Happening) signal() Because {
	switch {
	case h.RolledBack:
		return Because{"rolled_back", 1}
	case h.Blamed:
		return Because{"blamed", 1}
	case h.Failed:
		return Because{"failed", failedWeight}
	}
	return Because{"no_signal", quietWeight}
}
