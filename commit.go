package evenkeel

import "time"

// Commit is one commit of a repository. Identity, parents and times never
// change; paths, patch id and trailers may become known later.
type Commit struct {
	Repository string `json:"repository,omitzero"`
	SHA        string `json:"sha,omitzero"`
	// Parents are full ids, first parent first; empty for a root commit.
	Parents     []string  `json:"parents"`
	AuthoredAt  time.Time `json:"authored_at,omitzero"`
	CommittedAt time.Time `json:"committed_at,omitzero"`
	// Paths are the folders or files the commit touches; nil is unknown.
	Paths []string `json:"paths,omitzero"`
	// PatchID is the output of git patch-id --stable; empty is unknown.
	PatchID string `json:"patch_id,omitzero"`
	// Trailers are the message's trailers by lower-case key.
	Trailers map[string][]string `json:"trailers,omitzero"`
}

// Kind implements Payload.
func (*Commit) Kind() Kind { return KindCommit }

// Key implements Payload: repository and commit id.
func (c *Commit) Key(_, _ string) string { return c.Repository + "\x1f" + c.SHA }

// Subject implements Payload.
func (c *Commit) Subject() Subject { return newSubject("", nil, "", c.Repository) }

// Validate implements Payload.
func (c *Commit) Validate() error {
	var p problems
	p.required("repository", c.Repository)
	p.text("repository", c.Repository)
	p.required("sha", c.SHA)
	p.sha("sha", c.SHA)
	for i, parent := range c.Parents {
		p.required(indexed("parents", i, ""), parent)
		p.sha(indexed("parents", i, ""), parent)
		if parent == c.SHA && parent != "" {
			p.add(indexed("parents", i, ""), "is the commit itself; name its real parent")
		}
	}
	p.instant("authored_at", c.AuthoredAt)
	if c.CommittedAt.IsZero() {
		p.add("committed_at", "is required")
	}
	p.instant("committed_at", c.CommittedAt)
	for i, path := range c.Paths {
		p.text(indexed("paths", i, ""), path)
	}
	p.text("patch_id", c.PatchID)
	for key, values := range c.Trailers {
		p.text("trailers", key)
		for i, value := range values {
			p.text(indexed("trailers["+quoted(key)+"]", i, ""), value)
		}
	}
	return p.err()
}
