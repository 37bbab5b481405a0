package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// soon is how far a clock may be ahead of ours.
const soon = time.Minute

// AsOf reads an instant that answers are asked as of: an RFC 3339 instant, or
// a date, which means the end of that day in the zone named, else in that of
// the policy of then. What has not come yet is refused: it is not known.
func (d *Deriver) AsOf(ctx context.Context, slug, text, zone string, now time.Time) (time.Time, error) {
	at, err := time.Parse(time.RFC3339, text)
	if err == nil {
		return at.UTC().Truncate(time.Microsecond), checkAsOf(text, at, now)
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return day, asOf("%.40q is neither an RFC 3339 instant (2026-05-12T14:00:00Z) nor a date (2026-05-12)", text)
	}
	place, err := d.placeOf(ctx, slug, zone, day)
	if err != nil {
		return day, err
	}
	end := time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, place)
	return end.UTC(), checkAsOf(text, end, now)
}

// placeOf is the zone of a date: the one named, else the policy's of then.
func (d *Deriver) placeOf(ctx context.Context, slug, zone string, day time.Time) (*time.Location, error) {
	if zone == "" {
		known, err := d.workspace(slug).Known(ctx, day.AddDate(0, 0, 1))
		return known.Policy.Location(), err
	}
	place, err := time.LoadLocation(zone)
	if err != nil || zone == "Local" {
		return nil, evenkeel.FieldErrors{{Field: "tz", Rule: fmt.Sprintf("%.60q is not a time zone such as Europe/Berlin", zone)}}
	}
	return place, nil
}

func checkAsOf(text string, at, now time.Time) error {
	switch {
	case at.After(now.Add(soon)):
		return asOf("%s has not passed yet; give an instant or a day of the past, or leave it out for the present", text)
	case at.Year() < 1970:
		return asOf("%s is before the year 1970", text)
	}
	return nil
}

func asOf(rule string, args ...any) error {
	return evenkeel.FieldErrors{{Field: "as_of", Rule: fmt.Sprintf(rule, args...)}}
}
