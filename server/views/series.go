package views

import (
	"maps"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// Series is one series of measurements.
type Series struct {
	ID          string            `json:"id"`
	Application string            `json:"application" doc:"Slug, as documents name it: their service"`
	Environment string            `json:"environment"`
	Name        string            `json:"name" doc:"Without labels, as documents name it"`
	Labels      map[string]string `json:"labels" doc:"What tells it from others of its name; as group-by they have budgets of their own"`
	Source      string            `json:"source" doc:"Who sends it, or the type and the name of the connection that is asked for it"`
	SliceLength int               `json:"slice_seconds"`
	FirstAt     time.Time         `json:"first_at" doc:"Beginning of its first slice"`
	LastAt      time.Time         `json:"last_at" doc:"Beginning of its last slice"`
	Slices      int               `json:"slices" doc:"Measured in the 24 hours that end with the last"`
	Amounts     []string          `json:"amounts" nullable:"false" enum:"good,bad,total,value" doc:"What these slices hold"`
	Last        *SeriesSlice      `json:"last" doc:"The last slice"`
}

// SeriesSlice is what was measured in one slice; null is not measured.
type SeriesSlice struct {
	At    time.Time `json:"at"`
	Good  *float64  `json:"good"`
	Bad   *float64  `json:"bad"`
	Total *float64  `json:"total"`
	Value *float64  `json:"value"`
}

// NewSeries shows a series and what was measured of it in its last day, by time.
func NewSeries(i evenkeel.SeriesInfo, day []evenkeel.Slice) Series {
	name := slo.SeriesNamed(i.Name)
	v := Series{
		ID: i.ID, Application: i.Application, Environment: i.Environment, Name: name.Name, Labels: map[string]string{}, Source: i.Source,
		SliceLength: i.SliceSeconds, FirstAt: i.FirstAt, LastAt: i.LastAt, Slices: len(day), Amounts: amountsOf(day),
	}
	maps.Copy(v.Labels, name.Labels)
	if n := len(day); n > 0 {
		last := day[n-1]
		v.Last = &SeriesSlice{last.At, last.Good, last.Bad, last.Total, last.Value}
	}
	return v
}

// amountsOf names what slices hold.
func amountsOf(list []evenkeel.Slice) []string {
	var good, bad, total, value bool
	for _, s := range list {
		good, bad, total, value = good || s.Good != nil, bad || s.Bad != nil, total || s.Total != nil, value || s.Value != nil
	}
	names := []string{}
	for _, one := range []struct {
		name string
		held bool
	}{{"good", good}, {"bad", bad}, {"total", total}, {"value", value}} {
		if one.held {
			names = append(names, one.name)
		}
	}
	return names
}
