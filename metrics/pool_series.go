package metrics

import (
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// TrendIn is [Joined.Trend] with what pools remember.
func (j *Joined) TrendIn(p *Pools, q Query, g Grain, wanted *float64) ([]Bucket, Controls) {
	u := j.all.asked(q)
	if c, _ := u.span(); u.rows(c, leads) >= fewPooled {
		u.pools = p
	}
	return u.trend(g, wanted)
}

// pooledSeries are the summaries of a column's buckets, and the rows they are of.
type pooledSeries struct {
	cuts        cuts
	aggregation evenkeel.Aggregation
	hidden      uint16
	rows        []pooledRows
	summaries   []summary
}

// summaries are those of a column's buckets; series names the series and the
// column. Buckets of which neither ends nor rows have changed are remembered.
func (u *union) summaries(c cuts, series string, of func(*part) column) []summary {
	if u.pools == nil {
		return u.aggregates(c, of)
	}
	if u.pools.series == nil {
		u.pools.series = map[string]*pooledSeries{}
	}
	next := &pooledSeries{cuts: slices.Clone(c), aggregation: u.aggregation(), hidden: u.hidden}
	for _, p := range u.parts {
		if !p.unplacedOnly {
			next.rows = append(next.rows, pooledRows{column: of(p), application: p.application, environment: p.name})
		}
	}
	if held := u.pools.series[series]; held != nil && held.alike(next) {
		next.summaries = slices.Clone(held.summaries)
		for i, differs := range held.differ(next) {
			if differs {
				next.summaries[i] = u.aggregates(c[i:i+2], of)[0]
			}
		}
	} else {
		next.summaries = u.aggregates(c, of)
	}
	u.pools.series[series] = next
	return next.summaries
}

// aggregates goes through all rows.
func (u *union) aggregates(c cuts, of func(*part) column) []summary {
	values := u.gather(c, of)
	out := make([]summary, len(values))
	for i, one := range values {
		out[i] = aggregate(one, u.aggregation())
	}
	return out
}

// alike says whether two series have as many buckets of the same environments
// by the same rules.
func (s *pooledSeries) alike(o *pooledSeries) bool {
	return len(s.cuts) == len(o.cuts) && s.aggregation == o.aggregation && s.hidden == o.hidden && slices.EqualFunc(s.rows, o.rows, func(a, b pooledRows) bool {
		return a.application == b.application && a.environment == b.environment
	})
}

// differ says of each bucket whether its ends are others, or what it shows.
func (s *pooledSeries) differ(o *pooledSeries) []bool {
	out := make([]bool, len(s.cuts)-1)
	for i := range out {
		out[i] = s.cuts[i] != o.cuts[i] || s.cuts[i+1] != o.cuts[i+1]
	}
	for at := range s.rows {
		a, b := &s.rows[at].column, &o.rows[at].column
		if a.same(*b) || len(a.at) == 0 && len(b.at) == 0 {
			continue
		}
		for i := range out {
			out[i] = out[i] || !slices.Equal(a.shown(s.cuts[i], s.cuts[i+1], s.hidden), b.shown(s.cuts[i], s.cuts[i+1], s.hidden))
		}
	}
	return out
}

// shown are the durations that a column shows between two instants.
func (c *column) shown(from, to int64, hidden uint16) []int64 {
	first, _ := slices.BinarySearch(c.at, from)
	end, _ := slices.BinarySearch(c.at, to)
	return c.append(nil, first, max(first, end), hidden)
}
