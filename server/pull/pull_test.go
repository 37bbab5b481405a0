package pull_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
	"github.com/evenkeel-dev/evenkeel/server/measure"
	"github.com/evenkeel-dev/evenkeel/server/pull"
	"github.com/evenkeel-dev/evenkeel/store"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

const repository = "repos/acme/checkout"

// office is a store with a connection to a GitHub with one repository.
type office struct {
	t          *testing.T
	dsn        string
	store      *store.Store
	clock      *vendortest.Clock
	github     *vendortest.GitHub
	vendor     *vendortest.Server
	reader     *pull.Reader
	connection evenkeel.Connection
	log        *bytes.Buffer
	token      string
	// levels are the service levels that are measured; nil for none.
	levels func(slug string) measure.Levels
}

// each runs a test on both kinds of database.
func each(t *testing.T, test func(t *testing.T, o *office)) {
	t.Helper()
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newOffice(t, dsn(t)))
		})
	}
}

func newOffice(t *testing.T, dsn string) *office {
	t.Helper()
	o := &office{t: t, dsn: dsn, clock: vendortest.NewClock(time.Date(2019, 5, 20, 0, 0, 0, 0, time.UTC)), github: vendortest.NewGitHub(10), log: &bytes.Buffer{}, token: "good"}
	o.vendor = vendortest.New(t, o.github)
	o.vendor.Always(vendortest.Expired("good"))
	o.github.Put(repository, map[string]any{"id": 1, "html_url": "https://github.com/acme/checkout", "default_branch": "main"})
	o.store = o.open()
	if err := o.store.EnsureWorkspace(t.Context(), evenkeel.WorkspaceInfo{Slug: "acme", CreatedAt: o.clock.Now()}); err != nil {
		t.Fatal(err)
	}
	settings := fmt.Appendf(nil, `{"api":{"url":%q,"token":"${env:T}","repositories":["acme/checkout"]}}`, o.vendor.URL)
	var err error
	if o.connection, err = o.store.In("acme").SaveConnection(t.Context(), evenkeel.Connection{Source: "github", Name: "acme", Settings: settings}); err != nil {
		t.Fatal(err)
	}
	o.reader = o.reading(o.store)
	return o
}

func (o *office) open() *store.Store {
	o.t.Helper()
	s, err := store.Open(o.t.Context(), store.Options{DSN: o.dsn, Now: o.clock.Now})
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() {
		if err := s.Close(); err != nil {
			o.t.Error(err)
		}
	})
	return s
}

func (o *office) reading(s *store.Store) *pull.Reader {
	return &pull.Reader{
		Store: s, Workspace: func(slug string) pull.Workspace { return s.In(slug) }, Logger: slog.New(slog.NewTextHandler(&locked{to: o.log}, nil)), KeepBodies: true, Levels: o.levels,
		Outside: connectors.Outside{Secret: func(string) (string, error) { return o.token, nil }, Now: o.clock.Now, Sleep: o.clock.Sleep},
	}
}

// locked is a log that several goroutines write.
type locked struct {
	mu sync.Mutex
	to *bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.to.Write(p)
}

// deployed adds a deployment that succeeded.
func (o *office) deployed(number int) {
	at := time.Date(2019, 5, 1, number, 0, 0, 0, time.UTC).Format(time.RFC3339)
	o.github.Add(repository+"/deployments", map[string]any{"id": number, "sha": fmt.Sprintf("%040x", number), "ref": "main", "environment": "production", "created_at": at, "updated_at": at})
	o.github.Add(fmt.Sprintf("%s/deployments/%d/statuses", repository, number), map[string]any{"id": number, "state": "success", "environment": "production", "created_at": at})
}

// readAll reads everything that is due until nothing is.
func (o *office) readAll() {
	o.t.Helper()
	for range 100 {
		due, err := o.reader.Due(o.t.Context(), 100)
		if err != nil {
			o.t.Fatal(err)
		}
		if len(due) == 0 {
			return
		}
		for _, s := range due {
			err := o.reader.Read(o.t.Context(), s.Workspace, s.Connection, s.Name)
			if err != nil && !errors.Is(err, evenkeel.ErrNotFound) { // One that was let go of meanwhile.
				o.t.Fatal(err)
			}
		}
	}
	o.t.Fatal("something is always due")
}

func (o *office) streams() map[string]evenkeel.Stream {
	o.t.Helper()
	list, err := o.store.In("acme").Streams(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	byName := map[string]evenkeel.Stream{}
	for _, s := range list {
		byName[s.Name] = s
	}
	return byName
}

// deployments are the ids of those that are known.
func (o *office) deployments() int {
	o.t.Helper()
	page, err := o.store.In("acme").Deployments(o.t.Context(), evenkeel.Filter{Limit: 500})
	if err != nil {
		o.t.Fatal(err)
	}
	return len(page.Items)
}

func TestWhatAVendorKnowsBecomesFactsOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		for number := 1; number <= 25; number++ {
			o.deployed(number)
		}
		o.readAll()
		if n := o.deployments(); n != 25 {
			t.Errorf("%d deployments, want 25", n)
		}
		if s := o.streams()["deployments acme/checkout"]; !s.Complete || s.Done != 25 || s.Error != "" {
			t.Errorf("stream: %+v", s)
		}
		revision, err := o.store.In("acme").Revision(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := o.clock.Sleep(t.Context(), time.Hour); err != nil {
			t.Fatal(err)
		}
		o.readAll()
		if again, err := o.store.In("acme").Revision(t.Context()); err != nil || again != revision {
			t.Errorf("read again, nothing is new, but the revision is %d after %d (%v)", again, revision, err)
		}
	})
}

func TestAWebhookAndAskingAreOneFact(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		o.deployed(1)
		o.readAll()
		at := "2019-05-01T01:00:00Z"
		body, err := json.Marshal(map[string]any{
			"action":            "created",
			"deployment":        map[string]any{"id": 1, "sha": fmt.Sprintf("%040x", 1), "ref": "main", "environment": "production", "created_at": at, "updated_at": at},
			"deployment_status": map[string]any{"id": 1, "state": "success", "environment": "production", "created_at": at, "creator": map[string]any{"login": "kim"}},
			"repository":        map[string]any{"html_url": "https://github.com/acme/checkout"}, "sender": map[string]any{"login": "kim"},
		})
		if err != nil {
			t.Fatal(err)
		}
		source, err := connectors.SourceNamed("github")
		if err != nil {
			t.Fatal(err)
		}
		reads, err := source.Open(nil)
		if err != nil {
			t.Fatal(err)
		}
		header := map[string]string{"X-Github-Event": "deployment_status"}
		told, err := reads.Parse(connectors.KeptHeader(header), body)
		if err != nil {
			t.Fatal(err)
		}
		_, err = o.store.In("acme").Deliver(t.Context(), []evenkeel.Delivery{{
			Connection: o.connection.ID, Source: "github", Event: "deployment_status", Headers: header, Body: body, Size: len(body), ReceivedAt: o.clock.Now(), Outcome: evenkeel.OutcomeRecorded, Events: told,
		}})
		if err != nil {
			t.Fatal(err)
		}
		if n := o.deployments(); n != 1 {
			t.Errorf("%d deployments, want one", n)
		}
	})
}

func TestARevokedTokenShowsAndChangesNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		o.deployed(1)
		o.readAll()
		known := o.streams()
		o.vendor.Always(vendortest.Expired("another"))
		o.deployed(2)
		if err := o.clock.Sleep(t.Context(), time.Minute); err != nil {
			t.Fatal(err)
		}
		o.readAll()
		now := o.streams()
		if s := now[""]; s.Failures != 1 || !strings.Contains(s.Error, "revoked") || !cmp.Equal(s.Cursor, known[""].Cursor) {
			t.Errorf("within a minute: %+v", s)
		}
		if len(now) != len(known) || o.deployments() != 1 {
			t.Errorf("%d streams and %d deployments are left", len(now), o.deployments())
		}
		o.vendor.Always(vendortest.Expired("good"))
		if err := o.clock.Sleep(t.Context(), 2*time.Hour); err != nil {
			t.Fatal(err)
		}
		o.readAll()
		if s := o.streams()[""]; s.Failures != 0 || s.Error != "" || o.deployments() != 2 {
			t.Errorf("with a good token again: %+v, %d deployments", s, o.deployments())
		}
		if strings.Contains(o.log.String(), "good") || strings.Contains(o.log.String(), "Bearer") {
			t.Errorf("the log holds the token: %s", o.log)
		}
	})
}

func TestASecretThatWasReplacedIsReadAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		o.readAll()
		o.vendor.Always(vendortest.Expired("newer"))
		for _, pause := range []time.Duration{time.Minute, 2 * time.Minute} {
			if err := o.clock.Sleep(t.Context(), pause); err != nil {
				t.Fatal(err)
			}
			o.readAll()
			o.token = "newer"
		}
		if s := o.streams()[""]; s.Error != "" {
			t.Errorf("with the new token: %+v", s)
		}
	})
}

func TestWhatIsUnchangedIsNotSentAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		o.deployed(1)
		before := 0
		for range 4 { // The past, what is new, commits that nobody told of, and again.
			before = len(o.vendor.Requests())
			o.readAll()
			if err := o.clock.Sleep(t.Context(), 10*time.Minute); err != nil {
				t.Fatal(err)
			}
		}
		for _, request := range o.vendor.Requests()[before:] {
			if request.URL.Path != "/rate_limit" && request.Header.Get("If-None-Match") == "" {
				t.Errorf("%s does not say what is known", request.URL)
			}
		}
	})
}

func TestALimitIsWaitedForWithoutBlame(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		o.readAll()
		until := o.clock.Now().Add(time.Hour)
		o.vendor.Always(vendortest.TooMany(http.StatusTooManyRequests, time.Hour))
		if err := o.clock.Sleep(t.Context(), 10*time.Minute); err != nil {
			t.Fatal(err)
		}
		o.readAll()
		s := o.streams()["deployments acme/checkout"]
		if s.Failures != 0 || s.Error != "" || s.NextAt.Before(until) {
			t.Errorf("stream: %+v, want the next read after %v", s, until)
		}
	})
}

func TestRepositoriesThatAreGoneAreForgotten(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		o.deployed(1)
		o.readAll()
		o.connection.Settings = bytes.Replace(o.connection.Settings, []byte("acme/checkout"), []byte("acme/another"), 1)
		o.github.Put("repos/acme/another", map[string]any{"id": 2, "html_url": "https://github.com/acme/another", "default_branch": "main"})
		if _, err := o.store.In("acme").SaveConnection(t.Context(), o.connection); err != nil {
			t.Fatal(err)
		}
		if err := o.clock.Sleep(t.Context(), time.Hour); err != nil {
			t.Fatal(err)
		}
		o.readAll()
		for name := range o.streams() {
			if strings.Contains(name, "checkout") {
				t.Errorf("%s is still read", name)
			}
		}
		if n := o.deployments(); n != 1 {
			t.Errorf("%d deployments: what was known is gone", n)
		}
	})
}

func TestSettingsThatStopAskingEndTheStreams(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		o.readAll()
		o.connection.Settings = json.RawMessage(`{}`)
		if _, err := o.store.In("acme").SaveConnection(t.Context(), o.connection); err != nil {
			t.Fatal(err)
		}
		if err := o.clock.Sleep(t.Context(), time.Hour); err != nil {
			t.Fatal(err)
		}
		o.readAll()
		if left := o.streams(); len(left) != 0 {
			t.Errorf("left: %v", left)
		}
	})
}
