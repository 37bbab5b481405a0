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
	s := start(t)
	s.fill()
	admin := s.admin()
	got := samples(s.do("GET", "/metrics", admin, "").text)
	for scope, query := range map[string]string{
		"workspace default": "", "group storefront": "&group=storefront&ownership=today", "application checkout-web": "&application=checkout-web",
	} {
		report := s.do("GET", "/api/v1/metrics/dora?from=30d"+query, admin, "").json
		for name, where := range map[string][2]string{
			"evenkeel_deployments_per_day": {"deployment_frequency", "per_day"}, "evenkeel_change_lead_time_seconds": {"change_lead_time", "value_seconds"},
			"evenkeel_change_fail_ratio": {"change_fail_rate", "value"}, "evenkeel_deployment_rework_ratio": {"deployment_rework_rate", "value"},
			"evenkeel_deployments": {"deployment_frequency", "deployments"}, "evenkeel_failed_deployments": {"change_fail_rate", "failed"},
		} {
			want, known := report[where[0]].(map[string]any)[where[1]].(float64)
			value, exported := got[name+" "+scope+" default"]
			if known != exported || value != want {
				t.Errorf("%s of %s: %v (%v), the API says %v (%v)", name, scope, value, exported, want, known)
			}
		}
	}
	silent := false
	for name := range got {
		silent = silent || strings.HasPrefix(name, "evenkeel_change_lead_time_seconds application carbon-report")
	}
	if silent {
		t.Error("an application without facts has a lead time")
	}
}

func TestScrapesHoldOnlyWhatTheirTokenSees(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.fill()
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
