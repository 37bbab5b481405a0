package connectors

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

const promSelector = `(?:[a-zA-Z_:][a-zA-Z0-9_:]*\s*)?(?:\{(?:[^"'{}]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*\})?`

// promSum is a selector, or the sum of one, perhaps by labels, perhaps with 0
// where there is none.
var promSum = regexp.MustCompile(`^\s*(?:(sum)\s*(?:by\s*\(([^()]*)\)\s*)?\(\s*(` + promSelector + `)\s*\)\s*(?:by\s*\(([^()]*)\)\s*)?|(` + promSelector + `))\s*(or\s+vector\s*\(\s*0\s*\))?\s*$`)

// promAmounts finds functions that make amounts of counters already.
var promAmounts = regexp.MustCompile(`\b(rate|irate|increase|delta|idelta)\s*\(`)

// counters is a query for readings of counters.
type counters struct {
	// selector is of the counters themselves, so that each is read of its own: a
	// sum of several goes back where one of them is reset.
	selector string
	// summed are added up by these labels; else every counter is a series.
	summed bool
	by     []string
	// zero says that no counter is a count of 0.
	zero bool
}

// countersIn reads a query of an indicator whose document says counter: true.
func countersIn(field, query string) (c counters, err error) {
	if found := promAmounts.FindStringSubmatch(query); found != nil {
		return c, fmt.Errorf("%w: %s: the document says counter: true, and the query takes %s() already; write counter: false, or the counters alone", evenkeel.ErrInvalid, field, found[1])
	}
	found := promSum.FindStringSubmatch(query)
	if found == nil {
		return c, fmt.Errorf("%w: %s: with counter: true the query is a selector, sum(selector) or sum by (…) (selector), because a counter that is reset cannot be told within %s; else write increase(…[{{.window}}]) and counter: false",
			evenkeel.ErrInvalid, field, shortQuote(query))
	}
	c = counters{selector: strings.TrimSpace(firstText(found[3], found[5])), summed: found[1] != "", zero: found[6] != ""}
	for label := range strings.SplitSeq(firstText(found[2], found[4]), ",") {
		if label = strings.TrimSpace(label); label != "" {
			c.by = append(c.by, label)
		}
	}
	if c.selector == "" {
		return c, fmt.Errorf("%w: %s: the query names no metric", evenkeel.ErrInvalid, field)
	}
	return c, nil
}

// reading is the counters of one part while amounts are made of them.
type reading struct {
	asked
	counters

	// lines are their readings, several in each slice and one before the first:
	// what a counter counts between its last reading and its reset is lost.
	lines []line
	// before are the last readings of counters that were not there at first, by
	// their labels.
	before map[string]float64
}

// counted asks for the counters of every part.
func (p *prometheusClient) counted(ctx context.Context, q Question, list []asked) (readings []*reading, notes []MeasureNote, err error) {
	for _, part := range list {
		r := &reading{asked: part}
		if r.counters, err = countersIn(part.field, filledIn(part.source.Query, q.Slice)); err != nil {
			return nil, nil, err
		}
		n, err := p.bounded(ctx, part.field, r.selector, q, maxRaw, "add up fewer, as with a recording rule, or write increase(…[{{.window}}]) and counter: false")
		if err != nil {
			return nil, nil, err
		}
		odd, err := p.read(ctx, r, q, n)
		if err != nil {
			return nil, nil, err
		}
		notes = append(notes, odd...)
		if r.before, odd, err = p.lastReadings(ctx, r, q.Window.From); err != nil {
			return nil, nil, err
		}
		notes = append(notes, odd...)
		readings = append(readings, r)
	}
	return readings, notes, nil
}

// readEvery is the distance of readings of counters: about that of scrapes, so
// that resets are seen, and coarser for long slices.
func readEvery(slice time.Duration) time.Duration {
	for _, step := range []time.Duration{15 * time.Second, time.Minute} {
		if slice <= 20*step && slice%step == 0 {
			return step
		}
	}
	if slice%time.Minute == 0 {
		return time.Minute
	}
	return slice
}

const (
	// maxSpan is below the 11,000 points of a series that one answer may have.
	maxSpan = 10_000
	// maxSamples keeps one answer below some 20 MiB.
	maxSamples = 1_000_000
)

// read asks for readings of about so many counters, in pieces.
func (p *prometheusClient) read(ctx context.Context, r *reading, q Question, about int) (notes []MeasureNote, err error) {
	step := readEvery(q.Slice)
	all := q.slices()*int(q.Slice/step) + 1
	piece := min(maxSpan, maxSamples/max(about, 1))
	place := map[string]int{}
	for k := 0; k < all; k += piece {
		n := min(piece, all-k)
		first := q.Window.From.Add(time.Duration(k) * step)
		lines, odd, err := p.span(ctx, r.field, r.selector, first, first.Add(time.Duration(n-1)*step), step)
		if err != nil {
			return nil, err
		}
		notes = append(notes, odd...)
		for _, one := range lines {
			key := labelText(one.labels)
			at, has := place[key]
			if !has {
				at = len(r.lines)
				place[key] = at
				r.lines = append(r.lines, emptyLine(one.labels, all))
			}
			copy(r.lines[at].values[k:], one.values)
		}
	}
	return notes, nil
}

// goneFor is how long a counter may have been gone and still go on where it
// stood.
const goneFor = 24 * time.Hour

// lastReadings are those of counters that appear after the first instant: what
// they showed before, if they are not new. An answer that lacks some would make
// new counters of them, and events of all that they ever counted.
func (p *prometheusClient) lastReadings(ctx context.Context, r *reading, t time.Time) (before map[string]float64, notes []MeasureNote, err error) {
	if !slices.ContainsFunc(r.lines, func(l line) bool { return math.IsNaN(l.values[0]) }) {
		return nil, nil, nil
	}
	lines, missing, err := p.at(ctx, "last_over_time("+r.selector+"["+evenkeel.FormatDuration(goneFor)+"])", t)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", r.field, err)
	}
	if notes, err = p.whole(r.field, missing); err != nil {
		return nil, nil, err
	}
	before = map[string]float64{}
	for _, one := range lines {
		before[labelText(nameless(one.labels))] = one.values[0]
	}
	return before, notes, nil
}

// nameless is labels without the metric's name, which functions take away.
func nameless(labels map[string]string) map[string]string {
	return pick(labels, slices.DeleteFunc(otherLabels([]line{{labels: labels}}, nil), func(name string) bool { return name == "__name__" }))
}

// watched says of every instant whether any counter was read.
func watched(readings []*reading) (seen []bool) {
	for _, r := range readings {
		for _, one := range r.lines {
			if seen == nil {
				seen = make([]bool, len(one.values))
			}
			for k, v := range one.values {
				seen[k] = seen[k] || !math.IsNaN(v)
			}
		}
	}
	return seen
}

// amounts are what the counters came to in each of n slices, one line for every
// combination of the labels that they are added up by.
func (r *reading) amounts(n int, watched []bool) []line {
	var sums []line
	place := map[string]int{}
	for _, one := range r.lines {
		labels := nameless(one.labels)
		last, known := r.before[labelText(labels)]
		grown := increases(one.values, last, known, watched)
		if r.summed {
			labels = pick(labels, r.by)
		}
		key := labelText(labels)
		at, has := place[key]
		if !has {
			at = len(sums)
			place[key] = at
			sums = append(sums, emptyLine(labels, n))
		}
		sums[at].add(grown)
	}
	if r.zero && len(r.by) == 0 {
		if len(sums) == 0 {
			sums = append(sums, emptyLine(nil, n))
		}
		sums[0].fill(watched)
	}
	return sums
}

// add adds amounts, of which there are several in each slice; what one counter
// lacks the others may have.
func (l line) add(amounts []float64) {
	each := len(amounts) / max(len(l.values), 1)
	for i, v := range amounts {
		switch k := i / each; {
		case math.IsNaN(v):
		case math.IsNaN(l.values[k]):
			l.values[k] = v
		default:
			l.values[k] += v
		}
	}
}

// fill puts 0 where nothing was read although others were.
func (l line) fill(watched []bool) {
	each := max(len(watched)-1, 0) / max(len(l.values), 1)
	for k := range l.values {
		if math.IsNaN(l.values[k]) && each > 0 && slices.Contains(watched[k*each+1:(k+1)*each+1], true) {
			l.values[k] = 0
		}
	}
}

// increases makes amounts of the readings of one counter: amount k is the
// reading k+1 less the one before it, however long ago that was. A counter that
// went back was reset, and its reading is what it counted since. One that
// appears while others were read began at 0; where nothing was read before, or
// where it stood is not known, its first reading says nothing.
func increases(readings []float64, last float64, known bool, watched []bool) []float64 {
	amounts := make([]float64, len(readings)-1)
	for k, v := range readings {
		grown := math.NaN()
		switch {
		case math.IsNaN(v):
		case known && v >= last:
			grown = v - last
		case known:
			grown = v
		case k > 0 && watched[k-1]:
			grown = v
		}
		if k > 0 {
			amounts[k-1] = grown
		}
		if !math.IsNaN(v) {
			last, known = v, true
		}
	}
	return amounts
}
