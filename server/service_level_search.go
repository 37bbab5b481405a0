package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/server/intake"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

const (
	// searchTime bounds one search for services.
	searchTime = 30 * time.Minute
	// searchBeat is how often who searches says so, and searchLost after how long
	// of silence nobody does any more.
	searchBeat = 10 * time.Second
	searchLost = time.Minute
	// stopAttempts is how often a search is stopped that goes on meanwhile.
	stopAttempts = 10
)

// getLevelSearch says how far the last search is, and what it has found. It is
// kept in the store, so that any process knows of it.
func (s *Server) getLevelSearch(ctx context.Context, in *WorkspaceInput) (*body[views.LevelSearch], error) {
	w, _, err := s.in(ctx, *in, evenkeel.ScopeRead)
	if err != nil {
		return nil, err
	}
	_, view, err := s.levelSearch(ctx, w)
	return answer(view), err
}

// levelSearch is the last search as it is kept and as it is shown.
func (s *Server) levelSearch(ctx context.Context, w Workspace) (kept evenkeel.LevelSearch, view views.LevelSearch, err error) {
	if kept, err = w.LevelSearch(ctx); err != nil {
		return kept, view, err
	}
	if len(kept.Body) > 0 {
		if err := json.Unmarshal(kept.Body, &view); err != nil {
			return kept, view, fmt.Errorf("search for service levels: %w", err)
		}
	}
	if kept.Running && s.Now().Sub(kept.SeenAt) > searchLost {
		kept.Running = false
		view.State, view.Fault, view.EndedAt = "failed", views.FaultInterrupted, optional(kept.SeenAt)
	}
	catalogue, _, err := w.Catalogue(ctx)
	if err != nil {
		return kept, view, err
	}
	levels, err := w.AllServiceLevels(ctx, evenkeel.LastRevision)
	view.Known(catalogue, levels)
	return kept, view, err
}

// deleteLevelSearch stops the search that runs; what it has found is not kept.
func (s *Server) deleteLevelSearch(ctx context.Context, in *WorkspaceInput) (*body[views.LevelSearch], error) {
	w, slug, err := s.in(ctx, *in, evenkeel.ScopeAdmin)
	if err != nil {
		return nil, err
	}
	for range stopAttempts {
		kept, view, err := s.levelSearch(ctx, w)
		if err != nil || !kept.Running {
			return answer(view), err
		}
		view.State, view.Fault, view.EndedAt = "failed", views.FaultStopped, optional(s.Now())
		kept.Running = false
		_, err = saveLevelSearch(ctx, w, kept, view)
		if err == nil {
			return answer(view), s.audit(ctx, slug, "service_level.search_stop", view.Connection, "")
		}
		if !errors.Is(err, evenkeel.ErrConflict) {
			return nil, err
		}
	}
	return nil, fmt.Errorf("%w: the search goes on faster than it can be stopped; try again", evenkeel.ErrConflict)
}

func saveLevelSearch(ctx context.Context, w Workspace, kept evenkeel.LevelSearch, view views.LevelSearch) (saved evenkeel.LevelSearch, err error) {
	if kept.Body, err = json.Marshal(view); err != nil {
		return kept, err
	}
	return w.SaveLevelSearch(ctx, kept)
}

// levelSearching is a search while it runs in this process.
type levelSearching struct {
	*Server
	w    Workspace
	kept evenkeel.LevelSearch
	view views.LevelSearch
}

// save keeps how far the search is.
func (l *levelSearching) save(ctx context.Context) error {
	l.kept.SeenAt = l.Now()
	saved, err := saveLevelSearch(ctx, l.w, l.kept, l.view)
	if err == nil {
		l.kept = saved
	}
	return err
}

// run searches to its end. Who changes what is kept of the search meanwhile, in
// this process or another, stops it.
func (l *levelSearching) run(ctx context.Context, finder connectors.Discoverer, search connectors.Search) {
	keep := context.WithoutCancel(ctx)
	ctx, stop := context.WithTimeout(ctx, searchTime)
	defer stop()
	steps, ended := make(chan [2]int), make(chan error, 1)
	search.Tell = func(done, total int) {
		select {
		case steps <- [2]int{done, total}:
		case <-ctx.Done():
		}
	}
	var found connectors.Discovery
	go func() {
		var err error
		found, err = finder.Discover(ctx, search)
		ended <- err
	}()
	beat := time.NewTicker(searchBeat)
	defer beat.Stop()
	closing := l.closing
	for {
		select {
		case step := <-steps:
			l.view.Done, l.view.Total = step[0], step[1]
		case <-beat.C:
		case <-closing:
			closing = nil
			stop()
		case err := <-ended:
			l.end(keep, found, err)
			return
		}
		if err := l.save(keep); errors.Is(err, evenkeel.ErrConflict) {
			stop()
		}
	}
}

// end keeps what was found, or why nothing was. Where the search was stopped
// meanwhile that stands.
func (l *levelSearching) end(ctx context.Context, found connectors.Discovery, err error) {
	l.kept.Running, l.view.State, l.view.EndedAt = false, "done", optional(l.Now())
	if err == nil {
		err = l.view.Found(found)
	}
	if err != nil {
		l.view.State, l.view.Fault, l.view.Error = "failed", faultOf(err), intake.Text(err.Error())
	}
	if err := l.save(ctx); err != nil && !errors.Is(err, evenkeel.ErrConflict) {
		l.Logger.ErrorContext(ctx, "search for service levels not kept", slog.String("error", err.Error()))
	}
}

// faultOf is what kept a search from its end.
func faultOf(err error) views.LevelFault {
	_, settings := errors.AsType[evenkeel.FieldErrors](err)
	switch {
	case errors.Is(err, context.Canceled):
		return views.FaultInterrupted
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, connectors.ErrSlow):
		return views.FaultSlow
	case errors.Is(err, connectors.ErrDown):
		return views.FaultDown
	case errors.Is(err, connectors.ErrRefused):
		return views.FaultRefused
	case errors.Is(err, evenkeel.ErrDenied):
		return views.FaultDenied
	case settings:
		return views.FaultSecret
	}
	return views.FaultOther
}
