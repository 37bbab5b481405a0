package server_test

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// story posts a few facts of several kinds.
func (s site) story(token string) {
	s.t.Helper()
	if err := s.store.In("default").ApplyCatalogue(s.t.Context(), evenkeel.Catalogue{
		Groups:       []evenkeel.Group{{Slug: "shop", Name: "Shop"}},
		Applications: []evenkeel.Application{{Slug: "checkout", Name: "Checkout", Group: "shop", Claims: []string{"github:acme/checkout"}}, {Slug: "search", Name: "Search"}},
	}); err != nil {
		s.t.Fatal(err)
	}
	lines := []string{
		`{"kind":"deployment","id":"d1","application":"checkout","environment":"production","status":"success","version":"=1+1","finished_at":"2026-11-20T10:00:00Z","actor_kind":"bot"}`,
		`{"kind":"deployment","id":"d2","application":"checkout","environment":"staging","status":"failure","finished_at":"2026-11-21T09:30:00Z"}`,
		`{"kind":"incident","id":"i1","application":"checkout","severity":"sev2","opened_at":"2026-11-20T11:00:00Z","resolved_at":"2026-11-20T11:36:00Z"}`,
		`{"kind":"build","id":"b1","repository":"github.com/acme/checkout","commit":"` + strings.Repeat("a", 40) + `","pipeline":"ci.yml","attempt":2,"result":"failure","started_at":"2026-11-20T09:00:00Z","finished_at":"2026-11-20T09:04:00Z"}`,
		`{"kind":"flag_change","id":"f1","application":"search","flag":"new-ranking","action":"changed","after":{"on":true,"shares":{"on":0.25,"off":0.75}},"at":"2026-11-21T12:00:00Z"}`,
		`{"kind":"evidence","id":"e1","application":"search","check":"dependency-scan","result":"warn","value":"2 open","at":"2026-11-19T12:00:00Z"}`,
		`{"kind":"work_item","id":"w1","application":"nobody","type":"debt","state":"open","opened_at":"2026-11-18T12:00:00Z","due_at":"2026-12-01T00:00:00Z"}`,
	}
	if got := s.do("POST", "/api/v1/events", token, strings.Join(lines, "\n")); got.status != 200 || got.json["accepted"] != float64(len(lines)) {
		s.t.Fatalf("%d %s", got.status, got.text)
	}
}

func ids(list map[string]any) (found []string) {
	for _, item := range list["items"].([]any) {
		found = append(found, item.(map[string]any)["external_id"].(string))
	}
	return found
}

func TestFactsOfEveryKindAreListed(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	s.story(admin)
	for query, want := range map[string]string{
		"":                           "f1 d2 i1 d1 b1 e1 w1",
		"?kind=deployment,incident":  "d2 i1 d1",
		"?application=checkout":      "d2 i1 d1 b1",
		"?group=shop&kind=build":     "b1",
		"?environment=staging":       "d2",
		"?status=failure":            "d2 b1",
		"?unclaimed=true":            "w1",
		"?q=ACME/check":              "b1",
		"?from=2026-11-21":           "f1 d2",
		"?from=6h":                   "",
		"?to=2026-11-19":             "w1",
		"?kind=evidence,work_item":   "e1 w1",
		"?source=ci&kind=deployment": "d2 d1",
		"?source=other":              "",
	} {
		got := s.do("GET", "/api/v1/facts"+query, admin, "")
		if got.status != 200 || strings.Join(ids(got.json), " ") != want {
			t.Errorf("%s: %d %v, want %s", query, got.status, ids(got.json), want)
		}
	}
	for query, field := range map[string]string{"?kind=deploys": "kind", "?from=yesterday": "from", "?application=none": "not found", "?colour=red": "colour"} {
		if got := s.do("GET", "/api/v1/facts"+query, admin, ""); got.status/100 != 4 || !strings.Contains(got.text, field) {
			t.Errorf("%s: %d %s", query, got.status, got.text)
		}
	}
}

func TestAFactSaysWhereItIsCounted(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	s.story(admin)
	first := s.do("GET", "/api/v1/facts?kind=deployment&environment=production", admin, "").json["items"].([]any)[0].(map[string]any)
	if first["summary"] != "=1+1 success" || first["actor_kind"] != "bot" || first["lag_seconds"] != nil {
		t.Errorf("%v", first)
	}
	counted, _ := json.Marshal(first["used_by"])
	if !strings.Contains(string(counted), "deployment_frequency") || !strings.Contains(string(counted), "change_fail_rate") {
		t.Errorf("counted in %s", counted)
	}
	s.do("POST", "/api/v1/events", admin, `{"kind":"evidence","id":"now","application":"search","check":"scan","result":"pass","at":"2026-11-22T11:58:30Z"}`)
	late := s.do("GET", "/api/v1/facts?from=1h", admin, "").json["items"].([]any)[0].(map[string]any)
	if late["lag_seconds"] != 90.0 || late["received_at"] != "2026-11-22T12:00:00Z" {
		t.Errorf("received %v, %v s after it happened; want 12:00, 90 s", late["received_at"], late["lag_seconds"])
	}
	detail := s.do("GET", "/api/v1/facts/"+first["id"].(string), admin, "").json
	said := detail["observations"].([]any)[0].(map[string]any)
	if said["source"] != "ci" || said["fields"].(map[string]any)["version"] != "=1+1" || len(said["deliveries"].([]any)) != 0 {
		t.Errorf("said: %v", said)
	}
	staging := s.do("GET", "/api/v1/facts?environment=staging", admin, "").json["items"].([]any)[0].(map[string]any)
	if len(staging["used_by"].([]any)) != 0 {
		t.Errorf("a failed attempt on staging is counted in %v", staging["used_by"])
	}
	uses, _ := json.Marshal(s.do("GET", "/api/v1/facts/"+staging["id"].(string), admin, "").json["uses"])
	if !strings.Contains(string(uses), `"included":false`) || strings.Contains(string(uses), `"included":true`) {
		t.Errorf("uses of the failed attempt: %s", uses)
	}
	if got := s.do("GET", "/api/v1/facts/00000000000000000000", admin, ""); got.status != 404 {
		t.Errorf("an unknown fact: %d", got.status)
	}
}

func TestFactsAreSummarised(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	s.story(admin)
	got := s.do("GET", "/api/v1/facts/summary?from=2026-11-18&to=2026-11-22&kind=deployment", admin, "").json
	sum := 0.0
	for _, bucket := range got["buckets"].([]any) {
		for _, n := range bucket.(map[string]any)["counts"].(map[string]any) {
			sum += n.(float64)
		}
	}
	if got["total"] != 2.0 || sum != 2 || got["bucket_seconds"] != 3*3600.0 || len(got["buckets"].([]any)) != 32 {
		t.Errorf("total %v, in buckets %v of %v seconds, %d of them", got["total"], sum, got["bucket_seconds"], len(got["buckets"].([]any)))
	}
	facets, _ := json.Marshal(got["facets"])
	for _, want := range []string{
		`{"count":2,"label":"deployment","value":"deployment"}`, `{"count":1,"label":"incident","value":"incident"}`,
		`{"count":2,"label":"Checkout","value":"checkout"}`, `{"count":1,"label":"staging","value":"staging"}`,
	} {
		if !strings.Contains(string(facets), want) {
			t.Errorf("facets lack %s: %s", want, facets)
		}
	}
}

func TestFactsAreExported(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	s.story(admin)
	got := s.do("GET", "/api/v1/facts?kind=deployment", admin, "", "Accept", "text/csv")
	records, err := csv.NewReader(strings.NewReader(got.text)).ReadAll()
	if err != nil || len(records) != 3 || records[2][10] != "'=1+1 success" || records[2][9] != "checkout" {
		t.Errorf("%v %q", err, records)
	}
	if disposition := got.header.Get("Content-Disposition"); !strings.Contains(disposition, "evenkeel-events.csv") {
		t.Errorf("file name: %s", disposition)
	}
	got = s.do("GET", "/api/v1/facts?limit=2", admin, "", "Accept", "application/x-ndjson")
	lines := strings.Split(strings.TrimSpace(got.text), "\n")
	var line map[string]any
	if err := json.Unmarshal([]byte(lines[0]), &line); err != nil || len(lines) != 2 || line["fields"].(map[string]any)["flag"] != "new-ranking" {
		t.Errorf("%v %s", err, got.text)
	}
	if got := s.do("GET", "/api/v1/facts?limit=none", admin, "", "Accept", "text/csv"); got.status != 422 {
		t.Errorf("a limit that is none: %d", got.status)
	}
	if got := s.do("GET", "/api/v1/facts", "", "", "Accept", "text/csv"); got.status != 401 {
		t.Errorf("an export without a token: %d", got.status)
	}
}

func TestFactsAreToldLive(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	s.story(admin)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	open := func(last string) *bufio.Scanner {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/api/v1/facts/stream?kind=incident", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+admin)
		if last != "" {
			request.Header.Set("Last-Event-ID", last)
		}
		reply, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = reply.Body.Close() })
		return bufio.NewScanner(reply.Body)
	}
	until := func(lines *bufio.Scanner, prefix string) string {
		for lines.Scan() {
			if text, ok := strings.CutPrefix(lines.Text(), prefix); ok {
				return text
			}
		}
		t.Fatalf("the stream ended before %q: %v", prefix, lines.Err())
		return ""
	}
	lines := open("")
	until(lines, "event: ready")
	start := until(lines, "id: ")
	for _, event := range []string{
		`{"kind":"deployment","id":"d9","application":"checkout","status":"success","finished_at":"2026-11-22T11:00:00Z"}`,
		`{"kind":"incident","id":"i9","application":"search","opened_at":"2026-11-22T11:30:00Z"}`,
	} {
		s.do("POST", "/api/v1/events", admin, event)
	}
	until(lines, "event: fact")
	if data := until(lines, "data: "); !strings.Contains(data, `"i9"`) {
		t.Errorf("told: %s", data)
	}
	again := open(start)
	until(again, "event: fact")
	if data := until(again, "data: "); !strings.Contains(data, `"i9"`) {
		t.Errorf("told again after %s: %s", start, data)
	}
}
