package evenkeel

import (
	"encoding/json"
	"time"
)

// Entry is a current fact of any kind, as lists of all facts show it.
type Entry struct {
	ID         string
	Kind       Kind
	Source     string
	ExternalID string
	// At is the fact's own instant; see [Filter].
	At time.Time
	// ReceivedAt is when its first observation was recorded.
	ReceivedAt time.Time
	// Revision last changed the fact.
	Revision    int64
	Environment string
	// Status is the state of a deployment or change, the result of a build or
	// evidence, the severity of an incident, the action on a flag,
	// whether an alert is firing or ended.
	Status     string
	Repository string
	Subject    Subject
	// Fields are the folded fields of the payload, a JSON object.
	Fields json.RawMessage
}

// EntryFilter narrows a list of entries. Zero members do not narrow; several
// values of one member are alternatives.
type EntryFilter struct {
	Kinds   []Kind
	Sources []string
	// Applications are ids.
	Applications []string
	// Unclaimed asks for facts that belong to no application.
	Unclaimed    bool
	Environments []string
	Statuses     []string
	// Query is a part of the external id or repository, whatever the case.
	Query  string
	Window Window
	Cursor string
	// Limit is the most items of a page; 0 is 50, and 500 is the most.
	Limit int
}

// Facets counts the facts that a filter finds, by value of each column. A
// facet's counts leave the filter's own choice in that column out, so that
// other choices can be compared.
type Facets struct {
	Total        int
	Kinds        map[Kind]int
	Sources      map[string]int
	Environments map[string]int
	Statuses     map[string]int
	// Applications counts by id; a fact of several counts in each.
	Applications map[string]int
}

// HistogramBar counts facts of one kind in one stretch of time.
type HistogramBar struct {
	From time.Time
	Kind Kind
	N    int
}

// Lineage is where a fact comes from.
type Lineage struct {
	Entry Entry
	// Observations are what was said, in the order in which it became known.
	Observations []Said
}

// Said is one observation with its way into the store.
type Said struct {
	Source     string
	ExternalID string
	ObservedAt time.Time
	Deleted    bool
	Final      bool
	Fields     json.RawMessage
	// RecordedAt and Revision are when the store took it in.
	RecordedAt time.Time
	Revision   int64
	// Deliveries brought it, oldest first; none for what was imported or posted.
	Deliveries []DeliveryRef
}

// DeliveryRef names a delivery.
type DeliveryRef struct {
	ID         string
	Connection string
	Source     string
	Event      string
	ReceivedAt time.Time
}

// DeliveredFact is a fact that a delivery speaks of.
type DeliveredFact struct {
	Entry Entry
	// Fresh says that the delivery was the first to say what it says of the fact.
	Fresh bool
	// Gone says that the fact is not shown: deleted, or taken in by another.
	Gone bool
}

// SeriesInfo names a series of measurements or flag usage.
type SeriesInfo struct {
	ID     string
	Kind   Kind
	Source string
	// Name is the series or the flag.
	Name        string
	Application string
	Environment string
	// SliceSeconds is the length of its slices.
	SliceSeconds int
	// FirstAt and LastAt are the beginnings of its first and last slice.
	FirstAt, LastAt time.Time
	// Batches counts the batches that were taken in; of those without an id the
	// ones that said something new.
	Batches int
}

// Erased counts what an erasure changed.
type Erased struct {
	Observations int `json:"observations"`
	Facts        int `json:"facts"`
	Bodies       int `json:"bodies"`
	// Links counts what people said of incidents.
	Links int `json:"links"`
	// ServiceLevels counts versions and corrections of service levels.
	ServiceLevels int `json:"service_levels"`
}

// ChangedFact is a fact as it stands after a revision changed it.
type ChangedFact struct {
	ID, ExternalID string
	// Gone says that its source has deleted it.
	Gone bool
	// ObservedAt is the newest instant at which anything was said of it.
	ObservedAt time.Time
	Fields     json.RawMessage
}
