package connectors

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// accessInterval is how often it is asked what the credentials may, and which
// lists there are. That they hold at all is asked far more often.
const accessInterval = 15 * time.Minute

// knownAccess remembers permissions and lists, of which to ask takes many calls.
// It is safe for concurrent use; the zero value is ready.
type knownAccess struct {
	mu    sync.Mutex
	at    time.Time
	found evenkeel.Access
}

// get gives what was found, which find asks for where it is old.
func (k *knownAccess) get(ctx context.Context, now time.Time, find func(context.Context) (evenkeel.Access, error)) (evenkeel.Access, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.at.IsZero() || now.Sub(k.at) >= accessInterval {
		found, err := find(ctx)
		if err != nil {
			return evenkeel.Access{}, err
		}
		k.at, k.found = now, found
	}
	copied := k.found
	copied.Permissions, copied.Streams = slices.Clone(copied.Permissions), slices.Clone(copied.Streams)
	return copied, nil
}
