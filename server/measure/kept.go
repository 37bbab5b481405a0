package measure

import (
	"slices"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// AsKept is a definition as it is to be counted from a series: what was asked
// for are amounts already, made of each counter where it was read, so that
// counter: true no longer holds. Series that were sent are as the document says.
func AsKept(d slo.Definition, series evenkeel.SeriesInfo) slo.Definition {
	kind, _, _ := strings.Cut(series.Source, ":")
	source, err := connectors.SourceNamed(kind)
	if err != nil || source.Measure == nil {
		return d
	}
	d.Indicator.Counter = false
	d.Objectives = slices.Clone(d.Objectives)
	for i, o := range d.Objectives {
		if o.Indicator != nil {
			own := *o.Indicator
			own.Counter = false
			d.Objectives[i].Indicator = &own
		}
	}
	return d
}
