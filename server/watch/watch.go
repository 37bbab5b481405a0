package watch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
)

const (
	// interval is how often alerts are looked at.
	interval = time.Minute
	// patience is how long telling may take before the next look.
	patience = 20 * time.Second
	// parting is how long it may take when the server stops.
	parting = 5 * time.Second
)

// Workspace is what is kept of the alerts of a workspace.
type Workspace interface {
	AlertSpans(ctx context.Context, f evenkeel.AlertSpanFilter) (evenkeel.Page[evenkeel.AlertSpan], error)
	SaveAlertSpans(ctx context.Context, spans []evenkeel.AlertSpan) ([]evenkeel.AlertSpan, error)
}

// Options are what a watch is made of.
type Options struct {
	Workspaces func(context.Context) ([]evenkeel.WorkspaceInfo, error)
	Workspace  func(slug string) Workspace
	Budgets    *budgets.Budgets
	// Targets are those who are told.
	Targets []*Target
	// Past is how far back a watch looks that begins; zero is as far as each row's
	// long lookback, 6 hours at most.
	Past time.Duration
	// Link is the address that people open, without a slash at its end.
	Link   string
	Now    func() time.Time
	Logger *slog.Logger
	// Told hears how many notices a kind of notifier was sent, and how many failed;
	// nil does not.
	Told func(notifier, outcome string, n int)
}

// Watch follows the alerts of all workspaces. It is for one goroutine.
type Watch struct {
	Options
	kept map[string]*following
	// unread are the documents that cannot be evaluated and that the log has, by
	// workspace and name.
	unread map[[2]string]string
}

// New watches nothing before the first look.
func New(o Options) *Watch {
	if o.Told == nil {
		o.Told = func(string, string, int) {}
	}
	return &Watch{Options: o, kept: map[string]*following{}, unread: map[[2]string]string{}}
}

// Run looks now and every minute until the context ends.
func (w *Watch) Run(ctx context.Context) error {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		if err := w.Look(ctx); err != nil && ctx.Err() == nil {
			w.Logger.ErrorContext(ctx, "alerts of service levels", slog.Any("err", err))
		}
		select {
		case <-ctx.Done():
			w.part(context.WithoutCancel(ctx))
			return nil
		case <-tick.C:
		}
	}
}

// Look follows every alert up to now, and tells of what changed and of what
// could not be told before. Doing it again changes nothing.
func (w *Watch) Look(ctx context.Context) error {
	known, err := w.Workspaces(ctx)
	for _, one := range known {
		if failed := w.workspace(ctx, one.Slug); failed != nil {
			err = errors.Join(err, fmt.Errorf("workspace %q: %w", one.Slug, failed))
		}
	}
	w.tell(ctx, patience)
	return err
}

func (w *Watch) workspace(ctx context.Context, slug string) error {
	store, now := w.Workspace(slug), w.Now()
	book, err := w.Budgets.Present(ctx, slug, now)
	if err != nil {
		return err
	}
	w.noteUnread(ctx, slug, book)
	f := w.kept[slug]
	if f == nil {
		if f, err = begin(ctx, store, slug, w.Options); err != nil {
			return err
		}
		w.kept[slug] = f
	}
	// What was found is saved also if something else failed.
	followed := f.follow(ctx, w.Budgets, book)
	notices, saved := f.save(ctx, store)
	for _, t := range w.Targets {
		t.take(slug, notices)
	}
	return errors.Join(followed, saved)
}

// noteUnread logs once what keeps a service level from being measured: that its
// document no longer loads, after an upgrade, is seen by nobody who asks for it.
func (w *Watch) noteUnread(ctx context.Context, slug string, book *budgets.Book) {
	for _, level := range book.Levels {
		key := [2]string{slug, level.ID}
		if level.Problem == "" {
			delete(w.unread, key)
		} else if w.unread[key] != level.Problem {
			w.unread[key] = level.Problem
			w.Logger.ErrorContext(ctx, "a service level is not measured: its document cannot be evaluated",
				slog.String("workspace", slug), slog.String("service_level", level.ID), slog.Int64("version", level.Number), slog.String("problem", level.Problem))
		}
	}
}

// tell sends to all targets at once.
func (w *Watch) tell(ctx context.Context, patience time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var sending sync.WaitGroup
	for _, t := range w.Targets {
		sending.Go(func() {
			sent, failed, err := t.send(ctx, w.kept, w.Now())
			w.Told(t.Kind, "sent", sent)
			w.Told(t.Kind, "failed", failed)
			if err != nil {
				w.Logger.ErrorContext(ctx, "alerts not told, and told again in a minute", slog.String("notifier", t.Kind), slog.Int("notices", failed), slog.Any("err", err))
			}
		})
	}
	sending.Wait()
}

// part tells what is left when the server stops.
func (w *Watch) part(ctx context.Context) {
	for _, t := range w.Targets {
		if len(t.waiting) > 0 {
			w.tell(ctx, parting)
			return
		}
	}
}
