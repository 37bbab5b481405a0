package connectors_test

import (
	"bytes"
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// anyEvents makes events in the form in which they are read: repositories and
// commit ids in lower case, times in UTC, and no parents as an empty list.
func anyEvents() *rapid.Generator[evenkeel.Event] {
	return rapid.Custom(func(t *rapid.T) evenkeel.Event {
		e := evenkeel.Event{
			Kind: rapid.SampledFrom(evenkeel.Kinds()).Draw(t, "kind"), ID: anyText(t, 1), Source: anyText(t, 1),
		}
		if !e.Kind.IsSeries() {
			e.Deleted = rapid.Bool().Draw(t, "deleted")
			e.Final = e.Kind != evenkeel.KindCommit && rapid.Bool().Draw(t, "final")
		}
		if rapid.Bool().Draw(t, "observed") {
			e.ObservedAt = anyInstant(t)
		}
		e.Payload = evenkeel.NewPayload(e.Kind)
		v := reflect.ValueOf(e.Payload).Elem()
		for i := range v.NumField() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			switch must := slices.Contains(alwaysGiven[e.Kind], name); {
			case must || rapid.Bool().Draw(t, name+" given"):
				fillAny(t, v.Field(i), name, 1)
			case !e.Kind.IsSeries() && rapid.IntRange(0, 3).Draw(t, name+" cleared") == 0:
				e.Cleared = append(e.Cleared, name)
			}
		}
		settle(t, e.Payload)
		return e
	})
}

// settle makes members agree with one another.
func settle(t *rapid.T, payload evenkeel.Payload) {
	switch p := payload.(type) {
	case *evenkeel.Deployment:
		if p.Repository == "" {
			p.Commit = ""
		}
	case *evenkeel.Measurement:
		p.SliceSeconds = anySliceSeconds(t)
		p.Slices = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) evenkeel.Slice {
			s := evenkeel.Slice{At: anySliceStart(t, p.SliceSeconds)}
			for _, amount := range []**float64{&s.Good, &s.Bad, &s.Total} {
				*amount = rapid.Ptr(rapid.Float64Range(0, math.MaxFloat64), true).Draw(t, "amount")
			}
			s.Value = rapid.Ptr(rapid.Float64Range(-math.MaxFloat64, math.MaxFloat64), s.Good != nil).Draw(t, "value")
			return s
		}), 1, 4).Draw(t, "slices")
	case *evenkeel.Change:
		switch {
		case p.ActorKind == "":
			p.Bot = ""
		case p.Bot != "":
			p.ActorKind = evenkeel.ActorBot
		}
	case *evenkeel.FlagUsage:
		p.SliceSeconds = anySliceSeconds(t)
		p.Slices = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) evenkeel.UsageSlice {
			counts := rapid.MapOfN(rapid.StringMatching(`[a-z]{1,4}`), rapid.IntRange(0, 1<<53-1), 1, 3).Draw(t, "counts")
			return evenkeel.UsageSlice{At: anySliceStart(t, p.SliceSeconds), Counts: counts}
		}), 1, 4).Draw(t, "slices")
	}
}

func anySliceSeconds(t *rapid.T) int {
	return rapid.SampledFrom([]int{1, 10, 60, 75, 300, 3600}).Draw(t, "slice seconds")
}

func anySliceStart(t *rapid.T, seconds int) time.Time {
	return anyInstant(t).Truncate(time.Hour).Add(time.Duration(rapid.IntRange(0, 3600/seconds-1).Draw(t, "slice")*seconds) * time.Second)
}

var alwaysGiven = map[evenkeel.Kind][]string{
	evenkeel.KindChange: {"repository"}, evenkeel.KindCommit: {"repository", "sha", "parents", "committed_at"},
	evenkeel.KindArtifact: {"artifact", "repository", "commit"}, evenkeel.KindDependency: {"from", "to", "basis"},
	evenkeel.KindBuild: {"repository", "commit", "pipeline"}, evenkeel.KindFlagChange: {"flag", "action", "at"},
	evenkeel.KindEvidence: {"application", "check", "result", "at"}, evenkeel.KindMeasurement: {"series"}, evenkeel.KindFlagUsage: {"flag"},
	evenkeel.KindAlert: {"fingerprint", "starts_at"},
}

func anyText(t *rapid.T, least int) string {
	return rapid.OneOf(rapid.StringOfN(rapid.RuneFrom([]rune("aZ09 -_./#:{}[]\"\\,;\n\t<>&é✓🚀\u2028")), least, 20, -1), rapid.StringMatching(`[a-z][a-z0-9]{0,8}`)).Draw(t, "text")
}

func anyInstant(t *rapid.T) time.Time {
	const until2200 = 7258118400
	return time.Unix(rapid.Int64Range(0, until2200).Draw(t, "second"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanosecond")).UTC()
}

// enumerated lists one or more allowed values of every type that has them.
func enumerated(t reflect.Type) []string {
	return map[string][]string{
		"DeploymentStatus": {"success", "failure", "cancelled", "running"}, "ChangeKind": {"feature", "rollback"}, "ActorKind": {"human", "system"},
		"ArtifactKind": {"code", "schema"}, "Rollout": {"all-at-once", "canary"}, "ChangeState": {"open", "closed"}, "Basis": {"declared", "observed"},
		"BuildResult": {"success", "skipped"}, "WorkType": {"feature", "unplanned"}, "WorkState": {"open", "closed"}, "FlagKind": {"release", "ops"},
		"FlagAction": {"created", "changed"}, "EvidenceResult": {"pass", "n/a"},
	}[t.Name()]
}

// fillAny gives a field of that name a value.
func fillAny(t *rapid.T, v reflect.Value, name string, least int) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(anyNamed(t, v.Type(), name, least))
	case reflect.Int:
		v.SetInt(rapid.Int64Range(int64(least), 1<<53-1).Draw(t, name))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, name))
	case reflect.Float64:
		v.SetFloat(rapid.Float64Range(0, 1).Draw(t, name))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillAny(t, v.Elem(), name, 0)
	case reflect.Slice:
		list := reflect.MakeSlice(v.Type(), rapid.IntRange(0, 3).Draw(t, name+" length"), 3)
		for i := range list.Len() {
			fillAny(t, list.Index(i), name, 0)
		}
		v.Set(list)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range rapid.IntRange(0, 3).Draw(t, name+" length") {
			element := reflect.New(v.Type().Elem()).Elem()
			fillAny(t, element, name, 0)
			v.SetMapIndex(reflect.ValueOf(rapid.StringMatching(`[a-z]{1,4}/[a-z]{1,4}`).Draw(t, "key")), element)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(anyInstant(t)))
			return
		}
		for i := range v.NumField() {
			inner, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			fillAny(t, v.Field(i), inner, 0)
		}
	default:
		panic("no generator for " + v.Type().String())
	}
}

func anyNamed(t *rapid.T, typ reflect.Type, name string, least int) string {
	if values := enumerated(typ); values != nil {
		return rapid.SampledFrom(values).Draw(t, name)
	}
	switch name {
	case "application", "applications", "from", "to":
		return rapid.StringMatching(`[a-z0-9]([a-z0-9._-]{0,20}[a-z0-9])?`).Draw(t, name)
	case "repository":
		return rapid.StringMatching(`[a-z]{1,9}\.com/[a-z0-9. _-]{1,9}`).Draw(t, name)
	case "commit", "commits", "sha", "parents", "head", "merge_commit":
		return rapid.StringMatching(`[0-9a-f]{40}|[0-9a-f]{64}`).Draw(t, name)
	}
	return anyText(t, least)
}

func TestEncodedEventsAreReadBackEqual(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events := rapid.SliceOfN(anyEvents(), 0, 5).Draw(t, "events")
		var text bytes.Buffer
		if err := connectors.EncodeEvents(&text, events); err != nil {
			t.Fatal(err)
		}
		if lines := bytes.Count(text.Bytes(), []byte("\n")); lines != len(events) {
			t.Fatalf("%d lines for %d events", lines, len(events))
		}
		back := []evenkeel.Event{}
		for item, err := range connectors.DecodeEvents(&text, connectors.EventOptions{}) {
			if err := errors.Join(err, item.Err); err != nil {
				t.Fatal(err)
			}
			back = append(back, item.Event)
		}
		if diff := cmp.Diff(events, back); diff != "" {
			t.Fatalf("(-want +got)\n%s", diff)
		}
	})
}

func TestEncodedEventsFitTheSchema(t *testing.T) {
	t.Parallel()
	schema := compiledSchema(t)
	rapid.Check(t, func(t *rapid.T) {
		var text bytes.Buffer
		if err := connectors.EncodeEvents(&text, []evenkeel.Event{anyEvents().Draw(t, "event")}); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(jsonValue(t, text.String())); err != nil {
			t.Fatalf("%s\n%v", text.String(), err)
		}
	})
}

func TestEncodeEventsWritesOneExactDialect(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 13, 0, 0, 500, time.FixedZone("", 3600))
	events := []evenkeel.Event{
		{Kind: evenkeel.KindCommit, ID: "<1>", Source: "git", Payload: &evenkeel.Commit{Repository: "a/b", SHA: shaA, CommittedAt: at}},
		{Kind: evenkeel.KindDeployment, ID: "2", Source: "ci", ObservedAt: at, Deleted: true, Payload: &evenkeel.Deployment{}, Cleared: []string{"version"}},
	}
	want := `{"kind":"commit","id":"<1>","source":"git","repository":"a/b","sha":"` + shaA + `","parents":[],"committed_at":"2026-03-01T13:00:00.0000005+01:00"}` + "\n" +
		`{"kind":"deployment","id":"2","source":"ci","observed_at":"2026-03-01T12:00:00.0000005Z","deleted":true,"version":null}` + "\n"
	var text bytes.Buffer
	if err := connectors.EncodeEvents(&text, events); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, text.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestEncodeEventsRefusesWhatCannotBeReadBack(t *testing.T) {
	t.Parallel()
	deployment := func(d evenkeel.Deployment, cleared ...string) evenkeel.Event {
		return evenkeel.Event{Kind: evenkeel.KindDeployment, ID: "1", Source: "ci", Payload: &d, Cleared: cleared}
	}
	tests := map[string]struct {
		event evenkeel.Event
		want  string
	}{
		"no payload":         {evenkeel.Event{Kind: evenkeel.KindCommit, ID: "1", Source: "ci"}, `event 1 (commit "1"): kind: does not match the payload`},
		"another payload":    {evenkeel.Event{Kind: evenkeel.KindCommit, ID: "1", Source: "ci", Payload: &evenkeel.Incident{}}, `event 1 (commit "1"): kind: does not match the payload`},
		"a broken rule":      {deployment(evenkeel.Deployment{Status: "x"}), `event 1 (deployment "1"): status: "x" is not one of success, failure, cancelled, running`},
		"invalid UTF-8":      {deployment(evenkeel.Deployment{Version: "\xff"}), `event 1 (deployment "1"): version: is not valid UTF-8`},
		"given and cleared":  {deployment(evenkeel.Deployment{Version: "1"}, "version"), `event 1 (deployment "1"): version: has a value and is cleared; take one of them away`},
		"cleared twice":      {deployment(evenkeel.Deployment{}, "version", "version"), `event 1 (deployment "1"): version: is cleared twice`},
		"clears the unknown": {deployment(evenkeel.Deployment{}, "colour"), `event 1 (deployment "1"): colour: cannot be cleared`},
		"clears a required member": {
			evenkeel.Event{Kind: evenkeel.KindCommit, ID: "1", Source: "ci", Cleared: []string{"parents"}, Payload: &evenkeel.Commit{Repository: "a/b", SHA: shaA, CommittedAt: time.Unix(1, 0)}},
			`event 1 (commit "1"): parents: cannot be cleared`,
		},
		"a review at no time": {
			evenkeel.Event{Kind: evenkeel.KindChange, ID: "1", Source: "ci", Payload: &evenkeel.Change{Repository: "a/b", Reviews: []evenkeel.Review{{State: "approved"}}}},
			`event 1 (change "1"): reviews[0].at: is required`,
		},
		"a repository as URL": {
			evenkeel.Event{Kind: evenkeel.KindChange, ID: "1", Source: "ci", Payload: &evenkeel.Change{Repository: "https://a/b"}},
			`event 1 (change "1"): repository: "https://a/b" is a URL; write host/path, such as github.com/acme/checkout`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var text bytes.Buffer
			err := connectors.EncodeEvents(&text, []evenkeel.Event{deployment(evenkeel.Deployment{}), test.event})
			if err == nil || !errors.Is(err, evenkeel.ErrInvalid) || err.Error() != test.want {
				t.Errorf("%v", err)
			}
			if want := `{"kind":"deployment","id":"1","source":"ci"}` + "\n"; text.String() != want {
				t.Errorf("wrote %q", text.String())
			}
		})
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }

func TestEncodeEventsReportsWriteErrors(t *testing.T) {
	t.Parallel()
	err := connectors.EncodeEvents(fullDisk{}, benchEvents(1))
	if err == nil || err.Error() != "write events: the disk is full" {
		t.Errorf("%v", err)
	}
}
