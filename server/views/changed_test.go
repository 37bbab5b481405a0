package views_test

import (
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

func TestParseSince(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	at := func(text string) time.Time {
		parsed, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return parsed
	}
	for name, c := range map[string]struct{ since, until, from, to string }{
		"two hours unless said":  {"", "", "2026-11-22T10:00:00Z", "2026-11-22T12:00:00Z"},
		"a length back from now": {"30m", "", "2026-11-22T11:30:00Z", "2026-11-22T12:00:00Z"},
		"days are 24 hours":      {"7d", "2026-11-20T00:00:00Z", "2026-11-13T00:00:00Z", "2026-11-20T00:00:00Z"},
		"weeks":                  {"2w", "", "2026-11-08T12:00:00Z", "2026-11-22T12:00:00Z"},
		"an instant":             {"2026-11-22T11:59:00+01:00", "", "2026-11-22T10:59:00Z", "2026-11-22T12:00:00Z"},
		"a date":                 {"2026-11-21", "", "2026-11-21T00:00:00Z", "2026-11-22T12:00:00Z"},
		"the longest":            {"92d", "", "2026-08-22T12:00:00Z", "2026-11-22T12:00:00Z"},
	} {
		w, err := views.ParseSince(c.since, c.until, now, time.UTC)
		if err != nil || !w.From.Equal(at(c.from)) || !w.To.Equal(at(c.to)) {
			t.Errorf("%s: %v %v, want %s to %s", name, w, err, c.from, c.to)
		}
	}
	for _, c := range [][2]string{{"93d", ""}, {"0h", ""}, {"-2h", ""}, {"2", ""}, {"h", ""}, {"2 h", ""}, {"999999h", ""}, {"1h30m", ""}, {"", "later"}, {"2026-11-22T12:00:00Z", ""}} {
		if w, err := views.ParseSince(c[0], c[1], now, time.UTC); err == nil {
			t.Errorf("since %q until %q gives %v", c[0], c[1], w)
		}
	}
}

func TestEveryFigureHasADefinition(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, m := range metrics.Metrics() {
		d := views.DefinitionOf(m)
		if d.Text == "" || d.Formula == "" || seen[d.Text] || len(d.Text) > 250 {
			t.Errorf("%s: %+v", m, d)
		}
		seen[d.Text] = true
	}
}

func TestSurroundingsConcernAClass(t *testing.T) {
	t.Parallel()
	policy := evenkeel.DefaultPolicy()
	fact := func(k evenkeel.Kind, environment string) evenkeel.Entry {
		return evenkeel.Entry{Kind: k, Environment: environment}
	}
	for name, c := range map[string]struct {
		asked string
		fact  evenkeel.Entry
		want  bool
	}{
		"production is what is meant":         {"", fact(evenkeel.KindDeployment, "prod-eu"), true},
		"a class by its name":                 {"staging", fact(evenkeel.KindDeployment, "stg"), true},
		"an environment stands for its class": {"Prod-EU", fact(evenkeel.KindDeployment, "production"), true},
		"another class":                       {"", fact(evenkeel.KindDeployment, "staging"), false},
		"an incident names a class":           {"", fact(evenkeel.KindIncident, "production"), true},
		"an incident without environment":     {"", fact(evenkeel.KindIncident, ""), true},
		"that is no incident of staging":      {"staging", fact(evenkeel.KindIncident, ""), false},
		"a flag without environment":          {"staging", fact(evenkeel.KindFlagChange, ""), true},
		"a deployment to nowhere":             {"", fact(evenkeel.KindDeployment, ""), false},
		"is unclassified":                     {"unclassified", fact(evenkeel.KindDeployment, ""), true},
		"an environment of no class":          {"moon", fact(evenkeel.KindDeployment, "mars"), true},
	} {
		if got := (views.Surroundings{Environment: c.asked}).Concerns(policy, c.fact); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
