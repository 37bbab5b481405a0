package server_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/server/measure"
	"github.com/evenkeel-dev/evenkeel/server/views"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

// asked is a document that is to be asked for.
func asked(name, source string) string {
	return strings.ReplaceAll(availabilityOf(name, "shop"), "metricSource: {type: Pushed, spec: {}}", "metricSource: {"+source+", spec: {query: up}}")
}

func (s site) level(id string) views.LevelDetail {
	s.t.Helper()
	return decode[views.LevelDetail](s.t, s.do("GET", "/api/v1/service-levels/"+id, s.reader(), ""))
}

// TestWhatNobodyAsksForSaysSo: without data, the row says whether anybody asks.
func TestWhatNobodyAsksForSaysSo(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.register("shop")
	reason := func(document string) string {
		text, _ := json.Marshal(map[string]any{"document": document})
		preview := decode[views.LevelPreview](t, s.do("POST", "/api/v1/service-levels/preview", s.reader(), string(text)))
		if preview.Problem != "" {
			t.Errorf("%s", preview.Problem)
		}
		return preview.Budgets[0].Reason
	}
	const nothing, unread = "nothing was measured in the window", "nothing was measured in the window; main was not asked yet"
	connect := func(name string) {
		t.Helper()
		if _, err := s.store.In("default").SaveConnection(t.Context(), evenkeel.Connection{Source: "prometheus", Name: name, Settings: json.RawMessage(`{}`)}); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []struct {
		connect string
		want    map[string]string
	}{
		{"", map[string]string{
			"type: Prometheus": "nobody asks: no connection of type Prometheus", "metricSourceRef: main, type: Prometheus": `nobody asks: no connection is named "main"`,
			"metricSourceRef: 'https://prometheus.example.com'": nothing, "type: Pushed": nothing,
		}},
		{"main", map[string]string{"type: Prometheus": unread, "metricSourceRef: main": unread, "type: Datadog": "nobody asks: no connection of type Datadog"}},
		{"other", map[string]string{"type: Prometheus": "nobody asks: there are several connections; name one of them as metricSourceRef", "metricSourceRef: main": unread}},
	} {
		if step.connect != "" {
			connect(step.connect)
		}
		for source, want := range step.want {
			if got := reason(asked("shop-availability", source)); got != want {
				t.Errorf("with %q, %s: %q, want %q", step.connect, source, got, want)
			}
		}
	}
	s.save(asked("shop-availability", "type: Datadog"))
	list := decode[server.LevelsView](t, s.do("GET", "/api/v1/service-levels", s.reader(), ""))
	if row := list.Items[0]; row.Status != "no_data" || row.Reason != "nobody asks: no connection of type Datadog" || row.Code != "no_connection_of" || row.Values["type"] != "Datadog" || row.Measuring != nil {
		t.Errorf("row %+v", row)
	}
}

// TestMeasuringSaysHowItStands: a service level that is asked for says how far
// that is, and that it is behind.
func TestMeasuringSaysHowItStands(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.register("shop")
	s.save(asked("shop-availability", "type: Prometheus"))
	w := s.store.In("default")
	connection, err := w.SaveConnection(t.Context(), evenkeel.Connection{Source: "prometheus", Name: "main", Settings: json.RawMessage(`{}`)})
	if err != nil {
		t.Fatal(err)
	}
	through := clock().Add(-5 * time.Minute)
	cursor, err := json.Marshal(measure.Progress{
		From: clock().Add(-time.Hour), Through: through, Delay: time.Minute,
		Notes:   []connectors.MeasureNote{{Kind: "partial", Field: "good", Text: "a part is missing", N: 3}},
		Queries: []connectors.AskedQuery{{Field: "good", Query: "up", URL: "https://prometheus.example.com/graph"}, {Field: "total", Query: "up"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	stream := evenkeel.Stream{Connection: connection.ID, Name: "slo shop-availability", Cursor: cursor, Done: 55, Total: 1440, LastAt: clock().Add(-4 * time.Minute), NextAt: clock().Add(time.Minute), Failures: 2, Error: "503 of prometheus.example.com"}
	if _, err := w.SaveStream(t.Context(), stream); err != nil {
		t.Fatal(err)
	}
	detail := s.level("shop-availability")
	want := &views.LevelMeasuring{
		Connection: "main", Source: "prometheus", Next: new(clock().Add(time.Minute)), Failures: 2, LastSlice: &through, LagSeconds: new(int64(300)), Error: "503 of prometheus.example.com", Since: new(clock().Add(-4 * time.Minute)), Done: 55, Total: 1440,
		Notes:   []views.LevelNote{{Kind: "partial", Name: "good", Text: "a part is missing", Count: 3}},
		Queries: []views.LevelQuery{{Name: "good", Query: "up", Link: new("https://prometheus.example.com/graph")}, {Name: "total", Query: "up"}},
	}
	for what, got := range map[string]*views.LevelMeasuring{"detail": detail.Measuring, "row": detail.Budgets[0].Measuring} {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", what, diff)
		}
	}
	// 5 minutes are more than three slices and a delay of a minute.
	if n := anomalies(detail)["behind"]; n != 1 {
		t.Errorf("anomalies %+v", detail.Anomalies)
	}
}

func anomalies(d views.LevelDetail) map[string]int64 {
	found := map[string]int64{}
	for _, a := range d.Anomalies {
		found[a.Kind] = a.Count
	}
	return found
}

// TestWhatIsOddAboutASeriesIsTold: a counter of errors that is born, one that is
// reset, a gap, and a series whose last slice is half an hour old.
func TestWhatIsOddAboutASeriesIsTold(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.register("shop")
	s.save(strings.Replace(strings.Replace(availabilityOf("shop-availability", "shop"), "counter: false", "counter: true", 1), "good:", "bad:", 1))
	end := clock().Truncate(time.Minute)
	m := &evenkeel.Measurement{Application: "shop", Environment: "production", Series: "availability", SliceSeconds: 60}
	for _, r := range []struct {
		ago        int
		bad, total float64
	}{{60, -1, 100}, {59, 2, 110}, {58, 3, 120}, {40, 4, 300}, {39, 0, 20}, {30, 1, 40}} {
		slice := evenkeel.Slice{At: end.Add(-time.Duration(r.ago) * time.Minute), Total: new(r.total)}
		if r.bad >= 0 {
			slice.Bad = new(r.bad)
		}
		m.Slices = append(m.Slices, slice)
	}
	if _, err := s.store.In("default").Record(t.Context(), []evenkeel.Event{{Kind: evenkeel.KindMeasurement, ID: "1", Source: "probe", ObservedAt: end, Payload: m}}); err != nil {
		t.Fatal(err)
	}
	detail := s.level("shop-availability")
	// The gaps are of 17 and of 8 minutes. Errors: 2, 1, 1, 0 after the reset, 1.
	if diff := cmp.Diff(map[string]int64{"behind": 1, "born": 1, "reset": 1, "long_gap": 2}, anomalies(detail)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if row := detail.Budgets[0]; row.Bad != 5 || row.Total != 10+10+180+20+20 || detail.Measuring != nil {
		t.Errorf("row %+v", row)
	}
	for _, a := range detail.Anomalies {
		ago := func(minutes int) *time.Time { return new(end.Add(-time.Duration(minutes) * time.Minute)) }
		want := map[string]views.LevelAnomaly{
			"behind": {Fields: []string{}, To: ago(29)}, "long_gap": {Fields: []string{}, From: ago(40), To: ago(30)},
			"born": {Fields: []string{"bad"}, From: ago(59), To: ago(59)}, "reset": {Fields: []string{"bad", "total"}, From: ago(39), To: ago(39)},
		}[a.Kind]
		if !cmp.Equal(a.Fields, want.Fields) || !cmp.Equal(a.From, want.From) || !cmp.Equal(a.To, want.To) || a.Text == "" || a.Fix == "" {
			t.Errorf("%s: %+v", a.Kind, a)
		}
	}
	sources := []views.LevelSource{{Name: "availability", Environment: "production", Source: "probe", SliceLength: 60, LastAt: end.Add(-30 * time.Minute), Counts: true}}
	if diff := cmp.Diff(sources, detail.Sources, cmpopts.IgnoreFields(views.LevelSource{}, "ID")); diff != "" {
		t.Errorf("sources (-want +got)\n%s", diff)
	}
}

// TestWhatCannotBeIsNamed: more bad events than there were, and a second source.
func TestWhatCannotBeIsNamed(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.register("shop")
	s.save(availabilityOf("shop-availability", "shop"))
	end := clock().Truncate(time.Minute)
	for source, minutes := range map[string]int{"probe": 1, "other": 90} {
		m := &evenkeel.Measurement{Application: "shop", Environment: "production", Series: "availability", SliceSeconds: 60, Slices: []evenkeel.Slice{
			{At: end.Add(-time.Duration(minutes+2) * time.Minute), Good: new(12.0), Total: new(10.0)},
			{At: end.Add(-time.Duration(minutes+1) * time.Minute), Bad: new(13.0), Total: new(10.0)},
			{At: end.Add(-time.Duration(minutes) * time.Minute), Good: new(1e19), Total: new(1e19)},
		}}
		if _, err := s.store.In("default").Record(t.Context(), []evenkeel.Event{{Kind: evenkeel.KindMeasurement, ID: "1", Source: source, ObservedAt: end, Payload: m}}); err != nil {
			t.Fatal(err)
		}
	}
	detail := s.level("shop-availability")
	ago := func(minutes int) *time.Time { return new(end.Add(-time.Duration(minutes) * time.Minute)) }
	want := []views.LevelAnomaly{
		{Kind: "good_gt_total", Fields: []string{"bad", "good"}, Count: 2, From: ago(3), To: ago(2), Sources: []string{}},
		{Kind: "unusable", Fields: []string{"good"}, Count: 1, From: ago(1), To: ago(1), Sources: []string{}},
		{Kind: "duplicate_source", Fields: []string{}, Count: 1, Sources: []string{"other"}},
	}
	if diff := cmp.Diff(want, detail.Anomalies, cmpopts.IgnoreFields(views.LevelAnomaly{}, "Text", "Fix")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if len(detail.Sources) != 2 || !detail.Sources[0].Counts || detail.Sources[1].Counts || detail.Sources[1].Source != "other" {
		t.Errorf("sources %+v", detail.Sources)
	}
}

// TestHistoryThatChangesIsTold: what was known of an hour, and what is: two
// minutes have other numbers, and one that had none has some.
func TestHistoryThatChangesIsTold(t *testing.T) {
	t.Parallel()
	h := startHistory(t, storetest.SQLite(t), 1)
	h.register("shop")
	h.measure("shop", 119, 0, 0)
	h.save(availabilityOf("shop-availability", "shop"))
	then := h.now
	h.now = then.Add(30 * time.Minute)
	late := &evenkeel.Measurement{Application: "shop", Environment: "production", Series: "availability", SliceSeconds: 60, Slices: []evenkeel.Slice{
		{At: then.Add(-2 * time.Hour), Bad: new(3.0), Total: new(50.0)},
		{At: then.Add(-119 * time.Minute), Bad: new(20.0), Total: new(100.0)},
		{At: then.Add(-118 * time.Minute), Bad: new(0.0), Total: new(80.0)},
	}}
	if _, err := h.store.In("default").Record(t.Context(), []evenkeel.Event{{Kind: evenkeel.KindMeasurement, ID: "late", Source: "probe", ObservedAt: h.now, Payload: late}}); err != nil {
		t.Fatal(err)
	}
	want := []views.LevelLate{{
		From: then.Add(-2 * time.Hour), To: then.Add(-time.Hour), KnownAt: h.now, Changes: 2,
		Change: &views.LevelShift{Arrived: 1, Altered: 2, Before: &views.LevelEvents{Total: 5900}, Now: &views.LevelEvents{Bad: 23, Total: 5930}},
	}}
	if diff := cmp.Diff(want, h.level("shop-availability").Late); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestThePastOfAServiceLevelStays: what becomes known later changes the present
// and is told there, but not what was known before.
func TestThePastOfAServiceLevelStays(t *testing.T) {
	t.Parallel()
	for name, dsn := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := startHistory(t, dsn(t), 1)
			const path = "/api/v1/service-levels/shop-availability"
			const list = "/api/v1/service-levels"
			h.register("shop")
			h.measure("shop", 1000, 10, 50)
			h.save(availabilityOf("shop-availability", "shop"))
			then := h.now
			first := h.level("shop-availability")
			h.now = h.now.Add(30 * time.Minute)
			said, listed := h.ask(path, then), h.ask(list, then)
			var past views.LevelDetail
			if err := json.Unmarshal([]byte(said), &past); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(first.Budgets[0].Budget, past.Budgets[0].Budget); diff != "" || *past.Budgets[0].Budget.Consumed != 0.5 {
				t.Fatalf("at the time, and as of then (-then +as of)\n%s", diff)
			}
			for what, change := range h.laterKnowledge(then) {
				change()
				if diff := cmp.Diff(said, h.ask(path, then)); diff != "" {
					t.Errorf("%s changes the past (-before +after)\n%s", what, diff)
				}
				if diff := cmp.Diff(listed, h.ask(list, then)); diff != "" {
					t.Errorf("%s changes the past of the list (-before +after)\n%s", what, diff)
				}
			}
			present := h.level("shop-availability")
			// What was there then had been filled in, but for the last hour.
			filled := views.LevelLate{From: then.Add(-17 * time.Hour), To: then.Add(-time.Hour), KnownAt: then, Changes: 16}
			late := views.LevelLate{From: then.Add(-20 * time.Hour), To: then.Add(-19 * time.Hour), KnownAt: h.now, Changes: 1}
			if diff := cmp.Diff([]views.LevelLate{filled}, past.Late); diff != "" {
				t.Errorf("late as of then (-want +got)\n%s", diff)
			}
			if diff := cmp.Diff([]views.LevelLate{late, filled}, present.Late); diff != "" {
				t.Errorf("late at present (-want +got)\n%s", diff)
			}
			if row := present.Budgets[0]; row.Target != 0.95 || row.Experienced == nil || len(present.Versions) != 2 {
				t.Errorf("present %+v, versions %d", row, len(present.Versions))
			}
		})
	}
}

// laterKnowledge are things that become known of the time before an instant.
func (h *history) laterKnowledge(then time.Time) map[string]func() {
	record := func(series, source string, slices ...evenkeel.Slice) {
		m := &evenkeel.Measurement{Application: "shop", Environment: "production", Series: series, SliceSeconds: 60, Slices: slices}
		e := evenkeel.Event{Kind: evenkeel.KindMeasurement, ID: "late", Source: source, ObservedAt: h.now, Payload: m}
		if _, err := h.store.In("default").Record(h.t.Context(), []evenkeel.Event{e}); err != nil {
			h.t.Fatal(err)
		}
	}
	bad := func(ago time.Duration) evenkeel.Slice {
		return evenkeel.Slice{At: then.Add(-ago), Bad: new(70.0), Total: new(100.0)}
	}
	return map[string]func(){
		"a late slice":            func() { record("availability", "probe", bad(20*time.Hour)) },
		"another source":          func() { record("availability", "other", bad(3*time.Hour)) },
		"a changed definition":    func() { h.change(strings.Replace(availabilityOf("shop-availability", "shop"), "0.99", "0.95", 1)) },
		"a correction":            func() { h.correct(then.Add(-5*time.Minute), then) },
		"another service level":   func() { h.save(availabilityOf("second", "shop")) },
		"a series of another one": func() { record(`availability{region="eu"}`, "probe", bad(time.Hour)) },
	}
}

func (h *history) change(document string) {
	h.t.Helper()
	text, _ := json.Marshal(map[string]any{"document": document})
	decode[server.SavedLevel](h.t, h.do("PUT", "/api/v1/service-levels/shop-availability", h.site.admin(), string(text)))
}

func (h *history) correct(from, to time.Time) {
	h.t.Helper()
	text := fmt.Sprintf(`{"from":%q,"to":%q,"mode":"exclude","reason":"moved"}`, from.Format(time.RFC3339), to.Format(time.RFC3339))
	decode[views.LevelCorrection](h.t, h.do("POST", "/api/v1/service-levels/shop-availability/corrections", h.site.admin(), text))
}
