package evenkeel

import "errors"

// The five kinds of failure that callers may act on. Everything else is
// internal: it is logged, and its text never reaches a client.
var (
	// ErrNotFound says that the named thing does not exist in the workspace.
	ErrNotFound = errors.New("not found")
	// ErrInvalid says that the input breaks a rule; the text names field and fix.
	ErrInvalid = errors.New("invalid")
	// ErrConflict says that the thing exists already or changed meanwhile.
	ErrConflict = errors.New("conflict")
	// ErrDenied says that the caller is unknown or may not do this.
	ErrDenied = errors.New("denied")
	// ErrIgnored says that an input is genuine and holds nothing of interest.
	ErrIgnored = errors.New("ignored")
)
