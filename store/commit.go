package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// commitSegmentRow is some commits of a repository; rows are only added.
type commitSegmentRow struct {
	Workspace  string `gorm:"primaryKey"`
	Repository string `gorm:"primaryKey"`
	// N numbers the segments of a repository from 1.
	N   int64 `gorm:"primaryKey;autoIncrement:false"`
	Seq int64
	// Commits is how many statements the segment holds, and Fresh how many of
	// them are the first on their commit.
	Commits int64
	Fresh   int64
	// FirstAt and LastAt span the commit times.
	FirstAt instant
	LastAt  instant
	Shas    []byte
	Digests []byte
	Body    []byte
}

func (commitSegmentRow) TableName() string { return "commit_segments" }

// newSegment is a segment that a transaction adds.
type newSegment struct {
	row        commitSegmentRow
	repository *knownRepository
	commits    []knownCommit
}

// packCommits makes a segment per repository of the commits that are new.
func (r *recording) packCommits(byRepository map[string][]describedCommit) error {
	names := slices.Sorted(maps.Keys(byRepository))
	known := map[string]*knownRepository{}
	for _, repository := range names {
		known[repository] = r.w.known.of(r.workspace.Secret, repository)
	}
	if err := r.w.refreshKnown(r.ctx, r.tx, known); err != nil {
		return err
	}
	for _, repository := range names {
		r.packRepository(repository, known[repository], byRepository[repository])
	}
	return nil
}

func (r *recording) packRepository(repository string, known *knownRepository, told []describedCommit) {
	row := commitSegmentRow{Workspace: r.w.slug, Repository: repository}
	var commits []describedCommit
	row.N, commits = known.fresh(told, &row)
	r.done.Repeated += len(told) - len(commits)
	r.done.Observations += len(commits)
	r.done.Facts += len(commits)
	if len(commits) == 0 {
		return
	}
	packed := packCommits(commits)
	row.Shas, row.Digests, row.Body = packed.shas, packed.digests, packed.body
	s := newSegment{row: row, repository: known, commits: make([]knownCommit, len(commits))}
	for i, c := range commits {
		s.commits[i] = knownCommit{prefixOf(c.SHA[:]), c.Digest}
	}
	r.segments = append(r.segments, s)
}

func (r *recording) keepSegments(seq int64) error {
	rows := make([]commitSegmentRow, len(r.segments))
	for i, s := range r.segments {
		rows[i] = s.row
		rows[i].Seq = seq
	}
	return insert(r.tx, rows)
}

// describeCommit makes a statement on a commit ready to be packed.
func describeCommit(c *evenkeel.Commit, e evenkeel.Event) (describedCommit, error) {
	d := describedCommit{Deleted: e.Deleted}
	d.Authored, d.Committed, d.ObservedAt = c.AuthoredAt, c.CommittedAt, whole(e.ObservedAt)
	d.Digest = d.digest(c)
	d.Paths, d.PatchID, d.Trailers = c.Paths, c.PatchID, c.Trailers
	var ok bool
	if d.SHA, ok = evenkeel.ParseSHA(c.SHA); !ok {
		return d, fmt.Errorf("%w: sha: %q is not a full commit id", evenkeel.ErrInvalid, c.SHA)
	}
	if len(c.Parents) == 0 {
		return d, nil
	}
	d.Parents = make([]evenkeel.SHA, len(c.Parents))
	for i, parent := range c.Parents {
		if d.Parents[i], ok = evenkeel.ParseSHA(parent); !ok {
			return d, fmt.Errorf("%w: parents[%d]: %q is not a full commit id", evenkeel.ErrInvalid, i, parent)
		}
	}
	return d, nil
}

// digest is the same for the same statement on a commit, whoever makes it: a
// segment does not keep its sources.
func (d describedCommit) digest(c *evenkeel.Commit) uint64 {
	b := make([]byte, 0, 256)
	for _, at := range []time.Time{d.ObservedAt, d.Authored, d.Committed} {
		b = binary.BigEndian.AppendUint64(b, uint64(instantOf(at)))
	}
	b = strconv.AppendBool(b, d.Deleted)
	b = appendText(b, c.SHA)
	b = appendText(b, c.PatchID)
	b = appendList(b, c.Parents, true)
	b = appendList(b, c.Paths, c.Paths != nil)
	keys := slices.Sorted(maps.Keys(c.Trailers))
	b = appendList(b, keys, c.Trailers != nil)
	for _, key := range keys {
		b = appendList(b, c.Trailers[key], true)
	}
	sum := sha256.Sum256(b)
	return binary.BigEndian.Uint64(sum[:])
}

func appendList(b []byte, list []string, known bool) []byte {
	n := -1
	if known {
		n = len(list)
	}
	b = append(strconv.AppendInt(b, int64(n), 10), ';')
	for _, text := range list {
		b = appendText(b, text)
	}
	return b
}

// knownCommits remembers, per repository, which statements on commits are
// stored, so that a push of one commit does not read a whole repository. The
// database decides: what was added since is read before every use.
type knownCommits struct {
	mu           sync.Mutex
	repositories map[string]*knownRepository
}

// mostKnown is how many commits are remembered, at about 40 bytes each.
const mostKnown = 1_000_000

func newKnownCommits() *knownCommits {
	return &knownCommits{repositories: map[string]*knownRepository{}}
}

// of is the memory of one repository. The workspace's secret tells it from
// one that was removed and made again.
func (k *knownCommits) of(secret []byte, repository string) *knownRepository {
	k.mu.Lock()
	defer k.mu.Unlock()
	name := string(secret) + "\x1f" + repository
	if found := k.repositories[name]; found != nil {
		return found
	}
	k.makeRoom()
	found := &knownRepository{commits: map[idPrefix]uint64{}, others: map[knownCommit]bool{}}
	k.repositories[name] = found
	return found
}

// makeRoom forgets repositories until few commits are remembered. Who uses
// one that is forgotten goes on with it alone.
func (k *knownCommits) makeRoom() {
	total := 0
	for _, r := range k.repositories {
		total += r.size()
	}
	for name, r := range k.repositories {
		if total <= mostKnown {
			return
		}
		total -= r.size()
		delete(k.repositories, name)
	}
}

// idPrefix is the first 128 bits of a commit id.
type idPrefix [16]byte

func prefixOf(id []byte) idPrefix { return idPrefix(id[:len(idPrefix{})]) }

// knownCommit is one statement on one commit. Digests are compared among
// statements on one commit only, so 64 bits tell them apart.
type knownCommit struct {
	id     idPrefix
	digest uint64
}

// bytes is the statement as links of deliveries name it.
func (c knownCommit) bytes() []byte {
	return binary.BigEndian.AppendUint64(slices.Clone(c.id[:]), c.digest)
}

// knownRepository is what is stored of one repository up to segment last.
type knownRepository struct {
	mu   sync.Mutex
	last int64
	// commits holds the first statement on each commit, others the rest.
	commits map[idPrefix]uint64
	others  map[knownCommit]bool
}

func (k *knownRepository) size() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.commits) + len(k.others)
}

func (k *knownRepository) upTo() int64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.last
}

// add takes in segment n. One that is known already, or that does not follow,
// changes nothing: it will be read before the next use.
func (k *knownRepository) add(n int64, commits []knownCommit) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if n != k.last+1 {
		return
	}
	k.last = n
	for _, c := range commits {
		if held, ok := k.commits[c.id]; !ok {
			k.commits[c.id] = c.digest
		} else if held != c.digest {
			k.others[c] = true
		}
	}
}

func (k *knownRepository) has(c knownCommit) (commit, statement bool) {
	held, commit := k.commits[c.id]
	return commit, commit && (held == c.digest || k.others[c])
}

// fresh picks the statements that are not stored, and numbers the segment
// they go to.
func (k *knownRepository) fresh(told []describedCommit, row *commitSegmentRow) (int64, []describedCommit) {
	k.mu.Lock()
	defer k.mu.Unlock()
	pending := make(map[knownCommit]bool, len(told))
	named := make(map[idPrefix]bool, len(told))
	commits := told[:0] // What is left out is not asked for again.
	for _, d := range told {
		c := knownCommit{prefixOf(d.SHA[:]), d.Digest}
		known, stored := k.has(c)
		if stored || pending[c] {
			continue
		}
		if !known && !named[c.id] {
			row.Fresh++
		}
		pending[c], named[c.id] = true, true
		commits = append(commits, d)
		at := instantOf(d.Committed)
		row.FirstAt, row.LastAt = earlier(row.FirstAt, at), max(row.LastAt, at)
	}
	row.Commits = int64(len(commits))
	return k.last + 1, commits
}

// refreshKnown reads the segments that were added since the last use. The
// caller holds the workspace's lock, so none is added meanwhile.
func (w *Workspace) refreshKnown(ctx context.Context, tx *gorm.DB, repositories map[string]*knownRepository) error {
	last := map[string]int64{}
	err := eachChunk(slices.Collect(maps.Keys(repositories)), func(some []string) error {
		rows, err := of[commitSegmentRow](w, tx).Select("repository, max(n) AS n").Where(among{"repository", some}).Group("repository").Find(ctx)
		for _, row := range rows {
			last[row.Repository] = row.N
		}
		return err
	})
	if err != nil {
		return err
	}
	for repository, known := range repositories {
		if last[repository] > known.upTo() {
			if err := w.readKnown(ctx, tx, repository, known); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *Workspace) readKnown(ctx context.Context, tx *gorm.DB, repository string, known *knownRepository) error {
	rows, err := of[commitSegmentRow](w, tx).Select("n", "commits", "shas", "digests").
		Where("repository = ? AND n > ?", repository, known.upTo()).Order("n").Find(ctx)
	if err != nil {
		return err
	}
	for _, row := range rows {
		commits, err := row.known()
		if err != nil {
			return fmt.Errorf("repository %s, segment %d: %w", repository, row.N, err)
		}
		known.add(row.N, commits)
	}
	return nil
}

// known reads the columns by which repeated statements are found.
func (r commitSegmentRow) known() ([]knownCommit, error) {
	n := int(r.Commits)
	if n == 0 || len(r.Digests) != n*digestSize || (len(r.Shas) != n*shortID && len(r.Shas) != n*longID) {
		return nil, errSegment
	}
	width := len(r.Shas) / n
	commits := make([]knownCommit, n)
	for i := range commits {
		commits[i] = knownCommit{prefixOf(r.Shas[i*width:]), binary.BigEndian.Uint64(r.Digests[i*digestSize:])}
	}
	return commits, nil
}

// graphs builds the commit graphs of repositories; those without commits are
// left out. then narrows to the commits that were known at a moment; it may be
// nil.
func (w *Workspace) graphs(ctx context.Context, tx *gorm.DB, repositories []string, then *moment) (map[string]*evenkeel.Graph, error) {
	graphs := map[string]*evenkeel.Graph{}
	for _, repository := range repositories {
		segments := of[commitSegmentRow](w, tx).Select("n", "shas", "body").Where("repository = ?", repository)
		if then != nil {
			segments = segments.Where("seq <= ?", then.revision)
		}
		rows, err := segments.Order("n").Find(ctx)
		if err != nil {
			return nil, err
		}
		var commits []describedCommit
		for _, row := range rows {
			some, err := unpackCommits(row.Shas, row.Body)
			if err != nil {
				return nil, fmt.Errorf("repository %s, segment %d: %w", repository, row.N, err)
			}
			commits = append(commits, some...)
		}
		if nodes := living(commits); len(nodes) > 0 {
			graphs[repository] = evenkeel.NewGraph(nodes)
		}
	}
	return graphs, nil
}

// living leaves out commits of which the newest statement is a deletion.
func living(commits []describedCommit) []evenkeel.Node {
	type ends struct{ told, deleted instant }
	deletions := map[evenkeel.SHA]ends{}
	for _, c := range commits {
		if c.Deleted {
			deletions[c.SHA] = ends{deleted: max(deletions[c.SHA].deleted, instantOf(c.ObservedAt))}
		}
	}
	for _, c := range commits {
		if e, ok := deletions[c.SHA]; ok && !c.Deleted {
			e.told = max(e.told, instantOf(c.ObservedAt))
			deletions[c.SHA] = e
		}
	}
	nodes := make([]evenkeel.Node, 0, len(commits))
	for _, c := range commits {
		if e, ok := deletions[c.SHA]; !c.Deleted && (!ok || e.told > e.deleted) {
			nodes = append(nodes, c.Node)
		}
	}
	return nodes
}
