package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
)

// errNothing says that an answer holds nothing.
var errNothing = errors.New("the answer is empty")

// tokened reads a list whose pages the vendor names by tokens: after reads the
// page of a token, "" the first, and gives that of the page after it, "" after
// the last. Pages may be empty; a vendor that leads back to a page does not end.
// A token that the vendor has forgotten has the list read from its top again:
// what is read twice is known the second time.
func tokened(after func(ctx context.Context, token string) (records []record, next string, err error)) func(context.Context, place) (listing, error) {
	seen := map[string]bool{"": true}
	return func(ctx context.Context, at place) (listing, error) {
		for token := at.After; ; {
			records, next, err := after(ctx, token)
			switch {
			case token != "" && errors.Is(err, evenkeel.ErrInvalid):
				token = ""
				continue
			case err != nil:
				return listing{}, err
			case next == "":
				return listing{records: records}, nil
			case seen[next] || len(seen) > maxPages:
				return listing{}, errEndless
			}
			if seen[next], token = true, next; len(records) > 0 {
				return listing{records: records, next: place{Page: at.Page + 1, After: next}}, nil
			}
		}
	}
}

// below makes an address of the interface that a vendor has written out one
// below its base; another host is none.
func (a *asker) below(address string) (string, error) {
	whole, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("the next page of %s is not an address", a.vendor)
	}
	if whole = a.base.ResolveReference(whole); whole.Scheme != a.base.Scheme || whole.Host != a.base.Host {
		return "", fmt.Errorf("the next page %w, %s", outgoing.ErrElsewhere, shortQuote(whole.Host))
	}
	path, inside := strings.CutPrefix(whole.EscapedPath(), a.base.EscapedPath())
	if !inside {
		return "", fmt.Errorf("the next page of %s leads out of its interface", a.vendor)
	}
	return path + "?" + whole.RawQuery, nil
}

// may says whether the credentials may read an address: nil where the vendor
// has neither granted nor refused it.
func (a *asker) may(ctx context.Context, address string) (*bool, error) {
	var granted bool
	_, err := a.get(ctx, address, &json.RawMessage{})
	switch {
	case err == nil:
		granted = true
	case errors.Is(err, evenkeel.ErrDenied):
	case errors.Is(err, evenkeel.ErrNotFound):
		return nil, nil
	default:
		return nil, err
	}
	return &granted, nil
}

// one reads one record of a list.
func (a *asker) one(what string, text json.RawMessage, v any) error {
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("%s of %s cannot be read: %w", what, a.vendor, err)
	}
	return nil
}

// ifAny is get of what may not be there.
func (a *asker) ifAny(ctx context.Context, address string, v any) error {
	_, err := a.get(ctx, address, v)
	if errors.Is(err, evenkeel.ErrNotFound) {
		return nil
	}
	return err
}

// listedAt is an instant by which a list is sorted; zero if it cannot be read.
func listedAt(text string) time.Time {
	at, _ := vendorInstant(text)
	return at
}

// listedOr is listedAt, and another instant for a text that cannot be read: it
// ends no list, and the receiver says what is wrong with the record.
func listedOr(text string, other time.Time) time.Time {
	if at := listedAt(text); !at.IsZero() {
		return at
	}
	return other
}
