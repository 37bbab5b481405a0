package jobs

import (
	"context"
	"log/slog"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// pollInterval is how often the revision of every workspace is looked at.
const pollInterval = time.Second

// Workspaces lists the workspaces of a store.
type Workspaces interface {
	Workspaces(ctx context.Context) ([]evenkeel.WorkspaceInfo, error)
}

// Follow keeps results up to date until the context ends, so that a page
// seldom has to wait for what another process recorded.
func Follow(ctx context.Context, w Workspaces, d *Deriver, logger *slog.Logger) error {
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		if err := d.all(ctx, w); err != nil && ctx.Err() == nil {
			logger.ErrorContext(ctx, "results are not up to date", slog.Any("err", err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (d *Deriver) all(ctx context.Context, w Workspaces) error {
	known, err := w.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, workspace := range known {
		if _, err := d.Results(ctx, workspace.Slug); err != nil {
			return err
		}
	}
	return nil
}
