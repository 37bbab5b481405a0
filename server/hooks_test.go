package server_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/server/intake"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

func signature(raw []byte, secret string) string {
	return "sha256=" + hex.EncodeToString(digest(raw, secret))
}

func digest(raw []byte, secret string) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(raw)
	return mac.Sum(nil)
}

// sign is the header by which the sender of a fixture proves that a body is its
// own, and how it does.
func (f fixture) sign(raw []byte, secret string) (name, value string) {
	switch {
	case f.source == "github":
		return "X-Hub-Signature-256", signature(raw, secret)
	case f.source == "pagerduty":
		return "X-PagerDuty-Signature", "v1=" + hex.EncodeToString(digest(raw, secret))
	case f.source == "grafana":
		return "X-Grafana-Alerting-Signature", hex.EncodeToString(digest(raw, secret))
	case f.source == "circleci":
		return "Circleci-Signature", "v1=" + hex.EncodeToString(digest(raw, secret))
	case f.source == "bitbucket", f.source == "jira":
		return "X-Hub-Signature", signature(raw, secret)
	case f.source == "flux":
		return "X-Signature", signature(raw, secret)
	case f.source == "gitlab":
		return "X-Gitlab-Token", secret
	case f.source == "azure-devops":
		return "Authorization", "Basic " + base64.StdEncoding.EncodeToString([]byte("hook:"+secret))
	case slices.Contains([]string{"devlake", "statuspage", "alertmanager", "argocd", "cdevents", "jenkins", "tekton", "servicenow"}, f.source):
		return "Authorization", "Bearer " + secret
	case f.source == "incident-io", bytes.Contains(f.settings, []byte("standard-webhooks")):
		signed := slices.Concat([]byte(f.headers["Webhook-Id"]+"."+f.headers["Webhook-Timestamp"]+"."), raw)
		return "Webhook-Signature", "v1," + base64.StdEncoding.EncodeToString(digest(signed, secret))
	}
	return "X-Signature-256", signature(raw, secret)
}

// fixture is a delivery of connectors/testdata/deliveries.
type fixture struct {
	source, name string
	headers      map[string]string
	settings     json.RawMessage
	body         []byte
	outcome      evenkeel.Outcome
}

// saidByAddress says that the address tells everything, and the body nothing.
func (f fixture) saidByAddress() bool {
	return strings.HasSuffix(f.headers[connectors.PathHeader], "/close")
}

// remarked says that the source may have something to say of what it recorded:
// alerts that were left out, a deployment whose commit is not known.
func (f fixture) remarked() bool { return f.name == "truncated" || f.source == "jenkins" }

func fixtures(t testing.TB) []fixture {
	t.Helper()
	files, err := filepath.Glob("../connectors/testdata/deliveries/*/*.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []fixture
	for _, file := range files {
		if !strings.HasSuffix(file, ".golden.json") {
			all = append(all, readFixture(t, file))
		}
	}
	if len(all) < 20 {
		t.Fatalf("only %d fixtures", len(all))
	}
	return all
}

func readFixture(t testing.TB, file string) fixture {
	t.Helper()
	var held struct {
		Headers  map[string]string
		Settings json.RawMessage
		Body     json.RawMessage
		Raw      string
	}
	var golden struct{ Outcome evenkeel.Outcome }
	for name, into := range map[string]any{file: &held, strings.TrimSuffix(file, ".json") + ".golden.json": &golden} {
		text, err := os.ReadFile(name)
		if err == nil {
			err = json.Unmarshal(text, into)
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	f := fixture{
		source: filepath.Base(filepath.Dir(file)), name: strings.TrimSuffix(filepath.Base(file), ".json"),
		headers: held.Headers, settings: held.Settings, body: []byte(held.Raw), outcome: golden.Outcome,
	}
	if f.source == "gitlab" && strings.HasSuffix(f.name, "_at_no_time") {
		f.outcome = evenkeel.OutcomeRecorded // The server knows when a delivery came.
	}
	if held.Body != nil {
		var compact bytes.Buffer
		if err := json.Compact(&compact, held.Body); err != nil {
			t.Fatal(err)
		}
		f.body = compact.Bytes()
	}
	return f
}

// one is the fixture of a name.
func one(t testing.TB, source, name string) fixture {
	t.Helper()
	return readFixture(t, filepath.Join("../connectors/testdata/deliveries", source, name+".json"))
}

// connect makes a connection in the default workspace.
func (s site) connect(name, source string, settings json.RawMessage, secrets ...string) evenkeel.Connection {
	s.t.Helper()
	c, err := s.store.In("default").SaveConnection(s.t.Context(), evenkeel.Connection{
		Source: source, Name: name, Secrets: secrets, Settings: settings, Managed: "api", CreatedAt: clock(),
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func hookPath(c evenkeel.Connection) string { return "/hooks/" + c.Source + "/" + c.ID }

// header are those of the fixture, for do, with a right signature of raw.
func (f fixture) header(raw []byte, more ...string) []string {
	name, value := f.sign(raw, secretText)
	header := []string{name, value}
	for name, value := range f.headers {
		header = append(header, name, value)
	}
	return append(header, more...)
}

// deliver posts raw, rightly signed, as the delivery of a fixture.
func (s site) deliver(c evenkeel.Connection, f fixture, raw []byte, more ...string) response {
	s.t.Helper()
	return s.do("POST", hookPath(c), "", string(raw), f.header(raw, more...)...)
}

// kept lists the deliveries of a connection.
func (s site) kept(c evenkeel.Connection) []evenkeel.Delivery {
	s.t.Helper()
	page, err := s.store.In("default").Deliveries(s.t.Context(), evenkeel.DeliveryFilter{Connection: c.ID, Limit: 500})
	if err != nil {
		s.t.Fatal(err)
	}
	return page.Items
}

// facts counts what is known of anything.
func (s site) facts() int {
	s.t.Helper()
	facets, err := s.store.In("default").Facets(s.t.Context(), evenkeel.EntryFilter{})
	if err != nil {
		s.t.Fatal(err)
	}
	return facets.Total
}

func TestADeliveryBecomesFacts(t *testing.T) {
	t.Parallel()
	s := start(t)
	f := one(t, "github", "deployment_status_success")
	c := s.connect("acme", "github", nil, secretName)
	first := s.deliver(c, f, f.body)
	if first.status != 202 || first.json["outcome"] != "recorded" || first.json["repeated"] != false {
		t.Fatalf("= %d %s", first.status, first.text)
	}
	again := s.deliver(c, f, f.body)
	if again.status != 202 || again.json["repeated"] != true || again.json["delivery"] != first.json["delivery"] {
		t.Fatalf("again = %d %s", again.status, again.text)
	}
	all := s.kept(c)
	if len(all) != 1 || all[0].Repeats != 1 || all[0].Facts != 1 || s.facts() != 1 {
		t.Fatalf("kept %+v, %d facts; want one of each and a repetition", all, s.facts())
	}
	packed := s.do("POST", hookPath(c), "", gzipped(string(f.body)+" "), f.header([]byte(gzipped(string(f.body)+" ")), "Content-Encoding", "gzip")...)
	if packed.status != 202 || packed.json["outcome"] != "recorded" || s.facts() != 1 {
		t.Fatalf("compressed = %d %s, %d facts", packed.status, packed.text, s.facts())
	}
}

func TestOnlyAddressesOfConnectionsExist(t *testing.T) {
	t.Parallel()
	s := start(t, "default")
	f := one(t, "github", "ping")
	c := s.connect("acme", "github", nil, secretName)
	for path, want := range map[string]int{
		hookPath(c):                       202,
		"/hooks/github/" + c.ID + "0":     404,
		"/hooks/gitlab/" + c.ID:           404,
		"/hooks/GitHub/" + c.ID:           404,
		"/hooks/github/acme":              404,
		"/hooks/github/%00":               404,
		"/hooks/github/" + c.ID + "/more": 404,
	} {
		if got := s.do("POST", path, "", string(f.body), f.header(f.body)...); got.status != want {
			t.Errorf("%s = %d %s, want %d", path, got.status, got.text, want)
		}
	}
	if got := s.do("POST", hookPath(c), "", string(f.body), f.header(f.body, "Host", "evil.example")...); got.status != 421 {
		t.Errorf("the demo answers to the name evil.example: %d", got.status)
	}
	if n := len(s.kept(c)); n != 1 {
		t.Errorf("%d deliveries are kept, want 1", n)
	}
}

func TestSecretsCanBeReplacedWithoutAGap(t *testing.T) {
	t.Parallel()
	s := start(t)
	f := one(t, "github", "ping")
	for name, c := range map[string]struct {
		references []string
		signed     string
		want       int
	}{
		"the old of two":          {[]string{secretName, newSecretName}, secretText, 202},
		"the new of two":          {[]string{secretName, newSecretName}, newSecretText, 202},
		"one that went":           {[]string{newSecretName}, secretText, 401},
		"one that is not set yet": {[]string{unsetName, secretName}, secretText, 202},
		"none that is set":        {[]string{unsetName}, secretText, 503},
		"none that is set, empty": {[]string{unsetName}, "", 503},
	} {
		t.Run(name, func(t *testing.T) {
			connection := s.connect(strings.NewReplacer(" ", "-", ",", "").Replace(name), "github", nil, c.references...)
			got := s.do("POST", hookPath(connection), "", string(f.body), f.header(f.body, "X-Hub-Signature-256", signature(f.body, c.signed))...)
			if got.status != c.want {
				t.Errorf("= %d %s, want %d", got.status, got.text, c.want)
			}
			if kept := len(s.kept(connection)); (kept == 1) != (c.want == 202) {
				t.Errorf("%d are kept", kept)
			}
		})
	}
	s.Close()
	if log := s.log.String(); !strings.Contains(log, unsetName) || strings.Contains(log, secretText) || strings.Contains(log, newSecretText) {
		t.Error("the log does not name the missing reference, or holds a secret")
	}
}

func TestWithoutBodiesOnlyDigestsAreKept(t *testing.T) {
	t.Parallel()
	s := startWith(t, storetest.SQLite(t), func(c *server.Config) { c.KeepBodies = false })
	f := one(t, "github", "deployment_status_success")
	c := s.connect("acme", "github", nil, secretName)
	other := bytes.Replace(f.body, []byte("production"), []byte("productive"), 1)
	unread := append(bytes.Clone(f.body), 'x')
	for i, raw := range [][]byte{f.body, other, unread, append(bytes.Clone(f.body), 'y'), f.body, unread} {
		if got := s.deliver(c, f, raw); got.status != 202 || got.json["repeated"] != (i > 3) {
			t.Fatalf("delivery %d = %d %s", i, got.status, got.text)
		}
	}
	all := s.kept(c)
	if len(all) != 4 || slices.ContainsFunc(all, func(d evenkeel.Delivery) bool { return !d.Expired || d.Size < len(f.body) }) {
		t.Errorf("kept %+v, want four without bodies", all)
	}
	for _, d := range all {
		if full, err := s.store.In("default").Delivery(t.Context(), d.ID); err != nil || full.Body != nil || len(full.Headers) > 0 {
			t.Errorf("%s: %v, body of %d bytes", d.ID, err, len(full.Body))
		}
	}
}

func TestAtCapacitySendersAreAskedToComeAgain(t *testing.T) {
	t.Parallel()
	f := one(t, "github", "ping")
	full := intake.NewCommitter(nil, nil) // It does not run, so nothing leaves the queue.
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for err := error(nil); err != intake.ErrBusy; { //nolint:errorlint // It is returned as it is.
		_, err = full.Submit(gone, "default", evenkeel.Delivery{})
	}
	busy := startWith(t, storetest.SQLite(t), func(c *server.Config) { c.Committer = full })
	c := busy.connect("acme", "github", nil, secretName)
	if got := busy.deliver(c, f, f.body); got.status != 503 || got.header.Get("Retry-After") == "" {
		t.Errorf("a full queue = %d %s", got.status, got.text)
	}
	down := start(t)
	c = down.connect("acme", "github", nil, secretName)
	if err := down.store.Close(); err != nil {
		t.Fatal(err)
	}
	if got := down.deliver(c, f, f.body); got.status != 503 || got.header.Get("Retry-After") == "" {
		t.Errorf("a store that is down = %d %s", got.status, got.text)
	}
}

// wire sends text over a connection of its own and returns the status line
// that came back, if any. With a pause the connection stays open afterwards.
func (s site) wire(text string, pause time.Duration) string {
	s.t.Helper()
	address, err := url.Parse(s.URL)
	if err != nil {
		s.t.Fatal(err)
	}
	conn, err := new(net.Dialer).DialContext(s.t.Context(), "tcp", address.Host)
	if err != nil {
		s.t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, text); err != nil {
		s.t.Fatal(err)
	}
	if pause == 0 {
		return ""
	}
	_ = conn.SetReadDeadline(time.Now().Add(pause))
	answer := make([]byte, 64)
	n, _ := conn.Read(answer)
	line, _, _ := strings.Cut(string(answer[:n]), "\r\n")
	return line
}

func TestSlowAndAbortedBodiesLeaveNothing(t *testing.T) {
	t.Parallel()
	s := start(t)
	f := one(t, "github", "ping")
	c := s.connect("acme", "github", nil, secretName)
	head := "POST " + hookPath(c) + " HTTP/1.1\r\nHost: localhost\r\n"
	header := f.header(f.body)
	for i := 0; i < len(header); i += 2 {
		head += header[i] + ": " + header[i+1] + "\r\n"
	}
	half := string(f.body[:len(f.body)/2])
	s.wire(head+fmt.Sprintf("Content-Length: %d\r\n\r\n", len(f.body))+half, 0)
	s.wire(head+fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n", len(half), half), 0)
	if got := s.wire(head+fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(f.body), f.body), time.Minute); got != "HTTP/1.1 202 Accepted" {
		t.Errorf("in chunks = %q", got)
	}
	start := time.Now()
	if got := s.wire(head+fmt.Sprintf("Content-Length: %d\r\n\r\n", len(f.body))+half, time.Minute); got != "HTTP/1.1 408 Request Timeout" {
		t.Errorf("a sender that stops = %q", got)
	}
	if took := time.Since(start); took < 9*time.Second || took > 30*time.Second {
		t.Errorf("it was given up after %s, want 10 s", took)
	}
	if n := len(s.kept(c)); n != 1 {
		t.Errorf("%d deliveries are kept, want the whole one", n)
	}
}

func zstdOf(t *testing.T, text []byte) string {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(w.EncodeAll(text, nil))
}

// TestSizesAreCapped sends what is larger than GitHub may send, as sent and
// unpacked.
func TestSizesAreCapped(t *testing.T) {
	t.Parallel()
	s := start(t)
	f := one(t, "github", "ping")
	const limit = 25 << 20
	bomb, fits := make([]byte, limit+1<<20), make([]byte, limit)
	small := zstdOf(t, bomb)
	if len(small) > 4<<10 {
		t.Fatalf("the bomb has %d bytes", len(small))
	}
	for name, c := range map[string]struct {
		raw, encoding string
		want, kept    int
		outcome, says string
	}{
		"one byte too many":   {string(bomb[:limit+1]), "", 413, 0, "", "26214400 bytes"},
		"as many as may be":   {string(fits), "", 202, 1, "rejected", ""},
		"a bomb of gzip":      {gzipped(string(bomb)), "gzip", 413, 1, "rejected", "unpacked"},
		"a bomb of zstd":      {small, "zstd", 413, 1, "rejected", "unpacked"},
		"gzip within gzip":    {gzipped(gzipped(string(f.body))), "gzip", 202, 1, "rejected", ""},
		"two encodings":       {gzipped(gzipped(string(f.body))), "gzip, gzip", 415, 0, "", "zstd"},
		"an unknown encoding": {"x", "br", 415, 0, "", "zstd"},
		"no gzip at all":      {string(f.body), "gzip", 202, 1, "rejected", "not gzip"},
		"no zstd at all":      {string(f.body), "zstd", 202, 1, "rejected", "damaged"},
		"half a gzip":         {gzipped(string(f.body))[:60], "gzip", 202, 1, "rejected", "damaged"},
		"good zstd":           {zstdOf(t, f.body), "ZSTD", 202, 1, "ignored", ""},
		"nothing is encoded":  {string(f.body), "identity", 202, 1, "ignored", ""},
		"an empty body":       {"", "", 202, 1, "rejected", ""},
	} {
		t.Run(name, func(t *testing.T) {
			connection := s.connect(strings.ReplaceAll(name, " ", "-"), "github", nil, secretName)
			got := s.deliver(connection, f, []byte(c.raw), "Content-Encoding", c.encoding)
			if got.status != c.want || !strings.Contains(got.text, c.says) {
				t.Errorf("= %d %s, want %d with %q", got.status, got.text, c.want, c.says)
			}
			all := s.kept(connection)
			if len(all) != c.kept || c.kept == 1 && string(all[0].Outcome) != c.outcome {
				t.Errorf("kept %+v, want %d %s", all, c.kept, c.outcome)
			}
			if c.want == 413 && c.kept == 1 && !all[0].Expired {
				t.Error("the body of a bomb is kept")
			}
		})
	}
	if n := s.facts(); n != 0 {
		t.Errorf("%d facts were invented", n)
	}
	s.Close()
	if strings.Count(s.log.String(), "too large") != 3 {
		t.Error("the log does not list what was too large")
	}
}

// TestNothingIsInventedFromBadInput sends every fixture of every source, and
// what can become of it on its way.
func TestNothingIsInventedFromBadInput(t *testing.T) {
	t.Parallel()
	all := fixtures(t)
	covered := map[string]bool{}
	for _, f := range all {
		covered[f.source] = true
		t.Run(f.source+"/"+f.name, func(t *testing.T) {
			t.Parallel()
			spoil(t, f)
		})
	}
	for _, source := range connectors.Sources() {
		if !covered[source.Name] && source.Measure == nil {
			t.Errorf("source %s has no fixtures", source.Name)
		}
	}
}

// fate is what must become of what was sent: it is refused and leaves nothing,
// or it is one delivery, of whatever outcome or without facts.
type fate int

const (
	refused fate = iota
	kept
	keptWithoutFacts
)

func spoil(t *testing.T, f fixture) {
	s := start(t)
	flipped := bytes.Clone(f.body)
	flipped[len(flipped)/2] ^= 4
	nested := []byte(strings.Repeat(`{"a":[`, 5000) + strings.Repeat(`]}`, 5000))
	garbled := slices.Insert(bytes.Clone(f.body), len(f.body)/2, 0xff)
	twice := slices.Concat(f.body, f.body)
	half := f.body[:len(f.body)/2]
	name, good := f.sign(f.body, secretText)
	_, other := f.sign(f.body, newSecretText)
	_, weak := f.sign(f.body, "")
	legacy := hmac.New(sha1.New, []byte(secretText))
	legacy.Write(f.body)
	old := "sha1=" + hex.EncodeToString(legacy.Sum(nil))
	onTheWay := func(fate) fate { return refused }
	if _, another := f.sign(twice, secretText); another == good {
		onTheWay = func(signed fate) fate { return signed } // A key says who sends, and nothing of what.
	}
	doubled := keptWithoutFacts
	if f.source == "signed" && strings.HasPrefix(f.name, "neutral") {
		doubled = kept // Neutral events may follow one another.
	}
	for _, c := range []struct {
		what   string
		raw    []byte
		header []string
		want   fate
	}{
		{"as it is", f.body, nil, kept},
		{"flipped on the way", flipped, []string{name, good}, onTheWay(kept)},
		{"flipped and signed", flipped, nil, kept},
		{"cut on the way", half, []string{name, good}, onTheWay(keptWithoutFacts)},
		{"cut and signed", half, nil, keptWithoutFacts},
		{"doubled on the way", twice, []string{name, good}, onTheWay(doubled)},
		{"doubled and signed", twice, nil, doubled},
		{"nested 10,000 levels deep", nested, nil, keptWithoutFacts},
		{"not UTF-8", garbled, nil, keptWithoutFacts},
		{"unsigned", f.body, []string{name, ""}, refused},
		{"signed with SHA-1", f.body, []string{name, old}, refused},
		{"signed with SHA-1 only, as of old", f.body, []string{name, "", "X-Hub-Signature", old}, refused},
		{"signed with another secret", f.body, []string{name, other}, refused},
		{"signed with an empty secret", f.body, []string{name, weak}, refused},
		{"signed without the beginning", f.body, []string{name, good[3:]}, refused},
		{"signed in part", f.body, []string{name, good[:len(good)*2/3]}, refused},
		{"said to be of another type", f.body, []string{"Content-Type", "text/plain"}, kept},
		{"empty", []byte{}, nil, keptWithoutFacts},
		{"packed", []byte(gzipped(string(f.body))), []string{"Content-Encoding", "gzip"}, kept},
		{"packed and signed before it was", []byte(gzipped(string(f.body))), []string{"Content-Encoding", "gzip", name, good}, onTheWay(kept)},
	} {
		if f.saidByAddress() && c.what != "as it is" && c.want != refused {
			continue // Whatever the body holds, the address says the same.
		}
		connection := s.connect(fmt.Sprintf("%x", sha256.Sum256([]byte(c.what)))[:20], f.source, f.settings, secretName)
		before := s.facts()
		got := s.deliver(connection, f, c.raw, c.header...)
		s.judge(t, c.what, connection, f, got, c.want, s.facts()-before)
		if c.want != refused && !f.saidByAddress() {
			s.repeat(t, c.what, connection, f, c.raw, c.header)
		}
	}
	s.Close()
	s.checkLog(t, f)
}

func (s site) judge(t *testing.T, what string, c evenkeel.Connection, f fixture, got response, want fate, invented int) {
	t.Helper()
	all := s.kept(c)
	if want == refused {
		if got.status != 401 || len(all) > 0 || invented > 0 {
			t.Errorf("%s = %d %s, %d kept, %d facts; want 401 and nothing", what, got.status, got.text, len(all), invented)
		}
		return
	}
	if got.status != 202 || len(all) != 1 || got.json["delivery"] != all[0].ID || got.json["outcome"] != string(all[0].Outcome) {
		t.Errorf("%s = %d %s, kept %+v; want 202 and one delivery", what, got.status, got.text, all)
		return
	}
	d := all[0]
	if what != "as it is" && !strings.HasPrefix(what, "flipped") && invented > 0 {
		t.Errorf("%s: %d facts were invented", what, invented)
	}
	if d.Outcome == evenkeel.OutcomeRecorded && d.Reason != "" && !f.remarked() {
		t.Errorf("%s: recorded, with the remark %s", what, d.Reason)
	}
	if what == "as it is" && d.Outcome != f.outcome {
		t.Errorf("%s: %s (%s), want %s", what, d.Outcome, d.Reason, f.outcome)
	}
	if recorded := d.Outcome == evenkeel.OutcomeRecorded; recorded && want == keptWithoutFacts || recorded != (d.Facts > 0) || !recorded && d.Reason == "" || !recorded && invented > 0 {
		t.Errorf("%s: %s (%s) with %d facts, %d new", what, d.Outcome, d.Reason, d.Facts, invented)
	}
}

// TestKeysInAddressesAreNotLogged: some senders can put a key nowhere else.
func TestKeysInAddressesAreNotLogged(t *testing.T) {
	t.Parallel()
	s := start(t)
	f := one(t, "statuspage", "investigating")
	c := s.connect("status", "statuspage", nil, secretName)
	for key, status := range map[string]int{secretText: 202, newSecretText: 401} {
		if got := s.do("POST", hookPath(c)+"/"+url.PathEscape(key), "", string(f.body)); got.status != status {
			t.Errorf("%d %s", got.status, got.text)
		}
	}
	kept, err := s.store.In("default").Delivery(t.Context(), s.kept(c)[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	log := fmt.Sprint(s.log.String(), kept.Headers)
	if !strings.Contains(log, hookPath(c)) || strings.Contains(log, secretText) || strings.Contains(log, newSecretText) {
		t.Error("the log lacks the address, or holds the key")
	}
}

// repeat sends a kept delivery again, and another body under its key.
func (s site) repeat(t *testing.T, what string, c evenkeel.Connection, f fixture, raw []byte, header []string) {
	t.Helper()
	before, facts := s.kept(c), s.facts()
	if got := s.deliver(c, f, raw, header...); got.status != 202 || got.json["repeated"] != true || got.json["delivery"] != before[0].ID {
		t.Errorf("%s, again = %d %s", what, got.status, got.text)
	}
	if got := s.deliver(c, f, []byte("another body"), header...); got.status != 202 || got.json["outcome"] == "recorded" || got.json["repeated"] != false {
		t.Errorf("%s, another body under its key = %d %s", what, got.status, got.text)
	}
	after := s.kept(c)
	if len(after) != 2 || after[1].ID != before[0].ID || after[1].Repeats != 1 || after[1].Outcome != before[0].Outcome || s.facts() != facts {
		t.Errorf("%s, repeated: kept %+v and %d facts, before %+v and %d facts", what, after, s.facts(), before, facts)
	}
}

// checkLog looks for what must not be logged.
func (s site) checkLog(t *testing.T, f fixture) {
	t.Helper()
	log := s.log.String()
	forbidden := append(texts(f.body), secretText, newSecretText, strings.TrimPrefix(signature(f.body, secretText), "sha256="))
	for _, text := range forbidden {
		if strings.Contains(log, text) {
			t.Errorf("the log holds %q", text)
		}
	}
}

// eventNames are members of bodies that name events, too.
var eventNames = []string{"deployment_status", "deployment_review", "pull_request", "pull_request_review", "workflow_run"}

// texts are the longer texts of a JSON body.
func texts(body []byte) []string {
	var found []string
	in := json.NewDecoder(bytes.NewReader(body))
	for {
		token, err := in.Token()
		if err != nil {
			return found
		}
		if text, ok := token.(string); ok && len(text) > 11 && !slices.Contains(eventNames, text) {
			found = append(found, text)
		}
	}
}
