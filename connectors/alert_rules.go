package connectors

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// AlertIncident begins the ids of incidents that rules make of alerts.
const AlertIncident = "alerts/"

// Alerting is a Receiver whose connection says which alerts are incidents.
type Alerting interface {
	AlertRules() *AlertRules
}

// AlertRules say which alerts of a source are incidents. They are pure: the
// incidents follow from the alerts that are known and from the present, in
// whatever order and however often the alerts were told.
type AlertRules struct {
	tool     string
	settings alertSettings
	rules    []alertRule
}

// Source is that of the alerts, and of their incidents.
func (r *AlertRules) Source() string { return r.settings.Source }

// Names lists the rules, in their order.
func (r *AlertRules) Names() []string {
	names := make([]string, len(r.rules))
	for i, rule := range r.rules {
		names[i] = rule.Name
	}
	return names
}

// AlertSpan is one firing of an alert that a rule takes.
type AlertSpan struct {
	// Rule is the name of the rule.
	Rule string
	// Group is equal for alerts that may be one incident.
	Group string
	// Alert is the fingerprint.
	Alert string
	// From is when it began to fire, To when it ended; zero while it fires.
	From, To time.Time

	rule                                       *alertRule
	application, origin, environment, severity string
}

// Take finds the rule that takes an alert; false if none does.
func (r *AlertRules) Take(a evenkeel.Alert) (AlertSpan, bool) {
	for i := range r.rules {
		rule := &r.rules[i]
		if !slices.ContainsFunc(rule.match, func(m alertMatcher) bool { return !m.fits(a.Labels) }) {
			return r.span(rule, a), true
		}
	}
	return AlertSpan{}, false
}

// span says where an alert belongs.
func (r *AlertRules) span(rule *alertRule, a evenkeel.Alert) AlertSpan {
	s, label := &r.settings, r.settings.Labels
	span := AlertSpan{Rule: rule.Name, Alert: a.Fingerprint, From: a.StartsAt, To: a.EndsAt, rule: rule, origin: s.Source}
	service := a.Labels[label.Service]
	if service != "" {
		span.origin = r.tool + ":" + service
	}
	placed := s.Services[service]
	span.application = firstText(rule.Application, placed.Application)
	if named := strings.ToLower(a.Labels[label.Application]); span.application == "" && evenkeel.ValidSlug(named) {
		span.application = named
	}
	environment := a.Labels[label.Environment]
	span.environment = firstText(s.Environments[environment], firstText(environment, firstText(placed.Environment, rule.Environment)))
	span.severity = firstText(rule.Severity, severityOf(s.Severities, a.Labels[label.Severity]))
	if len(span.origin) > evenkeel.MaxText {
		span.origin = span.origin[:evenkeel.MaxText/2]
	}
	parts := []string{rule.Name, span.application, span.origin, span.environment}
	for _, name := range rule.GroupBy {
		parts = append(parts, a.Labels[name])
	}
	var group strings.Builder
	for _, part := range parts {
		group.WriteString(strconv.Quote(part))
	}
	span.Group = group.String()
	return span
}

// AlertIncidents are the incidents that spans make, by rules that took them:
// events without a time of observation, by group and time. Those of a group
// are apart by at least the length of join. due is when time alone may make
// another incident of them; zero if it cannot.
func AlertIncidents(source string, spans []AlertSpan, now time.Time) (events []evenkeel.Event, due time.Time) {
	spans = endedSpans(spans)
	slices.SortFunc(spans, func(a, b AlertSpan) int {
		return cmp.Or(strings.Compare(a.Group, b.Group), a.From.Compare(b.From), a.To.Compare(b.To), strings.Compare(a.Alert, b.Alert), strings.Compare(a.severity, b.severity))
	})
	for rest := spans; len(rest) > 0; {
		e := newEpisode(rest[0])
		n := 1
		for n < len(rest) && e.join(rest[n]) {
			n++
		}
		rest = rest[n:]
		if ripe := e.from.Add(e.first.rule.minimum); !e.lasts(ripe) {
			continue // It ended before it was one.
		} else if ripe.After(now) && e.first.rule.minimum > 0 {
			if due.IsZero() || ripe.Before(due) {
				due = ripe
			}
			continue
		}
		events = append(events, e.event(source))
	}
	return events, due
}

// endedSpans ends firings of which nobody told the end when their alert began
// to fire again.
func endedSpans(spans []AlertSpan) []AlertSpan {
	spans = slices.Clone(spans)
	slices.SortFunc(spans, func(a, b AlertSpan) int {
		return cmp.Or(strings.Compare(a.Alert, b.Alert), b.From.Compare(a.From))
	})
	var next time.Time // When the alert began to fire the next time.
	for i := range spans {
		s := &spans[i]
		switch {
		case i == 0 || spans[i-1].Alert != s.Alert:
			next = time.Time{}
		case spans[i-1].From.After(s.From):
			next = spans[i-1].From
		}
		if s.To.IsZero() {
			s.To = next
		}
		if !s.To.IsZero() && s.To.Before(s.From) {
			s.To = s.From
		}
	}
	return spans
}

// episode is a stretch of time in which alerts of a group fired.
type episode struct {
	first AlertSpan
	from  time.Time
	// to is zero while an alert fires.
	to       time.Time
	again    time.Time
	severity string
}

func newEpisode(s AlertSpan) *episode {
	return &episode{first: s, from: s.From, to: s.To, severity: s.severity}
}

// join takes a later span of the same group in, unless the gap is too long.
func (e *episode) join(s AlertSpan) bool {
	if s.Group != e.first.Group {
		return false
	}
	if !e.to.IsZero() && s.From.After(e.to) {
		if s.From.Sub(e.to) >= e.first.rule.join {
			return false
		}
		e.again = s.From
	}
	if !e.to.IsZero() && (s.To.IsZero() || s.To.After(e.to)) {
		e.to = s.To
	}
	if worse(s.severity, e.severity) {
		e.severity = s.severity
	}
	return true
}

// lasts says whether the episode has not ended before an instant.
func (e *episode) lasts(until time.Time) bool { return e.to.IsZero() || !e.to.Before(until) }

func (e *episode) event(source string) evenkeel.Event {
	s := e.first
	sum := sha256.Sum256([]byte(s.Group))
	facts := &evenkeel.Incident{
		Application: s.application, Origin: s.origin, Environment: s.environment, Severity: e.severity,
		OpenedAt: e.from, ResolvedAt: e.to, ReopenedAt: e.again,
	}
	made := evenkeel.Event{
		Kind: evenkeel.KindIncident, Source: source, Payload: facts,
		ID: AlertIncident + s.Rule + "/" + e.from.UTC().Format(time.RFC3339Nano) + "/" + hex.EncodeToString(sum[:6]),
	}
	for name, missing := range map[string]bool{"resolved_at": e.to.IsZero(), "reopened_at": e.again.IsZero()} {
		if missing {
			made.Cleared = append(made.Cleared, name)
		}
	}
	return whole(made, facts)
}

// worse compares severities: known words by how bad they are, and numbered
// ones by their number. Unknown words come last, in the order of the alphabet.
func worse(a, b string) bool {
	return cmp.Or(cmp.Compare(severityRank(a), severityRank(b)), strings.Compare(a, b)) < 0
}

func severityRank(text string) int {
	text = strings.ToLower(text)
	for rank, words := range [][]string{
		1: {"critical", "disaster", "emergency", "fatal", "page"}, 2: {"high", "error", "major"},
		3: {"warning", "warn", "medium", "moderate"}, 4: {"low", "minor"}, 5: {"info", "informational", "notice"}, 6: {"none"},
	} {
		if slices.Contains(words, text) {
			return rank
		}
	}
	digits := strings.TrimLeft(text, "abcdefghijklmnopqrstuvwxyz- ")
	if n, err := strconv.Atoi(digits); err == nil && n >= 0 && n < 10 && digits != text {
		return n
	}
	const unknown = 10
	if text == "" {
		return unknown + 1
	}
	return unknown
}
