package views

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// defaultDays is the length of a window that nobody chose.
const defaultDays = 90

// maxYears is the longest window that is answered.
const maxYears = 20

var rangePattern = regexp.MustCompile(`^([1-9][0-9]{0,3})d$`)

// ParseWindow reads a window as people and programs write it. from and to are
// RFC 3339 instants, or dates, which mean the beginning of that day in zone.
// An empty to is now; an empty from is 90 days earlier. The window is
// half-open: a fact at to is not in it.
func ParseWindow(from, to string, now time.Time, zone *time.Location) (evenkeel.Window, error) {
	w := evenkeel.Window{To: now.UTC().Truncate(time.Microsecond)}
	var err error
	if to != "" {
		if w.To, err = parseInstant("to", to, zone); err != nil {
			return w, err
		}
	}
	w.From = w.To.In(zone).AddDate(0, 0, -defaultDays).UTC()
	if from != "" {
		if w.From, err = parseFrom(from, w.To, zone); err != nil {
			return w, err
		}
	}
	switch {
	case !w.From.Before(w.To):
		return w, notBefore(w)
	case w.From.AddDate(maxYears, 0, 0).Before(w.To):
		return w, evenkeel.FieldErrors{{Field: "from", Rule: fmt.Sprintf("the window is longer than %d years", maxYears)}}
	}
	return w, nil
}

// Present is the end of the current minute: the present of every answer, so
// that answers within a minute agree, and a fact of just now is in them.
func Present(now time.Time) time.Time {
	present := now.UTC().Truncate(time.Minute)
	if present.Before(now) {
		present = present.Add(time.Minute)
	}
	return present
}

// ParseBounds reads the bounds of a list, each of which may be empty for none.
func ParseBounds(from, to string, now time.Time, zone *time.Location) (evenkeel.Window, error) {
	var w evenkeel.Window
	var err error
	if to != "" {
		if w.To, err = parseInstant("to", to, zone); err != nil {
			return w, err
		}
	}
	if from != "" {
		end := w.To
		if end.IsZero() {
			end = now
		}
		if w.From, err = parseFrom(from, end, zone); err != nil {
			return w, err
		}
	}
	if !w.From.IsZero() && !w.To.IsZero() && !w.From.Before(w.To) {
		return w, notBefore(w)
	}
	return w, nil
}

func notBefore(w evenkeel.Window) error {
	return evenkeel.FieldErrors{{Field: "from", Rule: fmt.Sprintf("%s is not before to, %s", w.From.Format(time.RFC3339), w.To.Format(time.RFC3339))}}
}

// parseFrom also reads a length, "90d", "6h" or "30m", counted back from to.
// Days are those of the calendar.
func parseFrom(text string, to time.Time, zone *time.Location) (time.Time, error) {
	if found := rangePattern.FindStringSubmatch(text); found != nil {
		days, _ := strconv.Atoi(found[1])
		return to.In(zone).AddDate(0, 0, -days).UTC(), nil
	}
	if back, ok := parseLength(text); ok {
		return to.Add(-back), nil
	}
	return parseInstant("from", text, zone)
}

func parseInstant(field, text string, zone *time.Location) (time.Time, error) {
	t, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err != nil {
		t, err = time.Parse(time.RFC3339, text)
	}
	switch {
	case err != nil:
		return t, evenkeel.FieldErrors{{Field: field, Rule: fmt.Sprintf("%q is neither an RFC 3339 instant (2026-11-22T10:00:00Z) nor a date (2026-11-22)", text)}}
	case t.Year() < 1970 || t.Year() > 2261:
		return t, evenkeel.FieldErrors{{Field: field, Rule: "is outside the years 1970 to 2261"}}
	}
	return t.UTC(), nil
}
