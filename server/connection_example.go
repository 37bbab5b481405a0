package server

import (
	"context"
	"fmt"
	"regexp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// ExampleView is a delivery that can be sent by hand. It tells of nothing, so
// that no figure changes.
type ExampleView struct {
	Variable string  `json:"variable" doc:"Variable of the shell that must hold a secret of the connection" example:"GITHUB_WEBHOOK_SECRET"`
	Command  *string `json:"command" doc:"Lines for a POSIX shell with curl and openssl; null where the source has no example"`
}

// variableOf finds the variable that a reference names.
var variableOf = regexp.MustCompile(`^\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}$`)

// anyVariable holds the secret where its reference names no variable.
const anyVariable = "EVENKEEL_SECRET"

func (s *Server) getConnectionExample(ctx context.Context, in *connectionInput) (*body[ExampleView], error) {
	_, slug, err := s.in(ctx, in.WorkspaceInput, evenkeel.ScopeRead)
	if err != nil {
		return nil, err
	}
	c, err := s.connections.of(ctx, s.Store, in.ID)
	if err != nil || c.Workspace != slug {
		return nil, fmt.Errorf("connection %q: %w", in.ID, evenkeel.ErrNotFound)
	}
	view := ExampleView{Variable: anyVariable}
	if len(c.Secrets) > 0 {
		if found := variableOf.FindStringSubmatch(c.Secrets[0]); found != nil {
			view.Variable = found[1]
		}
	}
	source, err := connectors.SourceNamed(c.Source)
	if err != nil {
		return nil, err
	}
	receiver, err := source.Open(c.Settings)
	if err != nil {
		return nil, err
	}
	if exemplary, ok := receiver.(connectors.Exemplary); ok {
		command := exemplary.Example().Command(s.PublicURL+HookPath(c), view.Variable)
		view.Command = &command
	}
	return answer(view), nil
}
