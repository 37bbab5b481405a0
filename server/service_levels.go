package server

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// ServiceLevels keeps the service levels of a workspace and what was said of
// them.
type ServiceLevels interface {
	budgets.Workspace
	ServiceLevel(ctx context.Context, revision int64, id string) (evenkeel.ServiceLevel, error)
	ServiceLevelVersions(ctx context.Context, revision int64, id string) ([]evenkeel.ServiceLevel, error)
	SaveServiceLevel(ctx context.Context, c evenkeel.ServiceLevelChange) (l evenkeel.ServiceLevel, saved bool, err error)
	RetireServiceLevel(ctx context.Context, id, by string) (evenkeel.ServiceLevel, error)
	AddCorrection(ctx context.Context, c evenkeel.Correction) (evenkeel.Correction, error)
	WithdrawCorrection(ctx context.Context, level, id, by string) (evenkeel.Correction, error)
	LevelSearch(ctx context.Context) (evenkeel.LevelSearch, error)
	SaveLevelSearch(ctx context.Context, s evenkeel.LevelSearch) (evenkeel.LevelSearch, error)
	AlertSpans(ctx context.Context, f evenkeel.AlertSpanFilter) (evenkeel.Page[evenkeel.AlertSpan], error)
	LateMeasurements(ctx context.Context, revision int64, ids []string, window evenkeel.Window, after time.Duration) ([]evenkeel.LateHour, error)
}

type levelsInput struct {
	WorkspaceInput
	AsOfInput
	PageInput
	Application string `query:"application" maxLength:"63" doc:"Slug of an application"`
	Group       string `query:"group" maxLength:"63" doc:"Slug of a group; groups below it are included"`
	Status      string `query:"status" enum:"healthy,watch,at_risk,exhausted,no_data,too_few_events" doc:"Only budgets of this status"`
	Query       string `query:"q" maxLength:"100" doc:"Part of the name of a service level, whatever the case"`
	Sort        string `query:"sort" enum:"remaining,name,burn" default:"remaining" doc:"The least budget first, by name, or the fastest burn of the last hour first"`
}

// LevelsView is a page of budgets.
type LevelsView struct {
	Items    []views.LevelRow `json:"items" nullable:"false"`
	Next     *string          `json:"next" doc:"Cursor of the next page; null on the last"`
	Found    int              `json:"found" doc:"Budgets that pass the filters"`
	Statuses map[string]int   `json:"statuses" doc:"Budgets by status, whatever status is asked for"`
}

func (s *Server) getServiceLevels(ctx context.Context, in *levelsInput) (*body[LevelsView], error) {
	var view LevelsView
	err := s.book(ctx, in.WorkspaceInput, in.AsOfInput, func(k known) error {
		rows, err := in.narrow(k.Results, views.LevelRows(k.book, k.Catalogue))
		if err != nil {
			return err
		}
		view.Statuses = views.CountStatuses(rows)
		rows = slices.DeleteFunc(rows, func(row views.LevelRow) bool { return in.Status != "" && row.Status != in.Status })
		view.Found = len(rows)
		views.SortLevels(rows, in.Sort)
		page, err := pageAfter(rows, views.LevelRow.Key, in.PageInput)
		if err != nil {
			return err
		}
		view.Items, view.Next = page.Items, page.Next
		levels := make([]*budgets.Level, len(view.Items))
		for i, row := range view.Items {
			if levels[i], err = k.book.Level(row.ID); err != nil {
				return err
			}
		}
		asked, err := s.askers(ctx, k.slug, k.Known != nil, levels...)
		if err != nil {
			return err
		}
		for i, level := range levels {
			asked.tell(level, view.Items[i:i+1])
		}
		return s.tellSpenders(ctx, k, view.Items)
	})
	return answer(view), err
}

// narrow leaves the rows that an application, a group or a word is asked for.
func (in *levelsInput) narrow(r *jobs.Results, rows []views.LevelRow) ([]views.LevelRow, error) {
	scope := jobs.Scope{Application: in.Application, Group: in.Group}
	ids, err := r.Applications(scope)
	if err != nil {
		return nil, err
	}
	wanted := map[string]bool{}
	for _, a := range r.Catalogue.Applications {
		wanted[a.Slug] = slices.Contains(ids, a.ID)
	}
	query := strings.ToLower(in.Query)
	return slices.DeleteFunc(rows, func(row views.LevelRow) bool {
		outside := (in.Application != "" || in.Group != "") && !wanted[row.Application.Slug]
		return outside || !strings.Contains(strings.ToLower(row.ID+" "+row.Name), query)
	}), nil
}

// pageAfter is one page of items in their order; the cursor is the key of the
// last item before.
func pageAfter[T any](items []T, key func(T) string, in PageInput) (list[T], error) {
	if in.Cursor != "" {
		at := slices.IndexFunc(items, func(item T) bool { return key(item) == in.Cursor })
		if at < 0 {
			return listOf([]T{}, ""), evenkeel.FieldErrors{{Field: "cursor", Rule: "this is not the next of a page of this list; begin again without a cursor"}}
		}
		items = items[at+1:]
	}
	if len(items) <= in.Limit {
		return listOf(items, ""), nil
	}
	return listOf(items[:in.Limit], key(items[in.Limit-1])), nil
}

// known is what is known of a workspace: its budgets and its figures.
type known struct {
	*jobs.Results
	book *budgets.Book
	slug string
}

// book shows the budgets of the caller's workspace: at present, or as they were
// known at an instant.
func (s *Server) book(ctx context.Context, in WorkspaceInput, then AsOfInput, show func(known) error) error {
	results, slug, err := s.resultsAsOf(ctx, in, then, "")
	if err != nil {
		return err
	}
	if results.Known == nil {
		book, err := s.presentBook(ctx, slug, s.present(results))
		if err != nil {
			return err
		}
		return show(known{results, book, slug})
	}
	book, err := s.Budgets.Known(ctx, slug, results.Known.Revision, results.Known.At)
	if err != nil {
		return err
	}
	return show(known{results, book, slug})
}

// presentBook is the present book of a workspace. After a start all that was
// measured of every service level is counted once, for which nobody waits long: an
// answer without some of them would look like good news.
func (s *Server) presentBook(ctx context.Context, slug string, now time.Time) (*budgets.Book, error) {
	if _, _, counting := s.Budgets.Counting(slug); !counting {
		return s.Budgets.Present(ctx, slug, now)
	}
	patient, cancel := context.WithTimeout(ctx, s.Patience)
	defer cancel()
	book, err := s.Budgets.Present(patient, slug, now)
	if err == nil || patient.Err() == nil || ctx.Err() != nil {
		return book, err
	}
	counted, all, _ := s.Budgets.Counting(slug)
	return nil, huma.ErrorWithHeaders(&huma.ErrorModel{
		Title: "Service levels are being counted", Status: http.StatusServiceUnavailable,
		Detail: fmt.Sprintf("The server has started and reads what was measured: %d of %d budgets are counted. Try again in a moment.", counted, all),
	}, http.Header{"Retry-After": {"5"}})
}

// LevelInput names a service level. It is exported because parameters of other
// types are not seen, as is BudgetInput.
type LevelInput struct {
	WorkspaceInput
	AsOfInput
	ID string `path:"id" maxLength:"253" doc:"Name of a service level"`
}

func (s *Server) getServiceLevel(ctx context.Context, in *LevelInput) (*body[views.LevelDetail], error) {
	var view views.LevelDetail
	err := s.book(ctx, in.WorkspaceInput, in.AsOfInput, func(k known) error {
		level, err := k.book.Level(in.ID)
		if err != nil {
			return err
		}
		versions, err := s.Workspace(k.slug).ServiceLevelVersions(ctx, k.book.Revision, in.ID)
		if err != nil {
			return err
		}
		asked, err := s.askers(ctx, k.slug, k.Known != nil, level)
		if err != nil {
			return err
		}
		evidence, err := s.evidence(ctx, k, asked, level)
		view = views.NewLevelDetail(k.book, level, versions, evidence, k.Catalogue)
		asked.tell(level, view.Budgets)
		return err
	})
	return answer(view), err
}

// BudgetInput names one objective of a service level over one series.
type BudgetInput struct {
	LevelInput
	Objective   string `query:"objective" maxLength:"200" doc:"Display name of an objective; the first by default"`
	Series      string `query:"series" maxLength:"1000" doc:"Labels of a budget of its own, in braces; the first by default"`
	Environment string `query:"environment" maxLength:"200" doc:"Where it is measured; the first by default"`
}

// budget shows one budget of the caller's workspace.
func (s *Server) budget(ctx context.Context, in *BudgetInput, show func(known, *budgets.Budget) error) error {
	return s.book(ctx, in.WorkspaceInput, in.AsOfInput, func(k known) error {
		level, err := k.book.Level(in.ID)
		if err != nil {
			return err
		}
		one, err := in.of(level)
		if err != nil {
			return err
		}
		return show(k, one)
	})
}

// of finds the budget that is named.
func (in *BudgetInput) of(l *budgets.Level) (*budgets.Budget, error) {
	if len(l.Budgets) == 0 {
		return nil, evenkeel.FieldErrors{{Field: "id", Rule: "the service level cannot be evaluated: " + l.Problem}}
	}
	for _, b := range l.Budgets {
		if (in.Objective == "" || in.Objective == b.Objective.Name) && (in.Series == "" || in.Series == b.Labels) && (in.Environment == "" || in.Environment == b.Environment) {
			return b, nil
		}
	}
	return nil, evenkeel.FieldErrors{{Field: "objective", Rule: "no objective, series and environment of this service level go by these names; leave them out for the first"}}
}
