package server_test

import (
	"strings"
	"testing"

	"github.com/evenkeel-dev/evenkeel"
)

func TestConnectionsAreMadeChangedAndRemoved(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	made := s.do("POST", "/api/v1/connections", admin, `{"source":"github","name":"acme","secrets":["`+secretName+`"],"settings":{"incident_labels":["outage"]}}`, "Content-Type", "application/json")
	id, _ := made.json["id"].(string)
	if made.status != 200 || len(id) < 26 || made.json["path"] != "/hooks/github/"+id || strings.Contains(made.text, secretText) {
		t.Fatalf("%d %s", made.status, made.text)
	}
	if got := s.do("POST", "/api/v1/connections", admin, `{"source":"github","name":"acme","secrets":["`+secretName+`"]}`, "Content-Type", "application/json"); got.status != 409 {
		t.Errorf("a second connection of one name: %d %s", got.status, got.text)
	}
	changed := s.do("PUT", "/api/v1/connections/"+id, admin, `{"secrets":["`+newSecretName+`","`+secretName+`"]}`, "Content-Type", "application/json")
	if changed.status != 200 || len(changed.json["secrets"].([]any)) != 2 || changed.json["settings"].(map[string]any)["incident_labels"] == nil {
		t.Errorf("%d %s", changed.status, changed.text)
	}
	if got := s.do("DELETE", "/api/v1/connections/"+id, admin, ""); got.status != 204 {
		t.Errorf("removing: %d %s", got.status, got.text)
	}
	if got := s.do("GET", "/api/v1/connections", admin, ""); len(got.json["items"].([]any)) != 0 {
		t.Errorf("after removing: %s", got.text)
	}
	audit := s.do("GET", "/api/v1/audit", admin, "").text
	for _, action := range []string{"connection.create", "connection.change", "connection.remove"} {
		if !strings.Contains(audit, action) {
			t.Errorf("%s is not audited", action)
		}
	}
}

func TestWrongConnectionsAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	for body, field := range map[string]string{
		`{"source":"githib","name":"a","secrets":["` + secretName + `"]}`:                                   "source",
		`{"source":"github","name":"A B","secrets":["` + secretName + `"]}`:                                 "name",
		`{"source":"github","name":"a","secrets":[]}`:                                                       "secrets",
		`{"source":"github","name":"a","secrets":["` + unsetName + `"]}`:                                    "secrets[0]",
		`{"source":"github","name":"a","secrets":["` + secretName + `"],"settings":{"incident_label":"x"}}`: "settings",
		`{"source":"github","name":"a","secrets":["` + secretName + `"],"settings":{"api":{"url":"https://elsewhere.example/","app":{"id":1,"private_key":"` + secretName + `","installation":1}}}}`: "configuration file",
	} {
		if got := s.do("POST", "/api/v1/connections", admin, body, "Content-Type", "application/json"); got.status != 422 || !strings.Contains(got.text, field) {
			t.Errorf("%s: %d %s", body, got.status, got.text)
		}
	}
	reader := s.token("default", clock().AddDate(1, 0, 0), evenkeel.ScopeRead)
	if got := s.do("POST", "/api/v1/connections", reader, `{"source":"github","name":"a","secrets":["`+secretName+`"]}`, "Content-Type", "application/json"); got.status != 403 {
		t.Errorf("a reader made a connection: %d", got.status)
	}
}

func TestConnectionsOfFilesAreChangedThere(t *testing.T) {
	t.Parallel()
	s := start(t)
	kept, err := s.store.In("default").SaveConnection(t.Context(), evenkeel.Connection{Source: "github", Name: "stated", Secrets: []string{secretName}, Managed: "config", CreatedAt: clock()})
	if err != nil {
		t.Fatal(err)
	}
	for _, method := range []string{"PUT", "DELETE"} {
		if got := s.do(method, "/api/v1/connections/"+kept.ID, s.admin(), `{"name":"other"}`, "Content-Type", "application/json"); got.status != 409 || !strings.Contains(got.text, "configuration file") {
			t.Errorf("%s: %d %s", method, got.status, got.text)
		}
	}
	elsewhere := s.token("other", clock().AddDate(1, 0, 0), evenkeel.ScopeAdmin)
	if got := s.do("DELETE", "/api/v1/connections/"+kept.ID, elsewhere, ""); got.status != 404 {
		t.Errorf("another workspace removes it: %d", got.status)
	}
}

func TestMetricsAreForReaders(t *testing.T) {
	t.Parallel()
	s := start(t)
	if got := s.do("GET", "/metrics", "", ""); got.status != 401 {
		t.Errorf("without a token: %d", got.status)
	}
	if got := s.do("GET", "/metrics", s.token("default", clock().AddDate(1, 0, 0), evenkeel.ScopeIngest), ""); got.status != 403 {
		t.Errorf("with a token for sending: %d", got.status)
	}
	got := s.do("GET", "/metrics", s.token("default", clock().AddDate(1, 0, 0), evenkeel.ScopeRead), "")
	if got.status != 200 || !strings.Contains(got.text, `evenkeel_http_request_duration_seconds_count{method="GET",route="/metrics",status="401"} 1`) {
		t.Errorf("%d %.300s", got.status, got.text)
	}
}
