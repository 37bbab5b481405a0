package demo

import (
	"math"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	monitorSource = "prometheus:larkmoor"
	// measuredDays is how long ago the first measurement was made.
	measuredDays = 7
	// sliceSeconds is the length of a slice of the company's service levels.
	sliceSeconds = 300
)

// noteMeasurements adds the availability of the most critical applications, in
// one batch per day.
func noteMeasurements(c company, o Options, l *ledger) {
	for _, t := range c.teams {
		for _, a := range t.apps {
			if a.tier != 1 {
				continue
			}
			r := newChance(o.Seed, "availability "+a.slug)
			for d := o.Now.Truncate(day).Add(-measuredDays * day); d.Before(o.Now); d = d.Add(day) {
				noteMeasurement(l, a, d, r)
			}
		}
	}
}

// noteMeasurement adds the finished slices of one day.
func noteMeasurement(l *ledger, a application, d time.Time, r chance) {
	m := &evenkeel.Measurement{Application: a.slug, Environment: "production", Series: "availability", SliceSeconds: sliceSeconds}
	for at := d; at.Before(d.Add(day)); at = at.Add(sliceSeconds * time.Second) {
		hour := float64(at.Hour()) + float64(at.Minute())/60
		total := math.Round(900 * (1.2 + math.Sin((hour-9)/24*2*math.Pi)) * (0.9 + 0.2*r.Float64()))
		bad := float64(r.count(total * 0.0004))
		if end := at.Add(sliceSeconds * time.Second); !end.After(l.now) {
			m.Slices = append(m.Slices, evenkeel.Slice{At: at, Total: &total, Bad: &bad})
		}
	}
	if len(m.Slices) > 0 {
		known := m.Slices[len(m.Slices)-1].At.Add(sliceSeconds * time.Second)
		l.add(known, monitorSource, a.slug+"/availability/"+known.Format(time.RFC3339), m)
	}
}
