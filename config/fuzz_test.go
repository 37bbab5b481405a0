package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/config"
)

// FuzzConfig loads any bytes. Either every problem has a place inside the
// file, or the configuration keeps the rules that the rest relies on.
func FuzzConfig(f *testing.F) {
	for _, pattern := range []string{"testdata/bad/*.yaml", "testdata/bad/*/*.yaml", "testdata/good/*.yaml"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			f.Fatal(pattern, err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		folder := written(t, map[string]string{"x.yaml": string(data)})
		c, err := config.Load(folder)
		again, errAgain := config.Load(filepath.Join(folder, "x.yaml"))
		if diff := cmp.Diff(c, again); diff != "" || (err == nil) != (errAgain == nil) || err != nil && err.Error() != errAgain.Error() {
			t.Fatalf("two readings differ: %v, %v\n%s", err, errAgain, diff)
		}
		if err != nil {
			checkProblems(t, err, strings.Count(string(data), "\n")+1)
			return
		}
		checkConfig(t, c)
	})
}

func checkProblems(t *testing.T, err error, lines int) {
	t.Helper()
	var problems config.Problems
	if !errors.As(err, &problems) || len(problems) == 0 {
		t.Fatalf("an error without problems: %v", err)
	}
	for _, p := range problems {
		if filepath.Base(p.File) != "x.yaml" || p.Line < 1 || p.Line > lines || p.Column < 1 || p.What == "" || strings.ContainsRune(p.String(), '\n') {
			t.Errorf("problem without a place in a file of %d lines: %#v", lines, p)
		}
	}
	if !sort.SliceIsSorted(problems, func(i, j int) bool { return problems[i].Line < problems[j].Line }) {
		t.Errorf("problems out of order:\n%v", err)
	}
}

func checkConfig(t *testing.T, c config.Config) {
	t.Helper()
	groups, applications := map[string]bool{}, map[string]bool{}
	for _, g := range c.Catalogue.Groups {
		if !evenkeel.ValidSlug(g.Slug) || groups[g.Slug] || g.Name == "" {
			t.Errorf("group %+v", g)
		}
		groups[g.Slug] = true
	}
	for _, g := range c.Catalogue.Groups {
		if g.Parent != "" && (!groups[g.Parent] || slices.Contains(c.Catalogue.Descendants(g.Slug), g.Parent)) {
			t.Errorf("group %+v has a parent that is unknown or lies below it", g)
		}
	}
	for _, a := range c.Catalogue.Applications {
		if !evenkeel.ValidSlug(a.Slug) || applications[a.Slug] || a.Group != "" && !groups[a.Group] || a.Tier < 0 || a.Tier > 4 {
			t.Errorf("application %+v", a)
		}
		applications[a.Slug] = true
		checkOwner(t, c.Catalogue, a)
	}
	if c.Policy.FailureWindow <= 0 || c.Policy.HotfixWindow <= 0 || c.Policy.Location().String() != c.Policy.TimeZone {
		t.Errorf("policy %+v", c.Policy)
	}
}

// checkOwner says that every claim of an application leads to it alone.
func checkOwner(t *testing.T, catalogue evenkeel.Catalogue, a evenkeel.Application) {
	t.Helper()
	for _, text := range a.Claims {
		claim, err := evenkeel.ParseClaim(text)
		if err != nil {
			t.Errorf("claim %q: %v", text, err)
		}
		if claim.Repository == "" {
			continue
		}
		owners := 0
		for _, pc := range catalogue.PathClaims(claim.Repository) {
			if pc.Path == claim.Path {
				owners++
			}
		}
		if owners != 1 {
			t.Errorf("claim %q has %d owners", text, owners)
		}
	}
}
