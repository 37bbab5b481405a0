package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// minutes are those of the incidents of a file, which are known from the first
// instant of the data on. Data without any incident are an error: nobody says
// that there were none.
func (m *measurements) minutes(d slo.Definition, o slo.Objective, at time.Time) (slo.Tallies, error) {
	class := evenkeel.DefaultPolicy().Class
	known := evenkeel.Window{From: m.first(), To: at.Add(-d.Delay)}
	var list []slo.Outage
	begun := false
	for id, said := range m.incidents {
		i, stood, err := told(said)
		if err != nil {
			return nil, err
		}
		if len(stood) == 0 {
			continue
		}
		begun = true
		if stood[0].From.Before(known.From) || known.From.IsZero() {
			known.From = stood[0].From
		}
		if isOf(i, d.Service) && i.Concerns(d.Environment, class) && o.In(d).Incidents.Counts(i.Severity) {
			list = append(list, slo.Outage{Cause: slo.Cause{Kind: slo.CauseIncident, ID: id}, Stood: stood})
		}
	}
	if !begun {
		return nil, fmt.Errorf("SLO %s: is measured by incidents, and the data hold none that says when it was opened: %w", d.Name, evenkeel.ErrNotFound)
	}
	return slo.MinutesOf(d, o, list, known), nil
}

// first is the beginning of the first slice; zero for none.
func (m *measurements) first() (at time.Time) {
	for _, one := range m.streams {
		for _, s := range one.slices {
			if at.IsZero() || s.At.Before(at) {
				at = s.At
			}
		}
	}
	return at
}

// told is what all that was said of an incident comes to; one that was deleted
// never stood.
func told(said []evenkeel.Event) (*evenkeel.Incident, []evenkeel.Window, error) {
	var observations []evenkeel.Observation
	for _, e := range said {
		o, err := e.Complete(time.Time{}).Observe()
		if err != nil {
			return nil, nil, err
		}
		observations = append(observations, o)
	}
	fields, gone, err := evenkeel.Fold(observations)
	if err != nil || gone {
		return &evenkeel.Incident{}, nil, err
	}
	payload, err := evenkeel.Decode(evenkeel.KindIncident, fields)
	i, ok := payload.(*evenkeel.Incident)
	if err != nil || !ok {
		return nil, nil, fmt.Errorf("incident: %w", err)
	}
	return i, i.Stood(observations), nil
}

// isOf says whether an incident is an application's; one that names none fits
// all.
func isOf(i *evenkeel.Incident, slug string) bool {
	named := append(slices.Clone(i.Applications), i.Application)
	named = slices.DeleteFunc(named, func(s string) bool { return s == "" })
	return len(named) == 0 || slices.Contains(named, slug)
}
