package views

import (
	"time"

	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// Known says from what an answer as of an instant is made. What became known
// later changes nothing in it.
type Known struct {
	AsOf time.Time `json:"as_of"`
	// Revision is the last one at or before the instant; 0 before the first.
	Revision int64 `json:"revision"`
	// FirstKnownAt is the instant of the first revision; null without one.
	FirstKnownAt *time.Time `json:"first_known_at" doc:"When the first fact or catalogue became known; null while nothing is"`
	// CatalogueAssumed says that the catalogue of then was not kept, and that
	// the first one that was stands in.
	CatalogueAssumed bool `json:"catalogue_assumed" doc:"The catalogue of then was not kept; the first one that was kept stands in"`
}

// KnownOf is what results as of an instant are made from; nil for those of the
// present.
func KnownOf(r *jobs.Results) *Known {
	if r.Known == nil {
		return nil
	}
	k := &Known{AsOf: r.Known.At.UTC(), Revision: r.Known.Revision, CatalogueAssumed: r.Known.Assumed}
	if first := r.Known.FirstAt.UTC(); !r.Known.FirstAt.IsZero() {
		k.FirstKnownAt = &first
	}
	return k
}
