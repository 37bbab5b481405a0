package connectors_test

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
)

// pulled adds a pull request of some hour in May with commits and reviews;
// what it is like follows from its number.
func (a *askedGithub) pulled(number, commits int) {
	at := func(hours int) string {
		return time.Date(2019, 5, 1, 0, number+hours, 0, 0, time.UTC).Format(time.RFC3339)
	}
	sha := func(n int) string { return fmt.Sprintf("%040x", number*1000+n) }
	users := []map[string]any{
		{"id": 5, "login": "ana", "type": "User"}, {"id": 49699333, "login": "dependabot[bot]", "type": "Bot"}, {"id": 10137, "login": "ghost", "type": "User"}, {"id": 6, "login": "bo", "type": "Mannequin"},
	}
	pull := map[string]any{
		"number": number, "state": "open", "draft": number%3 == 0, "merged": false, "merge_commit_sha": sha(999), "body": nil, "user": users[number%4],
		"created_at": at(0), "updated_at": at(9), "closed_at": nil, "merged_at": nil, "changed_files": number % 7, "additions": 12, "deletions": 0,
		"labels": []any{map[string]any{"name": "bug"}, map[string]any{"name": strconv.Itoa(number)}},
		"head":   map[string]any{"ref": "topic", "sha": sha(1)}, "base": map[string]any{"ref": "master", "sha": sha(2)},
	}
	switch number % 5 {
	case 0:
		pull["state"], pull["merged"], pull["merged_at"], pull["closed_at"] = "closed", true, at(8), at(8)
	case 1:
		pull["state"], pull["closed_at"] = "closed", at(7)
	case 2:
		pull["body"] = "Reverts acme/checkout#1"
	}
	one := fmt.Sprintf("%s/pulls/%d", githubHere, number)
	a.github.Put(one, pull)
	a.github.Add(githubHere+"/pulls", pull)
	for n := range commits {
		a.github.Add(one+"/commits", map[string]any{"sha": sha(n + 10), "parents": []any{}, "commit": map[string]any{"message": "work", "author": map[string]any{"date": at(-n)}, "committer": map[string]any{"date": at(0)}}})
	}
	for n, state := range []string{"APPROVED", "COMMENTED", "CHANGES_REQUESTED", "DISMISSED"} {
		a.github.Add(one+"/reviews", map[string]any{"state": state, "submitted_at": at(4 - n), "user": users[(number+n)%4]})
	}
}

// withoutQueries has GitHub answer as an installation without GraphQL.
func withoutQueries(w http.ResponseWriter, r *http.Request, next http.Handler) {
	if r.URL.Path == "/graphql" {
		vendortest.Status(http.StatusNotFound)(w, r, next)
		return
	}
	next.ServeHTTP(w, r)
}

func TestQueriesSayWhatSingleCallsSay(t *testing.T) {
	t.Parallel()
	by := func(fault vendortest.Fault) (told string, asked int) {
		a := newAskedGithub(t, 100)
		a.vendor.Always(fault)
		for number := 1; number <= 60; number++ {
			a.pulled(number, number%4)
		}
		a.pulled(61, 130) // More than a query tells.
		told = asText(a.mustPull("pulls")...)
		return told, len(a.vendor.Requests())
	}
	single, slow := by(withoutQueries)
	queried, fast := by(nil)
	if single != queried {
		t.Error(cmp.Diff(strings.Split(single, "},{"), strings.Split(queried, "},{")))
	}
	if !strings.Contains(queried, `"bot":"dependabot[bot]"`) || strings.Contains(queried, "ana") {
		t.Error("bots are to be named, and persons not")
	}
	if slow < 180 || fast > 12 {
		t.Errorf("%d requests instead of %d", fast, slow)
	}
}

func TestQueriesShrinkWhereGithubGivesUp(t *testing.T) {
	t.Parallel()
	a := newAskedGithub(t, 100)
	for number := 1; number <= 100; number++ {
		a.pulled(number, 1)
	}
	a.github.Weigh(7)
	if n := changes(t, a); n != 100 {
		t.Errorf("%d changes", n)
	}
	singles := 0
	for _, request := range a.vendor.Requests() {
		if strings.HasSuffix(request.URL.Path, "/reviews") {
			singles++
		}
	}
	if singles > 0 || a.github.Queries() < 15 {
		t.Errorf("%d single calls and %d queries", singles, a.github.Queries())
	}
	a.github.Weigh(0)
	a.cursor = nil
	before := a.github.Queries()
	changes(t, a)
	if n := a.github.Queries() - before; n > 12 { // Six at a time do not stay.
		t.Errorf("%d queries once GitHub has recovered", n)
	}
	a.github.Weigh(0)
	a.vendor.Always(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Method == http.MethodPost { // Whatever is asked is too much.
			vendortest.Status(http.StatusBadGateway)(w, r, next)
			return
		}
		next.ServeHTTP(w, r)
	})
	a.cursor = nil
	if n := changes(t, a); n != 100 {
		t.Errorf("%d changes where no query works", n)
	}
}

// changes are how many pull requests are told.
func changes(t *testing.T, a *askedGithub) int {
	t.Helper()
	return len(shas(a.mustPull("pulls")))
}

func TestQueriesWaitForTheirLimit(t *testing.T) {
	t.Parallel()
	a := newAskedGithub(t, 100)
	a.pulled(1, 1)
	reset := a.clock.Now().Add(20 * time.Minute)
	a.vendor.Always(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Method != http.MethodPost {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("X-Ratelimit-Remaining", "0")
		w.Header().Set("X-Ratelimit-Reset", strconv.FormatInt(reset.Unix(), 10))
		fmt.Fprint(w, `{"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded"}]}`)
	})
	_, err := a.pull("pulls")
	if limit, ok := errors.AsType[*outgoing.LimitError](err); !ok || !limit.Until.Equal(reset) {
		t.Errorf("got %v, want to come again at %v", err, reset)
	}
	a.vendor.Always(nil)
	if len(a.mustPull("commits")) != 0 {
		t.Error("commits")
	}
	a.until(reset.Format(time.RFC3339))
	if n := changes(t, a); n != 1 {
		t.Errorf("%d changes after the limit's end", n)
	}
}

func TestAQueryThatBreaksOffIsAskedAgain(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"nothing":   `{"data":null,"errors":[{"message":"Something went wrong while executing your query. This may be the result of a timeout."}]}`,
		"half":      `{"data":{"repository":{"p1":{"number":1,`,
		"forbidden": `{"data":{"repository":null},"errors":[{"type":"FORBIDDEN","message":"Resource not accessible"}]}`,
	} {
		a := newAskedGithub(t, 100)
		for number := 1; number <= 3; number++ {
			a.pulled(number, 1)
		}
		a.vendor.Plan(nil, nil, vendortest.Instead(nil, body)) // The repository and the list.
		if n := changes(t, a); n != 3 {
			t.Errorf("%s: %d changes", name, n)
		}
	}
}
