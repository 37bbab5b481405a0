package connectors

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

// gitMaxChangeCommits is the most commits that a change names: those written
// first, because the first one starts its lead time. Which deployment ships a
// change follows from its merge commit, so no figure needs the rest.
const gitMaxChangeCommits = 250

// gitHistory is all commits that were read, in git's order (newest first).
type gitHistory struct {
	commits []gitCommit
	index   map[evenkeel.SHA]int32
	sorted  []int32 // Places in the order of ids.
	cutOff  bool    // Some parent was not read.
}

// readGitHistory reads what git rev-list printed. edges holds the true parents
// of commits at the edge of a shallow clone, which git prints without them.
func readGitHistory(r io.Reader, edges map[string][]string, progress func(done int)) (*gitHistory, error) {
	h := &gitHistory{index: map[evenkeel.SHA]int32{}}
	err := readGitLog(r, func(c gitCommit) error {
		if _, known := h.index[c.sha]; known {
			return nil
		}
		if len(edges) > 0 {
			for _, parent := range edges[c.sha.Hex()] {
				if id, ok := evenkeel.ParseSHA(parent); ok && !slices.Contains(c.parents, id) {
					c.parents = append(c.parents, id)
				}
			}
		}
		h.index[c.sha] = int32(len(h.commits))
		h.commits = append(h.commits, c)
		if len(h.commits)%1000 == 0 {
			progress(len(h.commits))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(h.commits) > 0 {
		progress(len(h.commits))
	}
	h.link()
	return h, nil
}

// link finds the places of all parents.
func (h *gitHistory) link() {
	total := 0
	for i := range h.commits {
		total += len(h.commits[i].parents)
	}
	places := make([]int32, 0, total)
	for i := range h.commits {
		c := &h.commits[i]
		from := len(places)
		for _, parent := range c.parents {
			at, ok := h.index[parent]
			if !ok {
				at, h.cutOff = -1, true
			}
			places = append(places, at)
		}
		c.up = places[from:len(places):len(places)]
	}
	h.sorted = make([]int32, len(h.commits))
	for i := range h.sorted {
		h.sorted[i] = int32(i)
	}
	slices.SortFunc(h.sorted, func(a, b int32) int {
		return bytes.Compare(h.commits[a].sha[:], h.commits[b].sha[:])
	})
}

// find is the place of a commit by its full id; -1 when it was not read.
func (h *gitHistory) find(sha string) int32 {
	if id, ok := evenkeel.ParseSHA(sha); ok {
		if at, ok := h.index[id]; ok {
			return at
		}
	}
	return -1
}

// abbreviated is the one commit whose id begins with prefix and that fits; -1
// when there is none or several.
func (h *gitHistory) abbreviated(prefix string, fits func(int32) bool) int32 {
	from, _ := slices.BinarySearchFunc(h.sorted, prefix, func(at int32, prefix string) int {
		return strings.Compare(h.commits[at].sha.Hex(), prefix)
	})
	found := int32(-1)
	for _, at := range h.sorted[from:] {
		if !strings.HasPrefix(h.commits[at].sha.Hex(), prefix) {
			break
		}
		if !fits(at) {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = at
	}
	return found
}

// spread marks every unmarked commit that is reachable from the given ones,
// them included, and returns those it marked.
func (h *gitHistory) spread(marks []int32, mark int32, from ...int32) []int32 {
	var reached []int32
	visit := func(at int32) {
		if at >= 0 && marks[at] == 0 {
			marks[at] = mark
			reached = append(reached, at)
		}
	}
	for _, at := range from {
		visit(at)
	}
	for done := 0; done < len(reached); done++ {
		for _, at := range h.commits[reached[done]].up {
			visit(at)
		}
	}
	return reached
}

// gitTrunk is a branch of a repository.
type gitTrunk struct{ repository, branch string }

// onward is the position among the parents of c by which the branch goes on:
// the first, but the second where c is the merge of a local pull from the same
// repository. There the first parent is the local work, and the second is what
// the branch was. A fork that pulls from its origin goes on by the first.
func (b gitTrunk) onward(c *gitCommit) int {
	n := c.note
	if n != nil && n.pullOf != "" && n.pullOf == b.branch && len(c.parents) == 2 &&
		(n.pullFrom == "" || n.pullFrom == b.repository) {
		return 1
	}
	return 0
}

// mainline is the branch from its first commit to tip, one commit per state
// the branch was in.
func (h *gitHistory) mainline(tip int32, trunk gitTrunk) []int32 {
	var line []int32
	seen := map[int32]bool{}
	for tip >= 0 && !seen[tip] {
		seen[tip] = true
		line = append(line, tip)
		c := &h.commits[tip]
		if len(c.up) == 0 {
			break
		}
		tip = c.up[trunk.onward(c)]
	}
	slices.Reverse(line)
	return line
}

// gitMerge is one commit of the mainline as a change.
type gitMerge struct {
	at        int32
	number    int     // 0 when only git knows the change.
	commits   []int32 // By author date; nil is unknown.
	cut       bool    // There are more commits than are named.
	revertOf  string
	uncertain bool // The edge of a shallow clone hides which commits belong to it.
}

// changes finds what each commit of the mainline brought. Everything said of a
// commit depends only on the commit and its ancestors, so that later commits,
// branches and tags never alter it.
func (h *gitHistory) changes(line []int32, trunk gitTrunk) []gitMerge {
	gitlab := strings.Contains(trunk.repository, "gitlab")
	p := gitPass{history: h, trunk: trunk, gitlab: gitlab, marks: make([]int32, len(h.commits)), taken: map[int]bool{}}
	found := make([]gitMerge, len(line))
	for i, at := range line {
		p.step = int32(i + 1)
		found[i] = p.change(at)
	}
	return found
}

// gitPass walks the mainline once, from old to new.
type gitPass struct {
	history *gitHistory
	trunk   gitTrunk
	gitlab  bool // "(#12)" names issues here, not requests.
	step    int32
	marks   []int32      // The step at which a commit came to the mainline; 0 is not yet.
	taken   map[int]bool // Numbers that an earlier commit bears.
}

func (p *gitPass) change(at int32) gitMerge {
	c := &p.history.commits[at]
	m := gitMerge{at: at}
	var side []int32
	if c.merge() {
		side = p.side(c)
		m.uncertain = p.uncertain(c, side)
	}
	p.marks[at] = p.step
	p.number(&m, c)
	if m.uncertain {
		side = nil
	}
	m.revertOf = p.revertOf(c, side)
	switch {
	case !c.merge():
		m.commits = []int32{at}
	case !m.uncertain:
		m.commits, m.cut = p.history.byAuthorDate(side)
	}
	return m
}

// side is what a merge brought: reachable from its other parents, not from the
// one by which the branch goes on.
func (p *gitPass) side(c *gitCommit) []int32 {
	var from []int32
	for i, at := range c.up {
		if i != p.trunk.onward(c) {
			from = append(from, at)
		}
	}
	return p.history.spread(p.marks, p.step, from...)
}

// uncertain says that commits of side may have been on the branch before: the
// clone is cut, and a way down from the merge ends without meeting the branch.
func (p *gitPass) uncertain(c *gitCommit, side []int32) bool {
	if slices.Contains(c.up, -1) {
		return true
	}
	if !p.history.cutOff {
		return false
	}
	for _, at := range side {
		up := p.history.commits[at].up
		if len(up) == 0 || slices.Contains(up, -1) {
			return true
		}
	}
	return false
}

// number gives a request's number to the first commit that bears it. A later
// bearer (a request that was taken back and landed again, or a copy) is a
// change of its own.
func (p *gitPass) number(m *gitMerge, c *gitCommit) {
	if c.note == nil {
		return
	}
	p.gitlab = p.gitlab || c.note.gitlab
	if c.note.number == 0 || c.note.issueish && (p.gitlab || c.note.picked != nil) || p.taken[c.note.number] {
		return
	}
	p.taken[c.note.number] = true
	m.number = c.note.number
}

// revertOf is what a change takes back: what its own message says, else what a
// branch named by the request that reverts says, else what all of its commits say.
func (p *gitPass) revertOf(c *gitCommit, side []int32) string {
	if c.note != nil {
		if target := p.target(c.note); target != "" {
			return target
		}
		if number := gitRevertBranchNumber(c.note.branch); number != "" && c.note.number != 0 {
			return number
		}
	}
	first := ""
	for _, s := range slices.Backward(side) { // From old to new.
		inner := &p.history.commits[s]
		if inner.merge() {
			continue
		}
		target := ""
		if inner.note != nil {
			target = p.target(inner.note)
		}
		if target == "" {
			return ""
		}
		first = cmp.Or(first, target)
	}
	return first
}

// target is the first thing that a message takes back and that was on the
// branch before. Another id counts only if the subject, too, says that the
// commit is a revert: bodies of squashed requests quote reverts that happened
// before the request was merged.
func (p *gitPass) target(n *gitNote) string {
	before := func(at int32) bool { return p.marks[at] > 0 && p.marks[at] < p.step }
	for _, said := range n.reverts {
		if strings.HasPrefix(said, "#") {
			return said
		}
		if at := p.history.abbreviated(said, before); at >= 0 {
			return p.history.commits[at].sha.Hex()
		}
		if at := p.history.find(said); n.revert && evenkeel.ValidSHA(said) && (at < 0 || p.marks[at] != p.step) {
			return said
		}
	}
	return ""
}

// gitRevertBranchNumber reads the names that hosts give to branches of
// reverts, "revert-12-feature"; the result is "#12" or empty.
func gitRevertBranchNumber(branch string) string {
	rest, ok := strings.CutPrefix(branch, "revert-")
	if !ok {
		return ""
	}
	number, _, ok := strings.Cut(rest, "-")
	if !ok || number == "" || len(number) > 9 || strings.Trim(number, "0123456789") != "" || number[0] == '0' {
		return ""
	}
	return "#" + number
}

// byAuthorDate sorts commits by author date, unknown dates last, and keeps the
// first gitMaxChangeCommits. The result is not nil.
func (h *gitHistory) byAuthorDate(places []int32) (kept []int32, cut bool) {
	kept = append(make([]int32, 0, len(places)), places...)
	slices.SortFunc(kept, func(a, b int32) int {
		x, y := &h.commits[a], &h.commits[b]
		if (x.authored == 0) != (y.authored == 0) {
			return cmp.Compare(y.authored, x.authored)
		}
		return cmp.Or(cmp.Compare(x.authored, y.authored), bytes.Compare(x.sha[:], y.sha[:]))
	})
	if len(kept) > gitMaxChangeCommits {
		return kept[:gitMaxChangeCommits], true
	}
	return kept, false
}

// tip is the place of the commit at the end of a branch.
func (h *gitHistory) tip(sha string) (int32, error) {
	if at := h.find(sha); at >= 0 {
		return at, nil
	}
	return -1, fmt.Errorf("git: the log lacks commit %s, the end of the branch: %w", gitShort(sha), evenkeel.ErrInvalid)
}
