package rules_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel/connectors/promtest"
	"github.com/evenkeel-dev/evenkeel/slo"
	"github.com/evenkeel-dev/evenkeel/slo/rules"
)

func asked(query string) *slo.Source { return &slo.Source{Type: "Prometheus", Query: query} }

func share(t *testing.T, text string) slo.Target {
	t.Helper()
	one, err := slo.ParseShare(text)
	if err != nil {
		t.Fatal(err)
	}
	return one
}

// availability promises 99.9 % of requests over 30 days, of counters.
func availability(t *testing.T) slo.Definition {
	t.Helper()
	return slo.Definition{
		Name: "checkout-availability", Service: "checkout", Method: slo.Occurrences, Slice: time.Minute, Alerts: "workbook-30d",
		Window: slo.TimeWindow{Span: slo.Span{N: 30, Unit: slo.Day}},
		Indicator: slo.Indicator{
			Kind: slo.GoodOfTotal, Counter: true,
			Good: asked(`sum(http_requests_total{job="checkout",code!~"5.."})`), Total: asked(`sum(http_requests_total{job="checkout"})`),
		},
		Objectives: []slo.Objective{{Target: share(t, "0.999"), Weight: 1}},
	}
}

// all are definitions of every kind and method.
func all(t *testing.T) []slo.Definition {
	t.Helper()
	regions := availability(t)
	regions.Name, regions.GroupBy = "checkout-by-region", []string{"region"}
	regions.Indicator = slo.Indicator{
		Kind:  slo.BadOfTotal,
		Bad:   asked(`sum by (region) (increase(http_requests_total{job="checkout",code=~"5.."}[{{.window}}])) # errors`),
		Total: asked(`sum by (region) (increase(http_requests_total{job="checkout"}[{{.window}}]))`),
	}
	slices := availability(t)
	slices.Name, slices.Method, slices.Alerts, slices.Guard = "checkout-minutes", slo.Timeslices, "pyrra-28d", slo.Guard{MinEvents: 3, MinBad: 2}
	slices.Objectives[0].SliceTarget, slices.Objectives[0].Target = share(t, "0.95"), share(t, "0.99")
	latency := availability(t)
	latency.Name, latency.Indicator = "checkout-latency", slo.Indicator{Kind: slo.Threshold, Value: asked(`histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{job="checkout"}[5m])))`)}
	latency.Objectives = []slo.Objective{
		{Name: "fast", Target: share(t, "0.9"), Op: slo.AtMost, Value: 0.25}, {Target: share(t, "0.99"), Op: slo.Below, Value: 1},
	}
	ratios := availability(t)
	ratios.Name, ratios.Method, ratios.Environment = "checkout-probes", slo.RatioTimeslices, "production"
	ratios.Indicator = slo.Indicator{Kind: slo.Success, Value: asked(`avg(probe_success{job="checkout"})`)}
	ratios.Objectives[0].SliceWindow = 5 * time.Minute
	// At rest this query is 0/0, which is not a number.
	raw := availability(t)
	raw.Name, raw.Indicator = "checkout-raw", slo.Indicator{Kind: slo.Success, Value: asked(`sum(rate(http_requests_total{job="checkout",code="200"}[{{.window}}])) / sum(rate(http_requests_total{job="checkout"}[{{.window}}]))`)}
	return []slo.Definition{availability(t), regions, slices, latency, ratios, raw}
}

// write writes rules and a test of them into a folder and gives the test's name.
func write(t *testing.T, definitions []slo.Definition, test string) string {
	t.Helper()
	file, _, err := rules.Export(definitions, "")
	if err != nil {
		t.Fatal(err)
	}
	text, err := file.YAML()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for name, content := range map[string]string{"rules.yaml": string(text), "test.yaml": test} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestPromtoolAcceptsTheRules(t *testing.T) {
	t.Parallel()
	folder := write(t, all(t), "")
	out, err := promtest.Promtool(t.Context(), t, "check", "rules", "--lint-fatal", filepath.Join(folder, "rules.yaml"))
	// Seven groups of two amounts, two metadata, seven ratios, four rows and an alert on
	// silence; slices are judged by two more, and Pyrra has lookbacks of its own.
	if err != nil || !strings.Contains(out, "SUCCESS: 117 rules found") {
		t.Errorf("%v: %s", err, out)
	}
}

// TestNamesAreNoTemplates: Prometheus reads labels and annotations of alerts as
// templates, and refuses the whole file if one is wrong.
func TestNamesAreNoTemplates(t *testing.T) {
	t.Parallel()
	d := availability(t)
	d.Objectives[0].Name = "{{ eu }} \"and\" {{.us}} \\ 1"
	test := "rule_files: [rules.yaml]\nevaluation_interval: 1m\ntests:\n  - interval: 1m\n    promql_expr_test:\n" +
		expression(30, `count(ALERTS{alertname="EvenkeelNotMeasured",evenkeel_objective="{{ eu }} \"and\" {{.us}} \\ 1"}) or vector(0)`, "1")
	folder := write(t, []slo.Definition{d}, test)
	for _, args := range [][]string{{"check", "rules", filepath.Join(folder, "rules.yaml")}, {"test", "rules", filepath.Join(folder, "test.yaml")}} {
		if out, err := promtest.Promtool(t.Context(), t, args...); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	}
}

// TestPromtoolRunsTheRules has five services whose requests are written down by
// the minute: a healthy one; one of which a tenth fails from the 60th minute on,
// a burn of 100, so that an hour exceeds 14.4 after nine of them; one that rests
// until then, and fails altogether; one whose errors have no series before; one
// that nobody measures.
func TestPromtoolRunsTheRules(t *testing.T) {
	t.Parallel()
	const header = "rule_files: [rules.yaml]\nevaluation_interval: 1m\ntests:\n"
	folder := write(t, all(t), header+strings.Join([]string{
		scenario("healthy", `'0+100x200'`, `'0+0x200'`,
			fires(130, "page", false), fires(130, "ticket", false), is(130, `evenkeel:slo_error_ratio:1h{evenkeel_slo="checkout-availability"}`, "0"),
			is(130, `evenkeel:slo_target{evenkeel_slo="checkout-availability",evenkeel_window="30d"}`, "0.999"),
			is(130, `evenkeel:slo_error_budget{evenkeel_slo="checkout-availability"}`, "0.001"),
			is(130, `evenkeel:slo_error_ratio:1h{evenkeel_slo="checkout-minutes"}`, "0")),
		scenario("burning", `'0+100x60 6090+90x140'`, `'0+0x60 10+10x140'`,
			fires(62, "page", false), fires(72, "page", true), fires(130, "page", true), fires(130, "ticket", true),
			is(130, `evenkeel:slo_error_ratio:1h{evenkeel_slo="checkout-availability"}`, "0.1"),
			is(130, `evenkeel:slo_error_ratio:1h{evenkeel_slo="checkout-by-region",region="eu"}`, "0.1"),
			is(130, `evenkeel:slo_events:total{evenkeel_slo="checkout-availability"}`, "100"),
			is(130, `evenkeel:slo_error_ratio:1h{evenkeel_slo="checkout-minutes"}`, "1")),
		scenario("over again", `'0+100x60 6000+0x30 6100+100x110'`, `'0+0x60 100+100x29 3000+0x110'`,
			fires(90, "page", true), fires(130, "page", false)),
		scenario("at rest", `'5+0x200'`, `'7+0x60 8+1x140'`,
			fires(60, "page", false), none(60, `evenkeel:slo_error_ratio:1h{evenkeel_slo="checkout-availability"}`), fires(65, "page", true),
			none(60, `evenkeel:slo_error_ratio:3d{evenkeel_slo="checkout-raw"}`), is(80, `evenkeel:slo_error_ratio:3d{evenkeel_slo="checkout-raw"}`, "1"),
			expression(65, `(count(ALERTS{alertname="EvenkeelBudgetBurn",alertstate="firing",evenkeel_slo="checkout-raw",severity="page"}) > bool 0) or vector(0)`, "1")),
		scenario("errors without a past", `'0+100x60 6000+0x140'`, `'_x61 100+100x140'`,
			fires(59, "page", false), fires(65, "page", true), is(130, `evenkeel:slo_error_ratio:1h{evenkeel_slo="checkout-availability"}`, "1")),
		// What was bad in the 70th minute is not in the hour before the 130th.
		scenario("an hour ago", `'0+100x69 6910+100x130'`, `'0+0x69 90+0x130'`,
			is(129, `evenkeel:slo_error_ratio:1h{evenkeel_slo="checkout-minutes"}`, "1/60"),
			is(130, `evenkeel:slo_error_ratio:1h{evenkeel_slo="checkout-minutes"}`, "0")),
		"  - interval: 1m\n    name: not measured\n    promql_expr_test:\n" +
			expression(30, `count(ALERTS{alertname="EvenkeelNotMeasured",alertstate="firing",evenkeel_slo="checkout-availability",severity="ticket"}) or vector(0)`, "1"),
	}, ""))
	if out, err := promtest.Promtool(t.Context(), t, "test", "rules", filepath.Join(folder, "test.yaml")); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// scenario is a test of promtool: requests that went well and that failed, by the
// minute, and what is to be seen.
func scenario(name, good, bad string, seen ...string) string {
	return "  - interval: 1m\n    name: " + name + "\n    input_series:\n" +
		"      - {series: 'http_requests_total{job=\"checkout\",code=\"200\",region=\"eu\"}', values: " + good + "}\n" +
		"      - {series: 'http_requests_total{job=\"checkout\",code=\"500\",region=\"eu\"}', values: " + bad + "}\n" +
		"    promql_expr_test:\n" + strings.Join(seen, "")
}

// fires says whether an alert of a severity fires for the first definition.
func fires(minute int, severity string, yes bool) string {
	want := "0"
	if yes {
		want = "1"
	}
	return expression(minute, `(count(ALERTS{alertname="EvenkeelBudgetBurn",alertstate="firing",evenkeel_slo="checkout-availability",severity="`+severity+`"}) > bool 0) or vector(0)`, want)
}

// is says what a metric is, to nine digits.
func is(minute int, metric, value string) string {
	return expression(minute, `sum(abs(`+metric+` - `+value+`) < bool 1e-9)`, "1")
}

func expression(minute int, text, want string) string {
	return "      - {eval_time: " + (time.Duration(minute) * time.Minute).String() + ", expr: '" + text + "', exp_samples: [{labels: '{}', value: " + want + "}]}\n"
}

// none says that a metric has no sample.
func none(minute int, metric string) string {
	return "      - {eval_time: " + (time.Duration(minute) * time.Minute).String() + ", expr: '" + metric + "', exp_samples: []}\n"
}

// TestExportNotesWhatItLeavesOut: what is not Prometheus, counters that nothing
// can be made of, what a rule cannot say.
func TestExportNotesWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*slo.Definition){
		"ratioMetric.good: is measured by Datadog; rules are for Prometheus": func(d *slo.Definition) { d.Indicator.Good.Type = "Datadog" },
		"ratioMetric.total: is not given":                                    func(d *slo.Definition) { d.Indicator.Total = nil },
		"ratioMetric.total: has no query":                                    func(d *slo.Definition) { d.Indicator.Total.Query = "" },
		"ratioMetric.good: with counter: true the query is a selector":       func(d *slo.Definition) { d.Indicator.Good = asked("rate(a[5m])") },
		"objectives: a threshold needs op":                                   func(d *slo.Definition) { d.Indicator = slo.Indicator{Kind: slo.Threshold, Value: asked("a")} },
		"the guard by confidence cannot be written as a rule":                func(d *slo.Definition) { d.Guard.Confidence = 0.95 },
		"missing: bad cannot be written as a rule":                           func(d *slo.Definition) { d.Method, d.Missing = slo.RatioTimeslices, slo.MissingBad },
		"the queries give events per second": func(d *slo.Definition) {
			d.Guard.MinBad, d.Indicator = 3, slo.Indicator{Kind: slo.BadOfTotal, Bad: asked("sum(rate(a[5m]))"), Total: asked("sum(rate(b[5m]))")}
		},
		"the composite has none":                         func(d *slo.Definition) { d.Composite = slo.CompositeWorst },
		"could never alert; it alerts above 1.8 instead": func(d *slo.Definition) { d.Objectives[0].Target = share(t, "0.5") },
	} {
		d := availability(t)
		change(&d)
		file, notes, err := rules.Export([]slo.Definition{d}, "")
		if err != nil || len(notes) == 0 || !strings.Contains(notes[0].String(), want) || !strings.HasPrefix(notes[0].String(), "checkout-availability: ") {
			t.Errorf("%q: %v, %v", want, notes, err)
			continue
		}
		if len(file.Groups) > 0 == notes[0].Left {
			t.Errorf("%q: %d groups, left out: %t", want, len(file.Groups), notes[0].Left)
		}
	}
}

// TestAmountsAreThoseOfASlice: a rate needs a longer time than a slice has, so
// amounts are divided; a value, which is none, is not.
func TestAmountsAreThoseOfASlice(t *testing.T) {
	t.Parallel()
	d := availability(t)
	d.Indicator = slo.Indicator{Kind: slo.GoodOfTotal, Good: asked("increase(a[{{.window}}])"), Total: asked("b")}
	if got, want := first(t, d), "((sum(b) >= 0) < +Inf)"; got != want {
		t.Errorf("a query without a length: %s, want %s", got, want)
	}
	d.Indicator.Total = asked("increase(b[{{ .window }}]) # all")
	if got, want := first(t, d), "((sum((increase(b[2m]) # all\n) / 2) >= 0) < +Inf)"; got != want {
		t.Errorf("a query with a length: %s, want %s", got, want)
	}
	d.Indicator = slo.Indicator{Kind: slo.Threshold, Counter: true, Value: asked("max_over_time(a[$window])")}
	d.Objectives[0].Op = slo.AtMost
	if got, want := first(t, d), "((max_over_time(a[2m])) >= -Inf) >= bool -Inf"; got != want {
		t.Errorf("a value: %s, want %s", got, want)
	}
	d = availability(t)
	d.Method, d.Objectives[0].SliceTarget = slo.Timeslices, share(t, "0.95")
	if got, want := first(t, d), `((sum(sum(increase(http_requests_total{job="checkout"}[1m]))) >= 0) < +Inf)`; got != want {
		t.Errorf("a counted slice: %s, want %s", got, want)
	}
}

// first is the expression of the first rule, for all events.
func first(t *testing.T, d slo.Definition) string {
	t.Helper()
	file, notes, err := rules.Export([]slo.Definition{d}, "")
	if err != nil || len(file.Groups) != 1 {
		t.Fatal(err, notes)
	}
	return file.Groups[0].Rules[0].Expr
}

func TestExportWithAnotherWindowSet(t *testing.T) {
	t.Parallel()
	file, _, err := rules.Export([]slo.Definition{availability(t)}, "pyrra-28d")
	if err != nil {
		t.Fatal(err)
	}
	var waits []string
	for _, r := range file.Groups[0].Rules {
		if r.Alert == "EvenkeelBudgetBurn" {
			waits = append(waits, r.For)
		}
	}
	if diff := cmp.Diff([]string{"2m", "15m", "1h", "3h"}, waits); diff != "" {
		t.Error(diff)
	}
	if file, _, err = rules.Export([]slo.Definition{availability(t)}, slo.NoAlerts); err != nil || strings.Contains(string(text(t, file)), "alert:") {
		t.Errorf("%v", err)
	}
	if _, _, err = rules.Export([]slo.Definition{availability(t)}, "mine"); err == nil || !strings.Contains(err.Error(), `checkout-availability: alerts: "mine" is no window set`) {
		t.Errorf("%v", err)
	}
}

func text(t *testing.T, file rules.File) []byte {
	t.Helper()
	out, err := file.YAML()
	if err != nil {
		t.Fatal(err)
	}
	return out
}
