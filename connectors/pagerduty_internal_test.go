package connectors

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
)

// TestPagerdutyWindowsAreSplit: further down than PagerDuty can be asked,
// reading goes on in the part of the window that is left.
func TestPagerdutyWindowsAreSplit(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	pagerduty, clock := vendortest.NewPagerDuty(), vendortest.NewClock(now)
	pagerduty.Most = 300
	const made = 950
	for n := range made { // Three at a time, so that instants do not tell them apart.
		pagerduty.Put(map[string]any{"id": fmt.Sprint("Q", n), "status": "resolved", "created_at": now.Add(-time.Duration(n/3+1) * time.Minute).Format(time.RFC3339)})
	}
	vendor := vendortest.New(t, pagerduty)
	settings, err := readPagerdutySettings(fmt.Appendf(nil, `{"api":{"url":%q,"token":"${env:T}","history":"30d"}}`, vendor.URL))
	if err != nil {
		t.Fatal(err)
	}
	client, err := newPagerdutyClient(settings, Outside{Secret: func(string) (string, error) { return "good", nil }, Now: clock.Now, Sleep: clock.Sleep})
	if err != nil {
		t.Fatal(err)
	}
	client.most = pagerduty.Most
	found := map[string]bool{}
	var cursor json.RawMessage
	read := func() error {
		return client.Pull(t.Context(), pagerdutyIncidents, cursor, func(_ context.Context, page Page) error {
			cursor = page.Cursor
			for _, d := range page.Documents {
				var body struct {
					Incident struct {
						ID string `json:"id"`
					} `json:"incident"`
				}
				if err := json.Unmarshal(d.Body, &body); err != nil {
					t.Fatal(err)
				}
				found[body.Incident.ID] = true
			}
			return nil
		})
	}
	if err := read(); err != nil || len(found) != made {
		t.Fatalf("%d of %d incidents, %v", len(found), made, err)
	}
	for n := range 301 { // All in one second: there is no instant to go on from.
		pagerduty.Put(map[string]any{"id": fmt.Sprint("S", n), "status": "resolved", "created_at": now.Format(time.RFC3339)})
	}
	if err := read(); err == nil {
		t.Error("more in one second than can be asked for are not told of")
	}
}
