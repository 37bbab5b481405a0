package store

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	// erasePage is how many rows are looked at together.
	erasePage = 500
	// eraseChunk is how many facts one transaction folds anew, so that it
	// holds the writer for less than 100 ms.
	eraseChunk = 64
)

// Erase takes persons out of the workspace, given by their names, logins and
// e-mail addresses as sources write them. Reviews lose their authors, and
// commits the trailers that name a person; what was said of them keeps its
// digest, so that saying it again does not bring a person back. Who said what
// caused an incident is forgotten, who kept or corrected a service level too, and so
// are reasons that name a person. Documents of service levels stay. What sources
// sent is dropped where a name stands in it as words of its own, whatever the
// case. What arrives meanwhile may be missed.
func (w *Workspace) Erase(ctx context.Context, persons []string) (evenkeel.Erased, error) {
	row, err := w.row(ctx, w.reader)
	if err != nil {
		return evenkeel.Erased{}, fmt.Errorf("store: erase: %w", err)
	}
	e := &erasure{w: w, ctx: ctx, secret: row.Secret}
	if e.names, err = personNames(persons); err != nil {
		return e.done, fmt.Errorf("store: erase: %w", err)
	}
	for _, name := range persons {
		for _, spelling := range spellings(name) {
			e.authors = append(e.authors, []byte(`"author":"`+hashedName(row.Secret, spelling)+`"`))
		}
	}
	for _, step := range []func() error{e.eraseAuthors, e.eraseTrailers, e.eraseDeliveries, e.eraseLinks, e.eraseLevels} {
		if err := step(); err != nil {
			return e.done, fmt.Errorf("store: erase: %w", err)
		}
	}
	return e.done, nil
}

// erasure is one call of Erase.
type erasure struct {
	w      *Workspace
	ctx    context.Context //nolint:containedctx // That of the call.
	secret []byte
	names  names
	// authors are the members of reviews to be taken out.
	authors [][]byte
	done    evenkeel.Erased
}

// eraseAuthors looks at what was said of every change.
func (e *erasure) eraseAuthors() error {
	for after := ""; ; {
		rows, err := of[factRow](e.w, e.w.reader).Select("id").Where("kind = ? AND id > ?", kindChange, after).
			Order("id").Limit(erasePage).Find(e.ctx)
		if err != nil || len(rows) == 0 {
			return err
		}
		ids := make([]string, len(rows))
		for i, row := range rows {
			ids[i] = row.ID
		}
		after = ids[len(ids)-1]
		if err := e.eraseFrom(ids); err != nil {
			return err
		}
	}
}

func (e *erasure) eraseFrom(facts []string) error {
	touched := map[string][]observationRow{}
	err := eachChunk(facts, func(some []string) error {
		rows, err := of[observationRow](e.w, e.w.reader).Where("fact IN ?", some).Find(e.ctx)
		for _, row := range rows {
			if fields := e.withoutAuthors(row.Fields); len(fields) < len(row.Fields) {
				row.Fields = fields
				touched[row.Fact] = append(touched[row.Fact], row)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	var ids []string
	for id := range touched {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for some := range slices.Chunk(ids, eraseChunk) {
		if err := e.refold(some, touched); err != nil {
			return err
		}
	}
	return nil
}

// withoutAuthors takes members out of the reviews in canonical fields. The
// text of a member cannot stand within another text, which would hold its
// quotation marks escaped.
func (e *erasure) withoutAuthors(fields []byte) []byte {
	for _, author := range e.authors {
		if !bytes.Contains(fields, author) {
			continue
		}
		for _, member := range [][]byte{slices.Concat([]byte(","), author), slices.Concat(author, []byte(",")), author} {
			fields = bytes.ReplaceAll(fields, member, nil)
		}
	}
	return fields
}

// refold writes observations and folds their facts anew.
func (e *erasure) refold(facts []string, touched map[string][]observationRow) error {
	var rows []observationRow
	for _, id := range facts {
		rows = append(rows, touched[id]...)
	}
	r, err := e.w.transact(e.ctx, e.secret, func(r *recording) error {
		err := insert(r.tx, rows, clause.OnConflict{
			Columns:   []clause.Column{{Name: "workspace"}, {Name: "fact"}, {Name: "digest"}},
			DoUpdates: clause.AssignmentColumns([]string{"fields"}),
		})
		if err != nil {
			return err
		}
		if err := r.fetchFacts(facts); err != nil {
			return err
		}
		if err := r.joinChanges(); err != nil {
			return err
		}
		return r.keep()
	})
	if err != nil {
		return err
	}
	e.done.Observations += len(rows)
	e.done.Facts += r.done.Facts
	return nil
}

// eraseTrailers looks at the trailers of every commit.
func (e *erasure) eraseTrailers() error {
	segments, err := of[commitSegmentRow](e.w, e.w.reader).Select("repository", "n").Find(e.ctx)
	if err != nil {
		return err
	}
	for _, key := range segments {
		row, err := of[commitSegmentRow](e.w, e.w.reader).Where("repository = ? AND n = ?", key.Repository, key.N).Take(e.ctx)
		if err != nil {
			return err
		}
		commits, err := unpackCommits(row.Shas, row.Body)
		if err != nil {
			return fmt.Errorf("repository %s, segment %d: %w", row.Repository, row.N, err)
		}
		if n := e.withoutTrailers(commits); n > 0 {
			row.Body = packCommits(commits).body
			if err := e.repack(row); err != nil {
				return err
			}
			e.done.Observations += n
			e.done.Facts += n
		}
	}
	return nil
}

// withoutTrailers takes trailers out and counts the commits that had some.
func (e *erasure) withoutTrailers(commits []describedCommit) int {
	n := 0
	for _, c := range commits {
		found := false
		for key, values := range c.Trailers {
			kept := slices.DeleteFunc(slices.Clone(values), func(value string) bool { return e.names.in([]byte(value)) })
			if len(kept) == len(values) {
				continue
			}
			found = true
			if c.Trailers[key] = kept; len(kept) == 0 {
				delete(c.Trailers, key)
			}
		}
		if found {
			n++
		}
	}
	return n
}

// repack writes the body of a segment, under a revision that tells who has
// read it.
func (e *erasure) repack(row commitSegmentRow) error {
	_, err := e.w.transact(e.ctx, e.secret, func(r *recording) error {
		_, err := of[commitSegmentRow](e.w, r.tx).Where("repository = ? AND n = ?", row.Repository, row.N).Update(e.ctx, "body", row.Body)
		if err != nil {
			return err
		}
		r.segments = []newSegment{{row: row}}
		err = r.publish(r.workspace.Revision+1, nil)
		r.segments = nil // It is not a new one.
		return err
	})
	return err
}

// eraseDeliveries looks at what every delivery sent and at its reason.
func (e *erasure) eraseDeliveries() error {
	for after := ""; ; {
		rows, err := of[deliveryRow](e.w, e.w.reader).Select("id", "reason").Where("id > ?", after).Order("id").Limit(erasePage).Find(e.ctx)
		if err != nil || len(rows) == 0 {
			return err
		}
		ids := make([]string, len(rows))
		var reasons []string
		for i, row := range rows {
			if ids[i] = row.ID; e.names.in([]byte(row.Reason)) {
				reasons = append(reasons, row.ID)
			}
		}
		after = ids[len(ids)-1]
		for some := range slices.Chunk(ids, eraseChunk) {
			if err := e.eraseBodies(some); err != nil {
				return err
			}
		}
		if err := e.eraseReasons(reasons); err != nil {
			return err
		}
	}
}

func (e *erasure) eraseBodies(deliveries []string) error {
	var found []string
	err := eachChunk(deliveries, func(some []string) error {
		rows, err := of[deliveryBodyRow](e.w, e.w.reader).Where("delivery IN ?", some).Find(e.ctx)
		if err != nil {
			return err
		}
		_, decoder := codec()
		for _, row := range rows {
			body, err := decoder.DecodeAll(row.Body, nil)
			if err != nil {
				return fmt.Errorf("body of delivery %s: %w", row.Delivery, err)
			}
			if e.names.inBody(body) || e.names.inBody(row.Headers) {
				found = append(found, row.Delivery)
			}
		}
		return nil
	})
	if err != nil || len(found) == 0 {
		return err
	}
	e.done.Bodies += len(found)
	return e.w.write(e.ctx, func(tx *gorm.DB) error { return e.w.dropBodies(e.ctx, tx, found) })
}

func (e *erasure) eraseReasons(deliveries []string) error {
	if len(deliveries) == 0 {
		return nil
	}
	return e.w.write(e.ctx, func(tx *gorm.DB) error {
		if _, err := e.w.lock(e.ctx, tx); err != nil {
			return err
		}
		return eachChunk(deliveries, func(some []string) error {
			_, err := of[deliveryRow](e.w, tx).Where("id IN ?", some).Update(e.ctx, "reason", "erased")
			return err
		})
	})
}
