package server

import (
	"context"

	"github.com/evenkeel-dev/evenkeel/server/views"
)

func (s *Server) getAssisted(ctx context.Context, in *FlowInput) (*body[views.AssistedChanges], error) {
	results, question, _, err := s.asked(ctx, in)
	if err != nil {
		return nil, err
	}
	view, err := views.NewAssistedChanges(results, question)
	return answer(view), err
}
