package store_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

func TestConnections(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		ctx, w := t.Context(), s.In("acme")
		save := func(c evenkeel.Connection) evenkeel.Connection {
			t.Helper()
			return must[evenkeel.Connection](t)(w.SaveConnection(ctx, c))
		}
		b := save(evenkeel.Connection{Source: "github", Name: "b", Secrets: []string{"${env:A}", "${file:/b}"}, Settings: []byte(`{"origin":"x"}`)})
		if !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(b.ID) || b.Managed != "api" || b.Workspace != "acme" || !b.CreatedAt.Equal(noon) {
			t.Errorf("created: %+v", b)
		}
		a := save(evenkeel.Connection{Source: "csv", Name: "a", Managed: "config", CreatedAt: hours(3)})
		if diff := cmp.Diff([]evenkeel.Connection{a, b}, must[[]evenkeel.Connection](t)(w.Connections(ctx))); diff != "" {
			t.Errorf("list (-want +got)\n%s", diff)
		}
		b.Name, b.Secrets, b.Settings, b.CreatedAt = "c", nil, nil, hours(9)
		b = save(b)
		if diff := cmp.Diff(b, must[evenkeel.Connection](t)(s.Connection(ctx, b.ID))); diff != "" || b.Name != "c" || len(b.Secrets) != 0 || !b.CreatedAt.Equal(noon) {
			t.Errorf("saved: %+v\n%s", b, diff)
		}
		other, moved := a, b
		other.Name, moved.Source = "c", "gitlab"
		for name, c := range map[string]evenkeel.Connection{"a name of another": other, "another source": moved, "a name that is known": {Source: "csv", Name: "a"}} {
			if _, err := w.SaveConnection(ctx, c); !isConflict(err) {
				t.Errorf("%s: %v", name, err)
			}
		}
		for name, c := range map[string]evenkeel.Connection{
			"no name": {Source: "csv"}, "no source": {Name: "x"}, "a long name": {Source: "csv", Name: strings.Repeat("x", 2000)},
			"a strange name": {Source: "csv", Name: "\x00"}, "settings in a list": {Source: "csv", Name: "x", Settings: []byte(`[]`)}, "half of settings": {Source: "csv", Name: "x", Settings: []byte(`{`)},
		} {
			if _, err := w.SaveConnection(ctx, c); !isInvalid(err) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := w.SaveConnection(ctx, evenkeel.Connection{ID: "unknown", Source: "csv", Name: "x"}); !isNotFound(err) {
			t.Errorf("an unknown id: %v", err)
		}
		if err := w.RemoveConnection(ctx, a.ID); err != nil {
			t.Error(err)
		}
		spans := []evenkeel.ConnectionSpan{{Source: "github", From: noon}, {Source: "csv", From: hours(3), Until: noon}}
		if diff := cmp.Diff(spans, must[[]evenkeel.ConnectionSpan](t)(w.ConnectionSpans(ctx))); diff != "" {
			t.Errorf("spans (-want +got)\n%s", diff)
		}
		for _, id := range []string{a.ID, "", "\x00"} {
			if err := w.RemoveConnection(ctx, id); !isNotFound(err) {
				t.Errorf("removing %q: %v", id, err)
			}
			if _, err := s.Connection(ctx, id); !isNotFound(err) {
				t.Errorf("reading %q: %v", id, err)
			}
		}
		ensure(t, s, "other")
		if c := must[evenkeel.Connection](t)(s.In("other").SaveConnection(ctx, evenkeel.Connection{Source: "csv", Name: "c"})); c.Workspace != "other" {
			t.Errorf("the same name elsewhere: %+v", c)
		}
		if _, err := s.In("nowhere").SaveConnection(ctx, evenkeel.Connection{Source: "csv", Name: "c"}); !isNotFound(err) {
			t.Errorf("no workspace: %v", err)
		}
		if err := s.RemoveWorkspace(ctx, "acme"); err != nil {
			t.Error(err)
		}
		if _, err := s.Connection(ctx, b.ID); !isNotFound(err) {
			t.Errorf("after the workspace: %v", err)
		}
	})
}
