package promtest

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Series is what one series held.
type Series struct {
	// Name and Labels are its own: "http_requests_total" and {"code": "500"}.
	Name    string
	Labels  map[string]string
	Samples []Sample
}

// Sample is one reading.
type Sample struct {
	At    time.Time
	Value float64
}

// Every makes samples at an even distance; NaN in a value is a scrape that
// found nothing and leaves the sample out.
func Every(from time.Time, step time.Duration, values ...float64) []Sample {
	var list []Sample
	for i, v := range values {
		if !math.IsNaN(v) {
			list = append(list, Sample{from.Add(time.Duration(i) * step), v})
		}
	}
	return list
}

// Server is a Prometheus that ends with the test.
type Server struct {
	// URL is its address.
	URL    string
	client *http.Client
	output *bytes.Buffer
}

// Start makes blocks of the series and starts a server on them. Further
// arguments are those of prometheus.
func Start(t testing.TB, series []Series, arguments ...string) *Server {
	t.Helper()
	return start(t, "http", http.DefaultClient, series, arguments...)
}

func start(t testing.TB, scheme string, client *http.Client, series []Series, arguments ...string) *Server {
	t.Helper()
	folder := t.TempDir()
	backfill(t, folder, series)
	settings := filepath.Join(folder, "prometheus.yml")
	write(t, settings, []byte("global: {}\n"))
	address := freeAddress(t)
	s := &Server{URL: scheme + "://" + address, client: client, output: &bytes.Buffer{}}
	s.run(t, Binary(t, "prometheus"), append([]string{
		"--config.file=" + settings, "--storage.tsdb.path=" + filepath.Join(folder, "data"), "--storage.tsdb.retention.time=30y",
		"--web.listen-address=" + address, "--log.level=warn",
	}, arguments...)...)
	s.ready(t, address)
	return s
}

// run starts the program, which ends with the test.
func (s *Server) run(t testing.TB, path string, arguments ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), path, arguments...)
	cmd.Stdout, cmd.Stderr = s.output, s.output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait() // The test's context has ended it, which is no mistake.
	}()
	t.Cleanup(func() { <-ended })
}

// backfill makes blocks of the samples.
func backfill(t testing.TB, folder string, series []Series) {
	t.Helper()
	if len(series) == 0 {
		return
	}
	file := filepath.Join(folder, "samples")
	write(t, file, OpenMetrics(series))
	out, err := Promtool(t.Context(), t, "tsdb", "create-blocks-from", "--max-block-duration=960h", "openmetrics", file, filepath.Join(folder, "data"))
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

func write(t testing.TB, file string, text []byte) {
	t.Helper()
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

func freeAddress(t testing.TB) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// ready waits until the server listens and has read its data.
func (s *Server) ready(t testing.TB, address string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for ctx.Err() == nil {
		if s.answers(ctx) {
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Fatalf("the server at %s is not ready: %s", address, s.output)
}

// answers says whether the server is ready.
func (s *Server) answers(ctx context.Context) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/-/ready", nil)
	if err != nil {
		return false
	}
	response, err := s.client.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// OpenMetrics writes samples as promtool reads them.
func OpenMetrics(series []Series) []byte {
	var b bytes.Buffer
	for _, s := range series {
		for _, sample := range s.Samples {
			fmt.Fprintf(&b, "%s%s %s %s\n", s.Name, labelsText(s.Labels), number(sample.Value), number(float64(sample.At.UnixMilli())/1000))
		}
	}
	b.WriteString("# EOF\n")
	return b.Bytes()
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func labelsText(labels map[string]string) string {
	if len(labels) == 0 {
		return ""
	}
	var list []string
	for name, value := range labels {
		list = append(list, name+"="+strconv.Quote(value))
	}
	slices.Sort(list)
	return "{" + strings.Join(list, ",") + "}"
}
