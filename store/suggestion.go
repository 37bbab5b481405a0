package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// suggestionRow is what a source says of an application, and what people made
// of it.
type suggestionRow struct {
	Workspace     string `gorm:"primaryKey"`
	ID            string `gorm:"primaryKey"`
	Application   string
	ApplicationID string
	Aspect        string
	Value         string
	Name          string
	Parent        string
	Type          string
	Reference     string
	Method        string
	Detail        string
	Confidence    string
	Source        string
	Repository    string
	Path          string
	Line          int
	Commit        string
	FirstSeen     instant
	Status        string
	Actor         string
	DecidedAt     instant
}

func (suggestionRow) TableName() string { return "suggestions" }

func (w *Workspace) suggestionRow(s evenkeel.Suggestion) suggestionRow {
	return suggestionRow{
		Workspace: w.slug, ID: s.ID, Application: clean(s.Application), ApplicationID: s.ApplicationID, Aspect: string(s.Aspect), Value: clean(s.Value),
		Name: clean(s.Name), Parent: clean(s.Parent), Type: clean(s.Type), Reference: clean(s.Reference), Method: s.Method, Detail: clean(s.Detail),
		Confidence: string(s.Confidence), Source: s.Source.Kind, Repository: clean(s.Source.Repository), Path: clean(s.Source.Path), Line: s.Source.Line,
		Commit: clean(s.Source.Commit), FirstSeen: instantOf(s.FirstSeen), Status: string(s.Status), Actor: clean(s.By), DecidedAt: instantOf(s.DecidedAt),
	}
}

func (r suggestionRow) suggestion() evenkeel.Suggestion {
	return evenkeel.Suggestion{
		ID: r.ID, Application: r.Application, ApplicationID: r.ApplicationID, Aspect: evenkeel.Aspect(r.Aspect), Value: r.Value, Name: r.Name,
		Parent: r.Parent, Type: r.Type, Reference: r.Reference, Method: r.Method, Detail: r.Detail, Confidence: evenkeel.Confidence(r.Confidence),
		Source:    evenkeel.SuggestionSource{Kind: r.Source, Repository: r.Repository, Path: r.Path, Line: r.Line, Commit: r.Commit},
		FirstSeen: r.FirstSeen.Time(), Status: evenkeel.SuggestionStatus(r.Status), By: r.Actor, DecidedAt: r.DecidedAt.Time(),
	}
}

// Suggestions lists everything that sources say and people decided, by
// application, aspect and value. Applications that were renamed have their
// slug of today.
func (w *Workspace) Suggestions(ctx context.Context) ([]evenkeel.Suggestion, error) {
	var list []evenkeel.Suggestion
	err := w.read(ctx, func(tx *gorm.DB) error {
		c, err := w.catalogue(ctx, tx)
		if err != nil {
			return err
		}
		list, err = w.suggestions(ctx, tx, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store: suggestions: %w", err)
	}
	return list, nil
}

func (w *Workspace) suggestions(ctx context.Context, tx *gorm.DB, c evenkeel.Catalogue) ([]evenkeel.Suggestion, error) {
	rows, err := of[suggestionRow](w, tx).Find(ctx)
	slugs := map[string]string{}
	for _, a := range c.Applications {
		slugs[a.ID] = a.Slug
	}
	list := make([]evenkeel.Suggestion, len(rows))
	for i, row := range rows {
		list[i] = row.suggestion()
		list[i].Application = cmp.Or(slugs[row.ApplicationID], row.Application)
	}
	slices.SortFunc(list, func(a, b evenkeel.Suggestion) int {
		return cmp.Or(cmp.Compare(a.Application, b.Application), cmp.Compare(a.Aspect, b.Aspect), cmp.Compare(a.Value, b.Value), cmp.Compare(a.ID, b.ID))
	})
	return list, err
}

// KeepSuggestions keeps what sources were read to say. What is there already
// stays as people left it; what the scopes cover and is no longer said is
// forgotten, unless it was accepted. A dismissed suggestion that moves to
// another file of its repository stays dismissed, and so does one of an
// application that was renamed.
func (w *Workspace) KeepSuggestions(ctx context.Context, said []evenkeel.Suggestion, scopes []evenkeel.ReadScope) (evenkeel.SuggestionsKept, error) {
	var kept evenkeel.SuggestionsKept
	err := w.write(ctx, func(tx *gorm.DB) error {
		if _, err := w.lock(ctx, tx); err != nil {
			return err
		}
		c, err := w.catalogue(ctx, tx)
		if err != nil {
			return err
		}
		before, err := w.suggestions(ctx, tx, c)
		if err != nil {
			return err
		}
		rows, gone := w.reread(before, said, scopes, &kept)
		if err := eachChunk(gone, func(some []string) error {
			return w.rows(tx).Where("id IN ?", some).Delete(&suggestionRow{}).Error
		}); err != nil {
			return err
		}
		return insert(tx, rows)
	})
	if err != nil {
		return kept, fmt.Errorf("store: keep suggestions: %w", err)
	}
	return kept, nil
}

// reread is the rows to write, and the ids of those to take away first.
func (w *Workspace) reread(before, said []evenkeel.Suggestion, scopes []evenkeel.ReadScope, kept *evenkeel.SuggestionsKept) (rows []suggestionRow, gone []string) {
	held, dismissed, saidNow := map[string]evenkeel.Suggestion{}, map[string]evenkeel.Suggestion{}, map[string]bool{}
	for _, s := range before {
		held[s.ID] = s
		if s.Status == evenkeel.SuggestionDismissed {
			dismissed[meaningOf(s)] = s
		}
	}
	for _, s := range said {
		if saidNow[s.ID] {
			continue
		}
		saidNow[s.ID] = true
		s.FirstSeen, s.Status, s.By, s.DecidedAt = w.now(), evenkeel.SuggestionOpen, "", time.Time{}
		was, known := held[s.ID]
		if known {
			gone = append(gone, s.ID)
			kept.Known++
		} else {
			was, known = dismissed[meaningOf(s)]
			kept.Opened++
		}
		if known {
			s.FirstSeen, s.Status, s.By, s.DecidedAt = was.FirstSeen, was.Status, was.By, was.DecidedAt
		}
		rows = append(rows, w.suggestionRow(s))
	}
	for _, s := range before {
		covered := slices.ContainsFunc(scopes, func(r evenkeel.ReadScope) bool { return r.Covers(s.Source) })
		if covered && !saidNow[s.ID] && s.Status != evenkeel.SuggestionAccepted {
			gone = append(gone, s.ID)
			kept.Withdrawn++
		}
	}
	return rows, gone
}

// meaningOf is what a suggestion says, in which repository, and of which
// application by its slug of today, wherever in the repository it stands.
func meaningOf(s evenkeel.Suggestion) string {
	s.Source.Path = ""
	return s.Named().ID
}
