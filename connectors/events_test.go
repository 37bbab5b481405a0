package connectors_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

func benchEvents(n int) []evenkeel.Event {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var events []evenkeel.Event
	for i := range n {
		sha := fmt.Sprintf("%040x", i+1)
		parent := fmt.Sprintf("%040x", i)
		when := at.Add(time.Duration(i) * time.Minute)
		var p evenkeel.Payload = &evenkeel.Commit{Repository: "github.com/acme/checkout", SHA: sha, Parents: []string{parent}, AuthoredAt: when, CommittedAt: when}
		id := sha
		if i%2 == 0 {
			p = &evenkeel.Change{Repository: "github.com/acme/checkout", Number: i + 1, State: evenkeel.ChangeMerged, OpenedAt: when, MergedAt: when.Add(time.Hour), MergeCommit: sha, Head: parent, Base: "main"}
			id = fmt.Sprint(i)
		}
		events = append(events, evenkeel.Event{Kind: p.Kind(), ID: id, Source: "git:github.com/acme/checkout", Payload: p})
	}
	return events
}

func BenchmarkDecodeEvents(b *testing.B) {
	var text bytes.Buffer
	const n = 10_000
	if err := connectors.EncodeEvents(&text, benchEvents(n)); err != nil {
		b.Fatal(err)
	}
	lines := strings.TrimRight(text.String(), "\n")
	array := "[" + strings.ReplaceAll(lines, "\n", ",") + "]"
	kindLast := strings.NewReplacer(`{"kind":"commit",`, `{`, `{"kind":"change",`, `{`).Replace(lines)
	var last []string
	for _, line := range strings.Split(kindLast, "\n") {
		kind := "change"
		if strings.Contains(line, "parents") {
			kind = "commit"
		}
		last = append(last, strings.TrimSuffix(line, "}")+`,"kind":"`+kind+`"}`)
	}
	for name, input := range map[string]string{"lines": lines, "array": array, "kind last": strings.Join(last, "\n")} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(input)))
			b.ReportAllocs()
			for b.Loop() {
				count := 0
				for item, err := range connectors.DecodeEvents(strings.NewReader(input), connectors.EventOptions{}) {
					if err != nil || item.Err != nil {
						b.Fatal(err, item.Err)
					}
					count++
				}
				if count != n {
					b.Fatalf("%d items", count)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
		})
	}
}

func BenchmarkEncodeEvents(b *testing.B) {
	const n = 10_000
	events := benchEvents(n)
	var out bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		out.Reset()
		if err := connectors.EncodeEvents(&out, events); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(out.Len()))
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}
