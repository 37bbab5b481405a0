package server_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

const shopEntity = `kind: Component
metadata: {name: shop, labels: {tier: "2"}}
spec: {owner: group:red, system: sales, lifecycle: production, dependsOn: [component:pay]}
---
kind: Component
metadata: {name: pay}
spec: {owner: user:ada}
`

// sent asks with a body.
func (s site) sent(method, path, token, body string) response {
	return s.do(method, path, token, body, "Content-Type", "application/json")
}

func filesBody(t *testing.T, dry bool, texts ...string) string {
	t.Helper()
	request := map[string]any{"repository": "github.com/acme/shop", "commit": "c0ffee", "whole": true, "dry_run": dry}
	files := []map[string]string{}
	for i := 0; i < len(texts); i += 2 {
		files = append(files, map[string]string{"path": texts[i], "text": texts[i+1]})
	}
	request["files"] = files
	text, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// values are the suggestions of a status: id by "application aspect value".
func (s site) values(status string) map[string]string {
	found := map[string]string{}
	for _, item := range s.do("GET", "/api/v1/suggestions?status="+status, s.admin(), "").json["items"].([]any) {
		one := item.(map[string]any)
		found[one["application"].(map[string]any)["slug"].(string)+" "+one["aspect"].(string)+" "+one["value"].(string)] = one["id"].(string)
	}
	return found
}

func TestSuggestionsAreReadAcceptedAndDismissed(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	dry := s.sent("POST", "/api/v1/suggestions", admin, filesBody(t, true, "catalog-info.yaml", shopEntity))
	if dry.status != 200 || dry.json["kept"] != nil || len(dry.json["items"].([]any)) != 5 || len(s.values("open")) != 0 {
		t.Fatalf("a dry run: %d %s", dry.status, dry.text)
	}
	read := s.sent("POST", "/api/v1/suggestions", admin, filesBody(t, false, "catalog-info.yaml", shopEntity, "b/catalog-info.yaml", "kind: Component\nmetadata: {name: shop}\nspec: {owner: blue}\n"))
	if read.status != 200 || read.json["persons"] != 1.0 || strings.Contains(read.text, "ada") {
		t.Fatalf("%d %s", read.status, read.text)
	}
	open := s.values("open")
	ids := func(names ...string) string {
		list := []string{}
		for _, name := range names {
			if open[name] == "" {
				t.Fatalf("%q is not among %v", name, open)
			}
			list = append(list, open[name])
		}
		text, _ := json.Marshal(list)
		return string(text)
	}
	both := s.sent("POST", "/api/v1/suggestions/accept", admin, `{"create":true,"ids":`+ids("shop owner red", "shop owner blue", "shop tier 2")+`}`)
	if both.status != 200 || len(both.json["done"].([]any)) != 1 || len(both.json["refused"].([]any)) != 2 {
		t.Errorf("two owners at once: %d %s", both.status, both.text)
	}
	without := s.sent("POST", "/api/v1/suggestions/accept", admin, `{"ids":`+ids("shop owner red")+`}`)
	if len(without.json["done"].([]any)) != 0 || !strings.Contains(without.text, "accept with create") {
		t.Errorf("a group that is missing: %s", without.text)
	}
	accepted := s.sent("POST", "/api/v1/suggestions/accept", admin, `{"create":true,"from":"beginning","ids":`+ids("shop owner red", "shop dependency pay", "shop lifecycle production")+`}`)
	if accepted.status != 200 || len(accepted.json["done"].([]any)) != 3 {
		t.Fatalf("%d %s", accepted.status, accepted.text)
	}
	shop := s.do("GET", "/api/v1/applications/shop", admin, "").json
	if shop["group"].(map[string]any)["slug"] != "red" || shop["tier"] != 2.0 || shop["lifecycle"] != "production" || len(shop["owners"].([]any)) != 1 {
		t.Errorf("%v", shop)
	}
	if needs := s.do("GET", "/api/v1/dependencies", admin, ""); !strings.Contains(needs.text, `"from":"shop","to":"pay"`) || !strings.Contains(needs.text, "declared") {
		t.Errorf("dependencies %s", needs.text)
	}
	s.sent("POST", "/api/v1/suggestions/dismiss", admin, `{"ids":`+ids("shop owner blue")+`}`)
	s.sent("POST", "/api/v1/suggestions", admin, filesBody(t, false, "catalog-info.yaml", shopEntity, "b/catalog-info.yaml", "kind: Component\nmetadata: {name: shop}\nspec: {owner: blue}\n"))
	if dismissed := s.values("dismissed"); len(dismissed) != 1 || dismissed["shop owner blue"] == "" {
		t.Errorf("dismissed %v", dismissed)
	}
	if left := s.values("open"); len(left) != 2 || left["shop capability sales"] == "" || left["shop repository repo:github.com/acme/shop//b"] == "" {
		t.Errorf("open %v", left)
	}
	if got := s.sent("POST", "/api/v1/suggestions/reopen", admin, `{"ids":`+ids("shop owner blue")+`}`); len(got.json["done"].([]any)) != 1 || s.values("open")["shop owner blue"] == "" {
		t.Errorf("reopened: %s", got.text)
	}
	audit := s.do("GET", "/api/v1/audit", admin, "").text
	for _, action := range []string{"suggestions.read", "suggestion.accept", "suggestion.dismiss", "suggestion.reopen"} {
		if !strings.Contains(audit, action) {
			t.Errorf("%s is not audited", action)
		}
	}
}

func TestSuggestionsAreFiltered(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.sent("POST", "/api/v1/suggestions", s.admin(), filesBody(t, false, "a/catalog-info.yaml", shopEntity, "b/catalog-info.yaml", "kind: Component\nmetadata: {name: store}\nspec: {owner: blue}\n"))
	for filter, want := range map[string]string{
		"open&aspect=owner":               "shop owner red,store owner blue",
		"open&aspect=owner&q=STO":         "store owner blue",
		"open&aspect=owner&q=o&limit=1":   "shop owner red",
		"open&q=hop&aspect=tier":          "shop tier 2",
		"dismissed&aspect=owner":          "",
		"open&aspect=lifecycle&q=nothing": "",
	} {
		if got := strings.Join(slices.Sorted(maps.Keys(s.values(filter))), ","); got != want {
			t.Errorf("%s: %q, not %q", filter, got, want)
		}
	}
	if got := s.do("GET", "/api/v1/suggestions?aspect=colour", s.admin(), ""); got.status != 422 {
		t.Errorf("an unknown aspect: %d", got.status)
	}
}

func TestSuggestionsBesideEachOther(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	s.sent("POST", "/api/v1/suggestions", admin, filesBody(t, false, "a/catalog-info.yaml", shopEntity, "b/catalog-info.yaml", "kind: Component\nmetadata: {name: shop}\nspec: {owner: blue}\n"))
	s.sent("POST", "/api/v1/suggestions/accept", admin, `{"create":true,"ids":["`+s.values("open")["shop owner red"]+`"]}`)
	list := s.do("GET", "/api/v1/suggestions?limit=2", admin, "")
	first := list.json["items"].([]any)
	if len(first) != 2 || list.json["next"] == nil {
		t.Fatalf("a page: %s", list.text)
	}
	all := s.do("GET", "/api/v1/suggestions", admin, "").text
	if !strings.Contains(all, `"value":"blue","name":"blue","type":"","present":"red","present_name":"red"`) || !strings.Contains(all, `"others":["red"]`) {
		t.Errorf("an owner against the accepted one: %s", all)
	}
}

func TestWrongDecisionsAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	s.sent("POST", "/api/v1/suggestions", admin, filesBody(t, false, "catalog-info.yaml", shopEntity))
	owner := s.values("open")["shop owner red"]
	for body, field := range map[string]string{
		`{"ids":[]}`: "ids",
		`{"ids":["` + owner + `"],"from":"soon"}`: "from",
	} {
		if got := s.sent("POST", "/api/v1/suggestions/accept", admin, body); got.status != 422 || !strings.Contains(got.text, field) {
			t.Errorf("%s: %d %s", body, got.status, got.text)
		}
	}
	for body, why := range map[string]string{
		`{"ids":["nothing"]}`: "not found",
		`{"create":true,"ids":["` + owner + `"],"from":"2999-01-01"}`: "future",
	} {
		if got := s.sent("POST", "/api/v1/suggestions/accept", admin, body); got.status != 200 || len(got.json["done"].([]any)) != 0 || !strings.Contains(got.text, why) {
			t.Errorf("%s: %d %s", body, got.status, got.text)
		}
	}
	for _, body := range []string{`{"repository":"https://me:pw@github.com/a/b","files":[]}`, `{"files":[{"path":"a","text":""},{"path":"a","text":""}]}`} {
		if got := s.sent("POST", "/api/v1/suggestions", admin, body); got.status != 422 || strings.Contains(got.text, "pw") {
			t.Errorf("%s: %d %s", body, got.status, got.text)
		}
	}
	sender := s.token("default", clock().AddDate(1, 0, 0), evenkeel.ScopeRead, evenkeel.ScopeIngest)
	for _, path := range []string{"/api/v1/suggestions", "/api/v1/suggestions/accept", "/api/v1/suggestions/dismiss", "/api/v1/suggestions/reopen"} {
		body := `{"ids":["` + owner + `"]}`
		if path == "/api/v1/suggestions" {
			body = filesBody(t, false)
		}
		if got := s.sent("POST", path, sender, body); got.status != 403 {
			t.Errorf("%s without the scope admin: %d", path, got.status)
		}
	}
	elsewhere := s.token("other", clock().AddDate(1, 0, 0), evenkeel.ScopeAdmin)
	if got := s.sent("POST", "/api/v1/suggestions/accept", elsewhere, `{"create":true,"ids":["`+owner+`"]}`); !strings.Contains(got.text, "not found") {
		t.Errorf("another workspace accepts it: %s", got.text)
	}
}

// TestWhatAConfigurationStatesIsNotAccepted says where to change it.
func TestWhatAConfigurationStatesIsNotAccepted(t *testing.T) {
	t.Parallel()
	stated := evenkeel.Catalogue{Groups: []evenkeel.Group{{Slug: "blue"}, {Slug: "red"}}, Applications: []evenkeel.Application{{Slug: "shop", Group: "blue"}}}
	s := startWith(t, storetest.SQLite(t), func(c *server.Config) {
		c.Stated = func(workspace string) evenkeel.Catalogue {
			return map[string]evenkeel.Catalogue{"default": stated}[workspace]
		}
	})
	if err := s.store.In("default").ApplyCatalogue(t.Context(), stated); err != nil {
		t.Fatal(err)
	}
	s.sent("POST", "/api/v1/suggestions", s.admin(), filesBody(t, false, "catalog-info.yaml", shopEntity))
	open := s.values("open")
	got := s.sent("POST", "/api/v1/suggestions/accept", s.admin(), `{"ids":["`+open["shop owner red"]+`","`+open["shop tier 2"]+`"]}`)
	if len(got.json["done"].([]any)) != 1 || !strings.Contains(got.text, "the configuration states owner: blue for shop; change it there") {
		t.Errorf("%d %s", got.status, got.text)
	}
	if shop := s.do("GET", "/api/v1/applications/shop", s.admin(), "").json; shop["group"].(map[string]any)["slug"] != "blue" || shop["tier"] != 2.0 {
		t.Errorf("%v", shop)
	}
	if list := s.do("GET", "/api/v1/suggestions", s.admin(), "").text; strings.Count(list, `"stated":true`) != 1 {
		t.Errorf("%s", list)
	}
}
