package store

import (
	"bytes"
	"cmp"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/evenkeel-dev/evenkeel"
)

// factRow is a current fact. Its body is the fold of its observations; the
// other columns repeat what filters, joins and orders need.
type factRow struct {
	Workspace string `gorm:"primaryKey;index:facts_subject,priority:1;index:facts_time,priority:1;index:facts_link,priority:1;index:facts_name,priority:1;index:facts_at,priority:1,where:gone = false;index:facts_seq,priority:1,where:gone = false;index:facts_gone,priority:1,where:gone = true"`
	ID        string `gorm:"primaryKey;index:facts_subject,priority:5;index:facts_time,priority:4;index:facts_at,priority:3;index:facts_seq,priority:3;index:facts_gone,priority:3"`
	Kind      kind   `gorm:"index:facts_subject,priority:2;index:facts_time,priority:2;index:facts_link,priority:2"`
	Subject   string `gorm:"index:facts_subject,priority:3"`
	// At is the fact's own instant; it is never unknown.
	At          instant `gorm:"index:facts_subject,priority:4;index:facts_time,priority:3;index:facts_at,priority:2"`
	Source      string
	ExternalID  string `gorm:"index:facts_name,priority:2,where:kind = 1"`
	Repository  string
	Environment string
	// Status is what evenkeel.Entry.Status says.
	Status string
	// Link leads to other facts: the artifact of a deployment or artifact, the
	// merge commit of a change, the caused_by of an incident.
	Link string `gorm:"index:facts_link,priority:3,where:link <> ''"`
	// Number is that of a change; 0 is none.
	Number int64
	// Earliest is the first instant that the fact names.
	Earliest instant
	// Gone says that the fact is not shown: its source has deleted it, or it
	// is a merge that a numbered change has taken in.
	Gone bool
	// Seq is the revision that last changed the fact.
	Seq  int64 `gorm:"index:facts_seq,priority:2;index:facts_gone,priority:2"`
	Body []byte
}

func (factRow) TableName() string { return "facts" }

// beside says that no figure is derived from the fact; a build without a
// result has not ended.
func (r *factRow) beside() bool {
	return r.Kind.beside() || r.Kind == kindBuild && r.Status == ""
}

// same says whether nothing but the revision differs.
func (r factRow) same(other factRow) bool {
	bodies := bytes.Equal(r.Body, other.Body)
	r.Body, other.Body, other.Seq = nil, nil, r.Seq
	return bodies && reflect.DeepEqual(r, other)
}

// describe fills the columns that repeat what the body says. observed is used
// where a fact names no instant.
func (r *factRow) describe(p evenkeel.Payload, observed instant) {
	r.Kind, r.Subject = kindOf(p.Kind()), p.Subject().String()
	switch f := p.(type) {
	case *evenkeel.Deployment:
		r.Repository, r.Environment, r.Status, r.Link = f.Repository, f.Environment, string(f.Status), f.Artifact
		r.stamp(observed, f.FinishedAt, f.StartedAt)
	case *evenkeel.Change:
		r.Repository, r.Link, r.Number, r.Status = f.Repository, f.MergeCommit, int64(f.Number), string(f.State)
		r.stamp(observed, f.MergedAt, f.OpenedAt, f.ClosedAt, f.ReadyAt, f.FirstReviewAt, f.ApprovedAt)
		for _, c := range f.Commits {
			r.Earliest = earlier(r.Earliest, instantOf(c.AuthoredAt))
		}
	case *evenkeel.Artifact:
		r.Repository, r.Link = f.Repository, f.Artifact
		r.stamp(observed, f.BuiltAt)
	case *evenkeel.Incident:
		r.Repository, r.Environment, r.Link, r.Status = f.Repository, f.Environment, f.CausedBy, f.Severity
		r.stamp(observed, f.OpenedAt, f.DetectedAt, f.AcknowledgedAt, f.MitigatedAt, f.ResolvedAt, f.ReopenedAt)
	case *evenkeel.Dependency:
		r.stamp(observed, f.LastSeenAt)
	case *evenkeel.Build:
		r.Repository, r.Status = f.Repository, string(f.Result)
		r.stamp(observed, f.FinishedAt, f.StartedAt, f.QueuedAt)
	case *evenkeel.WorkItem:
		r.Repository, r.Status = f.Repository, string(f.State)
		r.stamp(observed, f.ClosedAt, f.OpenedAt, f.StartedAt)
	case *evenkeel.FlagChange:
		r.Repository, r.Environment, r.Status = f.Repository, f.Environment, string(f.Action)
		r.stamp(observed, f.At)
	case *evenkeel.Evidence:
		r.Repository, r.Status = f.Repository, string(f.Result)
		r.stamp(observed, f.At)
	case *evenkeel.Alert:
		r.Status = "firing"
		if !f.EndsAt.IsZero() {
			r.Status = "ended"
		}
		r.stamp(observed, f.StartsAt, f.EndsAt)
	}
}

// stamp takes the first known of the times as the fact's own instant and the
// least of them as its earliest.
func (r *factRow) stamp(observed instant, times ...time.Time) {
	r.At, r.Earliest = 0, 0
	for _, t := range times {
		if at := instantOf(t); at != 0 {
			r.At, r.Earliest = cmp.Or(r.At, at), earlier(r.Earliest, at)
		}
	}
	r.At, r.Earliest = cmp.Or(r.At, observed), cmp.Or(r.Earliest, observed)
}

// names are the texts by which other facts name a deployment.
func (r factRow) names() []string {
	return []string{r.ExternalID, r.Source + "/" + r.ExternalID}
}

// aliasID is the id of a change that is known by its merge commit only.
func aliasID(repository, merge string) string {
	c := evenkeel.Change{Repository: repository, MergeCommit: merge}
	return evenkeel.FactID(evenkeel.KindChange, c.Key("", ""))
}

// namedFacts are the ids that a text "source/id" may stand for: sources and
// ids may hold slashes themselves.
func namedFacts(text string) []string {
	var ids []string
	for i := strings.IndexByte(text, '/'); i >= 0; {
		d := evenkeel.Deployment{}
		ids = append(ids, evenkeel.FactID(evenkeel.KindDeployment, d.Key(text[:i], text[i+1:])))
		next := strings.IndexByte(text[i+1:], '/')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return ids
}

// decodeFact reads a fact's body into its type.
func decodeFact[T any](r factRow, shared bool) (evenkeel.Fact[T], error) {
	f := evenkeel.Fact[T]{ID: r.ID, Source: r.Source, ExternalID: r.ExternalID, Shared: shared}
	if err := decode(r.Body, &f.Value); err != nil {
		return f, fmt.Errorf("fact %s: %w", r.ID, err)
	}
	return f, nil
}

// decode reads a folded body. The decoder is the coming one of the standard
// library: it takes a third of the time, and most of reading facts is this.
func decode[T any](body []byte, into *T) error {
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("read: %w", err)
	}
	return nil
}
