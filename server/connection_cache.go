package server

import (
	"context"
	"sync"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// connectionLifetime is how long a connection is taken from memory, so that a
// burst of deliveries does not ask the store for it each time. A change made
// by another process holds after that.
const connectionLifetime = 5 * time.Second

// connectionCache holds the connections that deliveries come through. Unknown
// ids are not held. It is safe for concurrent use; the zero value is ready.
type connectionCache struct {
	mu   sync.Mutex
	held map[string]evenkeel.Connection
	// sources are all connections of a source, of any workspace.
	sources map[string][]evenkeel.Connection
	// changes counts what was forgotten: what was read before is out of date.
	changes int
}

// of finds a connection by id.
func (k *connectionCache) of(ctx context.Context, store Store, id string) (evenkeel.Connection, error) {
	k.mu.Lock()
	c, ok := k.held[id]
	changes := k.changes
	k.mu.Unlock()
	if ok {
		return c, nil
	}
	c, err := store.Connection(ctx, id)
	if err != nil {
		return c, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.changes != changes {
		return c, nil
	}
	k.hold()
	k.held[id] = c
	return c, nil
}

// hold makes room; what is held is forgotten after a while.
func (k *connectionCache) hold() {
	if k.held == nil {
		k.held, k.sources = map[string]evenkeel.Connection{}, map[string][]evenkeel.Connection{}
		time.AfterFunc(connectionLifetime, k.forget)
	}
}

// ofSource lists the connections of a source in all workspaces.
func (k *connectionCache) ofSource(ctx context.Context, s *Server, source string) ([]evenkeel.Connection, error) {
	k.mu.Lock()
	all, ok := k.sources[source]
	changes := k.changes
	k.mu.Unlock()
	if ok {
		return all, nil
	}
	workspaces, err := s.Store.Workspaces(ctx)
	if err != nil {
		return nil, err
	}
	all = []evenkeel.Connection{}
	for _, w := range workspaces {
		list, err := s.Workspace(w.Slug).Connections(ctx)
		if err != nil {
			return nil, err
		}
		for _, c := range list {
			if c.Source == source {
				all = append(all, c)
			}
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.changes == changes {
		k.hold()
		k.sources[source] = all
	}
	return all, nil
}

// forget drops all connections, because one has changed or they are old.
func (k *connectionCache) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.held, k.sources = nil, nil
	k.changes++
}
