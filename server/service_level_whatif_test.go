package server_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/views"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

// minutes records good minutes of 100 events, of which 20 are bad, from so many
// days before the clock's present to so many.
func (h *history) minutes(from, to int) {
	h.t.Helper()
	m := &evenkeel.Measurement{Application: "shop", Environment: "production", Series: "availability", SliceSeconds: 60}
	for at := clock().AddDate(0, 0, -from); at.Before(clock().AddDate(0, 0, -to)); at = at.Add(time.Minute) {
		m.Slices = append(m.Slices, evenkeel.Slice{At: at, Bad: new(20.0), Total: new(100.0)})
	}
	event := evenkeel.Event{Kind: evenkeel.KindMeasurement, ID: fmt.Sprint(from, to), Source: "probe", ObservedAt: h.now, Payload: m}
	if _, err := h.store.In("default").Record(h.t.Context(), []evenkeel.Event{event}); err != nil {
		h.t.Fatal(err)
	}
}

// TestWhatIfBeginsWithWhatWasKnownThen: days that become known later are no windows
// of the past as of an instant before.
func TestWhatIfBeginsWithWhatWasKnownThen(t *testing.T) {
	t.Parallel()
	for name, dsn := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := startHistory(t, dsn(t), 1)
			h.register("shop")
			h.minutes(3, 0)
			h.save(availabilityOf("shop-availability", "shop"))
			then, path := h.now, "/api/v1/service-levels/shop-availability/what-if?target=0.99"
			before := h.ask(path, time.Time{})
			h.now = h.now.Add(time.Hour)
			h.minutes(6, 3)
			if diff := cmp.Diff(before, h.ask(path, then)); diff != "" {
				t.Errorf("as of then (-then +now)\n%s", diff)
			}
			if what := decode[views.LevelWhatIf](t, h.do("GET", path, h.admin, "")); what.Outcomes[0].Missed != 6 {
				t.Errorf("at present %+v", what)
			}
		})
	}
}

// TestWhatIfHoldsNoMoreThanTheBudgetDoes: what was measured 20 to 15 days ago is
// held in windows that it is a week before, or their lookbacks, which are three
// days; in later ones nothing is known, as in the present one.
func TestWhatIfHoldsNoMoreThanTheBudgetDoes(t *testing.T) {
	t.Parallel()
	h := startHistory(t, storetest.SQLite(t), 1)
	h.register("shop")
	h.minutes(20, 15)
	document := strings.Replace(availabilityOf("shop-availability", "shop"), "Occurrences", "RatioTimeslices", 1)
	document = strings.Replace(document, "- target: 0.99", "- {target: 0.99, timeSliceWindow: 10m}", 1)
	h.save(strings.Replace(document, "annotations:", "annotations:\n    evenkeel.dev/missing: hold", 1))
	row := h.level("shop-availability").Budgets[0]
	what := decode[views.LevelWhatIf](t, h.do("GET", "/api/v1/service-levels/shop-availability/what-if?target=0.99&target=0.7", h.admin, ""))
	own, other := what.Outcomes[0], what.Outcomes[1]
	if row.SLI != nil || !own.Present || own.SLI != nil || own.Budget != row.Budget || *own.Coverage != *row.Coverage {
		t.Errorf("budget %+v, what if %+v", row.Budget, own.Budget)
	}
	if own.Unknown != 5 || own.Missed != 15 || other.Unknown != 5 || other.Met != 15 {
		t.Errorf("%d unknown, %d missed; %d unknown, %d met", own.Unknown, own.Missed, other.Unknown, other.Met)
	}
}

// TestWhatIfNothingWasMeasured has no past, neither good nor bad.
func TestWhatIfNothingWasMeasured(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.register("shop")
	s.save(availabilityOf("shop-availability", "shop"))
	what := decode[views.LevelWhatIf](t, s.do("GET", "/api/v1/service-levels/shop-availability/what-if?target=0.99", s.reader(), ""))
	one := what.Outcomes[0]
	if what.Since != nil || one.SLI != nil || one.Budget.Consumed != nil || len(one.Windows) != 0 || one.Met+one.Missed+one.Unknown != 0 {
		t.Errorf("since %v, %+v", what.Since, one)
	}
}
