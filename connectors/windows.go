package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"
)

// windowed is a list of which the vendor shows only the first so many records
// of any one query. It is read in windows of time, the newest first, each small
// enough that all of it is shown.
type windowed struct {
	newestFirst
	// most is how many records of one query the vendor shows.
	most int
	// window reads one page of what lies in [from, to), whole seconds.
	window func(ctx context.Context, from, to time.Time, number int) (windowPage, error)
	// cut tells of a second that holds more records than the vendor shows.
	cut func(second time.Time, total int) (Document, error)
	// now is until when there may be records.
	now time.Time
}

// windowPage is one page of a window.
type windowPage struct {
	records []record
	// next is the page after it, 0 after the last; total counts the records of
	// the whole window.
	next, total int
}

// errMany says that more is new than a list shows in one piece.
var errMany = errors.New("more is new than the vendor lists at once")

// read is as newestFirst reads, but that the past, and news of which there are
// very many, come in windows.
func (l windowed) read(ctx context.Context, text json.RawMessage, take func(context.Context, Page) error) error {
	c, err := readCursor(text)
	if err != nil {
		return err
	}
	if c.Until.IsZero() {
		return l.windows(ctx, c, l.since, take)
	}
	if err := l.again(ctx, &c, take); err != nil {
		return err
	}
	if c.Edge.IsZero() {
		if err := l.news(ctx, c, take); !errors.Is(err, errMany) {
			return err
		}
		c.Top = time.Time{} // Nothing below it is known.
	}
	return l.windows(ctx, c, c.Until.Add(-overlap), take)
}

// windows reads down to floor. Where one is too full it is halved, down to a
// second, which is the step of the vendor's clock.
func (l windowed) windows(ctx context.Context, c cursor, floor time.Time, take func(context.Context, Page) error) error {
	floor = floor.Truncate(time.Second)
	if c.Edge.IsZero() {
		c.Edge = l.now.Truncate(time.Second).Add(overlap) // The vendor's clock may be ahead.
		c.Width = c.Edge.Sub(floor)
	}
	for c.Edge.After(floor) {
		from := latest(floor, c.Edge.Add(-c.Width))
		first, err := l.window(ctx, from, c.Edge, 1)
		if err != nil {
			return err
		}
		if width := c.Edge.Sub(from); first.total > l.most && width > time.Second {
			c.Width = max((width / 2).Truncate(time.Second), time.Second)
			continue
		}
		if c, err = l.whole(ctx, c, from, floor, first, take); err != nil {
			return err
		}
	}
	return nil
}

// whole reads a window to its end. Reading goes on behind it only then, so
// that an interrupted window is read again.
func (l windowed) whole(ctx context.Context, c cursor, from, floor time.Time, page windowPage, take func(context.Context, Page) error) (cursor, error) {
	after, shown := c, 0
	for number := 1; ; {
		records := after.add(page.records, from)
		shown += len(page.records)
		switch {
		case page.next == 0, shown >= l.most:
			return l.close(ctx, after, from, floor, records, page.total, take)
		case len(page.records) == 0:
			return c, errHollow
		case page.next <= number:
			return c, errEndless
		}
		if err := l.give(ctx, c, records, take); err != nil {
			return c, err
		}
		number = page.next
		var err error
		if page, err = l.window(ctx, from, c.Edge, number); err != nil {
			return c, err
		}
	}
}

// close keeps the last page of a window, and moves on to the one before it.
func (l windowed) close(ctx context.Context, c cursor, from, floor time.Time, records []record, total int, take func(context.Context, Page) error) (cursor, error) {
	records, err := l.told(records, from, total)
	if err != nil {
		return c, err
	}
	c.Edge = from
	if total <= l.most/4 {
		c.Width *= 2
	}
	c.end(floor)
	return c, l.give(ctx, c, records, take)
}

// told adds what is to be said of a second that was not shown whole.
func (l windowed) told(records []record, second time.Time, total int) ([]record, error) {
	if total <= l.most {
		return records, nil
	}
	d, err := l.cut(second, total)
	return append(slices.Clip(records), record{documents: []Document{d}}), err
}

// end notes that everything is known, where the last window is read.
func (c *cursor) end(floor time.Time) {
	if c.Edge.After(floor) {
		return
	}
	c.Until, c.Top = latest(c.Until, c.Top), time.Time{}
	if c.Until.IsZero() {
		c.Until = floor // Nothing is there yet.
	}
	c.Edge, c.Width = time.Time{}, 0
}
