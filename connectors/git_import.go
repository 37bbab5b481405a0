package connectors

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/evenkeel-dev/evenkeel"
)

// GitTagPattern is the pattern of tags that are deployments where
// [GitOptions] names none: three numbers, so that pre-releases are left out.
const GitTagPattern = `^v?\d+\.\d+\.\d+$`

// gitChunk is how many events are handed over at a time.
const gitChunk = 1000

// GitOptions say what of a repository counts as what. The zero value reads
// release tags as deployments to production.
type GitOptions struct {
	// Application is the slug that every deployment names; empty leaves the
	// membership to the catalogue's claim on the repository.
	Application string
	// Repository overrides the name of the repository; it is made lower case.
	Repository string
	// Branch is the branch that changes are merged to; empty is the remote's
	// default branch, else the one checked out.
	Branch string
	// Environment is where deployments go; empty is "production".
	Environment string
	// Deployments says what is a deployment: "tags" (also when empty): tags
	// that match TagPattern; "merges": each merge or squashed request on the
	// branch; "branch:NAME": each state of another branch.
	Deployments string
	// TagPattern is a regular expression on the names of tags; empty is
	// [GitTagPattern].
	TagPattern string
	// PlainPatches says that a release that raises only the last number is
	// not a fix.
	PlainPatches bool
	// Since leaves out what was deployed before, but for the last deployment,
	// which later ones are compared with. Zero is everything.
	Since time.Time
}

// gitPlan is options that were checked.
type gitPlan struct {
	GitOptions
	source  string
	origin  string         // The repository's name by its remote.
	pattern *regexp.Regexp // Of tags; nil when tags are no deployments.
	flow    string         // The branch whose states are deployments, else empty.
}

// plan checks options and fills in defaults. The error names the option.
func (o GitOptions) plan(repository string) (gitPlan, error) {
	p := gitPlan{GitOptions: o, origin: repository}
	p.Repository = strings.ToLower(cmp.Or(o.Repository, repository))
	p.Environment = cmp.Or(o.Environment, "production")
	p.source = "git:" + p.Repository
	if o.Application != "" && !evenkeel.ValidSlug(o.Application) {
		return p, fmt.Errorf("git: application %q is not a slug; use a-z, 0-9, '.', '_' and '-': %w", gitShort(o.Application), evenkeel.ErrInvalid)
	}
	if o.Branch != "" {
		if err := checkGitBranch(o.Branch); err != nil {
			return p, err
		}
	}
	name, isBranch := strings.CutPrefix(o.Deployments, "branch:")
	switch {
	case isBranch:
		p.flow = name
		return p, checkGitBranch(name)
	case o.Deployments == "merges":
		return p, nil
	case o.Deployments != "" && o.Deployments != "tags":
		return p, fmt.Errorf("git: deployments %q is unknown; use tags, merges or branch:NAME: %w", gitShort(o.Deployments), evenkeel.ErrInvalid)
	}
	var err error
	if p.pattern, err = regexp.Compile(cmp.Or(o.TagPattern, GitTagPattern)); err != nil {
		return p, fmt.Errorf("git: tag pattern %q is not a regular expression (%w); an example is %s: %w", gitShort(o.TagPattern), err, GitTagPattern, evenkeel.ErrInvalid)
	}
	return p, nil
}

// merges says that each merge on the branch is a deployment.
func (p *gitPlan) merges() bool { return p.Deployments == "merges" }

// checkGitBranch refuses what cannot be a branch, above all what git would
// take for an option or an expression.
func checkGitBranch(name string) error {
	bad := name == "" || strings.HasPrefix(name, "-") || strings.ContainsAny(name, " ~^:?*[\\") ||
		strings.Contains(name, "..") || strings.Contains(name, "@{") || strings.Contains(name, "//") ||
		strings.HasPrefix(name, "/") || strings.HasSuffix(name, "/") || gitText(name) != name
	if bad {
		return fmt.Errorf("git: %q cannot be the name of a branch: %w", gitShort(name), evenkeel.ErrInvalid)
	}
	return nil
}

// GitSummary says what an import found.
type GitSummary struct {
	Repository string
	// Branch is the branch that changes were read from; empty when the clone
	// has only a commit checked out.
	Branch string
	// Shallow says that older history is missing from the clone.
	Shallow     bool
	Commits     int
	Changes     int
	Deployments int
	// Patches counts deployments that are marked as fixes because only the
	// last number of their version is raised.
	Patches int
	// First and Last are the instants of the first and last deployment; zero
	// without deployments.
	First, Last time.Time
	// Skipped lists what was left out or is incomplete, by reason.
	Skipped []GitSkip
}

// GitSkip is one reason for leaving something out.
type GitSkip struct {
	Reason string
	Count  int
	// Examples are at most five tags or commit ids.
	Examples []string
}

func (s *GitSummary) skip(reason, example string) {
	at := slices.IndexFunc(s.Skipped, func(k GitSkip) bool { return k.Reason == reason })
	if at < 0 {
		at = len(s.Skipped)
		s.Skipped = append(s.Skipped, GitSkip{Reason: reason})
	}
	k := &s.Skipped[at]
	if k.Count++; len(k.Examples) < 5 {
		k.Examples = append(k.Examples, gitShort(example))
	}
}

// Import hands all facts of the repository to emit, in chunks. Importing again
// gives equal events; new commits and tags only add to them. progress, which
// may be nil, is told how many commits were read (total 0 while that is not
// known), then how many events were handed over. An error of emit or of the
// context ends the import and is returned.
func (g *Git) Import(ctx context.Context, o GitOptions, emit func([]evenkeel.Event) error, progress func(done, total int)) (GitSummary, error) {
	t, err := g.translation(ctx, o, progress)
	if err != nil {
		return GitSummary{Repository: g.repository, Shallow: g.shallow}, err
	}
	total := t.total()
	chunk := make([]evenkeel.Event, 0, gitChunk)
	done := 0
	flush := func() error {
		if len(chunk) == 0 {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("git: %w", ctx.Err())
		}
		if err := emit(chunk); err != nil {
			return err
		}
		done += len(chunk)
		chunk = make([]evenkeel.Event, 0, gitChunk)
		if progress != nil {
			progress(min(done, total), total)
		}
		return nil
	}
	err = t.events(func(e evenkeel.Event) error {
		if chunk = append(chunk, e); len(chunk) < gitChunk {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	return t.summary, err
}

// translation asks git for everything that options need.
func (g *Git) translation(ctx context.Context, o GitOptions, progress func(done, total int)) (*gitTranslation, error) {
	p, err := o.plan(g.repository)
	if err != nil {
		return nil, err
	}
	branch, tip, err := g.branch(ctx, p.Branch)
	if err != nil {
		return nil, err
	}
	t := newGitTranslation(p, branch)
	t.summary.Shallow = g.shallow
	var flowTip string
	if p.flow != "" {
		if flowTip, err = g.resolve(ctx, p.flow); err != nil {
			return nil, err
		}
	}
	var tags []gitTag
	if p.pattern != nil {
		if tags, err = g.tags(ctx, t); err != nil {
			return nil, err
		}
	}
	if err := g.read(ctx, t, tip, flowTip, tags, progress); err != nil {
		return nil, err
	}
	return t, t.digest(tip, flowTip, tags)
}

// tags lists the tags that are deployments.
func (g *Git) tags(ctx context.Context, t *gitTranslation) (tags []gitTag, err error) {
	err = g.stream(ctx, nil, func(r io.Reader) error {
		tags, err = t.tags(r)
		return err
	}, "for-each-ref", gitTagFormat, "refs/tags")
	if err != nil {
		return nil, err
	}
	peeled, err := g.peel(ctx, tags)
	return gitPeel(tags, peeled), err
}

// peel finds the commits of tags of tags.
func (g *Git) peel(ctx context.Context, tags []gitTag) (map[string]string, error) {
	var ask strings.Builder
	var asked []string
	for _, tag := range tags {
		if tag.kind == "tag" && evenkeel.ValidSHA(tag.target) {
			ask.WriteString(tag.target + "^{}\n")
			asked = append(asked, tag.target)
		}
	}
	if asked == nil {
		return nil, nil //nolint:nilnil // No question, no answer.
	}
	out, err := g.output(ctx, strings.NewReader(ask.String()), "cat-file", "--batch-check=%(objectname) %(objecttype)")
	if err != nil {
		return nil, err
	}
	peeled := map[string]string{}
	for i, line := range strings.Split(strings.TrimSuffix(string(out), "\n"), "\n") {
		if sha, ok := strings.CutSuffix(line, " commit"); ok && i < len(asked) {
			peeled[asked[i]] = sha
		}
	}
	return peeled, nil
}

// gitPeel replaces tags of tags by tags of what they lead to.
func gitPeel(tags []gitTag, peeled map[string]string) []gitTag {
	for i, tag := range tags {
		if sha := peeled[tag.target]; tag.kind == "tag" && sha != "" {
			tags[i].kind, tags[i].target = "commit", sha
		}
	}
	return tags
}

// read runs git once over all commits that the branch and the tags reach.
func (g *Git) read(ctx context.Context, t *gitTranslation, tip, flowTip string, tags []gitTag, progress func(done, total int)) error {
	edges, err := g.edges(ctx)
	if err != nil {
		return err
	}
	var from strings.Builder
	from.WriteString(tip + "\n")
	if flowTip != "" {
		from.WriteString(flowTip + "\n")
	}
	for _, tag := range tags {
		if tag.kind == "commit" && evenkeel.ValidSHA(tag.target) {
			from.WriteString(tag.target + "\n")
		}
	}
	return g.stream(ctx, strings.NewReader(from.String()), func(r io.Reader) error {
		t.history, err = readGitHistory(r, edges, func(done int) {
			if progress != nil {
				progress(done, 0)
			}
		})
		return err
	}, "rev-list", "--stdin", "--topo-order", "--encoding=UTF-8", gitLogFormat)
}

// edges reads the true parents of the commits at which a shallow clone ends.
func (g *Git) edges(ctx context.Context) (map[string][]string, error) {
	if !g.shallow {
		return nil, nil //nolint:nilnil // A full clone has no edge.
	}
	list, err := g.output(ctx, nil, "rev-list", "--all", "HEAD", "--max-parents=0")
	if err != nil {
		return nil, err
	}
	raw, err := g.output(ctx, strings.NewReader(string(list)), "cat-file", "--batch")
	if err != nil {
		return nil, err
	}
	return readGitEdges(string(raw)), nil
}

// readGitEdges reads what git cat-file --batch printed of commits.
func readGitEdges(raw string) map[string][]string {
	edges := map[string][]string{}
	for raw != "" {
		head, rest, _ := strings.Cut(raw, "\n")
		words := strings.Fields(head)
		if len(words) != 3 {
			raw = rest
			continue
		}
		size, err := strconv.Atoi(words[2])
		if err != nil || size < 0 || size > len(rest) {
			break
		}
		header, _, _ := strings.Cut(rest[:size], "\n\n")
		for line := range strings.SplitSeq(header, "\n") {
			if parent, ok := strings.CutPrefix(line, "parent "); ok {
				edges[words[0]] = append(edges[words[0]], parent)
			}
		}
		raw = strings.TrimPrefix(rest[size:], "\n")
	}
	return edges
}

// branch is the branch that changes are merged to, and its commit. The name is
// empty when only a commit is checked out and no usual branch exists.
func (g *Git) branch(ctx context.Context, wanted string) (name, tip string, err error) {
	if wanted != "" {
		tip, err = g.resolve(ctx, wanted)
		return wanted, tip, err
	}
	var names []string
	for _, ref := range []struct{ symbol, folder string }{{"refs/remotes/origin/HEAD", "refs/remotes/origin/"}, {"HEAD", "refs/heads/"}} {
		if target, err := g.line(ctx, "symbolic-ref", "--quiet", ref.symbol); err == nil {
			if name, ok := strings.CutPrefix(target, ref.folder); ok {
				names = append(names, name)
			}
		}
	}
	for _, name := range append(names, "main", "master", "trunk") {
		if checkGitBranch(name) != nil {
			continue
		}
		if tip, err := g.resolve(ctx, name); err == nil {
			return name, tip, nil
		}
		if ctx.Err() != nil {
			return "", "", fmt.Errorf("git: %w", ctx.Err())
		}
	}
	if tip, err = g.commit(ctx, "HEAD"); err != nil {
		return "", "", fmt.Errorf("git: nothing is checked out and there is no branch main, master or trunk; name the branch: %w", evenkeel.ErrInvalid)
	}
	return "", tip, nil
}

// resolve is the commit of a branch: of the local copy or of the remote's,
// whichever is ahead; of the remote's where both went on.
func (g *Git) resolve(ctx context.Context, name string) (string, error) {
	local, errLocal := g.commit(ctx, "refs/heads/"+name)
	remote, errRemote := g.commit(ctx, "refs/remotes/origin/"+name)
	switch {
	case ctx.Err() != nil:
		return "", fmt.Errorf("git: %w", ctx.Err())
	case errLocal != nil && errRemote != nil:
		return "", fmt.Errorf("git: there is no branch %q; git branch --all lists them: %w", gitShort(name), evenkeel.ErrInvalid)
	case errRemote != nil:
		return local, nil //nolint:nilerr // No copy of the remote's branch is no error.
	case errLocal != nil || local == remote:
		return remote, nil //nolint:nilerr // No local copy of the branch is no error.
	}
	if _, err := g.output(ctx, nil, "merge-base", "--is-ancestor", remote, local); err == nil {
		return local, nil
	}
	return remote, nil
}

// usableGitTag says why a tag cannot be a deployment; empty when it can.
func usableGitTag(tag gitTag) string {
	switch {
	case !utf8.ValidString(tag.name) || gitText(tag.name) != tag.name:
		return "tag: its name is not valid UTF-8"
	case len(tag.name) > evenkeel.MaxText-256:
		return "tag: its name is too long"
	case tag.kind != "commit" || !evenkeel.ValidSHA(tag.target):
		return "tag: it leads to no commit"
	case tag.at == 0:
		return "tag: its date is missing or outside the years 1970 to 2261"
	}
	return ""
}
