package slo

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// CompositeRule is how objectives with indicators of their own become one.
type CompositeRule string

// The composite rules.
const (
	// CompositeOpenSLO is the specification's: burns add up by weight where
	// events are counted, a slice is bad if it is bad for any member, ratios
	// fall by weight. Members of which nothing is known leave no value.
	CompositeOpenSLO CompositeRule = "openslo"
	// CompositeWeighted is the weighted mean of the members that have data.
	CompositeWeighted CompositeRule = "weighted"
	// CompositeWorst is the member that has the least budget left.
	CompositeWorst CompositeRule = "worst"
	// CompositeSerial is the product of the members: all are needed at once, so
	// that one of which nothing is known leaves no value.
	CompositeSerial CompositeRule = "serial"
)

// Composite is where several objectives stand as one. Nil is no value.
type Composite struct {
	At     time.Time
	Window evenkeel.Window
	// SLI is nil under OpenSLO's rule for Occurrences, which adds burns and
	// defines no level.
	SLI *float64
	// Target is what the composite promises: the definition's, or that which its
	// members' targets make. Nil under OpenSLO's rule for Occurrences and where
	// the members' budgets are the whole or more.
	Target *float64
	// Consumed is the share of the budget that is spent, Remaining 1 less it.
	Consumed, Remaining *float64
	// Coverage is the mean of the members' coverages by weight; a member without
	// any slice is not covered.
	Coverage *float64
	// Members are in the order of the definition's objectives. Worst is the
	// index of the one with the least budget left, of equals the one with the
	// lower level; -1 if none has a value.
	Members []Member
	Worst   int
	// Lacks names, for each of [Lookbacks], the members of which nothing is known.
	Lacks map[string][]string
	// Unforeseen is why there is no forecast; empty with one.
	Unforeseen Said
}

// Member is one objective of a composite.
type Member struct {
	Objective Objective
	Result    Result
	// Share is the part that the member has in the composite after weights were
	// made to add up to 1 over those that count; 0 for one that is left out. Only
	// under the weighted rule.
	Share float64
	// NoData says that nothing was counted and that it is not known why; a member
	// of which it is known that nothing happened is Quiet and spends nothing.
	NoData, Quiet bool
}

// Compose says where the objectives of a composite stand at an instant as one,
// given each one's tallies. The order of members changes nothing.
func Compose(d Definition, members []Tallies, at time.Time) Composite {
	return newWhole(d, members).at(at)
}

// compose puts members together, given where each one stands, and the slices that
// are bad for any of them.
func compose(d Definition, jointly Tallies, standing func(int) Result) Composite {
	c := Composite{Worst: -1}
	for i, o := range d.Objectives {
		r := standing(i)
		m := Member{Objective: o, Result: r, NoData: r.Count.Total == 0, Quiet: r.Tally.Quiet()}
		m.NoData = m.NoData && !m.Quiet
		c.Members = append(c.Members, m)
		if c.At.IsZero() || r.At.Before(c.At) {
			c.At, c.Window = r.At, r.Window
		}
		if r.Consumed != nil && (c.Worst < 0 || m.worse(c.Members[c.Worst]) < 0) {
			c.Worst = i
		}
	}
	c.cover()
	if c.rule(d, jointly); c.Consumed != nil {
		remaining := 1 - *c.Consumed
		c.Remaining = &remaining
	}
	return c
}

func (c *Composite) rule(d Definition, jointly Tallies) {
	switch {
	case d.alone() || d.Composite == CompositeWorst:
		c.worst()
	case d.Composite == CompositeSerial:
		c.serial(d)
	case d.Composite == CompositeOpenSLO:
		c.openslo(d, jointly)
	default:
		c.weighted(d)
	}
}

// alone says that a composite is its only member, whose numbers need not be put
// together.
func (d Definition) alone() bool {
	weighs := d.Composite == CompositeOpenSLO && d.Method != Timeslices && d.Objectives[0].Weight != 1
	return len(d.Objectives) == 1 && d.CompositeTarget.IsZero() && !weighs
}

// cover is the members' coverage by weight.
func (c *Composite) cover() {
	var known, all []float64
	for _, m := range c.Members {
		all = append(all, m.Objective.Weight)
		if m.Result.Coverage != nil {
			known = append(known, m.Objective.Weight**m.Result.Coverage)
		}
	}
	if total := add(all); total > 0 {
		coverage := add(known) / total
		c.Coverage = &coverage
	}
}

// add sums numbers in an order of their own, so that the order of members
// changes nothing.
func add(list []float64) (sum float64) {
	slices.Sort(list)
	for _, n := range list {
		sum += n
	}
	return sum
}

// spend sets how much of a budget is spent by a share of bad.
func (c *Composite) spend(d Definition, bad, budget float64) {
	sli, target := 1-bad, 1-budget
	if t := d.CompositeTarget; !t.IsZero() {
		budget, target = t.Budget(), t.Float()
	}
	if c.SLI = &sli; budget > 0 && budget <= 1 {
		consumed := bad / budget
		c.Consumed, c.Target = &consumed, &target
	}
}

// worse orders members that counted something, the worst first: by what they
// spent of their budgets, then by level, promise, weight and name, so that of
// equals it is not the order that decides.
func (m Member) worse(other Member) int {
	return cmp.Or(
		cmp.Compare(*other.Result.Consumed, *m.Result.Consumed), cmp.Compare(*m.Result.SLI, *other.Result.SLI),
		cmp.Compare(m.Objective.Target.Budget(), other.Objective.Target.Budget()),
		cmp.Compare(other.Objective.Weight, m.Objective.Weight), strings.Compare(m.Objective.Name, other.Objective.Name),
	)
}

func (m Member) errors() float64 {
	if m.Result.Count.Total == 0 {
		return 0
	}
	return m.Result.Count.Bad / m.Result.Count.Total
}

// weighted is the mean of members that counted something.
func (c *Composite) weighted(d Definition) {
	var weights, bad, budget []float64
	for _, m := range c.Members {
		if w := m.Objective.Weight; m.Result.Consumed != nil {
			weights = append(weights, w)
			bad = append(bad, w*m.errors())
			budget = append(budget, w*m.Objective.Target.Budget())
		}
	}
	total := add(weights)
	if total == 0 {
		return
	}
	for i := range c.Members {
		if m := &c.Members[i]; m.Result.Consumed != nil {
			m.Share = m.Objective.Weight / total
		}
	}
	c.spend(d, add(bad)/total, add(budget)/total)
}

func (c *Composite) worst() {
	if c.Worst < 0 {
		return
	}
	m := c.Members[c.Worst]
	target := m.Objective.Target.Float()
	c.SLI, c.Target, c.Consumed = m.Result.SLI, &target, m.Result.Consumed
}

// known says whether every member counted something or is known to be quiet,
// and at least one counted.
func (c *Composite) known() bool {
	return c.Worst >= 0 && !slices.ContainsFunc(c.Members, func(m Member) bool { return m.NoData })
}

// serial multiplies shares of good, as sums of logarithms that are exact for
// small shares of bad.
func (c *Composite) serial(d Definition) {
	if !c.known() {
		return
	}
	var good, target []float64
	for _, m := range c.Members {
		good = append(good, math.Log1p(-m.errors()))
		target = append(target, math.Log1p(-m.Objective.Target.Budget()))
	}
	c.spend(d, -math.Expm1(add(good)), -math.Expm1(add(target)))
}

// openslo is the rule of the specification for the budgeting method.
func (c *Composite) openslo(d Definition, jointly Tallies) {
	if d.Method == Timeslices {
		c.anyBad(d, jointly)
		return
	}
	if !c.known() {
		return
	}
	var bad, budget, burns []float64
	for _, m := range c.Members {
		w := m.Objective.Weight
		bad = append(bad, w*m.errors())
		budget = append(budget, w*m.Objective.Target.Budget())
		if m.Result.Consumed != nil {
			burns = append(burns, w**m.Result.Consumed)
		}
	}
	if d.Method == RatioTimeslices {
		c.spend(d, add(bad), add(budget))
		return
	}
	burn := add(burns)
	c.Consumed = &burn
}

// budgets are the budgets of all members together.
func (c *Composite) budgets() float64 {
	var all []float64
	for _, m := range c.Members {
		all = append(all, m.Objective.Target.Budget())
	}
	return add(all)
}
