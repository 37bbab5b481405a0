package store_test

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

// clocked runs a test with a clock that it can set.
func clocked(t *testing.T, test func(t *testing.T, s *store.Store, dsn string, clock *atomic.Pointer[time.Time])) {
	t.Helper()
	for name, dsn := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			where := dsn(t)
			var clock atomic.Pointer[time.Time]
			start := noon
			clock.Store(&start)
			s := openAt(t, where, func() time.Time { return *clock.Load() })
			ensure(t, s, "acme")
			test(t, s, where, &clock)
		})
	}
}

func set(clock *atomic.Pointer[time.Time], at time.Time) { clock.Store(&at) }

func TestTokens(t *testing.T) {
	t.Parallel()
	clocked(t, func(t *testing.T, s *store.Store, _ string, clock *atomic.Pointer[time.Time]) {
		ctx := t.Context()
		made := must[evenkeel.Token](t)(s.CreateToken(ctx, evenkeel.Token{Workspace: "acme", Name: "ci", Scopes: []evenkeel.Scope{evenkeel.ScopeIngest, evenkeel.ScopeRead}, CreatedBy: "local", ExpiresAt: hours(2)}, []byte("hash-1")))
		want := evenkeel.Token{ID: made.ID, Workspace: "acme", Name: "ci", Scopes: []evenkeel.Scope{"ingest", "read"}, CreatedBy: "local", CreatedAt: noon, ExpiresAt: hours(2)}
		if diff := cmp.Diff(want, must[evenkeel.Token](t)(s.TokenByHash(ctx, []byte("hash-1")))); diff != "" || made.ID == "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		for _, hash := range [][]byte{nil, []byte("hash-2"), []byte("hash"), []byte("HASH-1")} {
			if _, err := s.TokenByHash(ctx, hash); !isDenied(err) {
				t.Errorf("hash %q: %v", hash, err)
			}
		}
		for _, at := range []time.Time{hours(1), hours(0)} {
			if err := s.TouchToken(ctx, made.ID, at); err != nil {
				t.Fatal(err)
			}
		}
		if got := must[evenkeel.Token](t)(s.TokenByHash(ctx, []byte("hash-1"))).LastUsedAt; !got.Equal(hours(1)) {
			t.Errorf("last used %v", got)
		}
		set(clock, hours(2))
		if _, err := s.TokenByHash(ctx, []byte("hash-1")); !isDenied(err) {
			t.Errorf("at its expiry: %v", err)
		}
		forever := must[evenkeel.Token](t)(s.CreateToken(ctx, evenkeel.Token{Workspace: "acme", Name: "b"}, []byte("hash-3")))
		set(clock, hours(99))
		for range 2 {
			if err := s.RevokeToken(ctx, "acme", forever.ID); err != nil {
				t.Fatal(err)
			}
			defer set(clock, hours(100))
		}
		if _, err := s.TokenByHash(ctx, []byte("hash-3")); !isDenied(err) {
			t.Errorf("revoked: %v", err)
		}
		list := must[[]evenkeel.Token](t)(s.Tokens(ctx, "acme"))
		if len(list) != 2 || list[0].ID != forever.ID || !list[0].RevokedAt.Equal(hours(99)) {
			t.Errorf("tokens %+v", list)
		}
		if err := s.RevokeToken(ctx, "acme", "none"); !isNotFound(err) {
			t.Errorf("revoking none: %v", err)
		}
		if _, err := s.CreateToken(ctx, evenkeel.Token{}, nil); !isInvalid(err) {
			t.Errorf("without a hash: %v", err)
		}
	})
}

func TestASignInLinkLetsOneIn(t *testing.T) {
	t.Parallel()
	clocked(t, func(t *testing.T, s *store.Store, _ string, clock *atomic.Pointer[time.Time]) {
		ctx := t.Context()
		link := evenkeel.SignInLink{Workspace: "acme", Role: evenkeel.RoleAdmin, ExpiresAt: hours(1)}
		for round := range 5 {
			hash := fmt.Appendf(nil, "link-%d", round)
			if err := s.CreateSignIn(ctx, link, hash); err != nil {
				t.Fatal(err)
			}
			var let, denied atomic.Int64
			var all sync.WaitGroup
			for range 12 {
				all.Go(func() {
					got, err := s.UseSignIn(ctx, hash)
					switch {
					case err == nil && cmp.Diff(link, got) == "":
						let.Add(1)
					case isDenied(err):
						denied.Add(1)
					default:
						t.Errorf("%+v, %v", got, err)
					}
				})
			}
			all.Wait()
			if let.Load() != 1 || denied.Load() != 11 {
				t.Errorf("%d were let in, %d denied", let.Load(), denied.Load())
			}
		}
		if err := s.CreateSignIn(ctx, link, []byte("late")); err != nil {
			t.Fatal(err)
		}
		set(clock, hours(1))
		if _, err := s.UseSignIn(ctx, []byte("late")); !isDenied(err) {
			t.Errorf("at its expiry: %v", err)
		}
		if _, err := s.UseSignIn(ctx, []byte("none")); !isDenied(err) {
			t.Errorf("unknown: %v", err)
		}
		if err := s.CreateSignIn(ctx, evenkeel.SignInLink{}, []byte("x")); !isInvalid(err) {
			t.Errorf("without expiry: %v", err)
		}
	})
}

func TestSessionsExpire(t *testing.T) {
	t.Parallel()
	clocked(t, func(t *testing.T, s *store.Store, dsn string, clock *atomic.Pointer[time.Time]) {
		find := func(token string) string {
			data, found, err := s.Find(token)
			if err != nil {
				t.Fatal(err)
			}
			if !found {
				return "none"
			}
			return string(data)
		}
		commit := func(token, data string, expiry time.Time) {
			if err := s.Commit(token, []byte(data), expiry); err != nil {
				t.Fatal(err)
			}
		}
		commit("secret-a", "one", hours(1))
		commit("secret-a", "two", hours(2))
		commit("secret-b", "b", hours(3))
		if got := find("secret-a") + find("secret-b") + find("secret-c"); got != "twobnone" {
			t.Errorf("found %s", got)
		}
		if err := s.Delete("secret-c"); err != nil {
			t.Errorf("deleting none: %v", err)
		}
		set(clock, hours(2))
		if got := find("secret-a") + find("secret-b"); got != "noneb" {
			t.Errorf("at the expiry of a: %s", got)
		}
		commit("secret-d", "d", hours(9))
		if err := s.Delete("secret-b"); err != nil || find("secret-b") != "none" {
			t.Errorf("deleted: %v", err)
		}
		rows := must[[]string](t)(column(t, dsn, "SELECT hash FROM sessions"))
		if len(rows) != 1 || strings.Contains(strings.Join(rows, ""), "secret") {
			t.Errorf("%d sessions are kept, as %q", len(rows), rows)
		}
	})
}

// column reads texts behind the store's back.
func column(t testing.TB, dsn, query string) ([]string, error) {
	rows, err := raw(t, dsn).QueryContext(t.Context(), query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var text []byte
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		list = append(list, string(text))
	}
	return list, rows.Err()
}

func TestAudit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		if err := s.Audit(ctx); err != nil {
			t.Fatal(err)
		}
		for i := range 7 {
			if err := s.Audit(ctx, evenkeel.AuditEntry{Workspace: "acme", Actor: "local", Action: "did", Object: fmt.Sprint(i), At: hours(i)}, evenkeel.AuditEntry{Action: "elsewhere"}); err != nil {
				t.Fatal(err)
			}
		}
		var got []string
		cursor := ""
		for range 9 {
			page := must[evenkeel.Page[evenkeel.AuditEntry]](t)(s.AuditEntries(ctx, "acme", cursor, 3))
			for _, e := range page.Items {
				got = append(got, e.Object)
			}
			if cursor = page.Next; cursor == "" {
				break
			}
		}
		if diff := cmp.Diff(strings.Split("6543210", ""), got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if page := must[evenkeel.Page[evenkeel.AuditEntry]](t)(s.AuditEntries(ctx, "", "", 0)); len(page.Items) != 7 || !page.Items[0].At.Equal(noon) {
			t.Errorf("of no workspace: %+v", page.Items)
		}
	})
}

func TestDerivedResults(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		ctx, w := t.Context(), s.In("acme")
		save := func(revision int64, policy string, data ...byte) {
			var segments []evenkeel.Segment
			for i, b := range data {
				segments = append(segments, evenkeel.Segment{Environment: "prod", Month: fmt.Sprintf("2026-%02d", 9-i), Data: bytes.Repeat([]byte{b}, 3)})
			}
			if err := w.SaveDerived(ctx, "app", evenkeel.DerivedState{Revision: revision, Catalogue: 2, Policy: policy, Engine: "1"}, segments); err != nil {
				t.Fatal(err)
			}
		}
		read := func() string {
			state, segments, err := w.Derived(ctx, "app")
			if err != nil {
				t.Fatal(err)
			}
			text := fmt.Sprint(state.Revision, state.Policy)
			for _, one := range segments {
				text += fmt.Sprint(" ", one.Month, one.Data[0])
			}
			return text
		}
		for i, step := range []struct {
			save func()
			want string
		}{
			{func() {}, "0"},
			{func() { save(4, "a", 1, 2) }, "4a 2026-08 2 2026-09 1"},
			{func() { save(5, "a", 3) }, "5a 2026-09 3"},
			{func() { save(4, "a", 4) }, "5a 2026-09 3"},
			{func() { save(3, "b", 5) }, "3b 2026-09 5"},
			{func() { save(6, "b") }, "6b"},
		} {
			step.save()
			if got := strings.ReplaceAll(read(), "0 ", "0"); strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(step.want, " ", "") {
				t.Errorf("step %d: got %q, want %q", i, got, step.want)
			}
		}
		states := must[map[string]evenkeel.DerivedState](t)(w.DerivedStates(ctx))
		if diff := cmp.Diff(map[string]evenkeel.DerivedState{"app": {Revision: 6, Catalogue: 2, Policy: "b", Engine: "1"}}, states); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}
