package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// senderCount is how many senders stream deliveries at once.
const senderCount = 8

const hookSecret = "It's a Secret to Everybody"

// TestNothingAcknowledgedIsLost streams signed deliveries into the program
// while it is killed again and again, at any moment of its work or start.
// Senders repeat what was not acknowledged, and now and then what was. In the
// end every delivery is there once, and so is every fact.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "evenkeel")
	if text, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, text)
	}
	kills := 100
	if testing.Short() {
		kills = 10
	}
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.DurablePostgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := &victim{t: t, binary: binary, dsn: dsn(t)}
			v.prepare()
			v.run(kills)
			v.verify()
		})
	}
}

// victim is a program that is killed, and its senders.
type victim struct {
	t           *testing.T
	binary, dsn string
	path        string
	address     atomic.Value
	next        atomic.Int64
	// acknowledged counts deliveries, unanswered requests that got no answer
	// because the program was killed.
	acknowledged, unanswered, repeated atomic.Int64
}

func (v *victim) open() *store.Store {
	v.t.Helper()
	s, err := store.Open(v.t.Context(), store.Options{DSN: v.dsn, Logger: slog.New(slog.DiscardHandler), Now: time.Now})
	if err != nil {
		v.t.Fatal(err)
	}
	return s
}

func (v *victim) prepare() {
	v.t.Helper()
	s := v.open()
	defer s.Close()
	w := s.In("default")
	err := s.EnsureWorkspace(v.t.Context(), evenkeel.WorkspaceInfo{Slug: "default", Name: "default"})
	if err == nil {
		_, err = w.RegisterApplication(v.t.Context(), evenkeel.Application{Slug: "checkout", Name: "Checkout", Claims: []string{"repo:github.com/acme/checkout"}})
	}
	if err != nil {
		v.t.Fatal(err)
	}
	c, err := w.SaveConnection(v.t.Context(), evenkeel.Connection{Source: "github", Name: "acme", Secrets: []string{"${env:HOOK_SECRET}"}, Managed: "api"})
	if err != nil {
		v.t.Fatal(err)
	}
	v.path = "/hooks/github/" + c.ID
}

// start runs the program; ready is closed when it listens.
func (v *victim) start() (child *exec.Cmd, ready chan struct{}) {
	v.t.Helper()
	child = exec.CommandContext(v.t.Context(), v.binary, "serve", "--listen", "localhost:0")
	child.Env = append(os.Environ(), "EVENKEEL_DB="+v.dsn, "HOOK_SECRET="+hookSecret)
	output, err := child.StdoutPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		v.t.Fatal(err)
	}
	ready = make(chan struct{})
	go func() {
		for lines := bufio.NewScanner(output); lines.Scan(); {
			if found := regexp.MustCompile(`listens on (http://\S+)`).FindStringSubmatch(lines.Text()); found != nil {
				v.address.Store(found[1])
				close(ready)
			}
		}
	}()
	return child, ready
}

func (v *victim) await(ready chan struct{}) {
	v.t.Helper()
	select {
	case <-ready:
	case <-time.After(time.Minute):
		v.t.Fatal("the program does not listen")
	}
}

// run kills the program as often as told, and then lets it take the rest.
func (v *victim) run(kills int) {
	v.t.Helper()
	ctx, enough := context.WithCancel(v.t.Context())
	defer enough()
	var senders sync.WaitGroup
	for range senderCount {
		senders.Go(func() { v.send(ctx) })
	}
	began := time.Now()
	for i := range kills {
		child, ready := v.start()
		if i%8 != 7 { // Every eighth is killed while it starts.
			v.await(ready)
		}
		<-time.After(rand.N(200 * time.Millisecond)) // Any moment will do.
		if err := child.Process.Kill(); err != nil {
			v.t.Fatal(err)
		}
		_ = child.Wait() // It was killed.
	}
	child, ready := v.start()
	v.await(ready)
	enough()
	senders.Wait()
	if err := child.Process.Signal(syscall.SIGTERM); err != nil {
		v.t.Fatal(err)
	}
	_ = child.Wait()
	v.t.Logf("%d kills in %s: %d deliveries acknowledged, %d requests cut off, %d sent again after their answer",
		kills, time.Since(began).Round(time.Second), v.acknowledged.Load(), v.unanswered.Load(), v.repeated.Load())
}

// send streams deliveries until the context ends, each until it is
// acknowledged.
func (v *victim) send(ctx context.Context) {
	client := &http.Client{Timeout: 15 * time.Second, Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	for ctx.Err() == nil {
		n := v.next.Add(1)
		for !v.post(client, n) {
			time.Sleep(3 * time.Millisecond)
			if v.t.Failed() {
				return
			}
		}
		v.acknowledged.Add(1)
		if n%10 == 0 && v.post(client, n) {
			v.repeated.Add(1)
		}
	}
}

// post sends a delivery and says whether it was acknowledged.
func (v *victim) post(client *http.Client, n int64) bool {
	address, ok := v.address.Load().(string)
	if !ok {
		return false
	}
	raw := payload(n)
	request, err := http.NewRequestWithContext(context.Background(), http.MethodPost, address+v.path, bytes.NewReader(raw))
	if err != nil {
		v.t.Error(err)
		return false
	}
	mac := hmac.New(sha256.New, []byte(hookSecret))
	mac.Write(raw)
	request.Header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	request.Header.Set("X-Github-Event", "deployment_status")
	request.Header.Set("X-Github-Delivery", key(n))
	answer, err := client.Do(request)
	if err != nil {
		if !errors.Is(err, syscall.ECONNREFUSED) {
			v.unanswered.Add(1)
		}
		return false
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusAccepted && answer.StatusCode != http.StatusServiceUnavailable {
		v.t.Errorf("delivery %d = %s", n, answer.Status)
	}
	return answer.StatusCode == http.StatusAccepted
}

func key(n int64) string { return fmt.Sprintf("delivery-%d", n) }

// payload is a successful deployment of its own.
func payload(n int64) []byte {
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Second).Format(time.RFC3339)
	return fmt.Appendf(nil, `{"action":"created","deployment_status":{"id":%[1]d,"state":"success","environment":"production","created_at":"%[2]s","updated_at":"%[2]s"},`+
		`"deployment":{"id":%[1]d,"sha":"%040[1]x","ref":"main","task":"deploy","environment":"production","created_at":"%[2]s","updated_at":"%[2]s"},`+
		`"repository":{"id":1,"name":"checkout","full_name":"acme/checkout","html_url":"https://github.com/acme/checkout","default_branch":"main","owner":{"login":"acme","type":"Organization"}},`+
		`"sender":{"login":"kim-example","id":2,"type":"User"}}`, n, at)
}

// verify reads the store: each delivery and each fact is there once, and
// counted once.
func (v *victim) verify() {
	v.t.Helper()
	s := v.open()
	defer s.Close()
	w, ctx := s.In("default"), v.t.Context()
	sent := int(v.next.Load())
	if acknowledged := int(v.acknowledged.Load()); acknowledged != sent {
		v.t.Errorf("%d of %d deliveries were acknowledged", acknowledged, sent)
	}
	seen := map[string]int{}
	f := evenkeel.DeliveryFilter{Limit: 500}
	for more := true; more; more = f.Cursor != "" {
		page, err := w.Deliveries(ctx, f)
		if err != nil {
			v.t.Fatal(err)
		}
		for _, d := range page.Items {
			seen[d.Key]++
			if d.Outcome != evenkeel.OutcomeRecorded || d.Facts != 1 {
				v.t.Errorf("%s is %s (%s) with %d facts", d.Key, d.Outcome, d.Reason, d.Facts)
			}
		}
		f.Cursor = page.Next
	}
	for n := range int64(sent) {
		if times := seen[key(n+1)]; times != 1 {
			v.t.Errorf("%s was acknowledged and is there %d times", key(n+1), times)
		}
	}
	v.count(w, sent, len(seen))
}

func (v *victim) count(w *store.Workspace, sent, kept int) {
	v.t.Helper()
	ctx := v.t.Context()
	facets, err := w.Facets(ctx, evenkeel.EntryFilter{})
	if err != nil {
		v.t.Fatal(err)
	}
	activity, err := w.Activity(ctx)
	if err != nil {
		v.t.Fatal(err)
	}
	catalogue, _, err := w.Catalogue(ctx)
	if err != nil {
		v.t.Fatal(err)
	}
	counted := activity[catalogue.Applications[0].ID].Facts[evenkeel.KindDeployment]
	if kept != sent || facets.Total != sent || counted != sent {
		v.t.Errorf("of %d deliveries %d are kept, %d facts are there and %d are counted", sent, kept, facets.Total, counted)
	}
	last, err := w.Revision(ctx)
	if err != nil {
		v.t.Fatal(err)
	}
	revisions := 0
	for after := int64(0); after < last; {
		some, err := w.Revisions(ctx, after, 1000)
		if err != nil || len(some) == 0 {
			v.t.Fatalf("revisions after %d: %v, %d", after, err, len(some))
		}
		revisions += len(some)
		after = some[len(some)-1].Seq
	}
	if int64(revisions) != last {
		v.t.Errorf("%d revisions, the counter is %d", revisions, last)
	}
}
