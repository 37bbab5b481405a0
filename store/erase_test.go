package store_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

// reviewed is a change with a review by each of the authors.
func reviewed(number int, authors ...string) evenkeel.Event {
	c := &evenkeel.Change{Repository: repo, Number: number, OpenedAt: hours(1)}
	for i, author := range authors {
		c.Reviews = append(c.Reviews, evenkeel.Review{At: hours(2 + i), State: "approved", Author: author})
	}
	return event("github", fmt.Sprint(number), hours(9), c)
}

func withBody(n int, body string, events ...evenkeel.Event) evenkeel.Delivery {
	d := delivery(n, events...)
	d.Body = []byte(body)
	return d
}

func TestErasing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		id := register(t, w, "shop", "repo:"+repo)
		alias := event("git", sha("m1"), hours(9), &evenkeel.Change{
			Repository: repo, MergeCommit: sha("b"), OpenedAt: hours(1), MergedAt: hours(3), Reviews: []evenkeel.Review{{At: hours(2), Author: "jane"}},
		})
		winner := reviewed(4)
		winner.Payload.(*evenkeel.Change).MergeCommit = sha("b")
		commit := event("git", "a", noon, &evenkeel.Commit{
			Repository: repo, SHA: sha("a"), CommittedAt: noon, Trailers: map[string][]string{"signed-off-by": {"Jane <JANE@x.org>", "Bob <b@x.org>"}, "co-authored-by": {"jane"}},
		})
		sent := []evenkeel.Delivery{
			withBody(1, `{"login":"Jane","n":1}`, reviewed(1, "jane", "bob"), commit, event("ci", "d", noon, &evenkeel.Deployment{Repository: repo, Commit: sha("a")})),
			withBody(2, `{"login":"janet"}`, reviewed(2, "bob"), reviewed(3, "Jane")),
			withBody(3, `{"name":"J\u0061ne"}`, alias, winner),
			withBody(4, `payload=%7B%22login%22%3A%22jane%22%7D`),
			withBody(5, `{"message":"fix\nJANE@X.ORG"}`),
			withBody(6, "\x00\xff"),
		}
		sent[5].Reason, sent[5].Headers = `login: "jane" is too long`, map[string]string{"X-User": "Jane"}
		done := deliver(t, w, sent...)
		before := revision(t, w)
		want := evenkeel.Erased{Observations: 4, Facts: 4, Bodies: 5}
		if diff := cmp.Diff(want, must[evenkeel.Erased](t)(w.Erase(t.Context(), []string{" Jane ", "jane@x.org"}))); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if revision(t, w) == before {
			t.Error("no revision tells of it")
		}
		checkErased(t, w, id, done)
		after := revision(t, w)
		if again := must[evenkeel.Erased](t)(w.Erase(t.Context(), []string{" Jane ", "jane@x.org"})); again != (evenkeel.Erased{}) || revision(t, w) != after {
			t.Errorf("again: %+v", again)
		}
		// What was said is still known, so it brings nobody back.
		for i := range sent {
			sent[i].Key = fmt.Sprint("again-", i)
			sent[i].Body = nil
		}
		for i, d := range deliver(t, w, sent...) {
			if d.Observations != 0 || d.Recorded.Repeated != len(sent[i].Events) {
				t.Errorf("sent again: %+v", d)
			}
		}
		checkErased(t, w, id, done)
	})
}

func checkErased(t *testing.T, w *store.Workspace, application string, done []evenkeel.Delivered) {
	t.Helper()
	facts := must[evenkeel.ApplicationFacts](t)(w.Facts(t.Context(), application))
	got := map[int]string{}
	for _, c := range facts.Changes {
		for _, r := range c.Value.Reviews {
			got[c.Value.Number] += map[bool]string{true: "-", false: "x"}[r.Author == ""]
		}
	}
	if diff := cmp.Diff(map[int]string{1: "-x", 2: "x", 3: "-", 4: "-"}, got); diff != "" {
		t.Errorf("authors (-want +got)\n%s", diff)
	}
	details, _ := facts.Graphs[repo].Details(0)
	if diff := cmp.Diff(map[string][]string{"signed-off-by": {"Bob <b@x.org>"}}, details.Trailers); diff != "" {
		t.Errorf("trailers (-want +got)\n%s", diff)
	}
	for i, d := range done {
		kept := must[evenkeel.Delivery](t)(w.Delivery(t.Context(), d.ID))
		if kept.Expired != (i != 1) || (kept.Body == nil) != (i != 1) || strings.Contains(kept.Reason, "jane") {
			t.Errorf("delivery %d: %+v", i, kept)
		}
	}
}

func TestErasingNobody(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		for _, names := range [][]string{nil, {}, {""}, {"ada", " \t"}, {"\xff"}} {
			if _, err := s.In("acme").Erase(t.Context(), names); !isInvalid(err) {
				t.Errorf("%q: %v", names, err)
			}
		}
		if _, err := s.In("nowhere").Erase(t.Context(), []string{"ada"}); !isNotFound(err) {
			t.Errorf("no workspace: %v", err)
		}
	})
}

// TestErasingLeavesNoTrace looks into every column of every table, also of
// what is compressed.
func TestErasingLeavesNoTrace(t *testing.T) {
	t.Parallel()
	for name, dsn := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			where := dsn(t)
			s := open(t, where)
			ensure(t, s, "acme")
			w := s.In("acme")
			for i := range 700 {
				deliver(t, w, withBody(i, fmt.Sprintf(`{"i":%d,"user":{"login":"Zoë-%d"}}`, i, i%2), reviewed(i, "zoë-0", "zoë-1")))
				if i > 20 && i < 650 { // Many pages, few transactions.
					continue
				}
				record(t, w, event("git", "a", noon, &evenkeel.Commit{Repository: "r", SHA: idOf(i), CommittedAt: noon, Trailers: map[string][]string{"by": {"Zoë-0"}}}))
			}
			hash := regexp.MustCompile(`[0-9a-f]{16}`)
			authors := map[string]bool{}
			for _, cell := range cells(t, where, "facts") {
				if _, after, ok := bytes.Cut(cell, []byte(`"author":"`)); ok {
					authors[string(hash.Find(after))] = true
				}
			}
			if len(authors) != 1 {
				t.Fatalf("%d first authors, so this test proves nothing", len(authors))
			}
			traces := func() (n int) {
				for _, cell := range cells(t, where) {
					found := bytes.Contains(bytes.ToLower(cell), []byte("zoë-0"))
					for author := range authors {
						found = found || bytes.Contains(cell, []byte(author))
					}
					if found {
						n++
					}
				}
				return n
			}
			if n := traces(); n < 1000 {
				t.Fatalf("only %d cells hold the name before", n)
			}
			done := must[evenkeel.Erased](t)(w.Erase(t.Context(), []string{"ZOË-0", "zoë-0"}))
			if n := traces(); n != 0 {
				t.Errorf("%d cells still hold the name; %+v", n, done)
			}
			if done.Observations < 700 || done.Bodies != 350 {
				t.Errorf("erased: %+v", done)
			}
		})
	}
}

// cells reads all values of the tables, decompressed, of one table or all.
func cells(t *testing.T, dsn string, only ...string) [][]byte {
	t.Helper()
	list := `SELECT name FROM sqlite_master WHERE type = 'table'`
	if strings.HasPrefix(dsn, "postgres:") {
		list = `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`
	}
	if len(only) == 0 {
		only = must[[]string](t)(column(t, dsn, list))
	}
	decoder := must[*zstd.Decoder](t)(zstd.NewReader(nil))
	defer decoder.Close()
	db := raw(t, dsn)
	var all [][]byte
	for _, table := range only {
		rows, err := db.QueryContext(t.Context(), "SELECT * FROM "+table)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		names := must[[]string](t)(rows.Columns())
		values := make([]sql.RawBytes, len(names))
		into := make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		for rows.Next() {
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			for _, value := range values {
				cell := bytes.Clone(value)
				if plain, err := decoder.DecodeAll(cell, nil); err == nil {
					cell = plain
				}
				all = append(all, cell)
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func TestBodiesExpire(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		ensure(t, s, "other")
		var batch []evenkeel.Delivery
		for i := range 450 {
			batch = append(batch, delivery(i, event("ci", fmt.Sprint(i), noon, &evenkeel.Deployment{})))
		}
		deliver(t, w, batch...)
		deliver(t, s.In("other"), batch[:3]...)
		if n := must[int](t)(s.ExpireBodies(t.Context(), noon)); n != 0 {
			t.Errorf("%d bodies are older than the first", n)
		}
		if n := must[int](t)(s.ExpireBodies(t.Context(), noon.Add(420*time.Minute))); n != 423 {
			t.Errorf("%d bodies have expired", n)
		}
		if n := must[int](t)(s.ExpireBodies(t.Context(), noon.Add(420*time.Minute))); n != 0 {
			t.Errorf("%d bodies have expired again", n)
		}
		list := deliveries(t, w, evenkeel.DeliveryFilter{Limit: 500})
		for i, d := range list {
			full := must[evenkeel.Delivery](t)(w.Delivery(t.Context(), d.ID))
			if old := i >= 30; d.Expired != old || (full.Body == nil) != old || (full.Headers == nil) != old || d.Size == 0 || d.Facts != 1 {
				t.Fatalf("delivery %d of %d: %+v", i, len(list), full)
			}
		}
		if again := deliver(t, w, batch[0]); !again[0].Repeated {
			t.Error("an expired delivery is not known any more")
		}
		if d := must[evenkeel.Delivery](t)(w.Delivery(t.Context(), list[449].ID)); d.Body != nil || d.Repeats != 1 {
			t.Errorf("a repeat has brought the body back: %+v", d)
		}
	})
}
