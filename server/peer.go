package server

import (
	"context"
	"fmt"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

type peerInput struct {
	WorkspaceInput
	WindowInput
	ScopeInput
	As string `query:"as" required:"true" enum:"devlake-2023" doc:"Whose rules to compare with: those of Apache DevLake's dashboard of 2023"`
}

// getPeer answers with our figures beside those of a peer. It reads the facts
// of the scope for each answer, one scope at a time.
func (s *Server) getPeer(ctx context.Context, in *peerInput) (*body[views.Peer], error) {
	results, question, err := s.figures(ctx, in.WorkspaceInput, in.WindowInput)
	if err != nil {
		return nil, err
	}
	question.Scope = in.scope()
	s.comparing.Lock()
	defer s.comparing.Unlock()
	view, err := ComparePeer(ctx, s.Workspace(question.Workspace.Slug), results, question, in.As)
	return answer(view), err
}

// maxPeerFacts is the most deployments and changes of a scope that is compared:
// all of them are read for each answer.
const maxPeerFacts = 400_000

// ComparePeer compares the figures of a scope with those that a peer would
// show. A scope that is too large to be read at once is ErrInvalid.
func ComparePeer(ctx context.Context, w jobs.FactReader, r *jobs.Results, q views.Question, as string) (views.Peer, error) {
	peer, err := metrics.ParsePeer(as)
	if err != nil {
		return views.Peer{}, err
	}
	parts, err := r.Parts(q.Scope)
	if err != nil {
		return views.Peer{}, err
	}
	if n := peerFacts(r, parts); n > maxPeerFacts {
		return views.Peer{}, evenkeel.FieldErrors{{Field: "group", Rule: fmt.Sprintf("the scope holds %d deployments and changes; up to %d are compared at once, so choose an application or a smaller group", n, maxPeerFacts)}}
	}
	project, err := jobs.PeerProject(ctx, w, r, parts)
	if err != nil {
		return views.Peer{}, err
	}
	return views.ComparePeer(r, q, peer, project)
}

func peerFacts(r *jobs.Results, parts []metrics.Derived) int {
	n := 0
	for _, d := range parts {
		facts := r.Activity[d.Application].Facts
		n += facts[evenkeel.KindDeployment] + facts[evenkeel.KindChange]
	}
	return n
}
