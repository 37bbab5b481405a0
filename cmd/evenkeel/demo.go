package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/config"
	"github.com/evenkeel-dev/evenkeel/demo"
	"github.com/evenkeel-dev/evenkeel/store"
)

const (
	// demoVersion changes when the invented data does.
	demoVersion = "7"
	// demoLifetime is how old invented data may be: its last day should look
	// like yesterday.
	demoLifetime = 24 * time.Hour
	// demoPast is how far back the history of alerts goes.
	demoPast = 14 * 24 * time.Hour
	// demoBatch is how many events are recorded at once.
	demoBatch = 10_000
)

func newDemo(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Serve the dashboard with a year of invented data, on this machine only",
		Long: `Make an invented company with a year of history, and serve it on this machine
only, without sign-in. Real repositories can be imported beside it, into the
workspace "default".`,
		Args: arguments(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error { return p.demo(cmd) },
	}
	cmd.Flags().String("listen", config.DefaultListen, "loopback host:port to listen on")
	cmd.Flags().Uint64("seed", 1, "decides every accident of the invented year")
	cmd.Flags().String("now", "", "last instant of the invented year, RFC 3339 (default: now)")
	cmd.Flags().Float64("scale", 1, "how much the invented company changes")
	return cmd
}

func (p *Process) demo(cmd *cobra.Command) error {
	ctx, logger := cmd.Context(), p.logger(cmd, slog.LevelInfo)
	address, _ := cmd.Flags().GetString("listen")
	if !loopback(address) {
		return fmt.Errorf("--listen %q: the demo signs browsers in without asking, so it listens on localhost only; use 'evenkeel serve' for others: %w", address, errUsage)
	}
	options, fixed, err := p.demoOptions(cmd)
	if err != nil {
		return err
	}
	if fixed {
		clock := options.Now
		p.Now = func() time.Time { return clock }
	}
	filling := &demoClock{now: p.Now}
	dsn, err := p.newDSN()
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, store.Options{DSN: dsn, Logger: logger, Now: filling.Now})
	if err != nil {
		return err
	}
	defer s.Close()
	if err := p.prepareDemo(ctx, s, options, filling); err != nil {
		return err
	}
	if err := ensureWorkspace(ctx, s, config.DefaultWorkspace); err != nil {
		return err
	}
	present := &demoPresent{workspace: s.In(demo.Slug), seed: options.Seed, now: p.Now, logger: logger}
	return p.run(ctx, s, serving{
		beside: present.stay,
		listen: address, bodies: config.DefaultBodies, local: []string{demo.Slug, config.DefaultWorkspace}, logger: logger, secret: p.demoSecret(), silent: true, past: demoPast,
		ready: func(_ context.Context, address string) error { return p.demoBanner(address) },
	})
}

// demoSecret resolves the invented references, too: to a secret that nobody
// knows, unless the environment gives one.
func (p *Process) demoSecret() func(reference string) (string, error) {
	unknown := rand.Text()
	return func(reference string) (string, error) {
		value, err := p.secret(reference)
		if errors.Is(err, evenkeel.ErrNotFound) && strings.HasPrefix(reference, "${env:"+demo.SecretPrefix) {
			return unknown, nil
		}
		return value, err
	}
}

func (p *Process) demoOptions(cmd *cobra.Command) (o demo.Options, fixed bool, err error) {
	o.Now = p.Now()
	if text, _ := cmd.Flags().GetString("now"); text != "" {
		if o.Now, err = time.Parse(time.RFC3339, text); err != nil {
			return o, true, fmt.Errorf("--now %q is not an RFC 3339 time such as 2026-11-22T12:00:00Z: %w", text, errUsage)
		}
		fixed = true
	}
	o.Seed, _ = cmd.Flags().GetUint64("seed")
	o.Scale, _ = cmd.Flags().GetFloat64("scale")
	return o, fixed, nil
}

func loopback(address string) bool {
	host, _, ok := strings.Cut(address, ":")
	return ok && (host == "localhost" || strings.HasPrefix(host, "127.") || strings.HasPrefix(address, "[::1]:"))
}

// prepareDemo makes the demo workspace unless a fresh one of the same seed is
// there. Only its last step writes the mark, so an interrupted start begins
// again.
func (p *Process) prepareDemo(ctx context.Context, s *store.Store, o demo.Options, filling *demoClock) error {
	folder, err := p.dataFolder()
	if err != nil {
		return err
	}
	mark := filepath.Join(folder, "demo.mark")
	if fresh(mark, o) {
		return nil
	}
	world := demo.New(o)
	if err := s.RemoveWorkspace(ctx, world.Slug); err != nil && !errors.Is(err, evenkeel.ErrNotFound) {
		return err
	}
	if err := s.EnsureWorkspace(ctx, evenkeel.WorkspaceInfo{Slug: world.Slug, Name: world.Workspace, Demo: true}); err != nil {
		return err
	}
	if err := p.fillDemo(ctx, s, o, world, filling); err != nil {
		return err
	}
	if err := os.WriteFile(mark, []byte(demoMark(o)), 0o600); err != nil {
		return fmt.Errorf("the data folder cannot be written: %w", err)
	}
	return nil
}

func demoMark(o demo.Options) string {
	return strings.Join([]string{demoVersion, strconv.FormatUint(o.Seed, 10), strconv.FormatFloat(o.Scale, 'g', -1, 64), o.Now.UTC().Format(time.RFC3339)}, "\n")
}

// fresh says whether the demo was made with the same options, less than
// demoLifetime before now.
func fresh(mark string, o demo.Options) bool {
	text, err := os.ReadFile(mark)
	if err != nil {
		return false
	}
	have, want := strings.Split(string(text), "\n"), strings.Split(demoMark(o), "\n")
	if len(have) != len(want) || have[0] != want[0] || have[1] != want[1] || have[2] != want[2] {
		return false
	}
	made, err := time.Parse(time.RFC3339, have[3])
	age := o.Now.Sub(made)
	return err == nil && age >= 0 && age < demoLifetime
}

// demoBanner says where the dashboard is, and the one line that adds a real
// repository.
func (p *Process) demoBanner(address string) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	folder, err := p.dataFolder()
	if err != nil {
		return err
	}
	fmt.Fprintf(p.Stdout, `
Evenkeel %s: the dashboard is at %s

To see your own repository beside the demo, paste this into a second terminal
in its folder (it reads git history only, and sends nothing anywhere):

  EVENKEEL_DATA=%s EVENKEEL_OPEN=%s %s import git .

Ctrl-C stops the server.
`, p.Version, address, shellQuote(folder), shellQuote(address), shellQuote(program))
	return nil
}

// shellQuote makes a word of any text for a POSIX shell.
func shellQuote(text string) string {
	plain := strings.IndexFunc(text, func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-:+@%,", r)
	}) < 0
	if plain && text != "" {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
