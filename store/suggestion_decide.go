package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// refused says why nothing was changed by a suggestion.
func refused(id string, err error) evenkeel.SuggestionOutcome {
	return evenkeel.SuggestionOutcome{ID: id, Refused: err}
}

// AcceptSuggestions makes suggestions hold, in the order given, as one version
// of the catalogue; dependencies become declared facts. Each is accepted or
// refused for itself; of two that contradict each other both are refused. The
// outcomes are in the order of the ids.
func (w *Workspace) AcceptSuggestions(ctx context.Context, ids []string, how evenkeel.Acceptance) ([]evenkeel.SuggestionOutcome, error) {
	needs, err := w.Needs(ctx)
	if err != nil {
		return nil, fmt.Errorf("store: accept suggestions: %w", err)
	}
	how.Now = whole(w.now())
	how.From = whole(how.From)
	var outcomes []evenkeel.SuggestionOutcome
	err = w.write(ctx, func(tx *gorm.DB) error {
		row, err := w.lock(ctx, tx)
		if err != nil {
			return err
		}
		before, err := w.catalogue(ctx, tx)
		if err != nil {
			return err
		}
		chosen, err := w.chosen(ctx, tx, before, ids)
		if err != nil {
			return err
		}
		var after evenkeel.Catalogue
		after, outcomes = accepted(before, chosen, ids, how, needs)
		if err := checkCatalogue(after); err != nil {
			return err
		}
		if err := w.replaceCatalogue(ctx, tx, row, before, after); err != nil {
			return err
		}
		return w.decide(ctx, tx, outcomes, evenkeel.SuggestionAccepted, how.By)
	})
	if err == nil {
		err = w.declare(ctx, outcomes, how)
	}
	if err != nil {
		return nil, fmt.Errorf("store: accept suggestions: %w", err)
	}
	return outcomes, nil
}

// chosen are the suggestions of some ids.
func (w *Workspace) chosen(ctx context.Context, tx *gorm.DB, c evenkeel.Catalogue, ids []string) (map[string]evenkeel.Suggestion, error) {
	all, err := w.suggestions(ctx, tx, c)
	found := map[string]evenkeel.Suggestion{}
	for _, s := range all {
		if slices.Contains(ids, s.ID) {
			found[s.ID] = s
		}
	}
	return found, err
}

// accepted is the catalogue in which the suggestions hold.
func accepted(c evenkeel.Catalogue, chosen map[string]evenkeel.Suggestion, ids []string, how evenkeel.Acceptance, needs evenkeel.Needs) (evenkeel.Catalogue, []evenkeel.SuggestionOutcome) {
	outcomes := make([]evenkeel.SuggestionOutcome, 0, len(ids))
	for _, id := range ids {
		s, known := chosen[id]
		if !known {
			outcomes = append(outcomes, refused(id, fmt.Errorf("suggestion %q: %w", id, evenkeel.ErrNotFound)))
			continue
		}
		if against := contradiction(s, chosen); against != nil {
			outcomes = append(outcomes, refused(id, against))
			continue
		}
		if _, holds := c.Present(s, needs); !holds {
			after, err := c.Accept(s, how)
			if err != nil {
				outcomes = append(outcomes, refused(id, err))
				continue
			}
			c = after
		}
		outcomes = append(outcomes, evenkeel.SuggestionOutcome{ID: id, Suggestion: s})
	}
	return c, outcomes
}

func contradiction(s evenkeel.Suggestion, chosen map[string]evenkeel.Suggestion) error {
	for _, other := range chosen {
		if s.Contradicts(other) {
			return evenkeel.FieldErrors{{Field: "ids", Rule: fmt.Sprintf("hold two values of the %s of %q; choose one", s.Aspect, s.Application)}}
		}
	}
	return nil
}

// Needs are the dependencies that are known, by slug of who needs.
func (w *Workspace) Needs(ctx context.Context) (evenkeel.Needs, error) {
	needs := evenkeel.Needs{}
	f := evenkeel.Filter{Limit: mostLimit}
	for {
		page, err := w.Dependencies(ctx, f)
		if err != nil {
			return nil, err
		}
		for _, one := range page.Items {
			needs[one.Value.From] = append(needs[one.Value.From], one.Value.To)
		}
		if f.Cursor = page.Next; f.Cursor == "" {
			return needs, nil
		}
	}
}

// declare records the dependencies that were accepted. Recording one again
// changes nothing, so that accepting again mends what an error ended.
func (w *Workspace) declare(ctx context.Context, outcomes []evenkeel.SuggestionOutcome, how evenkeel.Acceptance) error {
	var events []evenkeel.Event
	for _, o := range outcomes {
		s := o.Suggestion
		if o.Refused != nil || s.Aspect != evenkeel.AspectDependency {
			continue
		}
		events = append(events, evenkeel.Event{
			Kind: evenkeel.KindDependency, ID: s.ID, Source: s.Source.Kind, ObservedAt: how.Now,
			Payload: &evenkeel.Dependency{From: s.Application, To: s.Value, Type: s.Type, Basis: evenkeel.BasisDeclared, LastSeenAt: how.Now},
		})
	}
	if len(events) == 0 {
		return nil
	}
	_, err := w.Record(ctx, events)
	return err
}

// decide notes what a person decided on.
func (w *Workspace) decide(ctx context.Context, tx *gorm.DB, outcomes []evenkeel.SuggestionOutcome, status evenkeel.SuggestionStatus, by string) error {
	var ids []string
	for _, o := range outcomes {
		if o.Refused == nil {
			ids = append(ids, o.ID)
		}
	}
	return eachChunk(ids, func(some []string) error {
		_, err := of[suggestionRow](w, tx).Where("id IN ?", some).Select("status", "actor", "decided_at").
			Updates(ctx, suggestionRow{Status: string(status), Actor: clean(by), DecidedAt: instantOf(w.now())})
		return err
	})
}

// DismissSuggestions puts suggestions aside until their source says something
// else, or with again brings them back. Ids that are not known are refused.
func (w *Workspace) DismissSuggestions(ctx context.Context, ids []string, by string, again bool) ([]evenkeel.SuggestionOutcome, error) {
	status := evenkeel.SuggestionDismissed
	if again {
		status = evenkeel.SuggestionOpen
	}
	var outcomes []evenkeel.SuggestionOutcome
	err := w.write(ctx, func(tx *gorm.DB) error {
		if _, err := w.lock(ctx, tx); err != nil {
			return err
		}
		c, err := w.catalogue(ctx, tx)
		if err != nil {
			return err
		}
		chosen, err := w.chosen(ctx, tx, c, ids)
		for _, id := range ids {
			s, known := chosen[id]
			o := evenkeel.SuggestionOutcome{ID: id, Suggestion: s}
			if !known {
				o = refused(id, fmt.Errorf("suggestion %q: %w", id, evenkeel.ErrNotFound))
			}
			outcomes = append(outcomes, o)
		}
		return errors.Join(err, w.decide(ctx, tx, outcomes, status, by))
	})
	if err != nil {
		return nil, fmt.Errorf("store: dismiss suggestions: %w", err)
	}
	return outcomes, nil
}
