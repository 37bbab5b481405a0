package connectors

import (
	"slices"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

// githubMaxFiles is the number of files from which on GitHub cuts the lists of
// a commit.
const githubMaxFiles = 3000

// githubCommit is a commit as a push tells it.
type githubCommit struct {
	ID        string   `json:"id"`
	Timestamp string   `json:"timestamp"`
	Message   string   `json:"message"`
	Added     []string `json:"added"`
	Modified  []string `json:"modified"`
	Removed   []string `json:"removed"`
}

// push reads the event of a push. GitHub lists new commits without their
// parents, so only a push of exactly one can be read: whatever the commit's
// parents are, the branch before was one of them, and all others were
// reachable from it, else they would be listed as new too. With that parent
// alone the commit reaches precisely what it really does, also if it is a merge.
func (d *githubDelivery) push() ([]evenkeel.Event, error) {
	var ref, before, after string
	var created, deleted, forced bool
	var commits []githubCommit
	for name, v := range map[string]any{
		"ref": &ref, "before": &before, "after": &after, "commits": &commits,
		"created": &created, "deleted": &deleted, "forced": &forced,
	} {
		d.into(name, v)
	}
	before, after = d.sha("before", before), d.sha("after", after)
	const elsewhere = "; GitHub does not tell the parents of commits, so import the repository with git, or send its commits to the API"
	switch {
	case !strings.HasPrefix(ref, "refs/heads/"):
		return nil, ignored("a push of a tag or of another ref that is no branch")
	case deleted || githubZero(after):
		return nil, ignored("a branch was deleted")
	case created || githubZero(before):
		return nil, ignored("a branch was created" + elsewhere)
	case forced:
		return nil, ignored("a branch was moved by force" + elsewhere)
	case len(commits) != 1:
		return nil, ignored("a push of %d commits"+elsewhere, len(commits))
	case !strings.EqualFold(commits[0].ID, after):
		return nil, ignored("a push whose one commit is not the new tip" + elsewhere)
	}
	at := d.instant("commits[0].timestamp", commits[0].Timestamp)
	return []evenkeel.Event{d.event(after, at, &evenkeel.Commit{
		Repository: d.repository, SHA: after, Parents: []string{before}, CommittedAt: at, Paths: commits[0].paths(),
		Trailers: readGitNote(commits[0].Message).trailers(),
	})}, nil
}

// githubZero is the id that stands for no commit.
func githubZero(sha string) bool { return strings.Trim(sha, "0") == "" }

// paths lists all touched files; nil, which is unknown, when the list may be
// cut or holds a name that cannot be kept: part of a list would lay the commit
// to the wrong applications.
func (c githubCommit) paths() []string {
	all := slices.Concat(c.Added, c.Modified, c.Removed)
	cannot := func(name string) bool {
		return name == "" || len(name) > evenkeel.MaxText || strings.Contains(name, "\x00")
	}
	if len(all) == 0 || len(all) >= githubMaxFiles || slices.ContainsFunc(all, cannot) {
		return nil
	}
	slices.Sort(all)
	return slices.Compact(all)
}
