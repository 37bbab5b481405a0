package connectors

import (
	"strconv"
	"time"
)

const timeExample = `write it as RFC 3339, such as "2026-03-01T12:00:00Z"`

// parseInstant reads an RFC 3339 time; rule says what is wrong with it and
// what to write instead.
func parseInstant(text []byte) (t time.Time, rule string) {
	if err := t.UnmarshalText(text); err == nil {
		if t = t.UTC(); t.Year() < 1970 || t.Year() > 2261 {
			return time.Time{}, shortQuote(string(text)) + " is outside the years 1970 to 2261; leave the member out if the time is unknown"
		}
		return t, ""
	}
	return time.Time{}, badInstant(string(text))
}

// vendorInstant reads a time as vendors write them: RFC 3339, and forms close
// to it that name a zone too. "2021-04-28 21:50:00 +0200" and "2016-08-12
// 15:23:28 UTC" are GitLab's, "2024-01-02T03:04:05.000+0000" is Jira's.
func vendorInstant(text string) (t time.Time, rule string) {
	if t, rule = parseInstant([]byte(text)); rule == "" {
		return t, ""
	}
	for _, layout := range []string{"2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 UTC", "2006-01-02T15:04:05.999999999-0700", "2006-01-02 15:04:05Z07:00"} {
		if read, err := time.Parse(layout, text); err == nil {
			return parseInstant([]byte(read.Format(time.RFC3339Nano)))
		}
	}
	return time.Time{}, rule
}

func badInstant(text string) string {
	shown := shortQuote(text)
	for _, attempt := range []struct{ layout, rule string }{
		{time.DateOnly, " has no time of day; write the whole instant, such as \"" + text + "T00:00:00Z\""},
		{"2006-01-02T15:04:05", " has no time zone; add Z for UTC, or an offset such as +02:00"},
		{"2006-01-02T15:04", " has no seconds and no time zone; write \"" + text + ":00Z\" if it is UTC"},
		{"2006-01-02T15:04Z07:00", " has no seconds; " + timeExample},
		{time.DateTime, " has no time zone; put a T between date and time and add Z for UTC, or an offset such as +02:00"},
		{"2006-01-02 15:04:05Z07:00", " must have a T between date and time"},
	} {
		if _, err := time.Parse(attempt.layout, text); err == nil {
			return shown + attempt.rule
		}
	}
	if isDigits(text) {
		return shown + " is a number" + epochHint(text)
	}
	return shown + " is not a time; " + timeExample
}

// epochHint translates a count of seconds or milliseconds since 1970.
func epochHint(text string) string {
	n, err := strconv.ParseInt(text, 10, 64)
	const year = 365 * 24 * 60 * 60
	switch {
	case err != nil || n <= 0:
		return "; " + timeExample
	case n < 292*year:
		return "; as seconds it would be \"" + time.Unix(n, 0).UTC().Format(time.RFC3339) + "\""
	case n < 292*year*1000:
		return "; as milliseconds it would be \"" + time.UnixMilli(n).UTC().Format(time.RFC3339Nano) + "\""
	}
	return "; " + timeExample
}
