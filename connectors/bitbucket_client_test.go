package connectors_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
)

const (
	bitbucketID   = "{673a6070-3421-46c9-9d48-90745f7bfe8e}"
	bitbucketHere = "repositories/acme/" + bitbucketID
	bitbucketSHA  = "1dc6aa69429bff4806ad6afe58d3d8f57e25973e"
)

// bitbucketVendor has one repository without anything in it.
func bitbucketVendor(size int) *vendortest.Lists {
	vendor := vendortest.NewBitbucket(size)
	repository := map[string]any{
		"uuid": bitbucketID, "full_name": "acme/checkout", "mainbranch": map[string]any{"name": "main"},
		"links": map[string]any{"html": map[string]any{"href": "https://bitbucket.org/acme/checkout"}}, "owner": map[string]any{"display_name": "Kim"},
	}
	vendor.Put("repositories/acme/checkout", repository)
	vendor.Put(bitbucketHere, repository)
	vendor.Add("repositories/acme", repository)
	for _, list := range []string{"commits/main", "pullrequests", "pipelines", "deployments"} {
		vendor.Clear(bitbucketHere + "/" + list)
	}
	return vendor
}

var bitbucketNow = time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC)

func askBitbucket(t *testing.T, vendor *vendortest.Lists) *asked {
	t.Helper()
	return ask(t, "bitbucket", bitbucketNow, vendor, `{"environments":{"Production":"production"},"api":{"url":"URL","token":"${env:T}","repositories":["acme/*"]}}`)
}

func bitbucketStream(kind string) string { return kind + " acme/checkout " + bitbucketID }

// memberOf is a member of the body of a fixture.
func memberOf(t *testing.T, d delivery, path ...string) any {
	t.Helper()
	var at any
	if err := json.Unmarshal(d.bytes(t), &at); err != nil {
		t.Fatal(err)
	}
	for _, name := range path {
		members, ok := at.(map[string]any)
		if !ok || members[name] == nil {
			t.Fatalf("%s has no %v", d.name, path)
		}
		at = members[name]
	}
	return at
}

func TestBitbucketAskedSaysWhatItsWebhooksSay(t *testing.T) {
	t.Parallel()
	t.Run("a build", func(t *testing.T) {
		t.Parallel()
		status := fixtures(t, "bitbucket", "status_updated")[0]
		vendor := bitbucketVendor(10)
		vendor.Add(bitbucketHere+"/commit/"+bitbucketSHA+"/statuses", memberOf(t, status, "commit_status"))
		vendor.Add(bitbucketHere+"/pipelines", bitbucketPipeline(1, "COMPLETED", bitbucketSHA))
		a := ask(t, "bitbucket", bitbucketNow, vendor, strings.TrimSuffix(string(status.Settings), "}")+`,"api":{"url":"URL","token":"${env:T}","repositories":["acme/checkout"]}}`)
		told, err := status.parseAs(t, "bitbucket")
		if err != nil {
			t.Fatal(err)
		}
		holdsAll(t, a.mustPull(bitbucketStream("builds")), told)
	})
	t.Run("a commit", func(t *testing.T) {
		t.Parallel()
		vendor := bitbucketVendor(10)
		push := fixtures(t, "bitbucket", "push")[0]
		changes, ok := memberOf(t, push, "push", "changes").([]any)
		if !ok {
			t.Fatal("no changes")
		}
		change, _ := changes[0].(map[string]any)
		commits, _ := change["commits"].([]any)
		vendor.Add(bitbucketHere+"/commits/main", commits[0])
		told, err := push.parseAs(t, "bitbucket")
		if err != nil {
			t.Fatal(err)
		}
		holdsAll(t, askBitbucket(t, vendor).mustPull(bitbucketStream("commits")), told)
	})
}

// bitbucketPipeline is a pipeline of some hour of March 2nd.
func bitbucketPipeline(number int, state, commit string) map[string]any {
	return map[string]any{
		"uuid": fmt.Sprintf("{p-%d}", number), "build_number": number, "created_on": time.Date(2026, 3, 2, number, 0, 0, 0, time.UTC).Format(time.RFC3339),
		"state": map[string]any{"name": state}, "target": map[string]any{"commit": map[string]any{"hash": commit}}, "creator": map[string]any{"display_name": "Kim"},
	}
}

// bitbucketMerged is a pull request that was merged at noon of March 1st, with
// what hangs on it.
func bitbucketMerged(vendor *vendortest.Lists) {
	author := map[string]any{"uuid": "{author}", "type": "user", "display_name": "Kim"}
	other := map[string]any{"uuid": "{other}", "type": "user", "display_name": "Ana"}
	vendor.Add(bitbucketHere+"/pullrequests", map[string]any{
		"id": 17, "state": "MERGED", "title": "Faster totals", "created_on": "2026-03-01T08:00:00+00:00", "updated_on": "2026-03-02T10:00:00+00:00", "author": author,
		"source":      map[string]any{"commit": map[string]any{"hash": bitbucketSHA[:12]}, "branch": map[string]any{"name": "totals"}},
		"destination": map[string]any{"branch": map[string]any{"name": "main"}}, "merge_commit": map[string]any{"hash": "850a1519f25d"}, "closed_by": other,
	})
	one := bitbucketHere + "/pullrequests/17"
	for _, happened := range []map[string]any{
		{"update": map[string]any{"date": "2026-03-01T08:00:00+00:00", "state": "OPEN", "author": author}},
		{"comment": map[string]any{"created_on": "2026-03-01T08:30:00+00:00", "user": other}},
		{"approval": map[string]any{"date": "2026-03-01T09:00:00+00:00", "user": author}},
		{"changes_requested": map[string]any{"date": "2026-03-01T10:00:00+00:00", "user": other}},
		{"approval": map[string]any{"date": "2026-03-01T11:00:00+00:00", "user": other}},
		{"update": map[string]any{"date": "2026-03-01T12:00:00+00:00", "state": "MERGED", "author": other}},
		{"approval": map[string]any{"date": "2026-03-01T13:00:00+00:00", "user": other}},
		{"update": map[string]any{"date": "2026-03-02T10:00:00+00:00", "state": "MERGED", "author": other}},
	} {
		vendor.Add(one+"/activity", happened)
	}
	vendor.Add(one+"/commits", map[string]any{"hash": strings.Repeat("b", 40), "date": "2026-02-27T10:00:00+00:00", "message": "first"})
	vendor.Add(one+"/commits", map[string]any{"hash": bitbucketSHA, "date": "2026-02-28T10:00:00+00:00", "author": map[string]any{"raw": "Kim <kim@acme.example>"}})
	vendor.Put(bitbucketHere+"/commit/850a1519f25d", map[string]any{"hash": "850a1519f25d14e968649cc420d1bd381715c05c"})
}

func TestBitbucketAskedForAPullRequestKnowsItsHistory(t *testing.T) {
	t.Parallel()
	vendor := bitbucketVendor(3)
	bitbucketMerged(vendor)
	a := askBitbucket(t, vendor)
	got := a.mustPull(bitbucketStream("pulls"))
	at := func(day, hour int) time.Time { return time.Date(2026, 3, day, hour, 0, 0, 0, time.UTC) }
	change := &evenkeel.Change{
		Repository: "bitbucket.org/acme/checkout", Number: 17, OpenedAt: at(1, 8), FirstReviewAt: at(1, 10), ApprovedAt: at(1, 11), Head: bitbucketSHA, Base: "main",
		Commits: []evenkeel.ChangeCommit{{SHA: bitbucketSHA, AuthoredAt: at(0, 10)}, {SHA: strings.Repeat("b", 40), AuthoredAt: at(-1, 10)}},
	}
	merge := &evenkeel.Change{
		Repository: "bitbucket.org/acme/checkout", Number: 17, State: evenkeel.ChangeMerged, MergedAt: at(1, 12), ClosedAt: at(1, 12), MergeCommit: "850a1519f25d14e968649cc420d1bd381715c05c",
	}
	want := []evenkeel.Event{
		{Kind: evenkeel.KindChange, ID: "17", Source: "bitbucket:bitbucket.org", ObservedAt: at(2, 10), Payload: change},
		{Kind: evenkeel.KindChange, ID: "17", Source: "bitbucket:bitbucket.org", ObservedAt: at(1, 12), Final: true, Payload: merge},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if n := a.requests(func() { a.mustPull(bitbucketStream("pulls")) }); n != 2 {
		t.Errorf("%d requests for a pull request that is unchanged, want the repository and the list", n)
	}
	wantNobody(t, a, bitbucketStream("pulls"), "Kim", "Ana", "kim@", "{author}", "{other}")
}

// wantNobody wants that documents name nobody.
func wantNobody(t *testing.T, a *asked, stream string, names ...string) {
	t.Helper()
	delete(a.cursor, stream)
	text := a.documents(stream)
	if text == "" {
		t.Fatal("no documents")
	}
	for _, name := range names {
		if strings.Contains(text, name) {
			t.Errorf("%s is named", name)
		}
	}
}

func TestBitbucketAskedForDeployments(t *testing.T) {
	t.Parallel()
	vendor := bitbucketVendor(10)
	d := fixtures(t, "bitbucket", "asked_deployment")[0]
	vendor.Put(bitbucketHere+"/environments/{c4a3}", memberOf(t, d, "environment"))
	made, _ := memberOf(t, d, "deployment").(map[string]any)
	waits := map[string]any{"uuid": "{w}", "state": map[string]any{"name": "UNDEPLOYED"}, "last_update_time": "2026-03-02T10:00:00Z"}
	running := map[string]any{"uuid": made["uuid"], "state": map[string]any{"name": "IN_PROGRESS", "started_on": "2026-03-02T09:14:05Z"}, "environment": made["environment"], "release": made["release"]}
	vendor.Add(bitbucketHere+"/deployments", running, waits)
	vendor.Put(bitbucketHere+"/deployments/"+fmt.Sprint(made["uuid"]), running)
	a := askBitbucket(t, vendor)
	if first := a.mustPull(bitbucketStream("deployments")); len(first) != 1 {
		t.Errorf("one that runs: %s", asText(first...))
	}
	vendor.Clear(bitbucketHere + "/deployments") // Others have pushed it far down.
	vendor.Put(bitbucketHere+"/deployments/"+fmt.Sprint(made["uuid"]), made)
	told, err := d.parseAs(t, "bitbucket")
	if err != nil {
		t.Fatal(err)
	}
	holdsAll(t, a.mustPull(bitbucketStream("deployments")), told)
	if n := a.requests(func() { a.mustPull(bitbucketStream("deployments")) }); n != 2 {
		t.Errorf("%d requests for one that has ended, want the repository and the list", n)
	}
}

func TestBitbucketsPagesAreFollowedOnItsOwnHostOnly(t *testing.T) {
	t.Parallel()
	other := vendortest.New(t, http.NotFoundHandler())
	for name, test := range map[string]struct {
		next string
		want error
		says string
	}{
		"another host":               {other.URL + "/" + bitbucketHere + "/pipelines?page=2", outgoing.ErrElsewhere, "another host"},
		"the same page for ever":     {"/" + strings.ReplaceAll(strings.ReplaceAll(bitbucketHere, "{", "%7B"), "}", "%7D") + "/pipelines?page=1", nil, "does not end"},
		"out of the interface":       {"/\x7f", nil, "not an address"},
		"a page that is none at all": {"http://%zz/", nil, "not an address"},
	} {
		vendor := bitbucketVendor(10)
		a := askBitbucket(t, vendor)
		a.vendor.Always(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if !strings.HasSuffix(r.URL.Path, "/pipelines") {
				next.ServeHTTP(w, r)
				return
			}
			body, err := json.Marshal(map[string]any{"values": []any{bitbucketPipeline(1, "COMPLETED", "")}, "next": test.next})
			if err != nil {
				panic(err)
			}
			vendortest.Instead(nil, string(body))(w, r, next)
		})
		_, err := a.pull(bitbucketStream("builds"))
		if err == nil || test.want != nil && !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.says) || len(a.vendor.Requests()) > 4 {
			t.Errorf("%s: %v, %d requests", name, err, len(a.vendor.Requests()))
		}
	}
	if n := len(other.Requests()); n != 0 {
		t.Errorf("the other host was asked %d times", n)
	}
}

func TestARepositoryWithoutPipelinesIsComplete(t *testing.T) {
	t.Parallel()
	a := askBitbucket(t, bitbucketVendor(10))
	a.vendor.Always(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if strings.HasSuffix(r.URL.Path, "/pipelines") || strings.HasSuffix(r.URL.Path, "/deployments") {
			vendortest.Status(http.StatusNotFound)(w, r, next)
			return
		}
		next.ServeHTTP(w, r)
	})
	for _, kind := range []string{"builds", "deployments"} {
		if got, err := a.pull(bitbucketStream(kind)); err != nil || len(got) != 0 || !strings.Contains(string(a.cursor[bitbucketStream(kind)]), "until") {
			t.Errorf("%s: %v, %s, %s", kind, err, asText(got...), a.cursor[bitbucketStream(kind)])
		}
	}
}

func TestBitbucketSurvives(t *testing.T) {
	t.Parallel()
	survives(t, func(t *testing.T) *asked {
		vendor := bitbucketVendor(2)
		bitbucketMerged(vendor)
		return askBitbucket(t, vendor)
	}, bitbucketStream("pulls"))
	a := askBitbucket(t, bitbucketVendor(1))
	refuses(t, a)
}

func TestBitbucketSaysWhatTheTokenMay(t *testing.T) {
	t.Parallel()
	for scopes, want := range map[string]string{
		"pullrequest:write, pipeline": "yes yes yes", "repository": "yes no no", "": "no no no",
		"read:repository:bitbucket,read:pullrequest:bitbucket,write:pipeline:bitbucket": "yes yes yes",
	} {
		a := askBitbucket(t, bitbucketVendor(10))
		a.vendor.Always(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			w.Header().Set("X-Oauth-Scopes", scopes)
			next.ServeHTTP(w, r)
		})
		access := a.look()
		if got := granted(access); got != want {
			t.Errorf("%q: %s, want %s", scopes, got, want)
		}
	}
	a := askBitbucket(t, bitbucketVendor(10))
	access := a.look()
	want := []string{bitbucketStream("commits"), bitbucketStream("pulls"), bitbucketStream("builds"), bitbucketStream("deployments")}
	if diff := cmp.Diff(want, access.Streams); diff != "" || granted(access) != "? ? ?" {
		t.Error(granted(access), diff)
	}
	if n := a.requests(func() { a.look() }); n != 1 {
		t.Errorf("%d requests to look again, want one", n)
	}
	a.settings("bitbucket", `{"deployments":[{"pipeline":"x","repository":"bitbucket.org/acme/*","environment":"p"}],"api":{"url":"URL","token":"${env:T}","user":"ci@acme.example","repositories":["acme/checkout"]}}`)
	if diff := cmp.Diff(want[:3], a.look().Streams); diff != "" {
		t.Error(diff)
	}
	last := a.vendor.Requests()
	if name, password, ok := last[len(last)-1].BasicAuth(); !ok || name != "ci@acme.example" || password != "good" {
		t.Error("a user does not sign in with the token as password")
	}
}

// granted says of each permission whether it is.
func granted(access evenkeel.Access) string {
	said := make([]string, len(access.Permissions))
	for i, p := range access.Permissions {
		said[i] = map[bool]string{true: "yes", false: "no"}[p.Granted != nil && *p.Granted]
		if p.Granted == nil {
			said[i] = "?"
		}
	}
	return strings.Join(said, " ")
}

func TestABitbucketRepositoryIsFoundByTheNameItHadFirst(t *testing.T) {
	t.Parallel()
	vendor := bitbucketVendor(10)
	settings := `{"deployments":[{"pipeline":"x","environment":"p"}],"names":{"673a6070-3421-46c9-9d48-90745f7bfe8e":"acme/checkout"},"api":{"url":"URL","token":"${env:T}","repositories":["acme/checkout","acme/c*"]}}`
	vendor.Put(bitbucketHere, map[string]any{"uuid": bitbucketID, "full_name": "acme/till"})
	vendor.Put("repositories/acme/checkout", map[string]any{"uuid": "{2}", "full_name": "acme/checkout"})
	vendor.Clear("repositories/acme")
	vendor.Add("repositories/acme", map[string]any{"uuid": "{2}", "full_name": "acme/checkout"}, map[string]any{"uuid": bitbucketID, "full_name": "acme/till"})
	streams := func(name string) (list []string) {
		for _, kind := range []string{"commits", "pulls", "builds"} {
			list = append(list, kind+" "+name)
		}
		return list
	}
	a := askBitbucket(t, vendor)
	a.settings("bitbucket", settings)
	access := a.look()
	if diff := cmp.Diff(append(streams("acme/till "+bitbucketID), streams("acme/checkout {2}")...), access.Streams); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]string{"673a6070-3421-46c9-9d48-90745f7bfe8e": "acme/checkout", "2": "acme/checkout~2"}, access.Names); diff != "" {
		t.Error(diff)
	}
	gone := map[string]bool{"/repositories/acme/checkout": true}
	a.vendor.Always(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if gone[r.URL.Path] {
			vendortest.Status(http.StatusNotFound)(w, r, next)
			return
		}
		next.ServeHTTP(w, r)
	})
	a.settings("bitbucket", strings.Replace(settings, `,"acme/c*"`, "", 1))
	if diff := cmp.Diff(streams("acme/till "+bitbucketID), a.look().Streams); diff != "" {
		t.Error(diff)
	}
	gone["/"+bitbucketHere] = true
	a.pass(time.Hour)
	if _, err := a.puller.Look(t.Context()); !errors.Is(err, evenkeel.ErrNotFound) {
		t.Errorf("neither is there: %v", err)
	}
}

func TestSettingsOfTheBitbucketInterface(t *testing.T) {
	t.Parallel()
	api := func(more string) string { return `{"api":{"token":"${env:T}","repositories":["a/b"]` + more + `}}` }
	settingsNameTheMistake(t, "bitbucket", map[string]string{
		`{"api":{"token":"secret","repositories":["a/b"]}}`:         "api.token: is not a reference",
		`{"api":{"token":"${env:T}"}}`:                              "api.repositories: is empty",
		`{"api":{"token":"${env:T}","repositories":["*/b"]}}`:       "api.repositories[0]",
		`{"api":{"token":"${env:T}","repositories":["a/../../b"]}}`: "api.repositories[0]",
		api(`,"history":"soon"`):                                    "api.history",
		api(`,"url":"ftp://x"`):                                     "api.url",
		`{"environments":{"Prod":""}}`:                              `environments["Prod"]`,
	})
	if puller, err := sourceNamed(t, "bitbucket").Pull(nil, connectors.Outside{}); puller != nil || err != nil {
		t.Errorf("without the setting: %v, %v", puller, err)
	}
}
