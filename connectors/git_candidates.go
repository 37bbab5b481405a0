package connectors

import (
	"cmp"
	"context"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// gitMaxShapes is the most kinds of tags and the most branches that are proposed.
const gitMaxShapes = 10

// GitCandidates is what could count as a deployment in a repository.
type GitCandidates struct {
	// Branch is the branch that changes are merged to; may be empty.
	Branch string
	// Tags are the kinds of tags, the most frequent first, at most ten.
	Tags []GitTagShape
	// Merges counts merges and squashed requests on Branch; States counts all
	// states the branch was in.
	Merges, States int
	// Branches are branches whose name says that they are deployed, sorted,
	// at most ten.
	Branches []string
}

// GitTagShape is one kind of tags: those that differ only in their numbers.
type GitTagShape struct {
	// Shape shows the kind to a reader, "cli/v*".
	Shape string
	// Pattern is the regular expression that matches it.
	Pattern string
	Count   int
	// Latest is the newest tag of the kind, and LatestAt its date (zero when unknown).
	Latest   string
	LatestAt time.Time
}

// Candidates looks for what could count as a deployment, for a user whose
// repository has no release tags of the usual form.
func (g *Git) Candidates(ctx context.Context) (GitCandidates, error) {
	t, err := g.translation(ctx, GitOptions{Deployments: "merges"}, nil)
	if err != nil {
		return GitCandidates{}, err
	}
	found := GitCandidates{Branch: t.trunk.branch, Merges: len(t.ships), States: len(t.changes)}
	shapes := map[string]*GitTagShape{}
	err = g.stream(ctx, nil, func(r io.Reader) error {
		return readGitTags(r, func(tag gitTag) error {
			if usableGitTag(tag) == "" || tag.kind == "tag" {
				addGitShape(shapes, tag)
			}
			return nil
		})
	}, "for-each-ref", gitTagFormat, "refs/tags")
	if err != nil {
		return found, err
	}
	found.Tags = gitShapes(shapes)
	found.Branches, err = g.deployedBranches(ctx)
	return found, err
}

var (
	gitDigits  = regexp.MustCompile(`\d+`)
	gitNumbers = regexp.MustCompile(`\d+(?:\.\d+)*`)
)

func addGitShape(shapes map[string]*GitTagShape, tag gitTag) {
	pattern := "^" + gitDigits.ReplaceAllLiteralString(regexp.QuoteMeta(tag.name), `\d+`) + "$"
	s := shapes[pattern]
	if s == nil {
		s = &GitTagShape{Shape: gitNumbers.ReplaceAllLiteralString(tag.name, "*"), Pattern: pattern}
		shapes[pattern] = s
	}
	s.Count++
	if at := gitInstant(tag.at); s.Latest == "" || at.After(s.LatestAt) || at.Equal(s.LatestAt) && tag.name > s.Latest {
		s.Latest, s.LatestAt = tag.name, at
	}
}

func gitShapes(shapes map[string]*GitTagShape) []GitTagShape {
	var all []GitTagShape
	for _, s := range shapes {
		all = append(all, *s)
	}
	slices.SortFunc(all, func(a, b GitTagShape) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Pattern, b.Pattern))
	})
	return all[:min(len(all), gitMaxShapes)]
}

var gitDeployedBranch = regexp.MustCompile(`(?i)^(?:prod|production|live|release|stable|deploy|deployed)$|^(?:release|releases|deploy|production|prod)[-/]`)

func (g *Git) deployedBranches(ctx context.Context) ([]string, error) {
	out, err := g.output(ctx, nil, "for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes/origin")
	if err != nil {
		return nil, err
	}
	var names []string
	for ref := range strings.SplitSeq(string(out), "\n") {
		name := strings.TrimPrefix(strings.TrimPrefix(ref, "refs/heads/"), "refs/remotes/origin/")
		if gitDeployedBranch.MatchString(name) && checkGitBranch(name) == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	return names[:min(len(names), gitMaxShapes)], nil
}

// Flags are the flags of the import command that would use each candidate,
// with what they would find, quoted for a shell:
//
//	--tag-pattern '^cli/v\d+\.\d+\.\d+$'   30 tags, the latest cli/v1.2.0
func (c GitCandidates) Flags() []string {
	var flags []string
	for _, s := range c.Tags {
		flags = append(flags, "--tag-pattern "+gitShellQuoted(s.Pattern)+"   "+gitCounted(s.Count, "tag")+", the latest "+s.Latest)
	}
	if c.Merges > 0 {
		flags = append(flags, "--deployments merges   "+gitCounted(c.Merges, "merge")+" on "+cmp.Or(c.Branch, "the commit checked out"))
	}
	for _, name := range c.Branches {
		flags = append(flags, "--deployments "+gitShellQuoted("branch:"+name)+"   each state of that branch")
	}
	if c.Branch != "" {
		flags = append(flags, "--deployments "+gitShellQuoted("branch:"+c.Branch)+"   "+gitCounted(c.States, "state")+" of the main branch, one per push or merge")
	}
	return flags
}

func gitCounted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// gitShellQuoted is text as one word of a shell: names of tags and branches
// are chosen by strangers.
func gitShellQuoted(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
