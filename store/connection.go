package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// connectionRow is an address that one installation of a source delivers to.
// Secrets are references; what they stand for is never in the database.
type connectionRow struct {
	ID        string `gorm:"primaryKey"`
	Workspace string `gorm:"uniqueIndex:connections_name,priority:1"`
	Source    string
	Name      string `gorm:"uniqueIndex:connections_name,priority:2"`
	// Secrets is a JSON list, and Settings a JSON object or empty.
	Secrets   []byte
	Settings  []byte
	Managed   string
	CreatedAt instant `gorm:"autoCreateTime:false"`
}

func (connectionRow) TableName() string { return "connections" }

func (r connectionRow) connection() (evenkeel.Connection, error) {
	c := evenkeel.Connection{
		ID: r.ID, Workspace: r.Workspace, Source: r.Source, Name: r.Name, Managed: r.Managed, CreatedAt: r.CreatedAt.Time(),
	}
	if len(r.Settings) > 0 {
		c.Settings = r.Settings
	}
	if err := json.Unmarshal(r.Secrets, &c.Secrets); err != nil {
		return c, fmt.Errorf("connection %q: %w", r.Name, err)
	}
	return c, nil
}

// Connection finds a connection by its id, in whatever workspace;
// ErrNotFound where there is none.
func (s *Store) Connection(ctx context.Context, id string) (evenkeel.Connection, error) {
	if !storable(id) {
		return evenkeel.Connection{}, fmt.Errorf("store: connection: %w", evenkeel.ErrNotFound)
	}
	row, err := gorm.G[connectionRow](s.reader).Where("id = ?", id).Take(ctx)
	if err != nil {
		return evenkeel.Connection{}, fmt.Errorf("store: connection: %w", translate(err))
	}
	c, err := row.connection()
	if err != nil {
		return c, fmt.Errorf("store: %w", err)
	}
	known, err := gorm.G[streamRow](s.reader).Where("workspace = ? AND connection = ? AND name = ?", c.Workspace, c.ID, "").Find(ctx)
	if err != nil {
		return c, fmt.Errorf("store: connection: %w", translate(err))
	}
	return c, teach(&c, known)
}

// teach fills in what the streams without a name know of a connection.
func teach(c *evenkeel.Connection, known []streamRow) error {
	for _, row := range known {
		if row.Connection != c.ID || len(row.Cursor) == 0 {
			continue
		}
		var access evenkeel.Access
		if err := json.Unmarshal(row.Cursor, &access); err != nil {
			return fmt.Errorf("store: access of connection %q: %w", c.Name, err)
		}
		c.Names = access.Names
	}
	return nil
}

// Connections lists the workspace's connections by name.
func (w *Workspace) Connections(ctx context.Context) ([]evenkeel.Connection, error) {
	rows, err := of[connectionRow](w, w.reader).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("store: connections: %w", translate(err))
	}
	known, err := of[streamRow](w, w.reader).Where("name = ?", "").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("store: connections: %w", translate(err))
	}
	list := make([]evenkeel.Connection, len(rows))
	for i, row := range rows {
		if list[i], err = row.connection(); err != nil {
			return nil, fmt.Errorf("store: %w", err)
		}
		if err := teach(&list[i], known); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(list, func(a, b evenkeel.Connection) int { return cmp.Compare(a.Name, b.Name) })
	return list, nil
}

// SaveConnection keeps a connection and returns it as it is kept. One without
// id is new: it gets an id that cannot be guessed, and a zero CreatedAt is
// now. The id, source and creation of an existing one do not change. A name
// of another connection, or another source, is ErrConflict; an unknown id is
// ErrNotFound.
func (w *Workspace) SaveConnection(ctx context.Context, c evenkeel.Connection) (evenkeel.Connection, error) {
	row, err := w.connectionRow(c)
	if err != nil {
		return c, fmt.Errorf("store: save connection: %w", err)
	}
	err = w.write(ctx, func(tx *gorm.DB) error {
		if _, err := w.lock(ctx, tx); err != nil {
			return err
		}
		if err := w.checkName(ctx, tx, row); err != nil {
			return err
		}
		if c.ID == "" {
			return tx.Create(&row).Error
		}
		return w.replaceConnection(ctx, tx, &row)
	})
	if err != nil {
		return c, fmt.Errorf("store: save connection %q: %w", c.Name, err)
	}
	return row.connection()
}

// connectionRow checks a connection and makes its row.
func (w *Workspace) connectionRow(c evenkeel.Connection) (row connectionRow, err error) {
	for field, text := range map[string]string{"name": c.Name, "source": c.Source} {
		if text == "" || len(text) > evenkeel.MaxText || !storable(text) {
			return row, fmt.Errorf("%w: %s: give 1 to %d bytes of UTF-8 text", evenkeel.ErrInvalid, field, evenkeel.MaxText)
		}
	}
	if len(c.Settings) > 0 {
		var members map[string]json.RawMessage
		if err := json.Unmarshal(c.Settings, &members); err != nil {
			return row, fmt.Errorf("%w: settings: give a JSON object: %w", evenkeel.ErrInvalid, err)
		}
	}
	row = connectionRow{
		ID: c.ID, Workspace: w.slug, Source: c.Source, Name: c.Name, Settings: c.Settings,
		Managed: cmp.Or(c.Managed, "api"), CreatedAt: instantOf(c.CreatedAt),
	}
	if row.Secrets, err = json.Marshal(c.Secrets); err != nil {
		return row, err
	}
	if row.CreatedAt == 0 {
		row.CreatedAt = instantOf(w.now())
	}
	if row.ID == "" {
		row.ID, err = newAddress()
	}
	return row, err
}

// newAddress is a random id that cannot be guessed: 128 bits in hexadecimal
// digits.
func newAddress() (string, error) {
	var raw [16]byte
	_, err := rand.Read(raw[:])
	return hex.EncodeToString(raw[:]), err
}

func (w *Workspace) checkName(ctx context.Context, tx *gorm.DB, row connectionRow) error {
	n, err := of[connectionRow](w, tx).Where("name = ? AND id <> ?", row.Name, row.ID).Count(ctx, "*")
	if err == nil && n > 0 {
		err = fmt.Errorf("%w: name: another connection has it; choose another name", evenkeel.ErrConflict)
	}
	return err
}

func (w *Workspace) replaceConnection(ctx context.Context, tx *gorm.DB, row *connectionRow) error {
	held, err := of[connectionRow](w, tx).Where("id = ?", row.ID).Take(ctx)
	if err != nil {
		return err
	}
	if held.Source != row.Source {
		return fmt.Errorf("%w: source: it is %q and cannot change; make another connection", evenkeel.ErrConflict, held.Source)
	}
	row.CreatedAt = held.CreatedAt
	_, err = of[connectionRow](w, tx).Where("id = ?", row.ID).Select("name", "secrets", "settings", "managed").Updates(ctx, *row)
	return err
}

// RemoveConnection takes a connection away; ErrNotFound where there is none.
// What it has delivered stays, and so does when it was there.
func (w *Workspace) RemoveConnection(ctx context.Context, id string) error {
	if !storable(id) {
		return fmt.Errorf("store: remove connection: %w", evenkeel.ErrNotFound)
	}
	err := w.write(ctx, func(tx *gorm.DB) error {
		if err := w.takeDown(ctx, tx, id); err != nil {
			return err
		}
		_, err := of[connectionRow](w, tx).Where("id = ?", id).Delete(ctx)
		if err == nil {
			_, err = of[streamRow](w, tx).Where("connection = ?", id).Delete(ctx)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("store: remove connection: %w", err)
	}
	return nil
}
