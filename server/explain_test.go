package server_test

import (
	"fmt"
	"net/url"
	"slices"
	"testing"

	"github.com/evenkeel-dev/evenkeel/metrics"
)

// figures are where a report holds value, n, low and high of a metric.
func figures(report map[string]any, m metrics.Metric) []any {
	member := func(names ...string) (values []any) {
		for _, name := range names {
			values = append(values, report[string(m)].(map[string]any)[name])
		}
		return values
	}
	switch m {
	case metrics.MetricFrequency:
		return member("per_day", "deployments", "low", "high")
	case metrics.MetricLeadTime, metrics.MetricRecovery:
		return member("median_seconds", "n", "low_seconds", "high_seconds")
	}
	return member("value", "n", "low", "high")
}

// TestExplanationsAgreeWithFigures holds every figure of every application
// and group of an invented company to its explanation.
func TestExplanationsAgreeWithFigures(t *testing.T) {
	t.Parallel()
	s := startFilled(t)
	admin := s.admin()
	scopes := []string{"from=365d", "from=90d&environment=staging", "from=2026-03-01&to=2026-05-01&tz=Asia/Tokyo"}
	for list, parameter := range map[string]string{"applications": "application", "groups": "group"} {
		for _, item := range s.do("GET", "/api/v1/"+list+"?limit=500", admin, "").json["items"].([]any) {
			scopes = append(scopes, "from=180d&"+parameter+"="+item.(map[string]any)["slug"].(string))
		}
	}
	counted := 0
	for _, scope := range scopes {
		report := s.do("GET", "/api/v1/metrics/dora?"+scope, admin, "").json
		for _, m := range metrics.Metrics() {
			e := s.do("GET", fmt.Sprintf("/api/v1/explain?limit=1&metric=%s&%s", m, scope), admin, "").json
			want, got := figures(report, m), []any{e["value"], e["n"], e["low"], e["high"]}
			if !slices.Equal(want, got) {
				t.Errorf("%s of %s: the figure is %v, its explanation says %v", m, scope, want, got)
			}
			excluded := map[string]float64{}
			for _, x := range e["exclusions"].([]any) {
				excluded[x.(map[string]any)["reason"].(string)] = x.(map[string]any)["count"].(float64)
			}
			for _, x := range report["exclusions"].([]any) {
				x := x.(map[string]any)
				if x["metric"] == string(m) && excluded[x["reason"].(string)] != x["count"] {
					t.Errorf("%s of %s: %v excluded by %v, the explanation says %v", m, scope, x["count"], x["reason"], excluded[x["reason"].(string)])
				}
			}
			counted += int(e["n"].(float64))
		}
	}
	if counted < 1000 {
		t.Errorf("the company has only %d rows", counted)
	}
}

// rows reads all pages.
func (s site) rows(token, query string, limit int) (rows []map[string]any) {
	s.t.Helper()
	cursor := ""
	for {
		page := s.do("GET", fmt.Sprintf("/api/v1/explain?%s&limit=%d&cursor=%s", query, limit, url.QueryEscape(cursor)), token, "").json["rows"].(map[string]any)
		for _, item := range page["items"].([]any) {
			rows = append(rows, item.(map[string]any))
		}
		if page["next"] == nil {
			return rows
		}
		cursor = page["next"].(string)
	}
}

func TestRowsOfAFigureInPages(t *testing.T) {
	t.Parallel()
	s := startFilled(t)
	admin := s.admin()
	const query = "metric=change_lead_time&application=payments-api&from=365d"
	whole := s.rows(admin, query, 500)
	inPages := s.rows(admin, query, 7)
	if len(whole) < 20 || len(whole) != len(inPages) {
		t.Fatalf("%d rows at once, %d in pages", len(whole), len(inPages))
	}
	for i := range whole {
		if whole[i]["id"] != inPages[i]["id"] || whole[i]["reason"] != inPages[i]["reason"] {
			t.Fatalf("row %d is %v at once, %v in pages", i, whole[i]["id"], inPages[i]["id"])
		}
	}
	included, excluded := s.rows(admin, query+"&include=included", 500), s.rows(admin, query+"&include=excluded", 500)
	if len(included)+len(excluded) != len(whole) || len(included) == 0 || len(excluded) == 0 {
		t.Errorf("%d included and %d excluded of %d", len(included), len(excluded), len(whole))
	}
	for _, row := range included {
		if row["value"] == nil || row["kind"] != "change" || row["repository"] == "" || row["deployment"] == "" || len(row["belongs_to"].([]any)) == 0 {
			t.Fatalf("a counted change: %v", row)
		}
	}
}

func TestExplainRefusesWhatItCannotExplain(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	for query, want := range map[string]int{
		"": 422, "metric=velocity": 422, "metric=change_fail_rate&cursor=nonsense": 422, "metric=change_fail_rate&application=a&group=b": 422,
		"metric=change_fail_rate&application=nowhere": 404, "metric=change_fail_rate&include=some": 422, "metric=change_fail_rate&from=yesterday": 422,
		"metric=change_fail_rate": 200,
	} {
		if got := s.do("GET", "/api/v1/explain?"+query, admin, ""); got.status != want {
			t.Errorf("%q = %d %s, want %d", query, got.status, got.text, want)
		}
	}
}
