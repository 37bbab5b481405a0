package connectors_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
)

var _ = sends("jenkins", sender{sign: bearer, key: true})

// FuzzJenkins reads any body.
func FuzzJenkins(f *testing.F) { fuzzSource(f, "jenkins") }

func TestJenkinsSettings(t *testing.T) {
	t.Parallel()
	settingsNameTheMistake(t, "jenkins", map[string]string{
		`{"api":{"url":"ci.example.com","user":"u","token":"${env:T}","jobs":["*"]}}`:                             "api.url",
		`{"api":{"url":"https://u:p@ci.example.com","user":"u","token":"${env:T}","jobs":["*"]}}`:                 "api.url",
		`{"api":{"url":"https://ci.example.com","token":"${env:T}","jobs":["*"]}}`:                                "api.user",
		`{"api":{"url":"https://ci.example.com","user":"a:b","token":"${env:T}","jobs":["*"]}}`:                   "colon",
		`{"api":{"url":"https://ci.example.com","user":"u","token":"11secret","jobs":["*"]}}`:                     "api.token",
		`{"api":{"url":"https://ci.example.com","user":"u","token":"${env:T}"}}`:                                  "api.jobs",
		`{"api":{"url":"https://ci.example.com","user":"u","token":"${env:T}","jobs":["["]}}`:                     "api.jobs[0]",
		`{"api":{"url":"https://ci.example.com","user":"u","token":"${env:T}","jobs":["a/b/c/d/e/f/g/h/i/j/k"]}}`: "nested deeper",
		`{"api":{"url":"https://ci.example.com","user":"u","token":"${env:T}","jobs":["*"],"history":"soon"}}`:    "api.history",
		`{"repositories":[""]}`:                           "repositories[0]",
		`{"unstable":"maybe"}`:                            "unstable",
		`{"instance":"a/b"}`:                              "instance",
		`{"deployments":[{"job":"a","environment":"p"}]}`: "deployments[0].job",
	})
	if _, err := sourceNamed(t, "jenkins").Open([]byte(`{"api":{"token":"11secret"}}`)); strings.Contains(err.Error(), "11secret") {
		t.Error("a token is shown")
	}
}

func TestJenkinsTellsOneStory(t *testing.T) {
	t.Parallel()
	const commit = `"commit":"1dc6aa69429bff4806ad6afe58d3d8f57e25973e"`
	endTheSame(t, "jenkins", map[string]story{
		"a build that deploys": { // 12.044 s in the queue, 450.626 s of work.
			fixtures(t, "jenkins", "running", "running_with_a_result", "success"),
			map[evenkeel.Kind]string{
				evenkeel.KindBuild: `{` + commit + `,"finished_at":"2026-03-02T09:21:34.17Z","pipeline":"acme/checkout","queued_at":"2026-03-02T09:13:51.5Z","repository":"github.com/acme/checkout","result":"success","started_at":"2026-03-02T09:14:03.544Z"}`,
				evenkeel.KindDeployment: `{"actor_kind":"system",` + commit + `,"environment":"production","finished_at":"2026-03-02T09:21:34.17Z","origin":"jenkins:ci.acme.example/jenkins/acme/checkout","ref":"main",` +
					`"repository":"github.com/acme/checkout","started_at":"2026-03-02T09:14:03.544Z","status":"success"}`,
			},
		},
	})
}

// jenkinsStart is when the first build of the tests began.
var jenkinsStart = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// jenkinsBuild is a build of a commit that begins so many minutes after the
// start and takes one.
func jenkinsBuild(number int) map[string]any {
	return map[string]any{
		"number": number, "queueId": 1000 + number, "building": false, "result": "SUCCESS",
		"timestamp": jenkinsStart.Add(time.Duration(number) * time.Minute).UnixMilli(), "duration": time.Minute.Milliseconds(),
		"actions": []any{map[string]any{}, map[string]any{
			"lastBuiltRevision": map[string]any{"SHA1": fmt.Sprintf("%040x", number), "branch": []any{map[string]any{"name": "origin/main"}}},
			"remoteUrls":        []string{"https://github.com/acme/checkout.git"},
		}},
	}
}

const jenkinsSettings = `{"instance":"ci","api":{"url":"URL/jenkins","user":"evenkeel","token":"${env:T}","jobs":["acme"]},"deployments":[{"pipeline":"acme/deploy","environment":"production"}]}`

func askJenkins(t *testing.T, builds int) (*asked, *vendortest.Jenkins) {
	t.Helper()
	jenkins := vendortest.NewJenkins()
	for name, class := range map[string]string{
		"acme": vendortest.JenkinsFolder, "acme/deploy": vendortest.JenkinsJob, "acme/checkout": vendortest.JenkinsMultibranch,
		"acme/checkout/main": vendortest.JenkinsJob, "acme/checkout/feature%2Fpay": vendortest.JenkinsJob, "other": vendortest.JenkinsJob,
	} {
		jenkins.Make(name, class)
	}
	for number := 1; number <= builds; number++ {
		jenkins.Build("acme/deploy", jenkinsBuild(number))
	}
	return ask(t, "jenkins", jenkinsStart.Add(30*24*time.Hour), jenkins, jenkinsSettings), jenkins
}

// finished are how many builds of each number are told to have ended.
func finished(events []evenkeel.Event) map[string]int {
	found := map[string]int{}
	for _, e := range events {
		if build, ok := e.Payload.(*evenkeel.Build); ok && !build.FinishedAt.IsZero() {
			found[strings.TrimLeft(build.Commit, "0")]++
		}
	}
	return found
}

func TestJenkinsIsLookedThrough(t *testing.T) {
	t.Parallel()
	a, jenkins := askJenkins(t, 1)
	access := a.look()
	streams := map[string]bool{}
	for _, name := range access.Streams {
		streams[name] = true
	}
	if diff := cmp.Diff(map[string]bool{"builds acme/deploy": true, "branch acme/checkout/main": true, "branch acme/checkout/feature%2Fpay": true}, streams); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if access.Identity != "a user of Jenkins 2.504.3" || len(access.Permissions) != 2 {
		t.Errorf("access: %+v", access)
	}
	asked := a.vendor.Requests()[0]
	if want := "Basic " + base64.StdEncoding.EncodeToString([]byte("evenkeel:good")); asked.Header.Get("Authorization") != want || asked.URL.Path != "/jenkins/api/json" {
		t.Errorf("asked for %s as %s", asked.URL.Path, asked.Header.Get("Authorization"))
	}
	folder := "acme"
	for range 9 {
		folder += "/deep"
		jenkins.Make(folder, vendortest.JenkinsFolder)
	}
	a.look() // An empty folder hides nothing.
	jenkins.Make(folder+"/deeper", vendortest.JenkinsJob)
	if _, err := a.puller.Look(t.Context()); err == nil || !strings.Contains(err.Error(), "deeper than 10 folders") {
		t.Errorf("what is not read is not told: %v", err)
	}
	refuses(t, a)
	a.vendor.Always(vendortest.Instead(nil, `{"mode":"NORMAL"}`))
	if _, err := a.puller.Look(t.Context()); err == nil || !strings.Contains(err.Error(), "api.url") {
		t.Errorf("something else than Jenkins: %v", err)
	}
}

func TestJenkinsIsReadInRanges(t *testing.T) {
	t.Parallel()
	a, jenkins := askJenkins(t, 250)
	a.vendor.Plan(nil, vendortest.Status(http.StatusForbidden)) // One range, then no.
	first, err := a.pull("builds acme/deploy")
	if err == nil || len(finished(first)) != 100 || finished(first)["fa"] != 1 { // 250 is the newest.
		t.Fatalf("%d builds before the refusal, %v", len(finished(first)), err)
	}
	for number := 251; number <= 255; number++ { // These move the ranges on.
		jenkins.Build("acme/deploy", jenkinsBuild(number))
	}
	found := finished(append(first, a.mustPull("builds acme/deploy")...))
	news := a.mustPull("builds acme/deploy")
	for number := 1; number <= 255; number++ {
		if sha := fmt.Sprintf("%x", number); found[sha] == 0 && finished(news)[sha] == 0 {
			t.Errorf("build %d is missing", number)
		}
	}
	jenkins.Build("acme/deploy", jenkinsBuild(256))
	if got := finished(a.mustPull("builds acme/deploy")); len(got) != 17 || got["100"] != 1 { // 256, and 15 minutes before 255.
		t.Errorf("%d builds are news: %v", len(got), got)
	}
}

func TestJenkinsBuildsThatRunAreAskedForAgain(t *testing.T) {
	t.Parallel()
	a, jenkins := askJenkins(t, 0)
	running := jenkinsBuild(1)
	running["building"], running["result"], running["duration"] = true, nil, 0
	jenkins.Build("acme/deploy", running)
	if got := a.mustPull("builds acme/deploy"); len(finished(got)) != 0 || len(got) != 1 {
		t.Fatalf("of a build that runs: %s", asText(got...))
	}
	for number := 2; number <= 150; number++ { // Others push it down.
		jenkins.Build("acme/deploy", jenkinsBuild(number))
	}
	a.mustPull("builds acme/deploy")
	jenkins.Build("acme/deploy", jenkinsBuild(1))
	if got := finished(a.mustPull("builds acme/deploy")); got["1"] != 1 {
		t.Errorf("its end is not told: %v", got)
	}
	if n := a.requests(func() { a.mustPull("builds acme/deploy") }); n != 1 {
		t.Errorf("%d requests when nothing runs", n)
	}
	running = jenkinsBuild(151)
	running["building"], running["result"] = true, nil
	jenkins.Build("acme/deploy", running)
	a.mustPull("builds acme/deploy")
	jenkins.Discard("acme/deploy", 0)
	jenkins.Build("acme/deploy", jenkinsBuild(152))
	if got := finished(a.mustPull("builds acme/deploy")); got["98"] != 1 {
		t.Errorf("one that was thrown away stops the others: %v", got)
	}
	if n := a.requests(func() { a.mustPull("builds acme/deploy") }); n != 1 {
		t.Errorf("%d requests: what was thrown away is asked for again", n)
	}
}

func TestJenkinsHistoryEnds(t *testing.T) {
	t.Parallel()
	a, _ := askJenkins(t, 120)
	a.settings("jenkins", strings.Replace(jenkinsSettings, `"jobs"`, `"history":"30d","jobs"`, 1))
	a.pass(time.Hour) // The first sixty are older than 30 days then; the last of them just begins there.
	if got := finished(a.mustPull("builds acme/deploy")); len(got) != 61 || got["3b"] != 0 || got["3c"] != 1 {
		t.Errorf("%d builds: %v", len(got), got)
	}
}

// TestJenkinsJobsThatAreRenamed: what is read again under the new name is the
// same, so that nothing counts twice.
func TestJenkinsJobsThatAreRenamed(t *testing.T) {
	t.Parallel()
	a, jenkins := askJenkins(t, 3)
	before := factNames(a.mustPull("builds acme/deploy"))
	jenkins.Rename("acme/deploy", "acme/deploy-production")
	if _, err := a.pull("builds acme/deploy"); err == nil || !strings.Contains(err.Error(), "not found") {
		t.Errorf("the old name: %v", err)
	}
	builds := 0
	for name := range factNames(a.mustPull("builds acme/deploy-production")) {
		if !before[name] {
			t.Errorf("%v is another fact than before", name)
		}
		builds++
	}
	if builds != 3 {
		t.Errorf("%d facts under the new name", builds)
	}
}

func TestJenkinsBranches(t *testing.T) {
	t.Parallel()
	a, jenkins := askJenkins(t, 0)
	jenkins.Build("acme/checkout/feature%2Fpay", jenkinsBuild(1))
	got := a.mustPull("branch acme/checkout/feature%2Fpay")
	if len(got) != 1 {
		t.Fatalf("got %s", asText(got...))
	}
	build, ok := got[0].Payload.(*evenkeel.Build)
	if !ok || build.Pipeline != "acme/checkout" {
		t.Errorf("got %s", asText(got...))
	}
	for _, stream := range []string{"builds ../x", "builds acme//x", "builds", "branch main", "queue acme/deploy", "builds acme/./x"} {
		if _, err := a.pull(stream); err == nil {
			t.Errorf("%s is read", stream)
		}
	}
}

func TestJenkinsThatMisbehaves(t *testing.T) {
	t.Parallel()
	survives(t, func(t *testing.T) *asked {
		t.Helper()
		a, _ := askJenkins(t, 3)
		return a
	}, "builds acme/deploy")
}

func TestJenkinsThatGivesPagesWithoutEnd(t *testing.T) {
	t.Parallel()
	a, _ := askJenkins(t, 100)
	a.vendor.Always(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		query := r.URL.Query()
		query.Set("tree", "allBuilds[number]{0,100}")
		r.URL.RawQuery = query.Encode()
		next.ServeHTTP(w, r)
	})
	if _, err := a.pull("builds acme/deploy"); err == nil || !strings.Contains(err.Error(), "does not end") || len(a.vendor.Requests()) != 2 {
		t.Errorf("%d requests, %v", len(a.vendor.Requests()), err)
	}
}
