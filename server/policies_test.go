package server_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/evenkeel-dev/evenkeel"
)

// tenDeployed sends ten successful deployments, five of each of two branches.
func (s site) tenDeployed(t *testing.T) {
	t.Helper()
	var lines []string
	for i := range 10 {
		lines = append(lines, fmt.Sprintf(`{"kind":"deployment","id":"d%d","application":"shop","environment":"production","status":"success","ref":"%s","finished_at":"2026-10-%02dT10:00:00Z"}`,
			i, []string{"main", "trial"}[i%2], i+1))
	}
	if got := s.do("POST", "/api/v1/applications", s.admin(), `{"slug":"shop","name":"Shop","claims":[]}`, "Content-Type", "application/json"); got.status != 200 {
		t.Fatal(got.text)
	}
	if got := s.do("POST", "/api/v1/events", s.admin(), strings.Join(lines, "\n"), "Content-Type", "application/x-ndjson"); got.status >= 300 {
		t.Fatal(got.text)
	}
}

// inForce is the policy as the API gives it, and its digest.
func (s site) inForce(t *testing.T) (policy map[string]any, digest string) {
	t.Helper()
	got := s.do("GET", "/api/v1/policies", s.admin(), "")
	first := got.json["items"].([]any)[0].(map[string]any)
	return first["policy"].(map[string]any), first["digest"].(string)
}

func (s site) propose(path, token string, policy map[string]any, more map[string]any) response {
	request := map[string]any{"policy": policy}
	maps.Copy(request, more)
	data, err := json.Marshal(request)
	if err != nil {
		panic(err)
	}
	return s.do("POST", "/api/v1/policies"+path, token, string(data), "Content-Type", "application/json")
}

// TestAPolicyIsTriedAndSaved: excluding a branch leaves five of ten
// deployments; nothing is stored by trying; saving makes version 1, once.
func TestAPolicyIsTriedAndSaved(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.tenDeployed(t)
	policy, base := s.inForce(t)
	policy["deployments"] = map[string]any{"exclude_refs": []string{"trial"}}
	reader := s.token("default", clock().AddDate(1, 0, 0), evenkeel.ScopeRead)
	tried := s.propose("/preview", reader, policy, nil)
	if tried.status != 200 || tried.json["sentence"] != "This rule finds 5 deployments, 0 failures; before 10 and 0." {
		t.Fatalf("%d %s", tried.status, tried.text)
	}
	removed := tried.json["removed"].(map[string]any)
	if removed["total"] != 5.0 || len(removed["ids"].([]any)) != 5 || tried.json["added"].(map[string]any)["total"] != 0.0 || tried.json["base"] != base {
		t.Errorf("%s", tried.text)
	}
	if _, digest := s.inForce(t); digest != base {
		t.Error("trying has changed the policy")
	}
	because := map[string]any{"note": "trials are none of ours", "base": base}
	if got := s.propose("", reader, policy, because); got.status != 403 {
		t.Errorf("a reader saves: %d", got.status)
	}
	saved := s.propose("", s.admin(), policy, because)
	if saved.status != 200 || saved.json["version"] != "1" || saved.json["saved"] != true || saved.json["note"] != "trials are none of ours" {
		t.Fatalf("%d %s", saved.status, saved.text)
	}
	if got := s.propose("", s.admin(), policy, because); got.status != 409 {
		t.Errorf("saving what another change was made from: %d %s", got.status, got.text)
	}
	because["base"] = saved.json["digest"]
	if got := s.propose("", s.admin(), policy, because); got.status != 200 || got.json["saved"] != false {
		t.Errorf("saving the same: %d %s", got.status, got.text)
	}
	dora := s.do("GET", "/api/v1/metrics/dora?from=90d", reader, "")
	frequency := dora.json["deployment_frequency"].(map[string]any)
	if frequency["deployments"] != 5.0 || dora.json["policy"].(map[string]any)["version"] != "1" || !strings.Contains(dora.text, `"reason":"rule_ref"`) {
		t.Errorf("%s", dora.text)
	}
	if audit := s.do("GET", "/api/v1/audit", s.admin(), "").text; !strings.Contains(audit, "policy.save") || !strings.Contains(audit, "deployments.exclude_refs") {
		t.Errorf("audit: %s", audit)
	}
	for path, status := range map[string]int{"/1": 200, "/0": 200, "/default-1": 200, "/7": 404} {
		if got := s.do("GET", "/api/v1/policies"+path, reader, ""); got.status != status {
			t.Errorf("%s: %d", path, got.status)
		}
	}
}

// TestAPolicyThatCountsNothingNeedsForce, and the member at fault is named.
func TestAPolicyThatCountsNothingNeedsForce(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.tenDeployed(t)
	for field, change := range map[string]any{
		"deployments.refs": map[string]any{"refs": []string{"nowhere"}}, "deployments.sources": map[string]any{"sources": []string{"nobody"}},
		"deployments.artifact_kinds": map[string]any{"artifact_kinds": []string{"schema"}},
	} {
		policy, base := s.inForce(t)
		policy["deployments"] = change
		got := s.propose("", s.admin(), policy, map[string]any{"note": "x", "base": base})
		if got.status != 422 || !strings.Contains(got.text, `"location":"`+field+`"`) || !strings.Contains(got.text, "nothing would count") {
			t.Errorf("%s: %d %s", field, got.status, got.text)
		}
	}
	policy, base := s.inForce(t)
	policy["environments"] = []map[string]string{{"pattern": "elsewhere", "class": "production"}}
	if got := s.propose("", s.admin(), policy, map[string]any{"note": "x", "base": base}); got.status != 422 || !strings.Contains(got.text, `"location":"environments"`) {
		t.Errorf("environments: %d %s", got.status, got.text)
	}
	if got := s.propose("", s.admin(), policy, map[string]any{"note": "x", "base": base, "force": true}); got.status != 200 {
		t.Errorf("with force: %d %s", got.status, got.text)
	}
}

func TestWrongPoliciesAreRefusedByField(t *testing.T) {
	t.Parallel()
	s := start(t)
	for field, value := range map[string]any{
		"failure_window": "0h", "hotfix_window": "3650d", "time_zone": "Local", "week_start": "someday", "unit": "story", "benchmark": "dora-1066",
		"effective_from": "yesterday", "environments": []map[string]string{{"pattern": "*", "class": "testing"}},
	} {
		policy, base := s.inForce(t)
		policy[field] = value
		for path, more := range map[string]map[string]any{"/preview": nil, "": {"note": "x", "base": base}} {
			if got := s.propose(path, s.admin(), policy, more); got.status != 422 || !strings.Contains(got.text, `"location":"`+field+`"`) {
				t.Errorf("%s%s: %d %s", field, path, got.status, got.text)
			}
		}
	}
	policy, base := s.inForce(t)
	policy["applications"] = map[string]any{"nobody": map[string]any{"unit": "commit"}}
	if got := s.propose("", s.admin(), policy, map[string]any{"note": "x", "base": base}); got.status != 422 || !strings.Contains(got.text, "applications.nobody") {
		t.Errorf("an override of nobody: %d %s", got.status, got.text)
	}
}
