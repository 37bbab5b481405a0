package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// mostLooked is how many deployments of a repository are looked at for commits
// that nobody has told of.
const mostLooked = 500

// UnknownCommits are the commits of a repository that were deployed since an
// instant and that no source has told of, those of the last deployments first,
// each once.
func (w *Workspace) UnknownCommits(ctx context.Context, repository string, since time.Time) ([]string, error) {
	row, err := w.row(ctx, w.reader)
	if err != nil {
		return nil, fmt.Errorf("store: unknown commits: %w", err)
	}
	known, unknown := w.known.of(row.Secret, repository), []string{}
	err = w.read(ctx, func(tx *gorm.DB) error {
		rows, err := of[factRow](w, tx).Where("kind = ? AND gone = ? AND at >= ? AND repository = ?", kindDeployment, false, instantOf(since), repository).
			Order("at DESC, id").Limit(mostLooked).Find(ctx)
		if err != nil {
			return err
		}
		if err := w.refreshKnown(ctx, tx, map[string]*knownRepository{repository: known}); err != nil {
			return err
		}
		for _, row := range rows {
			deployed, err := decodeFact[evenkeel.Deployment](row, false)
			if err != nil {
				return err
			}
			for _, sha := range deployedFrom(repository, deployed.Value) {
				if !slices.Contains(unknown, sha) && !known.told(sha) {
					unknown = append(unknown, sha)
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("store: unknown commits of %s: %w", repository, err)
	}
	return unknown, nil
}

// deployedFrom are the commits of a repository that a deployment names.
func deployedFrom(repository string, d evenkeel.Deployment) (commits []string) {
	for _, sha := range []string{d.Commit, d.Commits[repository]} {
		if sha != "" && !slices.Contains(commits, sha) {
			commits = append(commits, strings.ToLower(sha))
		}
	}
	return commits
}

// told says that a source has told of a commit.
func (k *knownRepository) told(text string) bool {
	sha, ok := evenkeel.ParseSHA(text)
	if !ok {
		return true // Nothing can be asked about it.
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	_, known := k.commits[prefixOf(sha[:])]
	return known
}
