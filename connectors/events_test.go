package connectors_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

const (
	shaA = "1111111111111111111111111111111111111111"
	shaB = "2222222222222222222222222222222222222222"
)

func zipped(t testing.TB, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// outline shows items and the last error one per line.
func outline(items iter.Seq2[connectors.Item, error]) []string {
	var lines []string
	for item, err := range items {
		switch {
		case err != nil:
			lines = append(lines, fmt.Sprintf("%d line %d end: %v", item.Index, item.Line, err))
		case item.Err != nil:
			lines = append(lines, fmt.Sprintf("%d line %d: %v", item.Index, item.Line, item.Err))
		default:
			lines = append(lines, fmt.Sprintf("%d line %d ok %s %s", item.Index, item.Line, item.Event.Kind, item.Event.ID))
		}
	}
	return lines
}

func decode(text string) iter.Seq2[connectors.Item, error] {
	return connectors.DecodeEvents(strings.NewReader(text), connectors.EventOptions{DefaultSource: "test"})
}

// eventOf reads a text that must hold one valid event.
func eventOf(t testing.TB, text string) evenkeel.Event {
	t.Helper()
	var events []evenkeel.Event
	for item, err := range decode(text) {
		if err := errors.Join(err, item.Err); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		events = append(events, item.Event)
	}
	if len(events) != 1 {
		t.Fatalf("%d events in %s", len(events), text)
	}
	return events[0]
}

func TestDecodeEventsFindsItemsInEveryStyle(t *testing.T) {
	t.Parallel()
	one, two := `{"kind":"deployment","id":"1"}`, `{"kind":"incident","id":"2"}`
	both := []string{"0 line 1 ok deployment 1", "1 line 2 ok incident 2"}
	sameLine := []string{"0 line 1 ok deployment 1", "1 line 1 ok incident 2"}
	indented := "{\n  \"kind\": \"deployment\",\n  \"id\": \"1\"\n}"
	tests := map[string]struct {
		in   string
		want []string
	}{
		"one object":                                  {one, both[:1]},
		"one object with a line end":                  {one + "\n", both[:1]},
		"two lines":                                   {one + "\n" + two, both},
		"two lines that end in CR LF":                 {one + "\r\n" + two + "\r\n", both},
		"two lines after a byte order mark":           {"\ufeff" + one + "\n" + two, both},
		"an array":                                    {"[" + one + "," + two + "]", sameLine},
		"an array over lines":                         {" [" + one + " ,\r\n\t" + two + "\n]\n \n", both},
		"an array after a byte order mark":            {"\ufeff[" + one + "]", both[:1]},
		"an empty array":                              {"[ ]", nil},
		"nothing":                                     {"", nil},
		"a byte order mark and nothing":               {"\ufeff", nil},
		"white space":                                 {" \r\n\t\n", nil},
		"blank lines between":                         {"\n\n" + one + "\n  \n\r\n" + two + "\n\n", []string{"0 line 3 ok deployment 1", "1 line 6 ok incident 2"}},
		"one object over several lines":               {indented, both[:1]},
		"objects over several lines":                  {"\n" + indented + "\n" + indented, []string{"0 line 2 ok deployment 1", "1 line 6 ok deployment 1"}},
		"gzip":                                        {string(zipped(t, one+"\n"+two)), both},
		"gzip of several members":                     {string(zipped(t, one+"\n")) + string(zipped(t, two)), both},
		"an object of which brackets stand in a text": {`{"kind":"deployment","id":"]}{[\"\\"}` + "\n" + two, []string{`0 line 1 ok deployment ]}{["\`, both[1]}},
		"the same in an array":                        {`[{"kind":"deployment","id":"]}{[\"\\"},` + "\n" + two + "]", []string{`0 line 1 ok deployment ]}{["\`, both[1]}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, outline(decode(test.in))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			for _, size := range []int{1, 7} { // Buffers may end anywhere.
				got := outline(connectors.DecodeEvents(&slowReader{strings.NewReader(test.in), size}, connectors.EventOptions{DefaultSource: "test"}))
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("read %d bytes at a time (-want +got)\n%s", size, diff)
				}
			}
		})
	}
}

// slowReader gives at most size bytes at a time.
type slowReader struct {
	r    io.Reader
	size int
}

func (s *slowReader) Read(p []byte) (int, error) { return s.r.Read(p[:min(len(p), s.size)]) }

func TestDecodeEventsGoesOnAfterBrokenItems(t *testing.T) {
	t.Parallel()
	good := func(id string) string { return `{"kind":"deployment","id":"` + id + `"}` }
	tests := map[string]struct {
		in   string
		want []string
	}{
		"a line that ends early": {good("1") + "\n" + `{"kind":"deployment"` + "\n" + good("3"), []string{
			"0 line 1 ok deployment 1", "1 line 2: line 2, column 21: the text ends before the event does; send the whole object", "2 line 3 ok deployment 3",
		}},
		"a first line that ends early": {`{"kind":"deployment","id":` + "\n" + good("2"), []string{
			"0 line 1: line 1, column 27: the text ends before the event does; send the whole object", "1 line 2 ok deployment 2",
		}},
		"a line that is no JSON": {good("1") + "\n oops\n" + good("3"), []string{
			"0 line 1 ok deployment 1", "1 line 2: line 2, column 2: is not valid JSON: invalid character 'o' at start of value", "2 line 3 ok deployment 3",
		}},
		"two objects on one line": {good("1") + good("2") + "\n" + good("3"), []string{
			"0 line 1: line 1, column 31: more text follows the object; write one object per line", "1 line 2 ok deployment 3",
		}},
		"an array among lines": {good("1") + "\n[" + good("2") + "]\n" + good("3"), []string{
			"0 line 1 ok deployment 1", "1 line 2: line 2, column 1: is an array; an event is one JSON object", "2 line 3 ok deployment 3",
		}},
		"broken rules in an array": {"[" + good("") + "," + good("2") + "]", []string{
			"0 line 1: id: is empty; leave it out if it is unknown, or give null to clear it", "1 line 1 ok deployment 2",
		}},
		"elements that are no objects": {"[5,\"x\",null,[1,[2]]," + good("5") + "]", []string{
			"0 line 1: line 1, column 2: is a number; an event is one JSON object", "1 line 1: line 1, column 4: is a string; an event is one JSON object",
			"2 line 1: line 1, column 8: is null; an event is one JSON object", "3 line 1: line 1, column 13: is an array; an event is one JSON object", "4 line 1 ok deployment 5",
		}},
		"a name given twice in an array": {`[{"kind":"deployment","id":"1","id":"2"},` + good("2") + "]", []string{
			`0 line 1: line 1, column 32: the name "id" appears twice in one object; keep one of them`, "1 line 1 ok deployment 2",
		}},
		"a broken element ends an array": {"[" + good("1") + ",\n {\"kind\":},\n" + good("3") + "]", []string{
			"0 line 1 ok deployment 1", "1 line 2 end: line 2, column 10: is not valid JSON: invalid character '}' at start of value",
		}},
		"an array without end": {"[" + good("1") + ",", []string{
			"0 line 1 ok deployment 1", "1 line 1 end: line 1, column 33: the input ends inside the array; its last ] is missing",
		}},
		"an element without end": {"[" + good("1") + `,{"kind":"dep`, []string{
			"0 line 1 ok deployment 1", "1 line 1 end: line 1, column 45: the text ends before the event does; send the whole object",
		}},
		"a comma too many": {"[" + good("1") + ",]", []string{
			"0 line 1 ok deployment 1", "1 line 1 end: line 1, column 33: an element is missing after the comma; take the comma away",
		}},
		"a comma too few": {"[" + good("1") + "\n" + good("2") + "]", []string{
			"0 line 1 ok deployment 1", "1 line 2 end: line 2, column 1: '{' stands between two elements; separate them with one comma",
		}},
		"text after an array": {"[" + good("1") + "]\n" + good("2"), []string{
			"0 line 1 ok deployment 1", "1 line 2 end: line 2, column 1: more text follows the array; put all events into it, or write one object per line",
		}},
		"a mistake in an object over several lines": {"{\n  \"kind\": \"deployment\",\n  \"id\": \"1\",\n}\n", []string{
			"0 line 1 end: line 3, column 12: is not valid JSON: no member or value belongs to this comma; take it away",
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, outline(decode(test.in))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestDecodeEventsReportsBrokenFiles(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{
		"line_in_the_middle.ndjson": {"0 line 1 ok deployment 1", "1 line 2: line 2, column 30: the text ends before the event does; send the whole object", "2 line 3 ok deployment 3"},
		"latin1.ndjson":             {"0 line 1 ok deployment 1", "1 line 2: line 2, column 31: is not valid UTF-8; convert the text", "2 line 3 ok deployment 3"},
		"nul_bytes.ndjson": {
			"0 line 1 ok deployment 1", `1 line 2: line 2, column 28: is not valid JSON: invalid character '\x00' in string (expecting non-control character)`,
			`2 line 3: line 3, column 1: is not valid JSON: invalid character '\x00' at start of value`, "3 line 4 ok deployment 3",
		},
		"duplicate_names.ndjson": {
			`0 line 1: line 1, column 31: the name "id" appears twice in one object; keep one of them`,
			`1 line 2: line 2, column 91: the name "a/b" appears twice in one object; keep one of them`, "2 line 3 ok deployment 4",
		},
		"deep_nesting.ndjson": {
			"0 line 1: line 1, column 70: is nested deeper than 32 levels; take out what does not belong to the event",
			"1 line 2: line 2, column 195: is nested deeper than 32 levels; take out what does not belong to the event", "2 line 3 ok deployment 3",
		},
		"slice_between.ndjson": {
			"0 line 1: slices[0].at: 2026-03-01T12:00:30Z is not the beginning of a slice of 60 seconds",
			"1 line 2: slices[0].at: 2026-03-01T12:00:00.5Z is not the beginning of a slice of 60 seconds", "2 line 3 ok measurement 3",
		},
		"own_parent.ndjson":          {"0 line 1: parents[0]: is the commit itself; name its real parent"},
		"element_in_the_middle.json": {"0 line 1 ok deployment 1", "1 line 2 end: line 2, column 28: is not valid JSON: invalid character '}' at start of value"},
		"utf16.json":                 {"0 line 1 end: line 1, column 1: is UTF-16; save or convert it as UTF-8 (iconv -f UTF-16 -t UTF-8)"},
	}
	files, err := filepath.Glob("testdata/events/broken/*")
	if err != nil || len(files) != len(tests) {
		t.Fatalf("%d files, %d tests: %v", len(files), len(tests), err)
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(filepath.Join("testdata/events/broken", name))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, outline(decode(string(text)))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestDecodeEventsExplainsBrokenRules(t *testing.T) {
	t.Parallel()
	const start = `{"kind":"deployment","id":"1",`
	const kinds = `one of deployment, change, commit, artifact, build, incident, dependency, work_item, flag_change, evidence, measurement, flag_usage, alert`
	const batch = `{"kind":"measurement","id":"1","series":"a","slice_seconds":60,`
	const flag = `{"kind":"flag_change","id":"1","flag":"a","action":"changed","at":"2026-03-01T12:00:00Z",`
	const change = `{"kind":"change","id":"1","repository":"a/b",`
	tests := map[string]struct{ in, want string }{
		"a near name is suggested":           {start + `"environmnet":"x"}`, `environmnet: is not a member; did you mean "environment"?`},
		"a beginning is completed":           {start + `"env":"x"}`, `env: is not a member; did you mean "environment"?`},
		"another spelling is recognised":     {start + `"finishedAt":"x"}`, `finishedAt: is not a member; did you mean "finished_at"?`},
		"another word is recognised":         {start + `"service":"x"}`, `service: is not a member; did you mean "application"?`},
		"another kind's member is named":     {start + `"severity":"x"}`, `severity: is a member of incident events, not of deployment`},
		"an inner name is suggested":         {change + `"size":{"files":1,"addded":1,"added":1,"deleted":0}}`, `size.addded: is not a member; did you mean "added"?`},
		"a kind is suggested":                {`{"kind":"deploy","id":"1"}`, `kind: "deploy" is not ` + kinds + `; did you mean "deployment"?`},
		"a kind of another type":             {`{"kind":null,"id":"1"}`, `kind: must be a string, not null`},
		"a missing kind":                     {`{"id":"1"}`, `kind: is required; ` + kinds + ``},
		"a missing kind hides other members": {`{"id":"1","env":"x"}`, `kind: is required; ` + kinds + ``},
		"an unknown kind hides other members": {
			`{"id":"1","env":"x","kind":"incidents"}`, `kind: "incidents" is not ` + kinds + `; did you mean "incident"?`,
		},
		"seconds are translated":      {start + `"finished_at":1772366400}`, `finished_at: must be an RFC 3339 time in quotes, not a number; as seconds it would be "2026-03-01T12:00:00Z"`},
		"milliseconds are translated": {start + `"finished_at":"1772366400123"}`, `finished_at: "1772366400123" is a number; as milliseconds it would be "2026-03-01T12:00:00.123Z"`},
		"a date is completed":         {start + `"finished_at":"2026-03-01"}`, `finished_at: "2026-03-01" has no time of day; write the whole instant, such as "2026-03-01T00:00:00Z"`},
		"a zone is asked for":         {start + `"finished_at":"2026-03-01T12:00:00"}`, `finished_at: "2026-03-01T12:00:00" has no time zone; add Z for UTC, or an offset such as +02:00`},
		"a T is asked for":            {start + `"finished_at":"2026-03-01 12:00:00+01:00"}`, `finished_at: "2026-03-01 12:00:00+01:00" must have a T between date and time`},
		"no time at all":              {start + `"finished_at":"yesterday"}`, `finished_at: "yesterday" is not a time; write it as RFC 3339, such as "2026-03-01T12:00:00Z"`},
		"a zero time":                 {start + `"finished_at":"0001-01-01T00:00:00Z"}`, `finished_at: "0001-01-01T00:00:00Z" is outside the years 1970 to 2261; leave the member out if the time is unknown`},
		"a time of another type":      {start + `"finished_at":{}}`, `finished_at: must be an RFC 3339 time such as "2026-03-01T12:00:00Z", not an object`},
		"quotes are taken away":       {change + `"number":"12"}`, `number: must be a whole number, not a string; take the quotes away`},
		"quotes are asked for":        {start + `"version":2.1}`, `version: must be a string, not a number; put it in quotes`},
		"decimals":                    {change + `"number":12.0}`, `number: "12.0" must be a whole number without decimals or exponent, such as 12`},
		"a short commit":              {start + `"repository":"a/b","commit":"abc"}`, `commit: "abc" is not a full commit id; give all 40 (or 64) lower-case hexadecimal digits`},
		"a commit without repository": {start + `"commit":"` + shaA + `"}`, `repository: is needed with commit, so that the commit can be found`},
		"a repository as URL":         {change[:26] + `"repository":"https://github.com/a/b"}`, `repository: "https://github.com/a/b" is a URL; write host/path, such as github.com/acme/checkout`},
		"two spellings of a repository": {
			start + `"commits":{"A/b":"` + shaA + `","a/B":"` + shaB + `"}}`, `commits["a/B"]: names "a/b" a second time (upper and lower case are the same here); keep one`,
		},
		"a place in a list":        {change + `"commits":[{"sha":"` + shaA + `"},{"sha":1}]}`, `commits[1].sha: must be a string, not a number; put it in quotes`},
		"two owners are named":     {start + `"slices":[]}`, `slices: is a member of measurement and flag_usage events, not of deployment`},
		"no slices at all":         {batch[:len(batch)-1] + `}`, `slices: is required`},
		"an empty list of slices":  {batch + `"slices":[]}`, `slices: is required and holds at least one slice`},
		"a slice of nothing":       {batch + `"slices":[{"at":"2026-03-01T12:00:00Z"}]}`, `slices[0]: measures nothing; give good, bad, total or value`},
		"a negative amount":        {batch + `"slices":[{"at":"2026-03-01T12:00:00Z","good":-0.5}]}`, `slices[0].good: -0.5 is not a finite number of 0 or more`},
		"a number without end":     {batch + `"slices":[{"at":"2026-03-01T12:00:00Z","value":1e999}]}`, `slices[0].value: 1e999 is too large`},
		"a number in quotes":       {batch + `"slices":[{"at":"2026-03-01T12:00:00Z","value":"1"}]}`, `slices[0].value: must be a number, not a string; take the quotes away`},
		"a batch clears nothing":   {batch + `"environment":null,"slices":[{"at":"2026-03-01T12:00:00Z","value":1}]}`, `environment: cannot be cleared with null; leave it out`},
		"a batch deletes nothing":  {batch + `"deleted":true,"slices":[{"at":"2026-03-01T12:00:00Z","value":1}]}`, `deleted: a batch of a series takes nothing back; send the slices again under another id`},
		"a batch is not final":     {batch + `"final":true,"slices":[{"at":"2026-03-01T12:00:00Z","value":1}]}`, `final: is not for events of kind measurement`},
		"a share of more than all": {flag + `"after":{"shares":{"on":25}}}`, `after.shares["on"]: 25 is not a share from 0 to 1`},
		"a variant without a name": {flag + `"after":{"shares":{"":1}}}`, `after.shares[""]: has an empty name`},
		"a switch in quotes":       {flag + `"after":{"on":"true"}}`, `after.on: must be true or false, not a string; take the quotes away`},
		"evidence of nothing":      {`{"kind":"evidence","id":"1","check":"x","result":"pass","at":"2026-03-01T12:00:00Z"}`, `application: is required where no repository is named`},
		"all of them": {
			`{"kind":"change","source":"","deleted":1,"number":-1,"state":"x"}`,
			`source: is empty; leave it out if it is unknown, or give null to clear it; deleted: must be true or false, not a number; ` +
				`number: -1 is negative; repository: is required; id: is required; state: "x" is not one of open, merged, closed`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for item, err := range decode(test.in) {
				var fields evenkeel.FieldErrors
				if err != nil || !errors.As(item.Err, &fields) || !errors.Is(item.Err, evenkeel.ErrInvalid) {
					t.Fatalf("item error %v, error %v", item.Err, err)
				}
				if diff := cmp.Diff(test.want, item.Err.Error()); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			}
		})
	}
}

func TestDecodeEventsListsAFewOfManyMistakes(t *testing.T) {
	t.Parallel()
	var unknown strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&unknown, `,"environment%d":1`, i)
	}
	long := strings.Repeat("x", 900_000)
	tests := map[string]struct{ in, last string }{
		"unknown members": {`{"kind":"deployment","id":"1"` + unknown.String() + `}`, "has more mistakes like these"},
		"wrong elements":  {`{"kind":"commit","id":"1","parents":[` + strings.Repeat("0,", 200_000) + `0]}`, "has more mistakes like these"},
		"a long name":     {`{"kind":"deployment","id":"1","` + long + `":1}`, ""},
		"a long key":      {`{"kind":"deployment","id":"1","commits":{"` + long + `":1}}`, ""},
		"a long id":       {`{"kind":"deployment","id":"` + long + `"}`, ""},
		"a long kind":     {`{"kind":"` + long + `","id":"1"}`, ""},
		"a long number":   {`{"kind":"change","id":"1","repository":"a/b","number":` + strings.Repeat("9", 900_000) + `}`, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for item, err := range decode(test.in) {
				var fields evenkeel.FieldErrors
				if err != nil || !errors.As(item.Err, &fields) || len(fields) > 21 || len(item.Err.Error()) > 20_000 || len(item.Event.ID) > evenkeel.MaxText {
					t.Fatalf("%v, %d fields", err, len(fields))
				}
				if test.last != "" && fields[20].Rule != test.last {
					t.Errorf("%v", fields[20])
				}
			}
		})
	}
}

func TestDecodeEventsNormalises(t *testing.T) {
	t.Parallel()
	upper := strings.ToUpper("abcdef1111111111111111111111111111111111")
	lower := strings.ToLower(upper)
	got := eventOf(t, `{"kind":"change","id":"1","repository":"GitHub.com/Acme/Shop","merge_commit":"`+upper+`","head":"`+upper+`",`+
		`"commits":[{"sha":"`+upper+`","authored_at":"2026-03-01T14:00:00+02:00"}],"revert_of":"`+upper+`","labels":["Keep Case"]}`)
	want := &evenkeel.Change{
		Repository: "github.com/acme/shop", MergeCommit: lower, Head: lower, RevertOf: lower, Labels: []string{"Keep Case"},
		Commits: []evenkeel.ChangeCommit{{SHA: lower, AuthoredAt: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}},
	}
	if diff := cmp.Diff(want, got.Payload); diff != "" {
		t.Errorf("change (-want +got)\n%s", diff)
	}
	got = eventOf(t, `{"kind":"deployment","id":"1","commits":{"A/B":"`+upper+`"}}`)
	if diff := cmp.Diff(map[string]string{"a/b": lower}, got.Payload.(*evenkeel.Deployment).Commits); diff != "" {
		t.Errorf("commits (-want +got)\n%s", diff)
	}
	got = eventOf(t, `{"kind":"commit","id":"1","repository":"A/B","sha":"`+upper+`","parents":["`+strings.ToUpper(shaA)+`"],`+
		`"committed_at":"2026-03-01T12:00:00Z","trailers":{"Fixes":["X"]}}`)
	commit := got.Payload.(*evenkeel.Commit)
	if diff := cmp.Diff(map[string][]string{"fixes": {"X"}}, commit.Trailers); diff != "" || commit.SHA != lower || commit.Repository != "a/b" {
		t.Errorf("commit %+v", commit)
	}
}

func TestDecodeEventsReadsTheHeader(t *testing.T) {
	t.Parallel()
	got := eventOf(t, `{"schema":1,"kind":"incident","id":"7","source":"pager","observed_at":"2026-03-01T13:00:00+01:00","deleted":true,"severity":null,"resolved_at":null}`)
	want := evenkeel.Event{
		Kind: evenkeel.KindIncident, ID: "7", Source: "pager", ObservedAt: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Deleted: true,
		Payload: &evenkeel.Incident{}, Cleared: []string{"severity", "resolved_at"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := eventOf(t, `{"kind":"incident","id":"7"}`); got.Source != "test" || !got.ObservedAt.IsZero() {
		t.Errorf("source %q, observed at %v", got.Source, got.ObservedAt)
	}
	lines := outline(connectors.DecodeEvents(strings.NewReader(`{"kind":"incident","id":"7"}`), connectors.EventOptions{}))
	if diff := cmp.Diff([]string{"0 line 1: source: is required"}, lines); diff != "" {
		t.Errorf("no source (-want +got)\n%s", diff)
	}
}

func TestDecodeEventsNamesTheRefusedEvent(t *testing.T) {
	t.Parallel()
	for item := range decode(`{"id":"7","status":"x","kind":"deployment"}`) {
		if item.Err == nil || item.Event.ID != "7" || item.Event.Kind != evenkeel.KindDeployment || item.Event.Payload != nil {
			t.Errorf("%+v", item)
		}
	}
}

func TestDecodeEventsStopsWhenAsked(t *testing.T) {
	t.Parallel()
	for range decode("{\"kind\":\"deployment\",\"id\":\"1\"}\n{\"kind\":\"deployment\",\"id\":\"2\"}") {
		break
	}
}

// endless gives n bytes of text over and over.
type endless struct {
	text []byte
	at   int
	left int64
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := 0
	for n < len(p) && int64(n) < e.left {
		k := copy(p[n:min(int64(len(p)), e.left)], e.text[e.at:])
		e.at = (e.at + k) % len(e.text)
		n += k
	}
	e.left -= int64(n)
	return n, nil
}

// allocated is how many bytes f takes from the heap.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

//nolint:paralleltest // It measures the memory of the process.
func TestDecodeEventsKeepsMemoryBounded(t *testing.T) {
	const gigabyte = 1 << 30
	tests := map[string]struct {
		before string
		fill   string
		size   int64
		after  string
		want   []string
	}{
		"a line of a gigabyte": {`{"kind":"deployment","id":"1"}` + "\n" + `{"kind":"`, "deployment", gigabyte, "\"}\n" + `{"kind":"deployment","id":"3"}`, []string{
			"0 line 1 ok deployment 1", "1 line 2: line 2, column 1: the event is longer than 65536 bytes; send less in one event", "2 line 3 ok deployment 3",
		}},
		"an element of a gigabyte": {`[{"kind":"deployment","id":"1"},` + "\n" + `{"kind":"`, "]}", gigabyte / 8, "\"},\n" + `{"kind":"deployment","id":"3"}]`, []string{
			"0 line 1 ok deployment 1", "1 line 2: line 2, column 1: the event is longer than 65536 bytes; send less in one event", "2 line 3 ok deployment 3",
		}},
		"a gigabyte of brackets":    {"[", "[", gigabyte / 8, "", []string{"0 line 1: line 1, column 2: the event is longer than 65536 bytes; send less in one event", "1 line 1 end: line 1, column 134217730: the input ends inside the array; its last ] is missing"}},
		"a gigabyte of white space": {"", " \n", gigabyte / 8, `{"kind":"deployment","id":"1"}`, []string{"0 line 67108865 ok deployment 1"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if testing.Short() {
				t.Skip("reads a gigabyte")
			}
			input := io.MultiReader(strings.NewReader(test.before), &endless{text: bytes.Repeat([]byte(test.fill), 4096), left: test.size}, strings.NewReader(test.after))
			used := allocated(func() {
				got := outline(connectors.DecodeEvents(input, connectors.EventOptions{DefaultSource: "test", MaxEvent: 64 << 10, MaxBytes: 2 * gigabyte}))
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			})
			if used > 8<<20 {
				t.Errorf("%d bytes allocated", used)
			}
		})
	}
}

func TestDecodeEventsEndsAtTheSizeLimit(t *testing.T) {
	t.Parallel()
	line := `{"kind":"deployment","id":"1"}` + "\n"
	plain := strings.Repeat(line, 1000)
	bomb, w := io.Pipe()
	go func() {
		zip := gzip.NewWriter(w)
		_, err := io.Copy(zip, &endless{text: bytes.Repeat([]byte(" "), 1<<16), left: 1 << 28})
		w.CloseWithError(errors.Join(err, zip.Close()))
	}()
	tests := map[string]struct {
		in    io.Reader
		max   int64
		items int
		want  string
	}{
		"plain":             {strings.NewReader(plain), 310, 10, "invalid: input is too large: it is longer than 310 bytes; send it in parts"},
		"packed":            {bytes.NewReader(zipped(t, plain)), 310, 10, "invalid: input is too large: it unpacks to more than 310 bytes; send it in parts"},
		"a gzip bomb":       {bomb, 1 << 20, 0, "invalid: input is too large: it unpacks to more than 1048576 bytes; send it in parts"},
		"a limit that fits": {strings.NewReader(plain), int64(len(plain)), 1000, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			items, last := 0, error(nil)
			for _, err := range connectors.DecodeEvents(test.in, connectors.EventOptions{DefaultSource: "test", MaxBytes: test.max}) {
				if last = err; err == nil {
					items++
				}
			}
			if items != test.items || errors.Is(last, connectors.ErrTooLarge) != (test.want != "") || last != nil && last.Error() != test.want {
				t.Errorf("%d items, %v", items, last)
			}
		})
	}
}

func TestDecodeEventsReportsUnreadableInputs(t *testing.T) {
	t.Parallel()
	broken := errors.New("the line is down")
	good := zipped(t, strings.Repeat(`{"kind":"deployment","id":"1"}`+"\n", 10_000))
	damaged := bytes.Clone(good)
	damaged[len(damaged)-6] ^= 0xff
	tests := map[string]struct {
		in   io.Reader
		want error
		rule string
	}{
		"a reader that fails":         {io.MultiReader(strings.NewReader(`{"kind":"deployment","id":"1"}`+"\n{"), failing{broken}), broken, "read events: the line is down"},
		"a reader that fails at once": {failing{broken}, broken, "read events: the line is down"},
		"gzip that is cut off":        {bytes.NewReader(good[:len(good)/2]), evenkeel.ErrInvalid, "line 1, column 1: is damaged gzip (unexpected EOF); compress and send it again"},
		"gzip with a wrong sum":       {bytes.NewReader(damaged), evenkeel.ErrInvalid, "line 1, column 1: is damaged gzip (gzip: invalid checksum); compress and send it again"},
		"gzip without content":        {bytes.NewReader(good[:5]), evenkeel.ErrInvalid, "line 1, column 1: is not readable gzip: unexpected EOF"},
		"zstd":                        {strings.NewReader("\x28\xb5\x2f\xfd..."), evenkeel.ErrInvalid, "line 1, column 1: is compressed with zstd; send it plain or with gzip"},
		"UTF-16 without a mark":       {strings.NewReader("{\x00\"\x00"), evenkeel.ErrInvalid, "line 1, column 1: is UTF-16; save or convert it as UTF-8 (iconv -f UTF-16 -t UTF-8)"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var last error
			for _, err := range connectors.DecodeEvents(test.in, connectors.EventOptions{DefaultSource: "test"}) {
				last = err
			}
			if last == nil || !errors.Is(last, test.want) || last.Error() != test.rule {
				t.Errorf("%v", last)
			}
		})
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
