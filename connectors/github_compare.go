package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

const (
	// githubCompares is how many commits one read asks about.
	githubCompares = 20
	// githubCompared is how many commits of one comparison are read.
	githubCompared = 1000
	// githubCompareAgain is when a commit is asked about again that is still not
	// known, and githubCompareWait when one is for the first time: the list of
	// commits may just be about to tell of it.
	githubCompareAgain = 24 * time.Hour
	githubCompareWait  = 10 * time.Minute
	// githubDeployedWithin is how old deployments are whose commits are asked for.
	githubDeployedWithin = 90 * 24 * time.Hour
)

// githubComparing is where asking for commits of deployments stands.
type githubComparing struct {
	// Next is when each commit that is not known is asked for.
	Next map[string]time.Time `json:"next"`
	Done int                  `json:"done,omitzero"`
}

// githubComparison is how a commit stands to the default branch.
type githubComparison struct {
	Base    json.RawMessage   `json:"merge_base_commit"`
	Total   int               `json:"total_commits"`
	Commits []json.RawMessage `json:"commits"`
}

// compare asks for the commits of deployments that nobody has told of, as of a
// release branch: those that the default branch does not have, and where they
// left it.
func (l *githubList) compare(ctx context.Context, text json.RawMessage, take func(context.Context, Page) error) error {
	stands := githubComparing{}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &stands); err != nil {
			return fmt.Errorf("where reading stands cannot be read: %w", err)
		}
	}
	var itself struct {
		ID      int64  `json:"id"`
		HTMLURL string `json:"html_url"`
		Branch  string `json:"default_branch"`
	}
	if err := json.Unmarshal(l.itself, &itself); err != nil || itself.Branch == "" || l.outside.Unknown == nil {
		return err
	}
	now, name := l.outside.Now(), GitRepositoryName(itself.HTMLURL)
	host, within, _ := strings.Cut(name, "/")
	unknown, err := l.outside.Unknown(ctx, host+"/"+l.settings.Names.kept(numberID(itself.ID), within), now.Add(-githubDeployedWithin))
	if err != nil {
		return err
	}
	due := stands.due(unknown, now)
	for _, sha := range due[:min(len(due), githubCompares)] {
		documents, err := l.compared(ctx, itself.Branch, sha)
		if err != nil {
			return err
		}
		stands.Next[sha] = now.Add(githubCompareAgain)
		stands.Done++
		if err := stands.give(ctx, documents, take); err != nil {
			return err
		}
	}
	return stands.give(ctx, nil, take)
}

// due notes what is not known, and gives what is to be asked for now.
func (s *githubComparing) due(unknown []string, now time.Time) (due []string) {
	next := map[string]time.Time{}
	for _, sha := range unknown {
		at, noted := s.Next[sha]
		if !noted {
			at = now.Add(githubCompareWait)
		}
		if next[sha] = at; !at.After(now) {
			due = append(due, sha)
		}
	}
	s.Next = next
	return due
}

func (s *githubComparing) give(ctx context.Context, documents []Document, take func(context.Context, Page) error) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return take(ctx, Page{Documents: documents, Cursor: text, Done: s.Done, Complete: true})
}

// compared reads the commits that lead to one, and that the branch does not
// have, with where they left it. A commit that is gone, because its branch was
// moved by force, leads nowhere.
func (l *githubList) compared(ctx context.Context, branch, sha string) (documents []Document, err error) {
	read := 0
	for page := 1; page != 0; {
		var found githubComparison
		next, err := l.list(ctx, "compare/"+url.PathEscape(branch)+"..."+sha, url.Values{}, page, &found)
		if errors.Is(err, errGithubHidden) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		commits := found.Commits
		if page == 1 && len(found.Base) > 0 && string(found.Base) != "null" {
			commits = append(commits, found.Base)
		}
		for _, commit := range commits {
			d, err := l.document(githubCommitEvent, l.itself, map[string]any{"commit": commit})
			if err != nil {
				return nil, err
			}
			documents = append(documents, d)
		}
		if read += len(found.Commits); read >= githubCompared && next != 0 {
			d, err := l.document(githubGapEvent, l.itself, map[string]any{"gap": githubGap{List: "commits", Of: sha, Total: found.Total, Shown: read}})
			return append(documents, d), err
		}
		if next != 0 && next <= page {
			return nil, errEndless
		}
		page = next
	}
	return documents, nil
}
