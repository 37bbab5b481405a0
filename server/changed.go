package server

import (
	"context"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

const (
	// maxDistance is how many calls away a cause is looked for.
	maxDistance = 3
	// maxChangedPages bounds the search where most facts are of other environments.
	maxChangedPages = 20
)

type changedInput struct {
	WorkspaceInput
	Application string `query:"application" required:"true" doc:"Slug of the application" minLength:"1" maxLength:"63"`
	Since       string `query:"since" doc:"A length such as 30m, 2h or 7d counted back from until, an RFC 3339 instant or a date; 2h by default" maxLength:"40"`
	Until       string `query:"until" doc:"RFC 3339 instant or a date, when the problem was seen; now by default" maxLength:"40"`
	Environment string `query:"environment" doc:"Name of an environment, or a class; the production class by default. Happenings in other environments of the class are listed too." maxLength:"200"`
	AsOfInput
}

func (s *Server) getChanged(ctx context.Context, in *changedInput) (*body[views.Changed], error) {
	results, facts, err := s.factsAsOf(ctx, in.WorkspaceInput, in.AsOfInput)
	if err != nil {
		return nil, err
	}
	changed, err := Changed(ctx, facts, results, ChangedQuestion{
		Application: in.Application, Since: in.Since, Until: in.Until, Environment: in.Environment, Now: s.present(results),
	})
	return answer(changed), err
}

// ChangedQuestion is what is asked of the surroundings of an application; see
// the parameters of the API.
type ChangedQuestion struct {
	Application, Since, Until, Environment string
	// AsOf is the instant as of which is asked; empty is the present.
	AsOf string
	Now  time.Time
}

// Changed finds what happened to an application and to what it needs. The
// command line asks it of the local store.
func Changed(ctx context.Context, w Facts, r *jobs.Results, q ChangedQuestion) (views.Changed, error) {
	window, err := views.ParseSince(q.Since, q.Until, views.Present(q.Now), r.Policy.Location())
	if err != nil {
		return views.Changed{}, err
	}
	around, err := surroundings(ctx, w, r, q.Application)
	if err != nil {
		return views.Changed{}, err
	}
	around.Environment = q.Environment
	facts, more, err := happened(ctx, w, r.Policy, around, window)
	if err != nil {
		return views.Changed{}, err
	}
	return views.NewChanged(r, around, window, facts, more), nil
}

// surroundings follows dependencies from an application to what it needs.
func surroundings(ctx context.Context, w Facts, r *jobs.Results, slug string) (views.Surroundings, error) {
	target, err := r.Application(slug)
	if err != nil {
		return views.Surroundings{}, err
	}
	ids := make(map[string]string, len(r.Catalogue.Applications))
	for _, a := range r.Catalogue.Applications {
		ids[a.Slug] = a.ID
	}
	s := views.Surroundings{Target: target, Distances: map[string]int{}}
	s.Distances[s.Target.ID] = 0
	edge := []string{s.Target.ID}
	for distance := 1; distance <= maxDistance && len(edge) > 0; distance++ {
		needed, err := neededBy(ctx, w, edge)
		if err != nil {
			return s, err
		}
		edge = edge[:0:0]
		for _, slug := range needed {
			id, known := ids[slug]
			if _, seen := s.Distances[id]; known && !seen {
				s.Distances[id] = distance
				edge = append(edge, id)
			}
		}
	}
	return s, nil
}

// neededBy lists the slugs of what applications need.
func neededBy(ctx context.Context, w Facts, applications []string) (slugs []string, err error) {
	f := evenkeel.Filter{Applications: applications, Limit: maxPage}
	for {
		page, err := w.Dependencies(ctx, f)
		if err != nil {
			return nil, err
		}
		for _, d := range page.Items {
			slugs = append(slugs, d.Value.To)
		}
		if f.Cursor = page.Next; f.Cursor == "" {
			return slugs, nil
		}
	}
}

// maxPage is the most items that the store lists at once.
const maxPage = 500

// happened reads what happened in the surroundings, newest first; more says
// that the list was cut.
func happened(ctx context.Context, w Facts, p evenkeel.Policy, around views.Surroundings, window evenkeel.Window) (found []evenkeel.Entry, more bool, err error) {
	f := evenkeel.EntryFilter{
		Kinds:        []evenkeel.Kind{evenkeel.KindDeployment, evenkeel.KindFlagChange, evenkeel.KindIncident},
		Applications: around.Nearest(), Window: window, Limit: maxPage,
	}
	for range maxChangedPages {
		page, err := w.Entries(ctx, f)
		if err != nil {
			return nil, false, err
		}
		for _, e := range page.Items {
			if around.Concerns(p, e) {
				found = append(found, e)
			}
		}
		if f.Cursor = page.Next; f.Cursor == "" || len(found) > views.MaxChanged {
			break
		}
	}
	return found, f.Cursor != "", nil
}
