package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel/connectors/promtest"
	"github.com/evenkeel-dev/evenkeel/slo/openslo"
)

// TestSLOSuggest: what is proposed are documents that load; they replace
// nothing, and 100 services take as many queries as one.
func TestSLOSuggest(t *testing.T) {
	t.Parallel()
	const services = 100
	var series []promtest.Series
	for i := range services {
		values := make([]float64, 15*24+1)
		for h := range values {
			values[h] = 1000 * float64(h)
		}
		series = append(series, promtest.Series{
			Name: "http_server_request_duration_seconds_count", Labels: map[string]string{"service_name": fmt.Sprintf("service-%d", i), "http_response_status_code": "200"},
			Samples: promtest.Every(present().Add(-15*24*time.Hour), time.Hour, values...),
		})
	}
	server := promtest.Start(t, series)
	m := newMachine(t)
	folder := filepath.Join(t.TempDir(), "slos")
	ask := []string{"slo", "suggest", "--prometheus", server.URL, "--days", "10", "--window", "7d", "--out", folder, "--json"}
	var got suggested
	if err := json.Unmarshal([]byte(m.must(ask...)), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Suggestions) != services || got.Queries > 20 {
		t.Fatalf("%d suggestions by %d queries: %v", len(got.Suggestions), got.Queries, got.Notes)
	}
	paths, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil || len(paths) != services {
		t.Fatal(len(paths), err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		set := openslo.Read(openslo.File{Name: path, Text: text})
		if len(set.Definitions) != 1 || set.Err() != nil || set.Definitions[0].Objectives[0].Target.String() != "0.9999" {
			t.Fatalf("%s: %v\n%s", path, set.Lints, text)
		}
	}
	if again := m.run(ask...); again.code == exitOK || !strings.Contains(again.stderr, "is there already") {
		t.Errorf("%+v", again)
	}
	for want, args := range map[string][]string{
		"either --prometheus or --connection": {},
		"is not a number of 1 to 90":          {"--prometheus", server.URL, "--days", "91"},
		"--window":                            {"--prometheus", server.URL, "--window", "x"},
		"Prometheus is down":                  {"--prometheus", "http://127.0.0.1:1"},
	} {
		if r := m.run(append([]string{"slo", "suggest"}, args...)...); r.code == exitOK || !strings.Contains(r.stderr, want) {
			t.Errorf("%v: %+v", args, r)
		}
	}
}
