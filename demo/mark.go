package demo

import (
	"maps"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// marks are what tells of a branch who or what wrote it.
type marks struct {
	actor evenkeel.ActorKind
	bot   string
	// assisted says that a model helped.
	assisted bool
}

// aid is how much a team lets models help: the share of its changes now, and
// what it was a year ago as a part of that. A silent team's code host tells
// neither who opened a change nor how it is labelled.
type aid struct {
	share, before float64
	silent        bool
}

// aids are by team; others have hardly begun.
func aids() map[string]aid {
	return map[string]aid{
		"storefront": {share: 0.38, before: 0.6}, "growth": {share: 0.36, before: 0.7}, "routing": {share: 0.34, before: 0.3},
		"platform": {share: 0.22, before: 0.5}, "tracking": {share: 0.18, before: 0.2}, "payments": {share: 0.05, before: 0.2},
		"mobile": {silent: true},
	}
}

// mark decides who or what writes a branch. It draws from numbers of its own,
// so that nothing else depends on it.
func (s *simulation) mark(b *branch) {
	how, known := aids()[s.team.slug]
	if !known {
		how = aid{share: 0.06, before: 0.3}
	}
	r := s.marking
	label, mostly, tool := r.often(0.35), r.often(0.75), r.weighted(5, 4, 2, 1)
	helps := r.often(how.share * (how.before + (1-how.before)*s.progress()))
	switch {
	case how.silent:
		b.labels = nil
		return
	case slices.Contains(b.labels, "dependencies"):
		b.marks = marks{actor: evenkeel.ActorBot, bot: []string{"renovate[bot]", "dependabot[bot]"}[tool%2]}
		return
	case b.labels != nil:
		b.marks.actor = evenkeel.ActorHuman
	}
	if !helps {
		return
	}
	b.marks.assisted = true
	if label {
		b.labels = append(slices.Clone(b.labels), "ai-assisted")
	}
	if !label || mostly {
		b.trailers = maps.Clone(b.trailers)
		if b.trailers == nil {
			b.trailers = map[string][]string{}
		}
		key := []string{"co-authored-by", "co-authored-by", "assisted-by", "assisted-by"}[tool]
		b.trailers[key] = []string{[]string{"copilot", "claude", "codex", "gemini"}[tool]}
	}
}
