package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/config"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/frontend"
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/server/intake"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/pull"
	"github.com/evenkeel-dev/evenkeel/server/telemetry"
	"github.com/evenkeel-dev/evenkeel/store"
)

const (
	// shutdownTimeout is how long running requests may take when the server stops.
	shutdownTimeout = 10 * time.Second
	// signInLifetime is how long a printed sign-in link can be used.
	signInLifetime = time.Hour
)

func newServe(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the dashboard and the API",
		Long: `Serve the dashboard and the API on the local store, and print a one-time
sign-in link for the first administrator. 'evenkeel signin' prints another.`,
		Example: "  evenkeel serve -f /etc/evenkeel\n  EVENKEEL_DB=postgres://evenkeel@db/evenkeel evenkeel serve --listen :8080",
		Args:    arguments(0, "no arguments"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.serve(cmd) },
	}
	cmd.Flags().StringP("file", "f", "", "configuration: a YAML file or a folder of them")
	cmd.Flags().String("listen", "", "host:port to listen on (default localhost:8080, or the configuration's)")
	return cmd
}

func (p *Process) serve(cmd *cobra.Command) error {
	ctx, logger := cmd.Context(), p.logger(cmd, slog.LevelInfo)
	settings, err := p.settings(cmd)
	if err != nil {
		return err
	}
	s, err := p.openConfigured(ctx, settings, logger)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := applyConfig(ctx, s, settings, false); err != nil {
		return err
	}
	listen := settings.Server.Listen
	if flag, _ := cmd.Flags().GetString("listen"); flag != "" {
		listen = flag
	}
	return p.run(ctx, s, serving{
		stated: statedBy(settings), listen: listen, publicURL: settings.Server.PublicURL, logger: logger, bodies: settings.Retention.Bodies,
		notify: settings.Notify,
		ready: func(ctx context.Context, address string) error {
			return p.printSignIn(ctx, s, evenkeel.SignInLink{Role: evenkeel.RoleAdmin}, address)
		},
	})
}

// settings loads the configuration that -f names; without one, defaults.
func (p *Process) settings(cmd *cobra.Command) (config.Config, error) {
	file, _ := cmd.Flags().GetString("file")
	if file == "" {
		return config.Config{Workspace: config.DefaultWorkspace, Server: config.Server{Listen: config.DefaultListen}, Retention: config.Retention{Bodies: config.DefaultBodies}}, nil
	}
	return config.Load(file)
}

// openConfigured opens the store that the environment names, else the one of
// the configuration.
func (p *Process) openConfigured(ctx context.Context, c config.Config, logger *slog.Logger) (*store.Store, error) {
	if p.Env("EVENKEEL_DB") != "" || p.Env("EVENKEEL_DATA") != "" || c.Store.DSN == "" {
		return p.openStore(ctx, logger)
	}
	dsn, err := c.Store.DSN.Resolve(p.lookup, os.ReadFile)
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, store.Options{DSN: dsn, Logger: logger, Now: p.Now})
}

// serving is how a server runs.
type serving struct {
	listen    string
	publicURL string
	// bodies is how long bodies of deliveries are kept.
	bodies time.Duration
	// local lists the workspaces that browsers on this machine may view.
	local  []string
	logger *slog.Logger
	// stated is what the configuration states of a workspace; nil is nothing.
	stated func(workspace string) evenkeel.Catalogue
	// secret resolves references; nil is that of the process.
	secret func(reference string) (string, error)
	// notify are those who are told of alerts of service levels.
	notify []config.Notifier
	// past is how far back alerts are looked for at the start; zero is a few hours.
	past time.Duration
	// silent asks no vendor.
	silent bool
	// beside goes on until the context ends, while the server runs; nil is nothing.
	beside func(ctx context.Context) error
	// ready is called with the address once the server listens.
	ready func(ctx context.Context, address string) error
}

// newBudgets keeps the error budgets of the workspaces of a store.
func newBudgets(s *store.Store) *budgets.Budgets {
	return budgets.New(func(slug string) budgets.Workspace { return s.In(slug) })
}

// heapGrowth is by how much, in percent of what is in use, a server lets its
// memory grow before it is swept. With the default of 100, deriving a million
// changes takes 600 MiB, with this less than 500.
const heapGrowth = 50

// run serves until the context ends, then lets running requests finish.
func (p *Process) run(ctx context.Context, s *store.Store, how serving) error {
	if p.Env("GOGC") == "" {
		debug.SetGCPercent(heapGrowth)
	}
	listener, err := listen(ctx, how.listen)
	if err != nil {
		return err
	}
	if how.secret == nil {
		how.secret = p.secret
	}
	address := how.publicURL
	if address == "" {
		address = "http://" + browsable(listener.Addr().String(), how.listen)
	}
	targets, err := p.targets(how.notify)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	deriver, kept := newDeriver(s), newBudgets(s)
	watch, stopTracing, err := p.telemetry(ctx)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer stopTracing()
	deriver.Watch = p.watchDeriving(watch)
	committer := intake.NewCommitter(p.deliver(s, watch), how.logger)
	handler, err := server.New(server.Config{
		Store: s, Workspace: func(slug string) server.Workspace { return s.In(slug) },
		Past: func(slug string, known evenkeel.Known) server.Facts { return s.In(slug).At(known) }, Deriver: deriver,
		Budgets:   kept,
		Dashboard: frontend.Dist(), Logger: how.logger, Now: p.Now, Version: p.Version, PublicURL: address, Local: how.local,
		Secrets: how.secret, Stated: how.stated, Telemetry: watch, Committer: committer, KeepBodies: how.bodies > 0,
	})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	web := &http.Server{
		Handler: handler.Handler(), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 5 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(how.logger.Handler(), slog.LevelWarn),
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	watch.Waiting(committer.Waiting)
	fresh := newNewcomers()
	web.ConnState = fresh.note
	web.RegisterOnShutdown(func() {
		handler.Close() // Live views would outlast it.
		time.AfterFunc(newcomerPatience, fresh.close)
	})
	work, workCtx := errgroup.WithContext(ctx)
	work.Go(func() error { return ignoreClosed(web.Serve(listener)) })
	work.Go(func() error { return jobs.Follow(workCtx, s, deriver, how.logger) })
	work.Go(func() error { return handler.StayAhead(workCtx) })
	work.Go(func() error { return handler.StaySpent(workCtx) })
	work.Go(func() error { return jobs.Expire(workCtx, s, how.bodies, p.Now, how.logger, watch.Expired) })
	if !how.silent {
		work.Go(func() error { return p.pull(workCtx, s, how) })
	}
	if how.beside != nil {
		work.Go(func() error { return how.beside(workCtx) })
	}
	alerts := intake.NewAlerts(func(slug string) intake.AlertStore { return s.In(slug) }, p.Now, how.logger)
	work.Go(func() error { return alerts.Run(workCtx, s.Workspaces) })
	noticed := newWatch(s, kept, targets, watch, how, p.Now, address)
	work.Go(func() error { return noticed.Run(workCtx) })
	// What running requests hand over is kept, so the committer ends last.
	committing, stopCommitter := context.WithCancel(context.WithoutCancel(ctx))
	work.Go(func() error { return committer.Run(committing) })
	work.Go(func() error {
		defer stopCommitter()
		<-workCtx.Done()
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
		defer cancel()
		err := web.Shutdown(stop)
		handler.Wait()
		return err
	})
	if err := how.ready(ctx, address); err != nil {
		return errors.Join(err, web.Close())
	}
	return work.Wait()
}

// pull asks vendors for what their webhooks have not told.
func (p *Process) pull(ctx context.Context, s *store.Store, how serving) error {
	sqlite, postgres, err := s.Queue()
	if err != nil {
		return err
	}
	return pull.Run(ctx, &pull.Reader{
		Store: s, Workspace: func(slug string) pull.Workspace { return s.In(slug) }, Logger: how.logger, KeepBodies: how.bodies > 0,
		Levels: measuredLevels(s), Outside: connectors.Outside{Secret: p.secret, Now: p.Now, Sleep: sleep},
	}, pull.Database{SQLite: sqlite, Postgres: postgres})
}

// sleep waits, unless the context ends before.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// deliver keeps deliveries in the store and tells how long that takes.
func (p *Process) deliver(s *store.Store, watch *telemetry.Telemetry) intake.Deliver {
	return func(ctx context.Context, workspace string, deliveries []evenkeel.Delivery) ([]evenkeel.Delivered, error) {
		ctx, done := watch.Step(ctx, "keep deliveries")
		start := p.Now()
		delivered, err := s.In(workspace).Deliver(ctx, deliveries)
		watch.Committed(len(deliveries), p.Now().Sub(start))
		done(err)
		return delivered, err
	}
}

// watchDeriving tells how long deriving takes.
func (p *Process) watchDeriving(watch *telemetry.Telemetry) func(context.Context) (context.Context, func(error)) {
	return func(ctx context.Context) (context.Context, func(error)) {
		ctx, done := watch.Step(ctx, "derive results")
		start := p.Now()
		return ctx, func(err error) {
			watch.Derived(p.Now().Sub(start))
			done(err)
		}
	}
}

// secret resolves a reference of a connection.
func (p *Process) secret(reference string) (string, error) {
	if rules := config.ReferenceRules(reference); len(rules) > 0 {
		return "", fmt.Errorf("a secret %s: %w", rules[0], evenkeel.ErrInvalid)
	}
	return config.Secret(reference).Resolve(p.lookup, os.ReadFile)
}

// lookup is an environment variable, if it is set and not empty.
func (p *Process) lookup(name string) (string, bool) {
	value := p.Env(name)
	return value, value != ""
}

// telemetry makes the instruments; spans are sent where the standard
// variables of OpenTelemetry say. stop sends what is left.
func (p *Process) telemetry(ctx context.Context) (watch *telemetry.Telemetry, stop func(), err error) {
	endpoint := p.Env("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
	if base := p.Env("OTEL_EXPORTER_OTLP_ENDPOINT"); endpoint == "" && base != "" {
		endpoint = strings.TrimRight(base, "/") + "/v1/traces"
	}
	if endpoint == "" {
		return telemetry.New(p.Version, nil), func() {}, nil
	}
	exporter, err := telemetry.NewExporter(ctx, endpoint, p.Version)
	if err != nil {
		return nil, nil, err
	}
	return telemetry.New(p.Version, exporter), func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
		defer cancel()
		_ = exporter.Shutdown(ctx) // What could not be sent was logged by the exporter.
	}, nil
}

func ignoreClosed(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func listen(ctx context.Context, address string) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s is in use by another program; choose another address with --listen: %w", address, evenkeel.ErrConflict)
	case err != nil:
		return nil, fmt.Errorf("cannot listen on %q; --listen takes host:port: %w", address, err)
	}
	return listener, nil
}

// browsable is an address that a browser on this machine can open.
func browsable(actual, asked string) string {
	_, port, err := net.SplitHostPort(actual)
	host, _, _ := net.SplitHostPort(asked)
	if err != nil {
		return actual
	}
	if host == "" || host == "0.0.0.0" || host == "::" {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

func newSignIn(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "signin",
		Short: "Print a one-time sign-in link",
		Args:  arguments(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			role, _ := cmd.Flags().GetString("role")
			address, _ := cmd.Flags().GetString("url")
			workspace, _ := cmd.Flags().GetString("for")
			if !evenkeel.Role(role).Includes(evenkeel.RoleViewer) {
				return fmt.Errorf("--role %q is not one of viewer, operator, approver, admin: %w", role, errUsage)
			}
			s, err := p.openExisting(cmd.Context(), p.logger(cmd, slog.LevelWarn))
			if err != nil {
				return err
			}
			defer s.Close()
			return p.printSignIn(cmd.Context(), s, evenkeel.SignInLink{Role: evenkeel.Role(role), Workspace: workspace}, address)
		},
	}
	cmd.Flags().String("role", "admin", "viewer, operator, approver or admin")
	cmd.Flags().String("for", "", "workspace the link is for (default: all)")
	cmd.Flags().String("url", "http://"+config.DefaultListen, "address of the server")
	return cmd
}

// printSignIn makes a one-time link and prints it.
func (p *Process) printSignIn(ctx context.Context, s *store.Store, link evenkeel.SignInLink, address string) error {
	secret, hash := server.NewSecret()
	link.ExpiresAt = p.Now().Add(signInLifetime)
	if err := s.CreateSignIn(ctx, link, hash); err != nil {
		return err
	}
	fmt.Fprintf(p.Stdout, "Evenkeel %s listens on %s\nSign in once, within an hour:\n\n  %s/signin?token=%s\n\n", p.Version, address, address, secret)
	return nil
}
