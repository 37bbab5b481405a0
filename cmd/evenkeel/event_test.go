package main

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEventsSayWhatTheFlagsSay(t *testing.T) {
	t.Parallel()
	sha := strings.Repeat("a1", 20)
	for name, one := range map[string]struct {
		env  map[string]string
		args []string
		want string
	}{
		"a deployment that ended now": {
			args: []string{"deploy", "--id", "7", "--application", "checkout", "--status", "success", "--version", "2.14.0"},
			want: `{"kind":"deployment","id":"7","application":"checkout","status":"success","version":"2.14.0","finished_at":"2026-11-22T12:00:00Z"}`,
		},
		"a deployment that begins": {
			args: []string{"deployment", "--id", "7", "--application", "checkout", "--status", "running"},
			want: `{"kind":"deployment","id":"7","application":"checkout","status":"running","started_at":"2026-11-22T12:00:00Z"}`,
		},
		"times are those given": {
			args: []string{"deploy", "--id", "7", "--status", "failure", "--finished-at", "2026-11-20T10:00:00+01:00"},
			want: `{"kind":"deployment","id":"7","status":"failure","finished_at":"2026-11-20T10:00:00+01:00"}`,
		},
		"an incident that opens now": {
			args: []string{"incident", "--id", "INC-7", "--applications", "checkout", "--applications", "search", "--severity", "sev2"},
			want: `{"kind":"incident","id":"INC-7","applications":["checkout","search"],"severity":"sev2","opened_at":"2026-11-22T12:00:00Z"}`,
		},
		"an incident that is over": {
			args: []string{"incident", "--id", "INC-7", "--resolved-at", "now"},
			want: `{"kind":"incident","id":"INC-7","resolved_at":"2026-11-22T12:00:00Z"}`,
		},
		"numbers and objects": {
			args: []string{"flag", "--id", "f1", "--flag", "ranking", "--action", "changed", "--after", `{"on":true,"shares":{"on":0.5,"off":0.5}}`},
			want: `{"kind":"flag_change","id":"f1","flag":"ranking","action":"changed","after":{"on":true,"shares":{"on":0.5,"off":0.5}},"at":"2026-11-22T12:00:00Z"}`,
		},
		"a job of GitHub Actions": {
			env:  map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "Acme/Checkout", "GITHUB_SHA": sha, "GITHUB_REF_NAME": "main", "GITHUB_RUN_ID": "99", "GITHUB_RUN_ATTEMPT": "2", "GITHUB_JOB": "deploy", "GITHUB_WORKFLOW": "Release"},
			args: []string{"build", "--result", "success"},
			want: `{"kind":"build","id":"99/2/deploy","repository":"github.com/acme/checkout","commit":"` + sha + `","pipeline":"Release","attempt":2,"result":"success","finished_at":"2026-11-22T12:00:00Z"}`,
		},
		"a job of GitLab CI": {
			env:  map[string]string{"GITLAB_CI": "true", "CI_JOB_ID": "5", "CI_SERVER_HOST": "gitlab.com", "CI_PROJECT_PATH": "Acme/Tools/Checkout", "CI_COMMIT_SHA": sha, "CI_COMMIT_REF_NAME": "main"},
			args: []string{"deploy", "--status", "success", "--ref", "v2"},
			want: `{"kind":"deployment","id":"5","repository":"gitlab.com/acme/tools/checkout","commit":"` + sha + `","ref":"v2","status":"success","finished_at":"2026-11-22T12:00:00Z"}`,
		},
		"a job of Jenkins": {
			env:  map[string]string{"JENKINS_URL": "https://ci.example.com/", "BUILD_TAG": "jenkins-checkout-7", "GIT_COMMIT": sha, "GIT_BRANCH": "origin/main", "GIT_URL": "git@git.example.com:acme/checkout.git"},
			args: []string{"deploy", "--status", "success"},
			want: `{"kind":"deployment","id":"jenkins-checkout-7","repository":"git.example.com/acme/checkout","commit":"` + sha + `","ref":"main","status":"success","finished_at":"2026-11-22T12:00:00Z"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t)
			maps.Copy(m.env, one.env)
			var got, want any
			if err := json.Unmarshal([]byte(m.must(append([]string{"event"}, append(one.args, "--print")...)...)), &got); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal([]byte(one.want), &want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			m.must(append([]string{"event"}, append(one.args, "--dry-run")...)...)
		})
	}
}

func TestWrongEventsAreRefused(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	for name, one := range map[string]struct {
		args []string
		code int
		says string
	}{
		"no id":            {[]string{"incident", "--severity", "sev1"}, exitUsage, "--id is needed"},
		"unknown status":   {[]string{"deploy", "--id", "1", "--status", "ok"}, exitInvalid, "status"},
		"not JSON":         {[]string{"flag", "--id", "1", "--flag", "x", "--action", "changed", "--after", "on"}, exitUsage, "--after"},
		"missing member":   {[]string{"build", "--id", "1", "--result", "success"}, exitInvalid, "repository"},
		"unknown kind":     {[]string{"deployments"}, exitUsage, ""},
		"unknown flag":     {[]string{"deploy", "--id", "1", "--env", "production"}, exitUsage, "--env"},
		"unreachable time": {[]string{"incident", "--id", "1", "--opened-at", "yesterday"}, exitInvalid, "opened_at"},
	} {
		if got := m.run(append([]string{"event"}, one.args...)...); got.code != one.code || !strings.Contains(got.stderr, one.says) {
			t.Errorf("%s: exit %d, %s", name, got.code, got.stderr)
		}
	}
}

func TestAServerThatDoesNotAnswerIsAskedAgain(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	address, _, _ := m.serve("serve", "--listen", "localhost:0")
	token := strings.Fields(m.must("token", "create", "--name", "ci", "--scope", "ingest"))[0]
	var asked atomic.Int32
	flaky := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		r.RequestURI = ""
		r.URL.Scheme, r.URL.Host = "http", strings.TrimPrefix(address, "http://")
		response, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Error(err)
			return
		}
		defer response.Body.Close()
		w.WriteHeader(response.StatusCode)
		_, _ = w.Write([]byte(`{"accepted":1,"observations":1,"facts":1}`))
	}))
	t.Cleanup(flaky.Close)
	m.env["EVENKEEL_URL"], m.env["EVENKEEL_TOKEN"] = flaky.URL, token
	deploy := []string{"event", "deploy", "--id", "9", "--application", "checkout", "--environment", "production", "--status", "success"}
	if got := m.run(append(deploy, "--wait", "30s")...); got.code != exitOK || asked.Load() != 3 {
		t.Errorf("exit %d after %d attempts: %s", got.code, asked.Load(), got.stderr)
	}
	m.env["EVENKEEL_URL"] = "http://localhost:1"
	if got := m.run(append(deploy, "--wait", "1ms")...); got.code != exitUnavailable {
		t.Errorf("nobody there: exit %d, %s", got.code, got.stderr)
	}
	if got := m.run(append(deploy, "--wait", "1ms", "--soft-fail")...); got.code != exitOK || !strings.Contains(got.stderr, "--soft-fail") {
		t.Errorf("nobody there, and going on: exit %d, %s", got.code, got.stderr)
	}
	m.env["EVENKEEL_URL"], m.env["EVENKEEL_TOKEN"] = address, "ek_wrong"
	if got := m.run(append(deploy, "--soft-fail")...); got.code != exitDenied {
		t.Errorf("a wrong token: exit %d, %s", got.code, got.stderr)
	}
}

func TestConnectionsOfAFileAreAppliedAndListed(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	file := filepath.Join(t.TempDir(), "evenkeel.yaml")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	list := func() (found []connectionLine) {
		var answer struct{ Items []connectionLine }
		if err := json.Unmarshal([]byte(m.must("connection", "list", "--json")), &answer); err != nil {
			t.Fatal(err)
		}
		return answer.Items
	}
	write("connections:\n  - {name: acme, source: github, secrets: ['${env:OLD}']}\n  - {name: other, source: github, secrets: ['${env:OLD}']}\n")
	if out := m.must("apply", "-f", file); !strings.Contains(out, "2 connections") || !strings.Contains(out, "/hooks/github/") {
		t.Errorf("apply says %s", out)
	}
	before := list()
	write("connections:\n  - {name: acme, source: github, secrets: ['${env:NEW}', '${env:OLD}']}\n")
	m.must("apply", "-f", file)
	after := list()
	if len(before) != 2 || len(after) != 1 || after[0].ID != before[0].ID || len(after[0].Secrets) != 2 {
		t.Errorf("%v became %v", before, after)
	}
	write("connections:\n  - {name: acme, source: signed, secrets: ['${env:NEW}']}\n")
	if got := m.run("apply", "-f", file); got.code != exitConflict {
		t.Errorf("another source under the same name: exit %d, %s", got.code, got.stderr)
	}
}

func TestAPersonIsErased(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	change := `{"kind":"change","id":"1","repository":"github.com/acme/checkout","number":1,"opened_at":"2026-11-20T10:00:00Z","reviews":[{"at":"2026-11-20T11:00:00Z","state":"approved","author":"jdoe"}]}`
	if got := m.runWith(change, "import", "events", "-"); got.code != exitOK {
		t.Fatal(got.stderr)
	}
	if got := m.run("erase", "--person", "jd"); got.code != exitUsage {
		t.Errorf("a name of two letters: exit %d", got.code)
	}
	var erased map[string]int
	if err := json.Unmarshal([]byte(m.must("erase", "--person", "JDoe", "--json")), &erased); err != nil || erased["observations"] != 1 || erased["facts"] != 1 {
		t.Errorf("%v, %v", erased, err)
	}
	if got := m.runWith(change, "import", "events", "-", "--json"); !strings.Contains(got.stdout, `"repeated":1`) {
		t.Errorf("the same review again: %s", got.stdout)
	}
	if out := m.must("erase", "--person", "jdoe"); !strings.Contains(out, "0 observations and 0 facts") {
		t.Errorf("erased twice: %s", out)
	}
	m.env["EVENKEEL_URL"] = "http://localhost:1"
	if got := m.run("erase", "--person", "jdoe"); got.code != exitUsage {
		t.Errorf("erasing on a server: exit %d", got.code)
	}
}

func TestWhatChangedIsPrinted(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.must("event", "deploy", "--id", "1", "--application", "checkout", "--environment", "production", "--status", "success", "--finished-at", "2026-11-22T11:40:00Z", "--version", "2.14.0")
	if got := m.run("changed", "--application", "checkout"); got.code != exitNotFound {
		t.Errorf("an application that nobody registered: exit %d", got.code)
	}
	file := filepath.Join(t.TempDir(), "evenkeel.yaml")
	if err := os.WriteFile(file, []byte("applications:\n  - {slug: checkout, name: Checkout}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	m.must("apply", "-f", file)
	if out := m.must("changed", "--application", "checkout", "--since", "1h"); !strings.Contains(out, "2.14.0 success") || !strings.Contains(out, "20 minutes before") {
		t.Errorf("printed:\n%s", out)
	}
	if out := m.must("changed", "--application", "checkout", "--since", "10m"); !strings.Contains(out, "Nothing changed in Checkout") {
		t.Errorf("printed:\n%s", out)
	}
	if got := m.run("changed", "--application", "checkout", "--since", "a while"); got.code != exitInvalid {
		t.Errorf("a time that is none: exit %d", got.code)
	}
}
