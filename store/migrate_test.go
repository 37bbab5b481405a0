package store_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel/store"
)

// TestMigrationsMatchTheRows compares the tables that migrations make with
// those that the rows of today describe: names, types, keys and indexes.
func TestMigrationsMatchTheRows(t *testing.T) {
	t.Parallel()
	for name, dsn := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			migrated, live := dsn(t), dsn(t)
			open(t, migrated)
			if err := store.CreateLive(t.Context(), live); err != nil {
				t.Fatal(err)
			}
			want, got := tables(t, live), tables(t, migrated)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("a migration is missing (-rows +migrations)\n%s", diff)
			}
			if len(want) < 30 {
				t.Errorf("only %d descriptions were compared", len(want))
			}
		})
	}
}

// tables describes all tables and indexes but goose's own.
func tables(t *testing.T, dsn string) []string {
	t.Helper()
	// Columns are described one by one: those that were added later stand in
	// another place of the table.
	query := `SELECT concat_ws(' ', m.name, c.name, c.type, c."notnull", c.pk) FROM sqlite_master m, pragma_table_info(m.name) c
			WHERE m.type = 'table' AND m.name NOT LIKE 'goose%' AND m.name NOT LIKE 'sqlite%'
			UNION ALL SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND name NOT LIKE 'goose%'`
	if strings.HasPrefix(dsn, "postgres:") {
		query = `SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable) FROM information_schema.columns
			WHERE table_schema = 'public' AND table_name NOT LIKE 'goose%'
			UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE 'goose%'`
	}
	list := must[[]string](t)(column(t, dsn, query))
	slices.Sort(list)
	return list
}
