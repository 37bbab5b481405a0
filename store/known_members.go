package store

import (
	"context"
	"sync"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// members says what belonged to which application, by a version of the
// catalogue.
type members struct {
	catalogue *resolver
	// subjects are by application.
	subjects map[string][]string
	// owners are the applications of each subject that has some.
	owners map[string][]string
	// unclaimed subjects belong to no application; ghosts are those of them
	// that name some.
	unclaimed map[string]bool
	ghosts    []string
}

// membersAt decides the memberships of all subjects as they were at a
// revision. Subjects that came later had no facts then.
func (w *Workspace) membersAt(ctx context.Context, tx *gorm.DB, revision int64) (members, error) {
	m := members{subjects: map[string][]string{}, owners: map[string][]string{}, unclaimed: map[string]bool{}}
	version, _, err := w.catalogueVersionOf(ctx, tx, revision)
	if err != nil {
		return m, err
	}
	c, err := w.catalogueNamed(ctx, tx, version)
	if err != nil {
		return m, err
	}
	m.catalogue = newResolver(c, version)
	rows, err := of[subjectRow](w, tx).Select("subject").Find(ctx)
	for _, row := range rows {
		m.add(row.Subject)
	}
	return m, err
}

func (m *members) add(text string) {
	subject := evenkeel.ParseSubject(text)
	matches := m.catalogue.resolve(subject)
	if len(matches) == 0 && !subject.Apart {
		m.unclaimed[text] = true
		if len(subject.Applications) > 0 {
			m.ghosts = append(m.ghosts, text)
		}
	}
	for i, match := range matches { // Those of one application are neighbours.
		if i == 0 || matches[i-1].Application != match.Application {
			m.subjects[match.Application] = append(m.subjects[match.Application], text)
			m.owners[text] = append(m.owners[text], match.Application)
		}
	}
}

// maxMoments is how many moments are remembered, of all workspaces.
const maxMoments = 4

// momentKey names a moment; the secret tells a workspace from one that was
// removed and made again.
type momentKey struct {
	secret   string
	revision int64
}

// moments remembers the moments that were used last. The zero value is ready.
type moments struct {
	mu    sync.Mutex
	order []momentKey
	held  map[momentKey]*moment
	busy  map[momentKey]*busy
}

// busy keeps others from making the same moment.
type busy struct {
	sync.Mutex
	users int
}

// lock lets one caller at a time make a moment, and returns how it ends.
func (c *moments) lock(key momentKey) (unlock func()) {
	c.mu.Lock()
	if c.busy == nil {
		c.busy = map[momentKey]*busy{}
	}
	b := c.busy[key]
	if b == nil {
		b = &busy{}
		c.busy[key] = b
	}
	b.users++
	c.mu.Unlock()
	b.Lock()
	return func() {
		b.Unlock()
		c.mu.Lock()
		defer c.mu.Unlock()
		if b.users--; b.users == 0 {
			delete(c.busy, key)
		}
	}
}

func (c *moments) get(key momentKey) *moment {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.held[key]
}

// put remembers a moment unless a later state of it is there.
func (c *moments) put(key momentKey, m *moment) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held == nil {
		c.held = map[momentKey]*moment{}
	}
	if held := c.held[key]; held != nil && held.upTo > m.upTo {
		return
	}
	if c.held[key] == nil {
		c.order = append(c.order, key)
	}
	c.held[key] = m
	for len(c.order) > maxMoments {
		delete(c.held, c.order[0])
		c.order = c.order[1:]
	}
}
