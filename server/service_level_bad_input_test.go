package server_test

import (
	"encoding/json"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// TestSlipsAreNamedByPreviewAndSave: both name the field, and nothing is kept.
func TestSlipsAreNamedByPreviewAndSave(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.register("shop")
	s.measure("shop", 100, 0, 0)
	const rolling = "duration: 1d\n      isRolling: true"
	for name, one := range map[string]struct{ from, to, field string }{
		"a target of 1":     {"target: 0.99", "target: 1", "spec.objectives[0].target"},
		"a target of 100 %": {"target: 0.99", "targetPercent: 100", "spec.objectives[0].targetPercent"},
		"a target of NaN":   {"target: 0.99", "target: .nan", "spec.objectives[0].target"},
		"an unknown zone":   {rolling, "duration: 1M\n      isRolling: false\n      calendar: {startTime: 2026-01-01 00:00:00, timeZone: Mars/Base}", "spec.timeWindow[0].calendar.timeZone"},
		"no length":         {"duration: 1d", "duration: one day", "spec.timeWindow[0].duration"},
	} {
		text, _ := json.Marshal(map[string]any{"document": strings.Replace(availabilityOf("shop-availability", "shop"), one.from, one.to, 1)})
		if got := s.do("POST", "/api/v1/service-levels", s.admin(), string(text)); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.text, "document."+one.field) {
			t.Errorf("%s: %d %s", name, got.status, got.text)
		}
		preview := decode[views.LevelPreview](t, s.do("POST", "/api/v1/service-levels/preview", s.reader(), string(text)))
		if row := preview.Budgets[0]; !strings.Contains(preview.Problem, one.field) || preview.Remarks[0].Field != one.field || row.Status == "healthy" || row.SLI != nil || row.Reason == "" {
			t.Errorf("%s is tried: %q, %+v", name, preview.Problem, row)
		}
	}
	if list := decode[server.LevelsView](t, s.do("GET", "/api/v1/service-levels", s.reader(), "")); len(list.Items) != 0 {
		t.Errorf("kept %+v", list.Items)
	}
}

// TestAMinuteForAMonthIsRemarked where a document is tried.
func TestAMinuteForAMonthIsRemarked(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.register("shop")
	text, _ := json.Marshal(map[string]any{"document": strings.Replace(availabilityOf("shop-availability", "shop"), "duration: 1d", "duration: 1m", 1)})
	got := s.do("POST", "/api/v1/service-levels/preview", s.reader(), string(text))
	preview := decode[views.LevelPreview](t, got)
	if len(preview.Remarks) == 0 || !strings.Contains(got.text, "spec.timeWindow[0].duration") || !strings.Contains(got.text, "a month is 1M") || preview.Budgets[0].Status != "no_data" {
		t.Errorf("%s", got.text)
	}
}

// TestOddMeasurementsNeverLookHealthy: what cannot be is refused by its field;
// nothing of nothing is no data, and more good than there were events is told.
func TestOddMeasurementsNeverLookHealthy(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		slice  evenkeel.Slice
		field  string
		status string
		odd    string
	}{
		"NaN":                {evenkeel.Slice{Good: new(math.NaN()), Total: new(10.0)}, "slices[0].good", "", ""},
		"Inf":                {evenkeel.Slice{Good: new(1.0), Total: new(math.Inf(1))}, "slices[0].total", "", ""},
		"a negative counter": {evenkeel.Slice{Good: new(-1.0), Total: new(10.0)}, "slices[0].good", "", ""},
		"0 of 0":             {evenkeel.Slice{Good: new(0.0), Total: new(0.0)}, "", "no_data", ""},
		"bad above total":    {evenkeel.Slice{Bad: new(12.0), Total: new(10.0)}, "", "exhausted", "good_gt_total"},
	} {
		s := start(t)
		s.register("shop")
		s.save(availabilityOf("shop-availability", "shop"))
		one.slice.At = clock().Truncate(time.Minute).Add(-time.Minute)
		m := &evenkeel.Measurement{Application: "shop", Environment: "production", Series: "availability", SliceSeconds: 60, Slices: []evenkeel.Slice{one.slice}}
		event := evenkeel.Event{Kind: evenkeel.KindMeasurement, ID: "1", Source: "probe", ObservedAt: clock(), Payload: m}
		_, err := s.store.In("default").Record(t.Context(), []evenkeel.Event{event})
		if one.field != "" {
			if err == nil || !strings.Contains(err.Error(), one.field) {
				t.Errorf("%s: %v", name, err)
			}
			one.status = "no_data"
		}
		detail := s.level("shop-availability")
		if row := detail.Budgets[0]; row.Status != one.status || row.Reason == "" || one.odd != "" && anomalies(detail)[one.odd] != 1 {
			t.Errorf("%s: %s (%s), %+v", name, row.Status, row.Reason, detail.Anomalies)
		}
	}
}
