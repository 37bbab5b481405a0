package intake_test

import (
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/server/intake"
)

// TestTheBodyNamesTheEvent where no header does.
func TestTheBodyNamesTheEvent(t *testing.T) {
	t.Parallel()
	source, err := connectors.SourceNamed("signed")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct{ settings, header, body, want string }{
		"by the body":    {`{"event":{"pointer":"/type"}}`, "", `{"type":"incident.opened"}`, "incident.opened"},
		"by a header":    {``, "deployed", `{"type":"incident.opened"}`, "deployed"},
		"by nothing":     {``, "", `{"type":"incident.opened"}`, ""},
		"a broken body":  {`{"event":{"pointer":"/type"}}`, "", `{"type":`, ""},
		"a name of NULs": {`{"event":{"pointer":"/type"}}`, "", `{"type":"a\u0000b"}`, "ab"},
	}
	for name, test := range tests {
		receiver, err := source.Open(json.RawMessage(test.settings))
		if err != nil {
			t.Fatal(err)
		}
		d := evenkeel.Delivery{Event: test.header, Body: []byte(test.body), ReceivedAt: time.Unix(1772366400, 0)}
		if got := intake.Understand(t.Context(), receiver, d, slog.New(slog.DiscardHandler)); got.Event != test.want {
			t.Errorf("%s: %q, want %q", name, got.Event, test.want)
		}
	}
}
