package views

import (
	"maps"
	"reflect"
	"slices"
	"sync"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// Memo remembers what the scopes of the last answer to one question came to,
// so that the next answer computes anew only those in which anything changed.
// It serves one answer at a time; the zero value is ready.
type Memo struct {
	asked  Question
	policy evenkeel.Policy
	eras   []evenkeel.Era
	mu     sync.Mutex
	scopes map[memoKey]*scoped
	// whole are the durations of the whole scope, in the window and before it.
	whole [2]metrics.Pools
}

// memoKey names an application or a group by its slug, and what is remembered
// of it.
type memoKey struct{ what, slug string }

// scoped is one scope: what it holds, and what that came to in the window.
type scoped struct {
	parts  []metrics.Derived
	joined *metrics.Joined
	once   sync.Once
	report metrics.Report
	change metrics.Comparison
	sparks Sparks
}

// begin forgets what another present came to, and everything where the
// question or the rules are others.
func (m *Memo) begin(r *jobs.Results, q Question) {
	m.mu.Lock()
	defer m.mu.Unlock()
	before := m.asked
	m.asked = q
	if !before.Now.Equal(q.Now) {
		for key, held := range m.scopes {
			m.scopes[key] = &scoped{parts: held.parts, joined: held.joined}
		}
	}
	before.Now = q.Now
	if m.scopes == nil || before != q || !reflect.DeepEqual(m.policy, r.Policy) || !reflect.DeepEqual(m.eras, r.Eras) {
		m.policy, m.eras, m.scopes = r.Policy, r.Eras, map[memoKey]*scoped{}
	}
}

// Share takes over what scopes another memo of the same question holds, except
// what they came to in its present. Both may be used at the same time then.
func (m *Memo) Share(other *Memo) {
	other.mu.Lock()
	asked, policy, eras, scopes := other.asked, other.policy, other.eras, maps.Clone(other.scopes)
	other.mu.Unlock()
	if scopes == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asked, m.policy, m.eras, m.scopes = asked, policy, eras, scopes
}

// scope is what is remembered of a scope if it still holds the same, else the
// scope with nothing computed.
func (m *Memo) scope(key memoKey, environment string, parts []metrics.Derived) *scoped {
	m.mu.Lock()
	held := m.scopes[key]
	m.mu.Unlock()
	if held != nil && slices.EqualFunc(held.parts, parts, metrics.Derived.Same) {
		return held
	}
	held = &scoped{parts: parts, joined: metrics.Join(environment, parts...)}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.scopes[key] = held
	return held
}

// since compares a report with the window before it, of which nothing else is
// wanted.
func (s *scoped) since(query metrics.Query) metrics.Comparison {
	query.Window = query.Window.Previous()
	return metrics.Compare(s.report, s.joined.Headline(query))
}
