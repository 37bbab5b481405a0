package connectors

import (
	"testing"
	"time"
)

func TestTimesAsVendorsWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-03-01T12:00:00Z":            "2026-03-01T12:00:00Z",
		"2026-03-01T14:00:00.250+02:00":   "2026-03-01T12:00:00.25Z",
		"2021-04-28 21:50:00 +0200":       "2021-04-28T19:50:00Z",
		"2016-08-12 15:23:28 UTC":         "2016-08-12T15:23:28Z",
		"2024-01-02T03:04:05.000+0000":    "2024-01-02T03:04:05Z",
		"2024-01-02T03:04:05-0530":        "2024-01-02T08:34:05Z",
		"2018-04-25 20:42:10Z":            "2018-04-25T20:42:10Z",
		"2024-10-27T02:30:00.123456+0100": "2024-10-27T01:30:00.123456Z",
	} {
		got, rule := vendorInstant(text)
		if rule != "" || got.Format(time.RFC3339Nano) != want || got.Location() != time.UTC {
			t.Errorf("%s: got %s (%s), want %s", text, got.Format(time.RFC3339Nano), rule, want)
		}
	}
}

func TestTimesWithoutAZoneAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "2024-01-02", "2024-01-02 03:04:05", "2024-01-02T03:04:05", "2024-01-02 03:04:05 CET", "1704164645", "0001-01-01T00:00:00Z", "yesterday"} {
		if got, rule := vendorInstant(text); rule == "" || !got.IsZero() {
			t.Errorf("%q: got %s, want a rule", text, got)
		}
	}
}
