package connectors

import (
	stdjson "encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

// Settings that sources of incidents have in common.

// servicePlace says what a service of an incident tool is.
type servicePlace struct {
	Application string `json:"application"`
	Environment string `json:"environment"`
}

// readSettings reads the settings of a connection into s, which holds the
// defaults, and checks them; check adds what is wrong.
func readSettings(text stdjson.RawMessage, s any, check func(broken *mistakes)) error {
	if err := decodeSettings(text, s); err != nil {
		return err
	}
	var broken mistakes
	if check(&broken); len(broken.list) > 0 {
		return broken.list
	}
	return nil
}

// checkWord holds a text to what every member of a fact is held to.
func checkWord(broken *mistakes, field, text string) {
	if len(text) > evenkeel.MaxText || strings.Contains(text, "\x00") {
		broken.add(field, "is longer than "+strconv.Itoa(evenkeel.MaxText)+" bytes or holds a NUL")
	}
}

func checkWords(broken *mistakes, field string, words map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(words)) {
		if words[name] == "" {
			broken.add(inside(field, shorten([]byte(name))), "is empty; leave it out, or write a text")
		}
		checkWord(broken, inside(field, shorten([]byte(name))), words[name])
	}
}

func checkSlug(broken *mistakes, field, slug string) {
	if slug != "" && !evenkeel.ValidSlug(slug) {
		broken.add(field, shortQuote(slug)+" is not a slug, such as checkout")
	}
}

func checkServices(broken *mistakes, field string, services map[string]servicePlace) {
	for _, name := range slices.Sorted(maps.Keys(services)) {
		at := inside(field, shorten([]byte(name)))
		checkSlug(broken, at+".application", services[name].Application)
		checkWord(broken, at+".environment", services[name].Environment)
	}
}

// severityOf translates a source's word; without a translation it is the word
// in lower case.
func severityOf(severities map[string]string, word string) string {
	if to, ok := severities[word]; ok {
		return to
	}
	return strings.ToLower(word)
}

// whole clears what an incident that is told as a whole does not have: where it
// belongs may have changed.
func whole(e evenkeel.Event, facts *evenkeel.Incident) evenkeel.Event {
	for name, missing := range map[string]bool{
		"application": facts.Application == "", "applications": len(facts.Applications) == 0, "environment": facts.Environment == "", "severity": facts.Severity == "",
	} {
		if missing {
			e.Cleared = append(e.Cleared, name)
		}
	}
	slices.Sort(e.Cleared)
	return e
}
