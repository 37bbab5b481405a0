package budgets_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// TestThePresentAlertIsThatOfTheHistory: everything fails now, and the history does
// not know it yet: there is no alert. Then it says that one stands since three
// days, of which measurements show nothing: it stands. As it was known and where a
// document is tried, alerts follow from measurements.
func TestThePresentAlertIsThatOfTheHistory(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s site) {
		w := s.workspace(t, "alerts")
		text := shape{environment: "production", missing: "exclude", method: "Occurrences", window: "{duration: 30d, isRolling: true}", target: "0.999"}.document("a")
		save(t.Context(), t, w, "a", text)
		var minutes []evenkeel.Slice
		for m := range 20 {
			minutes = append(minutes, evenkeel.Slice{At: noon.Add(time.Duration(m-20) * time.Minute), Good: new(0.0), Total: new(1000.0)})
		}
		record(t.Context(), t, w, measured("probe", "production", "availability", "1", noon, minutes...))
		if got := alertsOf(t, s, "present"); len(got) > 0 {
			t.Errorf("without a history: %q", got)
		}
		from := noon.Add(-72 * time.Hour)
		_, err := w.SaveAlertSpans(t.Context(), []evenkeel.AlertSpan{
			{ServiceLevel: "a", Severity: "ticket", Row: "3d/6h", From: from, Peak: 3, State: "no_data"},
			{ServiceLevel: "a", Severity: "page", Row: "1h/5m", From: from, Until: from.Add(time.Hour), Peak: 20, State: "resolved"},
			{ServiceLevel: "a", Severity: "page", Row: "gone 1h", From: from, Peak: 20, State: "firing"},
			{ServiceLevel: "a", Series: `{region="eu"}`, Severity: "page", Row: "6h/30m", From: from, Peak: 20, State: "firing"},
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff([]string{"ticket 3d/6h no_data 2026-11-20 3"}, alertsOf(t, s, "present")); diff != "" {
			t.Error(diff)
		}
		for _, kind := range []string{"known", "preview"} {
			if got := alertsOf(t, s, kind); len(got) != 4 || !strings.HasPrefix(got[0], "page 1h/5m firing 2026-11-23 1000") {
				t.Errorf("%s: %q", kind, got)
			}
		}
	})
}

func alertsOf(t *testing.T, s site, kind string) (list []string) {
	t.Helper()
	revision, err := s.In("alerts").Revision(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var book *budgets.Book
	var level *budgets.Level
	switch kind {
	case "present":
		book, err = s.Present(t.Context(), "alerts", s.now())
	case "known":
		book, err = s.Known(t.Context(), "alerts", revision, s.now())
	case "preview":
		level, err = s.Preview(t.Context(), "alerts", shape{environment: "production", missing: "exclude", method: "Occurrences", window: "{duration: 30d, isRolling: true}", target: "0.999"}.document("b"), s.now())
	}
	if err == nil && level == nil {
		level, err = book.Level("a")
	}
	if err != nil {
		t.Fatal(err)
	}
	var found []slo.Alert
	for _, b := range level.Budgets {
		found = append(found, b.Contractual.Alerts...)
	}
	for _, a := range found {
		list = append(list, fmt.Sprintf("%s %s %s %s %.4g", a.Severity, a.Row(), a.State, a.From.Format(time.DateOnly), a.Peak))
	}
	return list
}
