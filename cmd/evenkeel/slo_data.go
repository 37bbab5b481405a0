package main

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// stream is what a file holds of one series.
type stream struct {
	source, application, environment string
	series                           slo.SeriesName
	// seconds is the length of a slice; 0 is not said.
	seconds int
	// slices are in the order of the file: of those at one instant the last holds,
	// which is observed then.
	slices   []evenkeel.Slice
	observed map[time.Time]time.Time
}

// String names a stream in messages.
func (s *stream) String() string {
	parts := []string{s.series.String()}
	for _, part := range []struct{ name, value string }{{"application", s.application}, {"environment", s.environment}, {"source", s.source}} {
		if part.value != "" {
			parts = append(parts, part.name+" "+part.value)
		}
	}
	return strings.Join(parts, " of ")
}

// measurements are the streams of a file, by what tells them apart.
type measurements struct {
	streams map[string]*stream
	// batches are those that were taken in: series and id.
	batches map[string]bool
	// incidents are what was said of each, by source and id.
	incidents map[string][]evenkeel.Event
}

// sliceLine is one slice in a line of its own.
type sliceLine struct {
	Series       string `json:"series"`
	Application  string `json:"application"`
	Environment  string `json:"environment"`
	SliceSeconds int    `json:"slice_seconds"`
	evenkeel.Slice
}

// measurements reads a file of measurements and incidents: neutral events, or slices in lines
// of their own. Whatever it refuses is an error: half the data would look like
// a figure.
func (p *Process) measurements(name string) (*measurements, error) {
	input, err := p.open(name)
	if err != nil {
		return nil, err
	}
	defer input.Close()
	m := &measurements{streams: map[string]*stream{}, batches: map[string]bool{}, incidents: map[string][]evenkeel.Event{}}
	if err := m.read(input); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return m, nil
}

func (m *measurements) read(input io.Reader) error {
	text := bufio.NewReader(input)
	if magic, _ := text.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		plain, err := gzip.NewReader(text)
		if err != nil {
			return err
		}
		text = bufio.NewReader(plain)
	}
	var events bytes.Buffer
	for number := 1; ; number++ {
		line, err := text.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if taken, wrong := m.line(line, number); wrong != nil {
			return wrong
		} else if taken {
			line = []byte("\n") // Events keep their line numbers.
		}
		events.Write(line)
		if err != nil {
			return m.events(&events)
		}
	}
}

// line takes a line that is a slice; other lines are left to the reader of
// events.
func (m *measurements) line(text []byte, number int) (bool, error) {
	if !isSlice(text) {
		return false, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var one sliceLine
	if err := decoder.Decode(&one); err != nil {
		return true, fmt.Errorf("line %d: %w: %w", number, err, evenkeel.ErrInvalid)
	}
	batch := &evenkeel.Measurement{Application: one.Application, Environment: one.Environment, Series: one.Series, SliceSeconds: cmp.Or(one.SliceSeconds, 1), Slices: []evenkeel.Slice{one.Slice}}
	if err := batch.Validate(); err != nil {
		return true, fmt.Errorf("line %d: %w", number, err)
	}
	batch.SliceSeconds = one.SliceSeconds
	return true, m.add("", batch, time.Time{})
}

// isSlice says whether a line is an object that names a series and no kind.
func isSlice(text []byte) bool {
	var head struct{ Kind, Series *string }
	err := json.Unmarshal(text, &head)
	return err == nil && head.Kind == nil && head.Series != nil
}

// events takes the batches of neutral events. A batch that was taken in once for
// its series is not again, if it has a name.
func (m *measurements) events(input io.Reader) error {
	var wrong []error
	for item, err := range connectors.DecodeEvents(input, connectors.EventOptions{DefaultSource: "file"}) {
		if err != nil {
			return fmt.Errorf("line %d: %w", item.Line, err)
		}
		batch, measured := item.Event.Payload.(*evenkeel.Measurement)
		switch {
		case item.Err != nil:
			wrong = append(wrong, fmt.Errorf("line %d: %w", item.Line, item.Err))
		case item.Event.Kind == evenkeel.KindIncident:
			id := item.Event.Source + "\x1f" + item.Event.ID
			m.incidents[id] = append(m.incidents[id], item.Event)
		case measured && m.fresh(item.Event):
			if err := m.add(item.Event.Source, batch, item.Event.ObservedAt); err != nil {
				wrong = append(wrong, fmt.Errorf("line %d: %w", item.Line, err))
			}
		}
		const most = 20
		if len(wrong) == most {
			break
		}
	}
	return errors.Join(wrong...)
}

// fresh says whether a batch was not taken in before, and notes it.
func (m *measurements) fresh(e evenkeel.Event) bool {
	id := e.Payload.Key(e.Source, e.ID) + "\x1f" + e.ID
	taken := m.batches[id]
	m.batches[id] = e.ID != ""
	return !taken
}

// add puts the slices of a batch into its stream. One that was observed before
// the slice held at its instant is left out; a zero instant is before any other.
func (m *measurements) add(source string, batch *evenkeel.Measurement, observed time.Time) error {
	series, err := slo.ParseSeriesName(batch.Series)
	if err != nil {
		return fmt.Errorf("%w: %w", err, evenkeel.ErrInvalid)
	}
	key := strings.Join([]string{source, batch.Application, batch.Environment, series.String(), strconv.Itoa(batch.SliceSeconds)}, "\x1f")
	one, ok := m.streams[key]
	if !ok {
		one = &stream{source: source, application: batch.Application, environment: batch.Environment, series: series, seconds: batch.SliceSeconds, observed: map[time.Time]time.Time{}}
		m.streams[key] = one
	}
	for _, s := range batch.Slices {
		if at := s.At.UTC(); !observed.Before(one.observed[at]) {
			one.observed[at] = observed
			one.slices = append(one.slices, s)
		}
	}
	return nil
}

// sorted are the streams in the order of their names.
func (m *measurements) sorted() []*stream {
	return slices.SortedFunc(maps.Values(m.streams), func(a, b *stream) int { return strings.Compare(a.String(), b.String()) })
}

// reading is the stream that an indicator is read from, and the labels of the
// definition's groups that it is of.
type reading struct {
	*stream
	group string
}

// readings are the streams that an indicator is read from: one, or one for every
// combination of the definition's labels. No stream, and two of the same, are
// errors that name them.
func (m *measurements) readings(d slo.Definition, i slo.Indicator) ([]reading, error) {
	wanted, err := slo.ParseSeriesName(i.Series)
	if err != nil {
		return nil, err
	}
	var list []reading
	taken := map[string]*stream{}
	for _, one := range m.sorted() {
		group, fits := one.fits(d, wanted)
		if !fits {
			continue
		}
		if before, twice := taken[group]; twice {
			return nil, fmt.Errorf("SLO %s: two series could be meant: %s, and %s: %w", d.Name, before, one, evenkeel.ErrInvalid)
		}
		if one.seconds != 0 && one.seconds != int(d.Slice.Seconds()) {
			return nil, fmt.Errorf("SLO %s: slices of %s are %d seconds long, those of the document %s; give the annotation evenkeel.dev/slice: %w", d.Name, one, one.seconds, evenkeel.FormatDuration(d.Slice), evenkeel.ErrInvalid)
		}
		if at := slices.IndexFunc(one.slices, func(s evenkeel.Slice) bool { return !s.At.Equal(s.At.Truncate(d.Slice)) }); at >= 0 {
			return nil, fmt.Errorf("SLO %s: the slice of %s at %s does not begin a slice of %s; give the annotation evenkeel.dev/slice: %w", d.Name, one, stamp(one.slices[at].At), evenkeel.FormatDuration(d.Slice), evenkeel.ErrInvalid)
		}
		taken[group] = one
		list = append(list, reading{one, group})
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("SLO %s: no measurements of %s; the data hold %s: %w", d.Name, describe(d, wanted), m.names(), evenkeel.ErrNotFound)
	}
	return list, nil
}

// fits says whether a stream is of an SLO's series, and of which group.
func (s *stream) fits(d slo.Definition, wanted slo.SeriesName) (group string, fits bool) {
	if s.application != "" && s.application != d.Service || d.Environment != "" && s.environment != "" && s.environment != d.Environment || s.series.Name != wanted.Name {
		return "", false
	}
	rest := maps.Clone(s.series.Labels)
	var of slo.SeriesName
	for _, label := range d.GroupBy {
		if rest[label] == "" {
			return "", false
		}
		of = of.With(label, rest[label])
		delete(rest, label)
	}
	return of.String(), slo.SeriesName{Name: wanted.Name, Labels: rest}.String() == wanted.String()
}

func describe(d slo.Definition, wanted slo.SeriesName) string {
	text := wanted.String() + " of application " + d.Service
	if d.Environment != "" {
		text += " in " + d.Environment
	}
	if len(d.GroupBy) > 0 {
		text += " by " + strings.Join(d.GroupBy, ", ")
	}
	return text
}

// names are the first streams, for a message.
func (m *measurements) names() string {
	const most = 10
	var list []string
	for _, one := range m.sorted() {
		if len(list) == most {
			list = append(list, fmt.Sprintf("and %d more", len(m.streams)-most))
			break
		}
		list = append(list, one.String())
	}
	if len(list) == 0 {
		return "no measurements at all"
	}
	return strings.Join(list, "; ")
}
