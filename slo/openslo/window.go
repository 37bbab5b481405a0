package openslo

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// startLayout is how a calendar's start is written.
const startLayout = "2006-01-02 15:04:05"

func (b *builder) window(list []TimeWindow, d *slo.Definition) {
	const field = "spec.timeWindow"
	if len(list) != 1 {
		b.error(field, fmt.Sprintf("holds %d windows", len(list)), "give exactly one, such as duration: 30d and isRolling: true")
		return
	}
	w, at := list[0], field+"[0]"
	span, err := slo.ParseSpan(w.Duration)
	if err != nil {
		b.error(at+".duration", err.Error(), "")
		return
	}
	d.Window.Span = span
	rolling := w.Calendar == nil
	switch {
	case w.IsRolling != nil && *w.IsRolling && w.Calendar != nil:
		b.error(at+".isRolling", "is true, and a calendar is given", "keep one of them")
	case w.IsRolling != nil && !*w.IsRolling && w.Calendar == nil:
		b.error(at+".calendar", "is required where isRolling is false", "add startTime and timeZone, or write isRolling: true")
	case w.IsRolling == nil && rolling:
		b.note(at+".isRolling", "rolls", "is not given and there is no calendar: the window rolls", "write isRolling: true")
	}
	b.span(at+".duration", span, rolling)
	if !rolling {
		d.Window.Start = b.start(at+".calendar", *w.Calendar)
	}
}

// span warns of windows that were probably meant otherwise.
func (b *builder) span(field string, span slo.Span, rolling bool) {
	if span.Unit == slo.Minute && span.Fixed() <= time.Hour {
		meant := slo.Span{N: span.N, Unit: slo.Month}
		b.warn(field, "minutes", span.String()+" means minutes, case matters", "a month is "+meant.String(), "span", span.String(), "meant", meant.String())
		return
	}
	if !rolling {
		return
	}
	switch span.Unit {
	case slo.Month, slo.Quarter, slo.Year:
		days := int(span.Fixed() / (24 * time.Hour))
		b.warn(field, "rolling_months", fmt.Sprintf("a rolling window of %s is taken as %d days", span, days), "write days, or add a calendar", "span", span.String(), "days", strconv.Itoa(days))
	}
}

// start is the beginning of a first window of the calendar.
func (b *builder) start(field string, c Calendar) time.Time {
	zone := b.zone(field+".timeZone", c.TimeZone)
	for _, layout := range []string{startLayout, "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02"} {
		at, err := time.ParseInLocation(layout, c.StartTime, zone)
		if err != nil {
			continue
		}
		if at.Format(layout) != c.StartTime {
			b.error(field+".startTime", quoted(c.StartTime)+" does not exist in "+zone.String()+", where clocks are put forward", "choose another hour")
		}
		if at.Year() < 1970 {
			break
		}
		return at
	}
	fix := "write for example 2026-01-01 00:00:00"
	if strings.ContainsAny(c.StartTime, "Z+") {
		fix = "leave the offset out; timeZone says it"
	}
	b.error(field+".startTime", quoted(c.StartTime)+" is not a date and time without a zone", fix)
	return time.Time{}
}

func (b *builder) zone(field, name string) *time.Location {
	if name == "" {
		b.error(field, "is required", "write a name of the IANA list, such as Europe/Berlin, or UTC")
		return time.UTC
	}
	if !evenkeel.ValidTimeZone(name) {
		b.error(field, quoted(name)+" is not a time zone", "write a name of the IANA list, such as Europe/Berlin, or UTC")
		return time.UTC
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		b.error(field, err.Error(), "")
		return time.UTC
	}
	return zone
}
