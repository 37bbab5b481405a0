package pull

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
	"github.com/evenkeel-dev/evenkeel/server/intake"
	"github.com/evenkeel-dev/evenkeel/server/measure"
)

const (
	// lookInterval is how often a connection itself is looked at: a token that
	// was revoked shows within a minute.
	lookInterval = 45 * time.Second
	// readInterval is how often a stream is read that is read to its end.
	readInterval = 5 * time.Minute
	// maxInterval is the longest pause after failures.
	maxInterval = time.Hour
	// maxBatch is how many documents are kept in one transaction.
	maxBatch = 100
)

// Workspace is what reading needs of the data of one company.
type Workspace interface {
	Connections(ctx context.Context) ([]evenkeel.Connection, error)
	Stream(ctx context.Context, connection, name string) (evenkeel.Stream, error)
	Streams(ctx context.Context) ([]evenkeel.Stream, error)
	// StreamsNamed are those of some names, of one connection.
	StreamsNamed(ctx context.Context, connection string, names []string) ([]evenkeel.Stream, error)
	SaveStream(ctx context.Context, s evenkeel.Stream) (evenkeel.Stream, error)
	// SaveStreams saves several of one connection, and gives back those that
	// nobody else has changed, by name.
	SaveStreams(ctx context.Context, connection string, list []evenkeel.Stream) (map[string]evenkeel.Stream, error)
	RemoveStream(ctx context.Context, connection, name string) error
	// NoteContact notes up to when all that a vendor has to tell was read, and since
	// when at first.
	NoteContact(ctx context.Context, connection string, since, until time.Time) error
	UnknownCommits(ctx context.Context, repository string, since time.Time) ([]string, error)
	Deliver(ctx context.Context, deliveries []evenkeel.Delivery) ([]evenkeel.Delivered, error)
	measure.Workspace
}

// Store is what reading needs beyond single workspaces.
type Store interface {
	Workspaces(ctx context.Context) ([]evenkeel.WorkspaceInfo, error)
	Connection(ctx context.Context, id string) (evenkeel.Connection, error)
	DueStreams(ctx context.Context, now time.Time, limit int) ([]evenkeel.Stream, error)
}

// Reader reads streams.
type Reader struct {
	Store     Store
	Workspace func(slug string) Workspace
	Outside   connectors.Outside
	Logger    *slog.Logger
	// KeepBodies says whether bodies are kept with deliveries.
	KeepBodies bool
	// Levels are the service levels of a workspace, which monitoring systems are
	// asked for; nil asks for none.
	Levels func(slug string) measure.Levels

	pullers pullers
}

// outside is what a connection's puller needs.
func (r *Reader) outside(c evenkeel.Connection) connectors.Outside {
	o := r.Outside
	o.Connection, o.Unknown = c.ID, r.Workspace(c.Workspace).UnknownCommits
	return o
}

// Read reads one stream as far as the vendor and the context let it, and notes
// how that went. It is an error only where that could not be noted, or the
// stream is not there any more.
func (r *Reader) Read(ctx context.Context, workspace, connection, name string) error {
	if measure.DefinitionIn(name) != "" {
		return r.Measure(ctx, workspace, connection, []string{name})
	}
	w := r.Workspace(workspace)
	stream, err := w.Stream(ctx, connection, name)
	if err != nil || stream.NextAt.After(r.Outside.Now()) {
		return err // Read by another process meanwhile.
	}
	held, err := r.Store.Connection(ctx, connection)
	if err != nil {
		return err
	}
	reading := &reading{Reader: r, w: w, connection: held, stream: stream}
	err = reading.run(ctx)
	if errors.Is(err, evenkeel.ErrConflict) {
		return err
	}
	return reading.finish(context.WithoutCancel(ctx), err)
}

// reading is one stream while it is read.
type reading struct {
	*Reader
	w          Workspace
	connection evenkeel.Connection
	source     connectors.Source
	stream     evenkeel.Stream
	// pace is the time to the next read; 0 is the usual.
	pace time.Duration
	// gone says that another process has read on.
	gone bool
}

func (r *reading) run(ctx context.Context) (err error) {
	if r.source, err = connectors.SourceNamed(r.connection.Source); err != nil {
		return err
	}
	puller, err := r.pullers.of(r.source, r.connection, r.outside(r.connection))
	if err != nil {
		return err
	}
	if puller == nil {
		return r.w.RemoveStream(ctx, r.connection.ID, r.stream.Name)
	}
	if r.stream.Name == "" {
		return r.look(ctx, puller)
	}
	records, ok := puller.(connectors.Puller)
	if !ok {
		return fmt.Errorf("%w: %s has no list %s", evenkeel.ErrNotFound, r.source.Name, r.stream.Name)
	}
	if pacer, ok := puller.(connectors.Pacer); ok {
		r.pace = pacer.Pace(r.stream.Name)
	}
	receiver, err := r.source.Open(connectors.SettingsOf(r.connection))
	if err != nil {
		return err
	}
	return records.Pull(ctx, r.stream.Name, r.stream.Cursor, func(ctx context.Context, page connectors.Page) error {
		return r.take(ctx, receiver, page)
	})
}

// take keeps a page, and then where reading goes on: a page that is read twice
// is known the second time.
func (r *reading) take(ctx context.Context, receiver connectors.Receiver, page connectors.Page) error {
	for batch := range slices.Chunk(page.Documents, maxBatch) {
		deliveries := make([]evenkeel.Delivery, len(batch))
		for i, d := range batch {
			deliveries[i] = intake.Understand(ctx, receiver, r.delivery(d), r.Logger)
		}
		if _, err := r.w.Deliver(ctx, deliveries); err != nil {
			return err
		}
	}
	next := r.stream
	next.Cursor, next.Done, next.Total, next.Complete, next.LastAt = page.Cursor, page.Done, page.Total, page.Complete, r.Outside.Now()
	saved, err := r.w.SaveStream(ctx, next)
	if err == nil {
		r.stream = saved
	}
	return err
}

func (r *reading) delivery(d connectors.Document) evenkeel.Delivery {
	return evenkeel.Delivery{
		Connection: r.connection.ID, Source: r.source.Name, Event: intake.Text(d.Event), Key: intake.Text(d.Key), Headers: d.Header,
		Body: d.Body, Size: len(d.Body), ReceivedAt: r.Outside.Now().UTC(), Expired: !r.KeepBodies,
	}
}

// look asks for access, and takes up and lets go of streams as the vendor has
// them now.
func (r *reading) look(ctx context.Context, puller connectors.Looker) error {
	access, err := puller.Look(ctx)
	if err != nil {
		return err
	}
	if measurer, ok := puller.(connectors.Measurer); ok {
		if access.Streams, err = r.levels(ctx, measurer); err != nil {
			return err
		}
	}
	if r.stream.Cursor, err = json.Marshal(access); err != nil {
		return err
	}
	r.stream.LastAt = r.Outside.Now()
	held, err := r.w.Streams(ctx)
	if err != nil {
		return err
	}
	known := map[string]evenkeel.Stream{}
	for _, s := range held {
		if s.Connection == r.connection.ID && s.Name != "" {
			known[s.Name] = s
		}
	}
	var added []string
	for _, name := range access.Streams {
		if _, has := known[name]; !has {
			added = append(added, name)
		}
		delete(known, name)
	}
	for _, name := range added {
		if err := r.add(ctx, name, known); err != nil {
			return err
		}
	}
	for name := range known {
		if err := r.w.RemoveStream(ctx, r.connection.ID, name); err != nil {
			return err
		}
	}
	return r.touch(ctx, puller, access.Streams)
}

// touch notes up to when all that the vendor has to tell of incidents was read:
// every list of them to its end. One that has no such list tells of them by itself
// for as long as it can be reached.
func (r *reading) touch(ctx context.Context, puller connectors.Looker, names []string) error {
	if _, asked := puller.(connectors.Puller); !asked {
		return nil
	}
	names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !connectors.TellsIncidents(name) })
	streams, err := r.w.StreamsNamed(ctx, r.connection.ID, names)
	if err != nil || len(streams) < len(names) {
		return err
	}
	since, until := time.Time{}, r.stream.LastAt
	for i, s := range streams {
		from, through := connectors.ReadDownTo(s.Cursor)
		if !through || !s.Complete || s.Failures > 0 {
			return nil
		}
		if s.LastAt.Before(until) {
			until = s.LastAt
		}
		if i == 0 || !since.IsZero() && (from.IsZero() || from.After(since)) {
			since = from
		}
	}
	return r.w.NoteContact(ctx, r.connection.ID, since, until)
}

// add takes up a stream. One of a thing that was renamed goes on where it stood
// under its name of before, which is among those that are gone.
func (r *reading) add(ctx context.Context, name string, gone map[string]evenkeel.Stream) error {
	stream := evenkeel.Stream{Connection: r.connection.ID, Name: name, NextAt: r.stream.LastAt}
	for before, s := range gone {
		if connectors.SameStream(before, name) {
			stream.Cursor, stream.Done, stream.Total, stream.Complete, stream.LastAt = s.Cursor, s.Done, s.Total, s.Complete, s.LastAt
		}
	}
	_, err := r.w.SaveStream(ctx, stream)
	return err
}

// finish keeps how reading went, and when to read on.
func (r *reading) finish(ctx context.Context, err error) error {
	if r.note(err); r.stream.Error != "" {
		r.Logger.WarnContext(ctx, "vendor not read", slog.String("connection", r.connection.ID), slog.String("stream", r.stream.Name), slog.String("error", r.stream.Error))
	}
	if _, err := r.w.SaveStream(ctx, r.stream); err != nil && !errors.Is(err, evenkeel.ErrConflict) {
		return fmt.Errorf("reading of %s: %w", r.connection.Name, err)
	}
	return nil
}

// note says in the stream how reading went, and when to read on. A limit that is
// used up is nobody's fault, and neither is the end of the time.
func (r *reading) note(err error) {
	now := r.Outside.Now()
	limit, limited := errors.AsType[*outgoing.LimitError](err)
	if errors.Is(err, connectors.ErrRefused) {
		r.pullers.forget(r.connection.ID) // The secret may have been replaced.
	}
	switch {
	case limited:
		r.stream.NextAt = limit.Until
	case err == nil, errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		r.stream.Failures, r.stream.Error = 0, ""
		r.stream.NextAt = now.Add(r.interval(err))
	default:
		r.stream.Failures, r.stream.Error = r.stream.Failures+1, intake.Text(err.Error())
		r.stream.NextAt = now.Add(r.pause())
	}
}

// interval is the time to the next read; a read that the time ended goes on at
// once.
func (r *reading) interval(err error) time.Duration {
	switch {
	case err != nil:
		return 0
	case r.stream.Name == "":
		return lookInterval
	case r.pace > 0:
		return r.pace
	}
	return readInterval
}

func (r *reading) pause() time.Duration {
	switch {
	case r.stream.Name == "":
		return lookInterval
	case measure.DefinitionIn(r.stream.Name) != "":
		return min(measureInterval<<min(r.stream.Failures-1, 10), readInterval)
	}
	return min(readInterval<<min(r.stream.Failures-1, 10), maxInterval)
}

// Due lists the streams that are to be read now, after every connection that
// can be asked has got the stream without a name.
func (r *Reader) Due(ctx context.Context, limit int) ([]evenkeel.Stream, error) {
	workspaces, err := r.Store.Workspaces(ctx)
	if err != nil {
		return nil, err
	}
	for _, one := range workspaces {
		if err := r.begin(ctx, r.Workspace(one.Slug)); err != nil {
			return nil, fmt.Errorf("workspace %s: %w", one.Slug, err)
		}
	}
	return r.Store.DueStreams(ctx, r.Outside.Now(), limit)
}

func (r *Reader) begin(ctx context.Context, w Workspace) error {
	connections, err := w.Connections(ctx)
	if err != nil {
		return err
	}
	for _, c := range connections {
		source, err := connectors.SourceNamed(c.Source)
		if err != nil || source.Pull == nil && source.Measure == nil {
			continue // A connection of a newer program, or one that is never asked.
		}
		if _, err := w.Stream(ctx, c.ID, ""); !errors.Is(err, evenkeel.ErrNotFound) {
			continue
		}
		if puller, err := r.pullers.of(source, c, r.outside(c)); err != nil || puller == nil {
			continue // What is wrong is told where the connection is saved.
		}
		_, err = w.SaveStream(ctx, evenkeel.Stream{Connection: c.ID, NextAt: r.Outside.Now()})
		if err != nil && !errors.Is(err, evenkeel.ErrConflict) {
			return err
		}
	}
	return nil
}
