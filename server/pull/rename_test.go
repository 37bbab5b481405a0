package pull_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// pulled adds or changes a pull request.
func (o *office) pulled(at string, number, updated int, merged bool) {
	when := func(n int) string { return time.Date(2019, 5, 2, n, 0, 0, 0, time.UTC).Format(time.RFC3339) }
	pull := map[string]any{
		"number": number, "state": "open", "created_at": when(0), "updated_at": when(updated), "user": map[string]any{"id": 1, "login": "kim", "type": "User"},
		"head": map[string]any{"ref": "topic", "sha": fmt.Sprintf("%040x", 500+number)}, "base": map[string]any{"ref": "main"}, "labels": []any{},
	}
	if merged {
		pull["state"], pull["merged"], pull["merged_at"], pull["closed_at"] = "closed", true, when(updated), when(updated)
		pull["merge_commit_sha"] = fmt.Sprintf("%040x", 900+number)
	}
	o.github.Clear(at + "/pulls")
	o.github.Add(at+"/pulls", pull)
	o.github.Put(fmt.Sprintf("%s/pulls/%d", at, number), pull)
}

// hooked takes a webhook of GitHub in.
func (o *office) hooked(event string, body map[string]any) {
	o.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		o.t.Fatal(err)
	}
	o.deliver(event, map[string]string{"X-Github-Event": event}, text)
}

// repositories counts deployments and changes by repository.
func (o *office) repositories() map[string]int {
	o.t.Helper()
	found := map[string]int{}
	w := o.store.In("acme")
	deployments, err := w.Deployments(o.t.Context(), evenkeel.Filter{Limit: 500})
	changes, other := w.Changes(o.t.Context(), evenkeel.Filter{Limit: 500})
	if err = errors.Join(err, other); err != nil {
		o.t.Fatal(err)
	}
	for _, d := range deployments.Items {
		found["deployments of "+d.Value.Repository]++
	}
	for _, c := range changes.Items {
		found[string(c.Value.State)+" changes of "+c.Value.Repository]++
	}
	return found
}

func TestARenamedRepositoryKeepsItsHistory(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		o.deployed(1)
		o.deployed(2)
		o.pulled(repository, 7, 1, false)
		o.readAll()
		read := o.streams()["pulls acme/checkout"]
		o.github.Rename("acme/checkout", "beta/shop")
		const moved = "repos/beta/shop"
		at := "2019-05-01T03:00:00Z"
		o.hooked("deployment_status", map[string]any{ // Before anybody has asked.
			"action": "created", "sender": map[string]any{"login": "kim"},
			"repository":        map[string]any{"id": 1, "full_name": "beta/shop", "html_url": "https://github.com/beta/shop", "default_branch": "main"},
			"deployment":        map[string]any{"id": 3, "sha": fmt.Sprintf("%040x", 3), "ref": "main", "environment": "production", "created_at": at, "updated_at": at},
			"deployment_status": map[string]any{"id": 3, "state": "success", "environment": "production", "created_at": at},
		})
		o.hooked("deployment_status", map[string]any{ // Another repository has the name now.
			"action": "created", "sender": map[string]any{"login": "kim"},
			"repository":        map[string]any{"id": 2, "full_name": "acme/checkout", "html_url": "https://github.com/acme/checkout", "default_branch": "main"},
			"deployment":        map[string]any{"id": 4, "sha": fmt.Sprintf("%040x", 4), "ref": "main", "environment": "production", "created_at": at, "updated_at": at},
			"deployment_status": map[string]any{"id": 4, "state": "success", "environment": "production", "created_at": at},
		})
		o.pulled(moved, 7, 5, true)
		if err := o.clock.Sleep(t.Context(), time.Hour); err != nil {
			t.Fatal(err)
		}
		o.readAll()
		want := map[string]int{"deployments of github.com/acme/checkout": 3, "deployments of github.com/acme/checkout~2": 1, "merged changes of github.com/acme/checkout": 1}
		if got := o.repositories(); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("got %v, want %v", got, want)
		}
		now := o.streams()["pulls acme/checkout"]
		if now.Version <= read.Version || now.Error != "" || !now.Complete {
			t.Errorf("the stream does not go on: %+v", now)
		}
		if access := string(o.streams()[""].Cursor); !strings.Contains(access, "beta/shop as acme/checkout") {
			t.Errorf("nobody is told: %s", access)
		}
	})
}

func TestADeliveryThatFailedCountsOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		at := o.clock.Now().Add(-2 * time.Hour).UTC().Format(time.RFC3339)
		body := map[string]any{
			"action": "created", "repository": map[string]any{"id": 1, "full_name": "acme/checkout", "html_url": "https://github.com/acme/checkout"},
			"deployment":        map[string]any{"id": 9, "sha": fmt.Sprintf("%040x", 9), "ref": "main", "environment": "production", "created_at": at, "updated_at": at},
			"deployment_status": map[string]any{"id": 9, "state": "success", "environment": "production", "created_at": at},
		}
		hook := repository + "/hooks/5"
		o.github.Add(repository+"/hooks", map[string]any{"id": 5, "config": map[string]any{"url": "https://evenkeel.example/hooks/github/" + o.connection.ID}})
		o.github.Add(hook+"/deliveries", map[string]any{"id": 70, "guid": "lost", "delivered_at": at, "status_code": 502, "event": "deployment_status"})
		o.github.Put(hook+"/deliveries/70", map[string]any{"id": 70, "guid": "lost", "event": "deployment_status", "request": map[string]any{
			"headers": map[string]string{"X-GitHub-Event": "deployment_status", "X-GitHub-Delivery": "lost"}, "payload": body,
		}})
		o.readAll()
		if n := o.deployments(); n != 1 {
			t.Fatalf("%d deployments, want the one that never arrived", n)
		}
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		done, err := o.store.In("acme").Deliver(t.Context(), []evenkeel.Delivery{{ // Somebody sends it again.
			Connection: o.connection.ID, Source: "github", Event: "deployment_status", Key: "lost", Body: text, Size: len(text), ReceivedAt: o.clock.Now(), Outcome: evenkeel.OutcomeIgnored,
		}})
		if err != nil || !done[0].Repeated {
			t.Errorf("sent again it is %+v, %v", done, err)
		}
		next := o.streams()["hooks "+hook].NextAt
		if pause := next.Sub(o.clock.Now()); pause != time.Hour {
			t.Errorf("the next look is in %v", pause)
		}
	})
}

func TestCommitsOfAReleaseBranchAreFound(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		sha := func(n int) string { return strings.Repeat(fmt.Sprintf("%02x", n), 20) }
		deployed := func(n int) {
			at := time.Date(2019, 5, 1, n, 0, 0, 0, time.UTC).Format(time.RFC3339)
			o.github.Add(repository+"/deployments", map[string]any{"id": n, "sha": sha(n), "ref": "release", "environment": "production", "created_at": at, "updated_at": at})
		}
		commit := func(n int, parents ...int) map[string]any {
			at := time.Date(2019, 4, 30, 0, n, 0, 0, time.UTC).Format(time.RFC3339)
			list := []any{}
			for _, parent := range parents {
				list = append(list, map[string]any{"sha": sha(parent)})
			}
			return map[string]any{"sha": sha(n), "parents": list, "commit": map[string]any{"message": "work", "author": map[string]any{"date": at}, "committer": map[string]any{"date": at}}}
		}
		for n := 1; n <= 4; n++ { // 5 to 16 lie on a release branch that left at 2.
			o.github.Add(repository+"/commits", commit(n, n-1))
		}
		compared := repository + "/compare/main..." + sha(16)
		o.github.Add(compared, commit(5, 2))
		for n := 6; n <= 16; n++ {
			o.github.Add(compared, commit(n, n-1))
		}
		o.github.Put(compared+"#base", commit(2, 1))
		deployed(3)
		deployed(16)
		deployed(99) // Of which nothing is left.
		unknown := func() string {
			t.Helper()
			list, err := o.store.In("acme").UnknownCommits(t.Context(), "github.com/acme/checkout", o.clock.Now().AddDate(0, -2, 0))
			if err != nil {
				t.Fatal(err)
			}
			return strings.Join(list, " ")
		}
		o.readAll()
		if got := unknown(); got != sha(99)+" "+sha(16) {
			t.Errorf("unknown at first: %s", got)
		}
		for range 3 {
			if err := o.clock.Sleep(t.Context(), 20*time.Minute); err != nil {
				t.Fatal(err)
			}
			o.readAll()
		}
		if got := unknown(); got != sha(99) {
			t.Errorf("unknown in the end: %s", got)
		}
		asked := 0
		for _, request := range o.vendor.Requests() {
			if strings.Contains(request.URL.Path, "/compare/") {
				asked++
			}
			if strings.HasSuffix(request.URL.Path, sha(3)) {
				t.Errorf("asked for a commit that is known: %s", request.URL)
			}
		}
		if asked != 3 { // Two pages of the one, and once for the other, which is gone.
			t.Errorf("%d comparisons", asked)
		}
		if s := o.streams()["compares acme/checkout"]; s.Error != "" || s.Done != 2 {
			t.Errorf("stream: %+v", s)
		}
	})
}
