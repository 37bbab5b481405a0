package openslo

import (
	"slices"

	"github.com/evenkeel-dev/evenkeel/slo"
)

// Readers are SLOs by the series that they read. Two indicators with different
// questions that would fill one series spoil each other's numbers.
type Readers map[seriesPlace][]reader

// seriesPlace is a series of an application.
type seriesPlace struct{ service, series string }

// reader is an SLO that reads an indicator in an environment; empty is any.
type reader struct {
	name, environment string
	indicator         slo.Indicator
}

// spoils says whether two SLOs would fill one series with different answers.
func (r reader) spoils(o reader) bool {
	apart := r.environment != "" && o.environment != "" && r.environment != o.environment
	return !apart && !sameQuestion(r.indicator, o.indicator)
}

// Add takes an SLO in.
func (readers Readers) Add(d slo.Definition) {
	for _, one := range indicatorsOf(d) {
		if one.Incidents == nil { // They fill no series.
			at := seriesPlace{d.Service, one.Series}
			readers[at] = append(readers[at], reader{d.Name, d.Environment, one})
		}
	}
}

// Spoiled says whether an SLO would fill a series that another one fills with
// another question, in an error that names it. An SLO of the same name is not
// another.
func (readers Readers) Spoiled(d slo.Definition) (Lint, bool) {
	for _, one := range indicatorsOf(d) {
		mine := reader{d.Name, d.Environment, one}
		list := readers[seriesPlace{d.Service, one.Series}]
		k := slices.IndexFunc(list, func(r reader) bool { return r.name != d.Name && r.spoils(mine) })
		if one.Incidents != nil || k < 0 {
			continue
		}
		return Lint{
			Field: "spec.indicator", Severity: Error, Code: "spoiled",
			Values: map[string]string{"series": one.Series, "service": d.Service, "other": list[k].name},
			Text:   "reads the series " + quoted(one.Series) + " of " + quoted(d.Service) + ", as SLO " + quoted(list[k].name) + " does with another question",
			Fix:    "name the indicators differently, or give one the annotation " + Annotation("series"),
		}, true
	}
	return Lint{}, false
}
