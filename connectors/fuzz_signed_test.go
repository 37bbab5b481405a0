package connectors_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// FuzzSigned reads any body by the rules of the fixtures.
func FuzzSigned(f *testing.F) { fuzzSource(f, "signed") }

// FuzzSignedSettings opens any settings, and reads a body by those that are
// accepted.
func FuzzSignedSettings(f *testing.F) {
	source, err := connectors.SourceNamed("signed")
	if err != nil {
		f.Fatal(err)
	}
	for _, d := range deliveriesOf(f, "signed") {
		f.Add([]byte(d.Settings), d.bytes(f))
	}
	for _, settings := range brokenSettings() {
		f.Add([]byte(settings.in), []byte(`{"id":"1"}`))
	}
	f.Fuzz(func(t *testing.T, settings, body []byte) {
		r, err := source.Open(json.RawMessage(settings))
		if err != nil {
			if !errors.Is(err, evenkeel.ErrInvalid) || err.Error() == "" || len(err.Error()) > 50_000 {
				t.Fatalf("%v", err)
			}
			return
		}
		header := http.Header{"X-Event": {"any"}, "X-Delivery-Id": {"1"}}
		if err := r.Verify(header, body, []string{"secret"}); !errors.Is(err, evenkeel.ErrDenied) {
			t.Fatalf("unsigned: %v", err)
		}
		events, err := r.Parse(header, body)
		lawful(t, events, err)
	})
}
