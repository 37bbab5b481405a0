package jobs

import (
	"fmt"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// Scope says whose figures are wanted: those of one application, of a group
// or capability with all below it, by their slugs, or of the whole workspace
// when all are empty.
type Scope struct {
	Application, Group, Capability string
	// Today lays what happened to who owns an application today. Otherwise it
	// is laid to who owned the application when it happened.
	Today bool
}

// Ownership is how the API names Today.
func (s Scope) Ownership() string {
	if s.Today {
		return "today"
	}
	return "then"
}

// Applications lists the ids of the applications that are in scope today. An
// unknown slug is ErrNotFound, more than one ErrInvalid.
func (r *Results) Applications(s Scope) ([]string, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	switch {
	case s.Application != "":
		a, err := r.Application(s.Application)
		if err != nil {
			return nil, err
		}
		return []string{a.ID}, nil
	case s.Group != "":
		if r.Catalogue.Descendants(s.Group) == nil {
			return nil, r.missing("group", s.Group)
		}
		return r.Catalogue.Owned(s.Group), nil
	case s.Capability != "":
		if !slices.ContainsFunc(r.Catalogue.Capabilities, func(c evenkeel.Group) bool { return c.Slug == s.Capability }) {
			return nil, r.missing("capability", s.Capability)
		}
		return r.Catalogue.Serving(s.Capability), nil
	}
	ids := make([]string, len(r.Catalogue.Applications))
	for i, a := range r.Catalogue.Applications {
		ids[i] = a.ID
	}
	return ids, nil
}

// Application finds an application by its slug; ErrNotFound where the catalogue
// of the results has none.
func (r *Results) Application(slug string) (evenkeel.Application, error) {
	at := slices.IndexFunc(r.Catalogue.Applications, func(a evenkeel.Application) bool { return a.Slug == slug })
	if at < 0 {
		return evenkeel.Application{}, r.missing("application", slug)
	}
	return r.Catalogue.Applications[at], nil
}

// missing is the error of what is not in the catalogue, or was not.
func (r *Results) missing(what, slug string) error {
	if r.Known != nil {
		return fmt.Errorf("%s %q was not in the catalogue at %s: %w", what, slug, r.Known.At.Format(time.RFC3339), evenkeel.ErrNotFound)
	}
	return fmt.Errorf("%s %q: %w", what, slug, evenkeel.ErrNotFound)
}

func (s Scope) check() error {
	given := 0
	for _, slug := range []string{s.Application, s.Group, s.Capability} {
		if slug != "" {
			given++
		}
	}
	if given > 1 {
		return evenkeel.FieldErrors{{Field: "group", Rule: "give one of application, group and capability"}}
	}
	return nil
}

// Parts are the results in scope, as Applications finds them; for a group they
// hold what happened while it, or a group below it, owned an application.
func (r *Results) Parts(s Scope) ([]metrics.Derived, error) {
	ids, err := r.Applications(s)
	if err != nil || s.Group == "" {
		return r.Of(ids), err
	}
	return r.Held(r.Catalogue.Descendants(s.Group), s.Today), nil
}

// Held are the results of what the groups given own, without those below them.
func (r *Results) Held(groups []string, today bool) []metrics.Derived {
	var parts []metrics.Derived
	for _, a := range r.Catalogue.Applications {
		d, ok := r.Derived[a.ID]
		if spans := spansOf(a, groups, today); ok && len(spans) > 0 {
			parts = append(parts, r.cuttings.within(d, spans))
		}
	}
	return parts
}

// HeldByEach are the results of what each group owns, by its slug, without the
// groups below it.
func (r *Results) HeldByEach(today bool) map[string][]metrics.Derived {
	held := map[string][]metrics.Derived{}
	for _, a := range r.Catalogue.Applications {
		d, ok := r.Derived[a.ID]
		if !ok {
			continue
		}
		seen := map[string]bool{}
		for _, o := range append(a.Ownerships(), evenkeel.Ownership{Group: a.Group}) {
			if spans := spansOf(a, []string{o.Group}, today); !seen[o.Group] && len(spans) > 0 {
				held[o.Group] = append(held[o.Group], r.cuttings.within(d, spans))
			}
			seen[o.Group] = true
		}
	}
	return held
}

// spansOf says when groups own an application: always, if who owns it today
// is to answer for all of it.
func spansOf(a evenkeel.Application, groups []string, today bool) []evenkeel.Window {
	if !today {
		return a.OwnedBy(groups)
	}
	if slices.Contains(groups, a.Group) {
		return []evenkeel.Window{{}}
	}
	return nil
}
