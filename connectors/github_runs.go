package connectors

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"time"
)

// githubShown is how many runs GitHub shows of any one query, whatever the
// total is (docs.github.com, "List workflow runs for a repository").
const githubShown = 1000

// runs lists runs of workflows by their creation.
func (l *githubList) runs(ctx context.Context, number int) ([]record, int, error) {
	page, err := l.runsOf(ctx, url.Values{}, number)
	return page.records, page.next, err
}

// runsIn lists those that were created in a window of time.
func (l *githubList) runsIn(ctx context.Context, from, to time.Time, number int) (windowPage, error) {
	created := from.UTC().Format(time.RFC3339) + ".." + to.UTC().Add(-time.Second).Format(time.RFC3339) // Both ends are meant.
	return l.runsOf(ctx, url.Values{"created": {created}}, number)
}

func (l *githubList) runsOf(ctx context.Context, query url.Values, number int) (windowPage, error) {
	var page struct {
		Total int               `json:"total_count"`
		Runs  []json.RawMessage `json:"workflow_runs"`
	}
	next, err := l.list(ctx, "actions/runs", query, number, &page)
	if err != nil {
		return windowPage{}, err
	}
	list, err := records(page.Runs, l.run)
	return windowPage{list, next, page.Total}, err
}

// runsCut tells of a second in which more runs were created than GitHub shows.
func (l *githubList) runsCut(second time.Time, total int) (Document, error) {
	return l.document(githubGapEvent, l.itself, map[string]any{"gap": githubGap{
		List: "workflow runs", At: second.UTC().Format(time.RFC3339), Total: total, Shown: githubShown,
	}})
}

func (l *githubList) runAgain(ctx context.Context, id string) (record, error) {
	var element json.RawMessage
	if _, err := l.get(ctx, l.at+"actions/runs/"+id, &element); err != nil {
		return record{}, err
	}
	return l.run(element)
}

func (l *githubList) run(element json.RawMessage) (record, error) {
	var run githubRun
	if err := json.Unmarshal(element, &run); err != nil {
		return record{}, fmt.Errorf("a run cannot be read: %w", err)
	}
	action := "in_progress"
	if run.Status == "completed" {
		action = "completed"
	}
	d, err := l.document("workflow_run", l.itself, map[string]any{"action": action, "workflow_run": element})
	return record{id: strconv.FormatInt(run.ID, 10), at: githubTime(run.CreatedAt), documents: []Document{d}, open: action != "completed"}, err
}
