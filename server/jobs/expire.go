package jobs

import (
	"context"
	"log/slog"
	"time"
)

// expireInterval is how often bodies are looked at.
const expireInterval = time.Hour

// Bodies drops the bodies of deliveries; their rows stay.
type Bodies interface {
	ExpireBodies(ctx context.Context, before time.Time) (int, error)
}

// Expire drops bodies that are older than keep, now and then every hour, until
// the context ends. done hears how many. Several processes may do it at once.
func Expire(ctx context.Context, b Bodies, keep time.Duration, now func() time.Time, logger *slog.Logger, done func(n int)) error {
	tick := time.NewTicker(expireInterval)
	defer tick.Stop()
	for {
		n, err := b.ExpireBodies(ctx, now().Add(-keep))
		done(n)
		switch {
		case err != nil && ctx.Err() == nil:
			logger.ErrorContext(ctx, "bodies not expired", slog.Any("err", err))
		case n > 0:
			logger.InfoContext(ctx, "bodies expired", slog.Int("bodies", n))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
