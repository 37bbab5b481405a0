package connectors_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
)

// ran adds a run that ended, of some second since a day in May.
func (a *askedGithub) ran(id, second int) {
	at := time.Date(2019, 5, 1, 0, 0, second, 0, time.UTC).Format(time.RFC3339)
	a.github.Add(githubHere+"/actions/runs", map[string]any{
		"id": id, "name": "ci", "path": ".github/workflows/ci.yml", "event": "push", "status": "completed", "conclusion": "success", "run_attempt": 1,
		"head_sha": fmt.Sprintf("%040x", id), "head_branch": "master", "created_at": at, "run_started_at": at, "updated_at": at,
		"repository": map[string]any{"id": 1}, "head_repository": map[string]any{"id": 1},
	})
}

// wantRuns wants each of the runs from 1 to n.
func wantRuns(t *testing.T, events []evenkeel.Event, n int) {
	t.Helper()
	found := shas(events)
	for id := 1; id <= n; id++ {
		if found[fmt.Sprintf("run:%d/1", id)] == 0 {
			t.Fatalf("run %d is missing; %d are told", id, len(found))
		}
	}
	if len(found) != n {
		t.Errorf("%d runs, want %d", len(found), n)
	}
}

func TestMoreRunsThanGithubShowsAreReadInWindows(t *testing.T) {
	t.Parallel()
	a := newAskedGithub(t, 100)
	for id := 1; id <= 3300; id++ { // Most of them in two days of a year.
		a.ran(id, id*50)
	}
	got := a.mustPull("runs")
	wantRuns(t, got, 3300)
	if got[0].ID != "run:3300/1" {
		t.Errorf("the newest does not come first, but %s", got[0].ID)
	}
	if asked := len(a.vendor.Requests()); asked > 80 {
		t.Errorf("%d requests for 33 pages", asked)
	}
	if again := a.mustPull("runs"); len(again) > 20 {
		t.Errorf("%d runs are read again, of a quarter of an hour", len(again))
	}
	for id := 3301; id <= 5500; id++ { // While nobody asked.
		a.ran(id, id*50)
	}
	wantRuns(t, append(got, a.mustPull("runs")...), 5500)
}

func TestRunsGoOnWhereReadingStood(t *testing.T) {
	t.Parallel()
	a := newAskedGithub(t, 100)
	for id := 1; id <= 2500; id++ {
		a.ran(id, id*60)
	}
	var got []evenkeel.Event
	for interrupted := 0; ; interrupted++ {
		asked := len(a.vendor.Requests())
		a.vendor.Plan(nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, vendortest.Status(http.StatusForbidden))
		some, err := a.pull("runs")
		got = append(got, some...)
		if err == nil {
			if interrupted == 0 {
				t.Errorf("never interrupted: %d requests", len(a.vendor.Requests())-asked)
			}
			break
		}
		if interrupted > 20 {
			t.Fatal("it does not get on")
		}
	}
	wantRuns(t, got, 2500)
}

func TestMoreRunsInOneSecondThanGithubShows(t *testing.T) {
	t.Parallel()
	a := newAskedGithub(t, 100)
	a.ran(1, 0)
	for id := 2; id <= 1300; id++ {
		a.ran(id, 4000)
	}
	a.ran(1301, 8000)
	var said error
	events := map[string]int{}
	err := a.puller.Pull(t.Context(), "runs acme/checkout", nil, func(_ context.Context, page connectors.Page) error {
		for _, d := range page.Documents {
			read, err := a.reads.Parse(connectors.KeptHeader(d.Header), d.Body)
			if err != nil {
				said = err
			}
			for _, e := range read {
				events[e.ID]++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(events) != 1002 || events["run:1/1"] == 0 || events["run:1301/1"] == 0 {
		t.Errorf("%d runs, want the thousand that are shown and those around them", len(events))
	}
	if said == nil || !strings.Contains(said.Error(), "1000 of the 1299 workflow runs that were created at 2019-05-01T01:06:40Z were read") {
		t.Errorf("what is missing is not said: %v", said)
	}
	if asked := len(a.vendor.Requests()); asked > 100 { // Twice the doublings of a second in a year.
		t.Errorf("%d requests", asked)
	}
}
