package server_test

import (
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server"
)

// TestARowShowsWhatHasFired: an alert that waits does not hide one that was sent,
// and among those that were, one that pages comes first.
func TestARowShowsWhatHasFired(t *testing.T) {
	t.Parallel()
	waiting := evenkeel.AlertSpan{Severity: "page", Row: "12m/1m", State: "pending"}
	ticket := evenkeel.AlertSpan{Severity: "ticket", Row: "204m/17m", State: "firing"}
	blind := evenkeel.AlertSpan{Severity: "ticket", Row: "204m/17m", State: "no_data"}
	page := evenkeel.AlertSpan{Severity: "page", Row: "48m/4m", State: "firing"}
	for want, spans := range map[string][]evenkeel.AlertSpan{
		"page pending":   {waiting},
		"ticket firing":  {waiting, ticket},
		"ticket no_data": {waiting, blind},
		"page firing":    {waiting, ticket, page},
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			s.register("shop")
			s.measure("shop", 1000, 10, 50)
			s.save(availabilityOf("shop-availability", "shop"))
			for i := range spans {
				spans[i].ServiceLevel, spans[i].From, spans[i].Peak = "shop-availability", clock().Add(time.Duration(i-9)*time.Minute), 50
			}
			if _, err := s.store.In("default").SaveAlertSpans(t.Context(), spans); err != nil {
				t.Fatal(err)
			}
			alert := decode[server.LevelsView](t, s.do("GET", "/api/v1/service-levels", s.reader(), "")).Items[0].Alert
			if alert == nil || alert.Severity+" "+alert.State != want {
				t.Errorf("alert %+v", alert)
			}
		})
	}
}
