package connectors_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"testing"

	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
)

var _ = sends("incident-io", sender{sign: func(header http.Header, raw []byte, secret string) {
	header.Set("Webhook-Id", "msg_1")
	header.Set("Webhook-Timestamp", "1772366400")
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprint(mac, "msg_1.1772366400.")
	mac.Write(raw)
	header.Set("Webhook-Signature", "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}})

// FuzzIncidentio reads any body of a webhook.
func FuzzIncidentio(f *testing.F) { fuzzSource(f, "incident-io") }

// TestIncidentioTellsOneStory: deliveries that are repeated or overtake one
// another end in the same incident.
func TestIncidentioTellsOneStory(t *testing.T) {
	t.Parallel()
	names := []string{"created", "updated", "resolved", "reopened", "closed"}
	all := parsed(t, "incident-io", names...)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, len(names)).Draw(t, "told")
		var events []evenkeel.Event
		for _, name := range names[:n] {
			events = append(events, all[name]...)
		}
		i, gone := incidentOf(t, anyOrder(t, events))
		got := []string{i.Application, i.Severity, stampOf(i.OpenedAt), stampOf(i.AcknowledgedAt), stampOf(i.MitigatedAt), stampOf(i.ResolvedAt), stampOf(i.ReopenedAt)}
		want := map[string][]string{
			"created":  {"checkout", "sev2", "12:06:00", "12:06:00", "", "", ""},
			"updated":  {"checkout", "sev1", "12:01:00", "12:06:00", "", "", ""},
			"resolved": {"checkout", "sev1", "12:01:00", "12:06:00", "12:40:00", "12:55:00", ""},
			"reopened": {"checkout", "sev1", "12:01:00", "12:06:00", "", "", "14:00:00"},
			"closed":   {"checkout", "sev1", "12:01:00", "12:06:00", "14:20:00", "14:30:00", "14:00:00"},
		}[names[n-1]]
		if gone || !equalTexts(got, want) {
			t.Fatalf("after %v: %v, want %v", names[:n], got, want)
		}
	})
}

func TestIncidentioTakesBackWhatWasNone(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"declined", "merged"} {
		all := parsed(t, "incident-io", "created", name)
		rapid.Check(t, func(t *rapid.T) {
			if _, gone := incidentOf(t, anyOrder(t, append(all["created"], all[name]...))); !gone {
				t.Fatalf("%s: the incident is still there", name)
			}
		})
	}
}

func TestIncidentioSettings(t *testing.T) {
	t.Parallel()
	settingsNameTheMistake(t, "incident-io", map[string]string{
		`{"services":{"Mail":{"application":"Not A Slug"}}}`: "services",
		`{"application":"Not A Slug"}`:                       "application",
		`{"severities":{"Major":""}}`:                        "severities",
		`{"timestamps":{"begun":"Begun at"}}`:                "timestamps",
		`{"timestamps":{"opened":""}}`:                       "timestamps",
		`{"fields":["Services"]}`:                            "fields",
	})
}
