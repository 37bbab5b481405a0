package demo

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// The source instances of the company.
const (
	codeSource      = "github:" + host
	rolloutSource   = "argocd:cd.larkmoor.example"
	incidentSource  = "opsdesk:larkmoor"
	meshSource      = "mesh:larkmoor"
	catalogueSource = "catalogue:larkmoor"
)

// repository is a git repository with a trunk.
type repository struct {
	name string
	seed uint64
	// serial counts commits, so that no two have one id.
	serial uint64
	// number is the number of the last change.
	number int
	// head is the newest commit of the trunk.
	head string
	l    *ledger
}

// commit is a commit about to be made.
type commit struct {
	// known is when the commit reaches the server; zero means at once.
	known               time.Time
	parents             []string
	authored, committed time.Time
	paths               []string
	patch               string
	trailers            map[string][]string
}

// record makes a commit and returns its id.
func (r *repository) record(c commit) string {
	id := r.id(c)
	if c.parents == nil {
		c.parents = []string{}
	}
	if c.known.IsZero() {
		c.known = c.committed
	}
	r.l.add(c.known, codeSource, id, &evenkeel.Commit{
		Repository: r.name, SHA: id, Parents: c.parents, AuthoredAt: c.authored, CommittedAt: c.committed,
		Paths: c.paths, PatchID: c.patch, Trailers: c.trailers,
	})
	return id
}

// id derives a commit id from everything that makes the commit what it is.
func (r *repository) id(c commit) string {
	r.serial++
	text := make([]byte, 0, 192)
	text = binary.LittleEndian.AppendUint64(text, r.seed)
	text = binary.LittleEndian.AppendUint64(text, r.serial)
	text = binary.LittleEndian.AppendUint64(text, uint64(c.authored.Unix()))
	for _, parent := range c.parents {
		text = append(text, parent...)
	}
	return digest(append(text, r.name...))
}

// land puts the trunk on a new commit.
func (r *repository) land(c commit) { r.head = r.record(c) }

// found makes the commits that were there before the year began.
func (r *repository) found(before time.Time, n int) {
	var parents []string
	for i := range n {
		t := before.Add(-time.Duration(n-i) * 7 * time.Hour)
		r.land(commit{parents: parents, authored: t, committed: t})
		parents = []string{r.head}
	}
}

// digest is 40 hexadecimal digits.
func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:20])
}
