package evenkeel

import "time"

// Known says what a workspace knew at an instant. What was recorded later
// changes none of it.
type Known struct {
	// At is the instant that was asked for.
	At time.Time
	// Revision is the last one at or before it; 0 before the first.
	Revision int64
	// FirstAt is the instant of the workspace's first revision; zero where it
	// has none even now.
	FirstAt time.Time
	// Catalogue is the version of the catalogue then; 0 before the first.
	Catalogue int64
	// Assumed says that the catalogue then was not kept: the first one that
	// was kept stands in.
	Assumed bool
	// Policy was in force then.
	Policy Policy
}
