package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

const (
	// overlap is read again before what is known: records become visible a
	// little after the instant that they carry.
	overlap = 15 * time.Minute
	// maxPages is how many pages of one list are believed.
	maxPages = 20_000
)

// errEndless says that a vendor gives pages without end.
var errEndless = errors.New("the vendor's list does not end; it is read again later")

// cursor is where reading a list stands that the vendor gives newest first.
type cursor struct {
	// Until is the instant up to which everything is known; zero while the past
	// is read.
	Until time.Time `json:"until,omitzero"`
	// Top is the newest instant that was seen when reading the past began.
	Top time.Time `json:"top,omitzero"`
	// Page is the next page of the past.
	Page int `json:"page,omitzero"`
	Done int `json:"done,omitzero"`
	// Open are records that had not come to their end when they were read.
	Open []string `json:"open,omitzero"`
}

func readCursor(text json.RawMessage) (c cursor, err error) {
	if len(text) > 0 {
		err = json.Unmarshal(text, &c)
	}
	if err != nil {
		return c, fmt.Errorf("where reading stands cannot be read: %w", err)
	}
	return c, nil
}

// record is one record of a list.
type record struct {
	// id is unique in its list, at the instant that the list is sorted by.
	id        string
	at        time.Time
	documents []Document
	// open says that it has not come to its end.
	open bool
}

// newestFirst is a list of a vendor.
type newestFirst struct {
	// page reads one page; next is the one after it, 0 after the last.
	page func(ctx context.Context, number int) (records []record, next int, err error)
	// one reads a single record again; nil where a list shows all changes at its top.
	one func(ctx context.Context, id string) (record, error)
	// since is where the past begins that is wanted.
	since time.Time
}

// read reads a list on: first the past, page by page, so that it goes on where
// it was interrupted; then what is new, and what was open.
func (l newestFirst) read(ctx context.Context, text json.RawMessage, take func(context.Context, Page) error) error {
	c, err := readCursor(text)
	if err != nil {
		return err
	}
	if c.Until.IsZero() {
		return l.past(ctx, c, take)
	}
	if err := l.again(ctx, &c, take); err != nil {
		return err
	}
	return l.news(ctx, c, take)
}

func (l newestFirst) past(ctx context.Context, c cursor, take func(context.Context, Page) error) error {
	last := ""
	for number := max(c.Page, 1); number != 0; {
		records, next, err := l.next(ctx, number, &last)
		if err != nil {
			return err
		}
		wanted := c.add(records, l.since)
		if len(wanted) < len(records) {
			next = 0
		}
		if number = next; next == 0 {
			c.Until, c.Top = c.Top, time.Time{}
			if c.Until.IsZero() {
				c.Until = l.since // Nothing is there yet.
			}
		}
		c.Page = next
		if err := l.give(ctx, c, wanted, take); err != nil {
			return err
		}
	}
	return nil
}

// next reads a page. A vendor that leads back to pages that were read, or
// gives the same page under every number, would never end.
func (l newestFirst) next(ctx context.Context, number int, last *string) ([]record, int, error) {
	records, next, err := l.page(ctx, number)
	if err != nil || len(records) == 0 {
		return nil, 0, err
	}
	if *last == records[0].id || next != 0 && (next <= number || next > maxPages) {
		return nil, 0, errEndless
	}
	*last = records[0].id
	return records, next, nil
}

// add notes records of a page, and gives those that are not too old.
func (c *cursor) add(records []record, since time.Time) []record {
	for i, r := range records {
		if r.at.Before(since) {
			return records[:i]
		}
		if r.at.After(c.Top) {
			c.Top = r.at
		}
		if c.Until.IsZero() {
			c.Done++
		}
		c.note(r)
	}
	return records
}

// maxOpen is how many open records are asked for again.
const maxOpen = 500

// note remembers a record as long as it is open.
func (c *cursor) note(r record) {
	for i, id := range c.Open {
		if id == r.id {
			c.Open = append(c.Open[:i:i], c.Open[i+1:]...)
			break
		}
	}
	if r.open && len(c.Open) < maxOpen {
		c.Open = append(c.Open, r.id)
	}
}

// again reads what was open.
func (l newestFirst) again(ctx context.Context, c *cursor, take func(context.Context, Page) error) error {
	if l.one == nil || len(c.Open) == 0 {
		return nil
	}
	var records []record
	for _, id := range append([]string(nil), c.Open...) {
		r, err := l.one(ctx, id)
		if err != nil {
			return err
		}
		r.id = id
		c.note(r)
		records = append(records, r)
	}
	return l.give(ctx, *c, records, take)
}

// news reads from the top down to what is known. Only then everything up to
// the top is known.
func (l newestFirst) news(ctx context.Context, c cursor, take func(context.Context, Page) error) error {
	known, last := c.Until.Add(-overlap), ""
	for number := 1; number != 0; {
		records, next, err := l.next(ctx, number, &last)
		if err != nil {
			return err
		}
		fresh := c.add(records, known)
		if len(fresh) < len(records) {
			next = 0
		}
		if number = next; next == 0 {
			if c.Top.After(c.Until) {
				c.Until = c.Top
			}
			c.Top = time.Time{}
		}
		if err := l.give(ctx, c, fresh, take); err != nil {
			return err
		}
	}
	return nil
}

func (newestFirst) give(ctx context.Context, c cursor, records []record, take func(context.Context, Page) error) error {
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	page := Page{Cursor: text, Done: c.Done, Complete: !c.Until.IsZero()}
	for _, r := range records {
		page.Documents = append(page.Documents, r.documents...)
	}
	return take(ctx, page)
}
