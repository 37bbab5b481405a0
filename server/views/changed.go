package views

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// Changed is what happened to an application and to what it needs.
type Changed struct {
	Application Named     `json:"application"`
	Since       time.Time `json:"since"`
	Until       time.Time `json:"until"`
	// Dependencies counts the other applications that were looked at: what the
	// application needs, up to three calls away.
	Dependencies int `json:"dependencies"`
	// Items are newest first.
	Items []ChangedItem `json:"items"`
	// Truncated says that there is more than is listed.
	Truncated bool `json:"truncated"`
}

// ChangedItem is something that happened, with its place in the order for
// looking at what caused a problem.
type ChangedItem struct {
	ID          string        `json:"id"`
	Kind        evenkeel.Kind `json:"kind" enum:"deployment,flag_change,incident"`
	At          time.Time     `json:"at"`
	Application Named         `json:"application"`
	Distance    int           `json:"distance" doc:"Calls between the application asked about and this one; 0 is itself"`
	Environment string        `json:"environment"`
	Status      string        `json:"status"`
	Summary     string        `json:"summary"`
	// Plausibility orders where to look; it is no probability.
	Plausibility float64         `json:"plausibility" minimum:"0" maximum:"1"`
	Rank         int             `json:"rank" doc:"1 is the most plausible"`
	Reasons      []ChangedReason `json:"reasons"`
}

// ChangedReason says why an item is plausible, or is not.
type ChangedReason struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// Surroundings are an application and what it needs, by distance in calls.
type Surroundings struct {
	Target evenkeel.Application
	// Distances are by application id.
	Distances map[string]int
	// Environment is what was asked for: a name, a class, or empty for production.
	Environment string
}

// MaxChanged is the most items of one answer.
const MaxChanged = 500

// NewChanged ranks facts that happened in a window. more says that the window
// holds more than the facts given.
func NewChanged(r *jobs.Results, around Surroundings, window evenkeel.Window, facts []evenkeel.Entry, more bool) Changed {
	view := Changed{
		Application: Named{Slug: around.Target.Slug, Name: around.Target.Name}, Since: window.From, Until: window.To,
		Dependencies: max(len(around.Distances)-1, 0), Items: []ChangedItem{}, Truncated: more || len(facts) > MaxChanged,
	}
	facts = facts[:min(len(facts), MaxChanged)]
	byID := make(map[string]evenkeel.Entry, len(facts))
	happened := make([]metrics.Happening, len(facts))
	for i, f := range facts {
		byID[f.ID] = f
		happened[i] = around.happening(r, f)
	}
	names := map[string]Named{}
	for _, a := range r.Catalogue.Applications {
		names[a.ID] = Named{Slug: a.Slug, Name: a.Name}
	}
	for _, ranked := range metrics.Plausible(around.Target.ID, window.To, happened) {
		f := byID[ranked.ID]
		item := ChangedItem{
			ID: f.ID, Kind: f.Kind, At: f.At.UTC(), Application: names[ranked.Application], Distance: ranked.Distance, Environment: f.Environment,
			Status: f.Status, Plausibility: ranked.Score, Rank: ranked.Rank, Reasons: reasons(ranked, window.To),
		}
		item.Summary, _ = Summary(f.Kind, f.Fields)
		view.Items = append(view.Items, item)
	}
	return view
}

// Concerns says whether a fact concerns the environments asked for: those of
// the class of what was named. What names no environment concerns all, except
// that deployments and incidents without one are as in figures: unclassified
// deployments, incidents of production.
func (s Surroundings) Concerns(p evenkeel.Policy, f evenkeel.Entry) bool {
	class := s.class(p)
	switch {
	case f.Environment != "":
		return evenkeel.EnvironmentClass(environmentName(f.Environment)) == class || p.Class(f.Environment) == class
	case f.Kind == evenkeel.KindFlagChange:
		return true
	case f.Kind == evenkeel.KindIncident:
		return class == evenkeel.Production
	}
	return class == evenkeel.Unclassified
}

// Nearest lists the applications by distance, then id.
func (s Surroundings) Nearest() []string {
	ids := make([]string, 0, len(s.Distances))
	for id := range s.Distances {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(cmp.Compare(s.Distances[a], s.Distances[b]), cmp.Compare(a, b)) })
	return ids
}

// class is the class of what was named: a class itself, or an environment.
func (s Surroundings) class(p evenkeel.Policy) evenkeel.EnvironmentClass {
	name := evenkeel.EnvironmentClass(environmentName(s.Environment))
	switch name {
	case "":
		return evenkeel.Production
	case evenkeel.Production, evenkeel.Staging, evenkeel.Testing, evenkeel.Development, evenkeel.Unclassified:
		return name
	}
	return p.Class(s.Environment)
}

func environmentName(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// same says whether an environment is the one that was named, if one was.
func (s Surroundings) same(p evenkeel.Policy, environment string) bool {
	named := environmentName(s.Environment)
	return environment == "" || named == "" || named == string(s.class(p)) || environmentName(environment) == named
}

func (s Surroundings) happening(r *jobs.Results, f evenkeel.Entry) metrics.Happening {
	h := metrics.Happening{ID: f.ID, Kind: f.Kind, At: f.At, SameEnvironment: s.same(r.Policy, f.Environment), Distance: -1}
	for _, m := range r.Catalogue.Resolve(f.Subject) {
		if distance, ok := s.Distances[m.Application]; ok && (h.Distance < 0 || distance < h.Distance) {
			h.Application, h.Distance = m.Application, distance
		}
		if f.Kind != evenkeel.KindDeployment {
			continue
		}
		if outcome, ok := r.Derived[m.Application].Outcome(f.ID); ok && outcome.Failed {
			h.Blamed = true
			h.RolledBack = h.RolledBack || *outcome.Rung == metrics.RungRollback
		}
	}
	h.Distance = max(h.Distance, 0)
	h.Failed = f.Kind == evenkeel.KindDeployment && f.Status == string(evenkeel.StatusFailure)
	return h
}

// reasons writes the factors that tell items apart.
func reasons(r metrics.Ranked, at time.Time) []ChangedReason {
	told := []ChangedReason{}
	for _, because := range r.Reasons {
		if text := reasonText(because.Code, r, at); text != "" {
			told = append(told, ChangedReason{because.Code, text})
		}
	}
	return told
}

func reasonText(code string, r metrics.Ranked, at time.Time) string {
	switch code {
	case "recent", "earlier":
		return length(at.Sub(r.At)) + " before"
	case "after":
		return "it came later"
	case "time_unknown":
		return "its time is not known"
	case "same_application":
		return "in the application itself"
	case "dependency":
		return "in an application that is called directly"
	case "indirect_dependency":
		return fmt.Sprintf("in an application %d calls away", r.Distance)
	case "flag_change":
		return "a flag was changed"
	case "incident":
		return "a dependency has an incident"
	case "same_problem":
		return "an incident of the application itself is rather the problem than its cause"
	case "other_environment":
		return "in another environment of the class"
	case "rolled_back":
		return "it was rolled back"
	case "blamed":
		return "a failure was laid to it"
	case "failed":
		return "it failed itself"
	}
	return "" // What most items have in common tells nothing apart.
}

// length is a time span in its two largest units.
func length(d time.Duration) string {
	days, hours, minutes := int(d/(24*time.Hour)), int(d/time.Hour)%24, int(d/time.Minute)%60
	switch {
	case days > 0:
		return words(counted(days, "day"), counted(hours, "hour"))
	case hours > 0:
		return words(counted(hours, "hour"), counted(minutes, "minute"))
	case minutes > 0:
		return counted(minutes, "minute")
	}
	return "less than a minute"
}

func counted(n int, unit string) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}

// ParseSince reads the window of recent happenings. since is an instant, a
// date, or a length such as 30m, 2h or 7d, counted back from until; an empty
// one is two hours. An empty until is now.
func ParseSince(since, until string, now time.Time, zone *time.Location) (evenkeel.Window, error) {
	w := evenkeel.Window{To: now.UTC().Truncate(time.Microsecond)}
	var err error
	if until != "" {
		if w.To, err = parseInstant("until", until, zone); err != nil {
			return w, err
		}
	}
	if back, ok := parseLength(cmp.Or(since, "2h")); ok {
		w.From = w.To.Add(-back)
	} else if w.From, err = parseInstant("since", since, zone); err != nil {
		return w, sinceError(since)
	}
	switch {
	case !w.From.Before(w.To):
		return w, evenkeel.FieldErrors{{Field: "since", Rule: fmt.Sprintf("%s is not before until, %s", w.From.Format(time.RFC3339), w.To.Format(time.RFC3339))}}
	case w.To.Sub(w.From) > maxSince:
		return w, evenkeel.FieldErrors{{Field: "since", Rule: "is more than 92 days before until; choose less"}}
	}
	return w, nil
}

// maxSince is how far back recent happenings are searched.
const maxSince = 92 * 24 * time.Hour

func sinceError(text string) error {
	return evenkeel.FieldErrors{{Field: "since", Rule: fmt.Sprintf("%.60q is neither a length (30m, 2h, 7d) nor an RFC 3339 instant nor a date", text)}}
}

// parseLength reads minutes, hours, days or weeks.
func parseLength(text string) (time.Duration, bool) {
	units := map[string]time.Duration{"m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}
	for unit, one := range units {
		digits, ok := strings.CutSuffix(text, unit)
		if !ok || len(digits) > 5 || strings.Trim(digits, "0123456789") != "" || digits == "" {
			continue
		}
		n := 0
		for _, d := range digits {
			n = 10*n + int(d-'0')
		}
		return time.Duration(n) * one, true
	}
	return 0, false
}
