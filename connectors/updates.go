package connectors

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// updates is a list of a vendor that can be asked for by the last update of its
// records. Whatever happens to a record moves it to the top of the list, so
// nothing has to be asked for a second time.
type updates struct {
	// query is what is asked for; the list is read anew when it changes.
	query string
	// page reads records that were updated at from or later, newest first, from
	// a place on.
	page func(ctx context.Context, from time.Time, at spot) (updatesPage, error)
	// since is where the past begins that is wanted.
	since time.Time
}

// spot is where a page of such a list begins.
type spot struct {
	// Before bounds the updates that are asked for; zero does not. It moves down
	// with every page, because what is updated meanwhile leaves its place and
	// shifts those that the vendor counts.
	Before time.Time
	// After is how far the records of that bound are read, in the vendor's terms;
	// empty is from their beginning.
	After string
}

// below is the place behind records of a page. unit is how exactly the vendor
// can be asked for instants: all of the last unit is read again. after is
// where the next page begins if no bound tells the records apart.
func (p spot) below(records []record, unit time.Duration, after string) spot {
	lowest := p.Before
	for _, r := range records {
		// A record may be newer than what it was found by, never older.
		if end := r.at.Truncate(unit).Add(unit); lowest.IsZero() || end.Before(lowest) {
			lowest = end
		}
	}
	if lowest.Equal(p.Before) {
		return spot{p.Before, after}
	}
	return spot{Before: lowest}
}

func (p spot) same(other spot) bool { return p.Before.Equal(other.Before) && p.After == other.After }

// updatesPage is one page of such a list.
type updatesPage struct {
	records []record
	// next is the place behind it; nil after the last page.
	next *spot
	// total counts the records that the vendor says are behind the beginning of
	// the page; 0 where it does not say.
	total int
}

// updatesCursor is where reading stands. A list is read in spans, each from
// the newest record down to what is known.
type updatesCursor struct {
	Query string `json:"query"`
	// Until is the instant up to which everything is known; zero while the past
	// is read.
	Until time.Time `json:"until,omitzero"`
	// Since is the instant down to which the past was read; zero before it was, and
	// where an older program read it.
	Since time.Time `json:"since,omitzero"`
	// Top is the newest instant of the span, and Before down to where it is read;
	// zero between spans.
	Top    time.Time `json:"top,omitzero"`
	Before time.Time `json:"before,omitzero"`
	Done   int       `json:"done,omitzero"`
	Total  int       `json:"total,omitzero"`
}

// maxIdle is how many pages may tell nothing new, one after another.
const maxIdle = 20

func (u updates) read(ctx context.Context, text json.RawMessage, take func(context.Context, Page) error) error {
	c := updatesCursor{}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &c); err != nil {
			return fmt.Errorf("where reading stands cannot be read: %w", err)
		}
	}
	if c.Query != u.query {
		c = updatesCursor{Query: u.query}
	}
	from := u.since
	if !c.Until.IsZero() {
		from = c.Until.Add(-overlap)
	}
	return u.span(ctx, c, from, take)
}

// span reads on from where it stands down to an instant.
func (u updates) span(ctx context.Context, c updatesCursor, from time.Time, take func(context.Context, Page) error) error {
	at, known, idle := spot{Before: c.Before}, map[string]bool{}, 0
	for pages := 1; ; pages++ {
		page, err := u.page(ctx, from, at)
		if err != nil {
			return err
		}
		fresh := unread(known, page.records)
		if idle++; len(fresh) > 0 {
			idle = 0
		}
		if page.next != nil && (page.next.same(at) || pages >= maxPages || idle > maxIdle) {
			return errEndless
		}
		c.add(fresh, page)
		if page.next == nil {
			c.end(u.since)
		}
		if err := c.give(ctx, fresh, take); err != nil || page.next == nil {
			return err
		}
		at = *page.next
	}
}

// unread leaves out records that were read as they are.
func unread(known map[string]bool, records []record) []record {
	var fresh []record
	for _, r := range records {
		name := r.id + "\x1f" + r.at.String()
		if !known[name] {
			known[name] = true
			fresh = append(fresh, r)
		}
	}
	return fresh
}

// add notes what a page has brought.
func (c *updatesCursor) add(fresh []record, page updatesPage) {
	for _, r := range fresh {
		if r.at.After(c.Top) {
			c.Top = r.at
		}
	}
	if c.Until.IsZero() {
		if c.Done == 0 {
			c.Total = page.total
		}
		c.Done += len(fresh)
	}
	if page.next != nil {
		c.Before = page.next.Before
	}
}

// end says that a span is read to its end.
func (c *updatesCursor) end(since time.Time) {
	if c.Until.IsZero() {
		c.Until, c.Since = since, since
	}
	if c.Top.After(c.Until) {
		c.Until = c.Top
	}
	c.Top, c.Before = time.Time{}, time.Time{}
}

func (c *updatesCursor) give(ctx context.Context, fresh []record, take func(context.Context, Page) error) error {
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	page := Page{Cursor: text, Done: c.Done, Complete: !c.Until.IsZero()}
	if c.Total > 0 {
		page.Total = max(c.Total, c.Done) // Some came meanwhile.
	}
	for _, r := range fresh {
		page.Documents = append(page.Documents, r.documents...)
	}
	return take(ctx, page)
}
