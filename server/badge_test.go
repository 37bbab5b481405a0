package server_test

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server"
)

// badges asks for the badges of a scope.
func (s site) badges(token, query string) []map[string]any {
	s.t.Helper()
	got := s.do("GET", "/api/v1/badges?"+query, token, "")
	items, _ := got.json["items"].([]any)
	if got.status != http.StatusOK || len(items) == 0 {
		s.t.Fatalf("%s = %d %s", query, got.status, got.text)
	}
	var list []map[string]any
	for _, item := range items {
		list = append(list, item.(map[string]any))
	}
	return list
}

func TestABadgeNeedsItsSignatureAndNobody(t *testing.T) {
	t.Parallel()
	s := startWith(t, company(t), func(c *server.Config) { c.PublicURL = "https://evenkeel.example.com/" })
	all := s.badges(s.admin(), "application=checkout-web")
	if len(all) != 5 {
		t.Fatalf("%d badges", len(all))
	}
	for _, b := range all {
		path, label, value := b["path"].(string), b["label"].(string), b["value"].(string)
		got := s.do("GET", path, "", "")
		if got.status != http.StatusOK || !strings.Contains(got.text, ">"+label+"<") || !strings.Contains(got.text, ">"+value+"<") {
			t.Errorf("%s = %d %s", path, got.status, got.text)
		}
		for name, want := range map[string]string{
			"Content-Type": "image/svg+xml; charset=utf-8", "Cache-Control": "max-age=300", "Cross-Origin-Resource-Policy": "cross-origin",
			"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'", "X-Content-Type-Options": "nosniff", "Set-Cookie": "",
		} {
			if got.header.Get(name) != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got.header.Get(name), want)
			}
		}
		if want := "[![" + label + "](https://evenkeel.example.com" + path + ")](https://evenkeel.example.com/w/default/applications/checkout-web)"; b["markdown"] != want {
			t.Errorf("markdown %v, want %s", b["markdown"], want)
		}
	}
}

func TestBadgesShowTheFiguresOfTheAPI(t *testing.T) {
	t.Parallel()
	s := startFilled(t)
	admin := s.admin()
	fail := s.do("GET", "/api/v1/metrics/dora?from=90d", admin, "").json["change_fail_rate"].(map[string]any)
	got := s.badges(admin, "metric=change_fail_rate")
	picture := s.do("GET", got[0]["path"].(string), "", "").text
	share, counted := fail["value"].(float64), fmt.Sprintf("%v of %v deployments", fail["failed"], fail["n"])
	shown, err := strconv.ParseFloat(strings.TrimSuffix(got[0]["value"].(string), " %"), 64)
	if len(got) != 1 || err != nil || math.Abs(shown-share*100) > 0.05 || !strings.Contains(picture, counted) {
		t.Errorf("%v and\n%s\nfor %v", got, picture, fail)
	}
	none := s.badges(admin, "application=carbon-report&metric=change_lead_time")[0]
	if none["value"] != "no data" {
		t.Errorf("an application without facts says %v", none["value"])
	}
}

// TestBadgesFollowTheRulesOfTheirScope: statistic, cases and dates are those
// of the API.
func TestBadgesFollowTheRulesOfTheirScope(t *testing.T) {
	t.Parallel()
	s := startFilled(t)
	s.ruled(t)
	admin := s.admin()
	for scope, said := range map[string]string{"application=pricing-api": " p90", "application=checkout-web": "", "group=growth": ""} {
		report := s.do("GET", "/api/v1/metrics/dora?from=90d&"+scope, admin, "").json
		for metric, label := range map[string]string{"change_lead_time": "lead time", "failed_deployment_recovery_time": "recovery time"} {
			figure := report[metric].(map[string]any)
			got := s.badges(admin, scope+"&metric="+metric)[0]
			picture := s.do("GET", got["path"].(string), "", "").text
			cases, window := fmt.Sprintf("%v of %v ", figure["statistic"], figure["n"]), report["window"].(map[string]any)
			if got["label"] != label+said+" 90 d" || !strings.Contains(picture, cases) || !strings.Contains(picture, "from "+str(window["from"])[:10]) {
				t.Errorf("%s: %v in\n%s\nfor %v", scope, got, picture, figure)
			}
		}
	}
}

func TestWrongAddressesOfBadgesAreNotFound(t *testing.T) {
	t.Parallel()
	s := startFilled(t)
	path := s.badges(s.admin(), "application=checkout-web&metric=change_lead_time")[0]["path"].(string)
	signature := path[strings.LastIndex(path, "-")+1 : len(path)-len(".svg")]
	flipped := "0" + signature[1:]
	if flipped == signature {
		flipped = "1" + signature[1:]
	}
	said := map[string]bool{}
	for name, wrong := range map[string]string{
		"another figure":          strings.Replace(path, "change_lead_time", "change_fail_rate", 1),
		"another application":     strings.Replace(path, "checkout-web", "payments-api", 1),
		"another kind":            strings.Replace(path, "/application/", "/group/", 1),
		"another workspace":       strings.Replace(path, "/default/", "/other/", 1),
		"a workspace there isn't": strings.Replace(path, "/default/", "/nowhere/", 1),
		"another signature":       strings.Replace(path, signature, flipped, 1),
		"a short signature":       strings.Replace(path, signature, signature[:31], 1),
		"capitals":                strings.Replace(path, "default", "Default", 1),
		"no signature":            strings.Replace(path, "-"+signature, "", 1),
		"another ending":          strings.Replace(path, ".svg", ".png", 1),
		"a longer path":           path + "/x",
		"nothing":                 "/badges/",
	} {
		got := s.do("GET", wrong, "", "")
		if got.status != http.StatusNotFound {
			t.Errorf("%s: %s = %d %s", name, wrong, got.status, got.text)
		}
		said[str(got.json["detail"])] = true
	}
	if len(said) != 1 {
		t.Errorf("the answers tell what is wrong: %v", said)
	}
}

func str(v any) string { text, _ := v.(string); return text }

func TestBadgesAreRevokedByMakingTheWorkspaceAgain(t *testing.T) {
	t.Parallel()
	s := startFilled(t)
	path := s.badges(s.admin(), "application=checkout-web&metric=change_lead_time")[0]["path"].(string)
	if err := s.store.RemoveWorkspace(t.Context(), "default"); err != nil {
		t.Fatal(err)
	}
	if err := s.store.EnsureWorkspace(t.Context(), evenkeel.WorkspaceInfo{Slug: "default", Name: "default"}); err != nil {
		t.Fatal(err)
	}
	if err := fill(t.Context(), s.store.In("default")); err != nil {
		t.Fatal(err)
	}
	if got := s.do("GET", path, "", ""); got.status != http.StatusNotFound {
		t.Errorf("the old address = %d", got.status)
	}
	next := s.badges(s.admin(), "application=checkout-web&metric=change_lead_time")[0]["path"].(string)
	if got := s.do("GET", next, "", ""); got.status != http.StatusOK || next == path {
		t.Errorf("the new address = %d", got.status)
	}
}

func TestBadgesAreAskedForBriefly(t *testing.T) {
	t.Parallel()
	s := startFilled(t)
	path := s.badges(s.admin(), "group=storefront&metric=deployment_frequency")[0]["path"].(string)
	head, full := s.do("HEAD", path, "", ""), s.do("GET", path, "", "")
	if head.status != http.StatusOK || head.text != "" || head.header.Get("ETag") == "" || head.header.Get("ETag") != full.header.Get("ETag") {
		t.Errorf("HEAD = %d %q %v", head.status, head.text, head.header)
	}
	again := s.do("GET", path, "", "", "If-None-Match", full.header.Get("ETag"))
	if again.status != http.StatusNotModified || again.text != "" || again.header.Get("Cache-Control") != "max-age=300" {
		t.Errorf("again = %d %v", again.status, again.header)
	}
	if got := s.do("POST", path, "", ""); got.status != http.StatusMethodNotAllowed && got.status != http.StatusNotFound {
		t.Errorf("POST = %d", got.status)
	}
}

func TestAddressesOfBadgesAreForThoseWhoRead(t *testing.T) {
	t.Parallel()
	s := startFilled(t)
	soon := clock().Add(time.Hour)
	for name, c := range map[string]struct {
		token, query string
		want         int
	}{
		"nobody":               {"", "", 401},
		"a sender":             {s.token("default", soon, evenkeel.ScopeIngest), "", 403},
		"a reader":             {s.token("default", soon, evenkeel.ScopeRead), "", 200},
		"another workspace":    {s.token("other", soon, evenkeel.ScopeRead), "workspace=default", 404},
		"an unknown name":      {s.admin(), "application=nothing", 404},
		"an unknown figure":    {s.admin(), "metric=happiness", 422},
		"an instant":           {s.admin(), "as_of=2026-01-01", 422},
		"two scopes":           {s.admin(), "application=checkout-web&group=storefront", 422},
		"a group and its apps": {s.admin(), "group=storefront", 200},
	} {
		if got := s.do("GET", "/api/v1/badges?"+c.query, c.token, ""); got.status != c.want {
			t.Errorf("%s = %d %s, want %d", name, got.status, got.text, c.want)
		}
	}
}

func FuzzBadgePaths(f *testing.F) {
	key := []byte("0123456789abcdef0123456789abcdef")
	good := server.BadgeName{Workspace: "default", Kind: "application", Slug: "checkout-web", Metric: metrics.MetricLeadTime}.Path(key)
	for _, seed := range []string{good, "/badges/", "/badges/a/group/b/change_fail_rate-.svg", "/badges/a/workspace/b/change_fail_rate-" + strings.Repeat("0", 32) + ".svg", "//badges//-.svg"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, path string) {
		name, signature, ok := server.ParseBadge(path)
		if !ok {
			if name != (server.BadgeName{}) || signature != "" {
				t.Fatalf("%q is none but is %v", path, name)
			}
			return
		}
		written := name.Path(key)
		if cut := len(written) - len(".svg") - len(signature); written[:cut] != path[:min(cut, len(path))] || len(written) != len(path) {
			t.Fatalf("%q is written %q", path, written)
		}
		if name.Signed(key, signature) != (written == path) {
			t.Fatalf("%q: a signature counts that was not given, or does not that was", path)
		}
	})
}
