package server_test

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fetch gets a file with headers of its own.
func (s site) fetch(path, token, accept string) (status int, kind, body string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.URL+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Accept", accept)
	answer, err := s.Client().Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer.StatusCode, answer.Header.Get("Content-Type"), string(text)
}

// csvTable reads a CSV file with its definitions.
func csvTable(t *testing.T, text string) (about map[string]string, header []string, rows [][]string) {
	t.Helper()
	about = map[string]string{}
	lines := bufio.NewScanner(strings.NewReader(text))
	for lines.Scan() && strings.HasPrefix(lines.Text(), "# ") {
		name, value, _ := strings.Cut(strings.TrimPrefix(lines.Text(), "# "), ": ")
		about[name] = value
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comment = '#'
	all, err := r.ReadAll()
	if err != nil || len(all) == 0 {
		t.Fatalf("%v in\n%.300s", err, text)
	}
	return about, all[0], all[1:]
}

func TestEveryTableIsAFileWithItsDefinitions(t *testing.T) {
	t.Parallel()
	s := startFilled(t)
	admin := s.admin()
	for _, table := range []string{"figures", "series", "groups", "capabilities", "applications", "rows", "stages", "changes", "assisted", "benchmarks", "coverage"} {
		path := "/api/v1/tables/" + table + "?from=180d"
		status, kind, text := s.fetch(path, admin, "text/csv")
		if status != http.StatusOK || kind != "text/csv; charset=utf-8" {
			t.Fatalf("%s: %d, %s: %.200s", table, status, kind, text)
		}
		about, header, rows := csvTable(t, text)
		if about["table"] != table || about["about"] == "" || len(rows) == 0 {
			t.Errorf("%s: %d rows, about %v", table, len(rows), about)
		}
		for _, column := range header {
			if !defined(about, column) {
				t.Errorf("%s: column %s has no definition", table, column)
			}
		}
		if table != "benchmarks" && table != "coverage" && (about["policy"] == "" || about["window_from"] == "" || about["as_of"] == "" || about["engine"] == "") {
			t.Errorf("%s does not say what it rests on: %v", table, about)
		}
		status, kind, text = s.fetch(path, admin, "application/x-ndjson")
		lines := strings.Split(strings.TrimSpace(text), "\n")
		if status != http.StatusOK || kind != "application/x-ndjson" || len(lines) != len(rows)+1 {
			t.Errorf("%s: %d, %s, %d lines for %d rows", table, status, kind, len(lines), len(rows))
		}
		for n, line := range lines[1:] {
			compareRow(t, table, header, rows[n], line)
		}
	}
}

func defined(about map[string]string, column string) bool {
	for name := range about {
		if name == "column "+column || strings.HasPrefix(name, "column "+column+" (") {
			return true
		}
	}
	return false
}

// compareRow holds a row of a CSV file to that of the NDJSON file.
func compareRow(t *testing.T, table string, header, row []string, line string) {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal([]byte(line), &object); err != nil {
		t.Fatalf("%s: %v in %s", table, err, line)
	}
	for i, column := range header {
		want := ""
		switch v := object[column].(type) {
		case string:
			want = v
		case float64:
			want = strconv.FormatFloat(v, 'g', -1, 64)
		case bool:
			want = strconv.FormatBool(v)
		}
		if row[i] != want && row[i] != "'"+want {
			t.Errorf("%s, %s: %q as CSV, %v as NDJSON", table, column, row[i], object[column])
		}
	}
}

func TestFilesHoldTheFiguresOfTheAPI(t *testing.T) {
	t.Parallel()
	s := startFilled(t)
	s.filesAgree(t, "")
	s.ruled(t)
	for _, scope := range []string{"", "&group=growth", "&application=pricing-api", "&application=checkout-web"} {
		s.filesAgree(t, scope)
	}
}

// filesAgree compares the files of a scope with the figures of the API.
func (s site) filesAgree(t *testing.T, scope string) {
	t.Helper()
	admin := s.admin()
	report := s.do("GET", "/api/v1/metrics/dora?from=90d&series=month"+scope, admin, "").json
	_, _, text := s.fetch("/api/v1/tables/figures?from=90d&format=csv"+scope, admin, "")
	about, _, rows := csvTable(t, text)
	got := map[string]string{}
	for _, row := range rows {
		got[row[0]] = row[1] + " " + row[3] + " n=" + row[4]
	}
	figure := func(figure, value, statistic, n string) string {
		f := report[figure].(map[string]any)
		if named, ok := f["statistic"].(string); ok {
			statistic = named
		}
		return cell(f[value]) + " " + statistic + " n=" + cell(f[n])
	}
	want := map[string]string{
		"deployment_frequency": figure("deployment_frequency", "per_day", "rate", "deployments"), "change_lead_time": figure("change_lead_time", "value_seconds", "", "n"),
		"change_fail_rate": figure("change_fail_rate", "value", "share", "n"), "failed_deployment_recovery_time": figure("failed_deployment_recovery_time", "value_seconds", "", "n"),
		"deployment_rework_rate": figure("deployment_rework_rate", "value", "share", "n"),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("figures of %q (-API +file):\n%s", scope, diff)
	}
	if zone := report["time_zone"]; about["time_zone"] != zone {
		t.Errorf("%q: the file is of zone %q, the API of %v", scope, about["time_zone"], zone)
	}
	_, _, text = s.fetch("/api/v1/tables/series?from=90d&series=month"+scope, admin, "text/csv")
	_, header, rows := csvTable(t, text)
	series := report["series"].([]any)
	if len(rows) != len(series) {
		t.Fatalf("%d rows of a series of %d", len(rows), len(series))
	}
	for i, one := range series {
		bucket := one.(map[string]any)
		for column, where := range map[string][2]string{
			"lead_time_seconds": {"change_lead_time", "value_seconds"}, "recovery_seconds": {"failed_deployment_recovery_time", "value_seconds"},
			"deployments_per_day": {"deployment_frequency", "per_day"}, "fail_rate": {"change_fail_rate", "value"},
		} {
			at := slices.Index(header, column)
			if want := cell(bucket[where[0]].(map[string]any)[where[1]]); rows[i][at] != want {
				t.Errorf("%q, %s of %v: %q, the API says %q", scope, column, bucket["from"], rows[i][at], want)
			}
		}
	}
}

// cell is a number of the API as a file writes it; null is empty.
func cell(v any) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(v.(float64), 'g', -1, 64)
}

func TestTablesThatCannotBe(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	for path, want := range map[string]int{
		"/api/v1/tables/coverage?as_of=2026-01-02":  http.StatusUnprocessableEntity,
		"/api/v1/tables/people":                     http.StatusUnprocessableEntity,
		"/api/v1/tables/figures?format=xlsx":        http.StatusUnprocessableEntity,
		"/api/v1/tables/figures?application=nobody": http.StatusNotFound,
		"/api/v1/tables/rows?metric=happiness":      http.StatusUnprocessableEntity,
	} {
		if status, _, text := s.fetch(path, admin, "text/csv"); status != want {
			t.Errorf("%s: %d, want %d: %.200s", path, status, want, text)
		}
	}
	if status, _, _ := s.fetch("/api/v1/tables/figures", "nonsense", "text/csv"); status != http.StatusUnauthorized {
		t.Errorf("without a token: %d", status)
	}
	status, _, text := s.fetch("/api/v1/tables/figures", admin, "text/csv")
	_, _, rows := csvTable(t, text)
	if status != http.StatusOK || len(rows) != 5 || rows[1][1] != "" {
		t.Errorf("an empty workspace: %d, %v; no data is no value", status, rows)
	}
}
