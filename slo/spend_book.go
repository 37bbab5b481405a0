package slo

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// claim is what an owner spent in a stretch.
type claim struct {
	owner          owner
	bad, low, high float64
	from, to       int
	before         Baseline
}

// book adds up claims.
type book struct {
	*suspects
	lo, hi  int // the window
	spent   float64
	quantum float64
	entries map[string]*SpendEntry
	// most is the greatest claim of each entry, which gives it its evidence.
	most map[string]float64
}

func newBook(s *suspects, window evenkeel.Window, bad float64) *book {
	b := &book{
		suspects: s, lo: max(0, s.index(window.From)), hi: min(len(s.n), s.index(window.To)), spent: bad, quantum: 1,
		entries: map[string]*SpendEntry{}, most: map[string]float64{},
	}
	if !s.whole {
		// Multiples of this much less than the sum add up without rounding.
		_, exponent := math.Frexp(bad)
		b.quantum = math.Ldexp(1, exponent-50)
	}
	return b
}

// enter books the claims of a stretch. They are rounded one after another, so
// that their sum is that of the exact claims, rounded once.
func (b *book) enter(one *stretch) {
	exact, booked := 0.0, 0.0
	for _, c := range b.claims(one) {
		exact += max(0, c.bad)
		so := b.round(exact)
		c.bad, booked = so-booked, so
		if c.bad > 0 {
			b.add(c)
		}
	}
}

func (b *book) round(v float64) float64 {
	if b.quantum == 1 {
		return math.Floor(v + 0.5)
	}
	return math.Floor(v/b.quantum) * b.quantum
}

// claims are those of a stretch's owner and of the owners of rises within it,
// which are taken off.
func (b *book) claims(one *stretch) (list []claim) {
	from, to := b.laid(one)
	own := b.claim(one, from, to)
	for i := range one.inner {
		for _, in := range owned(&one.inner[i]) {
			f, t := b.laid(in)
			less := b.claim(in, max(f, from), min(t, to))
			own.bad, own.low, own.high = own.bad-less.bad, own.low-less.high, own.high-less.low
			list = append(list, b.claims(in)...)
		}
	}
	if len(one.owner.causes) > 0 {
		list = append(b.parts(own), list...)
	}
	return list
}

// owned is a rise if it has an owner, else those within it that have.
func owned(one *stretch) (list []*stretch) {
	if len(one.owner.causes) > 0 {
		return []*stretch{one}
	}
	for i := range one.inner {
		list = append(list, owned(&one.inner[i])...)
	}
	return list
}

// laid are the slices of the window that a stretch's owner answers for.
func (b *book) laid(one *stretch) (from, to int) {
	return max(b.lo, one.from, b.since(one.owner)), min(b.hi, one.to, b.until(one.owner, one.begun))
}

// claim is the excess of some slices over what the baseline predicts.
func (b *book) claim(one *stretch, from, to int) claim {
	c := claim{owner: one.owner, from: from, to: to, before: one.before}
	if from >= to {
		return c
	}
	bad, total, trials := sum(b.bad[from:to]), sum(b.total[from:to]), sum(b.n[from:to])
	low, high := one.before.predicts(trials, b.policy.Level)
	if trials > 0 {
		low, high = low*total/trials, high*total/trials
	}
	c.bad = bad - one.before.Ratio()*total
	c.low, c.high = min(c.bad, bad-high), max(c.bad, bad-low)
	return c
}

// parts are one claim, or one for each cause whose cohort tells its share.
func (b *book) parts(c claim) []claim {
	if c.owner.shares == nil {
		return []claim{c}
	}
	var list []claim
	for _, one := range c.owner.shares {
		part := c
		part.owner.causes, part.owner.shares = []int{one.cause}, []cohortShare{one}
		part.bad, part.low, part.high = c.bad*one.share, c.low*one.share, c.high*one.share
		list = append(list, part)
	}
	return list
}

// add books a claim under its causes.
func (b *book) add(c claim) {
	key := fmt.Sprint(c.owner.causes)
	e := b.entries[key]
	if e == nil {
		e = &SpendEntry{Kind: CauseJoint, From: b.at(c.from), To: b.at(c.to)}
		for _, k := range c.owner.causes {
			e.Causes = append(e.Causes, b.causes[k])
		}
		if len(e.Causes) == 1 {
			e.Kind = e.Causes[0].Kind
		}
		b.entries[key] = e
	}
	e.Bad, e.Low, e.High = e.Bad+c.bad, e.Low+max(0, c.low), e.High+max(c.bad, c.high)
	e.Minutes += b.measured(c.from, c.to).Minutes()
	if b.at(c.from).Before(e.From) {
		e.From = b.at(c.from)
	}
	if b.at(c.to).After(e.To) {
		e.To = b.at(c.to)
	}
	if c.bad > b.most[key] {
		b.most[key], e.Evidence = c.bad, b.evidence(c)
	}
}

// measured is how long anything was counted.
func (b *book) measured(from, to int) (d time.Duration) {
	for i := from; i < to; i++ {
		if b.total[i] > 0 {
			d += b.step
		}
	}
	return d
}

// close is all entries, the greatest first, and what is left.
func (b *book) close() ([]SpendEntry, float64) {
	list, left := make([]SpendEntry, 0, len(b.entries)), b.spent
	for _, e := range b.entries {
		left -= e.Bad
		e.Share = e.Bad / b.spent
		e.Low, e.High = min(e.Low, e.Bad), min(max(e.High, e.Bad), b.spent)
		list = append(list, *e)
	}
	slices.SortFunc(list, func(x, y SpendEntry) int {
		return cmp.Or(cmp.Compare(y.Bad, x.Bad), x.From.Compare(y.From), strings.Compare(names(x.Causes), names(y.Causes)))
	})
	return list, left
}

func names(causes []Cause) string {
	var text strings.Builder
	for _, c := range causes {
		text.WriteString(string(c.Kind) + " " + c.ID + "\n")
	}
	return text.String()
}
