package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"gorm.io/gorm/clause"

	"github.com/evenkeel-dev/evenkeel"
)

// deliveryRow is one request of a source. What may go before the row does is
// in deliveryBodyRow, so that lists and counts read short rows.
type deliveryRow struct {
	Workspace string `gorm:"primaryKey;uniqueIndex:deliveries_identity,priority:1;index:deliveries_outcome,priority:1;index:deliveries_connection,priority:1"`
	// ID begins with the arrival, so that its order is that of arrivals.
	ID          string `gorm:"primaryKey;index:deliveries_outcome,priority:3;index:deliveries_connection,priority:3"`
	Connection  string `gorm:"index:deliveries_connection,priority:2"`
	Source      string
	Event       string
	ExternalKey string
	// Identity is the same for deliveries that are equal.
	Identity   string `gorm:"uniqueIndex:deliveries_identity,priority:2"`
	Size       int64
	ReceivedAt instant
	Outcome    string `gorm:"index:deliveries_outcome,priority:2;index:deliveries_connection,priority:4"`
	Reason     string
	Expired    bool
	// Repeats counts the later arrivals, and LastAt is the last of all.
	Repeats int64   `gorm:"index:deliveries_connection,priority:5"`
	LastAt  instant `gorm:"index:deliveries_connection,priority:6"`
	Facts   int64
}

func (deliveryRow) TableName() string { return "deliveries" }

// deliveryBodyRow is what was sent, until it expires.
type deliveryBodyRow struct {
	Workspace string `gorm:"primaryKey"`
	Delivery  string `gorm:"primaryKey"`
	// Headers is a JSON object.
	Headers []byte
	// Body is compressed.
	Body []byte
}

func (deliveryBodyRow) TableName() string { return "delivery_bodies" }

// deliveryFactRow leads from a delivery to an observation that it made, or
// made again.
type deliveryFactRow struct {
	Workspace string `gorm:"primaryKey;index:delivery_facts_fact,priority:1;index:delivery_facts_subject,priority:1"`
	Delivery  string `gorm:"primaryKey;index:delivery_facts_fact,priority:3;index:delivery_facts_subject,priority:3"`
	Fact      string `gorm:"primaryKey;index:delivery_facts_fact,priority:2"`
	// Digest is that of the observation.
	Digest []byte `gorm:"primaryKey"`
	// Fresh says that the delivery was the first to say this.
	Fresh bool
	// Kind, Subject, ExternalID and At tell of facts that are not rows of
	// their own, such as commits; they are empty for others.
	Kind       kind
	Subject    string `gorm:"index:delivery_facts_subject,priority:2,where:kind <> 0"`
	ExternalID string
	At         instant
}

func (deliveryFactRow) TableName() string { return "delivery_facts" }

// statement tells statements apart within a workspace: the digest of one on a
// commit leaves the repository out.
func (r deliveryFactRow) statement() string { return r.Subject + string(r.Digest) }

// link notes what the piece's delivery speaks of.
func (p *piece) link(l deliveryFactRow) {
	if p.delivery != "" {
		p.links = append(p.links, l)
	}
}

func linkToCommit(c *evenkeel.Commit, d describedCommit) deliveryFactRow {
	return deliveryFactRow{
		Fact: evenkeel.FactID(evenkeel.KindCommit, c.Key("", "")), Digest: knownCommit{prefixOf(d.SHA[:]), d.Digest}.bytes(),
		Kind: kindCommit, Subject: c.Subject().String(), ExternalID: c.SHA, At: instantOf(c.CommittedAt),
	}
}

func linkToBatch(b batch, e evenkeel.Event) deliveryFactRow {
	return deliveryFactRow{
		Fact: b.series.ID, Digest: []byte(b.id), Kind: b.series.Kind, Subject: b.series.Subject, ExternalID: e.ID, At: b.firstAt(),
	}
}

// arrival is a delivery on its way into the store.
type arrival struct {
	row deliveryRow
	// body is nil where nothing of it is kept.
	body  *deliveryBodyRow
	piece piece
	// repeated says that an equal delivery came before.
	repeated bool
	result   evenkeel.Delivered
}

// Deliver keeps deliveries with the observations that their events are, all in
// one transaction: an error leaves nothing. Events must be complete and valid.
// Result i tells of delivery i. A delivery that has come before (through the
// same connection, with the same key, event and body) is counted there and has
// no other effect. The store gives the ids; a zero ReceivedAt is now. A
// delivery that is Expired already is kept without body and headers, which then
// only tell it from others; so is one with a size and no body, and its events
// then stand for the body.
func (w *Workspace) Deliver(ctx context.Context, deliveries []evenkeel.Delivery) ([]evenkeel.Delivered, error) {
	row, err := w.row(ctx, w.reader)
	if err != nil {
		return nil, fmt.Errorf("store: deliver: %w", err)
	}
	batch := make([]*arrival, len(deliveries))
	for i, d := range deliveries {
		if batch[i], err = w.arrive(d, row.Secret); err != nil {
			return nil, fmt.Errorf("store: deliver: delivery %d: %w", i, err)
		}
	}
	if _, err := w.transact(ctx, row.Secret, func(r *recording) error { return r.deliver(batch) }); err != nil {
		return nil, fmt.Errorf("store: deliver: %w", err)
	}
	results := make([]evenkeel.Delivered, len(batch))
	for i, a := range batch {
		results[i] = a.result
	}
	return results, nil
}

// arrive makes a delivery ready.
func (w *Workspace) arrive(d evenkeel.Delivery, secret []byte) (*arrival, error) {
	if err := checkDelivery(d); err != nil {
		return nil, err
	}
	if d.ReceivedAt.IsZero() {
		d.ReceivedAt = w.now()
	}
	if d.Size == 0 || d.Body != nil && !d.Expired {
		d.Size = len(d.Body)
	}
	identity, err := identityOf(d)
	if err != nil {
		return nil, err
	}
	at := instantOf(d.ReceivedAt)
	a := &arrival{row: deliveryRow{
		Workspace: w.slug, ID: w.arrivals.id(at), Connection: d.Connection, Source: d.Source, Event: clean(d.Event), ExternalKey: clean(d.Key),
		Identity: identity, Size: int64(d.Size), ReceivedAt: at, Outcome: string(d.Outcome), Reason: clean(d.Reason), LastAt: at,
	}}
	if a.row.Expired = d.Expired || d.Body == nil && d.Size > 0; !a.row.Expired {
		if a.body, err = bodyOf(a.row, d); err != nil {
			return nil, err
		}
	}
	a.piece = w.newPiece(d.Events, secret, a.row.ID)
	return a, a.piece.err
}

func checkDelivery(d evenkeel.Delivery) error {
	if d.Source == "" || !storable(d.Source) || !storable(d.Connection) {
		return fmt.Errorf("%w: source: name the connector, and the connection by its id", evenkeel.ErrInvalid)
	}
	return checkOutcome(d.Outcome)
}

func checkOutcome(o evenkeel.Outcome) error {
	switch o {
	case evenkeel.OutcomeRecorded, evenkeel.OutcomeIgnored, evenkeel.OutcomeRejected:
		return nil
	}
	return fmt.Errorf("%w: outcome: %q is not one of recorded, ignored, rejected", evenkeel.ErrInvalid, o)
}

// identityOf is equal for equal deliveries.
func identityOf(d evenkeel.Delivery) (string, error) {
	sum := sha256.New()
	for _, text := range []string{d.Connection, d.Key, d.Event} {
		sum.Write(appendText(nil, text))
	}
	if d.Body != nil || d.Size == 0 {
		sum.Write(d.Body)
		return hex.EncodeToString(sum.Sum(nil)), nil
	}
	sum.Write(appendText(nil, strconv.Itoa(d.Size)))
	for _, e := range d.Events {
		o, err := e.Observe()
		if err != nil {
			return "", err
		}
		for _, text := range []string{string(e.Kind), e.Source, e.ID, e.ObservedAt.UTC().String(), fmt.Sprint(e.Deleted, e.Final), string(o.Fields)} {
			sum.Write(appendText(nil, text))
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

func bodyOf(row deliveryRow, d evenkeel.Delivery) (*deliveryBodyRow, error) {
	headers := make(map[string]string, len(d.Headers))
	for name, value := range d.Headers {
		headers[clean(name)] = clean(value)
	}
	text, err := json.Marshal(headers)
	if err != nil {
		return nil, err
	}
	encoder, _ := codec()
	return &deliveryBodyRow{Workspace: row.Workspace, Delivery: row.ID, Headers: text, Body: encoder.EncodeAll(d.Body, nil)}, nil
}

// deliver keeps a batch. The workspace is locked, so looking for equal
// deliveries first leaves no doubt when rows are added.
func (r *recording) deliver(batch []*arrival) error {
	held, err := r.heldDeliveries(batch)
	if err != nil {
		return err
	}
	repeated := map[string]*deliveryRow{}
	var fresh []*arrival
	for _, a := range batch {
		before := held[a.row.Identity]
		if before == nil {
			held[a.row.Identity] = &a.row
			fresh = append(fresh, a)
			continue
		}
		before.Repeats++
		before.LastAt = max(before.LastAt, a.row.LastAt)
		a.repeated, a.row.ID = true, before.ID
		repeated[before.ID] = before
	}
	for _, a := range fresh {
		delete(repeated, a.row.ID) // It is written with its repeats.
	}
	if err := r.run(joined(fresh)); err != nil {
		return err
	}
	if err := r.keepDeliveries(fresh); err != nil {
		return err
	}
	for _, a := range batch {
		if a.repeated {
			a.result = evenkeel.Delivered{Repeated: true, Recorded: evenkeel.Recorded{Revision: r.done.Revision}}
		}
		a.result.ID = a.row.ID
	}
	return r.countRepeats(repeated)
}

// heldDeliveries reads the deliveries that equal those of the batch.
func (r *recording) heldDeliveries(batch []*arrival) (map[string]*deliveryRow, error) {
	identities := make([]string, len(batch))
	for i, a := range batch {
		identities[i] = a.row.Identity
	}
	held := map[string]*deliveryRow{}
	err := eachChunk(identities, func(some []string) error {
		rows, err := of[deliveryRow](r.w, r.tx).Where(among{"identity", some}).Find(r.ctx)
		for _, row := range rows {
			held[row.Identity] = &row
		}
		return err
	})
	return held, err
}

// joined is what all deliveries say together.
func joined(batch []*arrival) piece {
	all := piece{commits: map[string][]describedCommit{}}
	for _, a := range batch {
		all.statements = append(all.statements, a.piece.statements...)
		for repository, commits := range a.piece.commits {
			all.commits[repository] = append(all.commits[repository], commits...)
		}
		all.batches = append(all.batches, a.piece.batches...)
	}
	return all
}

func (r *recording) keepDeliveries(batch []*arrival) error {
	fresh, changed := r.freshStatements(), r.changedFacts()
	rows := make([]deliveryRow, len(batch))
	var bodies []deliveryBodyRow
	var links []deliveryFactRow
	for i, a := range batch {
		told, done := r.settle(a.piece, fresh, changed)
		done.Revision = r.done.Revision
		a.result.Recorded = done
		a.row.Facts = int64(countFacts(told))
		rows[i], links = a.row, append(links, told...)
		if a.body != nil {
			bodies = append(bodies, *a.body)
		}
	}
	if err := insert(r.tx, rows); err != nil {
		return err
	}
	if err := insert(r.tx, bodies); err != nil {
		return err
	}
	return insert(r.tx, links)
}

// freshStatements are those that the transaction has added.
func (r *recording) freshStatements() map[string]bool {
	fresh := map[string]bool{}
	for _, f := range r.facts {
		for _, row := range f.fresh {
			fresh[string(row.Digest)] = true
		}
	}
	for _, s := range r.segments {
		subject := evenkeel.Subject{Repository: s.row.Repository}.String()
		for _, c := range s.commits {
			fresh[subject+string(c.bytes())] = true
		}
	}
	for _, s := range r.series {
		for _, b := range s.taken {
			fresh[s.row.Subject+b.id] = true
		}
	}
	return fresh
}

// changedFacts are the ids of rows in which a reader can see a change.
func (r *recording) changedFacts() map[string]bool {
	ids := map[string]bool{}
	for id, f := range r.facts {
		if f.seen() {
			ids[id] = true
		}
	}
	return ids
}

// settle makes the links of one delivery and counts what it brought. Of equal
// statements in the transaction the first is the fresh one.
func (r *recording) settle(p piece, fresh, changed map[string]bool) ([]deliveryFactRow, evenkeel.Recorded) {
	var done evenkeel.Recorded
	links := make([]deliveryFactRow, 0, len(p.links))
	told, facts := map[string]bool{}, map[string]bool{}
	for _, l := range p.links {
		statement := l.statement()
		if told[statement] {
			done.Repeated++
			continue
		}
		told[statement] = true
		l.Workspace, l.Delivery, l.Fresh = r.w.slug, p.delivery, fresh[statement]
		links = append(links, l)
		if !l.Fresh {
			done.Repeated++
			continue
		}
		delete(fresh, statement)
		done.Observations++
		if l.Kind != 0 || changed[l.Fact] {
			facts[l.Fact] = true
		}
	}
	done.Facts = len(facts)
	return links, done
}

func countFacts(links []deliveryFactRow) int {
	facts := map[string]bool{}
	for _, l := range links {
		facts[l.Fact] = true
	}
	return len(facts)
}

func (r *recording) countRepeats(repeated map[string]*deliveryRow) error {
	rows := make([]deliveryRow, 0, len(repeated))
	for _, id := range slices.Sorted(maps.Keys(repeated)) {
		rows = append(rows, *repeated[id])
	}
	return insert(r.tx, rows, clause.OnConflict{
		Columns:   []clause.Column{{Name: "workspace"}, {Name: "id"}},
		DoUpdates: clause.AssignmentColumns([]string{"repeats", "last_at"}),
	})
}
