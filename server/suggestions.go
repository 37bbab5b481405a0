package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/server/intake"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// maxOwnershipBody is the most bytes of one request with files.
const maxOwnershipBody = 16 << 20

// Suggestions keeps what files suggest of applications until people decide.
type Suggestions interface {
	intake.Suggesting
	Suggestions(ctx context.Context) ([]evenkeel.Suggestion, error)
	Needs(ctx context.Context) (evenkeel.Needs, error)
	AcceptSuggestions(ctx context.Context, ids []string, how evenkeel.Acceptance) ([]evenkeel.SuggestionOutcome, error)
	DismissSuggestions(ctx context.Context, ids []string, by string, again bool) ([]evenkeel.SuggestionOutcome, error)
}

type suggestionsInput struct {
	WorkspaceInput
	PageInput
	Status string          `query:"status" enum:"open,accepted,dismissed" default:"open" doc:"What people made of them"`
	Aspect evenkeel.Aspect `query:"aspect" enum:"owner,capability,tier,lifecycle,dependency,repository" doc:"Only what is said of this"`
	Q      string          `query:"q" maxLength:"100" doc:"Part of the name or slug of an application"`
}

// wants says that a suggestion passes the filters.
func (in *suggestionsInput) wants(v views.Suggestion) bool {
	return v.Status == in.Status && (in.Aspect == "" || v.Aspect == in.Aspect) &&
		contains(evenkeel.Application{Slug: v.Application.Slug, Name: v.Application.Name}, in.Q)
}

func (s *Server) getSuggestions(ctx context.Context, in *suggestionsInput) (*body[list[views.Suggestion]], error) {
	w, slug, err := s.in(ctx, in.WorkspaceInput, evenkeel.ScopeRead)
	if err != nil {
		return nil, err
	}
	all, err := w.Suggestions(ctx)
	if err != nil {
		return nil, err
	}
	shown, err := showSuggestions(ctx, w, all, s.stated(slug))
	if err != nil {
		return nil, err
	}
	shown = slices.DeleteFunc(shown, func(v views.Suggestion) bool { return !in.wants(v) })
	if principal, _ := principalOf(ctx); principal.Kind == "token" {
		for i := range shown {
			shown[i].By = "" // A program has no business with who decided.
		}
	}
	page, next := pageOf(shown, suggestionKey, in.PageInput)
	return answer(listOf(page, next)), nil
}

// suggestionKey puts suggestions of one application and aspect beside each other.
func suggestionKey(v views.Suggestion) string {
	return strings.Join([]string{v.Application.Slug, string(v.Aspect), v.Value, v.ID}, " ")
}

// showSuggestions puts suggestions beside what holds today.
func showSuggestions(ctx context.Context, w Suggestions, all []evenkeel.Suggestion, stated evenkeel.Catalogue) ([]views.Suggestion, error) {
	catalogue, _, err := w.Catalogue(ctx)
	if err != nil {
		return nil, err
	}
	needs, err := w.Needs(ctx)
	return views.Suggestions(all, catalogue, stated, needs), err
}

// stated is what a configuration states of a workspace.
func (s *Server) stated(workspace string) evenkeel.Catalogue {
	if s.Stated == nil {
		return evenkeel.Catalogue{}
	}
	return s.Stated(workspace)
}

// OwnershipFile is a file that tells who owns what.
type OwnershipFile struct {
	Path string `json:"path" minLength:"1" maxLength:"1000" doc:"Path in the repository" example:"services/pay/catalog-info.yaml"`
	Text string `json:"text"`
}

// OwnershipRequest is files of one repository.
type OwnershipRequest struct {
	Repository string          `json:"repository,omitempty" maxLength:"1000" doc:"Host and path" example:"github.com/acme/checkout"`
	Commit     string          `json:"commit,omitempty" maxLength:"64" doc:"The commit that the files are of"`
	Files      []OwnershipFile `json:"files" maxItems:"5000" nullable:"false" doc:"catalog-info.yaml files, what their Locations name, and CODEOWNERS"`
	Paths      []string        `json:"paths,omitempty" maxItems:"100000" doc:"All files of the repository, or an even sample of them, to tell which team owns most"`
	Whole      bool            `json:"whole,omitempty" doc:"These are all such files of the repository: what others said before is gone"`
	DryRun     bool            `json:"dry_run,omitempty" doc:"Keep nothing"`
}

// OwnershipAnswer is what files suggest.
type OwnershipAnswer struct {
	Files    int                        `json:"files"`
	Persons  int                        `json:"persons" doc:"How often single persons are named as owners; their names are not kept"`
	Kept     *evenkeel.SuggestionsKept  `json:"kept" doc:"Null for a dry run"`
	Problems []connectors.OwnershipNote `json:"problems" nullable:"false" doc:"Mistakes in the files"`
	Notes    []connectors.OwnershipNote `json:"notes" nullable:"false" doc:"What was left out on purpose"`
	Items    []views.Suggestion         `json:"items" nullable:"false" doc:"What the files say and does not hold yet"`
}

type readSuggestionsInput struct {
	WorkspaceInput
	Body OwnershipRequest
}

// ownership are the files of the request.
func (r OwnershipRequest) ownership() (connectors.OwnershipFiles, error) {
	files := connectors.OwnershipFiles{
		Repository: strings.ToLower(strings.Trim(r.Repository, "/")), Commit: r.Commit, Texts: map[string][]byte{}, Paths: r.Paths, Whole: r.Whole,
	}
	var broken evenkeel.FieldErrors
	if strings.Contains(files.Repository, "://") || strings.Contains(files.Repository, "@") {
		broken = append(broken, evenkeel.FieldError{Field: "repository", Rule: "is not host and path; write github.com/acme/checkout"})
	}
	for i, file := range r.Files {
		if _, twice := files.Texts[file.Path]; twice {
			broken = append(broken, evenkeel.FieldError{Field: fmt.Sprintf("files[%d].path", i), Rule: "is given twice; keep one"})
		}
		files.Texts[file.Path] = []byte(file.Text)
	}
	if broken != nil {
		return files, broken
	}
	return files, nil
}

func (s *Server) postSuggestions(ctx context.Context, in *readSuggestionsInput) (*body[OwnershipAnswer], error) {
	w, slug, err := s.in(ctx, in.WorkspaceInput, evenkeel.ScopeAdmin)
	if err != nil {
		return nil, err
	}
	files, err := in.Body.ownership()
	if err != nil {
		return nil, err
	}
	read, err := TakeOwnership(ctx, w, s.stated(slug), in.Body.DryRun, files)
	if err != nil || in.Body.DryRun {
		return answer(read), err
	}
	return answer(read), s.audit(ctx, slug, "suggestions.read", cmp.Or(files.Repository, "files"), fmt.Sprintf("%d files, %d new suggestions", read.Files, read.Kept.Opened))
}

// TakeOwnership reads files, keeps what they suggest unless it is a dry run,
// and shows what of it does not hold yet.
func TakeOwnership(ctx context.Context, w Suggestions, stated evenkeel.Catalogue, dry bool, files ...connectors.OwnershipFiles) (OwnershipAnswer, error) {
	var read connectors.Ownership
	var kept *evenkeel.SuggestionsKept
	if dry {
		catalogue, _, err := w.Catalogue(ctx)
		if err != nil {
			return OwnershipAnswer{}, err
		}
		read = connectors.ReadOwnership(catalogue, files...)
	} else {
		var all evenkeel.SuggestionsKept
		var err error
		if read, all, err = intake.TakeOwnership(ctx, w, files...); err != nil {
			return OwnershipAnswer{}, err
		}
		kept = &all
	}
	decided, err := w.Suggestions(ctx)
	if err != nil {
		return OwnershipAnswer{}, err
	}
	items, err := showSuggestions(ctx, w, withDecisions(read.Suggestions, decided), stated)
	return ShownOwnership(read, kept, items), err
}

// withDecisions are the suggestions as people have decided on them before.
func withDecisions(said, decided []evenkeel.Suggestion) []evenkeel.Suggestion {
	known := map[string]evenkeel.Suggestion{}
	for _, s := range decided {
		known[s.ID] = s
	}
	said = slices.Clone(said)
	for i, s := range said {
		if was, ok := known[s.ID]; ok {
			said[i].Status, said[i].By, said[i].DecidedAt, said[i].FirstSeen = was.Status, was.By, was.DecidedAt, was.FirstSeen
		}
	}
	return said
}

// ShownOwnership is what was read as people see it.
func ShownOwnership(read connectors.Ownership, kept *evenkeel.SuggestionsKept, items []views.Suggestion) OwnershipAnswer {
	items = slices.DeleteFunc(items, func(v views.Suggestion) bool { return v.Status != string(evenkeel.SuggestionOpen) })
	return OwnershipAnswer{Files: read.Files, Persons: read.Persons, Kept: kept, Problems: orEmpty(read.Problems), Notes: orEmpty(read.Notes), Items: orEmpty(items)}
}

type acceptSuggestionsInput struct {
	WorkspaceInput
	Body struct {
		IDs    []string `json:"ids" minItems:"1" maxItems:"1000" nullable:"false"`
		From   string   `json:"from,omitempty" maxLength:"40" doc:"Since when groups own: a date, which begins in the time zone of the policy, an instant, or beginning; now where it is left out" example:"2026-11-01"`
		Create bool     `json:"create,omitempty" doc:"Make groups, capabilities and applications that the catalogue lacks"`
	}
}

type dismissSuggestionsInput struct {
	WorkspaceInput
	Body struct {
		IDs []string `json:"ids" minItems:"1" maxItems:"1000" nullable:"false"`
	}
}

// RefusalView says why a suggestion was left as it is.
type RefusalView struct {
	ID     string               `json:"id"`
	Reason string               `json:"reason"`
	Errors evenkeel.FieldErrors `json:"errors" nullable:"false"`
}

// DecisionView is what became of suggestions that a person decided on.
type DecisionView struct {
	Done    []string      `json:"done" nullable:"false" doc:"Ids of those that were changed"`
	Refused []RefusalView `json:"refused" nullable:"false"`
}

// postAccept makes suggestions hold. Each is accepted or refused for itself.
func (s *Server) postAccept(ctx context.Context, in *acceptSuggestionsInput) (*body[DecisionView], error) {
	w, slug, err := s.in(ctx, in.WorkspaceInput, evenkeel.ScopeAdmin)
	if err != nil {
		return nil, err
	}
	principal, _ := principalOf(ctx)
	how := evenkeel.Acceptance{By: principal.actor(), Create: in.Body.Create, Beginning: in.Body.From == "beginning"}
	if in.Body.From != "" && !how.Beginning {
		if how.From, err = s.handoverAt(ctx, w, in.Body.From); err != nil {
			return nil, err
		}
	}
	ids, refused, err := s.acceptable(ctx, w, slug, in.Body.IDs)
	if err != nil {
		return nil, err
	}
	outcomes, err := w.AcceptSuggestions(ctx, ids, how)
	if err != nil {
		return nil, err
	}
	view := decisionOf(outcomes, refused)
	return answer(view), s.auditDecisions(ctx, slug, "suggestion.accept", outcomes)
}

// handoverAt reads the day from which a group owns.
func (s *Server) handoverAt(ctx context.Context, w Workspace, text string) (time.Time, error) {
	policy, err := w.Policy(ctx)
	if err != nil {
		return time.Time{}, err
	}
	at, err := time.ParseInLocation(time.DateOnly, text, policy.Location())
	if err != nil {
		at, err = time.Parse(time.RFC3339, text)
	}
	if err != nil {
		return time.Time{}, evenkeel.FieldErrors{{Field: "from", Rule: "is neither a date nor an instant nor \"beginning\"; write for example 2026-11-01"}}
	}
	return at, nil
}

// acceptable are the ids that may be accepted here: what a configuration
// states would be taken back when it is applied next.
func (s *Server) acceptable(ctx context.Context, w Workspace, slug string, ids []string) (may []string, refused []evenkeel.SuggestionOutcome, err error) {
	all, err := w.Suggestions(ctx)
	stated := s.stated(slug)
	against := map[string]string{}
	for _, one := range all {
		if value := views.StatedOtherwise(stated, one); value != "" {
			against[one.ID] = fmt.Sprintf("the configuration states %s: %s for %s; change it there", one.Aspect, value, one.Application)
		}
	}
	for _, id := range ids {
		if reason := against[id]; reason != "" {
			refused = append(refused, evenkeel.SuggestionOutcome{ID: id, Refused: fmt.Errorf("%s: %w", reason, evenkeel.ErrConflict)})
			continue
		}
		may = append(may, id)
	}
	return may, refused, err
}

// postDismiss puts suggestions aside.
func (s *Server) postDismiss(ctx context.Context, in *dismissSuggestionsInput) (*body[DecisionView], error) {
	return s.dismiss(ctx, in, "suggestion.dismiss", false)
}

// postReopen brings dismissed suggestions back.
func (s *Server) postReopen(ctx context.Context, in *dismissSuggestionsInput) (*body[DecisionView], error) {
	return s.dismiss(ctx, in, "suggestion.reopen", true)
}

func (s *Server) dismiss(ctx context.Context, in *dismissSuggestionsInput, action string, again bool) (*body[DecisionView], error) {
	w, slug, err := s.in(ctx, in.WorkspaceInput, evenkeel.ScopeAdmin)
	if err != nil {
		return nil, err
	}
	principal, _ := principalOf(ctx)
	outcomes, err := w.DismissSuggestions(ctx, in.Body.IDs, principal.actor(), again)
	if err != nil {
		return nil, err
	}
	return answer(decisionOf(outcomes, nil)), s.auditDecisions(ctx, slug, action, outcomes)
}

func decisionOf(outcomes, refused []evenkeel.SuggestionOutcome) DecisionView {
	v := DecisionView{Done: []string{}, Refused: []RefusalView{}}
	for _, o := range slices.Concat(outcomes, refused) {
		if o.Refused == nil {
			v.Done = append(v.Done, o.ID)
			continue
		}
		fields, _ := errors.AsType[evenkeel.FieldErrors](o.Refused)
		v.Refused = append(v.Refused, RefusalView{ID: o.ID, Reason: o.Refused.Error(), Errors: append(evenkeel.FieldErrors{}, fields...)})
	}
	return v
}

// auditDecisions keeps who decided what.
func (s *Server) auditDecisions(ctx context.Context, workspace, action string, outcomes []evenkeel.SuggestionOutcome) error {
	principal, _ := principalOf(ctx)
	var entries []evenkeel.AuditEntry
	for _, o := range outcomes {
		if o.Refused != nil {
			continue
		}
		entries = append(entries, evenkeel.AuditEntry{
			Workspace: workspace, At: s.Now(), Actor: principal.actor(), Action: action, Object: o.Suggestion.Application,
			Detail: fmt.Sprintf("%s: %s (%s)", o.Suggestion.Aspect, o.Suggestion.Value, o.Suggestion.Source.Kind), RequestID: requestIDOf(ctx),
		})
	}
	return s.Store.Audit(ctx, entries...)
}
