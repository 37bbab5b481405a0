package connectors

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestJQLMinutes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ zone, at, from, before string }{
		{"UTC", "2026-05-01T10:07:30Z", "2026-05-01 10:07", "2026-05-01 10:08"},
		{"UTC", "2026-05-01T10:07:00Z", "2026-05-01 10:07", "2026-05-01 10:07"},
		{"Asia/Kolkata", "2026-05-01T10:07:30Z", "2026-05-01 15:37", "2026-05-01 15:38"},
		{"America/New_York", "2026-01-01T02:00:00Z", "2025-12-31 21:00", "2025-12-31 21:00"},
		// Clocks go from 02:00 to 03:00: no text means an instant between.
		{"Europe/Berlin", "2026-03-29T00:59:30Z", "2026-03-29 01:59", "2026-03-29 03:00"},
		// Clocks go from 03:00 back to 02:00: 02:30 may be 00:30 or 01:30 UTC, so
		// a lower bound within is 01:59, and an upper one 03:00.
		{"Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25 01:59", "2026-10-25 02:30"},
		{"Europe/Berlin", "2026-10-25T01:30:00Z", "2026-10-25 02:30", "2026-10-25 03:00"},
		// Half an hour back, from 02:00 to 01:30.
		{"Australia/Lord_Howe", "2026-04-04T14:45:00Z", "2026-04-05 01:29", "2026-04-05 01:45"},
	} {
		zone, err := time.LoadLocation(test.zone)
		if err != nil {
			t.Fatal(err)
		}
		at, err := time.Parse(time.RFC3339, test.at)
		if err != nil {
			t.Fatal(err)
		}
		if from, _ := jqlFrom(at, zone); from != test.from {
			t.Errorf("%s %s: from %s, want %s", test.zone, test.at, from, test.from)
		}
		if before := jqlBefore(at, zone); before != test.before {
			t.Errorf("%s %s: before %s, want %s", test.zone, test.at, before, test.before)
		}
	}
}

// TestJQLMinutesHoldWhicheverWayTheyAreRead: every instant that has the text of
// a bound is on the right side of the instant that is meant.
func TestJQLMinutesHoldWhicheverWayTheyAreRead(t *testing.T) {
	t.Parallel()
	zones := []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/St_Johns", "Africa/Casablanca", "Asia/Kathmandu", "Pacific/Apia", "UTC"}
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		seconds := rapid.OneOf(
			rapid.Int64Range(1_577_836_800, 1_893_456_000),
			rapid.Int64Range(1_792_886_400, 1_792_900_800), // 25 October 2026, 00:00 to 04:00 UTC
			rapid.Int64Range(1_793_505_600, 1_793_520_000), // 1 November 2026, 04:00 to 08:00 UTC
			rapid.Int64Range(1_775_305_800, 1_775_320_200), // 4 April 2026, 12:30 to 16:30 UTC
		)
		at := time.Unix(seconds.Draw(t, "at"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds"))
		from, _ := jqlFrom(at, zone)
		before := jqlBefore(at, zone)
		for read := at.Add(-27 * time.Hour).Truncate(time.Minute); read.Before(at.Add(27 * time.Hour)); read = read.Add(time.Minute) {
			switch text := read.In(zone).Format(jqlMinute); {
			case text == from && read.After(at):
				t.Fatalf("%s from %s may mean %s, which is later", at.UTC(), from, read.UTC())
			case text == before && read.Before(at):
				t.Fatalf("%s before %s may mean %s, which is earlier", at.UTC(), before, read.UTC())
			}
		}
		if lost := at.Sub(localMinute(t, from, zone)); lost > 2*time.Hour+time.Minute {
			t.Fatalf("from %s reads %s too much", from, lost)
		}
	})
}

func localMinute(t *rapid.T, text string, zone *time.Location) time.Time {
	at, err := time.ParseInLocation(jqlMinute, text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
