package metrics

import (
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// Pools remember the durations that a question about many rows ranked, so that
// the next question, of a window a little later or of results that differ a
// little, ranks them again without going through all rows. Answers are exactly
// those without. Pools serve one question at a time; the zero value is ready.
type Pools struct {
	held   map[string]*pool
	series map[string]*pooledSeries
}

// fewPooled is the number of changes below which going through all is as fast.
const fewPooled = 16_384

// ComputeIn is [Joined.Compute] with what pools remember.
func (j *Joined) ComputeIn(p *Pools, q Query) Report {
	u := j.all.asked(q)
	if c, _ := u.span(); u.rows(c, leads) >= fewPooled && u.aggregation() != evenkeel.AggregateMean {
		u.pools = p // A mean depends on the order of its additions.
	}
	return u.compute()
}

// ranked are a column's visible durations in a window, ready to be ranked; of
// names what of does.
func (u *union) ranked(c cuts, name string, of func(*part) column) ranker {
	if u.pools == nil {
		return newSelection(u.gather(c, of)[0])
	}
	if u.pools.held == nil {
		u.pools.held = map[string]*pool{}
	}
	held := u.pools.held[name]
	if held == nil || !held.fits(u) {
		held = newPool(u)
		u.pools.held[name] = held
	}
	held.follow(u, c, of)
	return held
}

// pool is a multiset of durations that is counted by bin. Of the bins that
// were ranked it holds the values, ascending.
type pool struct {
	n      int
	counts []int32
	values map[uint32][]int64
	places map[int]pooledPlace
	hidden uint16
	rows   []pooledRows
}

// pooledPlace is where the value of a rank lies.
type pooledPlace struct {
	bin uint32
	at  int
}

// pooledRows are the rows of a part that are in a pool.
type pooledRows struct {
	column
	application, environment string
	from, to                 int
}

func newPool(u *union) *pool {
	p := &pool{counts: make([]int32, binCount), values: map[uint32][]int64{}, hidden: u.hidden}
	for _, part := range u.parts {
		if !part.unplacedOnly {
			p.rows = append(p.rows, pooledRows{application: part.application, environment: part.name})
		}
	}
	return p
}

// fits says whether a pool is of the environments of a union.
func (p *pool) fits(u *union) bool {
	n := 0
	for _, part := range u.parts {
		if part.unplacedOnly {
			continue
		}
		if n == len(p.rows) || p.rows[n].application != part.application || p.rows[n].environment != part.name {
			return false
		}
		n++
	}
	return n == len(p.rows) && p.hidden == u.hidden
}

// follow exchanges rows until the pool holds those of a window.
func (p *pool) follow(u *union, c cuts, of func(*part) column) {
	n := 0
	for _, part := range u.parts {
		if part.unplacedOnly {
			continue
		}
		next := p.rows[n]
		next.column = of(part)
		next.from, _ = slices.BinarySearch(next.at, c[0])
		next.to, _ = slices.BinarySearch(next.at, c[len(c)-1])
		p.exchange(p.rows[n], next)
		p.rows[n] = next
		n++
	}
}

// exchange takes rows out and puts others in. Rows of one column that are in
// both stay.
func (p *pool) exchange(before, after pooledRows) {
	if !before.same(after.column) {
		p.change(before.column, before.from, before.to, -1)
		p.change(after.column, after.from, after.to, 1)
		return
	}
	p.change(before.column, before.from, min(before.to, after.from), -1)
	p.change(before.column, max(before.from, after.to), before.to, -1)
	p.change(after.column, after.from, min(after.to, before.from), 1)
	p.change(after.column, max(after.from, before.to), after.to, 1)
}

// same says that two columns are one and nothing in it is hidden by others.
func (c *column) same(o column) bool {
	return c.skip == nil && o.skip == nil && len(c.at) > 0 && len(c.at) == len(o.at) && &c.at[0] == &o.at[0] && &c.values[0] == &o.values[0]
}

func (p *pool) change(c column, from, to int, by int32) {
	for row := from; row < to; row++ {
		v := c.values[row]
		if v < 0 || !c.shows(row, p.hidden) {
			continue
		}
		b := bin(v)
		p.counts[b] += by
		p.n += int(by)
		list, ok := p.values[b]
		if !ok {
			continue
		}
		at, _ := slices.BinarySearch(list, v)
		if by > 0 {
			p.values[b] = slices.Insert(list, at, v)
		} else {
			p.values[b] = slices.Delete(list, at, at+1)
		}
	}
}

func (p *pool) size() int { return p.n }

// prepare finds the bins of ranks, and the values of bins that it does not
// hold yet.
func (p *pool) prepare(ranks []int) {
	sorted := slices.Sorted(slices.Values(ranks))
	p.places = make(map[int]pooledPlace, len(sorted))
	kept, missing := map[uint32][]int64{}, map[uint32][]int64{}
	below, next := 0, 0
	for b, n := range p.counts {
		for ; next < len(sorted) && sorted[next] < below+int(n); next++ {
			one := uint32(b)
			p.places[sorted[next]] = pooledPlace{one, sorted[next] - below}
			if list, ok := p.values[one]; ok {
				kept[one] = list
			} else {
				missing[one] = make([]int64, 0, n)
			}
		}
		below += int(n)
	}
	if len(missing) > 0 {
		p.collect(missing)
	}
	for b, list := range missing {
		slices.Sort(list)
		kept[b] = list
	}
	p.values = kept
}

// collect goes through all rows for the values of some bins.
func (p *pool) collect(into map[uint32][]int64) {
	wanted := make([]bool, binCount)
	for b := range into {
		wanted[b] = true
	}
	for i := range p.rows {
		r := &p.rows[i]
		for row := r.from; row < r.to; row++ {
			if v := r.values[row]; v >= 0 && wanted[bin(v)] && r.shows(row, p.hidden) {
				into[bin(v)] = append(into[bin(v)], v)
			}
		}
	}
}

func (p *pool) at(rank int) int64 {
	place := p.places[rank]
	return p.values[place.bin][place.at]
}

func (p *pool) sample() sample { return countedSample(p.counts) }
