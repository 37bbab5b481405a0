package connectors

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// clock reads the times of one column.
type clock struct {
	// layout is a Go layout, or "rfc3339", "epoch" or "epoch_ms".
	layout string
	// shown is the format as the mapping gives it.
	shown string
	// zone is nil where the layout itself holds a zone.
	zone *time.Location
}

const (
	formatRFC3339 = "rfc3339"
	formatEpoch   = "epoch"
	formatEpochMS = "epoch_ms"
)

// newClock checks format and zone; rule says what is wrong with them.
func newClock(format, zone string) (c *clock, rule string) {
	c = &clock{layout: format, shown: format}
	switch format {
	case "":
		c.layout, c.shown = formatRFC3339, formatRFC3339
		return c, ""
	case formatRFC3339, formatEpoch, formatEpochMS:
		return c, ""
	}
	if strings.Contains(format, "%") {
		if c.layout, rule = strftimeLayout(format); rule != "" {
			return nil, rule
		}
	}
	if rule = checkLayout(c.layout, format); rule != "" {
		return nil, rule
	}
	if layoutHasZone(c.layout) {
		return c, ""
	}
	if zone == "" {
		return nil, "times in the format " + shortQuote(format) + " have no zone; add time_zone, such as UTC or Europe/Berlin"
	}
	location, err := time.LoadLocation(zone)
	if err != nil || zone == "Local" {
		return nil, shortQuote(zone) + " is not a time zone; use an IANA name, such as UTC or Europe/Berlin"
	}
	c.zone = location
	return c, ""
}

// strftimeLayout translates a strftime pattern into a Go layout.
func strftimeLayout(pattern string) (layout, rule string) {
	codes := map[byte]string{
		'Y': "2006", 'y': "06", 'm': "01", 'd': "02", 'e': "_2", 'H': "15", 'I': "03", 'M': "04", 'S': "05",
		'p': "PM", 'b': "Jan", 'B': "January", 'a': "Mon", 'A': "Monday", 'z': "-0700", 'f': "000000",
		'F': "2006-01-02", 'T': "15:04:05", '%': "%",
	}
	var out strings.Builder
	for i := 0; i < len(pattern); i++ {
		if pattern[i] != '%' {
			out.WriteByte(pattern[i])
			continue
		}
		if i++; i == len(pattern) {
			return "", shortQuote(pattern) + " ends with a single %"
		}
		code, known := codes[pattern[i]]
		if !known {
			return "", "%" + pattern[i:i+1] + " is not known; use %Y %y %m %d %e %H %I %M %S %f %p %b %B %a %A %z %F %T"
		}
		out.WriteString(code)
	}
	return out.String(), ""
}

// probe is an instant whose parts are all different.
func probe() time.Time {
	return time.Date(2031, 11, 22, 13, 14, 15, 0, time.FixedZone("", int(5.5*3600)))
}

// checkLayout refuses layouts that do not hold a whole date, or hours of
// which nobody knows whether they are before noon.
func checkLayout(layout, shown string) string {
	advice := shortQuote(shown) + " is not a time format; write a pattern such as \"%Y-%m-%d %H:%M:%S\", or rfc3339, epoch or epoch_ms"
	p := probe()
	back, err := time.Parse(layout, p.Format(layout))
	if err != nil || back.Year() != p.Year() || back.YearDay() != p.YearDay() {
		return advice
	}
	if back.Hour() != p.Hour() && back.Hour() != 0 {
		return shortQuote(shown) + " has hours up to 12 and does not say before or after noon; add %p (PM), or use %H (15)"
	}
	return ""
}

func layoutHasZone(layout string) bool {
	p := probe()
	back, err := time.Parse(layout, p.Format(layout))
	_, offset := back.Zone()
	_, want := p.Zone()
	return err == nil && offset == want
}

// parse reads one time; rule says what is wrong with it.
func (c *clock) parse(text string) (t time.Time, rule string) {
	switch c.layout {
	case formatRFC3339:
		return parseInstant([]byte(text))
	case formatEpoch:
		return parseEpoch(text, time.Second)
	case formatEpochMS:
		return parseEpoch(text, time.Millisecond)
	}
	t, err := time.Parse(c.layout, text)
	if err != nil {
		return time.Time{}, shortQuote(text) + " is not a time in the format " + shortQuote(c.shown)
	}
	if c.zone != nil {
		if t, rule = inZone(t, c.zone); rule != "" {
			return time.Time{}, shortQuote(text) + rule
		}
	}
	if t = t.UTC(); t.Year() < 1970 || t.Year() > 2261 {
		return time.Time{}, shortQuote(text) + " is outside the years 1970 to 2261"
	}
	return t, ""
}

// parseEpoch reads a count of units since 1970, with or without a fraction of
// up to nine digits.
func parseEpoch(text string, unit time.Duration) (t time.Time, rule string) {
	bad := shortQuote(text) + " is not a count of " + map[time.Duration]string{time.Second: "seconds", time.Millisecond: "milliseconds"}[unit] + " since 1970"
	whole, fraction, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || !isDigits(whole) || n > math.MaxInt64/int64(unit) {
		return time.Time{}, bad
	}
	nanos := n * int64(unit)
	if fraction != "" {
		digits := (fraction + "000000000")[:9]
		part, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || !isDigits(fraction) {
			return time.Time{}, bad
		}
		nanos += part * int64(unit) / int64(time.Second)
	}
	if t = time.Unix(0, nanos).UTC(); t.Year() > 2261 || nanos < n {
		return time.Time{}, bad
	}
	return t, ""
}

// inZone places a wall clock reading into a zone. A reading that the clocks
// skipped is refused; of two instants with the same reading the earlier is
// taken.
func inZone(wall time.Time, zone *time.Location) (t time.Time, rule string) {
	wall = time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), time.UTC)
	var found time.Time
	for _, around := range []time.Duration{-26 * time.Hour, 0, 26 * time.Hour} {
		_, offset := wall.Add(around).In(zone).Zone()
		candidate := wall.Add(-time.Duration(offset) * time.Second)
		if _, actual := candidate.In(zone).Zone(); actual == offset && (found.IsZero() || candidate.Before(found)) {
			found = candidate
		}
	}
	if found.IsZero() {
		return time.Time{}, " does not exist in " + zone.String() + ": the clocks were put forward over it"
	}
	return found, ""
}
