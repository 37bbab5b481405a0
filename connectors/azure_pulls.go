package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// azureWindow is how much of the past of pull requests is asked for at once.
// Azure DevOps does not say how it sorts them.
const azureWindow = 7 * 24 * time.Hour

// pulls reads the pull requests that were closed in a window, the newest window
// first. News are one window.
func (l *azureList) pulls(ctx context.Context, at place) (listing, error) {
	for upper := at.Before; ; {
		lower := at.since
		if newest := firstTime(upper, l.now()); at.since.Equal(l.since) && newest.Add(-azureWindow).After(lower) {
			lower = newest.Add(-azureWindow)
		}
		records, err := l.closed(ctx, lower, upper)
		if err != nil {
			return listing{}, err
		}
		next := place{Page: 1, Before: lower}
		if !lower.After(at.since) {
			next = place{}
		}
		if len(records) > 0 || next.Page == 0 {
			return listing{records: records, next: next}, nil
		}
		upper = lower
	}
}

func firstTime(a, b time.Time) time.Time {
	if a.IsZero() {
		return b
	}
	return a
}

// closed are the pull requests that were closed in a window; a zero upper is
// now. A server that is too old to know windows gives all of them.
func (l *azureList) closed(ctx context.Context, lower, upper time.Time) ([]record, error) {
	query := url.Values{"searchCriteria.status": {"all"}, "searchCriteria.queryTimeRangeType": {"closed"}, "searchCriteria.minTime": {lower.UTC().Format(time.RFC3339)}}
	if !upper.IsZero() {
		query.Set("searchCriteria.maxTime", upper.UTC().Format(time.RFC3339))
	}
	found, err := azureSkipped[azureListedPull](ctx, l.azureClient, "_apis/git/repositories/"+l.thing+"/pullrequests", query)
	if err != nil {
		return nil, err
	}
	var list []record
	for _, pull := range found {
		at := listedAt(pull.Closed)
		if at.IsZero() || at.Before(lower) || !upper.IsZero() && at.After(upper) {
			continue
		}
		key := strconv.FormatInt(pull.ID, 10) + " " + pull.Closed
		r, err := l.told.get(l.thing+" "+key, func() (record, error) {
			d, err := l.pull(ctx, pull, pull.Closed)
			return record{id: key, at: at, documents: []Document{d}}, err
		})
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b record) int { return b.at.Compare(a.at) })
	return list, nil
}

// active tells of the pull requests that are open, each once: they are listed
// again at every look. One that takes another form is told again.
func (l *azureList) active(ctx context.Context, take func(context.Context, Page) error) error {
	found, err := azureSkipped[azureListedPull](ctx, l.azureClient, "_apis/git/repositories/"+l.thing+"/pullrequests", url.Values{"searchCriteria.status": {"active"}})
	if err != nil {
		return err
	}
	var keys []string
	page := Page{Cursor: json.RawMessage(`{}`), Done: len(found), Total: len(found), Complete: true}
	for _, pull := range found {
		if pull.Repository, err = l.repositoryOf(ctx, l.thing); err != nil {
			return err
		}
		d, err := azureDocument(azureAskedPull, pull.Created, azureAskedChange{azurePull: pull.azurePull})
		if err != nil {
			return err
		}
		if key := l.thing + " " + string(d.Body); !l.told.has(key) {
			keys, page.Documents = append(keys, key), append(page.Documents, d)
		}
	}
	if err := take(ctx, page); err != nil {
		return err
	}
	for _, key := range keys { // Only what was taken is not told again.
		l.told.keep(key, record{})
	}
	return nil
}

// pull is a pull request with its commits and votes.
func (l *azureList) pull(ctx context.Context, pull azureListedPull, at string) (Document, error) {
	itself, err := l.repositoryOf(ctx, l.thing)
	if err != nil {
		return Document{}, err
	}
	pull.Repository = itself
	whole, one := azureAskedChange{azurePull: pull.azurePull}, "_apis/git/repositories/"+l.thing+"/pullRequests/"+strconv.FormatInt(pull.ID, 10)
	whole.Commits, err = azureAll[azureCommit](ctx, l.azureClient, one+"/commits", url.Values{})
	if err != nil && !errors.Is(err, evenkeel.ErrNotFound) {
		return Document{}, err
	}
	whole.Votes, err = l.votes(ctx, one, pull.Author.ID)
	if err != nil {
		return Document{}, err
	}
	return azureDocument(azureAskedPull, at, whole)
}

// azureListedPull is a pull request in a list, with the id of its author, which
// goes no further.
type azureListedPull struct {
	azurePull

	Author azurePerson `json:"createdBy"`
}

type azurePerson struct {
	ID string `json:"id"`
}

// azureThread is a thread of remarks.
type azureThread struct {
	Published  string                 `json:"publishedDate"`
	Identities map[string]azurePerson `json:"identities"`
	Properties map[string]azureValue  `json:"properties"`
}

// azureValue is a property of a thread.
type azureValue struct {
	Value any `json:"$value"`
}

func (v azureValue) text() string { return fmt.Sprint(v.Value) }

// votes are those on a pull request, and nothing of who gave them. They stand
// among the remarks that Azure DevOps itself makes.
func (l *azureList) votes(ctx context.Context, one, author string) (votes []azureVote, err error) {
	var found azureListed[azureThread]
	if _, err := l.ask(ctx, l.asker, one+"/threads", url.Values{}, &found); err != nil && !errors.Is(err, evenkeel.ErrNotFound) {
		return nil, err
	}
	for _, thread := range found.Value {
		if thread.Properties["CodeReviewThreadType"].text() != "VoteUpdate" {
			continue
		}
		vote, err := strconv.Atoi(thread.Properties["CodeReviewVoteResult"].text())
		if err != nil {
			continue
		}
		voter := thread.Identities[thread.Properties["CodeReviewVotedByIdentity"].text()].ID
		votes = append(votes, azureVote{At: thread.Published, Vote: vote, Own: voter != "" && voter == author})
	}
	return votes, nil
}
