package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/evenkeel-dev/evenkeel"
)

// Process is what the program takes from its surroundings, so that tests can
// run it whole.
type Process struct {
	Args    []string
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
	Env     func(string) string
	Now     func() time.Time
	Version string
}

// The exit codes, documented in docs/cli.md.
const (
	exitOK          = 0
	exitInternal    = 1
	exitUsage       = 2
	exitInvalid     = 3
	exitNotFound    = 4
	exitDenied      = 5
	exitConflict    = 6
	exitUnavailable = 7
	exitInterrupted = 130
)

// errUsage marks a wrong command line.
var errUsage = errors.New("usage")

// Main runs one command and returns the exit code.
func Main(ctx context.Context, p Process) int {
	root := newRoot(&p)
	root.SetArgs(p.Args)
	understood := false
	refuseUnknown(root)
	noteRun(root, func() { understood = true })
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	if !understood {
		err = fmt.Errorf("%w: %w", err, errUsage)
	}
	code := exitCode(ctx, err)
	if code != exitInterrupted {
		fmt.Fprintf(p.Stderr, "evenkeel: %s\n", strings.ReplaceAll(strings.TrimSpace(err.Error()), ": usage", ""))
	}
	if code == exitUsage {
		fmt.Fprintln(p.Stderr, "Run 'evenkeel --help', or add --help to the command.")
	}
	return code
}

// refuseUnknown lets commands that only hold others say which name they do not
// know, instead of showing their help as if nothing was wrong.
func refuseUnknown(cmd *cobra.Command) {
	for _, sub := range cmd.Commands() {
		refuseUnknown(sub)
	}
	if !cmd.HasSubCommands() || cmd.Runnable() || !cmd.HasParent() {
		return
	}
	cmd.Args = cobra.ArbitraryArgs
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return cmd.Help()
		}
		return fmt.Errorf("unknown command %q for %q: %w", args[0], cmd.CommandPath(), errUsage)
	}
}

// noteRun calls note before any command runs: what fails earlier is a command
// line that was not understood.
func noteRun(cmd *cobra.Command, note func()) {
	if run := cmd.RunE; run != nil {
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			note()
			return run(cmd, args)
		}
	}
	for _, sub := range cmd.Commands() {
		noteRun(sub, note)
	}
}

func exitCode(ctx context.Context, err error) int {
	switch {
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.Is(err, errUsage):
		return exitUsage
	case errors.Is(err, evenkeel.ErrInvalid):
		return exitInvalid
	case errors.Is(err, evenkeel.ErrNotFound):
		return exitNotFound
	case errors.Is(err, evenkeel.ErrDenied):
		return exitDenied
	case errors.Is(err, evenkeel.ErrConflict):
		return exitConflict
	case isUnavailable(err):
		return exitUnavailable
	}
	return exitInternal
}

func newRoot(p *Process) *cobra.Command {
	root := &cobra.Command{
		Use:   "evenkeel",
		Short: "Delivery performance with the evidence behind every figure",
		Long: `Evenkeel shows whether an organisation delivers software fast and safely.

EVENKEEL_DATA (a folder) or EVENKEEL_DB (sqlite:FILE or postgres://…) names the
local store; without them it is the folder ` + "`.evenkeel`" + ` in the current one.
EVENKEEL_URL and EVENKEEL_TOKEN make the other commands talk to a server.

Exit codes: 0 done, 1 internal error, 2 wrong command line, 3 invalid input,
4 not found, 5 not allowed, 6 conflict, 7 the server does not answer,
130 interrupted.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       p.Version,
	}
	root.SetIn(p.Stdin)
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return fmt.Errorf("%w: %w", err, errUsage) })
	root.PersistentFlags().Bool("verbose", false, "log every request and query")
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(
		newDemo(p), newServe(p), newImport(p), newEvent(p), newChanged(p), newReplay(p), newCatalogue(p), newConnection(p), newErase(p), newIncident(p), newMetrics(p), newBadge(p), newPolicy(p), newSLO(p), newCheck(p), newApply(p), newToken(p), newSignIn(p), newOpenAPI(p),
	)
	return root
}

// arguments checks the number of arguments and says what they are.
func arguments(n int, names string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return fmt.Errorf("%s takes %s, not %d arguments: %w", cmd.CommandPath(), names, len(args), errUsage)
		}
		return nil
	}
}

// logger writes to standard error, readable on a terminal and JSON elsewhere,
// what is at least as important as level.
func (p *Process) logger(cmd *cobra.Command, level slog.Level) *slog.Logger {
	if verbose, _ := cmd.Flags().GetBool("verbose"); verbose {
		level = slog.LevelDebug
	}
	options := &slog.HandlerOptions{Level: level}
	if p.interactive() {
		return slog.New(slog.NewTextHandler(p.Stderr, options))
	}
	return slog.New(slog.NewJSONHandler(p.Stderr, options))
}

// interactive says whether standard error is a terminal.
func (p *Process) interactive() bool {
	file, ok := p.Stderr.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// dsn names the local store.
func (p *Process) dsn() (string, error) {
	if db := p.Env("EVENKEEL_DB"); db != "" {
		return db, nil
	}
	folder, err := p.dataPath()
	if err != nil {
		return "", err
	}
	return "sqlite:" + filepath.Join(folder, "evenkeel.db"), nil
}

// newDSN names the local store for one who may make it, and makes its folder.
func (p *Process) newDSN() (string, error) {
	if p.Env("EVENKEEL_DB") == "" {
		if _, err := p.dataFolder(); err != nil {
			return "", err
		}
	}
	return p.dsn()
}

func (p *Process) dataPath() (string, error) {
	folder, err := filepath.Abs(cmp.Or(p.Env("EVENKEEL_DATA"), ".evenkeel"))
	if err != nil {
		return "", fmt.Errorf("data folder: %w", err)
	}
	return folder, nil
}

// dataFolder is where this machine keeps its data; it is made if it is not there.
func (p *Process) dataFolder() (string, error) {
	folder, err := p.dataPath()
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return "", fmt.Errorf("the data folder cannot be made; name another with EVENKEEL_DATA: %w", err)
	}
	return folder, nil
}
