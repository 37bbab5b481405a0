package connectors

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
)

// pulls lists pull requests by their last change, without what hangs on them:
// that is read of those that are wanted.
func (l *githubList) pulls(ctx context.Context, number int) ([]record, int, error) {
	var page []json.RawMessage
	next, err := l.list(ctx, "pulls", url.Values{"state": {"all"}, "sort": {"updated"}, "direction": {"desc"}}, number, &page)
	if err != nil {
		return nil, 0, err
	}
	list, err := records(page, func(element json.RawMessage) (record, error) {
		var short githubPull
		if err := json.Unmarshal(element, &short); err != nil {
			return record{}, fmt.Errorf("a pull request cannot be read: %w", err)
		}
		return record{id: strconv.FormatInt(short.Number, 10), at: githubTime(short.UpdatedAt)}, nil
	})
	return list, next, err
}

// fillPulls reads pull requests with their commits and reviews: many in one
// query where GraphQL answers, else one by one.
func (l *githubList) fillPulls(ctx context.Context, list []record) error {
	numbers := make([]string, len(list))
	for i, r := range list {
		numbers[i] = r.id
	}
	whole, err := l.pullsAtOnce(ctx, numbers)
	if err != nil {
		return err
	}
	for i, r := range list {
		members := whole[r.id]
		if members == nil {
			if members, err = l.pull(ctx, r.id); err != nil {
				return err
			}
		}
		d, err := l.document(githubPullEvent, l.itself, members)
		if err != nil {
			return err
		}
		list[i].documents = []Document{d}
	}
	return nil
}

// pull reads one pull request; the list leaves its size out.
func (l *githubList) pull(ctx context.Context, number string) (map[string]any, error) {
	var whole json.RawMessage
	if _, err := l.get(ctx, l.at+"pulls/"+number, &whole); err != nil {
		return nil, err
	}
	commits, err := l.all(ctx, "pulls/"+number+"/commits", 250) // GitHub gives no more.
	if err != nil {
		return nil, err
	}
	reviews, err := l.all(ctx, "pulls/"+number+"/reviews", 1000)
	if err != nil {
		return nil, err
	}
	return map[string]any{"pull_request": whole, "commits": commits, "reviews": reviews}, nil
}
