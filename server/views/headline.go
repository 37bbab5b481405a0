package views

import (
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// HeadlineDays is the window of headline figures, in days before the present.
const HeadlineDays = 30

// Headline is the figures of one scope over the last days, for those who
// watch them from outside.
type Headline struct {
	// Kind is application, group or workspace.
	Kind, Slug string
	Report     metrics.Report
	// LastFactAt is the latest instant that a fact carries; zero without facts.
	LastFactAt time.Time
}

// Headlines are the figures of the workspace, of every group with all below it
// as owned today, and of every application.
func Headlines(r *jobs.Results, workspace string, now time.Time) []Headline {
	present := Present(now)
	query := metrics.Query{Window: evenkeel.Window{From: present.AddDate(0, 0, -HeadlineDays), To: present}, Policy: r.Policy, AsOf: present}
	scopes := []jobs.Scope{{}}
	list := []Headline{{Kind: "workspace", Slug: workspace}}
	for _, g := range r.Catalogue.Groups {
		scopes, list = append(scopes, jobs.Scope{Group: g.Slug, Today: true}), append(list, Headline{Kind: "group", Slug: g.Slug})
	}
	for _, a := range r.Catalogue.Applications {
		scopes, list = append(scopes, jobs.Scope{Application: a.Slug}), append(list, Headline{Kind: "application", Slug: a.Slug})
	}
	parallel(len(list), func(i int) {
		ids, err := r.Applications(scopes[i])
		if err != nil { // The catalogue names it itself.
			return
		}
		list[i].Report = metrics.Compute(query, r.Of(ids)...)
		list[i].LastFactAt = joined(r.Activity, ids).LastAt
	})
	return slices.Clip(list)
}
