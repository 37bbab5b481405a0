package connectors_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// ownedCatalogue is a small organisation.
func ownedCatalogue() evenkeel.Catalogue {
	return evenkeel.Catalogue{
		Groups:       []evenkeel.Group{{Slug: "payments"}, {Slug: "acme-web"}},
		Capabilities: []evenkeel.Group{{Slug: "money"}},
		Applications: []evenkeel.Application{
			{ID: "c", Slug: "checkout", Claims: []string{"github:acme/checkout"}},
			{ID: "l", Slug: "ledger", Claims: []string{"repo:github.com/acme/mono//services/ledger"}},
			{ID: "m", Slug: "mono", Claims: []string{"repo:github.com/acme/mono"}},
		},
	}
}

func said(all []evenkeel.Suggestion) []string {
	lines := []string{}
	for _, s := range all {
		lines = append(lines, fmt.Sprintf("%s %s=%s%s (%s %s %s:%d %s)", s.Application, s.Aspect, s.Value, typed(s.Type), s.Method, s.Detail, s.Source.Path, s.Source.Line, s.Confidence))
	}
	return lines
}

func typed(kind string) string {
	if kind == "" {
		return ""
	}
	return "/" + kind
}

func noted(notes []connectors.OwnershipNote) []string {
	lines := []string{}
	for _, n := range notes {
		lines = append(lines, n.String())
	}
	return lines
}

const catalogInfo = `# The shop.
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: Checkout
  title: Check-out
  labels:
    acme.example/tier: tier-2
  annotations:
    github.com/project-slug: acme/checkout
    criticality: high
spec:
  type: service
  owner: Group:default/Payments
  system: shop
  lifecycle: Production
  dependsOn:
    - component:book-keeper
    - resource:default/orders-db
    - component:nowhere
    - checkout
  consumesApis: [postings, api:unknown/api]
---
kind: Component
metadata:
  name: book-keeper
  annotations:
    evenkeel.dev/application: ledger
    backstage.io/source-location: url:https://user:pw@github.com/Acme/Mono/tree/main/services/ledger/
spec:
  owner: web/frontend
  lifecycle: retired
  providesApis: [postings]
  dependencyOf: [component:checkout]
---
---
kind: API
metadata: {name: postings}
spec: {owner: nobody-else}
---
kind: System
metadata: {name: shop, title: The shop}
spec: {owner: payments, domain: money}
---
kind: Group
metadata: {name: payments}
spec:
  type: team
  profile: {displayName: Payments, email: payments@example.com}
  parent: company
  members: [ada.lovelace]
---
kind: User
metadata: {name: ada.lovelace}
---
kind: Component
metadata: {name: toys}
spec: {owner: ada.lovelace, type: library}
---
kind: Component
metadata: {name: fraud-check}
spec: {owner: ada.lovelace, tier: 1}
---
kind: Component
metadata: {name: mailer}
spec: {owner: grace@example.com, dependsOn: fraud-check}
`

func TestComponentsAreSuggestions(t *testing.T) {
	t.Parallel()
	read := connectors.ReadOwnership(ownedCatalogue(), connectors.OwnershipFiles{
		Repository: "github.com/acme/checkout", Commit: "c0ffee", Texts: map[string][]byte{"catalog-info.yaml": []byte(catalogInfo)},
	})
	want := []string{
		"checkout capability=shop (spec.system  catalog-info.yaml:15 stated)",
		"checkout dependency=ledger (spec.dependsOn  catalog-info.yaml:18 stated)",
		"checkout dependency=ledger/api (spec.consumesApis  catalog-info.yaml:22 stated)",
		"checkout lifecycle=production (spec.lifecycle  catalog-info.yaml:16 stated)",
		"checkout owner=payments (spec.owner  catalog-info.yaml:14 stated)",
		"checkout repository=github:acme/checkout (annotation github.com/project-slug catalog-info.yaml:10 stated)",
		"checkout tier=2 (label acme.example/tier catalog-info.yaml:8 stated)",
		"ledger owner=frontend (spec.owner  catalog-info.yaml:31 stated)",
		"ledger repository=repo:github.com/acme/mono//services/ledger (annotation backstage.io/source-location catalog-info.yaml:29 stated)",
	}
	if diff := cmp.Diff(want, said(read.Suggestions)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if read.Persons != 2 {
		t.Errorf("%d persons", read.Persons)
	}
	shop, payments := read.Suggestions[0], read.Suggestions[4]
	if shop.Name != "The shop" || shop.Parent != "money" || shop.Source.Commit != "c0ffee" || shop.ApplicationID != "c" || shop.Status != evenkeel.SuggestionOpen {
		t.Errorf("capability %+v", shop)
	}
	if payments.Name != "Payments" || payments.Reference != "group:default/payments" {
		t.Errorf("owner %+v", payments)
	}
	problems := []string{
		`catalog-info.yaml:66: document 10: spec.dependsOn: must be a list of texts`,
	}
	if diff := cmp.Diff(problems, noted(read.Problems)); diff != "" {
		t.Errorf("problems (-want +got)\n%s", diff)
	}
	notes := []string{
		"catalog-info.yaml:19: document 1: spec.dependsOn: resource:default/orders-db is no application",
		"catalog-info.yaml:20: document 1: spec.dependsOn: component:default/nowhere leads to no application that is known or was read",
		"catalog-info.yaml:22: document 1: spec.consumesApis: api:unknown/api leads to no application that is known or was read",
		`catalog-info.yaml:32: document 2: spec.lifecycle: "retired" is not one of experimental, production, deprecated`,
		"catalog-info.yaml:57: document 8: spec.type: a library is no application unless the catalogue has it as one",
	}
	if diff := cmp.Diff(notes, noted(read.Notes)); diff != "" {
		t.Errorf("notes (-want +got)\n%s", diff)
	}
	for _, text := range append(noted(read.Problems), append(noted(read.Notes), fmt.Sprintf("%+v", read.Suggestions))...) {
		if strings.Contains(text, "ada") || strings.Contains(text, "grace") || strings.Contains(text, "pw") {
			t.Errorf("names a person or a secret: %s", text)
		}
	}
}

func TestBrokenFilesNameTheirPlace(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"kind: Component\nmetadata: {name: a}\n---\nkind: [": "a/catalog-info.yaml:4: document 2: is not YAML: ",
		"- a\n":                 "a/catalog-info.yaml:1: document 1: is not an entity",
		"metadata: {name: a}\n": "a/catalog-info.yaml:1: document 1: kind: is required",
		"kind: Component\nmetadata: {title: a}\n":                                 "a/catalog-info.yaml:1: document 1: metadata.name: is required",
		"kind: Component\nmetadata:\n  name: a b\n":                               `a/catalog-info.yaml:3: document 1: metadata.name: "a b" is not a name`,
		"kind: Component\nmetadata: {name: a}\nspec:\n  owner: [x]\n":             "a/catalog-info.yaml:4: document 1: spec.owner: must be a text",
		"kind: Component\nmetadata: {name: a}\nspec:\n  owner: Ada Lovelace\n":    "a/catalog-info.yaml:4: document 1: spec.owner: is not a reference to a group",
		"kind: Component\nmetadata: {name: a}\nspec:\n  system: a/b/c\n":          `a/catalog-info.yaml:4: document 1: spec.system: "a/b/c" is not a reference`,
		"kind: Component\nmetadata: {name: a}\nspec:\n  dependsOn:\n  - {x: y}\n": "a/catalog-info.yaml:5: document 1: spec.dependsOn[0]: must be a text",
		"\xff": "a/catalog-info.yaml: is not UTF-8; convert it",
	} {
		read := connectors.ReadOwnership(ownedCatalogue(), connectors.OwnershipFiles{Texts: map[string][]byte{"a/catalog-info.yaml": []byte(text)}})
		if len(read.Problems) != 1 || !strings.HasPrefix(read.Problems[0].String(), want) || strings.Contains(read.Problems[0].String(), "Ada") {
			t.Errorf("%q: %v", text, noted(read.Problems))
		}
	}
}

// TestAFileThatCannotBeReadForgetsNothing keeps it out of what was read.
func TestAFileThatCannotBeReadForgetsNothing(t *testing.T) {
	t.Parallel()
	read := connectors.ReadOwnership(ownedCatalogue(), connectors.OwnershipFiles{Repository: "r/x", Whole: true, Texts: map[string][]byte{"catalog-info.yaml": []byte("kind: Component\nmetadata: {name: a}\n---\na: ["), "b/catalog-info.yaml": []byte("---\n")}})
	covers := func(path string) bool {
		return slices.ContainsFunc(read.Scopes, func(r evenkeel.ReadScope) bool {
			return r.Covers(evenkeel.SuggestionSource{Kind: evenkeel.SourceBackstage, Repository: "r/x", Path: path})
		})
	}
	if covers("catalog-info.yaml") || !covers("b/catalog-info.yaml") || !covers("gone/catalog-info.yaml") {
		t.Errorf("scopes %+v", read.Scopes)
	}
	if len(read.Suggestions) != 1 || read.Suggestions[0].Value != "repo:r/x" {
		t.Errorf("what stands before the mistake: %v", said(read.Suggestions))
	}
}

func TestTeamsThatOwnFoldersAreSuggested(t *testing.T) {
	t.Parallel()
	text := "* @acme/platform @ada\n/services/ledger/ @acme/payments\n*.css @acme/web\n"
	files := connectors.OwnershipFiles{Repository: "github.com/acme/mono", Commit: "c", Texts: map[string][]byte{".github/CODEOWNERS": []byte(text), "CODEOWNERS": []byte("* @acme/unread\n")}}
	read := connectors.ReadOwnership(ownedCatalogue(), files)
	want := []string{
		"ledger owner=payments (folder_rule /services/ledger/ .github/CODEOWNERS:2 likely)",
		"mono owner=platform (folder_rule * .github/CODEOWNERS:1 likely)",
	}
	if diff := cmp.Diff(want, said(read.Suggestions)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if read.Persons != 1 || read.Suggestions[0].Reference != "@acme/payments" {
		t.Errorf("%d persons, %+v", read.Persons, read.Suggestions[0])
	}
	files.Paths = []string{"README", "web/a.css", "web/b.css", "web/c.css", "services/ledger/a", "services/ledger/b", "services/ledger/c.css"}
	want = []string{
		"ledger owner=payments (file_share 2/3 .github/CODEOWNERS:2 likely)",
		"mono owner=acme-web (file_share 3/4 .github/CODEOWNERS:3 likely)",
	}
	if diff := cmp.Diff(want, said(connectors.ReadOwnership(ownedCatalogue(), files).Suggestions)); diff != "" {
		t.Errorf("by files (-want +got)\n%s", diff)
	}
	files.Paths = []string{"README", "web/a.css"}
	if got := said(connectors.ReadOwnership(ownedCatalogue(), files).Suggestions); !slices.Contains(got, "mono owner=platform (folder_rule * .github/CODEOWNERS:1 guess)") {
		t.Errorf("no team owns most: %v", got)
	}
	files.Repository = "github.com/acme/other"
	if got := connectors.ReadOwnership(ownedCatalogue(), files); len(got.Suggestions) != 0 || len(got.Notes) != 1 {
		t.Errorf("a repository that nobody claims: %v, %v", said(got.Suggestions), noted(got.Notes))
	}
}

func TestNamespacesOfGitLabAreGuesses(t *testing.T) {
	t.Parallel()
	c := evenkeel.Catalogue{Groups: []evenkeel.Group{{Slug: "shop"}, {Slug: "acme-core"}}, Applications: []evenkeel.Application{
		{ID: "1", Slug: "a", Claims: []string{"gitlab:acme/platform/a"}},
		{ID: "2", Slug: "b", Claims: []string{"gitlab:ada/b"}},
		{ID: "3", Slug: "c", Claims: []string{"gitlab:shop/c", "repo:github.com/acme/x/c"}},
		{ID: "4", Slug: "d", Claims: []string{"repo:gitlab.acme.example/acme/core/d//sub"}},
	}}
	want := []string{
		"a owner=platform (namespace acme/platform :0 guess)",
		"c owner=shop (namespace shop :0 guess)",
		"d owner=acme-core (namespace acme/core :0 guess)",
	}
	if diff := cmp.Diff(want, said(connectors.ReadOwnership(c).Suggestions)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestReadingIsTheSameInAnyOrder reads files as one and as two repositories'.
func TestReadingIsTheSameInAnyOrder(t *testing.T) {
	t.Parallel()
	a := connectors.OwnershipFiles{Repository: "github.com/acme/checkout", Texts: map[string][]byte{"catalog-info.yaml": []byte(catalogInfo), "CODEOWNERS": []byte("* @acme/x\n")}}
	b := connectors.OwnershipFiles{Repository: "github.com/acme/mono", Texts: map[string][]byte{"x/catalog-info.yml": []byte(catalogInfo), "CODEOWNERS": []byte("* @acme/y @acme/z\n")}}
	first := connectors.ReadOwnership(ownedCatalogue(), a, b)
	for range 5 {
		if diff := cmp.Diff(first.Suggestions, connectors.ReadOwnership(ownedCatalogue(), b, a).Suggestions); diff != "" {
			t.Fatal(diff)
		}
	}
}

func TestLocationsAreFollowedWithinTheRepository(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	write := func(name, text string) {
		full := filepath.Join(r.dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	component := func(name string) string {
		return "kind: Component\nmetadata: {name: " + name + "}\nspec: {owner: payments}\n"
	}
	write("catalog-info.yaml", "kind: Location\nmetadata: {name: all}\nspec:\n  target: ./parts/*.yaml\n  targets: [./more/list.yml, 'https://x.example/a.yaml', ../out.yaml]\n")
	write("parts/one.yaml", component("one"))
	write("parts/deep/two.yaml", component("two"))
	write("more/list.yml", "kind: Location\nmetadata: {name: more}\nspec: {target: three.yaml}\n")
	write("more/three.yaml", component("three"))
	write("unasked.yaml", component("unasked"))
	write("docs/CODEOWNERS", "* @acme/platform\n")
	r.git("remote", "add", "origin", "git@github.com:acme/shop.git")
	r.git("add", ".")
	r.git("commit", "-qm", "all")
	write("parts/later.yaml", component("later")) // Not of HEAD.
	files, err := connectors.GatherOwnership(t.Context(), r.dir)
	if err != nil {
		t.Fatal(err)
	}
	if files.Repository != "github.com/acme/shop" || len(files.Commit) != 40 || !files.Whole || len(files.Paths) != 7 {
		t.Errorf("%s %s %v %v", files.Repository, files.Commit, files.Whole, files.Paths)
	}
	names := func(files connectors.OwnershipFiles) (list []string) {
		for name := range files.Texts {
			list = append(list, name)
		}
		slices.Sort(list)
		return list
	}
	want := []string{"catalog-info.yaml", "docs/CODEOWNERS", "more/list.yml", "more/three.yaml", "parts/one.yaml"}
	if diff := cmp.Diff(want, names(files)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	read := connectors.ReadOwnership(evenkeel.Catalogue{}, files)
	if len(read.Notes) != 1 || !strings.Contains(read.Notes[0].Rule, "https://x.example/a.yaml") {
		t.Errorf("notes %v", noted(read.Notes))
	}
	if err := os.RemoveAll(filepath.Join(r.dir, ".git")); err != nil {
		t.Fatal(err)
	}
	files, err = connectors.GatherOwnership(t.Context(), r.dir)
	if err != nil || files.Repository != "local/checkout" || files.Commit != "" {
		t.Errorf("a folder: %s %s %v", files.Repository, files.Commit, err)
	}
	if diff := cmp.Diff([]string{"catalog-info.yaml", "docs/CODEOWNERS", "more/list.yml", "more/three.yaml", "parts/later.yaml", "parts/one.yaml"}, names(files)); diff != "" {
		t.Errorf("a folder (-want +got)\n%s", diff)
	}
	one, err := connectors.GatherOwnership(t.Context(), filepath.Join(r.dir, "more/three.yaml"))
	if err != nil || len(one.Texts) != 1 || one.Whole {
		t.Errorf("a file: %+v %v", one, err)
	}
	for _, wrong := range []string{"nowhere", ".gitignore"} {
		if _, err := connectors.GatherOwnership(t.Context(), filepath.Join(r.dir, wrong)); err == nil {
			t.Errorf("%s was read", wrong)
		}
	}
}

func FuzzCatalogInfo(f *testing.F) {
	f.Add([]byte(catalogInfo))
	f.Add([]byte("kind: Location\nmetadata: &a {name: x, annotations: *a}\nspec: {target: '**/a'}\n"))
	f.Add([]byte("a: &a [*a]\n---\nkind: Component\nmetadata: {name: x}\nspec: {owner: 'user:ada', dependsOn: [a, b:c/d]}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		files := connectors.OwnershipFiles{Repository: "github.com/acme/mono", Texts: map[string][]byte{"catalog-info.yaml": text}}
		read := connectors.ReadOwnership(ownedCatalogue(), files)
		connectors.OwnershipTargets(files)
		for _, s := range read.Suggestions {
			if !evenkeel.ValidSlug(s.Application) || s.Value == "" || s.ID == "" || s.Source.Line < 1 {
				t.Errorf("%+v", s)
			}
			if s.Aspect == evenkeel.AspectOwner && strings.Contains(s.Reference, "@") {
				t.Errorf("an address: %+v", s)
			}
		}
	})
}
