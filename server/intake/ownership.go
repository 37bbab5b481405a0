package intake

import (
	"context"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// Suggesting keeps what files suggest of applications.
type Suggesting interface {
	Catalogue(ctx context.Context) (evenkeel.Catalogue, int64, error)
	KeepSuggestions(ctx context.Context, said []evenkeel.Suggestion, scopes []evenkeel.ReadScope) (evenkeel.SuggestionsKept, error)
}

// TakeOwnership reads files that tell who owns what and keeps what they
// suggest. It changes no catalogue. Taking the same files again keeps nothing
// new.
func TakeOwnership(ctx context.Context, w Suggesting, files ...connectors.OwnershipFiles) (connectors.Ownership, evenkeel.SuggestionsKept, error) {
	catalogue, _, err := w.Catalogue(ctx)
	if err != nil {
		return connectors.Ownership{}, evenkeel.SuggestionsKept{}, err
	}
	read := connectors.ReadOwnership(catalogue, files...)
	kept, err := w.KeepSuggestions(ctx, read.Suggestions, read.Scopes)
	return read, kept, err
}
