package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// present is the clock of every test.
func present() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

// machine is a place to run the program in: a data folder and an environment.
type machine struct {
	t   *testing.T
	env map[string]string
}

func newMachine(t *testing.T) machine {
	t.Helper()
	return machine{t: t, env: map[string]string{"EVENKEEL_DATA": t.TempDir()}}
}

type result struct {
	code           int
	stdout, stderr string
}

func (m machine) run(args ...string) result { return m.runWith("", args...) }

func (m machine) runWith(stdin string, args ...string) result {
	m.t.Helper()
	var stdout, stderr bytes.Buffer
	code := Main(m.t.Context(), Process{
		Args: args, Stdin: strings.NewReader(stdin), Stdout: &stdout, Stderr: &stderr,
		Env: func(name string) string { return m.env[name] }, Now: present, Version: "test",
	})
	return result{code, stdout.String(), stderr.String()}
}

// must runs a command that has to succeed.
func (m machine) must(args ...string) string {
	m.t.Helper()
	r := m.run(args...)
	if r.code != exitOK {
		m.t.Fatalf("%v = exit %d\n%s%s", args, r.code, r.stdout, r.stderr)
	}
	return r.stdout
}

// output collects what a running server prints.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// serve starts a server command and returns its address once it is printed,
// and a function that stops it and returns the exit code.
func (m machine) serve(args ...string) (address string, out *output, stop func() int) {
	m.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out = &output{}
	done := make(chan int, 1)
	go func() {
		done <- Main(ctx, Process{Args: args, Stdin: strings.NewReader(""), Stdout: out, Stderr: out, Env: func(name string) string { return m.env[name] }, Now: present, Version: "test"})
	}()
	stop = sync.OnceValue(func() int { cancel(); return <-done })
	m.t.Cleanup(func() { stop() })
	deadline := time.After(5 * time.Minute) // For a demo under the race detector.
	for {
		if found := regexp.MustCompile(`http://localhost:\d+`).FindString(out.String()); found != "" {
			return found, out, stop
		}
		select {
		case code := <-done:
			m.t.Fatalf("%v = exit %d\n%s", args, code, out.String())
		case <-deadline:
			m.t.Fatalf("%v printed no address:\n%s", args, out.String())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func fetch(t *testing.T, url, token string) (int, map[string]any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var decoded map[string]any
	_ = json.Unmarshal(text, &decoded)
	return response.StatusCode, decoded
}

// repository makes a git repository with three releases, two days apart, and
// one squashed request and one merge between each.
func repository(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "Check Out!")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)
	git := func(args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "git", args...)
		cmd.Dir = folder
		stamp := at.Format(time.RFC3339)
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_AUTHOR_DATE="+stamp, "GIT_COMMITTER_DATE="+stamp,
			"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
		if text, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, text)
		}
	}
	git("init", "-q", "-b", "main")
	git("commit", "-q", "--allow-empty", "-m", "begin")
	git("tag", "v1.0.0")
	for release, tag := range []string{"v1.1.0", "v1.2.0", "v1.2.1"} {
		at = at.Add(24 * time.Hour)
		git("checkout", "-q", "-b", "topic-"+tag)
		git("commit", "-q", "--allow-empty", "-m", "work")
		git("checkout", "-q", "main")
		at = at.Add(12 * time.Hour)
		git("merge", "-q", "--no-ff", "-m", "Merge pull request #"+string(rune('1'+release))+" from a/topic", "topic-"+tag)
		at = at.Add(12 * time.Hour)
		git("tag", "-a", "-m", tag, tag)
	}
	return folder
}

func TestAGitRepositoryBecomesFigures(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	folder := repository(t)
	var first, again struct {
		Application, Repository string
		Deployments, Changes    int
		Recorded                struct{ Observations, Repeated int }
	}
	if err := json.Unmarshal([]byte(m.must("import", "git", folder, "--json")), &first); err != nil {
		t.Fatal(err)
	}
	if first.Application != "check-out" || first.Repository != "local/check out!" || first.Deployments != 4 || first.Changes < 3 {
		t.Fatalf("imported %+v", first)
	}
	if err := json.Unmarshal([]byte(m.must("import", "git", folder, "--json")), &again); err != nil {
		t.Fatal(err)
	}
	if again.Recorded.Observations != 0 || again.Recorded.Repeated != first.Recorded.Observations {
		t.Fatalf("importing twice: first %+v, again %+v", first.Recorded, again.Recorded)
	}
	var got struct {
		Frequency struct {
			Deployments int      `json:"deployments"`
			PerDay      *float64 `json:"per_day"`
		} `json:"deployment_frequency"`
		Lead struct {
			Median *float64 `json:"median_seconds"`
			N      int      `json:"n"`
		} `json:"change_lead_time"`
		Fail struct {
			Failed, N, Inferred int
		} `json:"change_fail_rate"`
	}
	text := m.must("metrics", "--application", "check-out", "--from", "2026-11-01", "--to", "2026-11-11", "--json")
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	// Four releases in ten days; three requests, each released 24 h after its
	// first commit; the last release is a patch, so the one before it failed.
	if got.Frequency.Deployments != 4 || *got.Frequency.PerDay != 0.4 || got.Lead.N != 3 || *got.Lead.Median != 86_400 || got.Fail.Failed != 1 || got.Fail.N != 4 || got.Fail.Inferred != 1 {
		t.Fatalf("figures: %s", text)
	}
}

func TestOneTruthInEveryPlace(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.must("import", "git", repository(t))
	token := strings.TrimSpace(m.must("token", "create", "--name", "reader", "--scope", "read"))
	address, _, stop := m.serve("serve", "--listen", "localhost:0")
	query := []string{"metrics", "--application", "check-out", "--from", "2026-11-01", "--to", "2026-11-11", "--series", "day"}
	var local, remote map[string]any
	if err := json.Unmarshal([]byte(m.must(append(query, "--json")...)), &local); err != nil {
		t.Fatal(err)
	}
	other := machine{t: t, env: map[string]string{"EVENKEEL_URL": address, "EVENKEEL_TOKEN": token}}
	if err := json.Unmarshal([]byte(other.must(append(query, "--json")...)), &remote); err != nil {
		t.Fatal(err)
	}
	status, api := fetch(t, address+"/api/v1/metrics/dora?application=check-out&from=2026-11-01&to=2026-11-11&series=day", token)
	if status != http.StatusOK {
		t.Fatalf("the API answers %d %v", status, api)
	}
	if diff := cmp.Diff(local, api); diff != "" {
		t.Errorf("the command line and the API differ (-cli +api):\n%s", diff)
	}
	if diff := cmp.Diff(local, remote); diff != "" {
		t.Errorf("the local store and the server differ (-local +remote):\n%s", diff)
	}
	if code := stop(); code != exitOK {
		t.Errorf("stopping the server = exit %d", code)
	}
}

func TestImportingToAServerEqualsImportingHere(t *testing.T) {
	t.Parallel()
	here, there := newMachine(t), newMachine(t)
	folder := repository(t)
	token := strings.TrimSpace(there.must("token", "create", "--name", "ci", "--scope", "ingest,read"))
	address, _, _ := there.serve("serve", "--listen", "localhost:0")
	away := machine{t: t, env: map[string]string{"EVENKEEL_URL": address, "EVENKEEL_TOKEN": token}}
	here.must("import", "git", folder)
	away.must("import", "git", folder)
	query := []string{"metrics", "--application", "check-out", "--from", "2026-11-01", "--to", "2026-11-11", "--csv"}
	if diff := cmp.Diff(here.must(query...), away.must(query...)); diff != "" {
		t.Errorf("(-here +there):\n%s", diff)
	}
}

func TestTheDemoShowsARealRepositoryBesideIt(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	address, out, _ := m.serve("demo", "--listen", "localhost:0", "--scale", "0.02")
	if status, overview := fetch(t, address+"/api/v1/overview?workspace=demo", ""); status != http.StatusOK || overview["workspace"].(map[string]any)["demo"] != true {
		t.Fatalf("the demo answers %d %v", status, overview)
	}
	if !strings.Contains(out.String(), "import git .") || !strings.Contains(out.String(), m.env["EVENKEEL_DATA"]) {
		t.Fatalf("the banner lacks the line to paste:\n%s", out.String())
	}
	second := machine{t: t, env: map[string]string{"EVENKEEL_DATA": m.env["EVENKEEL_DATA"], "EVENKEEL_OPEN": address}}
	text := second.must("import", "git", repository(t))
	if !strings.Contains(text, address+"/w/default/applications/check-out") {
		t.Fatalf("the import does not say where to look:\n%s", text)
	}
	status, application := fetch(t, address+"/api/v1/applications/check-out?workspace=default", "")
	if status != http.StatusOK || application["deployments"] != 4.0 {
		t.Fatalf("the running dashboard answers %d %v", status, application)
	}
	if status, _ := fetch(t, address+"/api/v1/applications/check-out?workspace=demo", ""); status != http.StatusNotFound {
		t.Fatalf("the repository is in the demo workspace too: %d", status)
	}
}

func TestTheDemoStartsAgainFromItsStore(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	revision := func() any {
		address, _, stop := m.serve("demo", "--listen", "localhost:0", "--scale", "0.02")
		_, overview := fetch(t, address+"/api/v1/overview?workspace=demo", "")
		stop()
		return overview["revision"]
	}
	if first, again := revision(), revision(); first != again || first == 0.0 {
		t.Fatalf("the second start wrote: revision %v, then %v", first, again)
	}
}

func TestWrongInput(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("{\"kind\":\"deployment\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args  []string
		stdin string
		code  int
		says  string
	}{
		"no such command":                   {[]string{"imprt"}, "", exitUsage, "imprt"},
		"a flag that does not exist":        {[]string{"metrics", "--aplication", "x"}, "", exitUsage, "aplication"},
		"too few arguments":                 {[]string{"import", "git"}, "", exitUsage, "folder of a repository"},
		"both an application and a group":   {[]string{"metrics", "--application", "a", "--group", "b"}, "", exitUsage, "group"},
		"a folder that does not exist":      {[]string{"import", "git", "/nowhere"}, "", exitInvalid, "does not exist"},
		"a folder that is no repository":    {[]string{"import", "git", t.TempDir()}, "", exitInvalid, "repository"},
		"a file instead of a folder":        {[]string{"import", "git", file}, "", exitInvalid, "not a folder"},
		"a pattern that does not compile":   {[]string{"import", "git", ".", "--tag-pattern", "v("}, "", exitInvalid, "v("},
		"an unknown source of deployments":  {[]string{"import", "git", ".", "--deployments", "pushes"}, "", exitInvalid, "merges"},
		"a wrong date":                      {[]string{"import", "git", ".", "--since", "soon"}, "", exitUsage, "--since"},
		"events without an id":              {[]string{"import", "events", file}, "", exitInvalid, "id"},
		"a file that does not exist":        {[]string{"import", "events", "/nowhere"}, "", exitInternal, "/nowhere"},
		"text that is no JSON":              {[]string{"import", "events", "-"}, "hello", exitInvalid, "line 1"},
		"a workspace that is no slug":       {[]string{"metrics", "--workspace", "A B"}, "", exitUsage, "slug"},
		"a demo for everybody":              {[]string{"demo", "--listen", "0.0.0.0:0"}, "", exitUsage, "localhost"},
		"a scope that does not exist":       {[]string{"token", "create", "--name", "x", "--scope", "write"}, "", exitUsage, "write"},
		"a configuration that is not there": {[]string{"check", "-f", "/nowhere"}, "", exitInternal, "/nowhere"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newMachine(t).runWith(c.stdin, c.args...)
			if r.code != c.code || !strings.Contains(r.stderr, c.says) {
				t.Fatalf("%v = exit %d, want %d with %q:\n%s%s", c.args, r.code, c.code, c.says, r.stdout, r.stderr)
			}
		})
	}
}

func TestWrongQuestions(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.must("token", "create", "--name", "any")
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"an application that nobody knows":   {[]string{"metrics", "--application", "nope"}, exitNotFound, "nope"},
		"a window that ends before it began": {[]string{"metrics", "--from", "2026-02-01", "--to", "2026-01-01"}, exitInvalid, "before"},
	} {
		if r := m.run(c.args...); r.code != c.code || !strings.Contains(r.stderr, c.says) {
			t.Errorf("%s: %v = exit %d, want %d with %q:\n%s%s", name, c.args, r.code, c.code, c.says, r.stdout, r.stderr)
		}
	}
}

// TestWhoAsksInTheWrongPlaceIsToldSo: a question makes neither a store nor a
// workspace, and says where it looked.
func TestWhoAsksInTheWrongPlaceIsToldSo(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.must("token", "create", "--name", "any", "--workspace", "acme")
	nowhere := filepath.Join(t.TempDir(), "nowhere")
	for _, args := range [][]string{
		{"metrics"},
		{"metrics", "--as", "devlake-2023", "--application", "shop"},
		{"changed", "--application", "shop"},
		{"slo", "list"},
		{"policy", "list"},
		{"connection", "list"},
		{"token", "list"},
		{"token", "revoke", "x"},
		{"incident", "show", "x"},
		{"replay"},
		{"erase", "--person", "Ada Lovelace"},
		{"badge", "--application", "shop", "--base", "https://evenkeel.example"},
	} {
		away := machine{t, map[string]string{"EVENKEEL_DATA": nowhere}}
		if r := away.run(args...); r.code != exitNotFound || !strings.Contains(r.stderr, filepath.Join(nowhere, "evenkeel.db")) || !strings.Contains(r.stderr, "EVENKEEL_DB") {
			t.Errorf("%v where no store is = exit %d\n%s%s", args, r.code, r.stdout, r.stderr)
		}
		if r := m.run(append(args, "--workspace", "acne")...); r.code != exitNotFound || !strings.Contains(r.stderr, `"acne"`) || !strings.Contains(r.stderr, "takes acme") {
			t.Errorf("%v in a workspace that is not there = exit %d\n%s%s", args, r.code, r.stdout, r.stderr)
		}
	}
	if r := (machine{t, map[string]string{"EVENKEEL_DATA": nowhere}}).run("signin"); r.code != exitNotFound {
		t.Errorf("signin where no store is = exit %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	if _, err := os.Stat(nowhere); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder was made: %v", err)
	}
	if r := m.run("slo", "list", "--workspace", "acne"); !strings.Contains(r.stderr, "takes acme") {
		t.Errorf("a workspace was made:\n%s", r.stderr)
	}
}

func TestAnAddressInUseIsSaid(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	address, _, _ := m.serve("serve", "--listen", "localhost:0")
	port := strings.TrimPrefix(address, "http://")
	if r := newMachine(t).run("serve", "--listen", port); r.code != exitConflict || !strings.Contains(r.stderr, "--listen") {
		t.Fatalf("= exit %d\n%s", r.code, r.stderr)
	}
}

func TestNothingKnownIsNullAndFine(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.must("import", "git", repository(t))
	var got map[string]map[string]any
	text := m.must("metrics", "--application", "check-out", "--environment", "staging", "--json")
	_ = json.Unmarshal([]byte(text), &got)
	for metric, key := range map[string]string{
		"deployment_frequency": "per_day", "change_lead_time": "median_seconds", "change_fail_rate": "value",
		"failed_deployment_recovery_time": "median_seconds", "deployment_rework_rate": "value",
	} {
		if value, ok := got[metric][key]; !ok || value != nil {
			t.Errorf("%s.%s = %v (there: %t), want null", metric, key, value, ok)
		}
	}
}

func TestCandidatesInPlaceOfSilence(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	r := m.run("import", "git", repository(t), "--tag-pattern", `^release-\d+$`)
	if r.code != exitInvalid || !strings.Contains(r.stdout, "v") || !strings.Contains(r.stdout, "--deployments merges") {
		t.Fatalf("= exit %d\n%s%s", r.code, r.stdout, r.stderr)
	}
}

func TestAReadOnlyDiskIsSaid(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		folder := filepath.Join("/proc", "evenkeel") // Nobody can write there, not even root.
		m := machine{t: t, env: map[string]string{"EVENKEEL_DATA": folder}}
		if r := m.run("metrics"); r.code == exitOK || !strings.Contains(r.stderr, "EVENKEEL_DATA") {
			t.Fatalf("= exit %d\n%s", r.code, r.stderr)
		}
		return
	}
	folder := t.TempDir()
	if err := os.Chmod(folder, 0o500); err != nil {
		t.Fatal(err)
	}
	m := machine{t: t, env: map[string]string{"EVENKEEL_DATA": folder}}
	if r := m.run("metrics"); r.code == exitOK || !strings.Contains(r.stderr, folder) {
		t.Fatalf("= exit %d\n%s", r.code, r.stderr)
	}
}

func TestAConfigurationKeepsWhatImportsRegistered(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.must("import", "git", repository(t))
	file := filepath.Join(t.TempDir(), "evenkeel.yaml")
	if err := os.WriteFile(file, []byte("groups:\n  - {slug: shop, name: Shop}\napplications:\n  - {slug: checkout, name: Checkout, group: shop, claims: [\"repo:example.com/checkout\"]}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	m.must("apply", "-f", file)
	m.must("apply", "-f", file)
	query := []string{"metrics", "--application", "check-out", "--from", "2026-11-01", "--to", "2026-11-11", "--csv"}
	if text := m.must(query...); !strings.Contains(text, ",4,") {
		t.Fatalf("the registered application lost its facts:\n%s", text)
	}
	m.must("metrics", "--group", "shop")
	m.must("apply", "-f", file, "--prune")
	if r := m.run(query...); r.code != exitNotFound {
		t.Fatalf("after --prune = exit %d\n%s", r.code, r.stdout)
	}
}
