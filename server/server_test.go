package server_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/server/intake"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/telemetry"
	"github.com/evenkeel-dev/evenkeel/store"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

// clock is the present of every test.
func clock() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

// site is a running server on a fresh store with two workspaces.
type site struct {
	*httptest.Server
	t     *testing.T
	store *store.Store
	log   *bytes.Buffer
	// handler is what answers.
	handler *server.Server
}

func start(t *testing.T, local ...string) site {
	t.Helper()
	return startWith(t, storetest.SQLite(t), func(c *server.Config) { c.Local = local })
}

func startWith(t *testing.T, dsn string, adjust func(*server.Config)) site {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{DSN: dsn, Logger: slog.New(slog.DiscardHandler), Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	cleanUp(t, func() { _ = s.Close() })
	for _, slug := range []string{"default", "other"} {
		if err := s.EnsureWorkspace(t.Context(), evenkeel.WorkspaceInfo{Slug: slug, Name: slug}); err != nil {
			t.Fatal(err)
		}
	}
	log := &bytes.Buffer{}
	logger := slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	config := server.Config{
		Store: s, Workspace: func(slug string) server.Workspace { return s.In(slug) },
		Past:      func(slug string, known evenkeel.Known) server.Facts { return s.In(slug).At(known) },
		Deriver:   jobs.NewDeriver(func(slug string) jobs.Workspace { return s.In(slug) }),
		Budgets:   budgets.New(func(slug string) budgets.Workspace { return s.In(slug) }),
		Dashboard: fstest.MapFS{"index.html": {Data: []byte(`<script nonce="__CSP_NONCE__"></script>`)}, "assets/a-1.js": {Data: []byte("1")}},
		Logger:    logger, Now: clock, Version: "test", MaxEvents: 1 << 20, Secrets: secrets, Telemetry: telemetry.New("test", nil),
		Committer: committer(t, s, logger), KeepBodies: true,
	}
	adjust(&config)
	handler, err := server.New(config)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(handler.Handler())
	cleanUp(t, func() {
		handler.Close()
		web.Close()
		handler.Wait()
	})
	return site{Server: web, t: t, store: s, log: log, handler: handler}
}

// cleanUp ends what a test has made and lets go of it. The testing package keeps
// what it is to call at the end of a test until those beside it have ended too,
// and a server is several megabytes.
func cleanUp(t testing.TB, end func()) {
	t.Helper()
	t.Cleanup(func() {
		end()
		end = nil
	})
}

// The secrets of senders, by reference.
const (
	secretText, newSecretText = "It's a Secret to Everybody", "And this one is newer"

	secretName, newSecretName, unsetName = "${env:HOOK_SECRET}", "${env:HOOK_SECRET_NEW}", "${env:HOOK_SECRET_UNSET}"
)

func secrets(reference string) (string, error) {
	switch reference {
	case secretName:
		return secretText, nil
	case newSecretName:
		return newSecretText, nil
	}
	return "", evenkeel.ErrNotFound
}

// committer runs until the test ends.
func committer(t testing.TB, s *store.Store, logger *slog.Logger) *intake.Committer {
	t.Helper()
	c := intake.NewCommitter(func(ctx context.Context, workspace string, deliveries []evenkeel.Delivery) ([]evenkeel.Delivered, error) {
		return s.In(workspace).Deliver(ctx, deliveries)
	}, logger)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	cleanUp(t, func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return c
}

// token makes a token and returns its secret.
func (s site) token(workspace string, expires time.Time, scopes ...evenkeel.Scope) string {
	s.t.Helper()
	secret, hash := server.NewSecret()
	_, err := s.store.CreateToken(s.t.Context(), evenkeel.Token{Workspace: workspace, Name: "ci", Scopes: scopes, CreatedBy: "test", CreatedAt: clock(), ExpiresAt: expires}, hash)
	if err != nil {
		s.t.Fatal(err)
	}
	return secret
}

func (s site) admin() string {
	return s.token("default", clock().Add(time.Hour), evenkeel.ScopeAdmin)
}

// answer is a response with its decoded JSON.
type response struct {
	status int
	header http.Header
	text   string
	json   map[string]any
}

func (s site) do(method, path, token, body string, header ...string) response {
	s.t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), method, s.URL+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
		if header[i] == "Host" {
			request.Host = header[i+1]
		}
	}
	return s.send(http.DefaultTransport.RoundTrip, request)
}

func (s site) send(send func(*http.Request) (*http.Response, error), request *http.Request) response {
	s.t.Helper()
	reply, err := send(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	r := response{status: reply.StatusCode, header: reply.Header, text: string(text)}
	_ = json.Unmarshal(text, &r.json)
	return r
}

const deployment = `{"kind":"deployment","id":"d1","application":"checkout","environment":"production","status":"success","finished_at":"2026-11-20T10:00:00Z"}`

func TestWhoIsLetIn(t *testing.T) {
	t.Parallel()
	s := start(t)
	read := s.token("default", clock().Add(time.Hour), evenkeel.ScopeRead)
	ingest := s.token("default", clock().Add(time.Hour), evenkeel.ScopeIngest)
	expired := s.token("default", clock(), evenkeel.ScopeAdmin)
	other := s.token("other", clock().Add(time.Hour), evenkeel.ScopeAdmin)
	for name, c := range map[string]struct {
		method, path, token, body string
		want                      int
		says                      string
	}{
		"nobody gets no data":                         {"GET", "/api/v1/overview", "", "", 401, "sign in"},
		"an unknown token is told so":                 {"GET", "/api/v1/overview", "ek_nope", "", 401, "unknown"},
		"an expired token is refused":                 {"GET", "/api/v1/overview", expired, "", 401, "expired"},
		"a read token reads":                          {"GET", "/api/v1/overview", read, "", 200, ""},
		"a read token may not send":                   {"POST", "/api/v1/events", read, deployment, 403, "scope ingest"},
		"an ingest token sends":                       {"POST", "/api/v1/events", ingest, deployment, 200, ""},
		"an ingest token may not read":                {"GET", "/api/v1/overview", ingest, "", 403, "scope read"},
		"only an admin lists tokens":                  {"GET", "/api/v1/tokens", read, "", 403, "scope admin"},
		"another workspace does not exist":            {"GET", "/api/v1/overview?workspace=other", read, "", 404, "not found"},
		"an unknown workspace does not exist":         {"GET", "/api/v1/overview?workspace=nowhere", read, "", 404, "not found"},
		"a token's own workspace is the default":      {"GET", "/api/v1/applications", other, "", 200, ""},
		"an unknown path of the API is a problem":     {"GET", "/api/v1/nothing", read, "", 404, "openapi.json"},
		"an unknown parameter is refused":             {"GET", "/api/v1/overview?form=90d", read, "", 422, "form"},
		"probes need nobody":                          {"GET", "/livez", "", "", 200, ""},
		"readiness asks the store":                    {"GET", "/readyz", "", "", 200, ""},
		"the description of the API needs a token":    {"GET", "/api/v1/openapi.json", "", "", 401, ""},
		"the description of the API is there":         {"GET", "/api/v1/openapi.json", read, "", 200, "3.1"},
		"a missing file of the dashboard is not HTML": {"GET", "/assets/none.js", "", "", 404, "no file"},
		"a path without principal of the dashboard":   {"GET", "/w/default/overview", "", "", 200, "nonce"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := s.do(c.method, c.path, c.token, c.body)
			if got.status != c.want || !strings.Contains(got.text, c.says) {
				t.Fatalf("%s %s = %d %s, want %d with %q", c.method, c.path, got.status, got.text, c.want, c.says)
			}
			if got.status >= 400 && (got.header.Get("Content-Type") != "application/problem+json" || got.json["request_id"] != got.header.Get("X-Request-Id")) {
				t.Errorf("%s %s: not a problem with the request's id: %s %v", c.method, c.path, got.header.Get("Content-Type"), got.json)
			}
		})
	}
}

func TestRevokedTokensAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	made := s.do("POST", "/api/v1/tokens", admin, `{"name":"deploys","scopes":["ingest"],"expires_in_days":1}`)
	secret, _ := made.json["token"].(string)
	if made.status != 200 || !strings.HasPrefix(secret, server.TokenPrefix) {
		t.Fatalf("create = %d %s", made.status, made.text)
	}
	if got := s.do("POST", "/api/v1/events", secret, deployment); got.status != 200 {
		t.Fatalf("events = %d %s", got.status, got.text)
	}
	if got := s.do("GET", "/api/v1/tokens", admin, ""); strings.Contains(got.text, secret) || !strings.Contains(got.text, "deploys") {
		t.Fatalf("the list shows the secret, or not the token: %s", got.text)
	}
	if got := s.do("DELETE", "/api/v1/tokens/"+made.json["id"].(string), admin, ""); got.status != 204 {
		t.Fatalf("revoke = %d %s", got.status, got.text)
	}
	if got := s.do("POST", "/api/v1/events", secret, deployment); got.status != 401 || !strings.Contains(got.text, "revoked") {
		t.Fatalf("a revoked token = %d %s", got.status, got.text)
	}
	if got := s.do("GET", "/api/v1/audit", admin, ""); !strings.Contains(got.text, "token.create") || !strings.Contains(got.text, "token.revoke") {
		t.Fatalf("audit = %s", got.text)
	}
}

func TestSecretsAreNotLogged(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	s.do("POST", "/api/v1/events", admin, strings.Replace(deployment, "checkout", "very-private", 1))
	s.do("GET", "/signin?token=ek_very-secret", "", "")
	s.do("GET", "/api/v1/overview", admin, "")
	s.Close()
	for _, secret := range []string{admin, "very-private", "very-secret"} {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	if !strings.Contains(s.log.String(), "/api/v1/overview") {
		t.Error("the log does not name the requests")
	}
}

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return b.String()
}

func TestEventIntake(t *testing.T) {
	t.Parallel()
	broken := strings.Replace(deployment, "success", "great", 1)
	for name, c := range map[string]struct {
		body, query string
		header      []string
		want        int
		accepted    float64
		rejected    float64
		says        string
	}{
		"one object":                            {body: deployment, want: 200, accepted: 1},
		"an array":                              {body: "[" + deployment + "," + deployment + "]", want: 200, accepted: 2},
		"lines, one of them broken":             {body: deployment + "\n{\"kind\":\n" + deployment, want: 200, accepted: 2, rejected: 1, says: `"line":2`},
		"a wrong value names field and fix":     {body: deployment + "\n" + broken, want: 200, accepted: 1, rejected: 1, says: "success, failure, cancelled, running"},
		"compressed":                            {body: gzipped(deployment), header: []string{"Content-Encoding", "gzip"}, want: 200, accepted: 1},
		"nothing valid":                         {body: broken, want: 422, rejected: 1, says: "status"},
		"no JSON at all":                        {body: "hello", want: 400, rejected: 1, says: "line 1"},
		"a dry run":                             {body: deployment, query: "?dry_run=true", want: 200, accepted: 1, says: `"dry_run":true`},
		"a dry run that is neither":             {body: deployment, query: "?dry_run=maybe", want: 422, says: "dry_run"},
		"too large":                             {body: strings.Repeat(deployment+"\n", 10_000), want: 413},
		"too large when unpacked":               {body: gzipped(strings.Repeat(deployment+"\n", 10_000)), want: 413},
		"nothing":                               {body: "", want: 200},
		"an application that nobody knows":      {body: strings.Replace(deployment, "checkout", "unheard-of", 1), want: 200, accepted: 1},
		"an incident resolved before it opened": {body: `{"kind":"incident","id":"i1","application":"a","opened_at":"2026-11-02T00:00:00Z","resolved_at":"2026-11-01T00:00:00Z"}`, want: 200, accepted: 1},
		"a commit that is its own parent":       {body: `{"kind":"commit","id":"c","repository":"r","sha":"` + strings.Repeat("a", 40) + `","parents":["` + strings.Repeat("a", 40) + `"],"committed_at":"2026-11-01T00:00:00Z"}`, want: 422, rejected: 1, says: "parents[0]"},
		"a field that does not exist":           {body: strings.Replace(deployment, "finished_at", "finishedAt", 1), want: 422, rejected: 1, says: "finished_at"},
		"an instant in the future is kept":      {body: strings.Replace(deployment, "2026", "2031", 1), want: 200, accepted: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			token := s.token("default", clock().Add(time.Hour), evenkeel.ScopeIngest)
			got := s.do("POST", "/api/v1/events"+c.query, token, c.body, c.header...)
			if got.status != c.want || !strings.Contains(got.text, c.says) {
				t.Fatalf("= %d %.600s, want %d with %q", got.status, got.text, c.want, c.says)
			}
			if got.status == 413 || c.query == "?dry_run=maybe" {
				return
			}
			if got.json["accepted"] != c.accepted || got.json["rejected"] != c.rejected {
				t.Errorf("accepted %v and rejected %v, want %v and %v: %s", got.json["accepted"], got.json["rejected"], c.accepted, c.rejected, got.text)
			}
		})
	}
}

func TestDryRunRecordsNothing(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	s.do("POST", "/api/v1/events?dry_run=true", admin, deployment)
	if got := s.do("GET", "/api/v1/deployments", admin, ""); len(got.json["items"].([]any)) != 0 {
		t.Fatalf("after a dry run: %s", got.text)
	}
	s.do("POST", "/api/v1/events", admin, deployment)
	if got := s.do("GET", "/api/v1/deployments", admin, ""); len(got.json["items"].([]any)) != 1 {
		t.Fatalf("after recording: %s", got.text)
	}
}

func TestRepeatingEventsChangesNothing(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	first := s.do("POST", "/api/v1/events", admin, deployment)
	again := s.do("POST", "/api/v1/events", admin, deployment)
	if first.json["observations"] != 1.0 || again.json["observations"] != 0.0 || again.json["repeated"] != 1.0 || first.json["revision"] != again.json["revision"] {
		t.Fatalf("first %s, again %s", first.text, again.text)
	}
}

func TestETagFollowsTheFacts(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	const path = "/api/v1/overview?from=2026-11-01&to=2026-11-22"
	first := s.do("GET", path, admin, "")
	tag := first.header.Get("ETag")
	if first.status != 200 || tag == "" {
		t.Fatalf("= %d, ETag %q", first.status, tag)
	}
	if same := s.do("GET", path, admin, "", "If-None-Match", tag); same.status != 304 || same.text != "" {
		t.Fatalf("nothing changed: %d %q", same.status, same.text)
	}
	if other := s.do("GET", path+"&tz=Asia/Tokyo", admin, "", "If-None-Match", tag); other.status != 200 {
		t.Fatalf("another question: %d", other.status)
	}
	s.do("POST", "/api/v1/events", admin, deployment)
	if changed := s.do("GET", path, admin, "", "If-None-Match", tag); changed.status != 200 || changed.header.Get("ETag") == tag {
		t.Fatalf("a fact came: %d %s", changed.status, changed.header.Get("ETag"))
	}
}

func TestAnEventIsInTheNextAnswer(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	if got := s.do("POST", "/api/v1/applications", admin, `{"slug":"checkout"}`); got.status != 200 {
		t.Fatalf("register = %d %s", got.status, got.text)
	}
	const path = "/api/v1/metrics/dora?application=checkout&from=2026-11-12&to=2026-11-22"
	empty := s.do("GET", path, admin, "")
	if f := empty.json["deployment_frequency"].(map[string]any); empty.status != 200 || f["per_day"] != nil {
		t.Fatalf("without facts: %d %s", empty.status, empty.text)
	}
	s.do("POST", "/api/v1/events", admin, deployment)
	got := s.do("GET", path, admin, "")
	if f := got.json["deployment_frequency"].(map[string]any); f["per_day"] != 0.1 || f["deployments"] != 1.0 {
		t.Fatalf("one deployment in ten days: %s", got.text)
	}
	if missing := s.do("GET", "/api/v1/metrics/dora?application=nope", admin, ""); missing.status != 404 {
		t.Fatalf("an unknown application = %d", missing.status)
	}
}

func TestWrongWindowsAreNamed(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	for query, says := range map[string]string{
		"from=yesterday":                         "RFC 3339",
		"from=2026-11-22&to=2026-11-01":          "not before",
		"tz=Mars/Olympus":                        "time zone",
		"series=hour":                            "series",
		"series=day&from=2020-01-01":             "longer grain",
		"benchmark=dora-1999":                    "benchmarks",
		"application=a&group=b":                  "one of application, group and capability",
		"from=0001-01-01":                        "1970",
		"from=1971-01-01T00:00:00Z&series=month": "years",
	} {
		if got := s.do("GET", "/api/v1/metrics/dora?"+query, admin, ""); got.status != 422 || !strings.Contains(got.text, says) {
			t.Errorf("%s = %d %s, want 422 with %q", query, got.status, got.text, says)
		}
	}
}

func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

func (s site) browse(c *http.Client, method, path string, header ...string) response {
	s.t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), method, s.URL+path, http.NoBody)
	if err != nil {
		s.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	return s.send(c.Do, request)
}

func TestASignInLinkWorksOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	secret, hash := server.NewSecret()
	if err := s.store.CreateSignIn(t.Context(), evenkeel.SignInLink{Role: evenkeel.RoleAdmin, ExpiresAt: clock().Add(time.Hour)}, hash); err != nil {
		t.Fatal(err)
	}
	first := browser(t)
	if got := s.browse(first, "GET", "/api/v1/session"); got.status != 401 {
		t.Fatalf("before: %d", got.status)
	}
	if got := s.browse(first, "GET", "/signin?token="+secret); got.status != 200 {
		t.Fatalf("sign in = %d %s", got.status, got.text)
	}
	session := s.browse(first, "GET", "/api/v1/session")
	csrf, _ := session.json["csrf_token"].(string)
	if session.status != 200 || csrf == "" {
		t.Fatalf("session = %d %s", session.status, session.text)
	}
	if got := s.browse(browser(t), "GET", "/signin?token="+secret); got.status != 403 {
		t.Fatalf("a second use = %d %s", got.status, got.text)
	}
	if got := s.browse(first, "POST", "/api/v1/session/sign-out"); got.status != 403 {
		t.Fatalf("sign out without the token of the form = %d %s", got.status, got.text)
	}
	if got := s.browse(first, "POST", "/api/v1/session/sign-out", "X-CSRF-Token", csrf); got.status != 204 {
		t.Fatalf("sign out = %d %s", got.status, got.text)
	}
	if got := s.browse(first, "GET", "/api/v1/session"); got.status != 401 {
		t.Fatalf("after signing out: %d", got.status)
	}
}

func TestSessionCookiesAreClosedToScripts(t *testing.T) {
	t.Parallel()
	s := start(t, "default")
	request, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/api/v1/session", http.NoBody)
	got := s.send(http.DefaultTransport.RoundTrip, request)
	cookies := strings.Join(got.header.Values("Set-Cookie"), "\n")
	if got.status != 200 || !strings.Contains(cookies, "evenkeel_session=") || strings.Count(cookies, "HttpOnly") != 2 || strings.Count(cookies, "SameSite=") != 2 {
		t.Fatalf("%d with cookies %s", got.status, cookies)
	}
}

func TestLocalBrowsersSeeTheirWorkspacesOnly(t *testing.T) {
	t.Parallel()
	s := start(t, "default")
	if got := s.do("GET", "/api/v1/overview?workspace=default", "", ""); got.status != 200 {
		t.Fatalf("the local workspace = %d %s", got.status, got.text)
	}
	if got := s.do("GET", "/api/v1/overview?workspace=other", "", ""); got.status != 404 {
		t.Fatalf("another workspace = %d", got.status)
	}
	if got := s.do("POST", "/api/v1/events", "", deployment, "Sec-Fetch-Site", "same-origin"); got.status != 403 {
		t.Fatalf("a viewer sends events = %d", got.status)
	}
	if got := s.do("GET", "/api/v1/overview", "", "", "Host", "evil.example:8080"); got.status != 421 {
		t.Fatalf("a foreign host name = %d %s", got.status, got.text)
	}
}

func TestThePageAllowsOnlyItsOwnScripts(t *testing.T) {
	t.Parallel()
	s := start(t)
	one, two := s.do("GET", "/", "", ""), s.do("GET", "/", "", "")
	policy := one.header.Get("Content-Security-Policy")
	if one.text == two.text || strings.Contains(one.text, "__CSP_NONCE__") {
		t.Fatalf("the nonce does not change: %s", one.text)
	}
	nonce := strings.TrimSuffix(strings.TrimPrefix(one.text, `<script nonce="`), `"></script>`)
	for _, part := range []string{"default-src 'self'", "'nonce-" + nonce + "'", "frame-ancestors 'none'"} {
		if !strings.Contains(policy, part) {
			t.Errorf("the policy %q lacks %q", policy, part)
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("the policy allows unsafe things: %s", policy)
	}
	if asset := s.do("GET", "/assets/a-1.js", "", ""); asset.status != 200 || !strings.Contains(asset.header.Get("Cache-Control"), "immutable") {
		t.Errorf("an asset = %d %s", asset.status, asset.header.Get("Cache-Control"))
	}
}

func TestListsArePaged(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	var lines []string
	for day := 1; day <= 9; day++ {
		lines = append(lines, strings.NewReplacer("d1", "d"+string(rune('0'+day)), "11-20", "11-0"+string(rune('0'+day))).Replace(deployment))
	}
	s.do("POST", "/api/v1/events", admin, strings.Join(lines, "\n"))
	var seen []string
	path := "/api/v1/deployments?limit=4"
	for pages := 0; path != "" && pages < 5; pages++ {
		got := s.do("GET", path, admin, "")
		for _, item := range got.json["items"].([]any) {
			seen = append(seen, item.(map[string]any)["external_id"].(string))
		}
		path = ""
		if next, ok := got.json["next"].(string); ok {
			path = "/api/v1/deployments?limit=4&cursor=" + next
		}
	}
	if got := strings.Join(seen, " "); got != "d9 d8 d7 d6 d5 d4 d3 d2 d1" {
		t.Fatalf("pages hold %s", got)
	}
	if got := s.do("GET", "/api/v1/deployments?cursor=%00bad", admin, ""); got.status != 422 {
		t.Fatalf("a wrong cursor = %d %s", got.status, got.text)
	}
}
