package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel/server/intake"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

func newReplay(p *Process) *cobra.Command {
	var r intake.ReplayRequest
	cmd := &cobra.Command{
		Use:   "replay",
		Short: "Parse kept deliveries again, with the connectors and settings of today",
		Long: `Parse deliveries again that were rejected or ignored, for instance after an
upgrade or a change of a connection's settings, and record what they say. What
was recorded once is not recorded again. --dry-run says what would change.`,
		Example: "  evenkeel replay --source github --since 7d --dry-run\n  evenkeel replay --id 0192f1c3a5b7d9e1f3a5",
		Args:    arguments(0, "flags only"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.replay(cmd, r) },
	}
	flags := cmd.Flags()
	addWorkspaceFlag(cmd)
	flags.StringVar(&r.Source, "source", "", "only deliveries of this source, such as github")
	flags.StringVar(&r.Connection, "connection", "", "only deliveries through the connection with this id")
	flags.StringVar(&r.Since, "since", "", "only what arrived since: 7d, 6h, a date or an RFC 3339 time")
	flags.StringVar(&r.Until, "until", "", "only what arrived before: a date or an RFC 3339 time")
	flags.StringArrayVar(&r.Outcomes, "outcome", nil, "recorded, ignored or rejected; more than once (default: ignored and rejected)")
	flags.BoolVar(&r.Unclaimed, "unclaimed", false, "only deliveries with a fact that belongs to no application")
	flags.StringArrayVar(&r.IDs, "id", nil, "just this delivery; more than once")
	flags.BoolVar(&r.DryRun, "dry-run", false, "say what would change, and write nothing")
	flags.Bool("json", false, "print the result as JSON")
	return cmd
}

func (p *Process) replay(cmd *cobra.Command, r intake.ReplayRequest) error {
	to, err := p.existing(cmd)
	if err != nil {
		return err
	}
	defer to.close()
	done, err := to.replay(cmd.Context(), r)
	if err != nil {
		return err
	}
	if !r.DryRun {
		err = to.finish(cmd.Context())
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		if e := json.NewEncoder(p.Stdout).Encode(done); e != nil {
			return e
		}
		return err
	}
	p.printReplayed(done)
	return err
}

func (p *Process) printReplayed(done intake.Replayed) {
	for _, item := range done.Items {
		if item.Before != item.After {
			fmt.Fprintf(p.Stdout, "%s  %s  %s: %s → %s, %d events %s\n", item.ID, item.ReceivedAt.Format(time.RFC3339), item.Event, item.Before, item.After, item.Events, item.Reason)
		}
	}
	verb := "changed"
	if done.DryRun {
		verb = "would change"
	}
	fmt.Fprintf(p.Stdout, "%d deliveries looked at, %d %s; now %d recorded, %d ignored, %d rejected, %d expired; %d observations new, %d facts created or changed\n",
		done.Examined, done.Changed, verb, done.Recorded, done.Ignored, done.Rejected, done.Expired, done.Observations, done.Facts)
	if done.More != nil {
		fmt.Fprintf(p.Stdout, "There are more; go on with --since %s\n", done.More.Format(time.RFC3339Nano))
	}
}

func (l *local) replay(ctx context.Context, r intake.ReplayRequest) (intake.Replayed, error) {
	w := l.store.In(l.workspace)
	policy, err := w.Policy(ctx)
	if err != nil {
		return intake.Replayed{}, err
	}
	window, err := views.ParseBounds(r.Since, r.Until, l.now(), policy.Location())
	if err != nil {
		return intake.Replayed{}, err
	}
	chosen, err := r.Selection(window)
	if err != nil {
		return intake.Replayed{}, err
	}
	done, err := intake.Replay(ctx, w, chosen, slog.New(slog.DiscardHandler))
	if err != nil || r.DryRun || done.Changed == 0 {
		return done, err
	}
	return done, l.audit(ctx, "deliveries.replay", r.Source, done.Noted())
}

func (r *remote) replay(ctx context.Context, what intake.ReplayRequest) (intake.Replayed, error) {
	var done intake.Replayed
	body, err := json.Marshal(what)
	if err != nil {
		return done, err
	}
	return done, r.call(ctx, http.MethodPost, "/api/v1/deliveries/replay", nil, jsonHeader(), body, &done)
}

func jsonHeader() http.Header { return http.Header{"Content-Type": {"application/json"}} }
