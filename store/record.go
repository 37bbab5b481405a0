package store

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	// chunkWork is how much one transaction takes in, so that it holds the
	// writer for less than 100 ms and a running server is not disturbed.
	chunkWork = 14_000
	// rowWork and commitWork are how much one fact costs: commits are packed,
	// other facts are rows.
	rowWork, commitWork = 8, 1
)

// Record keeps events: each is an observation, and the facts they name are
// folded anew. Events must be complete and valid. They are taken in pieces of
// one short transaction each, in the order given; when an error ends one, the
// pieces before it stay recorded and are counted. Recording events again
// changes nothing.
func (w *Workspace) Record(ctx context.Context, events []evenkeel.Event) (evenkeel.Recorded, error) {
	row, err := w.row(ctx, w.reader)
	if err != nil {
		return evenkeel.Recorded{}, fmt.Errorf("store: record: %w", err)
	}
	total := evenkeel.Recorded{Revision: row.Revision}
	ctx, stop := context.WithCancel(ctx)
	ready := w.stated(ctx, events, row.Secret)
	defer func() {
		stop()
		for range ready { // Nothing may look at the events once they are the caller's again.
		}
	}()
	for piece := range ready {
		if err := w.recordPiece(ctx, row.Secret, piece, &total); err != nil {
			return total, fmt.Errorf("store: record: %w", err)
		}
	}
	if err := ctx.Err(); err != nil {
		return total, fmt.Errorf("store: record: %w", err)
	}
	return total, nil
}

// piece is what one transaction takes in, or why it cannot be taken.
type piece struct {
	statements []statement
	// commits are the statements on commits, by repository.
	commits map[string][]describedCommit
	// batches are what is said of series.
	batches []batch
	// delivery is the id of the delivery that says all this; empty for what
	// is imported or posted. links then lead from it to what it says.
	delivery string
	links    []deliveryFactRow
	err      error
}

// newPiece makes events ready; delivery is where they come from, if known.
func (w *Workspace) newPiece(events []evenkeel.Event, secret []byte, delivery string) piece {
	p := piece{commits: map[string][]describedCommit{}, delivery: delivery}
	for _, e := range events {
		if p.err = w.addTo(&p, e, secret); p.err != nil {
			return p
		}
	}
	return p
}

func (w *Workspace) addTo(p *piece, e evenkeel.Event, secret []byte) error {
	// What one database would refuse and another keep must not come in.
	if err := e.Validate(); err != nil {
		return fmt.Errorf("%s %q: %w", e.Kind, strings.ToValidUTF8(e.ID, "�"), err)
	}
	payload := normal(e, secret)
	if c, ok := payload.(*evenkeel.Commit); ok {
		d, err := describeCommit(c, e)
		p.commits[c.Repository] = append(p.commits[c.Repository], d)
		if p.delivery != "" { // An import has no links to make.
			p.link(linkToCommit(c, d))
		}
		return err
	}
	if e.Kind.IsSeries() {
		b, err := w.batchOf(e)
		p.batches = append(p.batches, b)
		p.link(linkToBatch(b, e))
		return err
	}
	s, err := w.state(e, payload)
	p.statements = append(p.statements, s)
	p.link(deliveryFactRow{Fact: s.row.Fact, Digest: s.row.Digest})
	return err
}

// stated makes events ready, one piece ahead of the transaction that takes
// them in. It ends with the context.
func (w *Workspace) stated(ctx context.Context, events []evenkeel.Event, secret []byte) <-chan piece {
	ready := make(chan piece)
	go func() {
		defer close(ready)
		for some := range pieces(events) {
			select {
			case ready <- w.newPiece(some, secret, ""):
			case <-ctx.Done():
				return
			}
		}
	}()
	return ready
}

// pieces cuts events into what one transaction takes.
func pieces(events []evenkeel.Event) func(yield func([]evenkeel.Event) bool) {
	return func(yield func([]evenkeel.Event) bool) {
		from, work := 0, 0
		for i, e := range events {
			work += workOf(e)
			if work >= chunkWork || i == len(events)-1 {
				if !yield(events[from : i+1]) {
					return
				}
				from, work = i+1, 0
			}
		}
	}
}

// workOf is how much an event costs; of a series, each hour is a row.
func workOf(e evenkeel.Event) int {
	const hour = 3600
	switch f := e.Payload.(type) {
	case *evenkeel.Commit:
		return commitWork
	case *evenkeel.Measurement:
		return rowWork * (1 + len(f.Slices)*f.SliceSeconds/hour)
	case *evenkeel.FlagUsage:
		return rowWork * (1 + len(f.Slices)*f.SliceSeconds/hour)
	}
	return rowWork
}

// recordPiece keeps some statements in one transaction and adds to total.
func (w *Workspace) recordPiece(ctx context.Context, secret []byte, p piece, total *evenkeel.Recorded) error {
	if p.err != nil {
		return p.err
	}
	r, err := w.transact(ctx, secret, func(r *recording) error { return r.run(p) })
	if err != nil {
		return err
	}
	total.Observations += r.done.Observations
	total.Repeated += r.done.Repeated
	total.Facts += r.done.Facts
	total.Revision = r.done.Revision
	return nil
}

// transact does the work of one transaction of facts: it begins with the
// workspace's lock, and what the program remembers follows its end. secret is
// the one that the statements were made with.
func (w *Workspace) transact(ctx context.Context, secret []byte, work func(r *recording) error) (*recording, error) {
	var r *recording
	err := w.write(ctx, func(tx *gorm.DB) error {
		r = &recording{w: w, ctx: ctx, tx: tx, facts: map[string]*folding{}}
		if err := r.begin(secret); err != nil {
			return err
		}
		return work(r)
	})
	if err != nil {
		return nil, err
	}
	for _, s := range r.segments {
		s.repository.add(s.row.N, s.commits)
	}
	if err := w.statistics.grow(ctx, w.writer, r.done.Observations); err != nil {
		// The facts are in; only finding them may be slower.
		w.log.WarnContext(ctx, "tables not counted", "err", err)
	}
	return r, nil
}

// recording is one transaction of facts. Its context lives as long as it does.
type recording struct {
	w         *Workspace
	ctx       context.Context //nolint:containedctx // That of the transaction.
	tx        *gorm.DB
	workspace workspaceRow
	// facts are those that the transaction has read, by id.
	facts    map[string]*folding
	segments []newSegment
	// series are those that batches add to, by id.
	series map[string]*seriesFolding
	done   evenkeel.Recorded
}

// begin takes the workspace's lock.
func (r *recording) begin(secret []byte) (err error) {
	if r.workspace, err = r.w.lock(r.ctx, r.tx); err != nil {
		return err
	}
	if !bytes.Equal(secret, r.workspace.Secret) {
		return fmt.Errorf("%w: the workspace was rebuilt meanwhile; record again", evenkeel.ErrConflict)
	}
	return nil
}

func (r *recording) run(p piece) error {
	for _, step := range []func() error{
		func() error { return r.observe(p.statements) },
		r.joinChanges,
		func() error { return r.packCommits(p.commits) },
		func() error { return r.takeBatches(p.batches) },
		r.keep,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// observe finds which statements are new and folds the facts they name.
func (r *recording) observe(statements []statement) error {
	known, err := r.digests(statements)
	if err != nil {
		return err
	}
	existing := slices.Collect(maps.Keys(known))
	for i := range statements {
		s := &statements[i]
		held, id := known[s.row.Fact], s.row.Fact
		if held[string(s.row.Digest)] {
			r.done.Repeated++
			continue
		}
		if held == nil {
			held = map[string]bool{}
			known[id] = held
		}
		held[string(s.row.Digest)] = true
		if r.facts[id] == nil {
			r.facts[id] = &folding{id: id}
		}
		f := r.facts[id]
		f.fresh, f.payload = append(f.fresh, s.row), s.payload
		r.done.Observations++
	}
	// A fact that has no observation has no row either.
	existing = slices.DeleteFunc(existing, func(id string) bool { return r.facts[id] == nil })
	if err := r.fetchStored(existing); err != nil {
		return err
	}
	for _, f := range r.facts {
		if err := f.foldOwn(r.w.slug); err != nil {
			return err
		}
	}
	return nil
}

// digests reads which observations of the facts are known, by fact.
func (r *recording) digests(statements []statement) (map[string]map[string]bool, error) {
	ids := make([]string, len(statements))
	for i, s := range statements {
		ids[i] = s.row.Fact
	}
	known := make(map[string]map[string]bool, len(ids))
	err := eachChunk(ids, func(some []string) error {
		rows, err := of[observationRow](r.w, r.tx).Select("fact", "digest").Where(among{"fact", some}).Find(r.ctx)
		for _, row := range rows {
			if known[row.Fact] == nil {
				known[row.Fact] = map[string]bool{}
			}
			known[row.Fact][string(row.Digest)] = true
		}
		return err
	})
	return known, err
}

// fetchStored reads the rows and earlier observations of facts in the
// transaction.
func (r *recording) fetchStored(ids []string) error {
	return eachChunk(ids, func(some []string) error {
		rows, err := of[factRow](r.w, r.tx).Where(among{"id", some}).Find(r.ctx)
		if err != nil || len(rows) == 0 {
			return err
		}
		existing := make([]string, len(rows))
		for i, row := range rows {
			r.facts[row.ID].before, existing[i] = &row, row.ID
		}
		observations, err := of[observationRow](r.w, r.tx).Where(among{"fact", existing}).Find(r.ctx)
		for _, o := range observations {
			r.facts[o.Fact].stored = append(r.facts[o.Fact].stored, o)
		}
		return err
	})
}

// fetchFacts brings facts into the transaction that it does not change by
// itself. Ids without a fact are passed over.
func (r *recording) fetchFacts(ids []string) error {
	missing := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return r.facts[id] != nil })
	for _, id := range missing {
		r.facts[id] = &folding{id: id}
	}
	if err := r.fetchStored(missing); err != nil {
		return err
	}
	for _, id := range missing {
		f := r.facts[id]
		if f == nil {
			continue
		}
		if f.before == nil {
			delete(r.facts, id)
			continue
		}
		if err := f.foldOwn(r.w.slug); err != nil {
			return err
		}
	}
	return nil
}

// keep writes what has changed, and the revision if a reader can see it.
func (r *recording) keep() error {
	seq := r.workspace.Revision
	changed := r.changed()
	seen := slices.DeleteFunc(slices.Clone(changed), func(f *folding) bool { return !f.seen() })
	r.done.Facts += len(seen)
	r.done.Revision = seq
	if len(seen)+len(r.segments)+len(r.series) > 0 {
		seq++
		r.done.Revision = seq
	}
	if err := r.keepObservations(seq); err != nil {
		return err
	}
	if err := r.keepFacts(changed, seq); err != nil {
		return err
	}
	if err := r.keepSegments(seq); err != nil {
		return err
	}
	if err := r.keepSeries(seq); err != nil {
		return err
	}
	if seq == r.workspace.Revision {
		return nil
	}
	return r.publish(seq, seen)
}

// changed lists the facts to be written, by id.
func (r *recording) changed() []*folding {
	var list []*folding
	for _, id := range slices.Sorted(maps.Keys(r.facts)) {
		if f := r.facts[id]; f.changed() {
			list = append(list, f)
		}
	}
	return list
}

func (r *recording) keepObservations(seq int64) error {
	at := instantOf(r.w.now())
	var rows []observationRow
	for _, id := range slices.Sorted(maps.Keys(r.facts)) {
		for _, row := range r.facts[id].fresh {
			row.Seq, row.RecordedAt = seq, at
			rows = append(rows, row)
		}
	}
	return insert(r.tx, rows)
}

func (r *recording) keepFacts(changed []*folding, seq int64) error {
	var created, updated []factRow
	for _, f := range changed {
		f.after.Seq = seq
		if f.before == nil {
			created = append(created, f.after)
		} else {
			updated = append(updated, f.after)
		}
	}
	if err := insert(r.tx, created); err != nil {
		return err
	}
	return insert(r.tx, updated, clause.OnConflict{UpdateAll: true})
}

// publish does what follows from visible changes: memberships of new
// subjects, counts, and the revision that tells the rest of the program.
func (r *recording) publish(seq int64, seen []*folding) error {
	if err := r.claimSubjects(seen); err != nil {
		return err
	}
	rows := rowsOf(seen)
	if err := r.tally(seen, rows); err != nil {
		return err
	}
	read := slices.DeleteFunc(rows, func(row *factRow) bool { return row.beside() })
	reach, err := r.reach(seen, read)
	if err != nil {
		return err
	}
	applications, err := r.w.applicationsOf(r.ctx, r.tx, reach)
	if err != nil {
		return err
	}
	revision := revisionRow{Workspace: r.w.slug, Seq: seq, At: r.workspace.next(r.w.now())}
	revision.setKinds(r.kinds(seen))
	revision.setApplications(applications)
	revision.Earliest = r.earliest(seen)
	if err := r.tx.Create(&revision).Error; err != nil {
		return err
	}
	return r.w.advance(r.ctx, r.tx, revision)
}

func (r *recording) kinds(seen []*folding) []evenkeel.Kind {
	found := map[evenkeel.Kind]bool{}
	for _, f := range seen {
		found[f.after.Kind.name()] = true
	}
	if len(r.segments) > 0 {
		found[evenkeel.KindCommit] = true
	}
	for _, s := range r.series {
		found[s.row.Kind.name()] = true
	}
	return slices.DeleteFunc(evenkeel.Kinds(), func(k evenkeel.Kind) bool { return !found[k] })
}

func (r *recording) earliest(seen []*folding) (least instant) {
	for _, f := range seen {
		least = earlier(least, f.after.Earliest)
		if f.before != nil {
			least = earlier(least, f.before.Earliest)
		}
	}
	for _, s := range r.segments {
		least = earlier(least, s.row.FirstAt)
	}
	for _, s := range r.series {
		for hour := range s.hours {
			least = earlier(least, hour)
		}
	}
	return least
}
