package config_test

import (
	"strings"
	"testing"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// fenced lists the blocks of a language in a text.
func fenced(text, language string) []string {
	var found []string
	for {
		_, rest, begins := strings.Cut(text, "```"+language+"\n")
		block, after, ends := strings.Cut(rest, "```")
		if !begins || !ends {
			return found
		}
		found, text = append(found, block), after
	}
}

// TestExamplesOfSourcesLoad: what the set-up of a source shows is a
// configuration that loads, and it understands the body that is shown.
func TestExamplesOfSourcesLoad(t *testing.T) {
	t.Parallel()
	shown := 0
	for _, source := range connectors.Sources() {
		for _, example := range fenced(source.Setup, "yaml") {
			c, said := loaded(t, example)
			if said != "" || len(c.Connections) != 1 {
				t.Fatalf("%s: %s", source.Name, said)
			}
			receiver, err := source.Open(c.Connections[0].Settings)
			if err != nil {
				t.Fatalf("%s: %v", source.Name, err)
			}
			for _, body := range fenced(source.Setup, "json") {
				events, err := receiver.Parse(nil, []byte(body))
				if err != nil || len(events) != 1 || events[0].Kind != evenkeel.KindIncident {
					t.Errorf("%s: %+v, %v", source.Name, events, err)
				}
				shown++
			}
		}
	}
	if shown == 0 {
		t.Error("no example")
	}
}
