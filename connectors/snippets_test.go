package connectors_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/evenkeel-dev/evenkeel/connectors"
)

// hook is what the vendors' ways to state a webhook have in common.
type hook struct {
	URL            string   `json:"url"`
	Events         []string `json:"events"`
	EventType      string   `json:"eventType"`
	ConsumerInputs struct {
		URL string `json:"url"`
	} `json:"consumerInputs"`
}

// TestWebhooksOfDeployAskForWhatIsRead: what deploy/ offers to create names
// events that the source reads, and leads to an address of the source.
func TestWebhooksOfDeployAskForWhatIsRead(t *testing.T) {
	t.Parallel()
	for source, file := range map[string]string{
		"circleci": "../deploy/circleci/webhook.json", "bitbucket": "../deploy/bitbucket/webhook.json", "azure-devops": "../deploy/azure-devops/subscriptions.json",
	} {
		t.Run(source, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var hooks []hook
			if strings.HasPrefix(string(text), "{") {
				text = slices.Concat([]byte("["), text, []byte("]"))
			}
			if err := json.Unmarshal(text, &hooks); err != nil {
				t.Fatal(err)
			}
			known, asked := eventsOf(t, source), 0
			for _, h := range hooks {
				if want := "https://evenkeel.example.com/hooks/" + source + "/ID"; h.URL+h.ConsumerInputs.URL != want {
					t.Errorf("leads to %s%s, want %s", h.URL, h.ConsumerInputs.URL, want)
				}
				for _, event := range append(h.Events, h.EventType) {
					if event == "" {
						continue
					}
					asked++
					if !slices.Contains(known, event) && event != "pullrequest:updated" { // Told of as one of all other events.
						t.Errorf("asks for %s, which is not read", event)
					}
				}
			}
			if asked == 0 {
				t.Error("asks for nothing")
			}
		})
	}
}

func eventsOf(t *testing.T, name string) (events []string) {
	t.Helper()
	for _, source := range connectors.Sources() {
		if source.Name == name {
			for _, event := range source.Events {
				events = append(events, event.Event)
			}
		}
	}
	return events
}
