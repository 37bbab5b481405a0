package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/evenkeel-dev/evenkeel"
)

// groupRow is a node of the organisation.
type groupRow struct {
	Workspace string `gorm:"primaryKey"`
	Slug      string `gorm:"primaryKey"`
	Name      string
	Parent    string
}

func (groupRow) TableName() string { return "org_groups" }

// capabilityRow is a node of what the business does.
type capabilityRow struct {
	Workspace string `gorm:"primaryKey"`
	Slug      string `gorm:"primaryKey"`
	Name      string
	Parent    string
}

func (capabilityRow) TableName() string { return "capabilities" }

// applicationRow is an application. One that left the catalogue is kept as
// retired, so that its id comes back with its slug.
type applicationRow struct {
	Workspace string `gorm:"primaryKey;uniqueIndex:applications_slug,priority:1"`
	ID        string `gorm:"primaryKey"`
	Slug      string `gorm:"uniqueIndex:applications_slug,priority:2"`
	Name      string
	Owner     string
	Tier      int64
	Cadence   string
	Retired   bool
	// Owners is a JSON list of ownerships; empty where there was one owner.
	Owners     []byte
	Capability string `gorm:"not null;default:''"`
	Lifecycle  string `gorm:"not null;default:''"`
}

func (applicationRow) TableName() string { return "applications" }

// claimRow is one claim of an application.
type claimRow struct {
	Workspace   string `gorm:"primaryKey"`
	Application string `gorm:"primaryKey"`
	Claim       string `gorm:"primaryKey"`
}

func (claimRow) TableName() string { return "claims" }

// catalogueCache holds the indexed catalogue of each workspace, by the
// workspace's secret, which is new when a workspace is made again.
type catalogueCache struct {
	mu   sync.Mutex
	held map[string]*resolver
}

func newCatalogueCache() *catalogueCache { return &catalogueCache{held: map[string]*resolver{}} }

func (c *catalogueCache) get(secret []byte, version int64) *resolver {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r := c.held[string(secret)]; r != nil && r.version == version {
		return r
	}
	return nil
}

func (c *catalogueCache) put(secret []byte, r *resolver) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held[string(secret)] = r
}

// resolver is the indexed catalogue of the version that row names.
func (w *Workspace) resolver(ctx context.Context, tx *gorm.DB, row workspaceRow) (*resolver, error) {
	if held := w.catalogues.get(row.Secret, row.Catalogue); held != nil {
		return held, nil
	}
	c, err := w.catalogue(ctx, tx)
	if err != nil {
		return nil, err
	}
	held := newResolver(c, row.Catalogue)
	w.catalogues.put(row.Secret, held)
	return held, nil
}

// Catalogue reads groups and applications, both by slug, and the version of
// the catalogue; the version is 0 before the first.
func (w *Workspace) Catalogue(ctx context.Context) (evenkeel.Catalogue, int64, error) {
	var c evenkeel.Catalogue
	var version int64
	err := w.read(ctx, func(tx *gorm.DB) error {
		row, err := w.row(ctx, tx)
		if err != nil {
			return err
		}
		version = row.Catalogue
		c, err = w.catalogue(ctx, tx)
		return err
	})
	if err != nil {
		return c, 0, fmt.Errorf("store: catalogue: %w", err)
	}
	return c, version, nil
}

func (w *Workspace) catalogue(ctx context.Context, tx *gorm.DB) (evenkeel.Catalogue, error) {
	var c evenkeel.Catalogue
	groups, err := of[groupRow](w, tx).Find(ctx)
	if err != nil {
		return c, err
	}
	for _, g := range groups {
		c.Groups = append(c.Groups, evenkeel.Group{Slug: g.Slug, Name: g.Name, Parent: g.Parent})
	}
	capabilities, err := of[capabilityRow](w, tx).Find(ctx)
	if err != nil {
		return c, err
	}
	for _, g := range capabilities {
		c.Capabilities = append(c.Capabilities, evenkeel.Group{Slug: g.Slug, Name: g.Name, Parent: g.Parent})
	}
	rows, err := of[applicationRow](w, tx).Where("retired = ?", false).Find(ctx)
	if err != nil {
		return c, err
	}
	claims, err := w.claims(ctx, tx)
	if err != nil {
		return c, err
	}
	for _, row := range rows {
		a, err := row.application()
		if err != nil {
			return c, err
		}
		a.Claims = claims[a.ID]
		c.Applications = append(c.Applications, a)
	}
	sortCatalogue(c)
	return c, nil
}

func (r applicationRow) application() (evenkeel.Application, error) {
	a := evenkeel.Application{
		ID: r.ID, Slug: r.Slug, Name: r.Name, Group: r.Owner, Tier: evenkeel.Tier(r.Tier), Cadence: r.Cadence, Capability: r.Capability, Lifecycle: r.Lifecycle,
	}
	if len(r.Owners) == 0 {
		return a, nil
	}
	if err := json.Unmarshal(r.Owners, &a.Owners); err != nil {
		return a, fmt.Errorf("owners of %s: %w", r.Slug, err)
	}
	return a, nil
}

func (w *Workspace) applicationRow(a evenkeel.Application) (applicationRow, error) {
	row := applicationRow{Workspace: w.slug, ID: a.ID, Slug: a.Slug, Name: a.Name, Owner: a.Group, Tier: int64(a.Tier), Cadence: a.Cadence, Capability: a.Capability, Lifecycle: a.Lifecycle}
	var err error
	if len(a.Owners) > 0 {
		row.Owners, err = json.Marshal(a.Owners)
	}
	return row, err
}

func sortCatalogue(c evenkeel.Catalogue) {
	bySlug := func(a, b evenkeel.Group) int { return cmp.Compare(a.Slug, b.Slug) }
	slices.SortFunc(c.Groups, bySlug)
	slices.SortFunc(c.Capabilities, bySlug)
	slices.SortFunc(c.Applications, func(a, b evenkeel.Application) int { return cmp.Compare(a.Slug, b.Slug) })
}

func (w *Workspace) claims(ctx context.Context, tx *gorm.DB) (map[string][]string, error) {
	rows, err := of[claimRow](w, tx).Find(ctx)
	claims := map[string][]string{}
	for _, c := range rows {
		claims[c.Application] = append(claims[c.Application], c.Claim)
	}
	for _, list := range claims {
		slices.Sort(list)
	}
	return claims, err
}

// ApplyCatalogue makes the catalogue be the one given. Applications are
// matched by id where one is given, which renames them, else by slug; new
// ones get an id. Memberships are decided anew, and one revision names the
// applications whose figures may have changed. Applying the catalogue that is
// there changes nothing. A catalogue that breaks a rule is ErrInvalid, with
// every broken rule.
func (w *Workspace) ApplyCatalogue(ctx context.Context, c evenkeel.Catalogue) error {
	if err := checkCatalogue(c); err != nil {
		return fmt.Errorf("store: apply catalogue: %w", err)
	}
	err := w.write(ctx, func(tx *gorm.DB) error {
		row, err := w.lock(ctx, tx)
		if err != nil {
			return err
		}
		before, err := w.catalogue(ctx, tx)
		if err != nil {
			return err
		}
		return w.replaceCatalogue(ctx, tx, row, before, c)
	})
	if err != nil {
		return fmt.Errorf("store: apply catalogue: %w", err)
	}
	return nil
}

// RegisterApplication adds an application, or adds claims to the one of the
// same slug and fills what it does not state; what is stated stays. It
// returns the application as it is then. Registering again changes nothing.
func (w *Workspace) RegisterApplication(ctx context.Context, a evenkeel.Application) (evenkeel.Application, error) {
	if err := checkCatalogue(evenkeel.Catalogue{Applications: []evenkeel.Application{{Slug: a.Slug, Claims: a.Claims}}}); err != nil {
		return a, fmt.Errorf("store: register application: %w", err)
	}
	err := w.write(ctx, func(tx *gorm.DB) error {
		row, err := w.lock(ctx, tx)
		if err != nil {
			return err
		}
		before, err := w.catalogue(ctx, tx)
		if err != nil {
			return err
		}
		after := evenkeel.Catalogue{Groups: before.Groups, Capabilities: before.Capabilities, Applications: registered(before.Applications, a)}
		if err := checkCatalogue(after); err != nil {
			return err
		}
		if err := w.replaceCatalogue(ctx, tx, row, before, after); err != nil {
			return err
		}
		now, err := w.catalogue(ctx, tx)
		if i := slices.IndexFunc(now.Applications, func(b evenkeel.Application) bool { return b.Slug == a.Slug }); err == nil && i >= 0 {
			a = now.Applications[i]
		}
		return err
	})
	if err != nil {
		return a, fmt.Errorf("store: register application %q: %w", a.Slug, err)
	}
	return a, nil
}

// registered joins an application to a list.
func registered(list []evenkeel.Application, a evenkeel.Application) []evenkeel.Application {
	list = slices.Clone(list)
	i := slices.IndexFunc(list, func(b evenkeel.Application) bool { return b.Slug == a.Slug })
	if i < 0 {
		a.ID = ""
		return append(list, a)
	}
	held := &list[i]
	if held.Group == "" && a.Group != "" {
		held.Group, held.Owners = a.Group, nil // Handed over as it is written.
	}
	held.Name, held.Cadence, held.Capability = cmp.Or(held.Name, a.Name), cmp.Or(held.Cadence, a.Cadence), cmp.Or(held.Capability, a.Capability)
	held.Tier, held.Lifecycle = cmp.Or(held.Tier, a.Tier), cmp.Or(held.Lifecycle, a.Lifecycle)
	held.Claims = slices.Concat(held.Claims, a.Claims)
	return list
}

// replaceCatalogue writes a catalogue, and what follows from the difference.
func (w *Workspace) replaceCatalogue(ctx context.Context, tx *gorm.DB, row workspaceRow, before, after evenkeel.Catalogue) error {
	after, err := w.identified(ctx, tx, after)
	if err != nil {
		return err
	}
	handOver(before, after, w.now())
	if sameCatalogue(before, after) {
		return nil
	}
	if err := w.writeCatalogue(tx, after); err != nil {
		return err
	}
	row.Catalogue++
	old, held := newResolver(before, row.Catalogue-1), newResolver(after, row.Catalogue)
	affected, err := w.remember(ctx, tx, old, held)
	if err != nil {
		return err
	}
	revision := revisionRow{Workspace: w.slug, Seq: row.Revision + 1, At: row.next(w.now())}
	revision.setApplications(affected)
	if err := tx.Create(&revision).Error; err != nil {
		return err
	}
	if err := w.keepCatalogue(tx, after, row.Catalogue, revision); err != nil {
		return err
	}
	if err := w.advance(ctx, tx, revision); err != nil {
		return err
	}
	_, err = gorm.G[workspaceRow](tx).Where("slug = ?", w.slug).Update(ctx, "catalogue", row.Catalogue)
	return err
}

// identified gives every application its id, and puts claims in order.
func (w *Workspace) identified(ctx context.Context, tx *gorm.DB, c evenkeel.Catalogue) (evenkeel.Catalogue, error) {
	rows, err := of[applicationRow](w, tx).Find(ctx)
	if err != nil {
		return c, err
	}
	ids, known := map[string]string{}, map[string]bool{}
	for _, row := range rows {
		ids[row.Slug], known[row.ID] = row.ID, true
	}
	c.Groups, c.Capabilities, c.Applications = slices.Clone(c.Groups), slices.Clone(c.Capabilities), slices.Clone(c.Applications)
	for _, tree := range [][]evenkeel.Group{c.Groups, c.Capabilities} {
		for i := range tree {
			tree[i].Name = cmp.Or(tree[i].Name, tree[i].Slug)
		}
	}
	taken := map[string]bool{}
	for _, a := range c.Applications {
		if known[a.ID] {
			taken[a.ID] = true
		}
	}
	for i := range c.Applications {
		a := &c.Applications[i]
		a.Name, a.Claims = cmp.Or(a.Name, a.Slug), slices.Clone(a.Claims)
		slices.Sort(a.Claims)
		a.Claims = slices.Compact(a.Claims)
		if known[a.ID] {
			continue
		}
		// An id of another workspace means nothing here.
		if a.ID = ids[a.Slug]; a.ID == "" || taken[a.ID] {
			if a.ID, err = newID(); err != nil {
				return c, err
			}
		}
		taken[a.ID] = true
	}
	sortCatalogue(c)
	return c, nil
}

// handOver dates the applications of which another group is named, unless
// their owners are stated: they change hands now.
func handOver(before, after evenkeel.Catalogue, now time.Time) {
	held := map[string]evenkeel.Application{}
	for _, a := range before.Applications {
		held[a.ID] = a
	}
	for i := range after.Applications {
		a := &after.Applications[i]
		was, known := held[a.ID]
		switch {
		case len(a.Owners) > 0 || !known:
		case a.Group == was.Group:
			a.Owners = was.Owners
		default:
			a.Owners = was.HandOver(a.Group, whole(now)).Owners
		}
	}
}

func sameCatalogue(a, b evenkeel.Catalogue) bool {
	return slices.Equal(a.Groups, b.Groups) && slices.Equal(a.Capabilities, b.Capabilities) && slices.EqualFunc(a.Applications, b.Applications, sameApplication)
}

func sameApplication(a, b evenkeel.Application) bool {
	return a.ID == b.ID && a.Slug == b.Slug && a.Name == b.Name && a.Group == b.Group &&
		a.Tier == b.Tier && a.Cadence == b.Cadence && a.Capability == b.Capability && a.Lifecycle == b.Lifecycle &&
		slices.Equal(a.Claims, b.Claims) && slices.EqualFunc(a.Owners, b.Owners, sameOwnership)
}

func sameOwnership(a, b evenkeel.Ownership) bool { return a.Group == b.Group && a.From.Equal(b.From) }

func (w *Workspace) writeCatalogue(tx *gorm.DB, c evenkeel.Catalogue) error {
	for _, rows := range []any{&groupRow{}, &capabilityRow{}, &claimRow{}} {
		if err := w.rows(tx).Delete(rows).Error; err != nil {
			return err
		}
	}
	if err := w.rows(tx.Model(&applicationRow{})).Update("retired", true).Error; err != nil {
		return err
	}
	if err := w.freeSlugs(tx, c); err != nil {
		return err
	}
	var groups []groupRow
	var capabilities []capabilityRow
	var applications []applicationRow
	var claims []claimRow
	for _, g := range c.Groups {
		groups = append(groups, groupRow{w.slug, g.Slug, g.Name, g.Parent})
	}
	for _, g := range c.Capabilities {
		capabilities = append(capabilities, capabilityRow{w.slug, g.Slug, g.Name, g.Parent})
	}
	for _, a := range c.Applications {
		row, err := w.applicationRow(a)
		if err != nil {
			return err
		}
		applications = append(applications, row)
		for _, claim := range a.Claims {
			claims = append(claims, claimRow{w.slug, a.ID, claim})
		}
	}
	if err := insert(tx, groups); err != nil {
		return err
	}
	if err := insert(tx, capabilities); err != nil {
		return err
	}
	replace := clause.OnConflict{Columns: []clause.Column{{Name: "workspace"}, {Name: "id"}}, UpdateAll: true}
	if err := insert(tx, applications, replace); err != nil {
		return err
	}
	return insert(tx, claims)
}

// freeSlugs takes slugs from the applications that held them before, so that
// applications can swap slugs or take one of a retired application. An id is
// never a slug's neighbour: it is put behind a character that slugs lack.
func (w *Workspace) freeSlugs(tx *gorm.DB, c evenkeel.Catalogue) error {
	for _, a := range c.Applications {
		held := w.rows(tx.Model(&applicationRow{})).Where("(slug = ? AND id <> ?) OR (id = ? AND slug <> ?)", a.Slug, a.ID, a.ID, a.Slug)
		// Each row needs a slug of its own, so the new one holds the row's id.
		if err := held.Update("slug", gorm.Expr("'~' || id")).Error; err != nil {
			return err
		}
	}
	return nil
}
