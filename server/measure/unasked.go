package measure

import (
	"fmt"
	"slices"
	"strings"

	"github.com/evenkeel-dev/evenkeel/slo"
)

// Unasked says why nobody asks for a definition; nothing if one of the places is
// to, if what it needs is sent, or if its data source is an address.
func Unasked(d slo.Definition, places []Place) slo.Said {
	for _, i := range indicators(d) {
		list := sources(i)
		if len(list) == 0 || slices.ContainsFunc(places, func(p Place) bool { return p.has(i) }) {
			continue
		}
		if why := unasked(list[0], places); why.Text != "" {
			why.Text = "nobody asks: " + why.Text
			return why
		}
	}
	return slo.Said{}
}

func unasked(s slo.Source, places []Place) slo.Said {
	several := slices.ContainsFunc(places, func(p Place) bool { return s.Type == "" || strings.EqualFold(p.Source, s.Type) })
	switch {
	case strings.Contains(s.DataSource, "://"), strings.EqualFold(s.Type, "pushed"), s.DataSource == "" && s.Type == "" && s.Query == "":
		return slo.Said{}
	case s.DataSource != "":
		return slo.Say("no_connection_named", fmt.Sprintf("no connection is named %q", s.DataSource), "name", s.DataSource)
	case several:
		return slo.Say("several_connections", "there are several connections; name one of them as metricSourceRef")
	case s.Type == "":
		return slo.Say("no_connection", "no connection measures")
	}
	return slo.Say("no_connection_of", "no connection of type "+s.Type, "type", s.Type)
}
