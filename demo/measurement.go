package demo

import (
	"math"
	"strconv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	// Monitor is the source of what the company's service levels are measured by.
	Monitor = "prometheus:larkmoor"
	// SliceLength is the length of a slice that was measured.
	SliceLength = sliceSeconds * time.Second
	// measuredDays is how long ago the first measurement was made.
	measuredDays = 45
	// sliceSeconds is the length of a slice of the company's service levels.
	sliceSeconds = 300
)

// noteMeasurements adds what the levels are measured by, in one batch per
// series and day. Bad events come from the company's own troubles, so it has to
// be called when these are known.
func noteMeasurements(o Options, l *ledger) {
	all := troubles(l)
	for _, v := range levels() {
		mine := v.met(all[v.app], o)
		for _, g := range v.series {
			if m := newMeter(v, g, mine, o); m != nil {
				m.run(l)
			}
		}
	}
}

// met are the troubles of a level's environment, and its maintenance.
func (v level) met(list []trouble, o Options) (mine []trouble) {
	for _, t := range list {
		if t.to.After(o.begun()) && (t.environment == "" || t.environment == v.production()) {
			mine = append(mine, t)
		}
	}
	if m := v.maintenance(o.Now); !m.From.IsZero() {
		mine = append(mine, trouble{from: m.From, to: m.To, ratio: 0.7, planned: true})
	}
	return mine
}

// meter writes one series.
type meter struct {
	chance
	level
	gauge
	troubles []trouble
	options  Options
}

func newMeter(v level, g gauge, list []trouble, o Options) *meter {
	m := &meter{chance: newChance(o.Seed, "level "+v.name+" "+g.name+g.labels), level: v, gauge: g, options: o}
	for _, t := range list {
		if !m.often(g.share) {
			continue
		}
		if v.old && m.leaving(t) && t.to.Before(t.from.Add(4*time.Hour)) {
			t.to = t.from.Add(4 * time.Hour) // It was slow for longer than people noticed.
		}
		m.troubles = append(m.troubles, t)
	}
	if v.spends > 0 {
		m.scale()
	}
	return m
}

// scale makes the troubles that had ended by last midnight spend what the level
// says; so the history of a day stays as it is while the day goes on.
func (m *meter) scale() {
	midnight := m.options.Now.Truncate(day)
	budget := 1 - share(m.target)
	for range 4 {
		bad, total := 0.0, 0.0 // bad by troubles that are not planned
		for d := midnight.Add(-30 * day); d.Before(midnight); d = d.Add(day) {
			over := m.during(d, midnight, false)
			for at := d; at.Before(d.Add(day)); at = at.Add(SliceLength) {
				n := m.traffic(at)
				bad, total = bad+n*m.trouble(at, over), total+n
			}
		}
		if bad == 0 {
			return
		}
		by := (m.spends - m.base/budget) * budget * total / bad
		for i := range m.troubles {
			if t := &m.troubles[i]; !t.planned {
				t.ratio = min(0.9, t.ratio*by)
			}
		}
	}
}

// during are the troubles of a day that had ended by an instant, with those that
// were planned or without.
func (m *meter) during(d, known time.Time, planned bool) (list []trouble) {
	for _, t := range m.troubles {
		if t.from.Before(d.Add(day)) && t.to.After(d) && !t.to.After(known) && (planned || !t.planned) {
			list = append(list, t)
		}
	}
	return list
}

// trouble is the share of bad events in a slice because of troubles.
func (m *meter) trouble(at time.Time, list []trouble) (ratio float64) {
	for _, t := range list {
		if !t.to.After(at) || !t.from.Before(at.Add(SliceLength)) {
			continue
		}
		from, to := t.from, t.to
		if from.Before(at) {
			from = at
		}
		if to.After(at.Add(SliceLength)) {
			to = at.Add(SliceLength)
		}
		ratio += t.ratio * m.age(t) * float64(to.Sub(from)) / float64(SliceLength)
	}
	return min(ratio, 0.95)
}

// age is how much of a trouble counts: much of those that leave the window
// soon, if the level's budget is to thaw, and little of others.
func (m *meter) age(t trouble) float64 {
	if !m.old || m.leaving(t) {
		return 1
	}
	return 0.04
}

// leaving says whether a trouble is 20 to 29 days old.
func (m *meter) leaving(t trouble) bool {
	age := m.options.Now.Truncate(day).Sub(t.from)
	return age >= 20*day && age < 29*day
}

// traffic is the mean number of events in a slice: most in the afternoon, less
// at weekends.
func (m *meter) traffic(at time.Time) float64 {
	hour := float64(at.Hour()) + float64(at.Minute())/60
	n := m.perSlice * (1.2 + math.Sin((hour-9)/24*2*math.Pi))
	if w := at.Weekday(); w == time.Saturday || w == time.Sunday {
		n *= 0.6
	}
	return n
}

// run writes the finished slices of every day.
func (m *meter) run(l *ledger) {
	end := l.now.Add(-m.silent)
	for d := m.options.begun(); d.Before(end); d = d.Add(day) {
		p := &evenkeel.Measurement{Application: m.app, Environment: m.production(), Series: m.gauge.name + m.labels, SliceSeconds: sliceSeconds}
		list := m.during(d, m.options.Now, true)
		for at := d; at.Before(d.Add(day)); at = at.Add(SliceLength) {
			if one := m.slice(at, list); !at.Add(SliceLength).After(end) {
				p.Slices = append(p.Slices, one)
			}
		}
		if len(p.Slices) > 0 {
			known := p.Slices[len(p.Slices)-1].At.Add(SliceLength)
			l.add(known, Monitor, measuredID(p, known), p)
		}
	}
}

// slice draws what was measured.
func (m *meter) slice(at time.Time, list []trouble) evenkeel.Slice {
	ratio := m.base + m.trouble(at, list)
	if m.kind == latency {
		value := math.Round(190 * math.Exp(0.12*m.NormFloat64()) * (1 + 30*min(ratio, 0.1)))
		return evenkeel.Slice{At: at, Value: &value}
	}
	total := m.events(m.traffic(at))
	bad := min(total, m.events(total*ratio))
	if good := total - bad; m.kind == goodOfTotal {
		return evenkeel.Slice{At: at, Total: &total, Good: &good}
	}
	return evenkeel.Slice{At: at, Total: &total, Bad: &bad}
}

// events draws a number of events, by the normal distribution where there are
// many.
func (m *meter) events(mean float64) float64 {
	if mean < 30 {
		return float64(m.count(mean))
	}
	return max(0, math.Round(mean+math.Sqrt(mean)*m.NormFloat64()))
}

func share(target string) float64 {
	f, err := strconv.ParseFloat(target, 64)
	if err != nil {
		panic(err) // The company's own targets.
	}
	return f
}
