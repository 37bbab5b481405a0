package server

import (
	"context"
	"fmt"
	"strconv"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// FlowInput is exported because parameters of other types are not seen.
type FlowInput struct {
	WorkspaceInput
	WindowInput
	ScopeInput
	Environment string `query:"environment" doc:"Name of an environment, or a class; the production class by default. Work in progress is what has not reached the production class." maxLength:"200"`
}

// asked is the results and the question of a request.
func (s *Server) asked(ctx context.Context, in *FlowInput) (*jobs.Results, views.Question, string, error) {
	results, question, err := s.figures(ctx, in.WorkspaceInput, in.WindowInput)
	question.Scope, question.Environment = in.scope(), in.Environment
	return results, question, question.Workspace.Slug, err
}

func (s *Server) getValueStream(ctx context.Context, in *FlowInput) (*body[views.ValueStream], error) {
	results, question, slug, err := s.asked(ctx, in)
	if err != nil {
		return nil, err
	}
	view, err := views.NewValueStream(results, question, changesByID(ctx, s.factsOf(slug, results)))
	return answer(view), err
}

type flowChangesInput struct {
	FlowInput
	Sort   string `query:"sort" enum:"total,coding,pickup,review,merge_wait,build,deploy" default:"total" doc:"What the list is ordered by, the longest first"`
	Cursor string `query:"cursor" doc:"Where to go on: next of the page before" maxLength:"20"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"The most items of a page"`
}

func (s *Server) getValueStreamChanges(ctx context.Context, in *flowChangesInput) (*body[list[views.FlowChange]], error) {
	from := 0
	if in.Cursor != "" {
		var err error
		if from, err = strconv.Atoi(in.Cursor); err != nil || from < 0 {
			return nil, evenkeel.FieldErrors{{Field: "cursor", Rule: fmt.Sprintf("%q was not given by an answer; ask without it for the first page", in.Cursor)}}
		}
	}
	results, question, slug, err := s.asked(ctx, &in.FlowInput)
	if err != nil {
		return nil, err
	}
	changes, more, err := views.FlowChanges(results, question, in.Sort, from, in.Limit, changesByID(ctx, s.factsOf(slug, results)))
	if err != nil {
		return nil, err
	}
	next := ""
	if more {
		next = strconv.Itoa(from + len(changes))
	}
	return answer(listOf(changes, next)), nil
}

// changesByID reads changes, as the results knew them.
func changesByID(ctx context.Context, w Facts) views.ChangesByID {
	return func(ids []string) (map[string]evenkeel.Change, error) {
		entries, err := w.EntriesByID(ctx, ids)
		if err != nil {
			return nil, err
		}
		changes := make(map[string]evenkeel.Change, len(entries))
		for id, e := range entries {
			payload, err := evenkeel.Decode(e.Kind, e.Fields)
			if err != nil {
				return nil, fmt.Errorf("change %s: %w", id, err)
			}
			if c, ok := payload.(*evenkeel.Change); ok {
				changes[id] = *c
			}
		}
		return changes, nil
	}
}
