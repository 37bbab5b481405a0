package connectors

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/evenkeel-dev/evenkeel"
)

// The oldest git whose options the client relies on.
const gitOldestMajor, gitOldestMinor = 2, 30

// Most bytes that are kept of git's answers to small questions, and of what it
// says on standard error.
const (
	gitMaxAnswer = 64 << 20
	gitMaxStderr = 8 << 10
)

// Git reads one local repository through the git program. It never writes to
// the repository, never contacts a remote, and runs nothing that the
// repository's own configuration names. It is safe for concurrent use.
type Git struct {
	binary     string
	dir        string // Absolute path of the repository's data (".git").
	trusted    string // The folder named to git as safe to read.
	repository string
	shallow    bool
	partial    bool
}

// OpenGit opens the repository at path: its top folder, a folder inside it, or
// a bare repository. The error tells the fix; it wraps ErrInvalid when path is
// missing, no folder, not a repository or an empty one, or git is older than
// 2.30; ErrNotFound when there is no git program; ErrDenied when git distrusts
// the owner of the folder.
func OpenGit(ctx context.Context, path string) (*Git, error) {
	folder, err := gitFolder(path)
	if err != nil {
		return nil, err
	}
	binary, err := exec.LookPath("git")
	if err != nil {
		return nil, fmt.Errorf("git: no git program in PATH; install git %d.%d or newer: %w", gitOldestMajor, gitOldestMinor, evenkeel.ErrNotFound)
	}
	g := &Git{binary: binary, trusted: folder}
	if err := g.checkVersion(ctx); err != nil {
		return nil, err
	}
	if g.dir, err = g.line(ctx, "-C", folder, "rev-parse", "--absolute-git-dir"); err != nil {
		return nil, err
	}
	top, _ := g.line(ctx, "-C", folder, "rev-parse", "--show-toplevel") // A bare repository has none.
	if err := g.examine(ctx); err != nil {
		return nil, err
	}
	g.repository, err = g.name(ctx, top)
	return g, err
}

// gitFolder is path with symbolic links resolved, if it is a folder.
func gitFolder(path string) (string, error) {
	folder, err := filepath.Abs(path)
	if err == nil {
		folder, err = filepath.EvalSymlinks(folder)
	}
	if err != nil {
		return "", fmt.Errorf("git: folder %s does not exist or cannot be read; give the folder of a git repository: %w", strconv.Quote(path), evenkeel.ErrInvalid)
	}
	info, err := os.Stat(folder)
	if err != nil || !info.IsDir() {
		return "", fmt.Errorf("git: %s is not a folder; give the folder that holds the repository: %w", strconv.Quote(path), evenkeel.ErrInvalid)
	}
	return folder, nil
}

var gitVersion = regexp.MustCompile(`^git version (\d+)\.(\d+)`)

func (g *Git) checkVersion(ctx context.Context) error {
	text, err := g.line(ctx, "version")
	if err != nil {
		return err
	}
	found := gitVersion.FindStringSubmatch(text)
	if found == nil {
		return fmt.Errorf("git: the program answers %q, not its version; is it git?: %w", gitShort(text), evenkeel.ErrInvalid)
	}
	major, _ := strconv.Atoi(found[1])
	minor, _ := strconv.Atoi(found[2])
	if major < gitOldestMajor || major == gitOldestMajor && minor < gitOldestMinor {
		return fmt.Errorf("git: version %d.%d is too old; install %d.%d or newer: %w", major, minor, gitOldestMajor, gitOldestMinor, evenkeel.ErrInvalid)
	}
	return nil
}

// examine learns what sort of clone this is, and refuses one without commits.
func (g *Git) examine(ctx context.Context) error {
	shallow, err := g.line(ctx, "rev-parse", "--is-shallow-repository")
	if err != nil {
		return err
	}
	g.shallow = shallow == "true"
	g.partial = g.setting(ctx, "extensions.partialclone") != ""
	if _, err := g.commit(ctx, "HEAD"); err == nil {
		return nil
	}
	refs, err := g.output(ctx, nil, "for-each-ref", "--count=1", "--format=%(objectname)")
	if err != nil {
		return err
	}
	if len(refs) == 0 {
		return fmt.Errorf("git: the repository has no commits yet; commit, or fetch from its remote first: %w", evenkeel.ErrInvalid)
	}
	return nil
}

// name is the repository's name from its remote, else from its folder.
func (g *Git) name(ctx context.Context, top string) (string, error) {
	if name := GitRepositoryName(g.setting(ctx, "remote.origin.url")); name != "" {
		return name, ctx.Err()
	}
	folder := top
	if folder == "" {
		folder = g.dir
	}
	if filepath.Base(folder) == ".git" {
		folder = filepath.Dir(folder)
	}
	return gitLocalName(filepath.Base(folder)), ctx.Err()
}

// Repository is the name under which the repository's facts are kept:
// host/path of its remote "origin" in lower case, "github.com/acme/checkout",
// else "local/<folder>". It never holds a user name, password or port.
func (g *Git) Repository() string { return g.repository }

// command prepares a call of git that is deaf to the repository's hooks,
// monitors, remotes, replacements and to all configuration outside it.
func (g *Git) command(ctx context.Context, args ...string) *exec.Cmd {
	fixed := []string{
		"--no-pager", "--no-optional-locks", "--no-replace-objects",
		"-c", "core.hooksPath=" + os.DevNull,
		"-c", "core.fsmonitor=false",
		"-c", "core.attributesFile=" + os.DevNull,
		"-c", "protocol.allow=never",
		"-c", "protocol.ext.allow=never",
		"-c", "log.showSignature=false",
		"-c", "safe.directory=" + g.trusted,
	}
	if g.dir != "" {
		fixed = append(fixed, "--git-dir="+g.dir)
	}
	cmd := exec.CommandContext(ctx, g.binary, append(fixed, args...)...)
	cmd.Dir = g.dir
	cmd.Env = gitEnvironment()
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// gitEnvironment is the whole environment of git: what finding and starting
// the program needs, and the switches that keep it quiet, local and the same
// everywhere.
func gitEnvironment() []string {
	env := []string{
		"LC_ALL=C", "LANG=C", "TZ=UTC",
		"GIT_TERMINAL_PROMPT=0",
		"GIT_CONFIG_NOSYSTEM=1",
		"GIT_CONFIG_GLOBAL=" + os.DevNull,
		"GIT_ATTR_NOSYSTEM=1",
		"GIT_GRAFT_FILE=" + os.DevNull,
		"GIT_NO_LAZY_FETCH=1",
		"GIT_ALLOW_PROTOCOL=none",
		"GIT_OPTIONAL_LOCKS=0",
	}
	for _, name := range []string{"PATH", "TMPDIR", "SYSTEMROOT", "LD_LIBRARY_PATH"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// stream runs git and lets read consume what it prints.
func (g *Git) stream(ctx context.Context, stdin io.Reader, read func(io.Reader) error, args ...string) error {
	running, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := g.command(running, args...)
	stderr := &gitStderr{}
	cmd.Stdin, cmd.Stderr = stdin, stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("git: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("git: start: %w", err)
	}
	readErr := read(stdout)
	if readErr != nil {
		cancel() // Nobody reads on; without this git would wait for ever.
	}
	waitErr := cmd.Wait()
	return g.outcome(ctx, args, readErr, waitErr, stderr)
}

// outcome chooses the error that explains a failed run. A parser that met the
// early end of a failed git is not the cause; git's own words are.
func (g *Git) outcome(ctx context.Context, args []string, readErr, waitErr error, stderr *gitStderr) error {
	var exit *exec.ExitError
	switch {
	case readErr == nil && waitErr == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("git %s: %w", gitVerb(args), ctx.Err())
	case errors.As(waitErr, &exit) && exit.ExitCode() > 0:
		return gitFailure(gitVerb(args), stderr.String())
	case readErr != nil:
		return readErr
	}
	return fmt.Errorf("git %s: %w", gitVerb(args), waitErr)
}

// output is what git prints, up to a limit.
func (g *Git) output(ctx context.Context, stdin io.Reader, args ...string) ([]byte, error) {
	var out []byte
	err := g.stream(ctx, stdin, func(r io.Reader) error {
		var err error
		if out, err = io.ReadAll(io.LimitReader(r, gitMaxAnswer+1)); err != nil {
			return fmt.Errorf("git %s: %w", gitVerb(args), err)
		}
		if len(out) > gitMaxAnswer {
			return fmt.Errorf("git %s: more than %d MiB of output: %w", gitVerb(args), gitMaxAnswer>>20, evenkeel.ErrInvalid)
		}
		return nil
	}, args...)
	return out, err
}

// line is an answer without the newline that ends it. Newlines within remain:
// they are part of a path.
func (g *Git) line(ctx context.Context, args ...string) (string, error) {
	out, err := g.output(ctx, nil, args...)
	return strings.TrimSuffix(string(out), "\n"), err
}

// setting is the repository's own value of a configuration key; empty when unset.
func (g *Git) setting(ctx context.Context, key string) string {
	out, err := g.output(ctx, nil, "config", "--null", "--get-all", key)
	if err != nil {
		return ""
	}
	value, _, _ := strings.Cut(string(out), "\x00")
	return value
}

// commit is the full id of the commit that a ref leads to.
func (g *Git) commit(ctx context.Context, ref string) (string, error) {
	sha, err := g.line(ctx, "rev-parse", "--quiet", "--verify", ref+"^{commit}")
	if err != nil {
		return "", err
	}
	if !evenkeel.ValidSHA(sha) {
		return "", fmt.Errorf("git rev-parse: %q is not a commit id: %w", gitShort(sha), evenkeel.ErrInvalid)
	}
	return sha, nil
}

// gitVerb is the command of an argument list, for messages.
func gitVerb(args []string) string {
	for i := 0; i < len(args); i++ {
		if args[i] == "-C" {
			i++
			continue
		}
		if !strings.HasPrefix(args[i], "-") {
			return args[i]
		}
	}
	return "git"
}

// gitStderr keeps the beginning of what git says on standard error.
type gitStderr struct{ kept bytes.Buffer }

// Write implements io.Writer; it never fails.
func (s *gitStderr) Write(p []byte) (int, error) {
	if room := gitMaxStderr - s.kept.Len(); room > 0 {
		s.kept.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

func (s *gitStderr) String() string { return s.kept.String() }

// gitFailure turns git's message into an error that names the fix where one is known.
func gitFailure(verb, stderr string) error {
	said := gitShort(stderr)
	switch {
	case strings.Contains(stderr, "dubious ownership"), strings.Contains(stderr, "unsafe repository"):
		return fmt.Errorf("git: the repository belongs to another user of this machine; give its top folder, or run as its owner: %w", evenkeel.ErrDenied)
	case strings.Contains(stderr, "not a git repository"):
		return fmt.Errorf("git: no repository here; give a folder that holds one, or clone it first: %w", evenkeel.ErrInvalid)
	case strings.Contains(stderr, "bad object"), strings.Contains(stderr, "missing"),
		strings.Contains(stderr, "corrupt"), strings.Contains(stderr, "unable to read"), strings.Contains(stderr, "inflate"):
		return fmt.Errorf("git %s: the repository is damaged or incomplete (%s); run git fsck there, or clone it again: %w", verb, said, evenkeel.ErrInvalid)
	case said == "":
		return fmt.Errorf("git %s: no answer: %w", verb, evenkeel.ErrInvalid)
	}
	return fmt.Errorf("git %s: %s: %w", verb, said, evenkeel.ErrInvalid)
}

var gitCredentials = regexp.MustCompile(`([a-zA-Z][a-zA-Z0-9+.-]*://)[^\s/]*@`)

// gitShort is a text of git that is fit for a message: one line of at most 300
// bytes, without control characters and without the credentials of addresses.
func gitShort(text string) string {
	const most = 300
	text = gitCredentials.ReplaceAllString(gitText(text), "$1")
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

// gitText is text as valid UTF-8 without control characters.
func gitText(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}
