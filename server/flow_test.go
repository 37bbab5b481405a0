package server_test

import (
	"fmt"
	"testing"
)

// TestTheValueStreamOfACompany reads where changes wait, its pages, and holds
// what the parts of the answer say of one another.
func TestTheValueStreamOfACompany(t *testing.T) {
	t.Parallel()
	s := startFilled(t)
	admin := s.admin()
	for _, scope := range []string{"from=180d", "from=90d&group=storefront", "from=90d&application=checkout-web", "from=2026-03-01&to=2026-05-01"} {
		view := s.do("GET", "/api/v1/value-stream?"+scope, admin, "").json
		dora := s.do("GET", "/api/v1/metrics/dora?"+scope, admin, "").json["change_lead_time"].(map[string]any)
		lead := view["lead"].(map[string]any)
		if lead["p50_seconds"] != dora["median_seconds"] || lead["n"] != dora["n"] || view["points_of"] != dora["n"] {
			t.Errorf("%s: lead time %v, the DORA figures say %v of %v", scope, lead, dora["median_seconds"], dora["n"])
		}
		points := view["points"].([]any)
		if stages := view["stages"].([]any); len(stages) != 6 || len(points) == 0 || len(points) > 500 {
			t.Errorf("%s: %d stages and %d points", scope, len(stages), len(points))
		}
		var listed []any
		for cursor := any(""); cursor != nil; {
			page := s.do("GET", fmt.Sprintf("/api/v1/value-stream/changes?%s&limit=200&cursor=%v", scope, cursor), admin, "").json
			listed, cursor = append(listed, page["items"].([]any)...), page["next"]
		}
		longest := view["longest"].([]any)
		if float64(len(listed)) != lead["n"] || len(longest) == 0 || listed[0].(map[string]any)["id"] != longest[0].(map[string]any)["id"] {
			t.Errorf("%s: %d changes listed of %v", scope, len(listed), lead["n"])
		}
		if fact := s.do("GET", "/api/v1/facts/"+longest[0].(map[string]any)["id"].(string), admin, ""); fact.json["kind"] != "change" {
			t.Errorf("%s: the longest change leads to %v", scope, fact.json["kind"])
		}
	}
	whole := s.do("GET", "/api/v1/value-stream?from=180d", admin, "").json
	if groups := whole["groups"].([]any); len(groups) == 0 {
		t.Error("no groups below the company")
	}
	for _, bad := range []string{"/value-stream?application=nobody", "/value-stream/changes?cursor=-1", "/value-stream/changes?sort=name", "/assisted?from=0d"} {
		if got := s.do("GET", "/api/v1"+bad, admin, "").status; got != 422 && got != 404 {
			t.Errorf("%s: status %d", bad, got)
		}
	}
}

// TestAssistedChangesOfACompany holds the counts to one another.
func TestAssistedChangesOfACompany(t *testing.T) {
	t.Parallel()
	s := startFilled(t)
	view := s.do("GET", "/api/v1/assisted?from=365d", s.admin(), "").json
	number := func(of map[string]any, name string) float64 { return of[name].(float64) }
	sides, matched := view["sides"].(map[string]any), view["matched"].(map[string]any)
	assisted, other := number(sides["assisted"].(map[string]any), "n"), number(sides["other"].(map[string]any), "n")
	if all := assisted + other + number(view, "unknown") + number(view, "bots"); all != number(view, "changes") || assisted == 0 || other == 0 {
		t.Errorf("%v assisted, %v other, %v unknown and %v of bots are not %v", assisted, other, view["unknown"], view["bots"], view["changes"])
	}
	if n := number(matched, "assisted_n") + number(matched, "other_n") + number(matched, "left_out"); n != assisted+other {
		t.Errorf("matched %v", matched)
	}
	if trailers := view["rules"].(map[string]any)["trailers"].([]any); len(trailers) == 0 {
		t.Error("no rules")
	}
}
