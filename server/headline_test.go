package server_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/evenkeel-dev/evenkeel"
)

// samples reads the headline gauges of a scrape by name and labels.
func samples(text string) map[string]float64 {
	found := map[string]float64{}
	line := regexp.MustCompile(`(?m)^(evenkeel_[a-z_]+)\{kind="([^"]*)",slug="([^"]*)",workspace="([^"]*)"\} (\S+)$`)
	for _, m := range line.FindAllStringSubmatch(text, -1) {
		found[strings.Join(m[1:5], " ")], _ = strconv.ParseFloat(m[5], 64)
	}
	return found
}

func TestScrapesHoldTheFiguresOfTheAPI(t *testing.T) {
	t.Parallel()
	s := startFilled(t)
	s.scrapesAgree(t)
	for name := range samples(s.do("GET", "/metrics", s.admin(), "").text) {
		if strings.HasPrefix(name, "evenkeel_change_lead_time_seconds application carbon-report") {
			t.Error("an application without facts has a lead time")
		}
	}
}

// TestScrapesFollowTheRulesOfEachScope: an application of its own aggregation,
// clock and zone, and a workspace whose window begins an hour earlier, since
// its 30 days begin in summer time.
func TestScrapesFollowTheRulesOfEachScope(t *testing.T) {
	t.Parallel()
	s := startFilled(t)
	before := samples(s.do("GET", "/metrics", s.admin(), "").text)
	s.ruled(t)
	after := s.scrapesAgree(t)
	const alone = "evenkeel_change_lead_time_seconds application pricing-api default"
	if after[alone] <= before[alone] {
		t.Errorf("the 90th percentile %v is not above the median %v", after[alone], before[alone])
	}
	const recovery = "evenkeel_recovery_time_seconds application pricing-api default"
	if after[recovery] == before[recovery] {
		t.Errorf("recovery from the deployment is that from the failure, %v", after[recovery])
	}
	const rate = "evenkeel_deployments_per_day application pricing-api default"
	if after[rate] >= before[rate] {
		t.Errorf("%v deployments a day in an hour more, before %v", after[rate], before[rate])
	}
}

// ruled puts a zone in force, and rules of its own for one application.
func (s site) ruled(t *testing.T) {
	t.Helper()
	policy, base := s.inForce(t)
	policy["time_zone"] = "America/New_York"
	policy["applications"] = map[string]any{"pricing-api": map[string]any{"aggregation": "p90", "recovery": "deployment", "time_zone": "Europe/Berlin"}}
	if got := s.propose("", s.admin(), policy, map[string]any{"note": "rules of its own", "base": base}); got.status != 200 {
		t.Fatal(got.text)
	}
}

// scopesOfGauges are scopes as a scrape labels them, with how the API is asked
// for the same.
func scopesOfGauges() map[string]string {
	return map[string]string{
		"workspace default": "", "group storefront": "&group=storefront&ownership=today", "group growth": "&group=growth&ownership=today",
		"application pricing-api": "&application=pricing-api", "application checkout-web": "&application=checkout-web",
	}
}

// scrapesAgree compares a scrape with the figures of the API, and returns it.
func (s site) scrapesAgree(t *testing.T) map[string]float64 {
	t.Helper()
	got := samples(s.do("GET", "/metrics", s.admin(), "").text)
	for scope, query := range scopesOfGauges() {
		report := s.do("GET", "/api/v1/metrics/dora?from=30d"+query, s.admin(), "").json
		for name, where := range map[string][2]string{
			"evenkeel_deployments_per_day": {"deployment_frequency", "per_day"}, "evenkeel_change_lead_time_seconds": {"change_lead_time", "value_seconds"},
			"evenkeel_change_fail_ratio": {"change_fail_rate", "value"}, "evenkeel_deployment_rework_ratio": {"deployment_rework_rate", "value"},
			"evenkeel_recovery_time_seconds": {"failed_deployment_recovery_time", "value_seconds"}, "evenkeel_coverage_ratio": {"change_lead_time", "coverage"},
			"evenkeel_unresolved_incidents": {"failed_deployment_recovery_time", "unresolved"}, "evenkeel_changes_shipped": {"change_lead_time", "n"},
			"evenkeel_deployments": {"deployment_frequency", "deployments"}, "evenkeel_failed_deployments": {"change_fail_rate", "failed"},
		} {
			want, known := report[where[0]].(map[string]any)[where[1]].(float64)
			value, exported := got[name+" "+scope+" default"]
			if known != exported || value != want {
				t.Errorf("%s of %s: %v (%v), the API says %v (%v)", name, scope, value, exported, want, known)
			}
		}
	}
	return got
}

func TestScrapesHoldOnlyWhatTheirTokenSees(t *testing.T) {
	t.Parallel()
	s := startFilled(t)
	other := s.token("other", clock().AddDate(1, 0, 0), evenkeel.ScopeRead)
	got := samples(s.do("GET", "/metrics", other, "").text)
	for name := range got {
		if !strings.HasSuffix(name, " other") {
			t.Errorf("a token of another workspace reads %s", name)
		}
	}
	if len(got) == 0 {
		t.Error("it reads nothing of its own workspace")
	}
}
