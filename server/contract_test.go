package server_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/evenkeel-dev/evenkeel/server"
)

func TestAnswersAreWhatTheDescriptionSays(t *testing.T) {
	t.Parallel()
	description, err := server.OpenAPI("dev")
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(description))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	if err := compiler.AddResource("openapi.json", document); err != nil {
		t.Fatal(err)
	}
	s := startFilled(t)
	s.save(availabilityOf("payments", "payments-api"))
	s.save(strings.Replace(inARow, "service: shop", "service: carbon-report", 1))
	admin := s.admin()
	f := one(t, "github", "deployment_status_success")
	if got := s.deliver(s.connect("acme", "github", nil, secretName), f, f.body); got.status != 202 {
		t.Fatalf("deliver = %d %s", got.status, got.text)
	}
	first := func(list string) string {
		items := s.do("GET", "/api/v1/"+list, admin, "").json["items"].([]any)
		return items[0].(map[string]any)["id"].(string)
	}
	samples := map[string][]string{
		"/api/v1/applications/{slug}":      {"/api/v1/applications/payments-api", "/api/v1/applications/carbon-report"},
		"/api/v1/deployments/{id}":         {"/api/v1/deployments/" + first("deployments")},
		"/api/v1/changes/{id}":             {"/api/v1/changes/" + first("changes")},
		"/api/v1/incidents/{id}":           {"/api/v1/incidents/" + first("incidents")},
		"/api/v1/deliveries/{id}":          {"/api/v1/deliveries/" + first("deliveries")},
		"/api/v1/connections/{id}/streams": {"/api/v1/connections/" + first("connections") + "/streams"},
		"/api/v1/connections/{id}/example": {"/api/v1/connections/" + first("connections") + "/example"},
		"/api/v1/facts/{id}":               {"/api/v1/facts/" + first("facts")},
		"/api/v1/metrics/dora": {
			"/api/v1/metrics/dora", "/api/v1/metrics/dora?application=payments-api&series=week", "/api/v1/metrics/dora?application=carbon-report&series=day",
			"/api/v1/metrics/dora?group=storefront&series=month&from=365d&tz=America/New_York", "/api/v1/metrics/dora?environment=staging&benchmark=dora-2019",
		},
		"/api/v1/explain": {
			"/api/v1/explain?metric=change_lead_time&application=payments-api&from=365d", "/api/v1/explain?metric=change_fail_rate&from=365d&limit=500",
			"/api/v1/explain?metric=failed_deployment_recovery_time&group=storefront&include=excluded", "/api/v1/explain?metric=deployment_frequency&application=carbon-report",
			"/api/v1/explain?metric=deployment_rework_rate&environment=staging",
		},
		"/api/v1/changed":                      {"/api/v1/changed?application=payments-api", "/api/v1/changed?application=payments-api&since=90d"},
		"/api/v1/service-levels":               {"/api/v1/service-levels", "/api/v1/service-levels?group=payments&status=healthy&sort=burn"},
		"/api/v1/service-levels/{id}":          {"/api/v1/service-levels/payments", "/api/v1/service-levels/journey"},
		"/api/v1/service-levels/{id}/burndown": {"/api/v1/service-levels/payments/burndown?points=20", "/api/v1/service-levels/journey/burndown?points=20&composite=true"},
		"/api/v1/service-levels/{id}/spend":    {"/api/v1/service-levels/payments/spend"},
		"/api/v1/service-levels/{id}/burn":     {"/api/v1/service-levels/payments/burn?points=20", "/api/v1/service-levels/journey/burn?points=20&composite=true"},
		"/api/v1/service-levels/{id}/alerts":   {"/api/v1/service-levels/payments/alerts"},
		"/api/v1/service-levels/{id}/what-if":  {"/api/v1/service-levels/payments/what-if?target=0.99&target=0.999&window=1d&window=1M", "/api/v1/service-levels/payments/what-if"},
		"/api/v1/series":                       {"/api/v1/series", "/api/v1/series?application=payments-api&limit=1"},
		"/api/v1/deployments/{id}/story":       {"/api/v1/deployments/" + first("deployments") + "/story"},
		"/api/v1/policies/{version}":           {"/api/v1/policies/" + s.do("GET", "/api/v1/policies", admin, "").json["items"].([]any)[0].(map[string]any)["version"].(string)},
		"/api/v1/peer":                         {"/api/v1/peer?as=devlake-2023", "/api/v1/peer?as=devlake-2023&application=payments-api&from=365d"},
		"/api/v1/value-stream":                 {"/api/v1/value-stream", "/api/v1/value-stream?application=carbon-report", "/api/v1/value-stream?group=payments&from=365d"},
		"/api/v1/data-quality/coverage":        {"/api/v1/data-quality/coverage", "/api/v1/data-quality/coverage?group=payments&signal=deployment&state=never&sort=gaps&descending=true", "/api/v1/data-quality/coverage?limit=3&q=a"},
		"/api/v1/data-quality/chain": {
			"/api/v1/data-quality/chain?metric=change_lead_time&from=365d", "/api/v1/data-quality/chain?metric=change_fail_rate&application=payments-api", "/api/v1/data-quality/chain?metric=failed_deployment_recovery_time&group=storefront&from=365d",
		},
		"/api/v1/assisted": {"/api/v1/assisted?from=365d", "/api/v1/assisted?application=carbon-report"},
		"/api/v1/overview": {"/api/v1/overview", "/api/v1/overview?by=capability&ownership=today", "/api/v1/overview?group=storefront", "/api/v1/overview?from=2001-01-01&to=2001-02-01"},
	}
	for path, methods := range document.(map[string]any)["paths"].(map[string]any) {
		if _, ok := methods.(map[string]any)["get"]; !ok {
			continue
		}
		if path == "/api/v1/tables/{table}" {
			continue // A file; TestEveryTableIsAFileWithItsDefinitions.
		}
		addresses := samples[path]
		if addresses == nil {
			addresses = []string{path}
		}
		schema, err := compiler.Compile("openapi.json#/paths/" + strings.ReplaceAll(path, "/", "~1") + "/get/responses/200/content/application~1json/schema")
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		for _, address := range addresses {
			got := s.do("GET", address, admin, "")
			var value any
			if err := json.Unmarshal([]byte(got.text), &value); err != nil || got.status != 200 {
				t.Errorf("GET %s = %d %.300s", address, got.status, got.text)
				continue
			}
			if err := schema.Validate(value); err != nil {
				t.Errorf("GET %s is not what the description says: %v", address, err)
			}
		}
	}
}

func TestTheCommittedDescriptionIsCurrent(t *testing.T) {
	t.Parallel()
	current, err := server.OpenAPI("dev")
	if err != nil {
		t.Fatal(err)
	}
	committed, err := os.ReadFile("../frontend/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var a, b any
	if json.Unmarshal(current, &a) != nil || json.Unmarshal(committed, &b) != nil {
		t.Fatal("the description is not JSON")
	}
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	if !bytes.Equal(x, y) {
		t.Error("frontend/openapi.json is out of date; run: go run ./cmd/evenkeel openapi > frontend/openapi.json && cd frontend && npm run generate")
	}
}

func TestTheOverviewOfAGroupHoldsItsApplicationsOnly(t *testing.T) {
	t.Parallel()
	s := startFilled(t)
	admin := s.admin()
	// Fleet analytics has had no owner since 14 August, 100 days before.
	for ownership, unowned := range map[string]string{"then": "2026-08-14", "today": "180d"} {
		whole := s.do("GET", "/api/v1/overview?from=180d&ownership="+ownership, admin, "").json
		sum := deployments(s.do("GET", "/api/v1/metrics/dora?application=fleet-analytics&from="+unowned, admin, "").json)
		for _, row := range whole["groups"].([]any) {
			group := row.(map[string]any)
			part := s.do("GET", "/api/v1/metrics/dora?from=180d&ownership="+ownership+"&group="+group["slug"].(string), admin, "").json
			if a, b := deployments(group["report"].(map[string]any)), deployments(part); a != b {
				t.Errorf("%s: of %v the table says %v deployments, the group's own page %v", ownership, group["slug"], a, b)
			}
			sum += deployments(part)
		}
		if total := deployments(whole["report"].(map[string]any)); total != sum || total == 0 {
			t.Errorf("%s: the company has %v deployments, its groups and what nobody owns %v", ownership, total, sum)
		}
	}
}

func deployments(report map[string]any) float64 {
	return report["deployment_frequency"].(map[string]any)["deployments"].(float64)
}
