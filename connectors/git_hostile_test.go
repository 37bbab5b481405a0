package connectors_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

func TestOpenGitExplainsWhatIsWrong(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	empty := newGitRepo(t)
	bareEmpty := newGitRepoAt(t, filepath.Join(t.TempDir(), "x.git"), "--bare")
	damaged := newGitRepo(t)
	if err := os.WriteFile(filepath.Join(damaged.dir, ".git", "config"), []byte("[core\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct{ path, want string }{
		"a missing folder":               {filepath.Join(folder, "none"), "does not exist"},
		"a file":                         {file, "is not a folder"},
		"a folder that is no repository": {folder, "no repository here"},
		"a repository without commits":   {empty.dir, "no commits yet"},
		"a bare one without commits":     {bareEmpty.dir, "no commits yet"},
		"a broken configuration":         {damaged.dir, "bad config"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := connectors.OpenGit(context.Background(), c.path)
			if !errors.Is(err, evenkeel.ErrInvalid) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v, want one that says %q", err, c.want)
			}
		})
	}
}

//nolint:paralleltest // Changes the environment of the process.
func TestOpenGitNeedsAGitThatIsNewEnough(t *testing.T) {
	r := newGitRepo(t)
	r.commit("A", "First")
	bin := t.TempDir()
	t.Setenv("PATH", bin)
	if _, err := connectors.OpenGit(context.Background(), r.dir); !errors.Is(err, evenkeel.ErrNotFound) || !strings.Contains(err.Error(), "install git") {
		t.Errorf("without git: error = %v", err)
	}
	for version, want := range map[string]string{"git version 2.29.9": "2.29 is too old", "hello": "is it git?"} {
		script := "#!/bin/sh\necho '" + version + "'\n"
		if err := os.WriteFile(filepath.Join(bin, "git"), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
		if _, err := connectors.OpenGit(context.Background(), r.dir); !errors.Is(err, evenkeel.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error = %v, want %q", version, err, want)
		}
	}
}

func TestGitOptionsAreChecked(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.commit("A", "First")
	g := r.open()
	cases := map[string]struct {
		o    connectors.GitOptions
		want string
	}{
		"a pattern that does not compile":      {connectors.GitOptions{TagPattern: "v(1"}, "not a regular expression"},
		"an unknown sort of deployments":       {connectors.GitOptions{Deployments: "pushes"}, "tags, merges or branch:NAME"},
		"a branch that is an option":           {connectors.GitOptions{Deployments: "branch:--upload-pack=touch x"}, "cannot be the name of a branch"},
		"a branch that is an expression":       {connectors.GitOptions{Branch: "main^{/x}"}, "cannot be the name of a branch"},
		"no branch":                            {connectors.GitOptions{Deployments: "branch:"}, "cannot be the name of a branch"},
		"a main branch that does not exist":    {connectors.GitOptions{Branch: "none"}, `no branch "none"`},
		"a branch to deploy that is not there": {connectors.GitOptions{Deployments: "branch:none"}, `no branch "none"`},
		"an application that is no slug":       {connectors.GitOptions{Application: "Check Out"}, "not a slug"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := g.Import(context.Background(), c.o, func([]evenkeel.Event) error { return nil }, nil)
			if !errors.Is(err, evenkeel.ErrInvalid) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v, want one that says %q", err, c.want)
			}
		})
	}
}

func TestGitNeverNamesCredentials(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.commit("A", "First")
	r.git("remote", "add", "origin", "https://bob:s3cret@git.example.org:8443/Acme/Checkout.git")
	if got := r.open().Repository(); got != "git.example.org/acme/checkout" {
		t.Errorf("repository = %q", got)
	}
	r.git("config", "remote.origin.url", "/srv/git/s3cret")
	if got := r.open().Repository(); got != "local/checkout" {
		t.Errorf("repository of a local remote = %q", got)
	}
}

// TestGitRunsNothingOfTheRepository plants a program wherever a repository's
// configuration can name one, and reads everything.
func TestGitRunsNothingOfTheRepository(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	canary := filepath.Join(t.TempDir(), "canary")
	program := filepath.Join(t.TempDir(), "program")
	script := "#!/bin/sh\ntouch '" + canary + "'\ncat\n"
	if err := os.WriteFile(program, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	r.write(".gitattributes", "*.txt diff=evil filter=evil\n")
	r.commit("A", "First")
	signature := "author A <a@b> 1767604000 +0000\ncommitter A <a@b> 1767604000 +0000\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ==\n -----END PGP SIGNATURE-----\n"
	signed := r.raw("B", signature, "Signed\n", r.ids["A"])
	r.git("update-ref", "refs/heads/main", signed)
	r.git("tag", "v1.0.0")
	if err := os.MkdirAll(filepath.Join(r.dir, ".git", "info"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(r.dir, ".git", "info", "attributes"), []byte("*.txt diff=evil filter=evil\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, hook := range []string{"post-index-change", "reference-transaction", "pre-auto-gc", "post-checkout"} {
		if err := os.Symlink(program, filepath.Join(r.dir, ".git", "hooks", hook)); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []string{
		"core.fsmonitor", "core.pager", "core.sshCommand", "core.askPass", "core.editor", "core.alternateRefsCommand",
		"gpg.program", "diff.external", "diff.evil.command", "diff.evil.textconv", "filter.evil.clean", "filter.evil.smudge",
		"filter.evil.process", "credential.helper", "uploadpack.packObjectsHook", "remote.origin.uploadpack",
	} {
		r.git("config", key, program)
	}
	r.git("config", "alias.rev-list", "!"+program)
	r.git("config", "log.showSignature", "true")
	r.git("config", "protocol.ext.allow", "always")
	r.git("config", "remote.origin.url", "ext::"+program)

	g := r.open()
	importGit(t, g, connectors.GitOptions{})
	if _, err := g.Details(context.Background(), connectors.GitOptions{}, nil, func([]evenkeel.Event) error { return nil }, nil); err != nil {
		t.Errorf("details: %v", err)
	}
	if _, err := g.Candidates(context.Background()); err != nil {
		t.Errorf("candidates: %v", err)
	}
	expectNoCanary(t, canary)

	// A missing object of a partial clone makes git fetch by itself.
	r.git("config", "extensions.partialClone", "origin")
	r.git("config", "core.repositoryFormatVersion", "1")
	r.git("config", "remote.origin.promisor", "true")
	if err := os.Remove(filepath.Join(r.dir, ".git", "objects", r.ids["A"][:2], r.ids["A"][2:])); err != nil {
		t.Fatal(err)
	}
	_, err := r.open().Import(context.Background(), connectors.GitOptions{}, func([]evenkeel.Event) error { return nil }, nil)
	if err == nil {
		t.Error("a missing commit is no error")
	}
	if _, err := r.open().Details(context.Background(), connectors.GitOptions{}, nil, nil, nil); !errors.Is(err, evenkeel.ErrInvalid) || !strings.Contains(err.Error(), "partial clone") {
		t.Errorf("details of a partial clone: error = %v", err)
	}
	expectNoCanary(t, canary)

	// The trap works: plain git falls into it.
	cmd := exec.Command("git", "status")
	cmd.Dir = r.dir
	_ = cmd.Run()
	if _, err := os.Stat(canary); err != nil {
		t.Errorf("the trap of this test is not one: %v", err)
	}
}

func expectNoCanary(t *testing.T, canary string) {
	t.Helper()
	if _, err := os.Stat(canary); err == nil {
		t.Error("a program that the repository names was run")
	}
}

func TestGitReadsReferencesNamedLikeOptions(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.commit("A", "First")
	r.git("update-ref", "refs/tags/--output=x", "HEAD")
	r.git("update-ref", "refs/heads/--all", "HEAD")
	r.git("tag", "v1.0.0")
	r.git("symbolic-ref", "HEAD", "refs/heads/--all")
	events, summary := r.read(connectors.GitOptions{TagPattern: "."})
	expectGit(t, "deployments", r.say(events, gitDeployments), "tag:--output=x at 1h of A", "tag:v1.0.0 at 1h of A")
	if summary.Branch != "main" {
		t.Errorf("branch = %q, want the usual one", summary.Branch)
	}
}

func TestGitReadsFoldersWithOddNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"My Shop": "local/my shop", "a\nb": "local/a-b", "-c": "local/c", "x'y\"$(z)": "local/x'y\"$(z)",
		"...": "local/repository", "\xff": "local/repository", "shop.git": "local/shop",
	} {
		r := newGitRepoAt(t, filepath.Join(t.TempDir(), name))
		r.commit("A", "First")
		r.git("tag", "v1.0.0")
		events, summary := r.read(connectors.GitOptions{})
		if len(events) != 3 || summary.Repository != want {
			t.Errorf("%q: %d events of %q, want 3 of %q", name, len(events), summary.Repository, want)
		}
	}
}

func TestGitReadsTextThatIsNotUTF8(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.commit("A", "First")
	latin := r.raw("L", "author J\xf6rg <j@b> 1767610800 +0000\ncommitter J\xf6rg <j@b> 1767610800 +0000\nencoding ISO-8859-1\n",
		"Gr\xfc\xdfe (#4)\n\nFixes: #\xff\n", r.ids["A"])
	broken := r.raw("X", "author J\xf6rg <j@b> 1767614400 +0000\ncommitter J\xf6rg <j@b> 1767614400 +0000\n", "Gr\xfc\xdfe\xff (#5)\n", latin)
	r.git("update-ref", "refs/heads/main", broken)
	r.git("tag", "v1.0.0")
	r.git("update-ref", "refs/tags/v1.0.1\xff", "HEAD")
	r.git("update-ref", "refs/heads/\xff", "HEAD")
	events, summary := r.read(connectors.GitOptions{TagPattern: "^v"})
	expectGit(t, "changes", r.say(events, gitChanges)[1:], "#4 at 2h by L of L", "#5 at 3h by X of X")
	expectGit(t, "deployments", r.say(events, gitDeployments), "tag:v1.0.0 at 3h of X")
	if diff := cmp.Diff(map[string]int{"tag: its name is not valid UTF-8": 1}, skippedGit(summary)); diff != "" {
		t.Errorf("skipped (-want +got):\n%s", diff)
	}
	events, _ = r.read(connectors.GitOptions{Deployments: "merges", Branch: "main"})
	expectGit(t, "deployments by merges", r.say(events, gitDeployments), "merge:L at 2h of L", "merge:X at 3h of X")
}

func TestGitLeavesImpossibleDatesUnknown(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.commit("A", "First")
	const good, far = "1767610800 +0000", "253370764800 +0000" // Hour 2; the year 9999.
	person := func(author, committer string) string {
		return "author A <a@b> " + author + "\ncommitter A <a@b> " + committer + "\n"
	}
	b := r.raw("B", person(far, good), "Author of the year 9999\n", r.ids["A"])
	c := r.raw("C", person(good, "-2208988800 +0000"), "Committer of the year 1900\n", b)
	d := r.raw("D", person("x", "99999999999999999999 +0000"), "No date at all\n", c)
	e := r.raw("E", person(good, good), "Good\n", d)
	r.git("update-ref", "refs/heads/main", e)
	r.git("tag", "v1.0.0", b)
	r.git("update-ref", "refs/tags/v1.1.0", c)
	events, summary := r.read(connectors.GitOptions{})
	expectGit(t, "commits", r.say(events, gitCommits),
		"A at 1h", "B at 2h written unknown on A", "C at 2h written 2h on B", "E at 2h written 2h on D")
	expectGit(t, "changes", r.say(events, gitChanges),
		"A at 1h by A of A", "B at 2h by B of B", "C at unknown by C of C", "E at 2h by E of E")
	expectGit(t, "deployments", r.say(events, gitDeployments), "tag:v1.0.0 at 2h of B")
	const outside = "is missing or outside the years 1970 to 2261"
	want := map[string]int{
		"commit: its author date is unknown because it " + outside:                1,
		"commit: its author date stands in because its committer date " + outside: 1,
		"commit: left out because every date " + outside:                          1,
		"tag: its date is missing or outside the years 1970 to 2261":              1,
	}
	if diff := cmp.Diff(want, skippedGit(summary)); diff != "" {
		t.Errorf("skipped (-want +got):\n%s", diff)
	}
}

func TestGitSkipsTagsThatLeadToNoCommit(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.commit("A", "First")
	r.git("tag", "v1.0.0", "HEAD^{tree}")
	r.git("tag", "v1.0.1", "HEAD:A.txt")
	r.git("tag", "-a", "-m", "tree", "v1.0.2", "HEAD^{tree}")
	r.hour = 3
	r.git("tag", "-a", "-m", "inner", "inner")
	r.hour = 4
	r.git("tag", "-a", "-m", "tag of a tag", "v1.1.0", "inner")
	r.git("tag", "-a", "-m", "tag of a tag of a tag", "v1.2.0", "v1.1.0")
	events, summary := r.read(connectors.GitOptions{})
	expectGit(t, "deployments", r.say(events, gitDeployments), "tag:v1.1.0 at 4h of A", "tag:v1.2.0 at 4h of A")
	if diff := cmp.Diff(map[string]int{"tag: it leads to no commit": 3}, skippedGit(summary)); diff != "" {
		t.Errorf("skipped (-want +got):\n%s", diff)
	}
}

func TestGitExplainsADamagedObject(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.commit("A", "First")
	r.commit("B", "Second")
	path := filepath.Join(r.dir, ".git", "objects", r.ids["A"][:2], r.ids["A"][2:])
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	var emitted int
	_, err := r.open().Import(context.Background(), connectors.GitOptions{}, func(e []evenkeel.Event) error {
		emitted += len(e)
		return nil
	}, nil)
	if !errors.Is(err, evenkeel.ErrInvalid) || !strings.Contains(err.Error(), "git fsck") || emitted > 0 {
		t.Errorf("%d events, error = %v, want none and a hint at git fsck", emitted, err)
	}
	if len(err.Error()) > 600 || strings.Contains(err.Error(), "\n") {
		t.Errorf("the error is not short: %v", err)
	}
}

func TestGitIgnoresReplacedAndGraftedHistory(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.commit("A", "First")
	r.commit("B", "Second")
	r.commit("C", "Third")
	want, _ := r.read(connectors.GitOptions{})
	r.git("replace", "--graft", r.ids["C"], r.ids["A"])
	if err := os.WriteFile(filepath.Join(r.dir, ".git", "info", "grafts"), []byte(r.ids["B"]+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, _ := r.read(connectors.GitOptions{})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestGitReadsSubmodulesAsRepositoriesOfTheirOwn(t *testing.T) {
	t.Parallel()
	inner := newGitRepo(t)
	inner.commit("I", "Inner")
	outer := newGitRepo(t)
	outer.commit("A", "First")
	outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "file://"+inner.dir, "lib")
	outer.commit("B", "Add lib")
	events, _ := outer.read(connectors.GitOptions{})
	expectGit(t, "commits of the outer one", outer.say(events, gitCommits), "A at 1h", "B at 2h on A")
	inner.dir = filepath.Join(outer.dir, "lib")
	events, summary := inner.read(connectors.GitOptions{})
	expectGit(t, "commits of the inner one", inner.say(events, gitCommits), "I at 1h")
	if summary.Repository != "local/lib" {
		t.Errorf("repository = %q, want local/lib", summary.Repository)
	}
}

func TestGitStops(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.commit("A", "First")
	g := r.open()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := g.Import(ctx, connectors.GitOptions{}, func([]evenkeel.Event) error { return nil }, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: error = %v", err)
	}
	if _, err := connectors.OpenGit(ctx, r.dir); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before opening: error = %v", err)
	}
	full := errors.New("disk full")
	if _, err := g.Import(context.Background(), connectors.GitOptions{}, func([]evenkeel.Event) error { return full }, nil); !errors.Is(err, full) {
		t.Errorf("emit fails: error = %v", err)
	}
}

func TestGitTellsItsProgress(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.commit("A", "First")
	r.git("tag", "v1.0.0")
	var told []string
	_, err := r.open().Import(context.Background(), connectors.GitOptions{}, func([]evenkeel.Event) error { return nil },
		func(done, total int) { told = append(told, fmt.Sprintf("%d/%d", done, total)) })
	if err != nil {
		t.Fatal(err)
	}
	expectGit(t, "progress", told, "1/0", "3/3")
}
