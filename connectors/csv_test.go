package connectors_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

const csvDeploymentMap = `
kind: deployment
id: "{service}-{run}"
delimiter: ";"
fields:
  application: service
  environment: {const: production}
  status: {column: result, values: {OK: success, FAILED: failure}}
  finished_at: {column: end, format: "%d.%m.%Y %H:%M", time_zone: Europe/Berlin}
`

func csvMap(t testing.TB, text string) connectors.CSVMap {
	t.Helper()
	m, err := connectors.ParseCSVMap([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// csvFixture reads testdata/csv/good/NAME.csv by testdata/csv/maps/NAME.yaml.
func csvFixture(t testing.TB, name string) []evenkeel.Event {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata/csv/good", name+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	mapping, err := os.ReadFile(filepath.Join("testdata/csv/maps", name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var events []evenkeel.Event
	for item, err := range connectors.CSVEvents(bytes.NewReader(text), csvMap(t, string(mapping)), connectors.EventOptions{DefaultSource: "csv"}) {
		if err := errors.Join(err, item.Err); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		events = append(events, item.Event)
	}
	return events
}

// utc is an instant of 2026.
func utc(month time.Month, day, hour, minute int) time.Time {
	return time.Date(2026, month, day, hour, minute, 0, 0, time.UTC)
}

func TestCSVEventsReadsFixtures(t *testing.T) {
	t.Parallel()
	deployment := func(id string, d evenkeel.Deployment) evenkeel.Event {
		d.Environment = "production"
		return evenkeel.Event{Kind: evenkeel.KindDeployment, ID: id, Source: "release-desk", Payload: &d}
	}
	change := func(id string, observed time.Time, c evenkeel.Change) evenkeel.Event {
		c.Repository = "github.com/acme/checkout"
		return evenkeel.Event{Kind: evenkeel.KindChange, ID: id, Source: "csv", ObservedAt: observed, Payload: &c}
	}
	commit := func(id string, at time.Time, parents ...string) evenkeel.Event {
		return evenkeel.Event{Kind: evenkeel.KindCommit, ID: id, Source: "csv", Payload: &evenkeel.Commit{
			Repository: "local/shop", SHA: id, Parents: append([]string{}, parents...), CommittedAt: at,
		}}
	}
	build := func(id string, b evenkeel.Build) evenkeel.Event {
		b.Repository, b.Pipeline = "github.com/acme/checkout", "ci"
		return evenkeel.Event{Kind: evenkeel.KindBuild, ID: id, Source: "jenkins:ci.example.com", Payload: &b}
	}
	flagChange := func(id string, f evenkeel.FlagChange) evenkeel.Event {
		f.Flag, f.FlagKind = "slow-search", evenkeel.FlagOps
		return evenkeel.Event{Kind: evenkeel.KindFlagChange, ID: id, Source: "flags-desk", Payload: &f}
	}
	tests := map[string][]evenkeel.Event{
		"deployments": {
			deployment("checkout-1", evenkeel.Deployment{
				Application: "checkout", Status: evenkeel.StatusSuccess, Version: "2.14.0", StartedAt: utc(3, 1, 11, 55), FinishedAt: utc(3, 1, 12, 0),
			}),
			deployment("checkout-2", evenkeel.Deployment{Application: "checkout", Status: evenkeel.StatusFailure, FinishedAt: utc(3, 29, 0, 59)}),
			deployment("payment-3", evenkeel.Deployment{
				Application: "payment", Status: evenkeel.StatusSuccess, Version: "1", StartedAt: utc(3, 1, 11, 55).Add(250 * time.Millisecond), FinishedAt: utc(10, 25, 0, 30),
			}),
		},
		"changes": {
			change("7", utc(3, 1, 14, 0), evenkeel.Change{
				Number: 7, OpenedAt: utc(3, 1, 12, 0), MergedAt: utc(3, 1, 13, 0).Add(123 * time.Millisecond),
				MergeCommit: "abcdefabcdefabcdefabcdefabcdefabcdefabcd", Labels: []string{"feature", "urgent"}, Size: &evenkeel.Size{Files: 1, Added: 20},
			}),
			change("8", time.Time{}, evenkeel.Change{Number: 8, OpenedAt: utc(3, 1, 10, 0)}),
		},
		"commits": {commit(shaA, utc(3, 1, 12, 0)), commit(shaB, utc(3, 1, 12, 1), shaA)},
		"builds": {
			build("ci#7301", evenkeel.Build{Commit: shaA, Result: evenkeel.BuildSuccess, StartedAt: utc(3, 1, 12, 0), Tests: &evenkeel.Tests{Passed: 812, Skipped: 3}}),
			build("ci#7302", evenkeel.Build{Commit: shaB, Result: evenkeel.BuildCancelled, StartedAt: utc(3, 1, 12, 1)}),
		},
		"flag_changes": {
			flagChange("1", evenkeel.FlagChange{Action: evenkeel.FlagCreated, After: &evenkeel.FlagState{Rules: "only staff"}, At: utc(3, 1, 12, 0)}),
			flagChange("2", evenkeel.FlagChange{Action: evenkeel.FlagEnabled, Before: &evenkeel.FlagState{On: new(false)}, After: &evenkeel.FlagState{On: new(true)}, At: utc(3, 1, 13, 0)}),
		},
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(want, csvFixture(t, name)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestCSVEventsReportsBrokenRows(t *testing.T) {
	t.Parallel()
	const head = "service;run;result;end\n"
	const good = "checkout;1;OK;01.03.2026 13:00\n"
	tests := map[string]struct {
		in   string
		want []string
	}{
		"a header only":      {head, nil},
		"line ends of Excel": {"\ufeff" + strings.ReplaceAll(head+good, "\n", "\r\n"), []string{"0 line 2 ok deployment checkout-1"}},
		"gzip":               {string(zipped(t, head+good)), []string{"0 line 2 ok deployment checkout-1"}},
		"a row too short": {head + "checkout;1\n" + good, []string{
			"0 line 2: line 2, column 1: the row has 2 cells, the header 4; look for a delimiter that is not quoted", "1 line 3 ok deployment checkout-1",
		}},
		"a row too long": {head + good + "checkout;1;OK;01.03.2026 13:00;x\n", []string{
			"0 line 2 ok deployment checkout-1", "1 line 3: line 3, column 1: the row has 5 cells, the header 4; look for a delimiter that is not quoted",
		}},
		"a text that values does not list": {head + "checkout;1;DONE;01.03.2026 13:00\n", []string{
			`0 line 2: status: column "result": values does not list "DONE"; add it to the mapping, or to missing if it means unknown`,
		}},
		"a time in another format": {head + "checkout;1;OK;2026-03-01\n", []string{
			`0 line 2: finished_at: column "end": "2026-03-01" is not a time in the format "%d.%m.%Y %H:%M"`,
		}},
		"a time that the clocks skipped": {head + "checkout;1;OK;29.03.2026 02:30\n", []string{
			`0 line 2: finished_at: column "end": "29.03.2026 02:30" does not exist in Europe/Berlin: the clocks were put forward over it`,
		}},
		"an id that is missing": {head + "checkout;;OK;01.03.2026 13:00\n", []string{
			`0 line 2: id: column "run": is empty; every row needs an id`,
		}},
		"a value that breaks a rule": {head + "Check Out;1;OK;01.03.2026 13:00\n", []string{
			`0 line 2: application: column "service": "Check Out" is not a slug; use 1 to 63 of a-z, 0-9, '.', '_' and '-', with a letter or digit at both ends`,
		}},
		"a quotation mark inside a cell": {head + "check\"out;1;OK;01.03.2026 13:00\n" + good, []string{
			"0 line 2: line 2, column 6: a quotation mark stands inside a cell that is not quoted; quote the cell and write the mark twice", "1 line 3 ok deployment checkout-1",
		}},
		"a quotation mark that is not closed": {head + good + "\"checkout;1;OK;01.03.2026 13:00\n" + good, []string{
			"0 line 2 ok deployment checkout-1", "1 line 3: line 3, column 1: a quoted cell that begins in this row never ends properly; close it with a quotation mark, and write a mark inside it twice",
		}},
		"Latin-1 in a row": {head + "caf\xe9;1;OK;01.03.2026 13:00\n" + good, []string{
			"0 line 2: line 2, column 1: is not UTF-8 (perhaps Latin-1 or Windows-1252); convert the file: iconv -f WINDOWS-1252 -t UTF-8", "1 line 3 ok deployment checkout-1",
		}},
		"Latin-1 in the header": {"caf\xe9;service\n", []string{
			"0 line 1 end: line 1, column 1: is not UTF-8 (perhaps Latin-1 or Windows-1252); convert the file: iconv -f WINDOWS-1252 -t UTF-8",
		}},
		"UTF-16":  {"\xff\xfes\x00e\x00", []string{"0 line 1 end: line 1, column 1: is UTF-16; save or convert it as UTF-8 (iconv -f UTF-16 -t UTF-8)"}},
		"nothing": {"", []string{"0 line 1 end: line 1, column 1: the file is empty; its first line must name the columns"}},
		"a broken header": {"serv\"ice;run\n", []string{
			"0 line 1 end: line 1, column 5: a quotation mark stands inside a cell that is not quoted; quote the cell and write the mark twice",
		}},
		"a column that is missing": {"service;run;results;end\n", []string{`0 line 1 end: fields.status: the file has no column "result"; did you mean "results"?`}},
		"columns that are missing": {"a;b\n", []string{
			`0 line 1 end: id: the file has no column "service"; it has a, b; id: the file has no column "run"; it has a, b; fields.application: the file has no column "service"; it has a, b; ` +
				`fields.finished_at: the file has no column "end"; it has a, b; fields.status: the file has no column "result"; it has a, b`,
		}},
		"a column given twice":       {"service;run;result;end;run\n", []string{`0 line 1 end: id: the file has two columns "run", the 2. and the 5.; rename one`}},
		"another column given twice": {"service;run;result;end;x;x\ncheckout;1;OK;01.03.2026 13:00;;\n", []string{"0 line 2 ok deployment checkout-1"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := outline(connectors.CSVEvents(strings.NewReader(test.in), csvMap(t, csvDeploymentMap), connectors.EventOptions{DefaultSource: "csv"}))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestCSVEventsSuggestsTheDelimiter(t *testing.T) {
	t.Parallel()
	m := csvMap(t, "kind: incident\nid: a\nfields: {severity: b}")
	got := outline(connectors.CSVEvents(strings.NewReader("a;b\n1;2\n"), m, connectors.EventOptions{DefaultSource: "csv"}))
	want := `0 line 1 end: id: the file has no column "a"; its columns seem to be separated by ";", so set delimiter; ` +
		`fields.severity: the file has no column "b"; its columns seem to be separated by ";", so set delimiter`
	if diff := cmp.Diff([]string{want}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestCSVEventsAsksForWholeRecords(t *testing.T) {
	t.Parallel()
	m := csvMap(t, "kind: change\nid: n\nfields: {repository: {const: a/b}, size.files: f, size.added: a, size.deleted: d}")
	got := outline(connectors.CSVEvents(strings.NewReader("n,f,a,d\n1,1,2,3\n2,,,\n3,1,,0\n4,1,x,0\n"), m, connectors.EventOptions{DefaultSource: "csv"}))
	want := []string{
		"0 line 2 ok change 1", "1 line 3 ok change 2",
		`2 line 4: size.added: column "a": is empty, while other members of the same record are given; give all or none`,
		`3 line 5: size.added: column "a": "x" is not a whole number`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

//nolint:paralleltest // It measures the memory of the process.
func TestCSVEventsKeepsMemoryBounded(t *testing.T) {
	input := io.MultiReader(strings.NewReader("a,b\n1,2\n\""), &endless{text: bytes.Repeat([]byte("x\n"), 1<<12), left: 1 << 28})
	m := csvMap(t, "kind: incident\nid: a\nfields: {severity: b}")
	var got []string
	used := allocated(func() {
		got = outline(connectors.CSVEvents(input, m, connectors.EventOptions{DefaultSource: "csv", MaxEvent: 64 << 10}))
	})
	want := []string{
		"0 line 2 ok incident 1",
		"1 line 3 end: after line 2: invalid: input is too large: a record is longer than 65536 bytes; look for a quotation mark that is not closed",
	}
	if diff := cmp.Diff(want, got); diff != "" || used > 8<<20 {
		t.Errorf("%d bytes allocated (-want +got)\n%s", used, diff)
	}
}

func TestCSVEventsChecksMapsBuiltByHand(t *testing.T) {
	t.Parallel()
	got := outline(connectors.CSVEvents(strings.NewReader("a\n1\n"), connectors.CSVMap{}, connectors.EventOptions{}))
	want := []string{"0 line 0 end: id: is required; give a column, or a template such as \"{service}-{number}\"; kind: is required; one of deployment, change, commit, artifact, build, incident, dependency, work_item, flag_change, evidence, measurement, flag_usage, alert"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	hand := connectors.CSVMap{Kind: evenkeel.KindIncident, ID: "a", Fields: map[string]connectors.CSVField{"opened_at": {Column: "t"}}}
	got = outline(connectors.CSVEvents(strings.NewReader("a,t\n1,2026-03-01T12:00:00Z\n"), hand, connectors.EventOptions{DefaultSource: "csv"}))
	if diff := cmp.Diff([]string{"0 line 2 ok incident 1"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestParseCSVMapExplainsMistakes(t *testing.T) {
	t.Parallel()
	fields := func(text string) string { return "kind: deployment\nid: a\nfields:\n  " + text + "\n" }
	tests := map[string]struct{ in, want string }{
		"nothing":                  {"", "line 1, column 1: the mapping is empty; it needs kind, id and fields"},
		"no YAML":                  {"kind: [", "line 1, column 1: did not find expected node content"},
		"no UTF-8":                 {"kind: caf\xe9", "line 1, column 1: the mapping is not UTF-8; convert it"},
		"two documents":            {fields("group: g") + "---\nkind: x\n", "line 1, column 1: the mapping holds more than one YAML document; keep one"},
		"an unknown key":           {"kind: deployment\nidd: a\n", "line 2, column 1: the key idd not found; use kind, source, id, delimiter, time_format, time_zone, missing or fields"},
		"no kind and no id":        {"fields: {group: g}", `id: is required; give a column, or a template such as "{service}-{number}"; kind: is required; one of deployment, change, commit, artifact, build, incident, dependency, work_item, flag_change, evidence, measurement, flag_usage, alert`},
		"an unknown kind":          {"kind: deploy\nid: a\n", `kind: "deploy" is not one of deployment, change, commit, artifact, build, incident, dependency, work_item, flag_change, evidence, measurement, flag_usage, alert; did you mean "deployment"?`},
		"required fields":          {"kind: dependency\nid: a\nfields: {from: f}", "fields.to: is required for dependency events; map it to a column or a const; fields.basis: is required for dependency events; map it to a column or a const"},
		"a kind of series":         {"kind: measurement\nid: a\nfields: {series: s}", "kind: measurement events hold lists of slices, which do not fit into a row; send such events as JSON"},
		"a switch":                 {"kind: flag_change\nid: a\nfields: {flag: f, action: {const: enabled}, at: t, after.on: {const: on}}", `fields.after.on: "on" is not true or false; translate it with values (line 3 of the mapping)`},
		"shares in a row":          {"kind: flag_change\nid: a\nfields: {flag: f, action: a, at: t, after.shares: s}", "fields.after.shares: is too rich for a CSV column; send such events as JSON (line 3 of the mapping)"},
		"part of a record":         {"kind: change\nid: a\nfields: {repository: r, size.files: f, size.added: a}", "fields.size.deleted: is required for change events; map it to a column or a const"},
		"a delimiter of two":       {"kind: incident\nid: a\ndelimiter: ';;'", `delimiter: ";;" is not a delimiter; use one character, such as ";", or "tab"`},
		"an id without column":     {"kind: incident\nid: 'x}'", `id: "x}" holds no column; every row would have the same id`},
		"an id with an open brace": {"kind: incident\nid: '{a'", `id: "{a" is not a template; write columns as {name}`},
		"an unknown field":         {fields("env: e"), `fields.env: is not a member; did you mean "environment"? (line 4 of the mapping)`},
		"a header field":           {fields("source: s"), "fields.source: is not a field; give kind, id and source beside fields (line 4 of the mapping)"},
		"a field with members":     {"kind: change\nid: a\nfields: {repository: r, size: s}", "fields.size: has members of its own; map size.added, size.deleted, size.files (line 3 of the mapping)"},
		"a field too rich":         {"kind: change\nid: a\nfields: {repository: r, reviews: s}", "fields.reviews: is too rich for a CSV column; send such events as JSON (line 3 of the mapping)"},
		"a field given twice":      {fields("group: g\n  group: h"), "fields.group: is given twice; keep one (line 5 of the mapping)"},
		"a list of fields":         {"kind: deployment\nid: a\nfields: [a]", "fields: must be a mapping of members to columns (line 3 of the mapping)"},
		"no column and no const":   {fields("group: {values: {a: b}}"), "fields.group: needs either a column or a const (line 4 of the mapping)"},
		"a column and a const":     {fields("group: {column: a, const: b}"), "fields.group: needs either a column or a const (line 4 of the mapping)"},
		"a null":                   {fields("group: ~"), "fields.group: must be the name of a column, or {column: ...}, or {const: ...} (line 4 of the mapping)"},
		"an unknown setting":       {fields("group: {colum: a}"), "fields.group.colum: is not a setting; use column, const, format, separator, time_zone, values (line 4 of the mapping)"},
		"an empty setting":         {fields("group: {column: ''}"), "fields.group.column: must be a text that is not empty (line 4 of the mapping)"},
		"a wrong value":            {fields("status: {column: a, values: {OK: succes}}"), `fields.status.values: "succes" is not one of success, failure, cancelled, running (line 4 of the mapping)`},
		"a wrong const":            {fields("status: {const: ok}"), `fields.status: "ok" is not one of success, failure, cancelled, running (line 4 of the mapping)`},
		"a const that is no slug":  {fields("application: {const: Check Out}"), `fields.application: "Check Out" is not a slug; use lower-case letters, digits, '.', '_' and '-' (line 4 of the mapping)`},
		"a const that is no time":  {fields("finished_at: {const: today}"), `fields.finished_at: "today" is not a time; write it as RFC 3339, such as "2026-03-01T12:00:00Z" (line 4 of the mapping)`},
		"a value given twice":      {fields("status: {column: a, values: {OK: success, OK: failure}}"), `fields.status.values: "OK" is given twice; keep one (line 4 of the mapping)`},
		"values that are no map":   {fields("status: {column: a, values: OK}"), "fields.status.values: must be a mapping of the column's texts to values (line 4 of the mapping)"},
		"a format of no time":      {fields("group: {column: a, format: epoch}"), "fields.group: is not a time; format and time_zone do not apply (line 4 of the mapping)"},
		"a separator of no list":   {fields("group: {column: a, separator: ','}"), "fields.group: is not a list; separator does not apply (line 4 of the mapping)"},
		"a format of another tool": {fields("finished_at: {column: a, format: YYYY-MM-DD}"), `fields.finished_at: "YYYY-MM-DD" is not a time format; write a pattern such as "%Y-%m-%d %H:%M:%S", or rfc3339, epoch or epoch_ms (line 4 of the mapping)`},
		"a format without year":    {fields("finished_at: {column: a, format: '%d.%m. %H:%M', time_zone: UTC}"), `fields.finished_at: "%d.%m. %H:%M" is not a time format; write a pattern such as "%Y-%m-%d %H:%M:%S", or rfc3339, epoch or epoch_ms (line 4 of the mapping)`},
		"a format with half a day": {fields("finished_at: {column: a, format: '%F %I:%M', time_zone: UTC}"), `fields.finished_at: "%F %I:%M" has hours up to 12 and does not say before or after noon; add %p (PM), or use %H (15) (line 4 of the mapping)`},
		"an unknown code":          {fields("finished_at: {column: a, format: '%Q'}"), "fields.finished_at: %Q is not known; use %Y %y %m %d %e %H %I %M %S %f %p %b %B %a %A %z %F %T (line 4 of the mapping)"},
		"a single percent sign":    {fields("finished_at: {column: a, format: '%F %'}"), `fields.finished_at: "%F %" ends with a single % (line 4 of the mapping)`},
		"a format without zone":    {fields("finished_at: {column: a, format: '%F %T'}"), `fields.finished_at: times in the format "%F %T" have no zone; add time_zone, such as UTC or Europe/Berlin (line 4 of the mapping)`},
		"an unknown zone":          {fields("finished_at: {column: a, format: '%F %T', time_zone: Mars/Base}"), `fields.finished_at: "Mars/Base" is not a time zone; use an IANA name, such as UTC or Europe/Berlin (line 4 of the mapping)`},
		"a local zone":             {fields("finished_at: {column: a, format: '%F %T', time_zone: Local}"), `fields.finished_at: "Local" is not a time zone; use an IANA name, such as UTC or Europe/Berlin (line 4 of the mapping)`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := connectors.ParseCSVMap([]byte(test.in))
			if err == nil || !errors.Is(err, evenkeel.ErrInvalid) {
				t.Fatalf("%v", err)
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestCSVTimesAreReadInTheirZone(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		format, zone, in string
		want             time.Time
	}{
		"RFC 3339":                {"rfc3339", "", "2026-03-01T12:00:00+05:30", utc(3, 1, 6, 30)},
		"seconds":                 {"epoch", "", "1772366400", utc(3, 1, 12, 0)},
		"seconds with a fraction": {"epoch", "", "1772366400.5", utc(3, 1, 12, 0).Add(time.Second / 2)},
		"milliseconds":            {"epoch_ms", "", "1772366400001", utc(3, 1, 12, 0).Add(time.Millisecond)},
		"a zone in the text":      {"%Y-%m-%d %H:%M:%S %z", "", "2026-03-01 12:00:00 -0800", utc(3, 1, 20, 0)},
		"a zone before the other": {"%Y-%m-%d %H:%M:%S %z", "Europe/Berlin", "2026-03-01 12:00:00 -0800", utc(3, 1, 20, 0)},
		"winter":                  {"%Y-%m-%d %H:%M", "America/New_York", "2026-01-15 12:00", utc(1, 15, 17, 0)},
		"summer":                  {"%Y-%m-%d %H:%M", "America/New_York", "2026-07-15 12:00", utc(7, 15, 16, 0)},
		"the earlier of two":      {"%Y-%m-%d %H:%M", "America/New_York", "2026-11-01 01:30", utc(11, 1, 5, 30)},
		"a half-hour change":      {"%Y-%m-%d %H:%M", "Australia/Lord_Howe", "2026-04-05 01:45", utc(4, 4, 14, 45)},
		"before noon":             {"%m/%d/%Y %I:%M %p", "UTC", "03/01/2026 12:30 AM", utc(3, 1, 0, 30)},
		"after noon":              {"%m/%d/%Y %I:%M %p", "UTC", "03/01/2026 12:30 PM", utc(3, 1, 12, 30)},
		"a date on purpose":       {"%Y-%m-%d", "Asia/Tokyo", "2026-03-01", utc(2, 28, 15, 0)},
		"a Go layout":             {"02 Jan 2006 15:04", "UTC", "01 Mar 2026 12:00", utc(3, 1, 12, 0)},
		"east of the date line":   {"%F %T", "Pacific/Kiritimati", "2026-03-01 00:00:00", utc(2, 28, 10, 0)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := connectors.CSVMap{Kind: evenkeel.KindIncident, ID: "id", Fields: map[string]connectors.CSVField{"opened_at": {Column: "at", Format: test.format, TimeZone: test.zone}}}
			for item, err := range connectors.CSVEvents(strings.NewReader("id,at\n1,\""+test.in+"\"\n"), m, connectors.EventOptions{DefaultSource: "csv"}) {
				if err := errors.Join(err, item.Err); err != nil {
					t.Fatal(err)
				}
				if got := item.Event.Payload.(*evenkeel.Incident).OpenedAt; !got.Equal(test.want) {
					t.Errorf("%v, want %v", got, test.want)
				}
			}
		})
	}
}

// TestCSVWallClocksAreReadBack writes instants as wall clocks of a zone: what
// is read back has the same wall clock, and is never later.
func TestCSVWallClocksAreReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca", "Pacific/Apia"}).Draw(t, "zone")
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		at := time.Unix(rapid.Int64Range(1, 2_000_000_000).Draw(t, "second"), 0)
		wall := at.In(zone).Format(time.DateTime)
		m := connectors.CSVMap{Kind: evenkeel.KindIncident, ID: "id", TimeFormat: "%F %T", TimeZone: name, Fields: map[string]connectors.CSVField{"opened_at": {Column: "at"}}}
		for item, err := range connectors.CSVEvents(strings.NewReader(fmt.Sprintf("id,at\n1,%s\n", wall)), m, connectors.EventOptions{DefaultSource: "csv"}) {
			if err := errors.Join(err, item.Err); err != nil {
				t.Fatal(err)
			}
			got := item.Event.Payload.(*evenkeel.Incident).OpenedAt
			if got.In(zone).Format(time.DateTime) != wall || got.After(at) || at.Sub(got) > time.Hour {
				t.Fatalf("%s in %s is read as %v, was %v", wall, name, got, at)
			}
		}
	})
}
