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
	// maxPages is how many pages of one list are believed, maxRecords how many records.
	maxPages   = 20_000
	maxRecords = 100 * maxPages
)

var (
	// errEndless says that a vendor gives pages without end.
	errEndless = errors.New("the vendor's list does not end; it is read again later")
	// errHollow says that a page was empty although others follow.
	errHollow = errors.New("a page of the vendor's list was empty although others follow; it is read again later")
)

// place is a page of a list that a vendor gives newest first.
type place struct {
	// Page is its number; 0 is no page.
	Page int `json:"page,omitzero"`
	// Before is the instant from which on down pages are counted; zero is the top.
	Before time.Time `json:"before,omitzero"`
	// After is what the vendor calls the page where numbers mean nothing to it.
	After string `json:"after,omitzero"`
	// since is the instant down to which the list is wanted.
	since time.Time
}

// below says that p lies further down than another place.
func (p place) below(other place) bool {
	lower := !p.Before.IsZero() && (other.Before.IsZero() || p.Before.Before(other.Before))
	return lower || p.Page > other.Page && p.Before.Equal(other.Before)
}

// listing is a page as it was read.
type listing struct {
	records []record
	// next is the place of the page after it; no page after the last.
	next place
	// total counts the records of the whole list; 0 is unknown.
	total int
}

// numbered reads a list whose pages have numbers; next is 0 after the last.
func numbered(page func(ctx context.Context, number int) (records []record, next int, err error)) func(context.Context, place) (listing, error) {
	return func(ctx context.Context, at place) (listing, error) {
		records, next, err := page(ctx, at.Page)
		return listing{records: records, next: place{Page: next}}, err
	}
}

// cursor is where reading a list stands that the vendor gives newest first.
type cursor struct {
	// Until is the instant up to which everything is known; zero while the past
	// is read.
	Until time.Time `json:"until,omitzero"`
	// Since is the instant down to which the past was read; zero before it was, and
	// where an older program read it.
	Since time.Time `json:"since,omitzero"`
	// Top is the newest instant that was seen when reading the past began.
	Top time.Time `json:"top,omitzero"`
	// The next page of the past.
	place
	Done  int `json:"done,omitzero"`
	Total int `json:"total,omitzero"`
	// Edge and Width are where the next window of time ends and how long it is,
	// in a list that is read in such windows; zero between such reads.
	Edge  time.Time     `json:"edge,omitzero"`
	Width time.Duration `json:"width,omitzero"`
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

// KnownTo is the instant up to which all of a list is known, as where reading
// stands says; zero while its past is read, and where it does not say.
func KnownTo(stands json.RawMessage) time.Time {
	c, err := readCursor(stands)
	if err != nil {
		return time.Time{}
	}
	return c.Until
}

// ReadDownTo is the instant down to which the past of a list was read, as where
// reading stands says; zero where it does not say. ok says that reading is through:
// it does not stand in the middle of the past, or of what is new.
func ReadDownTo(stands json.RawMessage) (since time.Time, ok bool) {
	var c struct {
		Since time.Time `json:"since"`
		Top   time.Time `json:"top"`
	}
	err := json.Unmarshal(stands, &c)
	return c.Since, err == nil && c.Top.IsZero()
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
	// page reads one page.
	page func(ctx context.Context, at place) (listing, error)
	// one reads a single record again; nil where a list shows all changes at its top.
	one func(ctx context.Context, id string) (record, error)
	// fill reads the documents of records that are wanted, where a page has not;
	// nil where every page has.
	fill func(ctx context.Context, records []record) error
	// since is where the past begins that is wanted.
	since time.Time
	// pages is how many pages of news are read before it is errMany; 0 is any number.
	pages int
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
	c.Page = max(c.Page, 1)
	for c.Page != 0 {
		found, err := l.next(ctx, c.place, l.since, &last)
		if err != nil {
			return err
		}
		wanted := c.add(found.records, l.since)
		c.place, c.Total = found.next, max(c.Total, found.total)
		if len(wanted) < len(found.records) {
			c.place = place{}
		}
		if c.Page == 0 {
			c.Until, c.Since, c.Top = c.Top, l.since, time.Time{}
			if c.Until.IsZero() {
				c.Until = l.since // Nothing is there yet.
			}
		}
		if c.Done > maxRecords {
			return errEndless
		}
		if err := l.give(ctx, c, wanted, take); err != nil {
			return err
		}
	}
	return nil
}

// next reads a page. A vendor that leads back to pages that were read, or
// gives the same page under every number, would never end.
func (l newestFirst) next(ctx context.Context, at place, since time.Time, last *string) (listing, error) {
	at.since = since
	found, err := l.page(ctx, at)
	switch {
	case err != nil:
		return listing{}, err
	case len(found.records) == 0 && found.next.Page != 0:
		return listing{}, errHollow
	case len(found.records) == 0:
		return listing{}, nil
	case *last == found.records[0].id, found.next.Page != 0 && !found.next.below(at), found.next.Page > maxPages:
		return listing{}, errEndless
	}
	*last = found.records[0].id
	return found, nil
}

// add notes records of a page, and gives those that are not too old. A vendor
// may have mixed them up within the page.
func (c *cursor) add(records []record, since time.Time) []record {
	wanted := make([]record, 0, len(records))
	for _, r := range records {
		if r.at.Before(since) {
			continue
		}
		wanted = append(wanted, r)
		if r.at.After(c.Top) {
			c.Top = r.at
		}
		if c.Until.IsZero() {
			c.Done++
		}
		c.note(r)
	}
	return wanted
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
	for at := (place{Page: 1}); at.Page != 0; {
		if l.pages > 0 && at.Page > l.pages {
			return errMany
		}
		found, err := l.next(ctx, at, known, &last)
		if err != nil {
			return err
		}
		fresh := c.add(found.records, known)
		if at = found.next; len(fresh) < len(found.records) {
			at = place{}
		}
		if at.Page == 0 {
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

func (l newestFirst) give(ctx context.Context, c cursor, records []record, take func(context.Context, Page) error) error {
	if l.fill != nil {
		if err := l.fill(ctx, records); err != nil {
			return err
		}
	}
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	page := Page{Cursor: text, Done: c.Done, Total: c.Total, Complete: !c.Until.IsZero()}
	for _, r := range records {
		page.Documents = append(page.Documents, r.documents...)
	}
	return take(ctx, page)
}
