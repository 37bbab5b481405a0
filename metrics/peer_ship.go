package metrics

import (
	"cmp"
	"container/heap"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// peerShipment says which deployment the peer lays a change to.
type peerShipment struct{ row peerRow }

// ship lays every merged change request to the earliest-started deployment
// whose difference to its predecessor in the chain holds the merge commit.
func (p *PeerProject) ship(f *peerFacts) {
	walks := map[string]*ancestry{}
	best := map[string][]*peerRow{}
	for _, key := range sortedPairs(p.chains) {
		repository, rows := key[1], p.chain(key)
		f.first[peerFirst{rows[0].deployment, repository}] = true
		g := p.graphs[repository]
		if g == nil {
			continue
		}
		if walks[repository] == nil {
			walks[repository] = newAncestry(g)
			best[repository] = make([]*peerRow, g.Len())
		}
		assign(walks[repository], best[repository], rows)
	}
	for id, c := range p.changes {
		rows, g := best[c.repository], p.graphs[c.repository]
		if g == nil || c.merge == "" {
			continue
		}
		at, ok := g.Index(c.merge)
		c.mergeInGraph = ok
		if ok && rows != nil && rows[at] != nil && c.request() {
			f.shipped[id] = peerShipment{row: *rows[at]}
		}
	}
}

// request says that the peer knows the change: a request that was merged.
func (c *peerChange) request() bool { return c.number > 0 && c.merged != unknown }

// chain is one chain by finish.
func (p *PeerProject) chain(key [2]string) []peerRow {
	rows := make([]peerRow, 0, len(p.chains[key]))
	for _, row := range p.chains[key] {
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b peerRow) int {
		return cmp.Or(cmp.Compare(a.finished, b.finished), a.record.compare(b.record), cmp.Compare(a.commit, b.commit))
	})
	return rows
}

// assign gives each commit the earliest-started row whose difference holds it.
// The first row of a chain has none.
func assign(walk *ancestry, best []*peerRow, rows []peerRow) {
	for i := 1; i < len(rows); i++ {
		row := &rows[i]
		to, known := walk.graph.Index(row.commit)
		from, before := walk.graph.Index(rows[i-1].commit)
		if !known || !before {
			continue
		}
		walk.between(from, to, func(commit int32) {
			if held := best[commit]; held == nil || row.sooner(held) {
				best[commit] = row
			}
		})
	}
}

// sooner says that a row comes before another in the peer's order.
func (r *peerRow) sooner(other *peerRow) bool {
	return cmp.Or(cmp.Compare(r.started, other.started), r.record.compare(other.record), cmp.Compare(r.commit, other.commit)) < 0
}

// lead is the peer's lead time of a change that shipped with a row, in
// microseconds: three phases, each rounded up to a minute. skipped says that a
// phase was negative and is left out; missing, that the first commit or the
// opening is not known.
func (c *peerChange) lead(row peerRow) (sum int64, skipped bool) {
	const minute = 60_000_000
	for _, ends := range [3][2]int64{{c.first, c.opened}, {c.opened, c.merged}, {c.merged, row.finished}} {
		if ends[0] == unknown || ends[1] == unknown {
			continue
		}
		span := ends[1] - ends[0]
		if span <= -minute {
			skipped = true
			continue
		}
		sum += max(0, (span+minute-1)/minute) * minute
	}
	return sum, skipped
}

// ancestry finds the commits that one commit reaches and another does not.
// It looks only at commits between the two, by generation.
type ancestry struct {
	graph      *evenkeel.Graph
	generation []int32
	mark       []uint8
	queue      commitQueue
}

const (
	fromNew uint8 = 1 << iota
	fromOld
	queued
)

func newAncestry(g *evenkeel.Graph) *ancestry {
	generation := generations(g)
	return &ancestry{graph: g, generation: generation, mark: make([]uint8, g.Len()), queue: commitQueue{generation: generation}}
}

// between calls f for the commits that to reaches and from does not.
func (d *ancestry) between(from, to int32, f func(commit int32)) {
	var seen []int32
	open := 0 // Queued commits that only to is known to reach.
	reach := func(at int32, by uint8) {
		before := d.mark[at]
		if before|by == before {
			return
		}
		d.mark[at] |= by
		switch {
		case before&queued == 0:
			d.mark[at] |= queued
			seen = append(seen, at)
			heap.Push(&d.queue, at)
			if by == fromNew {
				open++
			}
		case before&(fromNew|fromOld) == fromNew:
			open--
		}
	}
	reach(from, fromOld)
	reach(to, fromNew)
	for open > 0 {
		at, _ := heap.Pop(&d.queue).(int32)
		by := d.mark[at] &^ queued
		if by == fromNew {
			open--
			f(at)
		}
		for _, parent := range d.graph.Parents(at) {
			for _, side := range [2]uint8{fromNew, fromOld} {
				if by&side != 0 {
					reach(parent, side)
				}
			}
		}
	}
	for _, at := range seen {
		d.mark[at] = 0
	}
	d.queue.commits = d.queue.commits[:0]
}

// commitQueue gives commits, those of the highest generation first.
type commitQueue struct {
	generation []int32
	commits    []int32
}

func (q *commitQueue) Len() int { return len(q.commits) }

func (q *commitQueue) Less(i, j int) bool {
	a, b := q.commits[i], q.commits[j]
	return cmp.Or(cmp.Compare(q.generation[b], q.generation[a]), cmp.Compare(a, b)) < 0
}

func (q *commitQueue) Swap(i, j int) { q.commits[i], q.commits[j] = q.commits[j], q.commits[i] }

// Push implements heap.Interface.
func (q *commitQueue) Push(x any) {
	at, _ := x.(int32)
	q.commits = append(q.commits, at)
}

// Pop implements heap.Interface.
func (q *commitQueue) Pop() any {
	last := len(q.commits) - 1
	at := q.commits[last]
	q.commits = q.commits[:last]
	return at
}

func sortedPairs[V any](m map[[2]string]V) [][2]string {
	keys := make([][2]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	return keys
}
