package evenkeel

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"
)

// StoodIncident is an incident with the times in which it stood.
type StoodIncident struct {
	Fact[Incident]

	// Applications are the ids of those that it belongs to, sorted.
	Applications []string
	// Stood are the times in which it stood, in order; the last has no end while
	// it stands. It is empty where nobody said when it began.
	Stood []Window
}

// StoodDelta is what became known of incidents, or all that is.
type StoodDelta struct {
	// Revision is the one up to which this is known, Catalogue the version by
	// which incidents belong to applications.
	Revision, Catalogue int64
	// Whole says that Incidents are all there are.
	Whole     bool
	Incidents []StoodIncident
	// Gone are the ids of incidents that are no longer shown.
	Gone []string
}

// Began is when the failure began: the earliest known of opened and detected;
// zero if neither is known.
func (i *Incident) Began() time.Time {
	if i.OpenedAt.IsZero() || !i.DetectedAt.IsZero() && i.DetectedAt.Before(i.OpenedAt) {
		return i.DetectedAt
	}
	return i.OpenedAt
}

// Restored is when service was back after the last reopening: mitigated, else
// resolved; zero while that is not known.
func (i *Incident) Restored() time.Time {
	for _, at := range []time.Time{i.MitigatedAt, i.ResolvedAt} {
		if !at.IsZero() && !at.Before(i.ReopenedAt) {
			return at
		}
	}
	return time.Time{}
}

// Stood are the times in which the incident stood, in order: from its beginning
// until it was restored, and anew from each reopening. The end of the last is
// zero while it stands. said is all that was said of it, in any order: a
// reopening takes the restoration before it out of the fact. Where nobody said
// when service was back before a reopening, the incident stood until then.
func (i *Incident) Stood(said []Observation) (list []Window) {
	from, words := i.Began(), wordsOf(said)
	if from.IsZero() {
		return nil
	}
	for _, again := range i.reopenings(words) {
		if end := endWithin(words, from, again); !end.IsZero() {
			list, from = append(list, Window{From: from, To: end}), again
		}
	}
	if end := i.Restored(); end.IsZero() || end.After(from) {
		list = append(list, Window{From: from, To: end})
	}
	return list
}

// incidentWord is what an observation says of when an incident stood.
type incidentWord struct {
	observed  time.Time
	Mitigated time.Time `json:"mitigated_at"`
	Resolved  time.Time `json:"resolved_at"`
	Reopened  time.Time `json:"reopened_at"`
}

func wordsOf(said []Observation) (words []incidentWord) {
	for _, o := range said {
		w := incidentWord{observed: o.ObservedAt}
		if !o.Deleted && json.Unmarshal(o.Fields, &w) == nil {
			words = append(words, w)
		}
	}
	return words
}

// reopenings are all that were said, after the beginning, in order.
func (i *Incident) reopenings(words []incidentWord) (list []time.Time) {
	for _, w := range append(words, incidentWord{Reopened: i.ReopenedAt}) {
		if w.Reopened.After(i.Began()) {
			list = append(list, w.Reopened)
		}
	}
	slices.SortFunc(list, time.Time.Compare)
	return slices.CompactFunc(list, time.Time.Equal)
}

// endWithin is when service was back after one instant and before another:
// mitigated, else resolved, as it was said last; zero if nobody said.
func endWithin(words []incidentWord, after, before time.Time) time.Time {
	for _, of := range []func(incidentWord) time.Time{
		func(w incidentWord) time.Time { return w.Mitigated }, func(w incidentWord) time.Time { return w.Resolved },
	} {
		var last incidentWord
		for _, w := range words {
			within := of(w).After(after) && of(w).Before(before)
			if within && cmp.Or(w.observed.Compare(last.observed), of(w).Compare(of(last))) > 0 {
				last = w
			}
		}
		if end := of(last); !end.IsZero() {
			return end
		}
	}
	return time.Time{}
}

// Concerns says whether an incident concerns an environment, given the classes
// of environments: the one that it names, all of the class that it names, else
// those of the production class. The empty environment stands for the production
// class.
func (i *Incident) Concerns(environment string, class func(string) EnvironmentClass) bool {
	of := class(environment)
	if environment == "" {
		of = Production
	}
	switch named := i.Environment; {
	case named == "":
		return of == Production
	case environment == "":
		return named == string(Production) || class(named) == Production
	default:
		return named == environment || named == string(of)
	}
}
