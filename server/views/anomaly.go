package views

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics/quality"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// AnomalyKind names what looks wrong with data.
type AnomalyKind string

// The kinds of anomaly.
const (
	// VolumeDrop: for days there is less than the same weekdays usually have.
	VolumeDrop AnomalyKind = "volume_drop"
	// SilentConnection: nothing came for longer than is usual.
	SilentConnection AnomalyKind = "silent_connection"
	// ClockAhead: facts became known before they happened.
	ClockAhead AnomalyKind = "clock_ahead"
	// ClockBehind: all facts come late by about the same time.
	ClockBehind AnomalyKind = "clock_behind"
	// CountedTwice: two sources tell of the same deployments, and both count.
	CountedTwice AnomalyKind = "counted_twice"
	// ToldTwice: two connections or sources tell of the same facts, which count
	// once.
	ToldTwice AnomalyKind = "told_twice"
	// Unclaimed: facts belong to no application.
	Unclaimed AnomalyKind = "unclaimed"
)

// AnomalyKinds lists the kinds in the order in which they are told.
func AnomalyKinds() []AnomalyKind {
	return []AnomalyKind{CountedTwice, VolumeDrop, SilentConnection, ClockAhead, ClockBehind, Unclaimed, ToldTwice}
}

// DataAnomaly is something that looks wrong, with its evidence.
type DataAnomaly struct {
	Kind AnomalyKind `json:"kind" enum:"counted_twice,volume_drop,silent_connection,clock_ahead,clock_behind,unclaimed,told_twice"`
	// Severity is warning where figures may be wrong.
	Severity    string           `json:"severity" enum:"warning,note" doc:"warning: figures may be wrong; note: they are not"`
	Connections []ConnectionName `json:"connections" nullable:"false" doc:"Connections concerned"`
	Sources     []string         `json:"sources" nullable:"false" doc:"Source instances concerned"`
	// Applications are those concerned; of many the first ones by name.
	Applications []Named          `json:"applications" nullable:"false" doc:"Applications concerned, 20 at most"`
	Signal       evenkeel.Kind    `json:"signal" doc:"Kind of the facts concerned; empty where they are of several"`
	Since        *time.Time       `json:"since" doc:"Since when; null where that is not known"`
	N            int              `json:"n" doc:"How much it rests on: days of a drop, gaps of a silence, else facts"`
	Of           *int             `json:"of" doc:"Out of so many; null where that means nothing"`
	Observed     *float64         `json:"observed" doc:"How much there was in the days of a drop"`
	Expected     *float64         `json:"expected" doc:"How much there usually is on such days"`
	Seconds      *float64         `json:"seconds" doc:"Of a clock the median distance, of a silence its length"`
	Usual        *float64         `json:"usual_seconds" doc:"The usual silence"`
	Limit        *float64         `json:"limit_seconds" doc:"The longest silence that is not remarkable"`
	Examples     []AnomalyExample `json:"examples" nullable:"false" doc:"Some of what it rests on, 20 at most"`
}

// ConnectionName names a connection; the name is empty once it was removed.
type ConnectionName struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// AnomalyExample is a fact, or two that are the same, or a thing that nobody
// claims.
type AnomalyExample struct {
	Facts []string `json:"facts" nullable:"false" doc:"Ids of facts"`
	Text  string   `json:"text" doc:"What is not a fact: a repository, an origin, an application"`
	N     int      `json:"n" doc:"How many facts of it there are; 0 for facts"`
}

// Looked says how much was looked at for a kind of anomaly.
type Looked struct {
	Kind AnomalyKind `json:"kind"`
	// Looked are the things that were looked at, Judged those of which enough
	// is known to say something.
	Looked int `json:"looked"`
	Judged int `json:"judged"`
	Found  int `json:"found"`
}

// maxExamples is how many examples and applications an anomaly names.
const maxExamples = 20

// AnomalyInput is what anomalies are looked for in.
type AnomalyInput struct {
	Results     *jobs.Results
	Connections []evenkeel.Connection
	Flows       []evenkeel.Flow
	Arrived     []evenkeel.Arrived
	Heard       []evenkeel.Heard
	Shared      []evenkeel.Shared
	Told        []quality.Told
	Unclaimed   []evenkeel.UnclaimedSubject
	Now         time.Time
}

// FindAnomalies looks for all kinds of anomalies; see docs/data-quality.md.
func FindAnomalies(in AnomalyInput) ([]DataAnomaly, []Looked) {
	f := finder{in: in, names: map[string]Named{}, connections: map[string]string{}}
	for _, a := range in.Results.Catalogue.Applications {
		f.names[a.ID] = Named{a.Slug, a.Name}
	}
	for _, c := range in.Connections {
		f.connections[c.ID] = c.Name
	}
	for _, kind := range AnomalyKinds() {
		f.looked = append(f.looked, Looked{Kind: kind})
	}
	f.arrivals()
	f.volumes()
	f.clocks()
	f.twice()
	f.unclaimed()
	slices.SortStableFunc(f.found, func(a, b DataAnomaly) int {
		return cmp.Compare(slices.Index(AnomalyKinds(), a.Kind), slices.Index(AnomalyKinds(), b.Kind))
	})
	return f.found, f.looked
}

// finder gathers anomalies.
type finder struct {
	in          AnomalyInput
	names       map[string]Named
	connections map[string]string
	found       []DataAnomaly
	looked      []Looked
}

// look counts something that was looked at.
func (f *finder) look(kind AnomalyKind, judged bool) {
	at := slices.Index(AnomalyKinds(), kind)
	f.looked[at].Looked++
	if judged {
		f.looked[at].Judged++
	}
}

func (f *finder) add(a DataAnomaly) {
	f.looked[slices.Index(AnomalyKinds(), a.Kind)].Found++
	if a.Severity == "" {
		a.Severity = "warning"
	}
	a.Connections, a.Sources, a.Applications, a.Examples = filled(a.Connections), filled(a.Sources), filled(a.Applications), filled(a.Examples)
	f.found = append(f.found, a)
}

func filled[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list[:min(len(list), maxExamples)]
}

func (f *finder) connection(id string) ConnectionName { return ConnectionName{id, f.connections[id]} }

func (f *finder) today() evenkeel.Day { return evenkeel.DayOf(f.in.Now) }

// arrivals looks at what comes through each connection that is not removed.
func (f *finder) arrivals() {
	days := map[string][]evenkeel.DayCount{}
	for _, a := range f.in.Arrived {
		days[a.Connection] = append(days[a.Connection], evenkeel.DayCount{Day: a.Day, N: a.Deliveries() + a.Repeats})
	}
	for _, c := range f.in.Connections {
		if len(days[c.ID]) == 0 {
			continue // The page of connections waits for the first.
		}
		about := DataAnomaly{Connections: []ConnectionName{f.connection(c.ID)}}
		dropped := f.drop(about, days[c.ID])
		f.silence(about, days[c.ID], dropped)
	}
}

// silence looks at the time since a connection's last day; a drop says as much.
func (f *finder) silence(about DataAnomaly, days []evenkeel.DayCount, dropped bool) {
	last := (days[len(days)-1].Day + 1).Start() // The end of its last day.
	s := quality.SilenceOf(days, last, f.in.Now)
	f.look(SilentConnection, s.Known)
	if !s.TooLong || dropped {
		return
	}
	silent, usual, limit := s.For.Seconds(), s.Usual.Seconds(), s.Limit.Seconds()
	about.Kind, about.Since, about.N, about.Seconds, about.Usual, about.Limit = SilentConnection, &last, s.Gaps, &silent, &usual, &limit
	f.add(about)
}

// drop looks at the last days of what is counted by day.
func (f *finder) drop(about DataAnomaly, days []evenkeel.DayCount) bool {
	d, found, judged := quality.FindDrop(days, f.today())
	f.look(VolumeDrop, judged)
	if !found {
		return false
	}
	since, observed, expected, of := d.Start(), float64(d.Observed), d.Expected, d.Weeks
	about.Kind, about.Since, about.N, about.Of, about.Observed, about.Expected = VolumeDrop, &since, d.Days, &of, &observed, &expected
	f.add(about)
	return true
}

// volumes looks at what each application delivers.
func (f *finder) volumes() {
	type series struct {
		application string
		kind        evenkeel.Kind
	}
	days := map[series][][]evenkeel.DayCount{}
	for _, flow := range f.in.Flows {
		switch flow.Kind {
		case evenkeel.KindDeployment, evenkeel.KindChange, evenkeel.KindBuild:
			for _, id := range flow.Applications {
				days[series{id, flow.Kind}] = append(days[series{id, flow.Kind}], flow.Days)
			}
		}
	}
	for _, a := range f.in.Results.Catalogue.Applications {
		for _, kind := range []evenkeel.Kind{evenkeel.KindDeployment, evenkeel.KindChange, evenkeel.KindBuild} {
			if lists := days[series{a.ID, kind}]; lists != nil {
				f.drop(DataAnomaly{Applications: []Named{f.names[a.ID]}, Signal: kind}, quality.Merge(lists...))
			}
		}
	}
}

// clocks looks at the lags of each source.
func (f *finder) clocks() {
	bySource := map[string][]evenkeel.Heard{}
	for _, h := range f.in.Heard {
		bySource[h.Source] = append(bySource[h.Source], h)
	}
	for _, source := range slices.Sorted(maps.Keys(bySource)) {
		f.clock(source, bySource[source])
	}
}

func (f *finder) clock(source string, heard []evenkeel.Heard) {
	lags := make([]time.Duration, len(heard))
	for i, h := range heard {
		lags[i] = h.Lag
	}
	skew, judged := quality.FindSkew(lags)
	f.look(ClockAhead, judged)
	f.look(ClockBehind, judged)
	if !skew.Ahead && !skew.Behind {
		return
	}
	slices.SortFunc(heard, func(a, b evenkeel.Heard) int {
		return cmp.Or(cmp.Compare(a.Lag, b.Lag), strings.Compare(a.Fact, b.Fact))
	})
	seconds := skew.Median.Seconds()
	a := DataAnomaly{Kind: ClockBehind, Sources: []string{source}, N: skew.N, Of: &skew.Of, Seconds: &seconds}
	if skew.Ahead {
		a.Kind = ClockAhead
	}
	for _, h := range heard[:min(skew.N, maxExamples)] {
		a.Examples = append(a.Examples, AnomalyExample{Facts: []string{h.Fact}})
	}
	f.add(a)
}

// leastTold is how many facts two must tell of to be named.
const leastTold = 5

// twice looks at what is told by two.
func (f *finder) twice() {
	found := quality.FindTwice(f.in.Told)
	for range quality.SourcesOf(f.in.Told) {
		f.look(CountedTwice, true)
	}
	for _, t := range found {
		since := t.Since
		a := DataAnomaly{Kind: CountedTwice, Sources: t.Sources[:], Signal: evenkeel.KindDeployment, Since: &since, N: len(t.Pairs), Of: &t.Of}
		for _, id := range t.Applications {
			a.Applications = append(a.Applications, f.names[id])
		}
		for _, pair := range t.Pairs[:min(len(t.Pairs), maxExamples)] {
			a.Examples = append(a.Examples, AnomalyExample{Facts: pair[:]})
		}
		f.add(a)
	}
	for _, s := range f.in.Shared {
		f.look(ToldTwice, true)
		if since := s.Since; s.Facts >= leastTold {
			f.add(DataAnomaly{
				Kind: ToldTwice, Severity: "note", N: s.Facts, Since: &since,
				Connections: []ConnectionName{f.connection(s.Connections[0]), f.connection(s.Connections[1])},
			})
		}
	}
	f.toldBySources()
}

// toldBySources looks at facts of which two sources have told. Dependencies
// are declared by one and observed by another, as they should be.
func (f *finder) toldBySources() {
	facts := map[[3]string][]string{}
	for _, h := range f.in.Heard {
		if h.Other != "" && h.Kind != evenkeel.KindDependency {
			pair := [3]string{h.Source, h.Other, string(h.Kind)}
			facts[pair] = append(facts[pair], h.Fact)
		}
	}
	pairs := slices.SortedFunc(maps.Keys(facts), func(a, b [3]string) int { return slices.Compare(a[:], b[:]) })
	for _, pair := range pairs {
		f.look(ToldTwice, true)
		ids := facts[pair]
		if len(ids) < leastTold {
			continue
		}
		slices.Sort(ids)
		a := DataAnomaly{Kind: ToldTwice, Severity: "note", Sources: pair[:2], Signal: evenkeel.Kind(pair[2]), N: len(ids)}
		for _, id := range ids[:min(len(ids), maxExamples)] {
			a.Examples = append(a.Examples, AnomalyExample{Facts: []string{id}})
		}
		f.add(a)
	}
}

// unclaimed tells of all subjects that nobody claims at once.
func (f *finder) unclaimed() {
	a := DataAnomaly{Kind: Unclaimed}
	of := len(f.in.Unclaimed)
	for _, u := range f.in.Unclaimed {
		f.look(Unclaimed, true)
		a.N += u.Facts
		a.Examples = append(a.Examples, AnomalyExample{Facts: []string{}, Text: subjectText(u.Subject), N: u.Facts})
	}
	if a.Of = &of; of > 0 {
		f.add(a)
	}
}

// subjectText names a subject in one text.
func subjectText(s evenkeel.Subject) string {
	if len(s.Applications) > 0 {
		return strings.Join(s.Applications, ", ")
	}
	return cmp.Or(s.Repository, s.Origin)
}
