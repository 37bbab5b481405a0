package server_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime/metrics"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/server/intake"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/telemetry"
	"github.com/evenkeel-dev/evenkeel/store"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

// benchBody is about how long a delivery of GitHub is.
const benchBody = 10 << 10

// BenchmarkHooks sends distinct signed deliveries of 10 KB over loopback, each
// sender one after the other. "decode" only verifies and decodes, with nothing
// around it: what the machine can do. The others answer once a delivery is on
// disk; x-decode is their rate as a share of decode's. The more senders, the
// more deliveries share a commit.
func BenchmarkHooks(b *testing.B) {
	for _, senders := range []int{64, 256} {
		b.Run("senders="+strconv.Itoa(senders), func(b *testing.B) { benchmarkHooks(b, senders) })
	}
}

func benchmarkHooks(b *testing.B, senders int) {
	var base float64
	b.Run("decode", func(b *testing.B) { base = flood(b, decodeOnly(b), "/", senders) })
	for _, database := range []struct {
		name string
		dsn  func(testing.TB) string
	}{{"sqlite", storetest.SQLite}, {"postgres", storetest.DurablePostgres}} {
		for _, way := range []struct {
			name   string
			single bool
		}{{"group", false}, {"single", true}} {
			b.Run(database.name+"/"+way.name, func(b *testing.B) {
				handler, path := hookServer(b, database.dsn(b), way.single)
				rate := flood(b, handler, path, senders)
				b.ReportMetric(rate/base, "x-decode")
			})
		}
	}
}

// decodeOnly verifies and decodes and keeps nothing.
func decodeOnly(b *testing.B) http.Handler {
	b.Helper()
	source, err := connectors.SourceNamed("github")
	if err != nil {
		b.Fatal(err)
	}
	receiver, err := source.Open(nil)
	if err != nil {
		b.Fatal(err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err == nil {
			err = receiver.Verify(r.Header, raw, []string{secretText})
		}
		d := intake.Understand(r.Context(), receiver, evenkeel.Delivery{Headers: source.Kept(r.Header), Body: raw, ReceivedAt: clock()}, slog.Default())
		if err != nil || d.Outcome != evenkeel.OutcomeRecorded {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusAccepted)
		_ = json.NewEncoder(w).Encode(map[string]any{"delivery": "", "outcome": d.Outcome, "repeated": false})
	})
}

// hookServer is the whole server; with single it keeps each delivery in a
// transaction of its own.
func hookServer(b *testing.B, dsn string, single bool) (handler http.Handler, path string) {
	b.Helper()
	quiet := slog.New(slog.DiscardHandler)
	s, err := store.Open(b.Context(), store.Options{DSN: dsn, Logger: quiet, Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	w := s.In("default")
	if err := s.EnsureWorkspace(b.Context(), evenkeel.WorkspaceInfo{Slug: "default", Name: "default"}); err != nil {
		b.Fatal(err)
	}
	if _, err := w.RegisterApplication(b.Context(), evenkeel.Application{Slug: "checkout", Name: "checkout", Claims: []string{"repo:github.com/acme/checkout"}}); err != nil {
		b.Fatal(err)
	}
	c, err := w.SaveConnection(b.Context(), evenkeel.Connection{Source: "github", Name: "acme", Secrets: []string{secretName}, Managed: "api"})
	if err != nil {
		b.Fatal(err)
	}
	commits := committer(b, s, quiet)
	if single {
		commits = oneByOne(b, s, quiet)
	}
	made, err := server.New(server.Config{
		Store: s, Workspace: func(slug string) server.Workspace { return s.In(slug) },
		Past:      func(slug string, known evenkeel.Known) server.Facts { return s.In(slug).At(known) },
		Deriver:   jobs.NewDeriver(func(slug string) jobs.Workspace { return s.In(slug) }),
		Budgets:   budgets.New(func(slug string) budgets.Workspace { return s.In(slug) }),
		Dashboard: fstest.MapFS{"index.html": {}}, Logger: quiet, Now: time.Now, Secrets: secrets, Telemetry: telemetry.New("bench", nil),
		Committer: commits, KeepBodies: true,
	})
	if err != nil {
		b.Fatal(err)
	}
	return made.Handler(), hookPath(c)
}

func oneByOne(b *testing.B, s *store.Store, logger *slog.Logger) *intake.Committer {
	b.Helper()
	c := intake.NewCommitter(func(ctx context.Context, workspace string, deliveries []evenkeel.Delivery) ([]evenkeel.Delivered, error) {
		var all []evenkeel.Delivered
		for i := range deliveries {
			one, err := s.In(workspace).Deliver(ctx, deliveries[i:i+1])
			if err != nil {
				return nil, err
			}
			all = append(all, one...)
		}
		return all, nil
	}, logger)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	b.Cleanup(func() { stop(); <-done })
	return c
}

// flood sends b.N deliveries and returns how many were taken in a second.
func flood(b *testing.B, handler http.Handler, path string, connections int) (rate float64) {
	b.Helper()
	web := httptest.NewServer(handler)
	defer web.Close()
	requests := make([][]byte, b.N)
	for i := range requests {
		requests[i] = wireRequest(i, path)
	}
	latencies := make([]time.Duration, b.N)
	var next atomic.Int64
	var senders sync.WaitGroup
	peak := watchHeap()
	busy := processorTime(b)
	b.ReportAllocs()
	b.ResetTimer()
	for range connections {
		senders.Go(func() { sendAll(b, web.Listener.Addr().String(), requests, latencies, &next) })
	}
	senders.Wait()
	b.StopTimer()
	b.ReportMetric(float64((processorTime(b)-busy).Microseconds())/float64(b.N), "cpu-µs/op")
	slices.Sort(latencies)
	for _, p := range []int{50, 95, 99} {
		b.ReportMetric(float64(latencies[(b.N-1)*p/100].Microseconds())/1000, "p"+strconv.Itoa(p)+"-ms")
	}
	rate = float64(b.N) / b.Elapsed().Seconds()
	b.ReportMetric(rate, "req/s")
	b.ReportMetric(float64(peak())/(1<<20), "MiB-peak-heap")
	return rate
}

// processorTime is what this process has used, senders included.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// wireRequest is delivery i as it goes over the wire.
func wireRequest(i int, path string) []byte {
	body := benchDelivery(i)
	return slices.Concat(fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nUser-Agent: GitHub-Hookshot/044aadd\r\n"+
		"X-GitHub-Event: deployment_status\r\nX-GitHub-Delivery: 72d3162e-cc78-11e3-81ab-%012d\r\nX-Hub-Signature-256: %s\r\nContent-Length: %d\r\n\r\n",
		path, i, signature(body, secretText), len(body)), body)
}

func benchDelivery(i int) []byte {
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * time.Second).Format(time.RFC3339)
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"action":"created","deployment_status":{"id":%[1]d,"state":"success","environment":"production","created_at":"%[2]s","updated_at":"%[2]s"},`+
		`"deployment":{"id":%[1]d,"sha":"%040[1]x","ref":"main","task":"deploy","environment":"production","created_at":"%[2]s","updated_at":"%[2]s"},`+
		`"sender":{"login":"kim-example","id":2,"type":"User"},`+
		`"repository":{"id":1,"name":"checkout","full_name":"acme/checkout","html_url":"https://github.com/acme/checkout","default_branch":"main"`, i+1, at)
	for n := 0; b.Len() < benchBody-100; n++ {
		fmt.Fprintf(&b, `,"member_%d_url":"https://api.github.com/repos/acme/checkout/%x/{number}"`, n, n*i)
	}
	b.WriteString(`}}`)
	return b.Bytes()
}

func sendAll(b *testing.B, address string, requests [][]byte, latencies []time.Duration, next *atomic.Int64) {
	conn, err := new(net.Dialer).DialContext(b.Context(), "tcp", address)
	if err != nil {
		b.Error(err)
		return
	}
	defer conn.Close()
	answers := bufio.NewReader(conn)
	for {
		i := int(next.Add(1)) - 1
		if i >= len(requests) {
			return
		}
		start := time.Now()
		_, err := conn.Write(requests[i])
		if err == nil {
			err = accepted(answers)
		}
		if err != nil {
			b.Error(err)
			return
		}
		latencies[i] = time.Since(start)
	}
}

func accepted(answers *bufio.Reader) error {
	answer, err := http.ReadResponse(answers, nil)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusAccepted {
		err = fmt.Errorf("%s: %s", answer.Status, text)
	}
	return err
}

// watchHeap notes how large the heap gets, until it is asked.
func watchHeap() (peak func() uint64) {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	stop, stopped := make(chan struct{}), make(chan struct{})
	var most uint64
	metrics.Read(sample)
	before := sample[0].Value.Uint64()
	go func() {
		defer close(stopped)
		for tick := time.NewTicker(5 * time.Millisecond); ; {
			metrics.Read(sample)
			most = max(most, sample[0].Value.Uint64())
			select {
			case <-stop:
				tick.Stop()
				return
			case <-tick.C:
			}
		}
	}()
	return func() uint64 {
		close(stop)
		<-stopped
		return most - min(most, before)
	}
}
