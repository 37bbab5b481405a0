package demo

import (
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Measured is what the company's service levels go on to be measured by after
// the invented year: slices that begin and end in a window, without troubles,
// in one batch per series. What is measured in a slice follows from the seed
// and the slice alone, so it does not matter how windows are cut. Levels whose
// measurements have stopped in the year stay silent. An empty list is nothing.
func Measured(seed uint64, window evenkeel.Window) []evenkeel.Event {
	var list []evenkeel.Event
	for _, v := range levels() {
		for _, g := range v.series {
			if e, some := v.measured(g, seed, window); some && v.silent == 0 {
				list = append(list, e)
			}
		}
	}
	return list
}

func (v level) measured(g gauge, seed uint64, window evenkeel.Window) (e evenkeel.Event, some bool) {
	p := &evenkeel.Measurement{Application: v.app, Environment: v.production(), Series: g.name + g.labels, SliceSeconds: sliceSeconds}
	begin := window.From.UTC().Add(SliceLength - 1).Truncate(SliceLength)
	for at := begin; !at.Add(SliceLength).After(window.To); at = at.Add(SliceLength) {
		m := &meter{chance: newChance(seed, "present "+v.name+" "+p.Series+" "+at.Format(time.RFC3339)), level: v, gauge: g}
		p.Slices = append(p.Slices, m.slice(at, nil))
	}
	if len(p.Slices) == 0 {
		return evenkeel.Event{}, false
	}
	known := p.Slices[len(p.Slices)-1].At.Add(SliceLength)
	return evenkeel.Event{Kind: p.Kind(), ID: measuredID(p, known), Source: Monitor, ObservedAt: known, Payload: p}, true
}

// measuredID names a batch by its series and when it was known.
func measuredID(p *evenkeel.Measurement, known time.Time) string {
	return p.Application + "/" + p.Environment + "/" + p.Series + "/" + known.Format(time.RFC3339)
}
