package evenkeel

import (
	"math"
	"strconv"
	"time"
)

// Measurement is a batch of slices of one series of a service level. Its
// event's id names the batch: a batch that was taken in once is not again. A batch
// without an id is not remembered, so what it says holds if it is newest.
type Measurement struct {
	Application string `json:"application,omitzero"`
	Environment string `json:"environment,omitzero"`
	// Series is what the source calls the series, "availability".
	Series string `json:"series,omitzero"`
	// SliceSeconds is the length of every slice; it divides an hour.
	SliceSeconds int     `json:"slice_seconds,omitzero"`
	Slices       []Slice `json:"slices,omitzero"`
}

// Slice is what was measured in one slice of time. Nil is not measured.
type Slice struct {
	// At is the beginning of the slice.
	At    time.Time `json:"at"`
	Good  *float64  `json:"good,omitzero"`
	Bad   *float64  `json:"bad,omitzero"`
	Total *float64  `json:"total,omitzero"`
	// Value is a gauge: a latency, a share.
	Value *float64 `json:"value,omitzero"`
}

// FlagUsage is a batch of counts of how often each variant of a flag was
// served. Its event's id, if it has one, names the batch.
type FlagUsage struct {
	Application  string       `json:"application,omitzero"`
	Environment  string       `json:"environment,omitzero"`
	Flag         string       `json:"flag,omitzero"`
	SliceSeconds int          `json:"slice_seconds,omitzero"`
	Slices       []UsageSlice `json:"slices,omitzero"`
}

// UsageSlice counts evaluations by variant in one slice of time.
type UsageSlice struct {
	// At is the beginning of the slice.
	At     time.Time      `json:"at"`
	Counts map[string]int `json:"counts"`
}

// Kind implements Payload.
func (*Measurement) Kind() Kind { return KindMeasurement }

// Kind implements Payload.
func (*FlagUsage) Kind() Kind { return KindFlagUsage }

// Key implements Payload: it names the series, not the batch.
func (m *Measurement) Key(source, _ string) string {
	return seriesKey(source, m.Application, m.Environment, m.Series, m.SliceSeconds)
}

// Key implements Payload: it names the series, not the batch.
func (f *FlagUsage) Key(source, _ string) string {
	return seriesKey(source, f.Application, f.Environment, f.Flag, f.SliceSeconds)
}

func seriesKey(source, application, environment, name string, seconds int) string {
	return source + "\x1f" + application + "\x1f" + environment + "\x1f" + name + "\x1f" + strconv.Itoa(seconds)
}

// Subject implements Payload.
func (m *Measurement) Subject() Subject { return newSubject(m.Application, nil, "", "") }

// Subject implements Payload.
func (f *FlagUsage) Subject() Subject { return newSubject(f.Application, nil, "", "") }

// Validate implements Payload.
func (m *Measurement) Validate() error {
	var p problems
	p.slug("application", m.Application)
	p.text("environment", m.Environment)
	p.required("series", m.Series)
	p.text("series", m.Series)
	p.sliceSeconds(m.SliceSeconds)
	if len(m.Slices) == 0 {
		p.add("slices", "is required and holds at least one slice")
	}
	for i, s := range m.Slices {
		p.sliceAt(i, s.At, m.SliceSeconds)
		p.amount(indexed("slices", i, "good"), s.Good)
		p.amount(indexed("slices", i, "bad"), s.Bad)
		p.amount(indexed("slices", i, "total"), s.Total)
		if s.Value != nil && (math.IsNaN(*s.Value) || math.IsInf(*s.Value, 0)) {
			p.add(indexed("slices", i, "value"), "is not a finite number")
		}
		if s.Good == nil && s.Bad == nil && s.Total == nil && s.Value == nil {
			p.add(indexed("slices", i, ""), "measures nothing; give good, bad, total or value")
		}
	}
	return p.err()
}

// Validate implements Payload.
func (f *FlagUsage) Validate() error {
	var p problems
	p.slug("application", f.Application)
	p.text("environment", f.Environment)
	p.required("flag", f.Flag)
	p.text("flag", f.Flag)
	p.sliceSeconds(f.SliceSeconds)
	if len(f.Slices) == 0 {
		p.add("slices", "is required and holds at least one slice")
	}
	for i, s := range f.Slices {
		p.sliceAt(i, s.At, f.SliceSeconds)
		if len(s.Counts) == 0 {
			p.add(indexed("slices", i, "counts"), "is required and names at least one variant")
		}
		for variant, n := range s.Counts {
			p.text(indexed("slices", i, "counts"), variant)
			p.named(indexed("slices", i, "counts"), variant)
			p.notNegative(indexed("slices", i, "counts["+quoted(variant)+"]"), n)
		}
	}
	return p.err()
}

func (p *problems) sliceSeconds(n int) {
	const hour = 3600
	if n < 1 || n > hour || hour%n != 0 {
		p.add("slice_seconds", strconv.Itoa(n)+" does not divide an hour; give 10, 60, 300 or 3600")
	}
}

func (p *problems) sliceAt(i int, at time.Time, seconds int) {
	field := indexed("slices", i, "at")
	p.instant(field, at)
	switch {
	case at.IsZero():
		p.add(field, "is required")
	case seconds > 0 && (at.Nanosecond() != 0 || at.Unix()%int64(seconds) != 0):
		p.add(field, at.UTC().Format(time.RFC3339Nano)+" is not the beginning of a slice of "+strconv.Itoa(seconds)+" seconds")
	}
}

func (p *problems) amount(field string, n *float64) {
	if n != nil && (math.IsNaN(*n) || math.IsInf(*n, 0) || *n < 0) {
		p.add(field, strconv.FormatFloat(*n, 'g', -1, 64)+" is not a finite number of 0 or more")
	}
}
