package views

import (
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Suggestion is what a source says of an application beside what holds today.
type Suggestion struct {
	ID          string          `json:"id"`
	Application Named           `json:"application"`
	Known       bool            `json:"known" doc:"The catalogue has the application; accepting makes one that it lacks"`
	Aspect      evenkeel.Aspect `json:"aspect" enum:"owner,capability,tier,lifecycle,dependency,repository"`
	Value       string          `json:"value" doc:"A slug, a tier, a lifecycle or a claim"`
	Name        string          `json:"name" doc:"What people call the value"`
	Type        string          `json:"type" doc:"Of a dependency"`
	Present     string          `json:"present" doc:"What holds today; empty for nothing"`
	PresentName string          `json:"present_name"`
	Reference   string          `json:"reference" doc:"How the source writes it"`
	Method      string          `json:"method" doc:"The rule that read it"`
	Detail      string          `json:"detail" doc:"What the rule saw"`
	Confidence  string          `json:"confidence" enum:"stated,likely,guess"`

	Source      evenkeel.SuggestionSource `json:"source"`
	FirstSeenAt time.Time                 `json:"first_seen_at"`
	Status      string                    `json:"status" enum:"open,accepted,dismissed"`
	By          string                    `json:"by" doc:"Who accepted or dismissed it; empty for tokens and while it is open"`
	DecidedAt   *time.Time                `json:"decided_at"`
	// Others are what other sources say of the same.
	Others    []string           `json:"others" nullable:"false" doc:"Other values that sources say; a person has to choose"`
	ClaimedBy []string           `json:"claimed_by" nullable:"false" doc:"Other applications that claim the same repository or folder"`
	Creates   []evenkeel.Missing `json:"creates" nullable:"false" doc:"What the catalogue lacks and accepting with create makes"`
	Stated    bool               `json:"stated" doc:"The configuration states another value, and would take this back; change it there"`
}

// Contradicted says that a person has to choose.
func (s Suggestion) Contradicted() bool { return len(s.Others)+len(s.ClaimedBy) > 0 }

// Suggestions shows what sources say that does not hold today, and what people
// decided, in the order given. What was accepted and holds no longer is open
// again; what holds and nobody decided on is left out. stated is what a
// configuration states.
func Suggestions(all []evenkeel.Suggestion, c, stated evenkeel.Catalogue, needs evenkeel.Needs) []Suggestion {
	shown := []Suggestion{}
	said := map[contested][]string{}
	for _, s := range all {
		if key := contestedBy(s); s.Aspect.Single() && s.Status != evenkeel.SuggestionDismissed && !slices.Contains(said[key], s.Value) {
			said[key] = append(said[key], s.Value)
		}
	}
	for _, s := range all {
		present, holds := c.Present(s, needs)
		if holds && s.Status != evenkeel.SuggestionAccepted {
			continue
		}
		if !holds && s.Status == evenkeel.SuggestionAccepted {
			s.Status, s.By, s.DecidedAt = evenkeel.SuggestionOpen, "", time.Time{}
		}
		v := suggestionOf(s, c)
		v.Present, v.PresentName, v.Stated = present, nameIn(c, s.Aspect, present), StatedOtherwise(stated, s) != ""
		if s.Status == evenkeel.SuggestionOpen {
			v.Others = slices.DeleteFunc(append([]string{}, said[contestedBy(s)]...), func(value string) bool { return value == s.Value })
		}
		shown = append(shown, v)
	}
	return shown
}

// contested is what can have one value only.
type contested struct {
	application string
	aspect      evenkeel.Aspect
}

func contestedBy(s evenkeel.Suggestion) contested { return contested{s.Application, s.Aspect} }

// StatedOtherwise is the value that a configuration states in place of the
// suggested one; empty where it states none, or that.
func StatedOtherwise(stated evenkeel.Catalogue, s evenkeel.Suggestion) string {
	value, holds := stated.Present(s, nil)
	if holds || !s.Aspect.Single() {
		return ""
	}
	return value
}

func suggestionOf(s evenkeel.Suggestion, c evenkeel.Catalogue) Suggestion {
	v := Suggestion{
		ID: s.ID, Application: Named{Slug: s.Application, Name: s.Application}, Aspect: s.Aspect, Value: s.Value, Name: nameIn(c, s.Aspect, s.Value), Type: s.Type,
		Reference: s.Reference, Method: s.Method, Detail: s.Detail, Confidence: string(s.Confidence), Source: s.Source, FirstSeenAt: s.FirstSeen.UTC(),
		Status: string(s.Status), Others: []string{}, ClaimedBy: append([]string{}, c.ClaimedBy(s)...), Creates: c.Missing(s),
	}
	if v.Name == s.Value && s.Name != "" {
		v.Name = s.Name
	}
	if s.Status != evenkeel.SuggestionOpen && !s.DecidedAt.IsZero() {
		at := s.DecidedAt.UTC()
		v.By, v.DecidedAt = s.By, &at
	}
	if i := slices.IndexFunc(c.Applications, func(a evenkeel.Application) bool { return a.Slug == s.Application }); i >= 0 {
		v.Known, v.Application.Name = true, c.Applications[i].Name
	}
	return v
}

// nameIn is what people call a value; a value without a name is its own.
func nameIn(c evenkeel.Catalogue, aspect evenkeel.Aspect, value string) string {
	var found *Named
	switch aspect {
	case evenkeel.AspectOwner:
		found = GroupOf(c, value)
	case evenkeel.AspectCapability:
		found = CapabilityOf(c, value)
	case evenkeel.AspectDependency:
		if i := slices.IndexFunc(c.Applications, func(a evenkeel.Application) bool { return a.Slug == value }); i >= 0 {
			found = &Named{Name: c.Applications[i].Name}
		}
	case evenkeel.AspectTier, evenkeel.AspectLifecycle, evenkeel.AspectRepository:
	}
	if found == nil {
		return value
	}
	return found.Name
}
