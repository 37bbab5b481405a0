package store

import "gorm.io/gorm"

// The tables of version 1, as they were made. These types are frozen: they
// are not changed when the rows of today change, but a new migration follows.

func createTables(tx *gorm.DB) error {
	return tx.Migrator().CreateTable(
		&v1Workspace{},
		&v1Observation{},
		&v1Fact{},
		&v1Tally{},
		&v1Subject{},
		&v1Membership{},
		&v1Mention{},
		&v1CommitSegment{},
		&v1Revision{},
		&v1Group{},
		&v1Application{},
		&v1Claim{},
		&v1Policy{},
		&v1DerivedState{},
		&v1DerivedSegment{},
		&v1Token{},
		&v1SignIn{},
		&v1Session{},
		&v1Audit{},
	)
}

type v1Workspace struct {
	Slug      string `gorm:"primaryKey"`
	Name      string
	Demo      bool
	CreatedAt int64 `gorm:"autoCreateTime:false"`
	Revision  int64
	Catalogue int64
	Policy    string
	Secret    []byte
}

func (v1Workspace) TableName() string { return "workspaces" }

type v1Observation struct {
	Workspace  string `gorm:"primaryKey"`
	Fact       string `gorm:"primaryKey"`
	Digest     []byte `gorm:"primaryKey"`
	Kind       int16
	Source     string
	ExternalID string
	ObservedAt int64
	Deleted    bool
	Fields     []byte
	Seq        int64
}

func (v1Observation) TableName() string { return "observations" }

type v1Fact struct {
	Workspace   string `gorm:"primaryKey;index:facts_subject,priority:1;index:facts_time,priority:1;index:facts_link,priority:1;index:facts_name,priority:1"`
	ID          string `gorm:"primaryKey;index:facts_subject,priority:5;index:facts_time,priority:4"`
	Kind        int16  `gorm:"index:facts_subject,priority:2;index:facts_time,priority:2;index:facts_link,priority:2"`
	Subject     string `gorm:"index:facts_subject,priority:3"`
	At          int64  `gorm:"index:facts_subject,priority:4;index:facts_time,priority:3"`
	Source      string
	ExternalID  string `gorm:"index:facts_name,priority:2,where:kind = 1"`
	Repository  string
	Environment string
	Status      string
	Link        string `gorm:"index:facts_link,priority:3,where:link <> ''"`
	Number      int64
	Earliest    int64
	Gone        bool
	Seq         int64
	Body        []byte
}

func (v1Fact) TableName() string { return "facts" }

type v1Tally struct {
	Workspace   string `gorm:"primaryKey"`
	Subject     string `gorm:"primaryKey"`
	Kind        int16  `gorm:"primaryKey;autoIncrement:false"`
	Environment string `gorm:"primaryKey"`
	Repository  string `gorm:"primaryKey"`
	Succeeded   bool   `gorm:"primaryKey"`
	N           int64
	FirstAt     int64
	LastAt      int64
}

func (v1Tally) TableName() string { return "tallies" }

type v1Subject struct {
	Workspace string `gorm:"primaryKey;index:subjects_matched,priority:1"`
	Subject   string `gorm:"primaryKey"`
	Matched   bool   `gorm:"index:subjects_matched,priority:2"`
	Named     bool
}

func (v1Subject) TableName() string { return "subjects" }

type v1Membership struct {
	Workspace   string `gorm:"primaryKey;index:memberships_application,priority:1"`
	Subject     string `gorm:"primaryKey;index:memberships_application,priority:3"`
	Application string `gorm:"primaryKey;index:memberships_application,priority:2"`
	Claim       string `gorm:"primaryKey"`
	Path        string
	Catalogue   int64
}

func (v1Membership) TableName() string { return "memberships" }

type v1Mention struct {
	Workspace  string `gorm:"primaryKey"`
	Repository string `gorm:"primaryKey"`
	Subject    string `gorm:"primaryKey"`
}

func (v1Mention) TableName() string { return "mentions" }

type v1CommitSegment struct {
	Workspace  string `gorm:"primaryKey"`
	Repository string `gorm:"primaryKey"`
	N          int64  `gorm:"primaryKey;autoIncrement:false"`
	Seq        int64
	Commits    int64
	Fresh      int64
	FirstAt    int64
	LastAt     int64
	Shas       []byte
	Digests    []byte
	Body       []byte
}

func (v1CommitSegment) TableName() string { return "commit_segments" }

type v1Revision struct {
	Workspace    string `gorm:"primaryKey"`
	Seq          int64  `gorm:"primaryKey;autoIncrement:false"`
	At           int64
	Kinds        string
	Applications []byte
	Earliest     int64
}

func (v1Revision) TableName() string { return "revisions" }

type v1Group struct {
	Workspace string `gorm:"primaryKey"`
	Slug      string `gorm:"primaryKey"`
	Name      string
	Parent    string
}

func (v1Group) TableName() string { return "org_groups" }

type v1Application struct {
	Workspace string `gorm:"primaryKey;uniqueIndex:applications_slug,priority:1"`
	ID        string `gorm:"primaryKey"`
	Slug      string `gorm:"uniqueIndex:applications_slug,priority:2"`
	Name      string
	Owner     string
	Tier      int64
	Cadence   string
	Retired   bool
}

func (v1Application) TableName() string { return "applications" }

type v1Claim struct {
	Workspace   string `gorm:"primaryKey"`
	Application string `gorm:"primaryKey"`
	Claim       string `gorm:"primaryKey"`
}

func (v1Claim) TableName() string { return "claims" }

type v1Policy struct {
	Workspace string `gorm:"primaryKey"`
	Version   string `gorm:"primaryKey"`
	At        int64
	Body      []byte
}

func (v1Policy) TableName() string { return "policies" }

type v1DerivedState struct {
	Workspace   string `gorm:"primaryKey"`
	Application string `gorm:"primaryKey"`
	Revision    int64
	Catalogue   int64
	Policy      string
	Engine      string
}

func (v1DerivedState) TableName() string { return "derived_states" }

type v1DerivedSegment struct {
	Workspace   string `gorm:"primaryKey"`
	Application string `gorm:"primaryKey"`
	Environment string `gorm:"primaryKey"`
	Month       string `gorm:"primaryKey"`
	Data        []byte
}

func (v1DerivedSegment) TableName() string { return "derived_segments" }

type v1Token struct {
	ID         string `gorm:"primaryKey"`
	Workspace  string `gorm:"index:tokens_workspace"`
	Name       string
	Scopes     string
	CreatedBy  string
	CreatedAt  int64 `gorm:"autoCreateTime:false"`
	ExpiresAt  int64
	LastUsedAt int64
	RevokedAt  int64
	Hash       []byte `gorm:"uniqueIndex:tokens_hash"`
}

func (v1Token) TableName() string { return "tokens" }

type v1SignIn struct {
	Hash      []byte `gorm:"primaryKey"`
	Workspace string `gorm:"index:sign_ins_workspace"`
	Role      string
	ExpiresAt int64
	UsedAt    int64
}

func (v1SignIn) TableName() string { return "sign_ins" }

type v1Session struct {
	Hash      []byte `gorm:"primaryKey"`
	Data      []byte
	ExpiresAt int64 `gorm:"index:sessions_expiry"`
}

func (v1Session) TableName() string { return "sessions" }

type v1Audit struct {
	ID        int64  `gorm:"primaryKey;autoIncrement;index:audit_workspace,priority:2"`
	Workspace string `gorm:"index:audit_workspace,priority:1"`
	At        int64
	Actor     string
	Action    string
	Object    string
	Detail    string
	RequestID string
}

func (v1Audit) TableName() string { return "audit_entries" }
