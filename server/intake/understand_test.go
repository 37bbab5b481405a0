package intake_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/intake"
)

// faulty is a connector that does what it must not.
type faulty func() ([]evenkeel.Event, error)

func (faulty) Verify(http.Header, []byte, []string) error { return nil }

func (faulty) Identify(http.Header) (event, key string) { return "", "" }

func (f faulty) Parse(http.Header, []byte) ([]evenkeel.Event, error) { return f() }

func TestFaultsOfConnectorsAreOutcomes(t *testing.T) {
	t.Parallel()
	deployments := func(n int, status evenkeel.DeploymentStatus) []evenkeel.Event {
		var events []evenkeel.Event
		for i := range n {
			events = append(events, evenkeel.Event{Kind: evenkeel.KindDeployment, ID: fmt.Sprint(i), Source: "ci", Payload: &evenkeel.Deployment{Status: status}})
		}
		return events
	}
	for name, c := range map[string]struct {
		parse   faulty
		outcome evenkeel.Outcome
		reason  string
	}{
		"a panic with a text of the body": {func() ([]evenkeel.Event, error) { panic("a private text") }, "rejected", "the connector failed"},
		"a panic of the runtime":          {func() ([]evenkeel.Event, error) { var none []int; return nil, fmt.Errorf("%d", none[3]) }, "rejected", "the connector failed"},
		"an invalid event":                {func() ([]evenkeel.Event, error) { return deployments(1, "great"), nil }, "rejected", "event 1 (deployment): status"},
		"too many events":                 {func() ([]evenkeel.Event, error) { return deployments(10_001, "success"), nil }, "rejected", "10001 events"},
		"no events":                       {func() ([]evenkeel.Event, error) { return nil, nil }, "ignored", "nothing"},
		"an unknown error":                {func() ([]evenkeel.Event, error) { return nil, errors.New("lost\x00 \xff") }, "rejected", "lost �"},
		"a long reason":                   {func() ([]evenkeel.Event, error) { return nil, errors.New(strings.Repeat("ä", 5000)) }, "rejected", "ää…"},
		"an ignored one":                  {func() ([]evenkeel.Event, error) { return nil, fmt.Errorf("%w: a test", evenkeel.ErrIgnored) }, "ignored", "a test"},
		"a good one":                      {func() ([]evenkeel.Event, error) { return deployments(2, "success"), nil }, "recorded", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			d := evenkeel.Delivery{Connection: "c1", Body: []byte("a private text"), ReceivedAt: clock()}
			got := intake.Understand(t.Context(), c.parse, d, slog.New(slog.NewTextHandler(&log, nil)))
			if got.Outcome != c.outcome || !strings.Contains(got.Reason, c.reason) || len(got.Reason) > evenkeel.MaxText {
				t.Errorf("= %s (%s), want %s (%s)", got.Outcome, got.Reason, c.outcome, c.reason)
			}
			if (len(got.Events) > 0) != (got.Outcome == evenkeel.OutcomeRecorded) {
				t.Errorf("%s with %d events", got.Outcome, len(got.Events))
			}
			for _, e := range got.Events {
				if diff := cmp.Diff(clock(), e.ObservedAt); diff != "" {
					t.Errorf("not completed: %s", diff)
				}
			}
			if strings.Contains(log.String(), "private") || strings.Contains(name, "panic") != strings.Contains(log.String(), "connector failed") {
				t.Errorf("log = %s", log.String())
			}
		})
	}
}
