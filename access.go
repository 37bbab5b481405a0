package evenkeel

import (
	"slices"
	"time"
)

// WorkspaceInfo names a workspace: one company, whose data nobody else sees.
type WorkspaceInfo struct {
	Slug string
	Name string
	// Demo marks invented data, shown with a notice.
	Demo      bool
	CreatedAt time.Time
}

// Scope is what a token may do.
type Scope string

// The scopes of tokens.
const (
	ScopeIngest Scope = "ingest"
	ScopeRead   Scope = "read"
	ScopeAdmin  Scope = "admin"
)

// Role is what a person may do in a workspace.
type Role string

// The roles, each including the ones before it.
const (
	RoleViewer   Role = "viewer"
	RoleOperator Role = "operator"
	RoleApprover Role = "approver"
	RoleAdmin    Role = "admin"
)

// Includes says whether a role may do what other may.
func (r Role) Includes(other Role) bool {
	order := []Role{RoleViewer, RoleOperator, RoleApprover, RoleAdmin}
	return slices.Contains(order, r) && slices.Index(order, r) >= slices.Index(order, other)
}

// Token lets a program in. The secret itself is never kept, only its hash.
type Token struct {
	ID        string
	Workspace string
	Name      string
	Scopes    []Scope
	CreatedBy string
	CreatedAt time.Time
	ExpiresAt time.Time
	// LastUsedAt is zero for a token that was never used.
	LastUsedAt time.Time
	// RevokedAt is zero for a token that may be used.
	RevokedAt time.Time
}

// SignInLink lets one browser in, once.
type SignInLink struct {
	// Workspace is empty for all workspaces.
	Workspace string
	Role      Role
	ExpiresAt time.Time
}

// AuditEntry is one thing that somebody did.
type AuditEntry struct {
	ID        string
	Workspace string
	At        time.Time
	// Actor is "token:NAME", "local", "person:NAME" or "operator".
	Actor  string
	Action string
	Object string
	Detail string
	// RequestID is that of the request; empty from the command line.
	RequestID string
}
