package store

import (
	"cmp"
	"slices"

	"gorm.io/gorm"
)

// Version 4 adds what answers as of the past need: every version of the
// catalogue, when which policy was in force, the instant of the last
// revision, and indexes of revisions by instant and of facts that are not
// shown. These types are frozen.

func keepKnown(tx *gorm.DB) error {
	if err := tx.Migrator().AddColumn(&v4Workspace{}, "RevisedAt"); err != nil {
		return err
	}
	if err := tx.Migrator().CreateIndex(&v4Revision{}, "revisions_at"); err != nil {
		return err
	}
	if err := tx.Migrator().CreateIndex(&v4Fact{}, "facts_gone"); err != nil {
		return err
	}
	if err := tx.Migrator().CreateTable(&v4CatalogueVersion{}, &v4PolicyInForce{}); err != nil {
		return err
	}
	var workspaces []v4Workspace
	// Columns are named: a statement on all of them would be remembered by
	// PostgreSQL's driver, and be wrong after the next migration.
	if err := tx.Select("slug", "revision", "catalogue", "policy").Find(&workspaces).Error; err != nil {
		return err
	}
	for _, w := range workspaces {
		if err := w.begin(tx); err != nil {
			return err
		}
	}
	return nil
}

// begin fills in what can still be known of a workspace: its catalogue of
// today stands in for those before, and policies were in force since they
// were first set.
func (w v4Workspace) begin(tx *gorm.DB) error {
	var last v4Revision
	if err := tx.Select("workspace", "seq", "at").Where("workspace = ?", w.Slug).Order("at DESC").Limit(1).Find(&last).Error; err != nil {
		return err
	}
	w.RevisedAt = last.At
	if err := tx.Model(&v4Workspace{}).Where("slug = ?", w.Slug).Update("revised_at", w.RevisedAt).Error; err != nil {
		return err
	}
	if err := w.beginCatalogue(tx); err != nil {
		return err
	}
	return w.beginPolicies(tx)
}

func (w v4Workspace) beginCatalogue(tx *gorm.DB) error {
	if w.Catalogue == 0 {
		return nil
	}
	var groups []v1Group
	var applications []v1Application
	var claims []v1Claim
	for _, table := range []struct {
		rows    any
		columns []string
	}{
		{&groups, []string{"slug", "name", "parent"}},
		{&applications, []string{"id", "slug", "name", "owner", "tier", "cadence", "retired"}},
		{&claims, []string{"application", "claim"}},
	} {
		if err := tx.Select(table.columns).Where("workspace = ?", w.Slug).Find(table.rows).Error; err != nil {
			return err
		}
	}
	body, err := packJSON(v4CatalogueOf(groups, applications, claims))
	if err != nil {
		return err
	}
	return tx.Create(&v4CatalogueVersion{Workspace: w.Slug, Version: w.Catalogue, Seq: w.Revision, At: w.RevisedAt, Assumed: true, Body: body}).Error
}

// v4Catalogue is the catalogue as version 4 writes it.
type v4Catalogue struct {
	Groups       []v4Group
	Applications []v4Application
}

type v4Group struct {
	Slug   string `json:"slug"`
	Name   string `json:"name"`
	Parent string `json:"parent,omitempty"`
}

type v4Application struct {
	ID      string   `json:"id"`
	Slug    string   `json:"slug"`
	Name    string   `json:"name"`
	Group   string   `json:"group,omitempty"`
	Tier    int64    `json:"tier,omitempty"`
	Cadence string   `json:"cadence,omitempty"`
	Claims  []string `json:"claims,omitempty"`
}

func v4CatalogueOf(groups []v1Group, applications []v1Application, claims []v1Claim) v4Catalogue {
	var c v4Catalogue
	for _, g := range groups {
		c.Groups = append(c.Groups, v4Group{g.Slug, g.Name, g.Parent})
	}
	claimed := map[string][]string{}
	for _, claim := range claims {
		claimed[claim.Application] = append(claimed[claim.Application], claim.Claim)
	}
	for _, a := range applications {
		if !a.Retired {
			slices.Sort(claimed[a.ID])
			c.Applications = append(c.Applications, v4Application{a.ID, a.Slug, a.Name, a.Owner, a.Tier, a.Cadence, claimed[a.ID]})
		}
	}
	slices.SortFunc(c.Groups, func(a, b v4Group) int { return cmp.Compare(a.Slug, b.Slug) })
	slices.SortFunc(c.Applications, func(a, b v4Application) int { return cmp.Compare(a.Slug, b.Slug) })
	return c
}

func (w v4Workspace) beginPolicies(tx *gorm.DB) error {
	var policies []v1Policy
	if err := tx.Select("workspace", "version", "at").Where("workspace = ?", w.Slug).Order("at, version").Find(&policies).Error; err != nil {
		return err
	}
	rows := make([]v4PolicyInForce, 0, len(policies)+1)
	for _, p := range policies {
		rows = append(rows, v4PolicyInForce{Workspace: w.Slug, N: int64(len(rows) + 1), Version: p.Version, At: p.At})
	}
	if n := len(rows); n > 0 && rows[n-1].Version != w.Policy {
		rows = append(rows, v4PolicyInForce{Workspace: w.Slug, N: int64(n + 1), Version: w.Policy, At: max(w.RevisedAt, rows[n-1].At)})
	}
	return insert(tx, rows)
}

// v4Workspace holds the column that version 4 adds, and those it reads.
type v4Workspace struct {
	Slug      string `gorm:"primaryKey"`
	Revision  int64
	Catalogue int64
	Policy    string
	RevisedAt int64 `gorm:"default:0"`
}

func (v4Workspace) TableName() string { return "workspaces" }

type v4Revision struct {
	Workspace string `gorm:"index:revisions_at,priority:1"`
	Seq       int64  `gorm:"index:revisions_at,priority:3"`
	At        int64  `gorm:"index:revisions_at,priority:2"`
}

func (v4Revision) TableName() string { return "revisions" }

type v4Fact struct {
	Workspace string `gorm:"index:facts_gone,priority:1,where:gone = true"`
	ID        string `gorm:"index:facts_gone,priority:3"`
	Seq       int64  `gorm:"index:facts_gone,priority:2"`
}

func (v4Fact) TableName() string { return "facts" }

type v4CatalogueVersion struct {
	Workspace string `gorm:"primaryKey"`
	Version   int64  `gorm:"primaryKey;autoIncrement:false"`
	Seq       int64
	At        int64
	Assumed   bool
	Body      []byte
}

func (v4CatalogueVersion) TableName() string { return "catalogue_versions" }

type v4PolicyInForce struct {
	Workspace string `gorm:"primaryKey"`
	N         int64  `gorm:"primaryKey;autoIncrement:false"`
	Version   string
	At        int64
}

func (v4PolicyInForce) TableName() string { return "policies_in_force" }
