package evenkeel

import "time"

// LastRevision asks for the present where a revision is asked for.
const LastRevision int64 = 1<<63 - 1

// ServiceLevel is one version of a service-level objective: its document, and
// where that came from. Versions never change.
type ServiceLevel struct {
	// ID is the metadata.name of its newest document, and Key what stays when
	// that changes.
	ID, Key string
	// Number counts the versions from 1.
	Number int64
	// Application is the document's service: the slug of an application.
	Application string
	// Document is OpenSLO as YAML.
	Document string
	// Source says where the document came from.
	Source ServiceLevelSource
	// At is when the version was kept, CreatedAt when the first was; By names
	// who kept it, as audit entries do.
	At, CreatedAt time.Time
	By            string
	// RetiredAt is when it was retired; zero while it counts.
	RetiredAt time.Time
	// Revision is the one that brought the version.
	Revision int64
}

// ServiceLevelSource is where a document came from.
type ServiceLevelSource struct {
	Kind ServiceLevelOrigin
	// Name is the file or the suggestion; empty if nothing names it.
	Name string
}

// ServiceLevelOrigin is a way in which documents come in.
type ServiceLevelOrigin string

// The origins of documents.
const (
	// FromConfig is a file of the configuration: the configuration takes it away
	// when it no longer has it.
	FromConfig ServiceLevelOrigin = "config"
	// FromFile was imported once.
	FromFile ServiceLevelOrigin = "file"
	FromUI   ServiceLevelOrigin = "ui"
	// FromSuggestion was proposed from what is measured, and accepted.
	FromSuggestion ServiceLevelOrigin = "suggestion"
	FromDemo       ServiceLevelOrigin = "demo"
)

// ServiceLevelChange puts a document in the place of the last one.
type ServiceLevelChange struct {
	// Before is the id that the service level has had; empty if it has the new
	// one, or is new.
	Before string
	// ID, Application and Document are those of [ServiceLevel].
	ID, Application, Document string
	Source                    ServiceLevelSource
	By                        string
	// Base is the number of the version that the change was made from; 0
	// replaces whatever is there.
	Base int64
	// New refuses an id that is taken.
	New bool
}

// ServiceLevelFilter narrows a list of service levels. Zero members do not
// narrow.
type ServiceLevelFilter struct {
	// Applications are slugs, as documents name them.
	Applications []string
	// Sources are origins.
	Sources []ServiceLevelOrigin
	// Query is a part of the id, whatever the case.
	Query string
	// Retired lists also those that were retired.
	Retired bool
	Cursor  string
	// Limit is the most items of a page; 0 is 50, and 500 is the most.
	Limit int
}

// CorrectionMode is what a correction makes of a stretch of time.
type CorrectionMode string

// The modes of corrections.
const (
	// CorrectionExclude takes the time out of the count.
	CorrectionExclude CorrectionMode = "exclude"
	// CorrectionGood counts the bad of that time as good.
	CorrectionGood CorrectionMode = "good"
)

// Correction is what people said of a stretch of time, maintenance or bad
// data. It is never changed, only withdrawn.
type Correction struct {
	ID string
	// ServiceLevel is an id.
	ServiceLevel string
	// From and To bound the time, [From, To).
	From, To time.Time
	Mode     CorrectionMode
	Reason   string
	// Author names who said it, as audit entries do, and At when.
	Author string
	At     time.Time
	// WithdrawnAt is when it was withdrawn, zero if it holds, and WithdrawnBy
	// who did.
	WithdrawnAt time.Time
	WithdrawnBy string
}

// Holds says whether a correction had been made by an instant, and was not
// withdrawn until then.
func (c Correction) Holds(at time.Time) bool {
	return !c.At.After(at) && (c.WithdrawnAt.IsZero() || c.WithdrawnAt.After(at))
}

// AlertSpan is one time that an alert of a service level stood: while Until is
// zero it still does.
type AlertSpan struct {
	// ServiceLevel is an id, Objective the objective's name, and Series the
	// labels of the series, empty if there is only one.
	ServiceLevel, Objective, Series string
	// Severity is "page" or "ticket", and Row names the row of the window set.
	Severity, Row string
	From, Until   time.Time
	// Peak is the greatest burn rate while it stood.
	Peak float64
	// State is the alert's last state.
	State string
}

// AlertSpanFilter narrows a list of alert spans. Zero members do not narrow.
type AlertSpanFilter struct {
	// ServiceLevels are ids.
	ServiceLevels []string
	// Open lists only those that still stand.
	Open bool
	// Window is on their time; one that touches it is listed.
	Window Window
	Cursor string
	// Limit is the most items of a page; 0 is 50, and 500 is the most.
	Limit int
}

// MeasuredHour is what is known of an hour of a series.
type MeasuredHour struct {
	// Series is an id.
	Series string
	// Hour is its beginning.
	Hour   time.Time
	Slices []Slice
}

// LateHour is an hour of a series of which something became known late.
type LateHour struct {
	Series string
	Hour   time.Time
	// FirstAt is when something of the hour first became known, late itself where
	// an hour was filled in, and LastAt when the hour was last changed.
	FirstAt, LastAt time.Time
	// Changes counts the transactions that came late.
	Changes int
	// Before is what was known of the hour in time, or first where nothing was,
	// and Now what is known. Both are nil where nothing has changed since.
	Before, Now []Slice
}
