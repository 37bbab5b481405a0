package measure

import (
	"fmt"
	"slices"
	"strings"

	"github.com/evenkeel-dev/evenkeel/slo"
)

// Unasked says why nobody asks for a definition, in words; empty if one of the
// places is to, if what it needs is sent, or if its data source is an address.
func Unasked(d slo.Definition, places []Place) string {
	for _, i := range indicators(d) {
		list := sources(i)
		if len(list) == 0 || slices.ContainsFunc(places, func(p Place) bool { return p.has(i) }) {
			continue
		}
		if why := unasked(list[0], places); why != "" {
			return "nobody asks: " + why
		}
	}
	return ""
}

func unasked(s slo.Source, places []Place) string {
	several := slices.ContainsFunc(places, func(p Place) bool { return s.Type == "" || strings.EqualFold(p.Source, s.Type) })
	switch {
	case strings.Contains(s.DataSource, "://"), strings.EqualFold(s.Type, "pushed"), s.DataSource == "" && s.Type == "" && s.Query == "":
		return ""
	case s.DataSource != "":
		return fmt.Sprintf("no connection is named %q", s.DataSource)
	case several:
		return "there are several connections; name one of them as metricSourceRef"
	case s.Type == "":
		return "no connection measures"
	}
	return "no connection of type " + s.Type
}
