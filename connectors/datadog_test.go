package connectors_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
	"github.com/evenkeel-dev/evenkeel/slo"
)

const datadogKeys = `,"key":"${env:K}","application_key":"${env:A}"`

// fakeDatadog answers as the documentation of "Query timeseries points" shows:
// points of 60 seconds, of which one has no value.
func fakeDatadog(interval int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Dd-Api-Key") != "good" || r.Header.Get("Dd-Application-Key") != "good" {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `{"errors":["Forbidden"]}`)
			return
		}
		at := measured.UnixMilli()
		switch query := r.URL.Query().Get("query"); {
		case strings.HasSuffix(r.URL.Path, "validate"):
			fmt.Fprint(w, `{"valid":true}`)
		case strings.Contains(query, "broken"):
			fmt.Fprint(w, `{"status":"error","error":"Rule 'scope_expr' didn't match"}`)
		case strings.Contains(query, "by {region}"):
			fmt.Fprintf(w, `{"status":"ok","series":[{"interval":%d,"tag_set":["region:eu"],"pointlist":[[%d,1]]},{"interval":%[1]d,"tag_set":["region:us"],"pointlist":[[%[2]d,2]]}]}`, interval, at)
		default:
			fmt.Fprintf(w, `{"status":"ok","series":[{"interval":%d,"tag_set":[],"pointlist":[[%d,9],[%d,null],[%d,10]]}]}`, interval, at, at+60_000, at+120_000)
		}
	})
}

func TestDatadogIsMeasured(t *testing.T) {
	t.Parallel()
	vendor := vendortest.New(t, fakeDatadog(60))
	d := measurerOf(t, "datadog", vendor.URL, datadogKeys)
	ratio := slo.Indicator{Kind: slo.GoodOfTotal, Good: query(`sum:ok{*}.as_count().rollup(sum, {{.seconds}})`), Total: query(`sum:all{*}.as_count().rollup(sum, {{.seconds}})`)}
	a, err := d.Measure(t.Context(), question(ratio, 3))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"[] 0: 9/-/9 -", "[] 2: 10/-/10 -"}, shown(a)); diff != "" {
		t.Error(diff)
	}
	if asked := vendor.Requests()[0].URL.Query(); asked.Get("query") != "sum:ok{*}.as_count().rollup(sum, 60)" || asked.Get("from") != fmt.Sprint(measured.Unix()) {
		t.Errorf("asked %v", asked)
	}
	regions, err := d.Measure(t.Context(), question(slo.Indicator{Kind: slo.Threshold, Value: query(`avg:x{*} by {region}`)}, 3, "region"))
	if diff := cmp.Diff([]string{"[region:eu] 0: -/-/- 1", "[region:us] 0: -/-/- 2"}, shown(regions)); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if access, err := d.Look(t.Context()); err != nil || !strings.Contains(access.Identity, "127.0.0.1") {
		t.Errorf("%+v, %v", access, err)
	}
	for want, i := range map[string]slo.Indicator{
		"Rule 'scope_expr' didn't match":  {Kind: slo.Threshold, Value: query(`broken`)},
		"which differ in region":          {Kind: slo.Threshold, Value: query(`avg:x{*} by {region}`)},
		"counter: true is not for Datado": {Kind: slo.GoodOfTotal, Counter: true, Good: query(`x`), Total: query(`x`)},
	} {
		if _, err := d.Measure(t.Context(), question(i, 3)); !errors.Is(err, evenkeel.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	coarse := measurerOf(t, "datadog", vendortest.New(t, fakeDatadog(300)).URL, datadogKeys)
	if _, err := coarse.Measure(t.Context(), question(ratio, 3)); !errors.Is(err, evenkeel.ErrInvalid) || !strings.Contains(err.Error(), "good: the points are 5m apart and a slice is 1m") {
		t.Errorf("coarse points: %v", err)
	}
	vendor.Always(vendortest.Status(http.StatusForbidden))
	if _, err := d.Measure(t.Context(), question(ratio, 3)); !errors.Is(err, evenkeel.ErrDenied) {
		t.Errorf("forbidden: %v", err)
	}
}

func TestAnyJSONIsMeasured(t *testing.T) {
	t.Parallel()
	body := fmt.Sprintf(`{"data":{"points":[
		{"time":%d,"n":5,"zone":"a"},{"time":%d,"n":null,"zone":"a"},{"time":"2026-03-01T00:02:00Z","n":"7.5","zone":"a"},{"time":%d,"n":1,"zone":"b"},
		{"time":"2026-02-01T00:00:00Z","n":1,"zone":"a"}]}}`, measured.Unix(), measured.Unix()+60, measured.UnixMilli())
	vendor := vendortest.New(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }))
	h := measurerOf(t, "http", vendor.URL+"/api", `,"token":"${env:T}"`)
	spec := func(more map[string]any) connectors.Question {
		members := map[string]any{"path": "/series/x?from={{.from}}&to={{.to_rfc3339}}&step={{.seconds}}", "items": "/data/points", "at": "./time", "value": "./n", "labels": map[string]any{"zone": "./zone"}}
		maps.Copy(members, more)
		return question(slo.Indicator{Kind: slo.Threshold, Value: &slo.Source{Type: "HTTP", Spec: members}}, 3, "zone")
	}
	a, err := h.Measure(t.Context(), spec(nil))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"[zone:a] 0: -/-/- 5", "[zone:a] 2: -/-/- 7.5", "[zone:b] 0: -/-/- 1"}, shown(a)); diff != "" {
		t.Error(diff)
	}
	got := vendor.Requests()[0]
	if want := fmt.Sprintf("/api/series/x?from=%d&to=2026-03-01T00%%3A03%%3A00Z&step=60", measured.Unix()); got.URL.String() != want || got.Header.Get("Authorization") != "Bearer good" {
		t.Errorf("asked %s", got.URL)
	}
	for want, more := range map[string]map[string]any{
		"value.metricSource.spec.path: is required": {"path": ""},
		"items leads to no list":                    {"items": "/data"},
		"is not a JSON pointer":                     {"at": "time"},
		`at "" is neither`:                          {"at": "./when"},
		"has two points":                            {"labels": map[string]any{"zone": "/none"}},
		`value "a" is not a number`:                 {"value": "./zone"},
		"leads out of the interface":                {"path": "../secrets"},
	} {
		if _, err := h.Measure(t.Context(), spec(more)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	odd := spec(nil)
	odd.Window.From, odd.Window.To = odd.Window.From.Add(-30), odd.Window.To.Add(-30)
	if _, err := h.Measure(t.Context(), odd); !errors.Is(err, evenkeel.ErrInvalid) || !strings.Contains(err.Error(), "is not the beginning of a slice") {
		t.Errorf("uneven points: %v", err)
	}
	if _, err := h.Look(t.Context()); err != nil {
		t.Error(err)
	}
}
