package store_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

// TestMigrationsMatchTheRows compares the tables that migrations make with
// those that the rows of today describe: names, types, keys and indexes.
func TestMigrationsMatchTheRows(t *testing.T) {
	t.Parallel()
	for name, dsn := range bare() {
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

// TestVersion1IsMigrated opens a database that version 1 has written: what it
// holds is kept, and what was said then is known when it is said again.
func TestVersion1IsMigrated(t *testing.T) {
	t.Parallel()
	for name, dsn := range bare() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			where := dsn(t)
			said := event("ci", "d1", hours(-1), &evenkeel.Deployment{Application: "shop", FinishedAt: hours(-1)})
			fields := `{"application":"shop","finished_at":"2026-03-02T11:00:00Z"}`
			// Digests are those of this text ever since version 1.
			digest := sha256.Sum256(fmt.Appendf(nil, "10:deployment2:ci2:d1%d false%s", hours(-1).UnixMicro(), fields))
			err := store.CreateVersion1(t.Context(), where, store.Version1{
				Workspace: "acme", Fact: evenkeel.FactID(evenkeel.KindDeployment, "ci\x1fd1"), Source: "ci", ExternalID: "d1",
				Subject: said.Payload.Subject().String(), Digest: digest[:], Fields: []byte(fields), At: hours(-1),
			})
			if err != nil {
				t.Fatal(err)
			}
			w := open(t, where).In("acme")
			if done := record(t, w, said); done.Repeated != 1 || done.Revision != 1 {
				t.Errorf("said again: %+v", done)
			}
			final := said
			final.Final = true
			if done := deliver(t, w, delivery(1, said, final)); done[0].Observations != 1 || done[0].Recorded.Repeated != 1 {
				t.Errorf("said finally: %+v", done)
			}
			l := must[evenkeel.Lineage](t)(w.Lineage(t.Context(), evenkeel.FactID(evenkeel.KindDeployment, "ci\x1fd1")))
			want := []evenkeel.Said{
				{Source: "ci", ExternalID: "d1", ObservedAt: hours(-1), Fields: []byte(fields), RecordedAt: hours(-1), Revision: 1},
				{Source: "ci", ExternalID: "d1", ObservedAt: hours(-1), Fields: []byte(fields), RecordedAt: noon, Revision: 1, Final: true},
			}
			if diff := cmp.Diff(want, l.Observations, cmpopts.IgnoreFields(evenkeel.Said{}, "Deliveries")); diff != "" {
				t.Errorf("lineage (-want +got)\n%s", diff)
			}
			if l.Entry.ExternalID != "d1" || len(l.Observations[0].Deliveries) != 1 {
				t.Errorf("lineage: %+v", l)
			}
		})
	}
}

// TestMigratingIsSaidBefore: who upgrades a store sees that tables are being
// migrated; a new store has nothing to wait for.
func TestMigratingIsSaidBefore(t *testing.T) {
	t.Parallel()
	for name, dsn := range bare() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			where := dsn(t)
			if err := store.CreateVersion1(t.Context(), where, store.Version1{Workspace: "acme", Fact: "f", Source: "ci", ExternalID: "d1", Subject: "deployment", Digest: []byte{1}, Fields: []byte("{}"), At: hours(-1)}); err != nil {
				t.Fatal(err)
			}
			if got, want := migrationLog(t, where), []string{"migrating tables, which may take minutes where much is stored from 1", "tables migrated from 1"}; !slices.Equal(got, want) {
				t.Errorf("of version 1: %q, want %q", got, want)
			}
			if got := migrationLog(t, where); len(got) > 0 {
				t.Errorf("up to date: %q", got)
			}
			where = dsn(t)
			if got, want := migrationLog(t, where), []string{"tables migrated from 0"}; !slices.Equal(got, want) {
				t.Errorf("a new store: %q, want %q", got, want)
			}
		})
	}
}

// TestAStoreThatIsNotThereIsRefused where it has to be there already.
func TestAStoreThatIsNotThereIsRefused(t *testing.T) {
	t.Parallel()
	for name, dsn := range bare() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			where := dsn(t)
			existing := store.Options{DSN: where, Now: func() time.Time { return noon }, Existing: true}
			for range 2 {
				if _, err := store.Open(t.Context(), existing); !errors.Is(err, evenkeel.ErrNotFound) {
					t.Fatalf("before it is made: %v", err)
				}
			}
			ensure(t, open(t, where), "acme")
			s, err := store.Open(t.Context(), existing)
			if err != nil {
				t.Fatal(err)
			}
			if known, err := s.Workspaces(t.Context()); err != nil || len(known) != 1 {
				t.Errorf("%v: %+v", err, known)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// migrationLog is what opening a store logs: messages with the version of the tables.
func migrationLog(t *testing.T, dsn string) (messages []string) {
	t.Helper()
	var log bytes.Buffer
	s, err := store.Open(t.Context(), store.Options{DSN: dsn, Now: func() time.Time { return noon }, Logger: slog.New(slog.NewJSONHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(log.Bytes()) {
		var entry struct {
			Message string `json:"msg"`
			From    int
		}
		if err := json.Unmarshal(line, &entry); err != nil {
			t.Fatal(err)
		}
		messages = append(messages, fmt.Sprintf("%s from %d", entry.Message, entry.From))
	}
	return messages
}

// TestSegmentsOfVersion11AreMigrated: rows of the old format are read as they
// were, at every revision, and go on to grow.
func TestSegmentsOfVersion11AreMigrated(t *testing.T) {
	t.Parallel()
	for name, dsn := range bare() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			where := dsn(t)
			said := func(id string, minute int, good float64) evenkeel.Event {
				return event("probe", id, hours(1), &evenkeel.Measurement{Series: "availability", SliceSeconds: 60, Slices: []evenkeel.Slice{{At: noon.Add(time.Duration(minute) * time.Minute), Good: &good}}})
			}
			id := seriesID(said("", 0, 0))
			known := [][]float64{{1}, {1, 2}, {9, 2}}
			err := store.CreateVersion11(t.Context(), where, store.Version11{
				Workspace: "acme", ID: id, Source: "probe", Series: "availability", Subject: said("", 0, 0).Payload.Subject().String(),
				Hour: noon, Good: known, Observed: hours(0).Add(10 * time.Minute),
			})
			if err != nil {
				t.Fatal(err)
			}
			w := open(t, where).In("acme")
			record(t, w, said("4", 2, 3))
			record(t, w, said("5", 1, 7))
			known = append(known, []float64{9, 2, 3}, []float64{9, 7, 3})
			for i, want := range append([][]float64{nil}, known...) {
				var got []float64
				for _, s := range must[map[string][]evenkeel.Slice](t)(w.MeasurementsAt(t.Context(), int64(i), []string{id}, evenkeel.Window{}))[id] {
					got = append(got, *s.Good)
				}
				if !slices.Equal(got, want) {
					t.Errorf("at revision %d: %v, want %v", i, got, want)
				}
				told, _, _, err := w.MeasuredSince(t.Context(), int64(i))
				if err != nil || (len(told) == 1) != (i < len(known)) {
					t.Errorf("since revision %d: %v, %+v", i, err, told)
				}
			}
			rows := must[[]string](t)(column(t, where, "SELECT last_seq FROM series_segments ORDER BY seq"))
			if want := []string{"1", "2", "5"}; !slices.Equal(rows, want) {
				t.Errorf("rows were last changed at %v, want %v", rows, want)
			}
			late := must[[]evenkeel.LateHour](t)(w.LateMeasurements(t.Context(), 3, []string{id}, evenkeel.Window{}, -51*time.Minute))
			if len(late) != 1 || late[0].Changes != 1 || *late[0].Before[0].Good != 1 || *late[0].Now[0].Good != 9 {
				t.Errorf("late: %+v", late)
			}
		})
	}
}
