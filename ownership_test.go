package evenkeel_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
)

func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

func TestOwnedBy(t *testing.T) {
	moved := evenkeel.Application{Group: "c", Owners: []evenkeel.Ownership{
		{Group: "a"}, {Group: "b", From: day("2026-03-01")}, {Group: "a", From: day("2026-05-01")}, {Group: "c", From: day("2026-06-01")},
	}}
	for name, c := range map[string]struct {
		application evenkeel.Application
		groups      []string
		want        []evenkeel.Window
	}{
		"always":                      {evenkeel.Application{Group: "a"}, []string{"a"}, []evenkeel.Window{{}}},
		"never":                       {evenkeel.Application{Group: "a"}, []string{"b"}, nil},
		"twice":                       {moved, []string{"a"}, []evenkeel.Window{{To: day("2026-03-01")}, {From: day("2026-05-01"), To: day("2026-06-01")}}},
		"today":                       {moved, []string{"c"}, []evenkeel.Window{{From: day("2026-06-01")}}},
		"neighbours are one span":     {moved, []string{"a", "b"}, []evenkeel.Window{{To: day("2026-06-01")}}},
		"all groups tile all of time": {moved, []string{"a", "b", "c"}, []evenkeel.Window{{}}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, c.application.OwnedBy(c.groups)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestHandOver(t *testing.T) {
	a := evenkeel.Application{Group: "a"}
	for _, c := range []struct {
		name, group string
		from        time.Time
		want        []evenkeel.Ownership
	}{
		{"to the same group", "a", day("2026-02-01"), nil},
		{"to another", "b", day("2026-02-01"), []evenkeel.Ownership{{Group: "a"}, {Group: "b", From: day("2026-02-01")}}},
		{"corrected to a later day", "c", day("2026-04-01"), []evenkeel.Ownership{{Group: "a"}, {Group: "b", From: day("2026-02-01")}, {Group: "c", From: day("2026-04-01")}}},
		{"an earlier day forgets what came after it", "d", day("2026-03-01"), []evenkeel.Ownership{{Group: "a"}, {Group: "b", From: day("2026-02-01")}, {Group: "d", From: day("2026-03-01")}}},
		{"back to the first before all others", "a", day("2026-01-01"), nil},
	} {
		a = a.HandOver(c.group, c.from)
		if diff := cmp.Diff(c.want, a.Owners); diff != "" || a.Group != c.group {
			t.Errorf("%s: group %s, %s", c.name, a.Group, diff)
		}
	}
}

func TestCheckOwners(t *testing.T) {
	for name, a := range map[string]evenkeel.Application{
		"owners[0].from: must be left out: the first owner owns from the beginning": {Group: "a", Owners: []evenkeel.Ownership{{Group: "a", From: day("2026-01-01")}}},
		"owners[1].from: must be later than that of the owner before":               {Group: "b", Owners: []evenkeel.Ownership{{Group: "a"}, {Group: "b"}}},
		`group: is "b", but the last owner is "a"`:                                  {Group: "b", Owners: []evenkeel.Ownership{{Group: "a"}}},
	} {
		err := a.CheckOwners()
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("got %v, want %s", err, name)
		}
	}
	if err := (evenkeel.Application{Group: "b", Owners: []evenkeel.Ownership{{Group: "a"}, {From: day("2026-01-01")}, {Group: "b", From: day("2026-02-01")}}}).CheckOwners(); err != nil {
		t.Error(err)
	}
}
