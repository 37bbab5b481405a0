package metrics

import (
	"path"
	"slices"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

// marker finds the changes that a policy's rules mark.
type marker struct {
	assisted, bots rule
}

// rule is one MarkRule, made ready to match.
type rule struct {
	trailers, labels, actors []string
	// matched remembers answers: trailers and labels repeat.
	matched map[string]bool
}

func newMarker(p evenkeel.Policy) *marker {
	return &marker{assisted: newRule(p.Assisted), bots: newRule(p.Bots)}
}

func newRule(r evenkeel.MarkRule) rule {
	return rule{trailers: folded(r.Trailers), labels: folded(r.Labels), actors: folded(r.Actors), matched: map[string]bool{}}
}

// folded readies patterns and texts for comparison: lower case, and with
// slashes that a star matches like any other character.
func folded(texts []string) []string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = fold(t)
	}
	return out
}

func fold(text string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(text)), "/", "\x1f")
}

// matches says whether a text fits any of the patterns; kind tells patterns
// apart in what is remembered.
func (r *rule) matches(kind string, patterns []string, text string) bool {
	if len(patterns) == 0 || text == "" {
		return false
	}
	key := kind + text
	if known, ok := r.matched[key]; ok {
		return known
	}
	text = fold(text)
	r.matched[key] = slices.ContainsFunc(patterns, func(pattern string) bool {
		ok, err := path.Match(pattern, text)
		return err == nil && ok
	})
	return r.matched[key]
}

// marks are the flags of a change: whether anything is known by which it could
// be marked, and what it is marked as.
func (m *marker) marks(c *change) (flags uint16) {
	v := &c.fact.Value
	if v.Labels != nil || v.ActorKind != "" {
		flags |= flagMarksKnown
	}
	for _, label := range v.Labels {
		flags |= m.flag(func(r *rule) bool { return r.matches("l", r.labels, label) })
	}
	flags |= m.flag(func(r *rule) bool { return r.matches("a", r.actors, v.Bot) })
	if c.repo.graph == nil {
		return flags
	}
	commits := c.own()
	if c.merge >= 0 {
		commits = append(commits, c.merge)
	}
	for _, at := range commits {
		details, ok := c.repo.graph.Details(at)
		if ok { // Whoever tells of paths or patches has read the message.
			flags |= flagMarksKnown
		}
		for key, values := range details.Trailers {
			for _, value := range values {
				flags |= m.flag(func(r *rule) bool { return r.matches("t", r.trailers, key+": "+value) })
			}
		}
	}
	return flags
}

// flag is the flags of the rules that match.
func (m *marker) flag(matches func(*rule) bool) (flags uint16) {
	if matches(&m.assisted) {
		flags |= flagAssisted | flagMarksKnown
	}
	if matches(&m.bots) {
		flags |= flagBot | flagMarksKnown
	}
	return flags
}

// redo marks shipped changes in every environment.
func (d *derivation) redo() {
	for _, s := range d.ordered {
		for i := range s.shipments {
			s.redo(&s.shipments[i])
		}
	}
}

// redo marks a shipped change that had to be done again: a later change that
// shipped to the same environment took it back, or the deployment that shipped
// it was taken back by a rollback, or the next deployment was a fix that came
// soon.
func (s *stage) redo(one *shipment) {
	if s.again[one.change] || s.redone(one.row) {
		one.flags |= flagRework
	}
}

// redone says that a rollout was taken back, or followed by an unplanned fix.
func (s *stage) redone(row int32) bool {
	ro := s.rollouts[row]
	if ro.rolledBack {
		return true
	}
	if ro.rollback || int(row)+1 >= len(s.rollouts) {
		return false
	}
	next := s.rollouts[row+1]
	return next.fix && !next.rollback && next.finished-ro.finished <= s.d.policy.HotfixWindow.Microseconds()
}
