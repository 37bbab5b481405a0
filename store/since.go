package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	// mostSince is how many changed facts of the workspace are looked through
	// for those of one application; after more, reading it whole is as cheap.
	mostSince = 4000
	// mostTouching is how many revisions are looked through for its own.
	mostTouching = 1000
)

// FactsSince tells what became known of an application, given by its id, after
// a revision at which all its facts were read. packs are those of the reading:
// they name the repositories whose commits are wanted.
func (w *Workspace) FactsSince(ctx context.Context, application string, after int64, packs map[string]int64) (evenkeel.FactsDelta, error) {
	var delta evenkeel.FactsDelta
	err := w.read(ctx, func(tx *gorm.DB) error {
		row, err := w.row(ctx, tx)
		if err != nil {
			return err
		}
		s := &since{w: w, ctx: ctx, tx: tx, application: application, after: after, packs: packs, told: map[int64]bool{}}
		if s.catalogue, err = w.resolver(ctx, tx, row); err != nil {
			return err
		}
		s.delta.Revision = row.Revision
		if err = s.run(); errors.Is(err, errWhole) {
			s.delta, err = evenkeel.FactsDelta{Revision: row.Revision, Whole: true}, nil
		}
		delta = s.delta
		return err
	})
	if err != nil {
		return delta, fmt.Errorf("store: facts of %s since %d: %w", application, after, err)
	}
	return delta, nil
}

// errWhole says that a difference cannot be told.
var errWhole = errors.New("read it whole")

// since gathers a difference in one reading transaction.
type since struct {
	w           *Workspace
	ctx         context.Context //nolint:containedctx // That of the transaction.
	tx          *gorm.DB
	application string
	after       int64
	packs       map[string]int64
	catalogue   *resolver
	// wanted are the ids of the application's rows.
	wanted []string
	// names are what other facts call the deployments that changed; said are
	// the ids of facts that a person's word on causes may be about.
	names, said []string
	// told are the revisions that told the application of commits.
	told  map[int64]bool
	delta evenkeel.FactsDelta
}

func (s *since) run() error {
	for _, step := range []func() error{s.checkRevisions, s.sort, s.sortGone, s.checkNamed, s.checkSaid, s.readWanted, s.readArtifacts, s.readNodes} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// checkRevisions looks whether anything but facts and commits touched the
// application: an edit of the catalogue, or what people said.
func (s *since) checkRevisions() error {
	rows, err := of[revisionRow](s.w, s.tx).Where("length(applications) > 2 AND seq > ?", s.after).Limit(mostTouching + 1).Find(s.ctx)
	if err != nil {
		return err
	}
	if len(rows) > mostTouching {
		return errWhole
	}
	for _, row := range rows {
		revision, err := row.revision()
		if err != nil {
			return err
		}
		if !slices.Contains(revision.Applications, s.application) {
			continue
		}
		if !plain(revision.Kinds) {
			return errWhole
		}
		if slices.Contains(revision.Kinds, evenkeel.KindCommit) {
			s.told[row.Seq] = true
		}
	}
	return nil
}

// plain says whether a revision is told by its facts and commits alone.
func plain(kinds []evenkeel.Kind) bool {
	return len(kinds) > 0 && !slices.ContainsFunc(kinds, func(k evenkeel.Kind) bool { return kindOf(k) == 0 })
}

// sort finds which of the changed rows are the application's.
func (s *since) sort() error {
	rows, err := s.changed(false)
	if err != nil {
		return err
	}
	for _, row := range rows {
		s.note(row)
		ours := s.owns(row)
		switch {
		case row.Kind == kindIncident && row.Link != "":
			return errWhole // What it names decides whose it is.
		case row.Kind == kindBuild && !row.Kind.beside() && s.deploysFrom(row.Repository):
			s.wanted = append(s.wanted, row.ID)
		case row.Kind == kindArtifact, ours && (row.Kind == kindDeployment || row.Kind == kindChange || row.Kind == kindIncident):
			s.wanted = append(s.wanted, row.ID)
		case row.Kind == kindDeployment || row.Kind == kindChange || row.Kind == kindIncident:
			s.delta.Away = append(s.delta.Away, row.ID)
		}
	}
	return nil
}

// note keeps what other facts may name of a changed one.
func (s *since) note(row factRow) {
	switch row.Kind {
	case kindDeployment:
		s.names, s.said = append(s.names, row.names()...), append(s.said, row.ID)
	case kindIncident:
		s.said = append(s.said, row.ID)
	}
}

// changed reads the changed rows of the workspace, without bodies.
func (s *since) changed(gone bool) ([]factRow, error) {
	condition := "gone = false AND seq > ?" // Literals, so that the partial indexes are used.
	if gone {
		condition = "gone = true AND seq > ?"
	}
	rows, err := of[factRow](s.w, s.tx).Select("id", "kind", "subject", "source", "external_id", "repository", "link").
		Where(condition, s.after).Limit(mostSince + 1).Find(s.ctx)
	if err == nil && len(rows) > mostSince {
		err = errWhole
	}
	return rows, err
}

// owns says whether a fact belongs to the application, or is a change that
// nobody claims in a repository it deploys from.
func (s *since) owns(row factRow) bool {
	matches := s.catalogue.resolve(evenkeel.ParseSubject(row.Subject))
	if len(matches) == 0 && row.Kind == kindChange {
		return s.deploysFrom(row.Repository)
	}
	return slices.ContainsFunc(matches, func(m evenkeel.Match) bool { return m.Application == s.application })
}

func (s *since) deploysFrom(repository string) bool {
	_, deployed := s.packs[repository]
	return deployed
}

// sortGone notes the facts that are no longer shown.
func (s *since) sortGone() error {
	rows, err := s.changed(true)
	for _, row := range rows {
		s.note(row)
		s.delta.Away = append(s.delta.Away, row.ID)
	}
	return err
}

// checkNamed looks whether an incident of old names a deployment that came or
// changed since: the incident may then be another's.
func (s *since) checkNamed() error {
	return eachChunk(s.names, func(some []string) error {
		found, err := of[factRow](s.w, s.tx).Select("id").Where("kind = ? AND link <> '' AND link IN ?", kindIncident, some).Limit(1).Find(s.ctx)
		return wholeIf(err, len(found))
	})
}

// checkSaid looks whether a person has said anything of incidents since, or of
// those that changed, or named deployments that changed.
func (s *since) checkSaid() error {
	words, err := of[incidentLinkRow](s.w, s.tx).Select("incident").Where("seq > ?", s.after).Limit(1).Find(s.ctx)
	if err = wholeIf(err, len(words)); err != nil {
		return err
	}
	return eachChunk(s.said, func(some []string) error {
		words, err := of[incidentLinkRow](s.w, s.tx).Select("incident").Where("incident IN ?", some).Limit(1).Find(s.ctx)
		if err = wholeIf(err, len(words)); err != nil {
			return err
		}
		named, err := of[linkedDeploymentRow](s.w, s.tx).Select("incident").Where("deployment IN ?", some).Limit(1).Find(s.ctx)
		return wholeIf(err, len(named))
	})
}

func wholeIf(err error, found int) error {
	if err == nil && found > 0 {
		return errWhole
	}
	return err
}

// readWanted reads the bodies of the application's facts.
func (s *since) readWanted() error {
	r := &reading{w: s.w, ctx: s.ctx, tx: s.tx, texts: map[string]string{}}
	byKind := map[kind][]factRow{}
	err := eachChunk(s.wanted, func(some []string) error {
		rows, err := r.collect(r.rows().Where("id IN ?", some))
		for _, row := range rows {
			byKind[row.Kind] = append(byKind[row.Kind], row)
		}
		return err
	})
	if err != nil {
		return err
	}
	if s.delta.Deployments, err = decodeFacts[evenkeel.Deployment](s.ctx, s.w, s.tx, byKind[kindDeployment]); err != nil {
		return err
	}
	if s.delta.Changes, err = decodeFacts[evenkeel.Change](s.ctx, s.w, s.tx, byKind[kindChange]); err != nil {
		return err
	}
	if s.delta.Incidents, err = decodeFacts[evenkeel.Incident](s.ctx, s.w, s.tx, byKind[kindIncident]); err != nil {
		return err
	}
	if s.delta.Builds, err = decodeFacts[evenkeel.Build](s.ctx, s.w, s.tx, byKind[kindBuild]); err != nil {
		return err
	}
	s.delta.Artifacts, err = decodeFacts[evenkeel.Artifact](s.ctx, s.w, s.tx, byKind[kindArtifact])
	return err
}

// readArtifacts adds what the deployments' artifacts were built from, however
// long it is known.
func (s *since) readArtifacts() error {
	r := &reading{w: s.w, ctx: s.ctx, tx: s.tx, texts: map[string]string{}}
	held := map[string]bool{}
	for _, a := range s.delta.Artifacts {
		held[a.ID] = true
	}
	r.facts.Deployments = s.delta.Deployments
	if err := r.readArtifacts(); err != nil {
		return err
	}
	for _, a := range r.facts.Artifacts {
		if !held[a.ID] {
			s.delta.Artifacts = append(s.delta.Artifacts, a)
		}
	}
	return nil
}

// packs numbers the last segments of repositories.
func (w *Workspace) packs(ctx context.Context, tx *gorm.DB, repositories []string) (map[string]int64, error) {
	last := make(map[string]int64, len(repositories))
	for _, repository := range repositories {
		last[repository] = 0
	}
	err := eachChunk(repositories, func(some []string) error {
		rows, err := of[commitSegmentRow](w, tx).Select("repository, max(n) AS n").Where("repository IN ?", some).Group("repository").Find(ctx)
		for _, row := range rows {
			last[row.Repository] = row.N
		}
		return err
	})
	return last, err
}

// readNodes reads the segments of commits that were added. Where a revision
// tells of commits and added no segment here, it changed one.
func (s *since) readNodes() error {
	s.delta.Nodes, s.delta.Packs = map[string][]evenkeel.Node{}, map[string]int64{}
	for _, repository := range slices.Sorted(maps.Keys(s.packs)) {
		last := s.packs[repository]
		rows, err := of[commitSegmentRow](s.w, s.tx).Select("n", "seq", "shas", "body").Where("repository = ? AND n > ?", repository, last).Order("n").Find(s.ctx)
		if err != nil {
			return err
		}
		for _, row := range rows {
			commits, err := unpackCommits(row.Shas, row.Body)
			if err != nil {
				return fmt.Errorf("repository %s, segment %d: %w", repository, row.N, err)
			}
			for _, c := range commits {
				if c.Deleted {
					return errWhole
				}
				s.delta.Nodes[repository] = append(s.delta.Nodes[repository], c.Node)
			}
			last = row.N
			delete(s.told, row.Seq)
		}
		s.delta.Packs[repository] = last
	}
	if len(s.told) > 0 {
		return errWhole // Commits of old were told of: a person was erased.
	}
	return nil
}
