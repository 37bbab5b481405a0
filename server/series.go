package server

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

type seriesInput struct {
	WorkspaceInput
	PageInput
	Application string `query:"application" maxLength:"63" doc:"Slug of an application, as measurements name it"`
	Environment string `query:"environment" maxLength:"200" doc:"Where it is measured"`
	Query       string `query:"q" maxLength:"100" doc:"Part of the name, with labels, whatever the case"`
}

// getSeries lists what service levels can be made of.
func (s *Server) getSeries(ctx context.Context, in *seriesInput) (*body[list[views.Series]], error) {
	w, _, err := s.in(ctx, in.WorkspaceInput, evenkeel.ScopeRead)
	if err != nil {
		return nil, err
	}
	found, err := w.Series(ctx, evenkeel.EntryFilter{Kinds: []evenkeel.Kind{evenkeel.KindMeasurement}, Query: in.Query})
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(i evenkeel.SeriesInfo) bool {
		return (in.Application != "" && i.Application != in.Application) || (in.Environment != "" && i.Environment != in.Environment)
	})
	page, err := pageAfter(found, func(i evenkeel.SeriesInfo) string { return i.ID }, in.PageInput)
	if err != nil {
		return nil, err
	}
	days, err := lastDays(ctx, w, page.Items)
	if err != nil {
		return nil, err
	}
	shown := []views.Series{}
	for _, i := range page.Items {
		shown = append(shown, views.NewSeries(i, days[i.ID]))
	}
	next := ""
	if page.Next != nil {
		next = *page.Next
	}
	return answer(listOf(shown, next)), nil
}

// lastDays are the slices of the 24 hours that end with the last slice of each
// series. Those that were measured in the same minute last are read together.
func lastDays(ctx context.Context, w Workspace, list []evenkeel.SeriesInfo) (map[string][]evenkeel.Slice, error) {
	together := map[time.Time][]string{}
	for _, i := range list {
		end := i.LastAt.Add(time.Duration(i.SliceSeconds) * time.Second)
		together[end] = append(together[end], i.ID)
	}
	days := map[string][]evenkeel.Slice{}
	for end, ids := range together {
		read, err := w.MeasurementsAt(ctx, evenkeel.LastRevision, ids, evenkeel.Window{From: end.Add(-24 * time.Hour), To: end})
		if err != nil {
			return nil, err
		}
		maps.Copy(days, read)
	}
	return days, nil
}
