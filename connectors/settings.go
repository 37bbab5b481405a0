package connectors

import (
	"bytes"
	stdjson "encoding/json"
	"maps"
	"path"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/evenkeel-dev/evenkeel"
)

// decodeSettings reads the settings of a connection into a record that holds
// the defaults; no settings at all leave it as it is.
func decodeSettings(text stdjson.RawMessage, into any) error {
	if given := bytes.TrimSpace(text); len(given) == 0 || string(given) == "null" {
		return nil
	}
	if err := json.Unmarshal(text, into, json.RejectUnknownMembers(true)); err != nil {
		return settingsError(err)
	}
	return nil
}

// SettingsOf are the settings of a connection with the names of repositories
// that asking its vendor has taught; what an operator wrote goes before.
func SettingsOf(c evenkeel.Connection) stdjson.RawMessage {
	if len(c.Names) == 0 {
		return c.Settings
	}
	members := map[string]stdjson.RawMessage{}
	if len(c.Settings) > 0 && stdjson.Unmarshal(c.Settings, &members) != nil {
		return c.Settings // What is wrong with them is told where they are read.
	}
	names := maps.Clone(c.Names)
	if written, ok := members["names"]; ok && stdjson.Unmarshal(written, &names) != nil {
		return c.Settings
	}
	text, err := stdjson.Marshal(names)
	if err != nil {
		return c.Settings
	}
	members["names"] = text
	if text, err = stdjson.Marshal(members); err != nil {
		return c.Settings
	}
	return text
}

// settingsCheck gathers what is wrong with settings.
type settingsCheck struct{ broken evenkeel.FieldErrors }

func (c *settingsCheck) add(field, rule string) {
	c.broken = append(c.broken, evenkeel.FieldError{Field: field, Rule: rule})
}

func (c *settingsCheck) required(field, value string) {
	if strings.TrimSpace(value) == "" {
		c.add(field, "is required")
	}
}

func (c *settingsCheck) glob(field, glob string) {
	if _, err := path.Match(glob, ""); err != nil {
		c.add(field, shortQuote(glob)+" is not a glob; close its brackets, or put a backslash before them")
	}
}

func (c *settingsCheck) slug(field, slug string) {
	if slug != "" && !evenkeel.ValidSlug(slug) {
		c.add(field, shortQuote(slug)+" is not a slug, such as checkout")
	}
}

// instance is the part of a source's name that an operator chooses.
func (c *settingsCheck) instance(field, name string) {
	if len(name) > 200 || strings.ContainsAny(name, "/\x00 ") {
		c.add(field, shortQuote(name)+" is longer than 200 characters, or holds a slash or a blank; write a name such as prod")
	}
}

// repository is host/path.
func (c *settingsCheck) repository(field, name string) {
	if name != "" && (GitRepositoryName("https://"+name) != name || strings.Count(name, "/") < 1) {
		c.add(field, shortQuote(name)+" is not host/path in lower case, such as github.com/acme/checkout")
	}
}

func (c *settingsCheck) err() error {
	if len(c.broken) == 0 {
		return nil
	}
	return c.broken
}

// globsFit says whether every value fits the pattern before it. An empty
// pattern fits everything.
func globsFit(patternsAndValues ...string) bool {
	for i := 0; i+1 < len(patternsAndValues); i += 2 {
		pattern, value := patternsAndValues[i], patternsAndValues[i+1]
		if matched, err := path.Match(pattern, value); pattern != "" && (err != nil || !matched) {
			return false
		}
	}
	return true
}
