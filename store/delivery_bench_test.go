package store_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

// deploymentStatus is a delivery of one deployment with a body of 10 KB that
// compresses like those of forges.
func deploymentStatus(n int) evenkeel.Delivery {
	at := noon.Add(time.Duration(n) * time.Second)
	d := evenkeel.Delivery{
		Connection: "c" + strconv.Itoa(n%4), Source: "github", Event: "deployment_status", Key: fmt.Sprintf("%032x", n),
		Headers: map[string]string{"Content-Type": "application/json", "X-GitHub-Event": "deployment_status"},
		Body:    webhookBody(n), ReceivedAt: at, Outcome: evenkeel.OutcomeRecorded,
	}
	name := "service-" + strconv.Itoa(n%40)
	d.Events = []evenkeel.Event{event("github:github.com", strconv.Itoa(n), at, &evenkeel.Deployment{
		Origin: "github:acme/" + name, Environment: "production", Status: evenkeel.StatusSuccess, Repository: "github.com/acme/" + name,
		Commit: idOf(n), Ref: "main", StartedAt: at.Add(-time.Minute), FinishedAt: at, ActorKind: evenkeel.ActorBot,
	})}
	return d
}

func webhookBody(n int) []byte {
	random := rand.New(rand.NewPCG(1, uint64(n)))
	var b bytes.Buffer
	for i := 0; b.Len() < 10_000; i++ {
		id := make([]byte, 8)
		for k := range id {
			id[k] = byte(random.Uint32())
		}
		fmt.Fprintf(&b, `{"url":"https://api.github.com/repos/acme/service-%d/deployments/%d/statuses","node_id":"%s","n":%d},`, n%40, i, hex.EncodeToString(id), i)
	}
	return b.Bytes()[:10_000]
}

// BenchmarkDeliver keeps deliveries of one deployment each, in batches as
// large as many requests at once make them.
func BenchmarkDeliver(b *testing.B) {
	for _, database := range durableDatabases() {
		for _, size := range []int{1, 16, 64, 256} {
			b.Run(fmt.Sprintf("%s/%d", database.name, size), func(b *testing.B) {
				w := company(b, database.dsn(b))
				importAll(b, w, history(2_000, false))
				n := 0
				for b.Loop() {
					b.StopTimer()
					batch := make([]evenkeel.Delivery, size)
					for i := range batch {
						n++
						batch[i] = deploymentStatus(n)
					}
					b.StartTimer()
					deliver(b, w, batch...)
				}
				b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "deliveries/s")
			})
		}
	}
}

// BenchmarkBackfill keeps 100,000 deliveries of 10 KB, page after page, as a
// backfill does. The heap is looked at after every page: its most among the
// first tenth and among all tell whether memory grows with what is taken in.
func BenchmarkBackfill(b *testing.B) {
	const deliveries, page = 100_000, 100
	for _, database := range durableDatabases() {
		b.Run(database.name, func(b *testing.B) {
			for b.Loop() {
				w := company(b, database.dsn(b))
				var first, most uint64
				for n := 0; n < deliveries; n += page {
					batch := make([]evenkeel.Delivery, page)
					for i := range batch {
						batch[i] = deploymentStatus(n + i)
					}
					deliver(b, w, batch...)
					var memory runtime.MemStats
					runtime.ReadMemStats(&memory)
					if most = max(most, memory.HeapAlloc); n < deliveries/10 {
						first = most
					}
				}
				b.ReportMetric(float64(first)/(1<<20), "MiB-first-10k")
				b.ReportMetric(float64(most)/(1<<20), "MiB-heap")
			}
			b.ReportMetric(float64(deliveries*b.N)/b.Elapsed().Seconds(), "deliveries/s")
		})
	}
}

// BenchmarkDeliveries reads from 100,000 kept deliveries.
func BenchmarkDeliveries(b *testing.B) {
	for _, database := range durableDatabases() {
		b.Run(database.name, func(b *testing.B) {
			w := company(b, database.dsn(b))
			fillDeliveries(b, w, 100_000)
			run := func(name string, f evenkeel.DeliveryFilter) {
				b.Run(name, func(b *testing.B) {
					for b.Loop() {
						deliveries(b, w, f)
					}
				})
			}
			run("all", evenkeel.DeliveryFilter{})
			run("rejected", evenkeel.DeliveryFilter{Outcomes: []evenkeel.Outcome{evenkeel.OutcomeRejected}})
			run("failed", evenkeel.DeliveryFilter{Outcomes: []evenkeel.Outcome{evenkeel.OutcomeRejected, evenkeel.OutcomeIgnored}})
			run("connection", evenkeel.DeliveryFilter{Connection: "c1"})
			run("unclaimed", evenkeel.DeliveryFilter{Unclaimed: true})
			run("source", evenkeel.DeliveryFilter{Source: "gitlab"})
			b.Run("activity", func(b *testing.B) {
				for b.Loop() {
					must[map[string]evenkeel.ConnectionActivity](b)(w.ConnectionActivity(b.Context()))
				}
			})
		})
	}
}

func fillDeliveries(b *testing.B, w *store.Workspace, n int) {
	b.Helper()
	var batch []evenkeel.Delivery
	for i := range n {
		d := deploymentStatus(i)
		d.Body = d.Body[:100]
		switch {
		case i%1000 == 7:
			d.Outcome, d.Reason, d.Events = evenkeel.OutcomeRejected, "it is not JSON", nil
		case i%10 == 3:
			d.Outcome, d.Reason, d.Events = evenkeel.OutcomeIgnored, "nothing of interest", nil
		case i%100 == 5:
			p := d.Events[0].Payload.(*evenkeel.Deployment)
			p.Origin, p.Repository = "github:acme/nobody", "github.com/acme/nobody"
		}
		if batch = append(batch, d); len(batch) == 512 || i == n-1 {
			deliver(b, w, batch...)
			batch = nil
		}
	}
}
