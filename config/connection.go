package config

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	yaml "go.yaml.in/yaml/v3"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

const (
	// DefaultBodies is how long bodies of deliveries are kept if nothing is
	// written.
	DefaultBodies = 90 * 24 * time.Hour
	// maxBodies is the longest that they may be kept.
	maxBodies = 3650 * 24 * time.Hour
	// maxSecrets is how many secrets of a connection are tried.
	maxSecrets = 4
)

// Retention is how long things are kept.
type Retention struct {
	// Bodies is how long bodies of deliveries are kept; 0 keeps none, only
	// their digests.
	Bodies time.Duration
}

// connection is a member of the section connections.
type connection struct {
	at           place
	name, source text
	secrets      []text
	settings     *yaml.Node
	settingsAt   place
}

func (d *document) readConnection(o object) {
	c := connection{at: o.at, name: o.required("name", "acme-github"), source: o.required("source", "github")}
	if _, ok := o.values["secrets"]; !ok && !o.bad && takesDeliveries(c.source.value) {
		d.add(o.at.problem("has no secrets", "add a list of references such as ${env:NAME}"))
	}
	for i, one := range o.list("secrets") {
		if secret := d.text(o.at.file, one, o.member("secrets", i)); secret.given() {
			c.secrets = append(c.secrets, secret)
		}
	}
	if here, ok := o.place("settings"); ok {
		c.settings, c.settingsAt = o.values["settings"], here
	}
	d.connections = append(d.connections, c)
}

// takesDeliveries says whether a source has secrets that deliveries are signed
// with; an unknown one is told of elsewhere.
func takesDeliveries(source string) bool {
	known, err := connectors.SourceNamed(source)
	return err != nil || known.Measure == nil
}

func (d *document) checkConnections() {
	names := make([]text, len(d.connections))
	for i, c := range d.connections {
		names[i] = c.name
		d.checkSecrets(c)
		d.checkSettings(c)
	}
	d.checkUnique(names, "connection")
}

// checkSecrets lets references through and nothing else.
func (d *document) checkSecrets(c connection) {
	for _, secret := range c.secrets {
		for _, rule := range ReferenceRules(secret.value) {
			d.add(secret.at.problem(rule, "write ${env:NAME} or ${file:/full/path}"))
		}
	}
	if len(c.secrets) > maxSecrets {
		d.add(c.secrets[maxSecrets].at.problem("is secret number "+strconv.Itoa(maxSecrets+1), "at most "+strconv.Itoa(maxSecrets)+" are tried; remove those that nobody signs with"))
	}
}

// checkSettings lets the connector itself look at its settings.
func (d *document) checkSettings(c connection) {
	if !c.source.given() {
		return
	}
	source, err := connectors.SourceNamed(c.source.value)
	if err != nil {
		var names []string
		for _, known := range connectors.Sources() {
			names = append(names, known.Name)
		}
		d.add(c.source.at.problem("source "+quoted(c.source.value)+" is unknown", didYouMean(c.source.value, names, "sources:")))
		return
	}
	here := c.at
	if c.settings != nil {
		here = c.settingsAt
	}
	settings, err := settingsOf(c.settings)
	if err == nil {
		_, err = source.Open(settings)
	}
	if err != nil {
		d.add(here.problem(err.Error(), ""))
	}
}

// settingsOf is a mapping as JSON; nil if it is not written.
func settingsOf(n *yaml.Node) (json.RawMessage, error) {
	if n == nil {
		return nil, nil
	}
	var value any
	if err := n.Decode(&value); err != nil {
		return nil, err
	}
	return json.Marshal(value)
}

// ReferenceRules says what keeps a text from being one reference to a secret;
// nothing if it is one.
func ReferenceRules(text string) []string {
	secret := Secret(text)
	if broken := secret.rules(); len(broken) > 0 {
		return broken
	}
	if !secret.whole() {
		return []string{"is not a reference to a secret"} // Not quoted: it may be the secret itself.
	}
	return nil
}

func (d *document) readRetention(o object) { d.bodies = o.text("bodies") }

func (d *document) checkRetention() {
	if !d.bodies.given() {
		return
	}
	length, ok := evenkeel.ParseDuration(d.bodies.value)
	switch {
	case !ok:
		d.add(d.bodies.at.problem(quoted(d.bodies.value)+" is not a duration", "write for example 90d, 12w or 0h to keep none"))
	case length < 0 || length > maxBodies:
		d.add(d.bodies.at.problem(quoted(d.bodies.value)+" is not between 0 and 3650 days", ""))
	}
}

func (d *document) retention() Retention {
	if length, ok := evenkeel.ParseDuration(d.bodies.value); ok {
		return Retention{Bodies: length}
	}
	return Retention{Bodies: DefaultBodies}
}

func (d *document) connectionList() []evenkeel.Connection {
	var list []evenkeel.Connection
	for _, c := range d.connections {
		settings, _ := settingsOf(c.settings) // It was checked.
		one := evenkeel.Connection{Name: c.name.value, Source: c.source.value, Settings: settings, Managed: "config"}
		for _, secret := range c.secrets {
			one.Secrets = append(one.Secrets, secret.value)
		}
		list = append(list, one)
	}
	return slices.Clip(list)
}
