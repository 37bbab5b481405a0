package server

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

const (
	// streamPoll is how often a stream looks for a new revision.
	streamPoll = time.Second
	// streamBeat keeps proxies from closing a stream that has nothing to say.
	streamBeat = 15 * time.Second
	// streamMost is how many facts a stream tells of at once; more are a gap.
	streamMost = 500
	// maxStreams is how many streams a process serves.
	maxStreams = 256
)

// streamGap says that more happened than the stream tells of.
type streamGap struct {
	Revision int64 `json:"revision"`
}

// getEntryStream tells of facts as they become known or change, as
// server-sent events: "ready" first, then "fact" with the revision as id, and
// "gap" where so much happened at once that the list should be read again.
func (s *Server) getEntryStream(c echo.Context) error {
	ctx := c.Request().Context()
	in, err := entriesInputOf(c)
	if err != nil {
		return err
	}
	if in.AsOf != "" {
		return problemf(http.StatusUnprocessableEntity, "as_of: a live view shows the present; ask for the list itself as of an instant")
	}
	w, _, err := s.in(ctx, in.WorkspaceInput, evenkeel.ScopeRead)
	if err != nil {
		return err
	}
	_, _, f, err := s.entryQuery(ctx, in)
	if err != nil {
		return err
	}
	revision, err := w.Revision(ctx)
	if err != nil {
		return err
	}
	if last := c.Request().Header.Get("Last-Event-ID"); last != "" {
		if seen, err := strconv.ParseInt(last, 10, 64); err == nil && seen >= 0 && seen <= revision {
			revision = seen
		}
	}
	if s.streams.Add(1) > maxStreams {
		s.streams.Add(-1)
		return problemf(http.StatusServiceUnavailable, "too many live views are open; try again later")
	}
	defer s.streams.Add(-1)
	stream := entryStream{server: s, workspace: w, response: c.Response(), in: in, filter: f, revision: revision}
	return stream.run(ctx)
}

// entryStream is one open stream.
type entryStream struct {
	server    *Server
	workspace Workspace
	response  *echo.Response
	in        EntriesInput
	filter    evenkeel.EntryFilter
	revision  int64
}

func (t *entryStream) run(ctx context.Context) error {
	h := t.response.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	t.response.WriteHeader(http.StatusOK)
	if err := t.send("ready", streamGap{t.revision}); err != nil {
		return nil // The reader has gone.
	}
	poll, beat := time.NewTicker(streamPoll), time.NewTicker(streamBeat)
	defer poll.Stop()
	defer beat.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-t.server.closing:
			return nil
		case <-beat.C:
			_, err = fmt.Fprint(t.response, ": still here\n\n")
			t.response.Flush()
		case <-poll.C:
			err = t.tell(ctx)
		}
		if err != nil {
			return nil // The reader has gone, or comes again with the last id.
		}
	}
}

// tell sends what has changed since the last revision.
func (t *entryStream) tell(ctx context.Context) error {
	// Rights may have ended meanwhile, and the catalogue may have changed.
	_, results, _, err := t.server.entryQuery(ctx, t.in)
	if err != nil {
		return err
	}
	current, err := t.workspace.Revision(ctx)
	if err != nil || current == t.revision {
		return err
	}
	entries, err := t.workspace.EntriesAfter(ctx, t.revision, t.filter, streamMost)
	if err != nil {
		return err
	}
	if len(entries) == streamMost {
		t.revision = current
		return t.send("gap", streamGap{current})
	}
	return t.sendEntries(results, entries, current)
}

func (t *entryStream) sendEntries(r *jobs.Results, entries []evenkeel.Entry, current int64) error {
	for i, view := range t.server.entryViews(r, entries) {
		t.revision = entries[i].Revision
		if err := t.send("fact", view); err != nil {
			return err
		}
	}
	t.revision = max(t.revision, current)
	return nil
}

func (t *entryStream) send(event string, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(t.response, "event: %s\nid: %d\ndata: %s\n\n", event, t.revision, data); err != nil {
		return err
	}
	t.response.Flush()
	return nil
}

// entriesInputOf reads the filter of a plain route. Names are checked as the
// API checks them.
func entriesInputOf(c echo.Context) (EntriesInput, error) {
	var in EntriesInput
	query := c.QueryParams()
	texts := map[string]*string{
		"workspace": &in.Workspace, "as_of": &in.AsOf, "application": &in.Application, "group": &in.Group, "q": &in.Query, "from": &in.From, "to": &in.To,
	}
	lists := map[string]*[]string{"kind": &in.Kinds, "source": &in.Sources, "environment": &in.Environments, "status": &in.Statuses}
	for name := range query {
		value := query.Get(name)
		switch {
		case name == "cursor", name == "limit": // Those of the list; read by the export.
		case texts[name] != nil:
			*texts[name] = value
		case lists[name] != nil:
			*lists[name] = strings.Split(value, ",")
		case name == "unclaimed":
			var err error
			if in.Unclaimed, err = strconv.ParseBool(value); err != nil {
				return in, problemf(http.StatusUnprocessableEntity, "unclaimed: %.40q is neither true nor false", value)
			}
		default:
			return in, problemf(http.StatusUnprocessableEntity, "%.40q is not a parameter of this list", name)
		}
	}
	return in, nil
}
