package evenkeel

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Aspect is what a suggestion says of an application.
type Aspect string

// The aspects that sources suggest something of.
const (
	AspectOwner      Aspect = "owner"
	AspectCapability Aspect = "capability"
	AspectTier       Aspect = "tier"
	AspectLifecycle  Aspect = "lifecycle"
	AspectDependency Aspect = "dependency"
	AspectRepository Aspect = "repository"
)

// Single says that an application has one value of the aspect, so that two
// suggested ones contradict each other.
func (a Aspect) Single() bool { return a != AspectDependency && a != AspectRepository }

// Confidence says how directly a source says what is suggested.
type Confidence string

// The confidences, surest first.
const (
	// ConfidenceStated is written for this purpose.
	ConfidenceStated Confidence = "stated"
	// ConfidenceLikely follows from what is written for another purpose.
	ConfidenceLikely Confidence = "likely"
	// ConfidenceGuess follows from where things lie.
	ConfidenceGuess Confidence = "guess"
)

// SuggestionStatus is what people made of a suggestion.
type SuggestionStatus string

// The statuses of a suggestion.
const (
	SuggestionOpen      SuggestionStatus = "open"
	SuggestionAccepted  SuggestionStatus = "accepted"
	SuggestionDismissed SuggestionStatus = "dismissed"
)

// The kinds of sources that suggest.
const (
	SourceBackstage  = "backstage"
	SourceCodeOwners = "codeowners"
	SourceNamespace  = "gitlab_group"
)

// SuggestionSource is the place that says what is suggested.
type SuggestionSource struct {
	// Kind is one of SourceBackstage, SourceCodeOwners and SourceNamespace.
	Kind string `json:"kind" enum:"backstage,codeowners,gitlab_group"`
	// Repository is host and path; empty is unknown.
	Repository string `json:"repository"`
	// Path is a file of the repository; empty where no file says it.
	Path string `json:"path"`
	// Line counts from 1; 0 is unknown.
	Line int `json:"line"`
	// Commit is the commit that was read; empty is unknown.
	Commit string `json:"commit"`
}

// Suggestion is what a source says of an application. It changes nothing until
// a person accepts it.
type Suggestion struct {
	// ID is given by [Suggestion.Named].
	ID string
	// Application is a slug; the catalogue may not know it.
	Application string
	// ApplicationID is its id where the catalogue knows it.
	ApplicationID string
	Aspect        Aspect
	// Value is the slug of a group, capability or needed application, a tier
	// "1" to "4", a lifecycle, or a claim.
	Value string
	// Name and Parent are what the source calls a group or capability, and the
	// slug of what encloses it; empty is unknown.
	Name, Parent string
	// Type is that of a dependency, "api"; empty is not stated.
	Type string
	// Reference is how the source writes the value, "@acme/payments".
	Reference string
	// Method names the rule that read it, "spec.owner", and Detail what the
	// rule saw: a label, a pattern, a share of files.
	Method, Detail string
	Confidence     Confidence
	Source         SuggestionSource
	// FirstSeen is when the source was first read to say so.
	FirstSeen time.Time
	Status    SuggestionStatus
	// By and DecidedAt say who accepted or dismissed it, and when.
	By        string
	DecidedAt time.Time
}

// Named gives the suggestion its id: the same file that says the same again is
// the same suggestion, another value is another one.
func (s Suggestion) Named() Suggestion {
	s.ID = FactID("suggestion", strings.Join([]string{
		s.Source.Kind, s.Source.Repository, s.Source.Path, s.Application, string(s.Aspect), s.Value, s.Type,
	}, "\x1f"))
	return s
}

// Contradicts says that an application can have only one of what the two say.
func (s Suggestion) Contradicts(other Suggestion) bool {
	return s.Aspect == other.Aspect && s.Aspect.Single() && s.Application == other.Application && s.Value != other.Value
}

// ReadScope is what was read of a source, so that what it no longer says can
// be forgotten.
type ReadScope struct {
	Kind, Repository string
	// Path is one file; empty is every file of the repository.
	Path string
	// Except are files that could not be read.
	Except []string
}

// Covers says that a place was read.
func (r ReadScope) Covers(s SuggestionSource) bool {
	return r.Kind == s.Kind && r.Repository == s.Repository && (r.Path == "" || r.Path == s.Path) && !slices.Contains(r.Except, s.Path)
}

// SuggestionsKept counts what reading sources came to.
type SuggestionsKept struct {
	// Opened are new, Known were there already, Withdrawn are no longer said.
	Opened    int `json:"opened"`
	Known     int `json:"known"`
	Withdrawn int `json:"withdrawn"`
}

// Needs are the applications, by slug, that others are known to need.
type Needs map[string][]string

// Present is what the catalogue says of the aspect today, "" for nothing, and
// whether that is what is suggested already.
func (c Catalogue) Present(s Suggestion, needs Needs) (value string, holds bool) {
	a, known := c.bySlug(s.Application)
	if !known {
		return "", false
	}
	switch s.Aspect {
	case AspectOwner:
		value = a.Group
	case AspectCapability:
		value = a.Capability
	case AspectLifecycle:
		value = a.Lifecycle
	case AspectTier:
		if a.Tier != 0 {
			value = strconv.Itoa(int(a.Tier))
		}
	case AspectDependency:
		return "", slices.Contains(needs[s.Application], s.Value)
	case AspectRepository:
		return strings.Join(a.Claims, " "), a.claims(s.Value)
	}
	return value, value == s.Value
}

func (c Catalogue) bySlug(slug string) (Application, bool) {
	i := slices.IndexFunc(c.Applications, func(a Application) bool { return a.Slug == slug })
	if i < 0 {
		return Application{}, false
	}
	return c.Applications[i], true
}

// claims says that the application claims what a claim does, or a folder
// around it.
func (a Application) claims(text string) bool {
	wanted, err := ParseClaim(text)
	return err == nil && slices.ContainsFunc(a.Claims, func(held string) bool {
		claim, err := ParseClaim(held)
		return err == nil && claim.covers(wanted)
	})
}

func (c Claim) covers(other Claim) bool {
	if c.Repository == "" || other.Repository == "" {
		return c == other
	}
	inside := c.Path == "" || c.Path == other.Path || strings.HasPrefix(other.Path, c.Path+"/")
	return c.Repository == other.Repository && inside
}

// ClaimedBy lists the slugs of other applications that claim the very same
// repository or folder.
func (c Catalogue) ClaimedBy(s Suggestion) []string {
	wanted, err := ParseClaim(s.Value)
	if err != nil || s.Aspect != AspectRepository {
		return nil
	}
	var slugs []string
	for _, a := range c.Applications {
		same := slices.ContainsFunc(a.Claims, func(held string) bool {
			claim, err := ParseClaim(held)
			return err == nil && claim.covers(wanted) && wanted.covers(claim)
		})
		if same && a.Slug != s.Application {
			slugs = append(slugs, a.Slug)
		}
	}
	return slugs
}
