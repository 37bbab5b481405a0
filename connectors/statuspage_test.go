package connectors_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

var _ = sends("statuspage", sender{key: true, sign: func(header http.Header, _ []byte, secret string) {
	header.Set(connectors.PathHeader, secret)
}})

// FuzzStatuspage reads any body of a webhook.
func FuzzStatuspage(f *testing.F) { fuzzSource(f, "statuspage") }

func stampOf(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Format(time.TimeOnly)
}

func equalTexts(a, b []string) bool { return slices.Equal(a, b) }

func TestStatuspageTellsOneStory(t *testing.T) {
	t.Parallel()
	names := []string{"investigating", "identified", "monitoring", "resolved", "reopened"}
	all := parsed(t, "statuspage", names...)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, len(names)).Draw(t, "told")
		var events []evenkeel.Event
		for _, name := range names[:n] {
			events = append(events, all[name]...)
		}
		i, gone := incidentOf(t, anyOrder(t, events))
		got := []string{i.Application, i.Severity, stampOf(i.OpenedAt), stampOf(i.MitigatedAt), stampOf(i.ResolvedAt), stampOf(i.ReopenedAt)}
		want := map[string][]string{
			"investigating": {"checkout", "sev2", "12:05:00", "", "", ""},
			"identified":    {"checkout", "sev2", "12:05:00", "", "", ""},
			"monitoring":    {"checkout", "sev2", "12:05:00", "12:40:00", "", ""},
			"resolved":      {"checkout", "sev2", "12:05:00", "12:40:00", "13:00:00", ""},
			"reopened":      {"checkout", "sev2", "12:05:00", "", "", "14:00:00"},
		}[names[n-1]]
		if gone || !equalTexts(got, want) {
			t.Fatalf("after %v: %v, want %v", names[:n], got, want)
		}
	})
}

// TestStatuspageKeysAreNotKept: the key is part of the address, so that the
// place below it must not be kept.
func TestStatuspageKeysAreNotKept(t *testing.T) {
	t.Parallel()
	s, err := connectors.SourceNamed("statuspage")
	if err != nil {
		t.Fatal(err)
	}
	header := http.Header{"User-Agent": {"x"}}
	header.Set(connectors.PathHeader, "the-key")
	header.Set("Authorization", "Bearer the-key")
	for name, value := range s.Kept(header) {
		if strings.Contains(value, "the-key") {
			t.Errorf("%s is kept", name)
		}
	}
	r := receiverOf(t, s, nil)
	for name, one := range map[string]struct {
		header http.Header
		fits   bool
	}{
		"behind the address": {http.Header{connectors.PathHeader: {"the-key"}}, true},
		"bearer":             {http.Header{"Authorization": {"Bearer the-key"}}, true},
		"both, one wrong":    {http.Header{"Authorization": {"Bearer other"}, connectors.PathHeader: {"the-key"}}, false},
		"nothing":            {http.Header{}, false},
	} {
		if err := r.Verify(one.header, nil, []string{"the-key"}); (err == nil) != one.fits || err != nil && !errors.Is(err, evenkeel.ErrDenied) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
