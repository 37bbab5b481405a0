package main

import (
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

func addAsOfFlag(cmd *cobra.Command) {
	cmd.Flags().String("as-of", "", "answer from what was known at this RFC 3339 instant, or at the end of this date (default: now)")
}

// results are what a question about figures of the workspace is answered from:
// what is known, or what was known at its instant, which then ends its window.
func (l *local) results(ctx context.Context, q *views.Question) (*jobs.Results, error) {
	known, err := l.store.Workspaces(ctx)
	if err != nil {
		return nil, err
	}
	if at := slices.IndexFunc(known, func(w evenkeel.WorkspaceInfo) bool { return w.Slug == l.workspace }); at >= 0 {
		q.Workspace = known[at]
	}
	results, err := l.resultsAsOf(ctx, q.AsOf, q.TimeZone, q.Now)
	if err == nil && results.Known != nil {
		q.Now = results.Known.At
	}
	return results, err
}

// resultsAsOf are the results of the present, or of an instant of which zone is
// that of dates; it may be empty.
func (l *local) resultsAsOf(ctx context.Context, asOf, zone string, now time.Time) (*jobs.Results, error) {
	if asOf == "" {
		return l.deriver.Results(ctx, l.workspace)
	}
	at, err := l.deriver.AsOf(ctx, l.workspace, asOf, zone, now)
	if err != nil {
		return nil, err
	}
	return l.deriver.Known(ctx, l.workspace, at)
}

// factsOf are the facts as the results knew them.
func (l *local) factsOf(r *jobs.Results) server.Facts {
	w := l.store.In(l.workspace)
	if r.Known != nil {
		return w.At(*r.Known)
	}
	return w
}

// asKnown says from what an answer as of an instant is made; empty of the
// present.
func asKnown(k *views.Known) string {
	switch {
	case k == nil:
		return ""
	case k.FirstKnownAt == nil:
		return "As known at " + stamp(k.AsOf) + ": nothing is known, even now.\n"
	case k.FirstKnownAt.After(k.AsOf):
		return "As known at " + stamp(k.AsOf) + ": nothing yet; the first was known at " + stamp(*k.FirstKnownAt) + ".\n"
	case k.CatalogueAssumed:
		return "As known at " + stamp(k.AsOf) + ", with a later catalogue, because that of then was not kept.\n"
	}
	return "As known at " + stamp(k.AsOf) + ".\n"
}
