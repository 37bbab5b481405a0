package connectors_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/connectors/promtest"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// measured is the first instant of the data of these tests.
var measured = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// measurerOf asks at an address, with further settings of the interface.
func measurerOf(t *testing.T, source, address, more string) connectors.Measurer {
	t.Helper()
	clock := vendortest.NewClock(measured.Add(3 * time.Hour))
	m, err := sourceNamed(t, source).Measure(json.RawMessage(fmt.Sprintf(`{"api":{"url":%q%s}}`, address, more)), connectors.Outside{
		Secret: func(string) (string, error) { return "good", nil }, Now: clock.Now, Sleep: clock.Sleep,
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// requests are counters of two pods: one is reset, one is new and fails.
func requests() []promtest.Series {
	nan := math.NaN()
	of := func(code, pod string, values ...float64) promtest.Series {
		return promtest.Series{Name: "requests_total", Labels: map[string]string{"code": code, "pod": pod}, Samples: promtest.Every(measured, time.Minute, values...)}
	}
	return []promtest.Series{
		of("200", "a", 10, 20, 5, 15, 25, 25, 25),
		of("200", "b", nan, nan, 4, 6, 6, 6, 6),
		of("500", "b", nan, nan, nan, 1, 3, 3, 3),
		{Name: "load", Labels: map[string]string{"zone": "x"}, Samples: promtest.Every(measured, time.Minute, 1, 2, nan, 4)},
		{Name: "load", Labels: map[string]string{"zone": "y"}, Samples: promtest.Every(measured, time.Minute, 1, 2, 3, 4)},
	}
}

func question(i slo.Indicator, slices int, by ...string) connectors.Question {
	return connectors.Question{Indicator: i, GroupBy: by, Slice: time.Minute, Window: evenkeel.Window{From: measured, To: measured.Add(time.Duration(slices) * time.Minute)}}
}

func query(text string) *slo.Source { return &slo.Source{Type: "Prometheus", Query: text} }

// shown is a series in short: its labels, and good, bad, total and value of
// every slice by its minute.
func shown(a connectors.Answer) (lines []string) {
	text := func(v *float64) string {
		if v == nil {
			return "-"
		}
		return fmt.Sprintf("%.6g", *v)
	}
	for _, one := range a.Series {
		for _, s := range one.Slices {
			lines = append(lines, strings.TrimPrefix(fmt.Sprint(one.Labels), "map")+fmt.Sprintf(" %d: %s/%s/%s %s", int(s.At.Sub(measured).Minutes()), text(s.Good), text(s.Bad), text(s.Total), text(s.Value)))
		}
	}
	return lines
}

// TestCountersAreMadeAmounts, worked by hand: pod a goes from 10 to 20, is reset
// and counts 5, then 10 and 10; pod b begins while a is read, with 4, then 2; its
// first failure counts.
func TestCountersAreMadeAmounts(t *testing.T) {
	t.Parallel()
	p := measurerOf(t, "prometheus", promtest.Start(t, requests()).URL, "")
	a, err := p.Measure(t.Context(), question(slo.Indicator{
		Kind: slo.BadOfTotal, Counter: true, Bad: query(`sum(requests_total{code=~"5.."}) or vector(0)`), Total: query(`sum(requests_total)`),
	}, 6))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"[] 0: -/0/10 -", "[] 1: -/0/9 -", "[] 2: -/1/13 -", "[] 3: -/2/12 -", "[] 4: -/0/0 -", "[] 5: -/0/0 -"}
	if diff := cmp.Diff(want, shown(a)); diff != "" {
		t.Error(diff)
	}
	if len(a.Queries) != 2 || !strings.Contains(a.Queries[1].URL, "/graph?g0.end_input=") {
		t.Errorf("queries: %+v", a.Queries)
	}
}

// TestPiecesOfAWindowAreTheWhole: however a window is cut, the amounts are those
// of the whole.
func TestPiecesOfAWindowAreTheWhole(t *testing.T) {
	t.Parallel()
	p := measurerOf(t, "prometheus", promtest.Start(t, requests()).URL, "")
	whole := question(slo.Indicator{Kind: slo.GoodOfTotal, Counter: true, Good: query(`sum by (pod) (requests_total{code="200"}) `), Total: query(`sum(requests_total) by (pod)`)}, 6, "pod")
	want, err := p.Measure(t.Context(), whole)
	if err != nil || len(want.Series) != 2 {
		t.Fatal(want, err)
	}
	for cut := 1; cut < 6; cut++ {
		var got []string
		for _, ends := range [][2]int{{0, cut}, {cut, 6}} {
			piece := whole
			piece.Window = evenkeel.Window{From: measured.Add(time.Duration(ends[0]) * time.Minute), To: measured.Add(time.Duration(ends[1]) * time.Minute)}
			a, err := p.Measure(t.Context(), piece)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, shown(a)...)
		}
		less := cmp.Diff(sorted(shown(want)), sorted(got))
		if less != "" {
			t.Errorf("cut at %d (-whole +pieces)\n%s", cut, less)
		}
	}
}

func sorted(list []string) map[string]bool {
	set := map[string]bool{}
	for _, one := range list {
		set[one] = true
	}
	return set
}

// TestIncreasesAsPrometheusSeesThem: over an hour of resets, gaps, idle and new
// counters ours are PromQL's increase, but for what it says of itself: it
// extrapolates by up to one scrape interval (docs: functions, rate), and takes
// nothing from the first reading of a counter.
func TestIncreasesAsPrometheusSeesThem(t *testing.T) {
	t.Parallel()
	const scrape = 30 * time.Second
	shapes := map[string]func(k int) float64{
		"steady": func(k int) float64 { return float64(5 * k) },
		"resets": func(k int) float64 { return float64(7 * (k % 23)) },
		"gap": func(k int) float64 {
			if k > 40 && k < 70 {
				return math.NaN()
			}
			return float64(3 * k)
		},
		"idle": func(int) float64 { return 1000 },
		"uneven": func(k int) float64 {
			return float64(k * k % 1009 / 10 * 10)
		},
		"late": func(k int) float64 {
			if k < 50 {
				return math.NaN()
			}
			return float64(k - 49)
		},
	}
	var series []promtest.Series
	for name, of := range shapes {
		values := make([]float64, 121)
		for k := range values {
			values[k] = of(k)
		}
		series = append(series, promtest.Series{Name: "events_total", Labels: map[string]string{"shape": name}, Samples: promtest.Every(measured, scrape, values...)})
	}
	server := promtest.Start(t, series)
	p := measurerOf(t, "prometheus", server.URL, "")
	a, err := p.Measure(t.Context(), question(slo.Indicator{Kind: slo.GoodOfTotal, Counter: true, Good: query(`sum by (shape) (events_total)`), Total: query(`sum by (shape) (events_total)`)}, 60, "shape"))
	if err != nil {
		t.Fatal(err)
	}
	hour := question(slo.Indicator{Kind: slo.Threshold, Value: query(`sum by (shape) (increase(events_total[{{.window}}]))`)}, 0, "shape")
	hour.Slice, hour.Window.To = time.Hour, measured.Add(time.Hour)
	theirs, err := p.Measure(t.Context(), hour)
	if err != nil || len(theirs.Series) != len(shapes) {
		t.Fatal(theirs, err)
	}
	want := map[string]float64{}
	for _, one := range theirs.Series {
		want[one.Labels["shape"]] = *one.Slices[0].Value
	}
	for _, one := range a.Series {
		shape, sum := one.Labels["shape"], 0.0
		for _, s := range one.Slices {
			sum += *s.Total
		}
		first := 0.0
		if shape == "late" {
			first = 1
		}
		tolerance := want[shape]*float64(scrape)/float64(time.Hour) + first
		if shape == "late" {
			tolerance++ // PromQL carries the slope of the counter on to its beginning.
		}
		if math.Abs(sum-want[shape]) > tolerance+1e-9 {
			t.Errorf("%s: %v, PromQL says %v, tolerance %v", shape, sum, want[shape], tolerance)
		}
	}
}

// TestWhatIsNotThereIsNotMeasured: a half of a ratio is none, and says how to
// mend it.
func TestWhatIsNotThereIsNotMeasured(t *testing.T) {
	t.Parallel()
	p := measurerOf(t, "prometheus", promtest.Start(t, requests()).URL, "")
	for name, c := range map[string]struct {
		indicator slo.Indicator
		want      []string
		kind      connectors.NoteKind
		n         int
	}{
		"no failure yet": {
			slo.Indicator{Kind: slo.BadOfTotal, Bad: query(`sum(increase(requests_total{code="404"}[{{.window}}]))`), Total: query(`sum(increase(requests_total[$__rate_interval]))`)},
			nil, connectors.NoteAbsent, 6,
		},
		"none is 0": {
			slo.Indicator{Kind: slo.BadOfTotal, Bad: query(`sum(increase(requests_total{code="404"}[$window])) or vector(0)`), Total: query(`sum(increase(requests_total{pod="a"}[$__interval]))`)},
			[]string{"[] 0: -/0/10 -", "[] 1: -/0/5 -", "[] 2: -/0/10 -", "[] 3: -/0/10 -", "[] 4: -/0/0 -", "[] 5: -/0/0 -"},
			"", 0,
		},
		"nothing over nothing": {slo.Indicator{Kind: slo.Success, Value: query(`sum(increase(load[1m])) * 0 / 0`)}, nil, "", 0},
		"infinite":             {slo.Indicator{Kind: slo.Threshold, Value: query(`sum(load{zone="y"}) / 0`)}, nil, connectors.NoteUnusable, 6},
		"below 0":              {slo.Indicator{Kind: slo.GoodOfTotal, Good: query(`vector(-1)`), Total: query(`vector(1)`)}, nil, connectors.NoteUnusable, 6},
		"events per second": {
			slo.Indicator{Kind: slo.GoodOfTotal, Good: query(`vector(1)`), Total: query(`sum(rate(load{zone="q"}[1m])) or vector(2)`)},
			[]string{"[] 0: 1/-/2 -", "[] 1: 1/-/2 -", "[] 2: 1/-/2 -", "[] 3: 1/-/2 -", "[] 4: 1/-/2 -", "[] 5: 1/-/2 -"},
			connectors.NoteSuspect, 0,
		},
	} {
		a, err := p.Measure(t.Context(), question(c.indicator, 6))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(c.want, shown(a)); diff != "" {
			t.Errorf("%s\n%s", name, diff)
		}
		if c.kind == "" && len(a.Notes) > 0 || c.kind != "" && (len(a.Notes) == 0 || a.Notes[0].Kind != c.kind || a.Notes[0].N != c.n) {
			t.Errorf("%s: notes %+v", name, a.Notes)
		}
	}
}

// TestAQuestionThatIsWrongIsNamed: each error names the part and the way out.
func TestAQuestionThatIsWrongIsNamed(t *testing.T) {
	t.Parallel()
	p := measurerOf(t, "prometheus", promtest.Start(t, requests()).URL, `,"max_series":1`)
	value := func(text string) slo.Indicator { return slo.Indicator{Kind: slo.Threshold, Value: query(text)} }
	counter := func(text string) slo.Indicator {
		return slo.Indicator{Kind: slo.GoodOfTotal, Counter: true, Good: query(text), Total: query(`sum(requests_total)`)}
	}
	for want, q := range map[string]connectors.Question{
		`value: 2 series, at most 1`:                               question(value(`load`), 3, "zone"),
		`value: the query "sum(load" is not accepted`:              question(value(`sum(load`), 3),
		`has the label region of evenkeel.dev/group-by`:            question(value(`sum(load)`), 3, "region"),
		`metricSource.spec.query is required`:                      question(value(` `), 3),
		`has no metricSource to ask`:                               question(slo.Indicator{}, 3),
		`good: the document says counter: true, and the query tak`: question(counter(`sum(increase(requests_total[1m]))`), 3),
		`good: with counter: true the query is a selector`:         question(counter(`sum(requests_total) - 1`), 3),
		`good: the query names no metric`:                          question(counter(`sum()`), 3),
		`value: 2 series, at most 1 are read; group by`:            question(value(`load`), 180, "zone"),
	} {
		_, err := p.Measure(t.Context(), q)
		if !errors.Is(err, evenkeel.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	wide := measurerOf(t, "prometheus", promtest.Start(t, requests()).URL, "")
	for want, q := range map[string]connectors.Question{
		`value: the query returns 2 series, which differ in zone ("x", "y")`:      question(value(`load`), 3),
		`good: the query returns 3 series, which differ in pod ("a", "b")`:        question(counter(`requests_total`), 6),
		`value: the answer has several series of {pod="b"}, which differ in code`: question(value(`requests_total{pod="b"}`), 6, "pod"),
	} {
		_, err := wide.Measure(t.Context(), q)
		if !errors.Is(err, evenkeel.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	grouped, err := wide.Measure(t.Context(), question(value(`sum by (pod, code) (requests_total{code="200"})`), 6, "pod"))
	if err != nil || len(grouped.Series) != 2 || len(grouped.Notes) != 1 || !strings.Contains(grouped.Notes[0].Text, "the labels code are") {
		t.Errorf("%+v, %v", grouped, err)
	}
}

// fakePrometheus answers every query with 1, and says how long it keeps what.
func fakePrometheus(retention string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "runtimeinfo"):
			fmt.Fprintf(w, `{"status":"success","data":{"storageRetention":%q}}`, retention)
		case strings.HasSuffix(r.URL.Path, "query_range"):
			fmt.Fprintf(w, `{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[%s,"1"]]}]}}`, r.URL.Query().Get("end"))
		default:
			fmt.Fprint(w, `{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"1"]}]}}`)
		}
	})
}

// TestAPrometheusThatDoesNotAnswerIsNamed: what is wrong is told, and nothing is
// measured.
func TestAPrometheusThatDoesNotAnswerIsNamed(t *testing.T) {
	t.Parallel()
	one := question(slo.Indicator{Kind: slo.Threshold, Value: query(`up`)}, 2)
	down := vendortest.New(t, http.NotFoundHandler())
	down.Close()
	for want, c := range map[string]struct {
		fault vendortest.Fault
		more  string
	}{
		"Prometheus is slow: no answer within 1s": {vendortest.Slow(time.Minute), `,"timeout":"1s"`},
		"Prometheus answered 502":                 {vendortest.Status(502), ""},
		"the answer is partial: \"store eu is away\"; nothing of it is counted": {
			vendortest.Instead(nil, `{"status":"success","data":{"result":[]},"warnings":["store eu is away"]}`), "",
		},
		"the answer is partial: \"isPartial\"; nothing of it is counted":       {vendortest.Instead(nil, `{"status":"success","isPartial":true,"data":{"result":[]}}`), ""},
		"Prometheus answered with an error: \"query timed out in expression\"": {vendortest.Instead(nil, `{"status":"error","error":"query timed out in expression"}`), ""},
		"not the JSON of Prometheus":                                           {vendortest.Instead(nil, `<html>`), ""},
		connectors.Refusal:                                                     {vendortest.Expired("another"), `,"token":"${env:T}"`},
		"the query gives histograms":                                           {vendortest.Instead(nil, `{"data":{"result":[{"metric":{},"histograms":[[1,{}]]}]}}`), ""},
		"Prometheus is down: 127.0.0.1:":                                       {nil, ""},
		"the answer broke off: unexpected":                                     {vendortest.Break(), ""},
		"ended the connection without":                                         {func(http.ResponseWriter, *http.Request, http.Handler) { panic(http.ErrAbortHandler) }, ""},
		"is forbidden to requests without":                                     {vendortest.Status(403), ""},
		"422: \"too many samples\"": {func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
			w.WriteHeader(422)
			fmt.Fprint(w, `{"error":"too many samples"}`)
		}, ""},
	} {
		address := down.URL
		if c.fault != nil {
			vendor := vendortest.New(t, fakePrometheus("15d"))
			vendor.Always(c.fault)
			address = vendor.URL
		}
		a, err := measurerOf(t, "prometheus", address, c.more).Measure(t.Context(), one)
		if err == nil || !strings.Contains(err.Error(), want) || len(a.Series) > 0 {
			t.Errorf("%v, %v, want %q", a, err, want)
		}
	}
}

func TestPartialAnswersCountWhereTheSettingsSaySo(t *testing.T) {
	t.Parallel()
	vendor := vendortest.New(t, fakePrometheus("15d"))
	vendor.Plan(vendortest.Instead(nil, fmt.Sprintf(`{"data":{"result":[{"metric":{},"values":[[%d,"7"]]}]},"warnings":["store eu is away"]}`, measured.Unix()+60)))
	a, err := measurerOf(t, "prometheus", vendor.URL, `,"accept_partial":true`).Measure(t.Context(), question(slo.Indicator{Kind: slo.Threshold, Value: query(`up`)}, 2))
	if err != nil || len(a.Series) != 1 || len(a.Notes) != 1 || a.Notes[0].Kind != connectors.NotePartial || !strings.Contains(a.Notes[0].Text, "store eu") {
		t.Errorf("%+v, %v", a, err)
	}
}

// TestAPartialAnswerMakesNoNewCounter: a counter that was away for a moment goes
// on where it stood; where it stood is not known from an answer without it, so
// that nothing is counted rather than all that it ever had.
func TestAPartialAnswerMakesNoNewCounter(t *testing.T) {
	t.Parallel()
	reading := func(instant string, more string) vendortest.Fault {
		return vendortest.Instead(nil, `{"status":"success","data":{"result":[`+instant+`]}`+more+`}`)
	}
	at := func(seconds int64) int64 { return measured.Unix() + seconds }
	counters := fmt.Sprintf(`{"metric":{"pod":"a"},"values":[[%d,"10"],[%d,"20"],[%d,"30"]]},{"metric":{"pod":"b"},"values":[[%d,"1000007"]]}`, at(0), at(60), at(120), at(120))
	stood := fmt.Sprintf(`{"metric":{"pod":"b"},"value":[%d,"1000000"]}`, at(0))
	q := question(slo.Indicator{Kind: slo.Success, Counter: true, Total: query(`sum(requests_total)`)}, 2)
	for name, c := range map[string]struct {
		last vendortest.Fault
		more string
		want []string
	}{
		"whole":    {reading(stood, ""), "", []string{"[] 0: -/-/10 -", "[] 1: -/-/17 -"}},
		"partial":  {reading("", `,"warnings":["store eu is away"]`), "", nil},
		"accepted": {reading(stood, `,"warnings":["store eu is away"]`), `,"accept_partial":true`, []string{"[] 0: -/-/10 -", "[] 1: -/-/17 -"}},
	} {
		vendor := vendortest.New(t, fakePrometheus("15d"))
		vendor.Plan(reading(counters, ""), c.last)
		a, err := measurerOf(t, "prometheus", vendor.URL, c.more).Measure(t.Context(), q)
		if diff := cmp.Diff(c.want, shown(a)); diff != "" || (c.want == nil) != (err != nil) {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
		if name == "partial" && !strings.Contains(fmt.Sprint(err), `total: the answer is partial: "store eu is away"; nothing of it is counted`) {
			t.Error(err)
		}
		if name == "accepted" && (len(a.Notes) != 1 || a.Notes[0].Kind != connectors.NotePartial) {
			t.Errorf("%+v", a.Notes)
		}
	}
}

// TestAWindowLongerThanTheRetentionIsNamed, and everybody who says how long it
// keeps measurements says it when the connection is looked at.
func TestAWindowLongerThanTheRetentionIsNamed(t *testing.T) {
	t.Parallel()
	p := measurerOf(t, "prometheus", vendortest.New(t, fakePrometheus("1w2d or 10GiB")).URL, "")
	q := question(slo.Indicator{Kind: slo.Threshold, Value: query(`up`)}, 0)
	q.Window = evenkeel.Window{From: measured.Add(3*time.Hour - 10*24*time.Hour), To: measured.Add(3*time.Hour - 9*24*time.Hour + time.Hour)}
	a, err := p.Measure(t.Context(), q)
	if err != nil || len(a.Notes) != 1 || a.Notes[0].Kind != connectors.NoteRetention || a.Notes[0].N != 1440 {
		t.Errorf("%+v, %v", a.Notes, err)
	}
	access, err := p.Look(t.Context())
	if err != nil || len(access.Notes) != 1 || !strings.Contains(access.Notes[0], "1w2d") {
		t.Errorf("%+v, %v", access, err)
	}
}

func TestTheTenantAndThePasswordAreSent(t *testing.T) {
	t.Parallel()
	vendor := vendortest.New(t, fakePrometheus(""))
	p := measurerOf(t, "prometheus", vendor.URL, `,"user":"kim","password":"${env:P}","tenant":"acme"`)
	if access, err := p.Look(t.Context()); err != nil || len(access.Notes) != 0 {
		t.Fatal(access, err)
	}
	got := vendor.Requests()[0]
	if name, password, ok := got.BasicAuth(); !ok || name != "kim" || password != "good" || got.Header.Get("X-Scope-Orgid") != "acme" {
		t.Errorf("header: %v", got.Header)
	}
}

func TestSettingsOfMeasurersNameTheMistake(t *testing.T) {
	t.Parallel()
	settingsNameTheMistake(t, "prometheus", map[string]string{
		`{"api":{"url":"prometheus:9090"}}`:                                              "api.url",
		`{"api":{"url":"http://p","token":"SECRET"}}`:                                    "api.token: is not a reference",
		`{"api":{"url":"http://p","token":"${env:T}","user":"a","password":"${env:P}"}}`: "stands beside api.user",
		`{"api":{"url":"http://p","user":"a"}}`:                                          "go together",
		`{"api":{"url":"http://p","ingestion_delay":"-1m"}}`:                             "api.ingestion_delay",
		`{"api":{"url":"http://p","timeout":"x"}}`:                                       "api.timeout",
		`{"api":{"url":"http://p","max_series":501}}`:                                    "1 to 500",
		`{"api":{"url":"http://p","tls":{"certificate":"${file:/c}"}}}`:                  "api.tls.certificate",
	})
	settingsNameTheMistake(t, "datadog", map[string]string{`{"api":{}}`: "api.key", `{"api":{"key":"${env:K}","application_key":"x"}}`: "api.application_key"})
	settingsNameTheMistake(t, "http", map[string]string{`{"api":{}}`: "api.url"})
}
