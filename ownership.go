package evenkeel

import (
	"slices"
	"time"
)

// Ownerships are the owners of an application one after the other; there is
// at least one, and the first owns from the beginning.
func (a Application) Ownerships() []Ownership {
	if len(a.Owners) == 0 {
		return []Ownership{{Group: a.Group}}
	}
	return a.Owners
}

// OwnedBy lists when one of the groups owned the application, ascending and
// without overlap. A zero From is the beginning, a zero To has not come.
func (a Application) OwnedBy(groups []string) []Window {
	var spans []Window
	owners := a.Ownerships()
	for i, o := range owners {
		if !slices.Contains(groups, o.Group) {
			continue
		}
		span := Window{From: o.From}
		if i+1 < len(owners) {
			span.To = owners[i+1].From
		}
		if last := len(spans) - 1; last >= 0 && spans[last].To.Equal(span.From) && !span.From.IsZero() {
			spans[last].To = span.To
			continue
		}
		spans = append(spans, span)
	}
	return spans
}

// HandOver is the application as a group owns it from an instant on. What the
// group owns already stays as it is; what a later instant said is forgotten.
func (a Application) HandOver(group string, from time.Time) Application {
	owners := slices.Clone(a.Ownerships())
	for len(owners) > 1 && !owners[len(owners)-1].From.Before(from) {
		owners = owners[:len(owners)-1]
	}
	if owners[len(owners)-1].Group != group {
		owners = append(owners, Ownership{Group: group, From: from})
	}
	a.Group, a.Owners = group, owners
	if len(owners) == 1 {
		a.Owners = nil
	}
	return a
}

// CheckOwners says, as FieldErrors, what is wrong with the owners of an
// application. Groups that are no more may have been owners.
func (a Application) CheckOwners() error {
	var p problems
	for i, o := range a.Owners {
		switch {
		case i == 0 && !o.From.IsZero():
			p.add("owners[0].from", "must be left out: the first owner owns from the beginning")
		case i > 0 && !o.From.After(a.Owners[i-1].From):
			p.add(indexed("owners", i, "from"), "must be later than that of the owner before")
		}
	}
	if n := len(a.Owners); n > 0 && a.Owners[n-1].Group != a.Group {
		p.add("group", "is "+quoted(a.Group)+", but the last owner is "+quoted(a.Owners[n-1].Group))
	}
	return p.err()
}
