package store

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/evenkeel-dev/evenkeel"
)

// observationRow is what one source said of one fact at one instant. It is
// never changed. The digest covers the fact's name, so a digest is unique in
// the workspace; the fact comes first in the key because all observations of
// a fact are what is asked for.
type observationRow struct {
	Workspace string `gorm:"primaryKey"`
	// Fact is the id by the observation's own natural key.
	Fact   string `gorm:"primaryKey"`
	Digest []byte `gorm:"primaryKey"`
	Kind   kind
	Source string
	// ExternalID is the source's name of the fact.
	ExternalID string
	ObservedAt instant
	Deleted    bool
	// Final is that of the event.
	Final  bool
	Fields []byte
	// Seq is the revision that brought the observation.
	Seq int64
	// RecordedAt is when it was taken in; 0 for what version 1 has taken in.
	RecordedAt instant
}

func (observationRow) TableName() string { return "observations" }

func (r observationRow) observation() evenkeel.Observation {
	return evenkeel.Observation{ObservedAt: r.ObservedAt.Time(), Deleted: r.Deleted, Final: r.Final, Fields: r.Fields}
}

// first orders observations by which is the first of its fact.
func (r observationRow) first(other observationRow) int {
	return cmp.Or(
		cmp.Compare(r.ObservedAt, other.ObservedAt),
		strings.Compare(r.Source, other.Source),
		strings.Compare(r.ExternalID, other.ExternalID),
		bytes.Compare(r.Digest, other.Digest),
	)
}

// statement is one event made ready to be kept.
type statement struct {
	row observationRow
	// payload is what the observation says; nil if only its fields say it all.
	payload evenkeel.Payload
}

// state makes an event ready: its payload is the normal one, and its digest
// is taken.
func (w *Workspace) state(e evenkeel.Event, payload evenkeel.Payload) (statement, error) {
	e.Payload, e.ObservedAt = payload, whole(e.ObservedAt)
	o, err := e.Observe()
	if err != nil {
		return statement{}, err
	}
	s := statement{payload: payload, row: observationRow{
		Workspace: w.slug, Fact: evenkeel.FactID(e.Kind, payload.Key(e.Source, e.ID)), Kind: kindOf(e.Kind),
		Source: e.Source, ExternalID: e.ID, ObservedAt: instantOf(e.ObservedAt), Deleted: e.Deleted,
		Final: e.Final, Fields: o.Fields,
	}}
	s.row.Digest = s.row.digest()
	if len(e.Cleared) > 0 {
		s.payload = nil
	}
	return s, nil
}

// digest is the same for the same statement of the same source, however
// often and in whatever order it arrives.
func (r observationRow) digest() []byte {
	b := make([]byte, 0, len(r.Fields)+len(r.Source)+len(r.ExternalID)+64)
	b = appendText(b, string(r.Kind.name()))
	b = appendText(b, r.Source)
	b = appendText(b, r.ExternalID)
	b = strconv.AppendInt(b, int64(r.ObservedAt), 10)
	b = strconv.AppendBool(append(b, ' '), r.Deleted)
	if r.Final { // Version 1 knew no final observations.
		b = append(b, " final"...)
	}
	sum := sha256.Sum256(append(b, r.Fields...))
	return sum[:]
}

// appendText adds a text with its length, so that two texts cannot run together.
func appendText(b []byte, text string) []byte {
	return append(append(strconv.AppendInt(b, int64(len(text)), 10), ':'), text...)
}

// storable says whether every database keeps the text as it is.
func storable(text string) bool { return utf8.ValidString(text) && strings.IndexByte(text, 0) < 0 }

// whole is an instant as the databases keep it.
func whole(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Microsecond)
}

// normal copies the payload with whole instants and without names of
// persons; an event without payload has the empty one of its kind, and an
// unknown kind has none.
func normal(e evenkeel.Event, secret []byte) evenkeel.Payload {
	payload := e.Payload
	if payload == nil {
		payload = evenkeel.NewPayload(e.Kind)
	}
	switch f := payload.(type) {
	case *evenkeel.Deployment:
		c := *f
		c.StartedAt, c.FinishedAt = whole(c.StartedAt), whole(c.FinishedAt)
		return &c
	case *evenkeel.Change:
		return normalChange(*f, secret)
	case *evenkeel.Commit:
		c := *f
		c.AuthoredAt, c.CommittedAt = whole(c.AuthoredAt), whole(c.CommittedAt)
		return &c
	case *evenkeel.Artifact:
		c := *f
		c.BuiltAt = whole(c.BuiltAt)
		return &c
	case *evenkeel.Incident:
		return normalIncident(*f)
	case *evenkeel.Dependency:
		c := *f
		c.LastSeenAt = whole(c.LastSeenAt)
		return &c
	}
	return normalWork(payload)
}

// normalWork is normal for what surrounds changes and deployments.
func normalWork(payload evenkeel.Payload) evenkeel.Payload {
	switch f := payload.(type) {
	case *evenkeel.Build:
		c := *f
		c.QueuedAt, c.StartedAt, c.FinishedAt = whole(c.QueuedAt), whole(c.StartedAt), whole(c.FinishedAt)
		return &c
	case *evenkeel.WorkItem:
		c := *f
		c.OpenedAt, c.StartedAt, c.ClosedAt, c.DueAt = whole(c.OpenedAt), whole(c.StartedAt), whole(c.ClosedAt), whole(c.DueAt)
		return &c
	case *evenkeel.FlagChange:
		c := *f
		c.At = whole(c.At)
		return &c
	case *evenkeel.Evidence:
		c := *f
		c.At = whole(c.At)
		return &c
	case *evenkeel.Alert:
		c := *f
		c.StartsAt, c.EndsAt = whole(c.StartsAt), whole(c.EndsAt)
		return &c
	}
	return nil
}

func normalChange(c evenkeel.Change, secret []byte) *evenkeel.Change {
	c.OpenedAt, c.ReadyAt, c.FirstReviewAt = whole(c.OpenedAt), whole(c.ReadyAt), whole(c.FirstReviewAt)
	c.ApprovedAt, c.MergedAt, c.ClosedAt = whole(c.ApprovedAt), whole(c.MergedAt), whole(c.ClosedAt)
	c.Commits, c.Reviews = slices.Clone(c.Commits), slices.Clone(c.Reviews)
	for i := range c.Commits {
		c.Commits[i].AuthoredAt = whole(c.Commits[i].AuthoredAt)
	}
	for i := range c.Reviews {
		c.Reviews[i].At = whole(c.Reviews[i].At)
		c.Reviews[i].Author = hashedName(secret, c.Reviews[i].Author)
	}
	return &c
}

func normalIncident(i evenkeel.Incident) *evenkeel.Incident {
	i.OpenedAt, i.DetectedAt, i.AcknowledgedAt = whole(i.OpenedAt), whole(i.DetectedAt), whole(i.AcknowledgedAt)
	i.MitigatedAt, i.ResolvedAt, i.ReopenedAt = whole(i.MitigatedAt), whole(i.ResolvedAt), whole(i.ReopenedAt)
	return &i
}

// hashedName stands for a person: equal in one workspace for equal names, and
// of no use outside it. 64 bits keep apart the people of a company.
func hashedName(secret []byte, name string) string {
	if name == "" {
		return ""
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(name))
	return hex.EncodeToString(mac.Sum(nil)[:8])
}
