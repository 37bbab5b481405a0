package metrics

import (
	"testing"
	"time"
)

// TestStepsAreThoseOfTheCalendar walks seventy years of days and weeks in zones
// whose clocks change by day, at midnight, by half an hour, and by a whole day.
func TestStepsAreThoseOfTheCalendar(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"UTC", "Europe/Berlin", "America/Santiago", "America/Havana", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Beirut", "Atlantic/Azores", "Asia/Tokyo", "Africa/Cairo"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range []Grain{Day, Week, Month} {
			s := steps{grain: g, zone: zone}
			end := time.Date(2040, 1, 1, 0, 0, 0, 0, zone)
			for at := midnight(1970, 1, 5, zone); at.Before(end); {
				want := nextStart(at, g, zone)
				if got := s.next(at); !got.Equal(want) {
					t.Fatalf("%s, %s after %v: %v, want %v", name, g, at, got, want)
				}
				at = want
			}
		}
	}
}
