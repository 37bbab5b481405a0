package views

import (
	"fmt"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// LevelPromise is what a service level promises, for sentences in any language.
type LevelPromise struct {
	Span       string           `json:"span" doc:"Of the window: number and unit: m, h, d, w, M, Q or Y" example:"30d"`
	Rolling    bool             `json:"rolling" doc:"The window moves with time; else it follows the calendar"`
	Zone       string           `json:"zone" doc:"IANA zone of a window of the calendar"`
	Objectives []LevelObjective `json:"objectives" nullable:"false"`
}

// LevelObjective is what one objective promises: so much of something.
type LevelObjective struct {
	Name         string   `json:"name" doc:"Display name; empty for a single one"`
	Target       float64  `json:"target" doc:"Promised share" example:"0.999"`
	Of           string   `json:"of" enum:"events,successes,measurements,incident_minutes" doc:"What it is a share of: good events, what succeeds of a measured ratio, measurements that compare well, or minutes without an incident"`
	Severities   []string `json:"severities" nullable:"false" doc:"Incidents that count; empty is all"`
	Comparison   string   `json:"comparison" enum:",at_most,below,at_least,above" doc:"How measurements compare with value; empty where nothing is compared"`
	Value        *float64 `json:"value"`
	SliceSeconds int      `json:"slice_seconds" doc:"Length of the slices that are judged or averaged; 0 where events are counted"`
	SliceTarget  *float64 `json:"slice_target" doc:"Share of a slice that makes it good; null where slices are not judged"`
}

// promised is what a definition promises; nil without objectives.
func promised(d slo.Definition) *LevelPromise {
	if len(d.Objectives) == 0 {
		return nil
	}
	p := LevelPromise{Span: d.Window.Span.String(), Rolling: d.Window.Rolling(), Zone: zoneOf(d.Window)}
	for _, o := range d.Objectives {
		p.Objectives = append(p.Objectives, promisedBy(d, o))
	}
	return &p
}

func promisedBy(d slo.Definition, o slo.Objective) LevelObjective {
	indicator := o.In(d)
	v := LevelObjective{Name: o.Name, Target: o.Target.Float(), Of: "events", Severities: []string{}}
	switch {
	case indicator.Incidents != nil:
		v.Of, v.Severities = "incident_minutes", append(v.Severities, indicator.Incidents.Severities...)
	case indicator.Kind == slo.Threshold:
		v.Of, v.Comparison, v.Value = "measurements", comparisonNames()[o.Op], &o.Value
	case indicator.Kind == slo.Success || indicator.Kind == slo.Failure:
		v.Of = "successes"
	}
	if d.Method != slo.Occurrences {
		v.SliceSeconds = int(o.Counted(d) / time.Second)
	}
	if d.Method == slo.Timeslices {
		v.SliceTarget = new(o.SliceTarget.Float())
	}
	return v
}

func comparisonNames() map[slo.Comparison]string {
	return map[slo.Comparison]string{slo.AtMost: "at_most", slo.Below: "below", slo.AtLeast: "at_least", slo.Above: "above"}
}

// statement is what is promised, in one sentence.
func statement(d slo.Definition) string {
	p := promised(d)
	if p == nil {
		return ""
	}
	var promises []string
	for i, o := range p.Objectives {
		promises = append(promises, o.words(d.Objectives[i]))
	}
	over := "over the last " + p.Span
	if !p.Rolling {
		over = fmt.Sprintf("in every %s of the calendar (%s)", p.Span, p.Zone)
	}
	return strings.Join(promises, "; ") + ", " + over + "."
}

// words are one objective in a sentence: its targets are written as the document
// has them.
func (v LevelObjective) words(o slo.Objective) string {
	length := evenkeel.FormatDuration(time.Duration(v.SliceSeconds) * time.Second)
	text := o.Target.Percent() + " % of " + v.what()
	switch {
	case v.SliceTarget != nil:
		text = fmt.Sprintf("In %s %% of slices of %s, at least %s %% of %s", o.Target.Percent(), length, o.SliceTarget.Percent(), v.what())
	case v.SliceSeconds > 0:
		text = fmt.Sprintf("On average of slices of %s, %s", length, text)
	}
	if v.Name != "" {
		return v.Name + ": " + text
	}
	return text
}

func (v LevelObjective) what() string {
	switch v.Of {
	case "incident_minutes":
		if len(v.Severities) > 0 {
			return "minutes have no incident of severity " + strings.Join(v.Severities, " or ")
		}
		return "minutes have no incident"
	case "measurements":
		return fmt.Sprintf("measurements are %s %g", strings.ReplaceAll(v.Comparison, "_", " "), *v.Value)
	case "successes":
		return "what is measured succeeds"
	default:
		return "events are good"
	}
}
