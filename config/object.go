package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	yaml "go.yaml.in/yaml/v3"

	"github.com/evenkeel-dev/evenkeel"
)

// text is a value with the place where it stands; the zero value was not written.
type text struct {
	value string
	at    place
}

func (t text) given() bool { return t.at.line > 0 }

// object is a mapping of one file; another value reads as an object without keys.
type object struct {
	d      *document
	at     place
	bad    bool
	keys   map[string]place
	values map[string]*yaml.Node
}

// object reads a mapping whose keys are known. Unknown and repeated keys are
// reported; the first of repeated keys is kept.
func (d *document) object(file string, n *yaml.Node, where string, keys ...string) object {
	o := object{d: d, at: at(file, n, where), keys: map[string]place{}, values: map[string]*yaml.Node{}}
	if n.Kind != yaml.MappingNode {
		o.bad = true
		d.add(o.at.problem(kindOf(n), "write keys and values: "+strings.Join(keys, ", ")))
		return o
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		here := at(file, key, where)
		switch first, twice := o.keys[key.Value]; {
		case key.Kind != yaml.ScalarNode:
			d.add(here.problem(kindOf(key)+" in the place of a key", ""))
		case !slices.Contains(keys, key.Value):
			d.add(here.problem("unknown key "+quoted(key.Value), didYouMean(key.Value, keys, "known keys:")))
		case twice:
			d.add(here.problem("key "+quoted(key.Value)+" is given twice, first at "+first.String(), "remove one"))
		default:
			o.keys[key.Value] = here
			o.values[key.Value] = n.Content[i+1]
		}
	}
	return o
}

func (o object) child(key string) string {
	if o.at.where == "" {
		return key
	}
	return o.at.where + "." + key
}

// place is where the value of a key stands.
func (o object) place(key string) (place, bool) {
	n, ok := o.values[key]
	if !ok {
		return place{}, false
	}
	return at(o.at.file, n, o.child(key)), true
}

// text is the value of a key; the zero text if it is missing or not a text.
func (o object) text(key string) text {
	n, ok := o.values[key]
	if !ok {
		return text{}
	}
	return o.d.text(o.at.file, n, o.child(key))
}

// required is text, and reports a missing key.
func (o object) required(key, example string) text {
	if _, ok := o.values[key]; !ok && !o.bad {
		o.d.add(o.at.problem("has no "+key, "add "+key+": "+example))
	}
	return o.text(key)
}

// list is the members of a list; empty if the key is missing.
func (o object) list(key string) []*yaml.Node {
	n, ok := o.values[key]
	if !ok {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		o.d.add(at(o.at.file, n, o.child(key)).problem(kindOf(n), "write a list, each member after a hyphen"))
		return nil
	}
	return n.Content
}

func (o object) member(key string, i int) string {
	return o.child(key) + "[" + strconv.Itoa(i) + "]"
}

// text reads a text and checks its length and characters.
func (d *document) text(file string, n *yaml.Node, where string) text {
	here := at(file, n, where)
	switch {
	case n.Kind != yaml.ScalarNode:
		d.add(here.problem(kindOf(n), "write a text"))
	case n.ShortTag() == "!!null":
		d.add(here.problem("has no value", "write one or remove the key"))
	case n.ShortTag() != "!!str":
		d.add(here.problem(kindOf(n), "put it in quotes: "+quoted(n.Value)))
	case strings.TrimSpace(n.Value) == "":
		d.add(here.problem("is empty", "write a value or remove the key"))
	case len(n.Value) > evenkeel.MaxText:
		d.add(here.problem(fmt.Sprintf("is %d bytes long", len(n.Value)), fmt.Sprintf("at most %d are kept", evenkeel.MaxText)))
	case strings.ContainsFunc(n.Value, unicode.IsControl):
		d.add(here.problem(quoted(n.Value)+" holds a control character", "remove it"))
	case n.Value != strings.TrimSpace(n.Value):
		d.add(here.problem(quoted(n.Value)+" has blanks at its ends", "remove them"))
	default:
		return text{value: n.Value, at: here}
	}
	return text{}
}

// integer is the value of a key that must be a whole number; ok is false if
// it is missing or something else.
func (o object) integer(key string, low, high int, fix string) (value int, ok bool) {
	n, found := o.values[key]
	if !found {
		return 0, false
	}
	value, err := strconv.Atoi(n.Value)
	if n.ShortTag() != "!!int" || err != nil || value < low || value > high {
		o.d.add(at(o.at.file, n, o.child(key)).problem(shown(n)+" is not a whole number from "+strconv.Itoa(low)+" to "+strconv.Itoa(high), fix))
		return 0, false
	}
	return value, true
}

// boolean is the value of a key that must be true or false.
func (o object) boolean(key string) (value, ok bool) {
	n, found := o.values[key]
	if !found {
		return false, false
	}
	if n.ShortTag() != "!!bool" || n.Value != "true" && n.Value != "false" {
		o.d.add(at(o.at.file, n, o.child(key)).problem(shown(n)+" is neither true nor false", "write true or false"))
		return false, false
	}
	return n.Value == "true", true
}

// kindOf says what a value is, for a message that wants something else.
func kindOf(n *yaml.Node) string {
	switch n.ShortTag() {
	case "!!seq":
		return "is a list"
	case "!!map":
		return "is a mapping"
	case "!!null":
		return "has no value"
	case "!!bool":
		return "is true or false"
	case "!!int", "!!float":
		return "is a number"
	case "!!timestamp":
		return "is a date"
	}
	return "is a text"
}

// shown is a value in a message.
func shown(n *yaml.Node) string {
	switch n.ShortTag() {
	case "!!seq":
		return "a list"
	case "!!map":
		return "a mapping"
	case "!!null":
		return "no value"
	}
	return quoted(n.Value)
}
