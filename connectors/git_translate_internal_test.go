package connectors

import (
	"io"

	"github.com/evenkeel-dev/evenkeel"
)

// GitOutput is what git printed about one repository.
type GitOutput struct {
	Repository string
	// Branch and Tip are the branch of changes and its commit.
	Branch, Tip string
	// FlowTip is the commit of the branch of Deployments "branch:NAME".
	FlowTip string
	// Tags is the list of tags, or nil; see gitTagFormat.
	Tags io.Reader
	// Peeled gives the commits of tags of tags by the id of the inner tag.
	Peeled map[string]string
	// Log is the list of commits; see gitLogFormat.
	Log io.Reader
	// Edges gives the true parents of commits at the edge of a shallow clone.
	Edges map[string][]string
}

// TranslateGit is [Git.Import] of what git printed, so that tests can make up
// what that is.
func TranslateGit(out GitOutput, o GitOptions) ([]evenkeel.Event, GitSummary, error) {
	p, err := o.plan(out.Repository)
	if err != nil {
		return nil, GitSummary{}, err
	}
	t := newGitTranslation(p, out.Branch)
	var tags []gitTag
	if out.Tags != nil && p.pattern != nil {
		if tags, err = t.tags(out.Tags); err != nil {
			return nil, t.summary, err
		}
	}
	if t.history, err = readGitHistory(out.Log, out.Edges, func(int) {}); err != nil {
		return nil, t.summary, err
	}
	if err := t.digest(out.Tip, out.FlowTip, gitPeel(tags, out.Peeled)); err != nil {
		return nil, t.summary, err
	}
	var events []evenkeel.Event
	err = t.events(func(e evenkeel.Event) error {
		events = append(events, e)
		return nil
	})
	return events, t.summary, err
}
