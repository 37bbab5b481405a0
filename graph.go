package evenkeel

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"iter"
	"maps"
	"slices"
	"time"
)

// SHA is a commit id in binary: 20 bytes (the rest zero) or 32 bytes.
type SHA [32]byte

// ParseSHA reads a full hexadecimal id; ok is false for anything else.
func ParseSHA(text string) (sha SHA, ok bool) {
	if !ValidSHA(text) {
		return sha, false
	}
	_, err := hex.Decode(sha[:], []byte(text))
	return sha, err == nil
}

// Hex is the id as text. An id whose last 12 bytes are zero is a SHA-1.
func (s SHA) Hex() string {
	if bytes.Equal(s[20:], make([]byte, 12)) {
		return hex.EncodeToString(s[:20])
	}
	return hex.EncodeToString(s[:])
}

// Node is one commit of a [Graph] before it is built.
type Node struct {
	SHA       SHA
	Parents   []SHA
	Authored  time.Time
	Committed time.Time
	// ObservedAt decides between two descriptions of one commit: the newest
	// wins, then the one with the greater parents.
	ObservedAt time.Time
	Paths      []string
	PatchID    string
	Trailers   map[string][]string
}

// Graph is the commit graph of one repository in columns: commit i has the
// parents Parents(i). It is immutable and safe for concurrent use.
type Graph struct {
	all       layer
	recent    layer
	shas      []SHA
	first     []int32 // First parent of commit i in parents; first[len] closes the last.
	parents   []int32
	missing   []bool
	authored  []int64 // Unix microseconds; 0 is unknown.
	committed []int64
	// absent are the parents that no node describes.
	absent map[SHA]bool
	cyclic []SHA
	tail   *tail
}

// Details are what only the second pass over a repository knows.
type Details struct {
	Paths    []string
	PatchID  string
	Trailers map[string][]string
}

// NewGraph builds a graph. The order of nodes does not matter, and a commit
// may be described several times. Parents that no node describes are noted
// (see Missing); edges of a cycle are cut and its commits listed (see Cyclic).
func NewGraph(nodes []Node) *Graph {
	nodes = merged(nodes)
	g := &Graph{
		all:       layer{index: make(map[SHA]int32, len(nodes))},
		tail:      &tail{written: len(nodes)},
		shas:      make([]SHA, len(nodes)),
		first:     make([]int32, 1, len(nodes)+1),
		parents:   make([]int32, 0, len(nodes)+len(nodes)/4),
		missing:   make([]bool, len(nodes)),
		authored:  make([]int64, len(nodes)),
		committed: make([]int64, len(nodes)),
	}
	for i, n := range nodes {
		g.all.index[n.SHA], g.shas[i] = int32(i), n.SHA
	}
	for i, n := range nodes {
		g.fill(int32(i), n, &g.all)
	}
	g.cutCycles()
	return g
}

// merged sorts nodes by id and joins descriptions of one commit.
func merged(nodes []Node) []Node {
	out := make([]Node, 0, len(nodes))
	for _, at := range sortedOrder(nodes) {
		n := nodes[at]
		if len(out) > 0 && out[len(out)-1].SHA == n.SHA {
			joinDetails(&out[len(out)-1], n)
			continue
		}
		out = append(out, n)
	}
	return out
}

// sortedOrder lists the places of nodes in the order of compareNodes. Places
// are moved instead of nodes, which are large, and the first bytes of an id
// nearly always decide.
func sortedOrder(nodes []Node) []int32 {
	type place struct {
		prefix uint64
		at     int32
	}
	places := make([]place, len(nodes))
	for i := range nodes {
		places[i] = place{binary.BigEndian.Uint64(nodes[i].SHA[:8]), int32(i)}
	}
	slices.SortFunc(places, func(a, b place) int {
		if a.prefix != b.prefix {
			return cmp.Compare(a.prefix, b.prefix)
		}
		return cmp.Or(compareNodes(nodes[a.at], nodes[b.at]), cmp.Compare(a.at, b.at))
	})
	order := make([]int32, len(places))
	for i, p := range places {
		order[i] = p.at
	}
	return order
}

// compareNodes puts the description that wins first.
func compareNodes(a, b Node) int {
	return cmp.Or(
		bytes.Compare(a.SHA[:], b.SHA[:]),
		b.ObservedAt.Compare(a.ObservedAt),
		slices.CompareFunc(b.Parents, a.Parents, func(x, y SHA) int { return bytes.Compare(x[:], y[:]) }),
		b.Authored.Compare(a.Authored),
		b.Committed.Compare(a.Committed),
		cmp.Compare(b.PatchID, a.PatchID),
		slices.Compare(b.Paths, a.Paths),
		compareTrailers(b.Trailers, a.Trailers),
	)
}

func compareTrailers(a, b map[string][]string) int {
	keys := slices.Sorted(maps.Keys(a))
	if order := slices.Compare(keys, slices.Sorted(maps.Keys(b))); order != 0 {
		return order
	}
	for _, key := range keys {
		if order := slices.Compare(a[key], b[key]); order != 0 {
			return order
		}
	}
	return 0
}

func joinDetails(winner *Node, other Node) {
	if winner.Authored.IsZero() {
		winner.Authored = other.Authored
	}
	if winner.Paths == nil {
		winner.Paths = other.Paths
	}
	if winner.PatchID == "" {
		winner.PatchID = other.PatchID
	}
	if winner.Trailers == nil {
		winner.Trailers = other.Trailers
	}
}

func (g *Graph) fill(i int32, n Node, into *layer) {
	for _, p := range n.Parents {
		if at, ok := g.find(p); ok {
			g.parents = append(g.parents, at)
			continue
		}
		g.missing[i] = true
		if g.absent == nil {
			g.absent = map[SHA]bool{}
		}
		g.absent[p] = true
	}
	g.first = append(g.first, int32(len(g.parents)))
	g.authored[i], g.committed[i] = micros(n.Authored), micros(n.Committed)
	if n.Paths != nil || n.PatchID != "" || n.Trailers != nil {
		if into.details == nil {
			into.details = map[int32]Details{}
		}
		into.details[i] = Details{Paths: n.Paths, PatchID: n.PatchID, Trailers: n.Trailers}
	}
}

// cutCycles removes every edge between two commits of one cycle: what remains
// after repeatedly taking away commits without children, then without parents.
func (g *Graph) cutCycles() {
	children := make([]int32, len(g.shas))
	for _, p := range g.parents {
		children[p]++
	}
	var queue []int32
	for i, n := range children {
		if n == 0 {
			queue = append(queue, int32(i))
		}
	}
	done := 0
	for ; done < len(queue); done++ {
		for _, p := range g.Parents(queue[done]) {
			if children[p]--; children[p] == 0 {
				queue = append(queue, p)
			}
		}
	}
	if done == len(g.shas) {
		return
	}
	g.cut(children)
}

// cut drops the edges among commits that still have children: those on a
// cycle and those that a cycle alone reaches. Only real cycles are listed.
func (g *Graph) cut(children []int32) {
	onCycle := g.stronglyConnected(children)
	parents := make([]int32, 0, len(g.parents))
	first := make([]int32, 1, len(g.first))
	for i := range g.shas {
		for _, p := range g.Parents(int32(i)) {
			if onCycle[i] != 0 && onCycle[i] == onCycle[p] {
				continue
			}
			parents = append(parents, p)
		}
		if onCycle[i] != 0 {
			g.cyclic = append(g.cyclic, g.shas[i])
		}
		first = append(first, int32(len(parents)))
	}
	g.parents, g.first = parents, first
}

// Len is the number of commits.
func (g *Graph) Len() int { return len(g.shas) }

// Index finds a commit by its hexadecimal id.
func (g *Graph) Index(sha string) (int32, bool) {
	key, ok := ParseSHA(sha)
	if !ok {
		return 0, false
	}
	return g.find(key)
}

// SHA is the id of commit i in hexadecimal.
func (g *Graph) SHA(i int32) string { return g.shas[i].Hex() }

// Parents are the known parents of commit i. The slice must not be changed.
func (g *Graph) Parents(i int32) []int32 { return g.parents[g.first[i]:g.first[i+1]] }

// Missing says that commit i has a parent which no source described, as at
// the edge of a shallow clone.
func (g *Graph) Missing(i int32) bool { return g.missing[i] }

// Authored is when commit i was written; zero is unknown.
func (g *Graph) Authored(i int32) time.Time { return instant(g.authored[i]) }

// Committed is when commit i was recorded.
func (g *Graph) Committed(i int32) time.Time { return instant(g.committed[i]) }

// Details are the paths, patch id and trailers of commit i; ok is false when
// they are unknown.
func (g *Graph) Details(i int32) (d Details, ok bool) {
	if d, ok = g.all.details[i]; ok {
		return d, true
	}
	d, ok = g.recent.details[i]
	return d, ok
}

// Detailed lists the commits with known details, in no order.
func (g *Graph) Detailed() iter.Seq2[int32, Details] {
	return func(yield func(int32, Details) bool) {
		for _, details := range []map[int32]Details{g.all.details, g.recent.details} {
			for i, d := range details {
				if !yield(i, d) {
					return
				}
			}
		}
	}
}

// Cyclic lists the commits that were given as their own ancestors.
func (g *Graph) Cyclic() []SHA { return g.cyclic }

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}
