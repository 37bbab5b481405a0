package evenkeel_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
)

// broken lists the fields of an error.
func broken(err error) []string {
	var found evenkeel.FieldErrors
	errors.As(err, &found)
	names := []string{}
	for _, one := range found {
		names = append(names, one.Field)
	}
	return names
}

func TestPoliciesAreChecked(t *testing.T) {
	t.Parallel()
	window, infer := 72*time.Hour, true
	for name, c := range map[string]struct {
		change func(*evenkeel.Policy)
		want   []string
	}{
		"the default":           {func(*evenkeel.Policy) {}, []string{}},
		"the edges of windows":  {func(p *evenkeel.Policy) { p.FailureWindow, p.HotfixWindow = time.Minute, 365*24*time.Hour }, []string{}},
		"a window of zero":      {func(p *evenkeel.Policy) { p.FailureWindow = 0 }, []string{"failure_window"}},
		"a window of ten years": {func(p *evenkeel.Policy) { p.HotfixWindow = 3650 * 24 * time.Hour }, []string{"hotfix_window"}},
		"an unknown zone":       {func(p *evenkeel.Policy) { p.TimeZone = "Europe/Atlantis" }, []string{"time_zone"}},
		"the machine's zone":    {func(p *evenkeel.Policy) { p.TimeZone = "Local" }, []string{"time_zone"}},
		"words":                 {func(p *evenkeel.Policy) { p.Unit, p.Start, p.Cadence = "x", "work_item", "hourly" }, []string{"cadence", "start", "unit"}},
		"missing words":         {func(p *evenkeel.Policy) { p.Aggregation, p.Recovery = "", "" }, []string{"aggregation", "recovery"}},
		"a broken pattern":      {func(p *evenkeel.Policy) { p.Deployments.Sources = []string{"ok", "[a"} }, []string{"deployments.sources[1]"}},
		"included and excluded": {func(p *evenkeel.Policy) {
			p.Deployments.Refs, p.Deployments.ExcludeRefs = []string{"main"}, []string{"m*"}
		}, []string{"deployments.refs[0]"}},
		"no production": {func(p *evenkeel.Policy) { p.Environments = p.Environments[8:] }, []string{"environments"}},
		"production out of reach": {func(p *evenkeel.Policy) {
			p.Environments = append([]evenkeel.EnvironmentRule{{Pattern: "*", Class: evenkeel.Testing}}, p.Environments...)
		}, []string{"environments"}},
		"a trailer without colon": {func(p *evenkeel.Policy) { p.Assisted.Trailers = []string{"assisted"} }, []string{"assisted.trailers[0]"}},
		"far in the past":         {func(p *evenkeel.Policy) { p.EffectiveFrom = time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC) }, []string{"effective_from"}},
		"repeated overrides": {func(p *evenkeel.Policy) {
			p.Applications = map[string]evenkeel.Override{"shop": {FailureWindow: &window, InferFailures: &infer, Unit: evenkeel.UnitChange, TimeZone: "UTC"}}
		}, []string{"applications.shop.failure_window", "applications.shop.infer_failures", "applications.shop.time_zone", "applications.shop.unit"}},
		"an override of nothing": {func(p *evenkeel.Policy) { p.Applications = map[string]evenkeel.Override{"shop": {}} }, []string{"applications.shop"}},
		"no slug": {func(p *evenkeel.Policy) {
			p.Applications = map[string]evenkeel.Override{"The Shop": {Cadence: "daily"}}
		}, []string{"applications.The Shop"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := evenkeel.DefaultPolicy()
			c.change(&p)
			err := p.Validate()
			if diff := cmp.Diff(c.want, broken(err)); diff != "" {
				t.Errorf("%v (-want +got)\n%s", err, diff)
			}
		})
	}
}

func TestOverridesMustNameAnApplication(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	catalogue := evenkeel.Catalogue{Applications: []evenkeel.Application{{ID: "1", Slug: "shop"}}}
	p := evenkeel.DefaultPolicy()
	p.Applications = map[string]evenkeel.Override{"shop": {Cadence: "daily"}, "old-shop": {Cadence: "daily"}}
	p.EffectiveFrom = now.AddDate(1, 0, 2)
	if diff := cmp.Diff([]string{"applications.old-shop", "effective_from"}, broken(p.ValidateIn(catalogue, now))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"old-shop"}, p.Strangers(catalogue)); diff != "" {
		t.Error(diff)
	}
	delete(p.Applications, "old-shop")
	p.EffectiveFrom = now
	if err := p.ValidateIn(catalogue, now); err != nil {
		t.Error(err)
	}
}

// TestErasOfVersions: versions 0 to 4; the second begins in March, the third
// in June, the fourth in May, so that nothing is left to the third.
func TestErasOfVersions(t *testing.T) {
	t.Parallel()
	month := func(m time.Month) time.Time { return time.Date(2026, m, 1, 0, 0, 0, 0, time.UTC) }
	version := func(n int64, from time.Time) evenkeel.PolicyVersion {
		return evenkeel.PolicyVersion{Number: n, Policy: evenkeel.Policy{EffectiveFrom: from}}
	}
	all := []evenkeel.PolicyVersion{version(0, time.Time{}), version(1, time.Time{}), version(2, month(3)), version(3, month(6)), version(4, month(5))}
	for n, want := range []string{"0", "1", "1 2@3", "1 2@3 3@6", "1 2@3 4@5"} {
		var got []string
		for _, era := range evenkeel.Eras(all[:n+1]) {
			text := string(rune('0' + era.Version.Number))
			if !era.From.IsZero() {
				text += "@" + string(rune('0'+era.From.Month()))
			}
			got = append(got, text)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%d versions: %v, want %s", n+1, got, want)
		}
	}
}

func TestDigestsOfPolicies(t *testing.T) {
	t.Parallel()
	p := evenkeel.DefaultPolicy()
	asked := p
	asked.Version, asked.TimeZone, asked.Aggregation, asked.Benchmark = "7", "Asia/Tokyo", evenkeel.AggregateMean, "none"
	if asked.RulesDigest() != p.RulesDigest() || asked.Digest() == p.Digest() {
		t.Error("what is asked of results decides nothing that is derived, and is content")
	}
	named := p
	named.Version = "other"
	if named.Digest() != p.Digest() {
		t.Error("a name is no content")
	}
	for name, change := range map[string]func(*evenkeel.Policy){
		"environments": func(p *evenkeel.Policy) { p.Environments = p.Environments[1:] }, "deployments": func(p *evenkeel.Policy) { p.Deployments.Refs = []string{"x"} },
		"start": func(p *evenkeel.Policy) { p.Start = evenkeel.StartMerged }, "failure window": func(p *evenkeel.Policy) { p.FailureWindow++ },
		"inference": func(p *evenkeel.Policy) { p.InferFailures = false }, "hotfix window": func(p *evenkeel.Policy) { p.HotfixWindow++ },
		"assisted": func(p *evenkeel.Policy) { p.Assisted.Labels = nil }, "bots": func(p *evenkeel.Policy) { p.Bots.Actors = nil },
	} {
		other := p
		change(&other)
		if other.RulesDigest() == p.RulesDigest() {
			t.Errorf("%s decide what is derived", name)
		}
	}
}

func TestDurationsAreWrittenAsTheyAreRead(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"3d", "36h", "90m", "61s", "365d", "1m"} {
		d, ok := evenkeel.ParseDuration(text)
		if !ok || evenkeel.FormatDuration(d) != text {
			t.Errorf("%s is written as %s", text, evenkeel.FormatDuration(d))
		}
	}
	for _, text := range []string{"", "3", "d", "-3d", "1.5w", "three days", "99999999999w"} {
		if d, ok := evenkeel.ParseDuration(text); ok {
			t.Errorf("%q reads as %s", text, d)
		}
	}
}
