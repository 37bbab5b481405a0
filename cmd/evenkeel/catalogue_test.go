package main

import (
	"encoding/json"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/store"
)

// ownedFolder is a git repository that says who owns it.
func ownedFolder(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "shop")
	files := map[string]string{
		"catalog-info.yaml":  "kind: Component\nmetadata:\n  name: shop\n  labels: {tier: tier-1}\nspec:\n  owner: payments\n  system: sales\n  lifecycle: production\n  dependsOn: [component:ledger]\n---\nkind: Component\nmetadata: {name: ledger}\nspec: {owner: 'user:ada'}\n",
		".github/CODEOWNERS": "* @acme/platform @grace\n",
	}
	for name, text := range files {
		full := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"init", "-q"}, {"remote", "add", "origin", "https://github.com/acme/shop.git"}, {"add", "."}, {"-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "-qm", "one"}} {
		if out, err := exec.Command("git", append([]string{"-C", folder}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	return folder
}

func TestCatalogueSuggest(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	folder := ownedFolder(t)
	configuration := filepath.Join(t.TempDir(), "evenkeel.yaml")
	write := func(text string) {
		if err := os.WriteFile(configuration, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const shop = "groups: [{slug: retail}]\napplications:\n  - slug: shop\n    claims: ['github:acme/shop']\n"
	write(shop)
	m.must("apply", "-f", configuration)

	out := m.must("catalogue", "suggest", folder, "--dry-run")
	out = strings.Join(strings.Fields(out), " ")
	for _, want := range []string{"shop owner payments - catalog-info.yaml:6 stated, contradicted", "shop owner platform - .github/CODEOWNERS:1 likely, contradicted", "shop tier 1 - catalog-info.yaml:4 stated ", "2 mentions of single persons not kept"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing:\n%s", want, out)
		}
	}
	if strings.Contains(out, "ada") || strings.Contains(out, "grace") || strings.Contains(out, "are new") {
		t.Errorf("names persons, or keeps in a dry run:\n%s", out)
	}
	var read server.OwnershipAnswer
	if err := json.Unmarshal([]byte(m.must("catalogue", "suggest", folder, "--json")), &read); err != nil {
		t.Fatal(err)
	}
	if read.Kept == nil || read.Kept.Opened != 6 || read.Persons != 2 || read.Files != 2 || len(read.Items) != 6 {
		t.Errorf("%+v", read)
	}
	if again := m.must("catalogue", "suggest", folder); !strings.Contains(again, "0 are new, 6 were known") {
		t.Errorf("again:\n%s", again)
	}
	// What a person accepts stays when the configuration is applied again.
	s, err := store.Open(t.Context(), store.Options{DSN: "sqlite:" + filepath.Join(m.env["EVENKEEL_DATA"], "evenkeel.db"), Logger: slog.New(slog.DiscardHandler), Now: present})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var ids []string
	for _, one := range read.Items {
		if one.Value != "platform" {
			ids = append(ids, one.ID)
		}
	}
	outcomes, err := s.In("default").AcceptSuggestions(t.Context(), ids, evenkeel.Acceptance{By: "person:ada", Create: true})
	if err != nil || slices.ContainsFunc(outcomes, func(o evenkeel.SuggestionOutcome) bool { return o.Refused != nil }) {
		t.Fatal(outcomes, err)
	}
	stands := func() evenkeel.Application {
		t.Helper()
		m.must("apply", "-f", configuration)
		c, _, err := s.In("default").Catalogue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(c.Applications, func(a evenkeel.Application) bool { return a.Slug == "shop" })
		return c.Applications[at]
	}
	before := stands()
	if before.Group != "payments" || before.Capability != "sales" || before.Tier != 1 || before.Lifecycle != "production" || len(before.Owners) != 2 {
		t.Errorf("after applying: %+v", before)
	}
	write(shop + "    group: retail\n    tier: 3\n")
	if now := stands(); now.Group != "retail" || now.Tier != 3 || now.Capability != "sales" {
		t.Errorf("what the configuration states: %+v", now)
	}
	m.must("apply", "-f", configuration, "--prune")
	write(shop)
	if now := stands(); now.Capability != "" {
		t.Errorf("pruned: %+v", now)
	}
}

func TestCatalogueSuggestRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "catalog-info.yaml"), []byte("kind: Component\nmetadata: {name: a}\nspec: {owner: red}\n---\nkind: [\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := m.run("catalogue", "suggest", folder)
	if broken.code != exitInvalid || !strings.Contains(broken.stderr, "catalog-info.yaml:5: document 2: is not YAML") || !strings.Contains(broken.stdout, "red") {
		t.Errorf("%+v", broken)
	}
	for code, args := range map[int][]string{
		exitUsage:   {"catalogue", "suggest"},
		exitInvalid: {"catalogue", "suggest", filepath.Join(folder, "nowhere")},
	} {
		if got := m.run(args...); got.code != code {
			t.Errorf("%v: %+v", args, got)
		}
	}
	if got := m.run("catalogue", "suggest", folder, folder, "--repository", "github.com/a/b"); got.code != exitUsage {
		t.Errorf("one name for two: %+v", got)
	}
}
