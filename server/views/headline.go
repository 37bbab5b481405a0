package views

import (
	"errors"
	"slices"
	"strconv"
	"time"

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
	// Report is one of [metrics.Headline].
	Report metrics.Report
	// LastFactAt is the latest instant that a fact carries; zero without facts.
	LastFactAt time.Time
}

// Headlines are the figures of the workspace, of every group with all below it
// as owned today, and of every application: what [Dora] answers of the last
// days, by the rules of each scope.
func Headlines(r *jobs.Results, workspace string, now time.Time) ([]Headline, error) {
	scopes := []jobs.Scope{{}}
	list := []Headline{{Kind: "workspace", Slug: workspace}}
	for _, g := range r.Catalogue.Groups {
		scopes, list = append(scopes, jobs.Scope{Group: g.Slug, Today: true}), append(list, Headline{Kind: "group", Slug: g.Slug})
	}
	for _, a := range r.Catalogue.Applications {
		scopes, list = append(scopes, jobs.Scope{Application: a.Slug}), append(list, Headline{Kind: "application", Slug: a.Slug})
	}
	errs := make([]error, len(list))
	parallel(len(list), func(i int) { errs[i] = list[i].fill(r, scopes[i], Present(now)) })
	return slices.Clip(list), errors.Join(errs...)
}

// fill computes the figures of a scope.
func (h *Headline) fill(r *jobs.Results, s jobs.Scope, present time.Time) error {
	query, _, err := Question{Scope: s, From: strconv.Itoa(HeadlineDays) + "d", Now: present}.prepare(r)
	if err != nil {
		return err
	}
	parts, err := r.Parts(s)
	if err != nil {
		return err
	}
	ids, err := r.Applications(s)
	h.Report, h.LastFactAt = metrics.Headline(query, parts...), joined(r.Activity, ids).LastAt
	return err
}
