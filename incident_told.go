package evenkeel

import (
	"fmt"
	"slices"
	"time"
)

// ToldIncident is an incident with when what was said of it.
type ToldIncident struct {
	ID, Source string
	// FirstAt is when it was first told of; zero if that was not noted.
	FirstAt time.Time
	// Said is all that was said of it, in any order; nil where it was not asked for.
	Said []Telling
}

// Telling is an observation with when it was told; zero if that was not noted.
type Telling struct {
	At time.Time
	Observation
}

// StoodVersion is what was known of an incident since an instant.
type StoodVersion struct {
	Known time.Time
	// Value is the incident, and Stood the times in which it stood; both are empty
	// while it is deleted.
	Value Incident
	Stood []Window
}

// Versions are what was known of the incident, in the order of when it was.
func (t ToldIncident) Versions() (list []StoodVersion, err error) {
	said := slices.Clone(t.Said)
	slices.SortStableFunc(said, func(a, b Telling) int { return a.At.Compare(b.At) })
	var known []Observation
	for i, one := range said {
		known = append(known, one.Observation)
		if i+1 < len(said) && said[i+1].At.Equal(one.At) {
			continue
		}
		v := StoodVersion{Known: one.At}
		fields, gone, err := Fold(known)
		if err == nil && !gone {
			v.Value, v.Stood, err = stoodOf(fields, known)
		}
		if err != nil {
			return nil, fmt.Errorf("incident %s: %w", t.ID, err)
		}
		list = append(list, v)
	}
	return list, nil
}

func stoodOf(fields []byte, said []Observation) (Incident, []Window, error) {
	payload, err := Decode(KindIncident, fields)
	i, ok := payload.(*Incident)
	if err != nil || !ok {
		return Incident{}, nil, fmt.Errorf("decode: %w", err)
	}
	return *i, i.Stood(said), nil
}
