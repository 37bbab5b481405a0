package connectors

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestPatternsOfGitHub follows the examples of GitHub's manual.
func TestPatternsOfGitHub(t *testing.T) {
	t.Parallel()
	for pattern, files := range map[string]struct{ yes, no string }{
		"*":             {"a a/b .github/x", ""},
		"*.js":          {"a.js deep/er/b.js", "a.jsx js"},
		"/build/logs/":  {"build/logs/a build/logs/b/c", "x/build/logs/a build/logs"},
		"docs/*":        {"docs/getting-started.md", "docs/build-app/troubleshooting.md x/docs/a"},
		"apps/":         {"apps/a x/apps/b/c", "apps myapps/a"},
		"/docs/":        {"docs/a docs/b/c", "x/docs/a"},
		"/scripts/":     {"scripts/a", "x/scripts/a"},
		"**/logs":       {"logs/a build/logs/a deeply/nested/logs/x.log logs", "logsx/a"},
		"/apps/":        {"apps/a", "x/apps/a"},
		"/apps/github":  {"apps/github apps/github/a", "apps/githubx apps/a"},
		"services/pay":  {"services/pay services/pay/a/b", "x/services/pay services/payments"},
		"a/**/b":        {"a/b a/x/b a/x/y/b/c", "ab x/a/b"},
		"/src/**":       {"src/a src/a/b", "src x/src/a"},
		"fo?.go":        {"foo.go x/fob.go", "fo.go fo/.go"},
		`with\ blank`:   {"with blank x/with blank/a", "with"},
		"a.b":           {"a.b", "aXb"},
		"{a,b}":         {"{a,b}", "a b"},
		"/a*c":          {"abc ac abc/x", "ab/c x/abc"},
		"/docs/**/*.md": {"docs/a.md docs/x/y/b.md", "a.md docs/a.txt"},
		".github/CODE*": {".github/CODEOWNERS", "CODEOWNERS"},
	} {
		match, err := codeGitHub(pattern)
		if err != nil {
			t.Errorf("%s: %v", pattern, err)
			continue
		}
		wantMatches(t, pattern, match.MatchString, splitFiles(files.yes), splitFiles(files.no))
	}
	for _, pattern := range []string{"!a", `\#a`, "a[0-9]", "/", "//"} {
		if _, err := codeGitHub(pattern); err == nil {
			t.Errorf("%q was taken", pattern)
		}
	}
}

// TestPatternsOfGitLab follows the examples of GitLab's manual.
func TestPatternsOfGitLab(t *testing.T) {
	t.Parallel()
	for pattern, files := range map[string]struct{ yes, no string }{
		"*":                   {"a a/b .gitlab/x", ""},
		"*.rb":                {"a.rb x/b.rb", "rb a.rbx"},
		"README.md":           {"README.md internal/README.md app/lib/README.md", "README.mdx"},
		"/README.md":          {"README.md", "internal/README.md"},
		"internal/README":     {"internal/README docs/internal/README", "README"},
		"/docs/":              {"docs/a docs/b/c", "x/docs/a docs"},
		"docs/":               {"docs/a x/docs/b/c", "docs"},
		"/docs/*":             {"docs/a", "docs/b/c"},
		"/docs/**/*.md":       {"docs/a.md docs/b/c.md", "docs/a.txt"},
		"/docs/index.*":       {"docs/index.md docs/index.html", "docs/x/index.md"},
		"/docs/**/index.md":   {"docs/index.md docs/api/index.md docs/a/b/index.md", "docs/indexes.md"},
		`\#file`:              {"#file x/#file", "file"},
		`path\ with\ spaces/`: {"path with spaces/a", "path/a"},
		"/a[0-9]":             {"a1", "ax"},
		"/a[!0-9]":            {"ax", "a1 a/"},
		"lib":                 {"lib x/lib", "lib/a"},
	} {
		match, err := codeGitLab(pattern)
		if err != nil {
			t.Errorf("%s: %v", pattern, err)
			continue
		}
		wantMatches(t, pattern, match.MatchString, splitFiles(files.yes), splitFiles(files.no))
	}
	for _, pattern := range []string{"/", "a[", "a[]", "a[z-a]"} {
		if _, err := codeGitLab(pattern); err == nil {
			t.Errorf("%q was taken", pattern)
		}
	}
}

// splitFiles splits names; those with a blank in them are known.
func splitFiles(text string) []string {
	text = strings.NewReplacer("with blank", "with\x00blank", "path with spaces", "path\x00with\x00spaces").Replace(text)
	names := strings.Fields(text)
	for i := range names {
		names[i] = strings.ReplaceAll(names[i], "\x00", " ")
	}
	return names
}

func wantMatches(t *testing.T, pattern string, matches func(string) bool, yes, no []string) {
	t.Helper()
	for _, file := range yes {
		if !matches(file) {
			t.Errorf("%s does not match %s", pattern, file)
		}
	}
	for _, file := range no {
		if matches(file) {
			t.Errorf("%s matches %s", pattern, file)
		}
	}
}

// TestPatternsOfGitHubAreThoseOfGitignore asks git itself: but for a folder's
// direct files, the two mean the same.
func TestPatternsOfGitHubAreThoseOfGitignore(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	run := func(args ...string) (string, error) {
		cmd := exec.Command("git", append([]string{"-C", folder}, args...)...)
		out, err := cmd.Output()
		return string(out), err
	}
	if _, err := run("init", "-q"); err != nil {
		t.Fatal(err)
	}
	part := rapid.SampledFrom([]string{"a", "b", "ab", "a.b", "docs", "x"})
	piece := rapid.SampledFrom([]string{"a", "b", "ab", "a*", "?b", "*.b", "docs", "x"})
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.SampledFrom([]string{"", "/", "**/"}).Draw(t, "head") + strings.Join(rapid.SliceOfN(piece, 1, 3).Draw(t, "pattern"), "/") +
			rapid.SampledFrom([]string{"", "/"}).Draw(t, "tail")
		file := strings.Join(rapid.SliceOfN(part, 1, 4).Draw(t, "file"), "/")
		match, err := codeGitHub(pattern)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, ".gitignore"), []byte(pattern+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		out, _ := run("check-ignore", "--no-index", "--", file)
		if want := strings.TrimSpace(out) == file; match.MatchString(file) != want {
			t.Errorf("%q matches %q: git says %v", pattern, file, want)
		}
	})
}

func ownersOf(c codeOwners, file string) []string {
	names := []string{}
	for _, hit := range c.of(file) {
		names = append(names, hit.owner.reference)
	}
	return names
}

func nobody(string) bool { return false }

func TestCodeOwnersOfGitHub(t *testing.T) {
	t.Parallel()
	c := parseCodeOwners("CODEOWNERS", []byte(strings.Join([]string{
		"\ufeff# Everything, unless a later rule says otherwise.",
		"*       @acme/platform @ada",
		"*.js    @acme/web #This is an inline comment with @acme/nobody.",
		"/docs/  docs@example.com @acme/writers",
		"/apps/  @acme/apps",
		"/apps/github",
		"/bad/   acme/platform",
		"!/neg/  @acme/platform",
		"/two/   @acme/one\t@acme/two",
	}, "\r\n")), false, nobody)
	for file, want := range map[string][]string{
		"README": {"@acme/platform"}, "src/a.js": {"@acme/web"}, "docs/a": {"@acme/writers"}, "apps/x": {"@acme/apps"},
		"apps/github": {}, "apps/github/a": {}, "bad/x": {"@acme/platform"}, "neg/x": {"@acme/platform"}, "two/x": {"@acme/one", "@acme/two"},
	} {
		if got := ownersOf(c, file); !slices.Equal(got, want) {
			t.Errorf("%s is owned by %v, not %v", file, got, want)
		}
	}
	if c.persons != 2 || len(c.problems) != 2 || c.problems[0].Line != 7 || c.problems[1].Line != 8 {
		t.Errorf("%d persons, problems %v", c.persons, c.problems)
	}
	for _, problem := range c.problems {
		if strings.Contains(problem.String(), "ada") || !strings.HasPrefix(problem.String(), "CODEOWNERS:") {
			t.Errorf("problem %s", problem)
		}
	}
}

func TestCodeOwnersOfGitLab(t *testing.T) {
	t.Parallel()
	group := func(name string) bool { return name == "acme" }
	c := parseCodeOwners(".gitlab/CODEOWNERS", []byte(strings.Join([]string{
		"* @acme/platform @grace eve@example.com",
		"/db/ @@maintainer @acme # @acme/parsed",
		"[Documentation][2] @acme/docs/writers",
		"docs/",
		"/docs/api/ @acme/api",
		"!/docs/generated/",
		"/docs/generated/keep/ @acme/api",
		"^[Database]",
		"/db/ @acme/dba",
		"[documentation] @acme/other",
		"*.md",
		"[broken @acme/x",
		"none.txt",
	}, "\n")), true, group)
	for file, want := range map[string][]string{
		"README":                {"@acme/platform"},
		"db/a":                  {"@acme", "@acme/parsed", "@acme/dba"},
		"docs/a":                {"@acme/platform", "@acme/docs/writers"},
		"docs/api/a":            {"@acme/platform", "@acme/api"},
		"docs/generated/a":      {"@acme/platform"},
		"docs/generated/keep/a": {"@acme/platform"},
		"x/a.md":                {"@acme/platform", "@acme/other"},
		"none.txt":              {"@acme/platform", "@acme/other"},
	} {
		if got := ownersOf(c, file); !slices.Equal(got, want) {
			t.Errorf("%s is owned by %v, not %v", file, got, want)
		}
	}
	if c.persons != 2 || len(c.problems) != 1 || c.problems[0].Line != 12 {
		t.Errorf("%d persons, problems %v", c.persons, c.problems)
	}
	if one := parseCodeOwners("CODEOWNERS", []byte{0xff}, true, group); len(one.problems) != 1 {
		t.Errorf("what is not UTF-8: %v", one.problems)
	}
}

func FuzzCodeOwners(f *testing.F) {
	f.Add([]byte("* @acme/platform\n/docs/ @ada x@y.z\n"), true, "docs/a")
	f.Add([]byte("^[Docs][2] @acme/docs\n!a\n\\#b @@dev\n[x"), true, "a/b")
	f.Add([]byte("a[0-9] @a/b\n/** @a/b\n**/**/a/ @a/c #x"), false, "a1")
	f.Fuzz(func(t *testing.T, text []byte, gitlab bool, file string) {
		c := parseCodeOwners("CODEOWNERS", text, gitlab, nobody)
		again := parseCodeOwners("CODEOWNERS", text, gitlab, nobody)
		if !slices.Equal(ownersOf(c, file), ownersOf(again, file)) {
			t.Error("owners differ")
		}
		for _, name := range ownersOf(c, file) {
			if !strings.Contains(name, "/") || strings.Contains(strings.TrimPrefix(name, "@"), "@") {
				t.Errorf("%q is no team", name)
			}
		}
	})
}
