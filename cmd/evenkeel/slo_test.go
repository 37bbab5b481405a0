package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo/openslo"
	"github.com/evenkeel-dev/evenkeel/store"
)

// checkoutSLO is an SLO of three minutes and more.
const checkoutSLO = `apiVersion: openslo/v1
kind: SLO
metadata:
  name: checkout-availability
spec:
  service: checkout
  indicator:
    metadata:
      name: availability
    spec:
      ratioMetric:
        counter: false
        good: {metricSource: {type: Prometheus, spec: {query: good}}}
        total: {metricSource: {type: Prometheus, spec: {query: total}}}
  timeWindow:
    - duration: 30d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - target: 0.9
      op: gt
`

func written(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestSLOLint(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	file := written(t, "slo.yaml", checkoutSLO)
	r := m.run("slo", "lint", file)
	if r.code != exitOK || !strings.Contains(r.stdout, file+":21:spec.objectives[0].op: note: has no meaning for a ratio") || !strings.Contains(r.stdout, "1 SLO in 1 file can be evaluated; 0 errors") {
		t.Errorf("exit %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	folder := m.run("slo", "lint", "--json", filepath.Dir(file))
	var answer linted
	if err := json.Unmarshal([]byte(folder.stdout), &answer); err != nil || !answer.OK || len(answer.SLOs) != 1 {
		t.Errorf("%v %s", err, folder.stdout)
	}
	wrong := m.runWith(strings.Replace(checkoutSLO, "target: 0.9", "target: 1", 1), "slo", "lint", "-", "--json")
	answer = linted{}
	if err := json.Unmarshal([]byte(wrong.stdout), &answer); err != nil || wrong.code != exitInvalid || answer.OK || len(answer.SLOs) != 0 {
		t.Errorf("%v exit %d %s", err, wrong.code, wrong.stdout)
	}
	at := -1
	for i, one := range answer.Lints {
		if one.Severity == openslo.Error {
			at = i
		}
	}
	want := openslo.Lint{File: "-", Line: 20, Field: "spec.objectives[0].target", Severity: openslo.Error, Text: "1 leaves no error budget", Fix: "give 0.9999 (99.99 %) or less"}
	if at < 0 || !reflect.DeepEqual(answer.Lints[at], want) {
		t.Errorf("%+v", answer.Lints)
	}
	for name, args := range map[string][]string{"no file": {"slo", "lint"}, "an unknown flag": {"slo", "lint", "--jsn", file}} {
		if r := m.run(args...); r.code != exitUsage {
			t.Errorf("%s: exit %d", name, r.code)
		}
	}
	if r := m.run("slo", "lint", t.TempDir()); r.code != exitNotFound {
		t.Errorf("an empty folder: exit %d", r.code)
	}
	if r := m.runWith(strings.Replace(checkoutSLO, "30d", "1M", 1), "slo", "lint", "-", "--strict"); r.code != exitInvalid {
		t.Errorf("a warning with --strict: exit %d", r.code)
	}
}

func TestSLOImportPrintsDocuments(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	sloth := "version: prometheus/v1\nservice: checkout\nslos:\n  - name: errors\n    objective: 99.9\n    sli:\n      events:\n        error_query: sum(increase(e[{{.window}}]))\n        total_query: sum(increase(t[{{.window}}]))\n"
	r := m.runWith(sloth, "slo", "import", "--window", "28d", "-")
	if r.code != exitOK || !strings.Contains(r.stdout, "targetPercent: 99.9\n") || !strings.Contains(r.stdout, "duration: 28d\n") || !strings.Contains(r.stderr, "-:4:slos[0]: note: takes its window from Sloth's command line; 28d is taken") {
		t.Errorf("exit %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	if again := m.runWith(r.stdout, "slo", "lint", "-", "--strict"); again.code != exitOK {
		t.Errorf("exit %d\n%s", again.code, again.stdout)
	}
	if r := m.runWith(sloth, "slo", "import", "--from", "pyrra", "-"); r.code != exitInvalid {
		t.Errorf("another format: exit %d", r.code)
	}
	for _, flags := range [][]string{{"--from", "nobl9"}, {"--window", "30 d"}} {
		if r := m.runWith(sloth, append([]string{"slo", "import", "-"}, flags...)...); r.code != exitUsage {
			t.Errorf("%v: exit %d", flags, r.code)
		}
	}
}

// checkoutData are three minutes: 90 of 100, 100 of 100, 99 of 100.
const checkoutData = `{"kind":"measurement","id":"1","source":"ci","application":"checkout","environment":"production","series":"availability","slice_seconds":60,"slices":[{"at":"2026-11-22T11:57:00Z","good":90,"total":100},{"at":"2026-11-22T11:58:00Z","good":100,"total":100}]}
{"kind":"measurement","id":"2","source":"ci","application":"checkout","environment":"production","series":"availability","slice_seconds":60,"slices":[{"at":"2026-11-22T11:59:00Z","good":99,"total":100}]}
{"kind":"measurement","id":"2","source":"ci","application":"checkout","environment":"production","series":"availability","slice_seconds":60,"slices":[{"at":"2026-11-22T11:59:00Z","good":0,"total":100}]}
{"kind":"measurement","id":"3","source":"ci","application":"checkout","environment":"production","series":"availability","slice_seconds":60,"slices":[{"at":"2026-11-22T12:00:00Z","good":0,"total":100}]}
`

// TestSLOEvalHoldsWhatWasMeasuredBeforeTheWindow: a bad hour before the 30 days, and
// a good one 20 days into them. The 480 hours before it are bad, the 240 since good.
func TestSLOEvalHoldsWhatWasMeasuredBeforeTheWindow(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	document := strings.NewReplacer("  name: checkout-availability\n", "  name: checkout-availability\n  annotations: {evenkeel.dev/missing: hold, evenkeel.dev/slice: 1h}\n",
		"Occurrences", "Timeslices", "target: 0.9\n", "target: 0.9\n      timeSliceTarget: 0.9\n      timeSliceWindow: 1h\n").Replace(checkoutSLO)
	data := `{"series":"availability","at":"2026-10-22T12:00:00Z","good":0,"total":10}
{"series":"availability","at":"2026-11-12T12:00:00Z","good":10,"total":10}
`
	r := m.run("slo", "eval", "--spec", written(t, "slo.yaml", document), "--data", written(t, "data.ndjson", data), "--at", "2026-11-22T12:00:00Z", "--json")
	var got struct{ Bad, Total float64 }
	if err := json.Unmarshal([]byte(r.stdout), &got); err != nil || got.Bad != 480 || got.Total != 720 {
		t.Errorf("%v: %+v\n%s", err, got, r.stderr)
	}
}

// TestSLOEval works three minutes by hand: 11 bad of 300 at a budget of a tenth
// spend 11/30 of it. The batch that came twice and the minute after the instant
// change nothing.
func TestSLOEval(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	spec, data := written(t, "slo.yaml", checkoutSLO), written(t, "data.ndjson", checkoutData)
	args := []string{"slo", "eval", "--spec", spec, "--data", data, "--at", "2026-11-22T12:00:30Z"}
	var got map[string]any
	text := m.must(append(args, "--json")...)
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	members := slices.Sorted(maps.Keys(got))
	if want := []string{"alerts", "at", "bad", "budget", "burn", "coverage", "exhausts_at", "good", "objective", "sli", "slo", "status", "target", "thaws_at", "total", "window"}; !slices.Equal(members, want) {
		t.Errorf("members %v", members)
	}
	burn := 11.0 / 30
	for name, want := range map[string]any{
		"slo": "checkout-availability", "objective": nil, "at": "2026-11-22T12:00:00Z", "target": 0.9, "good": 289.0, "bad": 11.0, "total": 300.0,
		"sli": 289.0 / 300, "coverage": 3.0 / 43200, "window": map[string]any{"from": "2026-10-23T12:00:00Z", "to": "2026-11-22T12:00:00Z"},
		"budget": map[string]any{"consumed": burn, "remaining": 1 - burn},
		"burn":   map[string]any{"5m": burn, "30m": burn, "1h": burn, "2h": burn, "6h": burn, "1d": burn, "3d": burn},
	} {
		if diff := cmp.Diff(want, got[name], cmpopts.EquateApprox(0, 1e-12)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if text := m.must(args...); !strings.Contains(text, "11 bad of 300") || !strings.Contains(text, "level 96.3333 % of a target of 90 %, 36.6667 % of the budget spent") {
		t.Error(text)
	}
}

// TestSLOEvalReadsSlices: slices in lines of their own, two objectives, counters
// and groups.
func TestSLOEvalReadsSlices(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	spec := strings.Replace(checkoutSLO, "counter: false", "counter: true", 1)
	spec = strings.Replace(spec, "  name: checkout-availability\n", "  name: checkout-availability\n  annotations: {evenkeel.dev/group-by: region}\n", 1)
	spec += "    - {displayName: strict, target: 0.99}\n"
	data := `{"series":"availability{region=\"eu\"}","at":"2026-11-22T11:57:00Z","good":10,"total":10}
{"series":"availability{region=\"eu\"}","at":"2026-11-22T11:58:00Z","good":109,"total":110}
{"series":"availability{region=\"us\"}","at":"2026-11-22T11:57:00Z","good":0,"total":0}
{"series":"availability{region=\"us\"}","at":"2026-11-22T11:58:00Z","good":50,"total":50}
`
	text := m.must("slo", "eval", "--spec", written(t, "slo.yaml", spec), "--data", written(t, "data.ndjson", data), "--at", "2026-11-22T11:59:00Z", "--json")
	var got []string
	for line := range strings.Lines(text) {
		var one struct {
			SLO       string
			Objective *string
			Bad       float64
			Total     float64
		}
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		name := ""
		if one.Objective != nil {
			name = *one.Objective
		}
		got = append(got, fmt.Sprintf("%s %s %v of %v", one.SLO, name, one.Bad, one.Total))
	}
	want := []string{
		`checkout-availability{region="eu"}  1 of 100`, `checkout-availability{region="us"}  0 of 50`,
		`checkout-availability{region="eu"} strict 1 of 100`, `checkout-availability{region="us"} strict 0 of 50`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestSLOEvalTakesBatchesAsAServerDoes: the name of a batch is that of one series,
// what was observed later holds, and a batch without a name is not remembered.
func TestSLOEvalTakesBatchesAsAServerDoes(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	spec := strings.Replace(checkoutSLO, "  name: checkout-availability\n", "  name: checkout-availability\n  annotations: {evenkeel.dev/group-by: region}\n", 1)
	var data strings.Builder
	for _, one := range []struct {
		id, region, observed, at string
		good                     int
	}{
		{`"id":"1",`, "eu", "12:00:00", "11:58:00", 90},
		{`"id":"1",`, "us", "12:00:00", "11:58:00", 80},
		{`"id":"2",`, "eu", "12:00:00", "11:57:00", 50},
		{`"id":"3",`, "eu", "11:58:30", "11:57:00", 0},
		{"", "us", "11:58:00", "11:57:00", 100},
		{"", "us", "11:59:00", "11:57:00", 70},
		{"", "us", "12:00:00", "11:57:00", 100},
	} {
		fmt.Fprintf(&data, `{"kind":"measurement",%s"source":"ci","series":"availability{region=\"%s\"}","slice_seconds":60,"observed_at":"2026-11-22T%sZ","slices":[{"at":"2026-11-22T%sZ","good":%d,"total":100}]}`+"\n",
			one.id, one.region, one.observed, one.at, one.good)
	}
	text := m.must("slo", "eval", "--spec", written(t, "slo.yaml", spec), "--data", written(t, "data.ndjson", data.String()), "--at", "2026-11-22T12:00:00Z")
	for _, want := range []string{"60 bad of 200", "20 bad of 200"} {
		if !strings.Contains(text, want) {
			t.Errorf("want %s:\n%s", want, text)
		}
	}
}

// TestSLOEvalRefuses: wrong data make no figure.
func TestSLOEvalRefuses(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	spec := written(t, "slo.yaml", checkoutSLO)
	for name, one := range map[string]struct {
		data string
		code int
		want string
	}{
		"another series":    {`{"series":"latency","at":"2026-11-22T11:57:00Z","value":1}`, exitNotFound, "no measurements of availability of application checkout; the data hold latency"},
		"nothing":           {"", exitNotFound, "the data hold no measurements at all"},
		"two environments":  {checkoutData + strings.ReplaceAll(strings.ReplaceAll(checkoutData, `"production"`, `"staging"`), `"id":"`, `"id":"s`), exitInvalid, "two series could be meant: availability of application checkout of environment production of source ci, and availability of application checkout of environment staging of source ci"},
		"other slices":      {strings.ReplaceAll(strings.ReplaceAll(checkoutData, `"slice_seconds":60`, `"slice_seconds":10`), "\n\n", "\n"), exitInvalid, "are 10 seconds long, those of the document 1m"},
		"between slices":    {`{"series":"availability","at":"2026-11-22T11:57:30Z","good":1,"total":1}`, exitInvalid, "does not begin a slice of 1m"},
		"a negative":        {`{"series":"availability","at":"2026-11-22T11:57:00Z","good":-1,"total":1}`, exitInvalid, "line 1: slices[0].good: -1 is not a finite number of 0 or more"},
		"not a number":      {"\n" + `{"series":"availability","at":"2026-11-22T11:57:00Z","good":"NaN","total":1}`, exitInvalid, "line 2: "},
		"an unknown member": {`{"series":"availability","at":"2026-11-22T11:57:00Z","goood":1,"total":1}`, exitInvalid, "goood"},
		"no JSON":           {"good,total\n1,2\n", exitInvalid, "line 1"},
	} {
		r := m.run("slo", "eval", "--spec", spec, "--data", written(t, "data.ndjson", one.data), "--json")
		if r.code != one.code || !strings.Contains(r.stderr, one.want) || r.stdout != "" {
			t.Errorf("%s: exit %d\n%s%s", name, r.code, r.stdout, r.stderr)
		}
	}
	data := written(t, "data.ndjson", checkoutData)
	wrong := written(t, "slo.yaml", strings.Replace(checkoutSLO, "target: 0.9", "target: 1", 1))
	for name, one := range map[string]struct {
		args []string
		code int
	}{
		"a wrong document": {[]string{"--spec", wrong}, exitInvalid},
		"a wrong instant":  {[]string{"--spec", spec, "--at", "yesterday"}, exitUsage},
		"an unknown SLO":   {[]string{"--spec", spec, "--slo", "basket"}, exitNotFound},
	} {
		if r := m.run(append([]string{"slo", "eval", "--data", data}, one.args...)...); r.code != one.code {
			t.Errorf("%s: exit %d %s", name, r.code, r.stderr)
		}
	}
}

// TestApplyFollowsSLOs: what a configuration states is kept, once, and retired
// when it is stated no longer.
func TestApplyFollowsSLOs(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	folder := t.TempDir()
	for name, text := range map[string]string{"evenkeel.yaml": "slos: [slos]\n", "without.yaml": "workspace: default\n"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(folder, "slos"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "slos", "checkout.yaml"), []byte(checkoutSLO), 0o600); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(folder, "evenkeel.yaml")
	if text := m.must("check", "-f", config); !strings.Contains(text, "0 connections and 1 SLO in 1 file") || !strings.Contains(text, "checkout.yaml:20:spec.objectives[0]: warning: at a target of 90 %") {
		t.Error(text)
	}
	for range 2 {
		if text := m.must("apply", "-f", config); !strings.Contains(text, "0 connections and 1 SLO to the workspace") {
			t.Error(text)
		}
	}
	s, err := store.Open(t.Context(), store.Options{DSN: "sqlite:" + filepath.Join(m.env["EVENKEEL_DATA"], "evenkeel.db"), Logger: slog.New(slog.DiscardHandler), Now: present})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	kept := func() []evenkeel.ServiceLevel {
		t.Helper()
		list, err := s.In("default").AllServiceLevels(t.Context(), evenkeel.LastRevision)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	list := kept()
	if len(list) != 1 || list[0].ID != "checkout-availability" || list[0].Application != "checkout" || list[0].Number != 1 || list[0].Source.Kind != evenkeel.FromConfig {
		t.Errorf("%+v", list)
	}
	if set := openslo.Read(openslo.File{Name: "kept", Text: []byte(list[0].Document)}); len(set.Definitions) != 1 {
		t.Error(set.Err())
	}
	m.must("apply", "-f", filepath.Join(folder, "without.yaml"))
	if list := kept(); len(list) != 0 {
		t.Errorf("%+v", list)
	}
}
