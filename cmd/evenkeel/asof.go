package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

func addAsOfFlag(cmd *cobra.Command) {
	cmd.Flags().String("as-of", "", "answer from what was known at this RFC 3339 instant, or at the end of this date (default: now)")
}

// results are what a question is answered from: what is known, or what was
// known at its instant, which then ends its window.
func (l *local) results(ctx context.Context, q *views.Question) (*jobs.Results, error) {
	if q.AsOf == "" {
		return l.deriver.Results(ctx, l.workspace)
	}
	at, err := l.deriver.AsOf(ctx, l.workspace, q.AsOf, q.TimeZone, q.Now)
	if err != nil {
		return nil, err
	}
	q.Now = at
	return l.deriver.Known(ctx, l.workspace, at)
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
