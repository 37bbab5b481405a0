package storetest

import (
	"database/sql"
	"slices"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // Registers the driver "sqlite".
)

// copiedTogether is how many series one statement copies.
const copiedTogether = 50

// Copy is a series that is measured as another one is.
type Copy struct{ ID, Name, Application, Subject string }

// CopySeries copies the rows of a series of a workspace for others. Recording them all would take hours; the rows and
// indexes are those that recording would have left. It is for benchmarks.
func CopySeries(tb testing.TB, dsn, workspace, series string, copies []Copy) {
	tb.Helper()
	driver, source := "pgx", dsn
	if path, ok := strings.CutPrefix(dsn, sqlitePrefix); ok {
		driver, source = "sqlite", "file:"+path+"?_pragma=busy_timeout(10000)&_pragma=synchronous(off)"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		tb.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	execute := func(query string, arguments ...any) {
		if _, err := db.ExecContext(tb.Context(), query, arguments...); err != nil {
			tb.Fatal(err)
		}
	}
	// As for any great load, rows come in the order of their key, and an index of
	// another order is made afterwards.
	var ids []string
	execute("DROP INDEX series_segments_last")
	for _, c := range copies {
		ids = append(ids, c.ID)
		execute(`INSERT INTO series (workspace, id, kind, source, name, application, environment, slice_seconds, subject, first_at, last_at, batches, seq)
			SELECT workspace, '`+strings.Join([]string{c.ID, `', kind, source, '`, c.Name, `', '`, c.Application, `', environment, slice_seconds, '`, c.Subject}, "")+`', first_at, last_at, batches, seq
			FROM series WHERE workspace = $1 AND id = $2`, workspace, series)
	}
	slices.Sort(ids)
	for some := range slices.Chunk(ids, copiedTogether) {
		execute(`INSERT INTO series_segments (workspace, series, hour_at, seq, body, last_seq)
			SELECT s.workspace, copies.id, s.hour_at, s.seq, s.body, s.last_seq
			FROM (SELECT id FROM series WHERE workspace = $1 AND id IN ('`+strings.Join(some, "','")+`') ORDER BY id) AS copies
			CROSS JOIN series_segments s WHERE s.workspace = $1 AND s.series = $2`, workspace, series)
	}
	execute("CREATE INDEX series_segments_last ON series_segments (workspace, last_seq)")
	if driver == "pgx" {
		execute("ANALYZE")
	}
}
