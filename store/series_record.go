package store

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gorm.io/gorm/clause"

	"github.com/evenkeel-dev/evenkeel"
)

// batch is an event of a series, made ready to be kept.
type batch struct {
	// series is the row without what follows from its batches.
	series seriesRow
	// id names the batch among all of the workspace: after its own name or, if
	// it has none, after what it says.
	id     string
	named  bool
	slices []slice
}

// batchOf makes an event of a series ready.
func (w *Workspace) batchOf(e evenkeel.Event) (b batch, err error) {
	observed := instantOf(whole(e.ObservedAt))
	switch f := e.Payload.(type) {
	case *evenkeel.Measurement:
		b.series = seriesRow{Name: f.Series, Application: f.Application, Environment: f.Environment, SliceSeconds: int64(f.SliceSeconds)}
		for _, s := range f.Slices {
			b.slices = append(b.slices, slice{at: instantOf(s.At), observed: observed, body: packMeasured(s)})
		}
	case *evenkeel.FlagUsage:
		b.series = seriesRow{Name: f.Flag, Application: f.Application, Environment: f.Environment, SliceSeconds: int64(f.SliceSeconds)}
		for _, s := range f.Slices {
			b.slices = append(b.slices, slice{at: instantOf(s.At), observed: observed, body: packUsed(s)})
		}
	default:
		return b, fmt.Errorf("%w: %s %q: slices: is required and holds at least one slice", evenkeel.ErrInvalid, e.Kind, e.ID)
	}
	b.series.Workspace, b.series.ID = w.slug, evenkeel.FactID(e.Kind, e.Payload.Key(e.Source, e.ID))
	b.series.Kind, b.series.Source, b.series.Subject = kindOf(e.Kind), e.Source, e.Payload.Subject().String()
	b.named = e.ID != ""
	name := []byte(b.series.ID + e.ID)
	if !b.named {
		for _, s := range b.slices {
			name = fmt.Appendf(name, " %d %d %x", s.at, s.observed, s.body)
		}
	}
	sum := sha256.Sum256(name)
	b.id = hex.EncodeToString(sum[:16])
	return b, nil
}

// firstAt is the beginning of the batch's first slice.
func (b batch) firstAt() (first instant) {
	for _, s := range b.slices {
		first = earlier(first, s.at)
	}
	return first
}

// seriesFolding is one series while a transaction adds to it.
type seriesFolding struct {
	row seriesRow
	// taken are the batches that were taken in.
	taken []batch
	// hours are those that batches speak of.
	hours map[instant]*hourFolding
}

// hourFolding is one hour of a series while a transaction adds to it.
type hourFolding struct {
	// row is the last of the hour and rowSlices all it knows; its seq is 0 where
	// there is none yet.
	row       seriesSegmentRow
	rowSlices []slice
	// slices are those that hold.
	slices  map[instant]slice
	changed bool
}

// takeBatches finds which batches are new and folds their slices in. A batch
// whose name was taken before counts as repeated, whatever it holds now: the
// first holds, and a correction needs a name of its own. So does one without a
// name that says nothing new.
func (r *recording) takeBatches(batches []batch) error {
	fresh, err := r.freshBatches(batches)
	if err != nil || len(fresh) == 0 {
		return err
	}
	if err := r.fetchSeries(fresh); err != nil {
		return err
	}
	if err := r.fetchHours(); err != nil {
		return err
	}
	for _, b := range fresh {
		if r.series[b.series.ID].take(b) {
			r.done.Observations++
		} else {
			r.done.Repeated++
		}
	}
	maps.DeleteFunc(r.series, func(_ string, s *seriesFolding) bool { return len(s.taken) == 0 })
	r.done.Facts += len(r.series)
	return nil
}

// take folds a batch in, unless it has no name and says nothing new.
func (s *seriesFolding) take(b batch) bool {
	news := b.named
	for _, one := range b.slices {
		news = s.hours[hourOf(one.at)].take(one) || news
		s.row.FirstAt, s.row.LastAt = earlier(s.row.FirstAt, one.at), max(s.row.LastAt, one.at)
	}
	if news {
		s.row.Batches++
		s.taken = append(s.taken, b)
	}
	return news
}

func (h *hourFolding) take(s slice) bool {
	held, ok := h.slices[s.at]
	if ok && !s.beats(held) {
		return false
	}
	h.slices[s.at], h.changed = s, true
	return true
}

// freshBatches leaves out the batches that are known, or twice among them.
func (r *recording) freshBatches(batches []batch) ([]batch, error) {
	var ids []string
	for _, b := range batches {
		if b.named {
			ids = append(ids, b.id)
		}
	}
	known := map[string]bool{}
	err := eachChunk(ids, func(some []string) error {
		rows, err := of[seriesBatchRow](r.w, r.tx).Select("batch").Where("batch IN ?", some).Find(r.ctx)
		for _, row := range rows {
			known[row.Batch] = true
		}
		return err
	})
	var fresh []batch
	for _, b := range batches {
		if !known[b.id] {
			known[b.id] = true
			fresh = append(fresh, b)
		}
	}
	r.done.Repeated += len(batches) - len(fresh)
	return fresh, err
}

// fetchSeries reads the series of batches, or begins them.
func (r *recording) fetchSeries(batches []batch) error {
	r.series = map[string]*seriesFolding{}
	ids := make([]string, len(batches))
	for i, b := range batches {
		ids[i] = b.series.ID
		s := r.series[b.series.ID]
		if s == nil {
			s = &seriesFolding{row: b.series, hours: map[instant]*hourFolding{}}
			r.series[b.series.ID] = s
		}
		for _, one := range b.slices {
			s.hours[hourOf(one.at)] = &hourFolding{slices: map[instant]slice{}}
		}
	}
	return eachChunk(ids, func(some []string) error {
		rows, err := of[seriesRow](r.w, r.tx).Where("id IN ?", some).Find(r.ctx)
		for _, row := range rows {
			r.series[row.ID].row = row
		}
		return err
	})
}

// fetchHours reads what is held of the hours that batches speak of.
func (r *recording) fetchHours() error {
	var ids []string
	var window evenkeel.Window
	for id, s := range r.series {
		if s.row.Batches == 0 {
			continue
		}
		ids = append(ids, id)
		for hour := range s.hours {
			if at := hour.Time(); window.From.IsZero() || at.Before(window.From) {
				window.From = at
			}
			window.To = later(window.To, (hour + 1).Time())
		}
	}
	return eachChunk(ids, func(some []string) error {
		rows, err := r.w.newestSegments(r.tx, window).Where("series IN ?", some).Find(r.ctx)
		if err != nil {
			return err
		}
		for _, row := range rows {
			h := r.series[row.Series].hours[row.HourAt]
			if h == nil {
				continue
			}
			if h.rowSlices, err = row.unpack(); err != nil {
				return err
			}
			h.row = row
			for _, s := range h.rowSlices { // The last of a time is what holds.
				h.slices[s.at] = s
			}
		}
		return nil
	})
}

// keepSeries writes the series that have grown.
func (r *recording) keepSeries(seq int64) error {
	var rows []seriesRow
	var batches []seriesBatchRow
	var begun, grown []seriesSegmentRow
	for _, s := range r.series {
		s.row.Seq = seq
		rows = append(rows, s.row)
		for _, b := range s.taken {
			if b.named {
				batches = append(batches, seriesBatchRow{Workspace: r.w.slug, Batch: b.id, Series: s.row.ID, Seq: seq})
			}
		}
		for hour, h := range s.hours {
			if !h.changed {
				continue
			}
			fresh := seriesSegmentRow{Workspace: r.w.slug, Series: s.row.ID, HourAt: hour, Seq: seq, LastSeq: seq}
			if row := h.keep(fresh); row.Seq == seq {
				begun = append(begun, row)
			} else {
				grown = append(grown, row)
			}
		}
	}
	slices.SortFunc(rows, func(a, b seriesRow) int { return strings.Compare(a.ID, b.ID) })
	if err := insert(r.tx, rows, clause.OnConflict{UpdateAll: true}); err != nil {
		return err
	}
	if err := insert(r.tx, batches); err != nil {
		return err
	}
	if err := insert(r.tx, ordered(begun)); err != nil {
		return err
	}
	return insert(r.tx, ordered(grown), clause.OnConflict{UpdateAll: true})
}

// ordered sorts rows by their key, as far as it may differ in a transaction.
func ordered(rows []seriesSegmentRow) []seriesSegmentRow {
	slices.SortFunc(rows, func(a, b seriesSegmentRow) int {
		return cmp.Or(strings.Compare(a.Series, b.Series), cmp.Compare(a.HourAt, b.HourAt))
	})
	return rows
}

// fewReplaced is how many replaced slices a row may always hold.
const fewReplaced = 60

// keep puts what holds into the hour's row. Where that would hold more slices
// that were replaced than slices that hold, and more than a few, the fresh one
// begins. Amounts that were only said again are known as long as before.
func (h *hourFolding) keep(fresh seriesSegmentRow) seriesSegmentRow {
	row, list := h.row, h.rowSlices
	last := make(map[instant]int, len(list))
	for i, s := range list {
		last[s.at] = i
	}
	for at, s := range h.slices {
		if i, ok := last[at]; ok && bytes.Equal(list[i].body, s.body) {
			list[i].observed = s.observed
			continue
		}
		s.since, row.LastSeq = fresh.Seq, fresh.Seq
		list = append(list, s)
	}
	if row.Seq == 0 || len(list)-len(h.slices) > max(len(h.slices), fewReplaced) {
		row, list = fresh, list[:0]
		for _, s := range h.slices {
			s.since = fresh.Seq
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b slice) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.since, b.since)) })
	row.Body = packSlices(row, list)
	return row
}
