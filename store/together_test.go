package store_test

import (
	"database/sql"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
)

// mixed is a batch of facts that are new, told again, corrected, taken back
// and told twice in it, large enough for what is made for many rows.
func mixed() []evenkeel.Event {
	events := history(200, true)
	for i := range 200 {
		at := noon.Add(time.Duration(i) * 7 * time.Minute)
		id := fmt.Sprint(i)
		switch i % 4 {
		case 0:
			events = append(events, event("github:github.com", id, at.Add(9*time.Hour), &evenkeel.Change{
				Repository: fmt.Sprintf("github.com/acme/service-%d", i%40), Number: 1 + i/40, State: evenkeel.ChangeMerged, MergedAt: at.Add(4 * time.Hour),
			}))
		case 1: // A late word, older than what is known.
			events = append(events, event("github:github.com", id, at.Add(time.Hour), &evenkeel.Change{
				Repository: fmt.Sprintf("github.com/acme/service-%d", i%40), Number: 1 + i/40, State: evenkeel.ChangeOpen, OpenedAt: at,
			}))
		case 3:
			gone := event("github:github.com", "deploy-"+id, at.Add(9*time.Hour), &evenkeel.Deployment{Origin: fmt.Sprintf("github:acme/service-%d", i%40)})
			gone.Deleted = i%8 == 3
			events = append(events, gone, gone)
		}
	}
	return events
}

// Facts that come together are written in other ways than those that come a
// few at a time; what is stored and answered is the same.
func TestManyTogetherAreAsManyApart(t *testing.T) {
	t.Parallel()
	for name, dsn := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			where := dsn(t)
			s := open(t, where)
			events := mixed()
			var catalogue evenkeel.Catalogue
			for i := range 20 {
				slug := fmt.Sprintf("service-%d", i)
				catalogue.Applications = append(catalogue.Applications, evenkeel.Application{Slug: slug, Claims: []string{"github:acme/" + slug}})
			}
			var views []everything
			var done []evenkeel.Recorded
			for slug, size := range map[string]int{"together": len(events), "apart": 10} {
				ensure(t, s, slug)
				w := s.In(slug)
				if err := w.ApplyCatalogue(t.Context(), catalogue); err != nil {
					t.Fatal(err)
				}
				var total evenkeel.Recorded
				for _, some := range [][]evenkeel.Event{events[:300], events} { // The first are told again.
					for piece := range slices.Chunk(some, size) {
						r := record(t, w, piece...)
						total.Observations, total.Repeated = total.Observations+r.Observations, total.Repeated+r.Repeated
					}
				}
				views, done = append(views, anonymous(view(t, w))), append(done, total)
			}
			if diff := cmp.Diff(views[0], views[1], cmp.Comparer(func(a, b evenkeel.SHA) bool { return a == b })); diff != "" {
				t.Errorf("answers differ\n%s", diff)
			}
			if done[0] != done[1] || done[0].Repeated < 300 {
				t.Errorf("done: %+v and %+v", done[0], done[1])
			}
			db := raw(t, where)
			for _, query := range []string{
				"SELECT fact || ' ' || observed_at || ' ' || deleted || ' ' || final || ' ' || source || ' ' || external_id || ' ' || recorded_at FROM observations",
				"SELECT id || ' ' || kind || ' ' || subject || ' ' || at || ' ' || source || ' ' || external_id || ' ' || repository || ' ' || environment || ' ' || status || ' ' || link || ' ' || number || ' ' || earliest || ' ' || gone || ' ' || length(body) FROM facts",
				"SELECT subject || ' ' || kind || ' ' || environment || ' ' || repository || ' ' || succeeded || ' ' || n || ' ' || first_at || ' ' || last_at FROM tallies",
				"SELECT repository || ' ' || subject FROM mentions",
				"SELECT subject || ' ' || claim || ' ' || path FROM memberships",
			} {
				together, apart := lines(t, db, query+" WHERE workspace = 'together'"), lines(t, db, query+" WHERE workspace = 'apart'")
				if diff := cmp.Diff(apart, together); diff != "" || len(apart) == 0 {
					t.Errorf("%s: %d rows (-apart +together)\n%s", query, len(apart), diff)
				}
			}
		})
	}
}

// lines reads a column of texts, sorted.
func lines(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		list = append(list, text)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(list)
	return list
}
