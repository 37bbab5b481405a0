package connectors

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// What the sources of tickets, Jira and ServiceNow, have in common.

// maxTrackerRules is how many lists of work items one connection reads.
const maxTrackerRules = 100

// firstList sets what the lists of work items say of one item at one instant
// apart: the first list has the last word.
func firstList(rule int) time.Duration {
	return time.Duration(maxTrackerRules-1-rule) * time.Microsecond
}

// workRule says which records are work items, and of which type.
type workRule struct {
	Name string            `json:"name"`
	Type evenkeel.WorkType `json:"type"`
}

func (r workRule) check(broken *mistakes, at string) {
	if !evenkeel.ValidSlug(r.Name) {
		broken.add(at+".name", shortQuote(r.Name)+" is not a name such as bugs; it tells the lists apart")
	}
	if !slices.Contains([]evenkeel.WorkType{evenkeel.WorkFeature, evenkeel.WorkBug, evenkeel.WorkDebt, evenkeel.WorkSecurity, evenkeel.WorkUnplanned}, r.Type) {
		broken.add(at+".type", shortQuote(string(r.Type))+" is none of feature, bug, debt, security and unplanned")
	}
}

// checkWorkNames refuses a name that stands twice, and more lists than can be
// told apart.
func checkWorkNames(broken *mistakes, names []string) {
	seen := map[string]bool{}
	for i, name := range names {
		if seen[name] {
			broken.add("work_items["+strconv.Itoa(i)+"].name", "is that of another list already")
		}
		seen[name] = true
	}
	if len(names) > maxTrackerRules {
		broken.add("work_items", "has more than "+strconv.Itoa(maxTrackerRules)+" lists; join some of them")
	}
}

func checkGlob(broken *mistakes, field, glob string) {
	var c settingsCheck
	c.glob(field, glob)
	for _, one := range c.broken {
		broken.add(one.Field, one.Rule)
	}
}

// cleared are the names of members that are not there, sorted.
func cleared(missing map[string]bool) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(missing)) {
		if missing[name] {
			names = append(names, name)
		}
	}
	return names
}

// wholeItem is a work item as its source shows it, which clears what it does
// not have.
func wholeItem(e evenkeel.Event, facts *evenkeel.WorkItem) evenkeel.Event {
	e.Cleared = cleared(map[string]bool{
		"application": facts.Application == "", "started_at": facts.StartedAt.IsZero(), "closed_at": facts.ClosedAt.IsZero(), "due_at": facts.DueAt.IsZero(),
	})
	return e
}
