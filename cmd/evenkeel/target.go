package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/server/intake"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
	"github.com/evenkeel-dev/evenkeel/store"
)

// target is where commands send facts to and ask for figures: the local store or a server.
type target interface {
	register(ctx context.Context, a evenkeel.Application) error
	record(ctx context.Context, events []evenkeel.Event) (evenkeel.Recorded, error)
	// detailed tells of which commits of an application's repository the
	// details are known.
	detailed(ctx context.Context, application, repository string) (func(sha string) bool, error)
	// replay parses kept deliveries again.
	replay(ctx context.Context, r intake.ReplayRequest) (intake.Replayed, error)
	connections(ctx context.Context) ([]connectionLine, error)
	// previewAlerts tries settings of a connection on the alerts of 30 days.
	previewAlerts(ctx context.Context, c connectionLine, settings json.RawMessage) (views.AlertPreview, error)
	// suggest reads files that tell who owns what; a dry run keeps nothing.
	suggest(ctx context.Context, files connectors.OwnershipFiles, dry bool) (server.OwnershipAnswer, error)
	// policies lists the versions of the policy, newest first.
	policies(ctx context.Context) ([]views.PolicyVersion, error)
	// previewPolicy says what a policy would make of the last year.
	previewPolicy(ctx context.Context, policy evenkeel.Policy) (views.PolicyPreview, error)
	// changed finds what happened around an application.
	changed(ctx context.Context, q server.ChangedQuestion) (views.Changed, error)
	// dora answers with figures.
	dora(ctx context.Context, q views.Question) (views.DORA, error)
	// peer answers with figures beside those of another product.
	peer(ctx context.Context, as string, q views.Question) (views.Peer, error)
	// budgets are those of all service levels, the least first.
	budgets(ctx context.Context) ([]views.LevelRow, error)
	// badges says where the badges of a scope are.
	badges(ctx context.Context, q badgeQuestion) ([]server.BadgeView, error)
	// finish brings derived results up to date.
	finish(ctx context.Context) error
	close() error
}

// addWorkspaceFlag adds --workspace to a command.
func addWorkspaceFlag(cmd *cobra.Command) {
	cmd.Flags().String("workspace", "default", "workspace to work in")
}

// target opens the server that EVENKEEL_URL names, else the local store. A
// store or a workspace that is not there is made: facts may come first.
func (p *Process) target(cmd *cobra.Command) (target, error) {
	return p.opened(cmd, p.local)
}

// existing opens what target opens and makes nothing, so that who asks in the
// wrong place is told so, and not that there is nothing.
func (p *Process) existing(cmd *cobra.Command) (target, error) {
	return p.opened(cmd, p.existingLocal)
}

func (p *Process) opened(cmd *cobra.Command, here opener) (target, error) {
	workspace, _ := cmd.Flags().GetString("workspace")
	if address := p.Env("EVENKEEL_URL"); address != "" {
		r, err := newRemote(address, p.Env("EVENKEEL_TOKEN"), workspace)
		if wait, e := cmd.Flags().GetDuration("wait"); e == nil && err == nil {
			r.wait = wait
		}
		return r, err
	}
	return here(cmd.Context(), workspace, p.logger(cmd, slog.LevelWarn))
}

// opener opens the local store for a workspace.
type opener func(ctx context.Context, workspace string, logger *slog.Logger) (*local, error)

// local is the store of this machine.
type local struct {
	store     *store.Store
	workspace string
	deriver   *jobs.Deriver
	now       func() time.Time
}

func (p *Process) openStore(ctx context.Context, logger *slog.Logger) (*store.Store, error) {
	dsn, err := p.newDSN()
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, store.Options{DSN: dsn, Logger: logger, Now: p.Now})
}

// openExisting opens a store that is there.
func (p *Process) openExisting(ctx context.Context, logger *slog.Logger) (*store.Store, error) {
	dsn, err := p.dsn()
	if err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, store.Options{DSN: dsn, Logger: logger, Now: p.Now, Existing: true})
	if errors.Is(err, evenkeel.ErrNotFound) {
		return nil, fmt.Errorf("%w; EVENKEEL_DB names the store (store.dsn of a configuration), EVENKEEL_DATA its folder, EVENKEEL_URL a server", err)
	}
	return s, err
}

func (p *Process) local(ctx context.Context, workspace string, logger *slog.Logger) (*local, error) {
	if !evenkeel.ValidSlug(workspace) {
		return nil, fmt.Errorf("--workspace %q is not a slug: %w", workspace, errUsage)
	}
	s, err := p.openStore(ctx, logger)
	if err != nil {
		return nil, err
	}
	if err := ensureWorkspace(ctx, s, workspace); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return p.localOf(s, workspace), nil
}

func (p *Process) existingLocal(ctx context.Context, workspace string, logger *slog.Logger) (*local, error) {
	if !evenkeel.ValidSlug(workspace) {
		return nil, fmt.Errorf("--workspace %q is not a slug: %w", workspace, errUsage)
	}
	s, err := p.openExisting(ctx, logger)
	if err != nil {
		return nil, err
	}
	if err := findWorkspace(ctx, s, workspace); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return p.localOf(s, workspace), nil
}

func (p *Process) localOf(s *store.Store, workspace string) *local {
	return &local{store: s, workspace: workspace, deriver: newDeriver(s), now: p.Now}
}

func newDeriver(s *store.Store) *jobs.Deriver {
	return jobs.NewDeriver(func(slug string) jobs.Workspace { return s.In(slug) })
}

// ensureWorkspace makes a workspace that is not there; one that is keeps its
// name.
func ensureWorkspace(ctx context.Context, s *store.Store, slug string) error {
	known, err := s.Workspaces(ctx)
	if err != nil || slices.ContainsFunc(known, func(w evenkeel.WorkspaceInfo) bool { return w.Slug == slug }) {
		return err
	}
	return s.EnsureWorkspace(ctx, evenkeel.WorkspaceInfo{Slug: slug, Name: strings.ToUpper(slug[:1]) + slug[1:]})
}

// findWorkspace is an error that names those there are, if there is none of the slug.
func findWorkspace(ctx context.Context, s *store.Store, slug string) error {
	known, err := s.Workspaces(ctx)
	if err != nil {
		return err
	}
	var slugs []string
	for _, w := range known {
		slugs = append(slugs, w.Slug)
	}
	switch {
	case slices.Contains(slugs, slug):
		return nil
	case len(slugs) == 0:
		return fmt.Errorf("there is no workspace %q, and no other: %w; the first import, event or 'apply' makes one", slug, evenkeel.ErrNotFound)
	}
	return fmt.Errorf("there is no workspace %q: %w; --workspace takes %s", slug, evenkeel.ErrNotFound, strings.Join(slugs, ", "))
}

func (l *local) register(ctx context.Context, a evenkeel.Application) error {
	_, err := l.store.In(l.workspace).RegisterApplication(ctx, a)
	return err
}

func (l *local) record(ctx context.Context, events []evenkeel.Event) (evenkeel.Recorded, error) {
	return l.store.In(l.workspace).Record(ctx, events)
}

func (l *local) detailed(ctx context.Context, application, repository string) (func(sha string) bool, error) {
	w := l.store.In(l.workspace)
	catalogue, _, err := w.Catalogue(ctx)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(catalogue.Applications, func(a evenkeel.Application) bool { return a.Slug == application })
	if at < 0 {
		return nil, fmt.Errorf("application %q: %w", application, evenkeel.ErrNotFound)
	}
	facts, err := w.Facts(ctx, catalogue.Applications[at].ID)
	if err != nil {
		return nil, err
	}
	graph := facts.Graphs[repository]
	return func(sha string) bool {
		if graph == nil {
			return false
		}
		i, ok := graph.Index(sha)
		if !ok {
			return false
		}
		_, known := graph.Details(i)
		return known
	}, nil
}

// audit notes what was done at the command line of the store's machine.
func (l *local) audit(ctx context.Context, action, object, detail string) error {
	return l.store.Audit(ctx, evenkeel.AuditEntry{Workspace: l.workspace, At: l.now(), Actor: "operator", Action: action, Object: object, Detail: detail})
}

func (l *local) finish(ctx context.Context) error {
	_, err := l.deriver.Results(ctx, l.workspace)
	return err
}

func (l *local) close() error { return l.store.Close() }

// remote is a server.
type remote struct {
	base      *url.URL
	token     string
	workspace string
	client    *http.Client
	// wait is how long a server that does not answer is asked again.
	wait time.Duration
}

const (
	// remoteTimeout bounds one request to a server.
	remoteTimeout = 2 * time.Minute
	// defaultWait is how long a server that does not answer is asked again.
	defaultWait = time.Minute
)

// errUnavailable marks that a server did not answer, or not now.
var errUnavailable = errors.New("unavailable")

func isUnavailable(err error) bool { return errors.Is(err, errUnavailable) }

func newRemote(address, token, workspace string) (*remote, error) {
	base, err := url.Parse(address)
	if err != nil || base.Host == "" || (base.Scheme != "http" && base.Scheme != "https") {
		return nil, fmt.Errorf("EVENKEEL_URL %q is not an address such as https://evenkeel.example.com: %w", address, errUsage)
	}
	if token == "" {
		return nil, fmt.Errorf("EVENKEEL_URL is set but EVENKEEL_TOKEN is not; make a token with 'evenkeel token create': %w", errUsage)
	}
	client := &http.Client{
		Timeout:       remoteTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &remote{base: base, token: token, workspace: workspace, client: client, wait: defaultWait}, nil
}

func (r *remote) register(ctx context.Context, a evenkeel.Application) error {
	body, err := json.Marshal(map[string]any{"slug": a.Slug, "name": cmp.Or(a.Name, a.Slug), "claims": a.Claims})
	if err != nil {
		return err
	}
	return r.call(ctx, http.MethodPost, "/api/v1/applications", nil, jsonHeader(), body, nil)
}

func (r *remote) record(ctx context.Context, events []evenkeel.Event) (evenkeel.Recorded, error) {
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	if err := connectors.EncodeEvents(zip, events); err != nil {
		return evenkeel.Recorded{}, err
	}
	if err := zip.Close(); err != nil {
		return evenkeel.Recorded{}, err
	}
	var answer struct {
		evenkeel.Recorded
		Rejected int `json:"rejected"`
	}
	header := http.Header{"Content-Type": {"application/x-ndjson"}, "Content-Encoding": {"gzip"}}
	if err := r.call(ctx, http.MethodPost, "/api/v1/events", nil, header, packed.Bytes(), &answer); err != nil {
		return evenkeel.Recorded{}, err
	}
	if answer.Rejected > 0 {
		return answer.Recorded, fmt.Errorf("the server refused %d events that are valid here; is it older than this program?", answer.Rejected)
	}
	return answer.Recorded, nil
}

// detailed knows nothing: a server takes what is repeated as no change.
func (*remote) detailed(context.Context, string, string) (func(sha string) bool, error) {
	return func(string) bool { return false }, nil
}

func (*remote) finish(context.Context) error { return nil }
func (*remote) close() error                 { return nil }

// call makes one request and decodes the answer; problems become errors. A
// server that does not answer is asked again: every request may be repeated.
func (r *remote) call(ctx context.Context, method, path string, query url.Values, header http.Header, body []byte, into any) error {
	if r.wait <= 0 {
		return r.once(ctx, method, path, query, header, body, into)
	}
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		err := r.once(ctx, method, path, query, header, body, into)
		if err != nil && !isUnavailable(err) {
			err = backoff.Permanent(err)
		}
		return struct{}{}, err
	}, backoff.WithMaxElapsedTime(r.wait))
	if permanent, ok := errors.AsType[*backoff.PermanentError](err); ok {
		return permanent.Unwrap()
	}
	return err
}

func (r *remote) once(ctx context.Context, method, path string, query url.Values, header http.Header, body []byte, into any) error {
	address := r.base.JoinPath(path)
	if query == nil {
		query = url.Values{}
	}
	query.Set("workspace", r.workspace)
	address.RawQuery = query.Encode()
	request, err := http.NewRequestWithContext(ctx, method, address.String(), bytes.NewReader(body))
	if err != nil {
		return err
	}
	maps.Copy(request.Header, header)
	request.Header.Set("Authorization", "Bearer "+r.token)
	response, err := r.client.Do(request)
	if err != nil {
		return fmt.Errorf("the server at %s does not answer: %w: %w", r.base.Host, errUnavailable, err)
	}
	defer response.Body.Close()
	if response.StatusCode >= http.StatusMultipleChoices {
		return remoteProblem(response)
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(response.Body).Decode(into)
}

func remoteProblem(response *http.Response) error {
	const most = 64 << 10
	var problem struct {
		Title     string `json:"title"`
		Detail    string `json:"detail"`
		RequestID string `json:"request_id"`
	}
	text, _ := io.ReadAll(io.LimitReader(response.Body, most))
	_ = json.Unmarshal(text, &problem)
	err := fmt.Errorf("the server says %d: %s (request %s)", response.StatusCode, cmp.Or(problem.Detail, problem.Title, http.StatusText(response.StatusCode)), problem.RequestID)
	switch response.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		return fmt.Errorf("%w: %w", err, evenkeel.ErrDenied)
	case http.StatusNotFound:
		return fmt.Errorf("%w: %w", err, evenkeel.ErrNotFound)
	case http.StatusUnprocessableEntity, http.StatusBadRequest:
		return fmt.Errorf("%w: %w", err, evenkeel.ErrInvalid)
	case http.StatusConflict:
		return fmt.Errorf("%w: %w", err, evenkeel.ErrConflict)
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return fmt.Errorf("%w: %w", err, errUnavailable)
	}
	return err
}
