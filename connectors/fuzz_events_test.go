package connectors_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

func seed(f *testing.F, add func([]byte), patterns ...string) {
	f.Helper()
	for _, pattern := range patterns {
		files, err := filepath.Glob(filepath.Join("testdata", pattern))
		if err != nil || len(files) == 0 {
			f.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			add(text)
		}
	}
}

// FuzzEvents: whatever the input, items are numbered, errors are ErrInvalid,
// and valid events are kept through writing and reading.
func FuzzEvents(f *testing.F) {
	seed(f, func(text []byte) { f.Add(text) }, "events/valid/*", "events/invalid/*", "events/broken/[!d]*")
	f.Add(zipped(f, `{"kind":"deployment","id":"1"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var events []evenkeel.Event
		next, ended := 0, false
		for item, err := range connectors.DecodeEvents(bytes.NewReader(text), connectors.EventOptions{DefaultSource: "fuzz", MaxEvent: 1 << 16, MaxBytes: 1 << 20}) {
			if ended || item.Index != next || item.Line < 1 {
				t.Fatalf("item %d on line %d, want %d, ended %v", item.Index, item.Line, next, ended)
			}
			next++
			if problem := errors.Join(err, item.Err); problem != nil && !errors.Is(problem, evenkeel.ErrInvalid) {
				t.Fatalf("%v", problem)
			}
			if ended = err != nil; item.Err == nil && err == nil {
				events = append(events, item.Event)
			}
		}
		keepsEvents(t, events)
	})
}

func keepsEvents(t *testing.T, events []evenkeel.Event) {
	t.Helper()
	var out bytes.Buffer
	if err := connectors.EncodeEvents(&out, events); err != nil {
		t.Fatal(err)
	}
	var back []evenkeel.Event
	for item, err := range connectors.DecodeEvents(&out, connectors.EventOptions{}) {
		if err := errors.Join(err, item.Err); err != nil {
			t.Fatal(err)
		}
		back = append(back, item.Event)
	}
	if diff := cmp.Diff(events, back); diff != "" {
		t.Fatalf("(-want +got)\n%s", diff)
	}
}

// FuzzCSV reads any file by fixed mappings.
func FuzzCSV(f *testing.F) {
	names := []string{"deployments", "changes", "commits", "builds", "flag_changes"}
	var maps []connectors.CSVMap
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join("testdata/csv/maps", name+".yaml"))
		if err != nil {
			f.Fatal(err)
		}
		maps = append(maps, csvMap(f, string(text)))
		seed(f, func(text []byte) { f.Add(uint8(len(maps)-1), text) }, "csv/good/"+name+".csv")
	}
	f.Fuzz(func(t *testing.T, which uint8, text []byte) {
		var events []evenkeel.Event
		for item, err := range connectors.CSVEvents(bytes.NewReader(text), maps[int(which)%len(maps)], connectors.EventOptions{DefaultSource: "fuzz", MaxEvent: 1 << 16, MaxBytes: 1 << 20}) {
			problem := errors.Join(err, item.Err)
			if problem != nil && !errors.Is(problem, evenkeel.ErrInvalid) {
				t.Fatalf("%v", problem)
			}
			if problem == nil {
				events = append(events, item.Event)
			}
		}
		keepsEvents(t, events)
	})
}

// FuzzCSVMap reads any mapping, and a file by those that are accepted.
func FuzzCSVMap(f *testing.F) {
	seed(f, func(text []byte) { f.Add(text) }, "csv/maps/*")
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := connectors.ParseCSVMap(text)
		if err != nil {
			if !errors.Is(err, evenkeel.ErrInvalid) || err.Error() == "" {
				t.Fatalf("%v", err)
			}
			return
		}
		table := "service;run;result;end;begin;version\ncheckout;1;OK;01.03.2026 13:00;1;2\n"
		for item, err := range connectors.CSVEvents(io.Reader(bytes.NewReader([]byte(table))), m, connectors.EventOptions{DefaultSource: "fuzz"}) {
			if problem := errors.Join(err, item.Err); problem != nil && !errors.Is(problem, evenkeel.ErrInvalid) {
				t.Fatalf("%v", problem)
			}
		}
	})
}
