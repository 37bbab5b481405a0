package connectors_test

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// benchEvents makes changes and commits of about 330 bytes each.
func benchEvents(n int) []evenkeel.Event {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	events := make([]evenkeel.Event, n)
	for i := range events {
		sha, parent := fmt.Sprintf("%040x", i+1), fmt.Sprintf("%040x", i)
		when := at.Add(time.Duration(i) * time.Minute)
		events[i] = evenkeel.Event{Kind: evenkeel.KindCommit, ID: sha, Source: "git:github.com/acme/checkout", Payload: &evenkeel.Commit{
			Repository: "github.com/acme/checkout", SHA: sha, Parents: []string{parent}, AuthoredAt: when, CommittedAt: when,
		}}
		if i%2 == 0 {
			events[i].Kind, events[i].ID = evenkeel.KindChange, strconv.Itoa(i)
			events[i].Payload = &evenkeel.Change{
				Repository: "github.com/acme/checkout", Number: i + 1, State: evenkeel.ChangeMerged,
				OpenedAt: when, MergedAt: when.Add(time.Hour), MergeCommit: sha, Head: parent, Base: "main",
			}
		}
	}
	return events
}

// kindLast moves the member "kind" to the end of every line.
func kindLast(lines string) string {
	var out []string
	for line := range strings.SplitSeq(lines, "\n") {
		kind, rest, _ := strings.Cut(strings.TrimPrefix(line, "{"), ",")
		out = append(out, "{"+strings.TrimSuffix(rest, "}")+","+kind+"}")
	}
	return strings.Join(out, "\n")
}

func BenchmarkDecodeEvents(b *testing.B) {
	const n = 10_000
	var text bytes.Buffer
	if err := connectors.EncodeEvents(&text, benchEvents(n)); err != nil {
		b.Fatal(err)
	}
	lines := strings.TrimRight(text.String(), "\n")
	for name, input := range map[string]string{
		"lines": lines, "array": "[" + strings.ReplaceAll(lines, "\n", ",") + "]", "kind last": kindLast(lines), "gzip": string(zipped(b, lines)),
	} {
		b.Run(name, func(b *testing.B) {
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
			b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "events/s")
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
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

func BenchmarkCSVEvents(b *testing.B) {
	const n = 10_000
	var text strings.Builder
	text.WriteString("service;run;result;end\n")
	for i := range n {
		fmt.Fprintf(&text, "checkout;%d;OK;0%d.03.2026 12:%02d\n", i, 1+i%9, i%60)
	}
	m, err := connectors.ParseCSVMap([]byte(csvDeploymentMap))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		for item, err := range connectors.CSVEvents(strings.NewReader(text.String()), m, connectors.EventOptions{DefaultSource: "csv"}) {
			if err != nil || item.Err != nil {
				b.Fatal(err, item.Err)
			}
		}
	}
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
