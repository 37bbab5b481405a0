package evenkeel_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
)

// said is an observation at a minute of an hour; "final" and "deleted" as marks.
func said(minute int, fields string, marks ...string) evenkeel.Observation {
	return evenkeel.Observation{
		ObservedAt: time.Date(2026, 3, 1, 12, minute, 0, 0, time.UTC), Fields: json.RawMessage(fields),
		Final: slices.Contains(marks, "final"), Deleted: slices.Contains(marks, "deleted"),
	}
}

func TestFoldOfFinalObservations(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		said    []evenkeel.Observation
		want    string
		deleted bool
	}{
		"nothing":               {nil, `{}`, false},
		"a final one alone":     {[]evenkeel.Observation{said(0, `{"a":1,"b":null}`, "final")}, `{"a":1}`, false},
		"the newest wins":       {[]evenkeel.Observation{said(0, `{"a":1}`), said(1, `{"a":2}`)}, `{"a":2}`, false},
		"final beats newer":     {[]evenkeel.Observation{said(0, `{"a":1}`, "final"), said(1, `{"a":2}`)}, `{"a":1}`, false},
		"final beats older":     {[]evenkeel.Observation{said(0, `{"a":1}`), said(1, `{"a":2}`, "final")}, `{"a":2}`, false},
		"the first final wins":  {[]evenkeel.Observation{said(0, `{"a":1}`, "final"), said(1, `{"a":2}`, "final"), said(2, `{"a":3}`)}, `{"a":1}`, false},
		"equal instants":        {[]evenkeel.Observation{said(0, `{"a":1}`, "final"), said(0, `{"a":2}`, "final"), said(0, `{"a":3}`)}, `{"a":2}`, false},
		"only what it says":     {[]evenkeel.Observation{said(0, `{"a":1}`, "final"), said(1, `{"a":2,"b":2}`), said(2, `{"b":3}`)}, `{"a":1,"b":3}`, false},
		"it clears for good":    {[]evenkeel.Observation{said(0, `{"a":null}`, "final"), said(1, `{"a":2}`)}, `{}`, false},
		"opened is the first":   {[]evenkeel.Observation{said(0, `{"opened_at":"2026-03-01T11:00:00Z"}`, "final"), said(1, `{"opened_at":"2026-03-01T10:00:00Z"}`)}, `{"opened_at":"2026-03-01T10:00:00Z"}`, false},
		"a review is the first": {[]evenkeel.Observation{said(0, `{"first_review_at":"2026-03-01T11:00:00Z"}`), said(1, `{"first_review_at":"2026-03-01T12:00:00Z"}`, "final")}, `{"first_review_at":"2026-03-01T11:00:00Z"}`, false},
		"opened in two zones":   {[]evenkeel.Observation{said(0, `{"opened_at":"2026-03-01T12:30:00+02:00"}`), said(1, `{"opened_at":"2026-03-01T11:00:00Z"}`)}, `{"opened_at":"2026-03-01T12:30:00+02:00"}`, false},
		"opened finally empty":  {[]evenkeel.Observation{said(0, `{"opened_at":null}`, "final"), said(1, `{"opened_at":"2026-03-01T11:00:00Z"}`)}, `{}`, false},
		"deleted":               {[]evenkeel.Observation{said(0, `{"a":1}`, "final"), said(1, `{}`, "deleted")}, `{"a":1}`, true},
		"deleted, then said":    {[]evenkeel.Observation{said(1, `{"a":1}`), said(0, `{}`, "final", "deleted")}, `{"a":1}`, false},
		"deleted at once":       {[]evenkeel.Observation{said(0, `{"a":1}`), said(0, `{"a":2}`, "deleted")}, `{"a":2}`, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, order := range permutations(test.said) {
				fields, deleted, err := evenkeel.Fold(order)
				if err != nil || string(fields) != test.want || deleted != test.deleted {
					t.Errorf("%v: %s, deleted %v, %v", order, fields, deleted, err)
				}
			}
		})
	}
}

// permutations lists all orders of a few observations.
func permutations(all []evenkeel.Observation) [][]evenkeel.Observation {
	if len(all) < 2 {
		return [][]evenkeel.Observation{all}
	}
	var orders [][]evenkeel.Observation
	for i := range all {
		rest := slices.Delete(slices.Clone(all), i, i+1)
		for _, order := range permutations(rest) {
			orders = append(orders, append([]evenkeel.Observation{all[i]}, order...))
		}
	}
	return orders
}

// anyObservation says a little about a few fields within a few minutes, so
// that instants and values collide often.
func anyObservation(t *rapid.T) evenkeel.Observation {
	members := map[string]any{}
	for _, name := range []string{"status", "version"} {
		if rapid.Bool().Draw(t, name+" given") {
			members[name] = rapid.SampledFrom([]any{"a", "b", nil}).Draw(t, name)
		}
	}
	if rapid.Bool().Draw(t, "opened given") {
		members["opened_at"] = said(rapid.IntRange(0, 3).Draw(t, "opened"), "").ObservedAt
	}
	fields, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	o := said(rapid.IntRange(0, 3).Draw(t, "minute"), string(fields))
	o.Final, o.Deleted = rapid.Bool().Draw(t, "final"), rapid.IntRange(0, 4).Draw(t, "deleted") == 0
	return o
}

func folded(t *rapid.T, all []evenkeel.Observation) (map[string]any, bool) {
	fields, deleted, err := evenkeel.Fold(all)
	if err != nil {
		t.Fatal(err)
	}
	var members map[string]any
	if err := json.Unmarshal(fields, &members); err != nil {
		t.Fatal(err)
	}
	return members, deleted
}

// TestFoldIsThatOfASet: neither order nor repetition matters.
func TestFoldIsThatOfASet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.Custom(anyObservation), 1, 8).Draw(t, "observations")
		want, gone := folded(t, all)
		mixed := rapid.Permutation(all).Draw(t, "order")
		mixed = append(mixed, rapid.SampledFrom(all).Draw(t, "again"))
		got, deleted := folded(t, mixed)
		if diff := gocmp.Diff(want, got); diff != "" || gone != deleted {
			t.Fatalf("deleted %v and %v (-want +got)\n%s", gone, deleted, diff)
		}
	})
}

// TestFoldByTheRules computes each field anew, from the words of the rules.
func TestFoldByTheRules(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.Custom(anyObservation), 0, 8).Draw(t, "observations")
		got, _ := folded(t, all)
		for _, name := range []string{"status", "version"} {
			if want := fieldOf(t, all, name); got[name] != want {
				t.Fatalf("%s is %v, want %v", name, got[name], want)
			}
		}
		var opened any
		for _, o := range all {
			if value, given := memberOf(t, o, "opened_at"); given && (opened == nil || value.(string) < opened.(string)) {
				opened = value
			}
		}
		if got["opened_at"] != opened {
			t.Fatalf("opened at %v, want %v", got["opened_at"], opened)
		}
	})
}

// fieldOf sorts what was said of a field by what it is worth and takes the best.
func fieldOf(t *rapid.T, all []evenkeel.Observation, name string) any {
	worth := func(o evenkeel.Observation) string {
		minute := o.ObservedAt.Minute()
		value, _ := memberOf(t, o, name)
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		if o.Final {
			return "2" + strconv.Itoa(9-minute) + string(text)
		}
		return "1" + strconv.Itoa(minute) + string(text)
	}
	var best any
	most := ""
	for _, o := range all {
		if value, given := memberOf(t, o, name); given && worth(o) > most {
			best, most = value, worth(o)
		}
	}
	return best
}

func memberOf(t *rapid.T, o evenkeel.Observation, name string) (value any, given bool) {
	var members map[string]any
	if err := json.Unmarshal(o.Fields, &members); err != nil {
		t.Fatal(err)
	}
	value, given = members[name]
	return value, given
}

// TestFinalReportsStand: nothing that is not final changes what a final
// report says of a field in which the first occurrence does not count.
func TestFinalReportsStand(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		others := rapid.SliceOfN(rapid.Custom(anyObservation), 0, 6).Draw(t, "observations")
		for i := range others {
			others[i].Final = false
		}
		outcome := said(rapid.IntRange(0, 3).Draw(t, "minute"), `{"status":"outcome"}`, "final")
		if got, _ := folded(t, append(others, outcome)); got["status"] != "outcome" {
			t.Fatalf("status is %v", got["status"])
		}
	})
}
