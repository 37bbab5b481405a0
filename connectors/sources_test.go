package connectors_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// bearer proves a sender by its key.
func bearer(header http.Header, _ []byte, secret string) {
	header.Set("Authorization", "Bearer "+secret)
}

// hexSigner signs as most do: a prefix and the hexadecimal HMAC of the body.
func hexSigner(name, prefix string) func(http.Header, []byte, string) {
	return func(header http.Header, raw []byte, secret string) {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(raw)
		header.Set(name, prefix+hex.EncodeToString(mac.Sum(nil)))
	}
}

func sourceNamed(t testing.TB, name string) connectors.Source {
	t.Helper()
	s, err := connectors.SourceNamed(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fixtures are deliveries of a source by name.
func fixtures(t testing.TB, source string, names ...string) []delivery {
	t.Helper()
	all := deliveriesOf(t, source)
	var found []delivery
	for _, name := range names {
		at := slices.IndexFunc(all, func(d delivery) bool { return d.name == name })
		if at < 0 {
			t.Fatalf("no fixture %s of %s", name, source)
		}
		found = append(found, all[at])
	}
	return found
}

func (d delivery) parseAs(t testing.TB, source string) ([]evenkeel.Event, error) {
	t.Helper()
	events, err := receiverOf(t, sourceNamed(t, source), d.Settings).Parse(d.header(), d.bytes(t))
	lawful(t, events, err)
	return events, err
}

func settingsNameTheMistake(t *testing.T, source string, cases map[string]string) {
	t.Helper()
	for settings, want := range cases {
		_, err := sourceNamed(t, source).Open(json.RawMessage(settings))
		if !errors.Is(err, evenkeel.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", settings, err, want)
		}
	}
}

// story is what a source sends of one thing, in order, and what is right in the
// end, by kind.
type story struct {
	deliveries []delivery
	want       map[evenkeel.Kind]string
}

// tellAs folds the deliveries of a source in an order, as the store does.
func (s story) tellAs(t testing.TB, source string, order []int) map[evenkeel.Kind]string {
	t.Helper()
	kept := map[factName][]evenkeel.Observation{}
	arrival := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	for _, at := range order {
		events, err := s.deliveries[at].parseAs(t, source)
		if err != nil && !errors.Is(err, evenkeel.ErrIgnored) {
			t.Fatalf("%s: %v", s.deliveries[at].name, err)
		}
		arrival = arrival.Add(time.Minute)
		for _, e := range events {
			o, err := e.Complete(arrival).Observe()
			if err != nil {
				t.Fatal(err)
			}
			name := factName{e.Kind, e.Payload.Key(e.Source, e.ID)}
			kept[name] = append(kept[name], o)
		}
	}
	facts := map[evenkeel.Kind]string{}
	for name, observations := range kept {
		fields, deleted, err := evenkeel.Fold(observations)
		if err != nil || facts[name.kind] != "" {
			t.Fatalf("%v: %v, a second fact %q", name, err, facts[name.kind])
		}
		var members map[string]any
		if err := json.Unmarshal(fields, &members); err != nil {
			t.Fatal(err)
		}
		sorted, _ := json.Marshal(members)
		if facts[name.kind] = string(sorted); deleted {
			facts[name.kind] = "gone"
		}
	}
	return facts
}

// endTheSame tells stories of a source: in whatever order and however often
// their deliveries arrive, the facts are those of the story.
func endTheSame(t *testing.T, source string, stories map[string]story) {
	t.Helper()
	for name, s := range stories {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inOrder := make([]int, len(s.deliveries))
			for i := range inOrder {
				inOrder[i] = i
			}
			check := func(order []int) {
				if diff := cmp.Diff(s.want, s.tellAs(t, source, order)); diff != "" {
					t.Fatalf("in the order %v (-want +got)\n%s", order, diff)
				}
			}
			check(inOrder)
			if len(inOrder) <= 5 {
				permutations(inOrder, 0, check)
			}
			rapid.Check(t, func(r *rapid.T) {
				order := rapid.Permutation(inOrder).Draw(r, "order")
				check(append(order, rapid.SliceOfN(rapid.IntRange(0, len(inOrder)-1), 0, 5).Draw(r, "again")...))
			})
		})
	}
}
