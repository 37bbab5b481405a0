package evenkeel

import (
	"encoding/json"
	"time"
)

// LevelSearch is the last search of a workspace for services that could have
// service levels. The zero value is none.
type LevelSearch struct {
	// Running says that somebody searches, and SeenAt when that was last known;
	// who searches and is gone is not seen any more.
	Running bool
	SeenAt  time.Time
	// Body is how far the search is and what it has found, a JSON value that only
	// the server understands.
	Body json.RawMessage
	// Version counts the changes: 0 where there was no search yet.
	Version int64
}
