package config

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// The limits of the windows of the policy.
const (
	minWindow = time.Minute
	maxWindow = 365 * 24 * time.Hour
)

func (d *document) checkEnvironments() {
	classes := []string{
		string(evenkeel.Production), string(evenkeel.Staging), string(evenkeel.Testing),
		string(evenkeel.Development), string(evenkeel.Unclassified),
	}
	first := map[string]place{}
	for _, e := range d.environments {
		d.checkOneOf(e.class, classes)
		if !e.pattern.given() {
			continue
		}
		before, twice := first[e.pattern.value]
		_, err := path.Match(e.pattern.value, "")
		switch {
		case twice:
			d.add(e.pattern.at.problem("pattern "+quoted(e.pattern.value)+" is given already at "+before.String(), "remove one; the first that matches decides"))
		case e.pattern.value != strings.ToLower(e.pattern.value):
			d.add(e.pattern.at.problem("pattern "+quoted(e.pattern.value)+" never matches, because names are compared in lower case", "write "+quoted(strings.ToLower(e.pattern.value))))
		case err != nil:
			d.add(e.pattern.at.problem("pattern "+quoted(e.pattern.value)+" has an open bracket or a lone backslash", "close the bracket; * matches anything, ? one character, [a-z] one of a range"))
		default:
			first[e.pattern.value] = e.pattern.at
		}
	}
}

func (d *document) checkPolicy() {
	for _, window := range []text{d.rules.failureWindow, d.rules.hotfixWindow} {
		if !window.given() {
			continue
		}
		length, ok := parseDuration(window.value)
		switch {
		case !ok:
			d.add(window.at.problem(quoted(window.value)+" is not a duration", "write for example 72h, 90m, 3d or 2w"))
		case length < minWindow || length > maxWindow:
			d.add(window.at.problem(quoted(window.value)+" is not between one minute and 365 days", ""))
		}
	}
	if zone := d.rules.timeZone; zone.given() {
		if _, err := time.LoadLocation(zone.value); err != nil || zone.value == "Local" {
			d.add(zone.at.problem(quoted(zone.value)+" is not a time zone", "write a name of the IANA list, for example Europe/Berlin, or UTC"))
		}
	}
	d.checkOneOf(d.rules.weekStart, weekdays())
}

// parseDuration reads a Go duration, or whole days ("3d") or weeks ("2w").
func parseDuration(s string) (time.Duration, bool) {
	for unit, length := range map[string]time.Duration{"d": 24 * time.Hour, "w": 7 * 24 * time.Hour} {
		number, ok := strings.CutSuffix(s, unit)
		if !ok {
			continue
		}
		n, err := strconv.ParseUint(number, 10, 12) // More could not be held.
		return time.Duration(n) * length, err == nil && strings.Trim(number, "0123456789") == ""
	}
	length, err := time.ParseDuration(s)
	return length, err == nil
}

func weekdays() []string {
	names := make([]string, 7)
	for i := range names {
		names[i] = strings.ToLower(time.Weekday((i + 1) % 7).String())
	}
	return names
}

// policy is the default policy with what the files change.
func (d *document) policy() evenkeel.Policy {
	p := evenkeel.DefaultPolicy()
	version := p.Version
	p.Version = ""
	unchanged := digest(p)
	var own []evenkeel.EnvironmentRule
	for _, e := range d.environments {
		own = append(own, evenkeel.EnvironmentRule{Pattern: e.pattern.value, Class: evenkeel.EnvironmentClass(e.class.value)})
	}
	p.Environments = append(own, p.Environments...)
	if length, ok := parseDuration(d.rules.failureWindow.value); ok {
		p.FailureWindow = length
	}
	if length, ok := parseDuration(d.rules.hotfixWindow.value); ok {
		p.HotfixWindow = length
	}
	if d.rules.inferFailures != nil {
		p.InferFailures = *d.rules.inferFailures
	}
	if d.rules.timeZone.given() {
		p.TimeZone = d.rules.timeZone.value
	}
	if i := slices.Index(weekdays(), d.rules.weekStart.value); i >= 0 {
		p.WeekStart = time.Weekday((i + 1) % 7)
	}
	changed := digest(p)
	p.Version = version
	if changed != unchanged {
		p.Version = "config-" + changed
	}
	return p
}

// digest is 12 hexadecimal digits that differ where the policies do.
func digest(p evenkeel.Policy) string {
	data, err := json.Marshal(p)
	if err != nil {
		panic(err) // A policy holds texts and numbers only.
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:6])
}
