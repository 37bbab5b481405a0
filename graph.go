package evenkeel

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"iter"
	"maps"
	"math/bits"
	"slices"
	"time"
)

// SHA is a commit id in binary: 20 bytes (the rest zero) or 32 bytes.
type SHA [32]byte

// ParseSHA reads a full hexadecimal id; ok is false for anything else.
func ParseSHA(text string) (sha SHA, ok bool) {
	if len(text) != 40 && len(text) != 64 {
		return sha, false
	}
	for i := 0; i < len(text); i += 2 {
		high, low := digits[text[i]], digits[text[i+1]]
		if (high|low)&notDigit != 0 {
			return SHA{}, false
		}
		sha[i/2] = high<<4 | low
	}
	return sha, true
}

const notDigit = 0x80

// digits is a constant table: the values of lower-case hexadecimal digits.
//
//nolint:gochecknoglobals // Never changed.
var digits = func() (values [256]byte) {
	for i := range values {
		values[i] = notDigit
	}
	for i, c := range []byte("0123456789abcdef") {
		values[c] = byte(i)
	}
	return values
}()

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
// parents Parents(i). Commits are numbered as they were first given, so that
// those of one time lie together. It is immutable and safe for concurrent use.
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
	distinct, keys := merged(nodes)
	g := &Graph{
		all:       newLayer(keys, distinct),
		tail:      &tail{written: len(distinct)},
		shas:      make([]SHA, len(distinct)),
		first:     make([]int32, 1, len(distinct)+1),
		parents:   make([]int32, 0, len(distinct)+len(distinct)/4),
		missing:   make([]bool, len(distinct)),
		authored:  make([]int64, len(distinct)),
		committed: make([]int64, len(distinct)),
	}
	for i, n := range distinct {
		g.shas[i] = n.SHA
	}
	for i, n := range distinct {
		g.fill(int32(i), n)
	}
	g.cutCycles()
	return g
}

// merged joins the descriptions of each commit and numbers commits as they
// were first given. keys are in the order of ids.
func merged(nodes []Node) (distinct []*Node, keys []key) {
	order := sortedOrder(nodes)
	keys = make([]key, 0, len(nodes))
	winner := make([]*Node, len(nodes)) // By the place where a commit was first given.
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && order[to].prefix == order[from].prefix && nodes[order[to].at].SHA == nodes[order[from].at].SHA {
			to++
		}
		at := slices.MinFunc(order[from:to], func(a, b place) int { return cmp.Compare(a.at, b.at) }).at
		winner[at] = joined(nodes, order[from:to])
		keys = append(keys, key{prefix: uint32(order[from].prefix >> 32), at: at})
		from = to
	}
	number := make([]int32, len(nodes))
	distinct = make([]*Node, 0, len(keys))
	for at, n := range winner {
		if n != nil {
			number[at] = int32(len(distinct))
			distinct = append(distinct, n)
		}
	}
	for i := range keys {
		keys[i].at = number[keys[i].at]
	}
	return distinct, keys
}

// joined is one description out of several, the winning one first.
func joined(nodes []Node, places []place) *Node {
	if len(places) == 1 {
		return &nodes[places[0].at]
	}
	n := nodes[places[0].at]
	for _, other := range places[1:] {
		joinDetails(&n, &nodes[other.at])
	}
	return &n
}

// place is where a node was given, with the first bytes of its id, which nearly
// always decide: nodes are large and stay where they are.
type place struct {
	prefix uint64
	at     int32
}

// sortedOrder lists nodes in the order of compareNodes. They are first laid
// into small heaps by their first bits, so that each sort is a short one.
func sortedOrder(nodes []Node) []place {
	width := max(bits.Len(uint(len(nodes)))-4, 0)
	prefix := func(i int) uint64 { return binary.BigEndian.Uint64(nodes[i].SHA[:8]) }
	ends := make([]int32, 1<<width+1) // Where the heaps begin; once filled, where they end.
	for i := range nodes {
		ends[prefix(i)>>(64-width)+1]++
	}
	for h := range 1 << width {
		ends[h+1] += ends[h]
	}
	places := make([]place, len(nodes))
	for i := range nodes {
		end := &ends[prefix(i)>>(64-width)]
		places[*end] = place{prefix(i), int32(i)}
		*end++
	}
	from := int32(0)
	for _, to := range ends[:1<<width] {
		slices.SortFunc(places[from:to], func(a, b place) int {
			if a.prefix != b.prefix {
				return cmp.Compare(a.prefix, b.prefix)
			}
			return cmp.Or(compareNodes(&nodes[a.at], &nodes[b.at]), cmp.Compare(a.at, b.at))
		})
		from = to
	}
	return places
}

// compareNodes puts the description that wins first.
func compareNodes(a, b *Node) int {
	if order := compareIDs(&a.SHA, &b.SHA); order != 0 {
		return order
	}
	return cmp.Or(
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

func joinDetails(winner, other *Node) {
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

func (g *Graph) fill(i int32, n *Node) {
	for _, p := range n.Parents {
		if at, ok := g.findNear(i, &p); ok {
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
}

// cutCycles removes every edge between two commits of one cycle: what remains
// after repeatedly taking away commits without children, then without parents.
func (g *Graph) cutCycles() {
	children := make([]int32, len(g.shas))
	for _, p := range g.parents {
		children[p]++
	}
	queue := make([]int32, 0, len(children))
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
	slices.SortFunc(g.cyclic, func(a, b SHA) int { return compareIDs(&a, &b) })
}

// Len is the number of commits.
func (g *Graph) Len() int { return len(g.shas) }

// Index finds a commit by its hexadecimal id.
func (g *Graph) Index(sha string) (int32, bool) {
	key, ok := ParseSHA(sha)
	if !ok {
		return 0, false
	}
	return g.find(&key)
}

// IndexNear is as Index, and fast where the commit lies beside commit near.
func (g *Graph) IndexNear(near int32, sha string) (int32, bool) {
	key, ok := ParseSHA(sha)
	if !ok {
		return 0, false
	}
	return g.findNear(near, &key)
}

// findNear looks beside a commit first: parents and the commits of a request
// mostly lie there.
func (g *Graph) findNear(near int32, sha *SHA) (int32, bool) {
	for at := max(near-1, 0); at <= near+1 && int(at) < len(g.shas); at++ {
		if g.shas[at] == *sha {
			return at, true
		}
	}
	return g.find(sha)
}

// ID is the id of commit i.
func (g *Graph) ID(i int32) SHA { return g.shas[i] }

// Compare orders commits by their ids.
func (g *Graph) Compare(i, j int32) int { return compareIDs(&g.shas[i], &g.shas[j]) }

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
	if d, ok = g.all.at(i); ok {
		return d, true
	}
	return g.recent.at(i - int32(len(g.all.places)))
}

// Detailed lists the commits with known details.
func (g *Graph) Detailed() iter.Seq2[int32, Details] {
	return func(yield func(int32, Details) bool) {
		for i := range int32(len(g.shas)) {
			if d, ok := g.Details(i); ok && !yield(i, d) {
				return
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
