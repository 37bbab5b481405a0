package connectors_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// FuzzGitHub reads any body under any name of an event.
func FuzzGitHub(f *testing.F) { fuzzSource(f, "github") }

// FuzzDevlake reads any body at any place below the address of a connection.
func FuzzDevlake(f *testing.F) { fuzzSource(f, "devlake") }

// FuzzArgoCD and those below read any body.
func FuzzArgoCD(f *testing.F) { fuzzSource(f, "argocd") }

func FuzzFlux(f *testing.F) { fuzzSource(f, "flux") }

func FuzzCircleCI(f *testing.F) { fuzzSource(f, "circleci") }

func FuzzBitbucket(f *testing.F) { fuzzSource(f, "bitbucket") }

func FuzzAzureDevOps(f *testing.F) { fuzzSource(f, "azure-devops") }

// FuzzCDEvents reads any body as an event or a batch of them.
func FuzzCDEvents(f *testing.F) { fuzzSource(f, "cdevents") }

// FuzzGitLab reads any body under any name of an event.
func FuzzGitLab(f *testing.F) { fuzzSource(f, "gitlab") }

// fuzzSource fuzzes one source from its fixtures: whatever is sent, a body is
// accepted under its own signature only, and read into valid events or a
// reason, the same each time.
func fuzzSource(f *testing.F, name string) {
	f.Helper()
	s, err := connectors.SourceNamed(name)
	if err != nil {
		f.Fatal(err)
	}
	const secret = "It's a Secret to Everybody"
	var receivers []connectors.Receiver
	var settings []string
	for _, d := range deliveriesOf(f, name) {
		var compact bytes.Buffer
		if d.Settings != nil {
			if err := json.Compact(&compact, d.Settings); err != nil {
				f.Fatal(err)
			}
		}
		which := slices.Index(settings, compact.String())
		if which < 0 {
			which = len(settings)
			settings, receivers = append(settings, compact.String()), append(receivers, receiverOf(f, s, d.Settings))
		}
		event, _ := receivers[which].Identify(d.header())
		f.Add(uint8(which), event, d.bytes(f))
	}
	f.Fuzz(func(t *testing.T, which uint8, event string, body []byte) {
		r := receivers[int(which)%len(receivers)]
		header := http.Header{}
		if eventHeader := senders[name].eventHeader; eventHeader != "" {
			header.Set(eventHeader, event)
		}
		if err := r.Verify(header, body, []string{secret}); !errors.Is(err, evenkeel.ErrDenied) {
			t.Fatalf("unsigned: %v", err)
		}
		senders[name].sign(header, body, secret)
		if err := r.Verify(header, body, []string{secret}); err != nil {
			t.Fatalf("signed: %v", err)
		}
		before := bytes.Clone(body)
		events, err := r.Parse(header, body)
		lawful(t, events, err)
		again, againErr := r.Parse(header, before)
		if !bytes.Equal(before, body) || (err == nil) != (againErr == nil) || !cmp.Equal(events, again) {
			t.Fatalf("read again: %v, then %v", err, againErr)
		}
		if err := connectors.EncodeEvents(&bytes.Buffer{}, events); err != nil {
			t.Fatal(err)
		}
	})
}
