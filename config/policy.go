package config

import (
	"errors"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	yaml "go.yaml.in/yaml/v3"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// rules is the section policy, or the overrides of one application in it.
type rules struct {
	words         map[string]text
	inferFailures *bool
	environments  []environment
	// deployments says that the rule is written, however short it is.
	deployments  bool
	lists        map[string][]text
	applications map[string]rules
	// places are where members stand, named as in errors of policies.
	places map[string]place
}

// wordKeys are the members of a policy that are one text, which overrides may
// replace too.
func wordKeys() []string {
	return []string{"unit", "start", "aggregation", "failure_window", "hotfix_window", "recovery", "time_zone", "week_start", "benchmark", "cadence"}
}

func overrideKeys() []string {
	return append(wordKeys(), "infer_failures", "deployments", "environments")
}

func policyKeys() []string {
	return append(wordKeys(), "infer_failures", "deployments", "assisted", "bots", "effective_from", "applications")
}

func (d *document) readPolicy(o object) {
	d.rules = d.readRules(o, "")
	d.rules.words["effective_from"] = o.instant("effective_from")
	d.rules.place("effective_from", d.rules.words["effective_from"])
	for key, members := range map[string][]string{"assisted": {"trailers", "labels", "actors"}, "bots": {"trailers", "labels", "actors"}} {
		d.rules.readLists(d, o, "", key, members...)
	}
	node, ok := o.values["applications"]
	if !ok {
		return
	}
	if node.Kind != yaml.MappingNode {
		here, _ := o.place("applications")
		d.add(here.problem(kindOf(node), "write overrides under the slug of each application"))
		return
	}
	d.rules.applications = map[string]rules{}
	d.readOverrides(o, node)
}

func (d *document) readOverrides(o object, node *yaml.Node) {
	first := map[string]place{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		slug := d.text(o.at.file, node.Content[i], o.child("applications"))
		if !slug.given() {
			continue
		}
		if before, twice := first[slug.value]; twice {
			d.add(slug.at.problem("overrides of "+quoted(slug.value)+" are given already at "+before.String(), "join them"))
			continue
		}
		first[slug.value] = slug.at
		own := d.object(o.at.file, node.Content[i+1], o.child("applications")+"."+slug.value, overrideKeys()...)
		field := "applications." + slug.value
		one := d.readRules(own, field+".")
		for n, rule := range own.list("environments") {
			one.environments = append(one.environments, d.readEnvironment(d.object(o.at.file, rule, own.member("environments", n), "pattern", "class")))
			one.places[field+".environments["+strconv.Itoa(n)+"]"] = at(o.at.file, rule, own.member("environments", n))
		}
		one.places[field] = slug.at
		maps.Copy(d.rules.places, one.places)
		d.rules.applications[slug.value] = one
	}
}

func (d *document) readEnvironment(o object) environment {
	return environment{pattern: o.required("pattern", "prod-*"), class: o.required("class", "production")}
}

// readRules reads what a policy and overrides have in common.
func (d *document) readRules(o object, field string) rules {
	r := rules{words: map[string]text{}, lists: map[string][]text{}, places: map[string]place{}}
	for _, key := range wordKeys() {
		r.words[key] = o.text(key)
		r.place(field+key, r.words[key])
	}
	if infer, ok := o.boolean("infer_failures"); ok {
		r.inferFailures = &infer
		r.places[field+"infer_failures"], _ = o.place("infer_failures")
	}
	r.deployments = r.readLists(d, o, field, "deployments", "sources", "refs", "exclude_refs", "artifact_kinds")
	return r
}

func (r *rules) place(field string, t text) {
	if t.given() {
		r.places[field] = t.at
	}
}

// readLists reads an object of lists of texts, and says whether it is written.
func (r *rules) readLists(d *document, o object, field, key string, members ...string) bool {
	node, ok := o.values[key]
	if !ok {
		return false
	}
	inner := d.object(o.at.file, node, o.child(key), members...)
	r.places[field+key] = inner.at
	for _, member := range members {
		if _, written := inner.values[member]; !written {
			continue
		}
		name := key + "." + member
		r.lists[name] = []text{}
		r.places[field+name], _ = inner.place(member)
		for i, one := range inner.list(member) {
			if t := d.text(o.at.file, one, inner.member(member, i)); t.given() {
				r.places[field+name+"["+strconv.Itoa(len(r.lists[name]))+"]"] = t.at
				r.lists[name] = append(r.lists[name], t)
			}
		}
	}
	return true
}

// instant is the value of a key that must be a date or an RFC 3339 instant.
func (o object) instant(key string) text {
	n, ok := o.values[key]
	if !ok {
		return text{}
	}
	here := at(o.at.file, n, o.child(key))
	if _, ok := parseInstant(n.Value); !ok || n.Kind != yaml.ScalarNode {
		o.d.add(here.problem(shown(n)+" is neither a date nor an RFC 3339 instant", "write for example 2026-01-01, which begins at midnight UTC"))
		return text{}
	}
	return text{value: n.Value, at: here}
}

func parseInstant(s string) (time.Time, bool) {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

func (d *document) checkEnvironments() {
	d.checkRules(d.environments)
	for _, slug := range slices.Sorted(maps.Keys(d.rules.applications)) {
		d.checkRules(d.rules.applications[slug].environments)
	}
}

func (d *document) checkRules(rules []environment) {
	var classes []string
	for _, class := range evenkeel.EnvironmentClasses() {
		classes = append(classes, string(class))
	}
	first := map[string]place{}
	for _, e := range rules {
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

// checkPolicy checks what is written as texts, and then the policy that comes
// of it, with each problem at the place of the member that it is about.
func (d *document) checkPolicy() {
	before := len(d.problems)
	d.checkWords(d.rules)
	for _, slug := range slices.Sorted(maps.Keys(d.rules.applications)) {
		d.checkWords(d.rules.applications[slug])
	}
	if len(d.problems) > before || d.unread {
		return
	}
	broken, _ := errors.AsType[evenkeel.FieldErrors](d.policy().Validate())
	for _, one := range broken {
		what, fix, _ := strings.Cut(one.Rule, "; ")
		if strings.Contains(one.Field, "environments[") {
			continue // Reported by checkEnvironments.
		}
		d.add(d.placeOf(one.Field).problem(what, fix))
	}
	d.checkBenchmark(d.rules)
	for _, slug := range slices.Sorted(maps.Keys(d.rules.applications)) {
		d.checkBenchmark(d.rules.applications[slug])
		if !slices.ContainsFunc(d.applications, func(a application) bool { return a.slug.value == slug }) {
			d.add(d.rules.places["applications."+slug].problem(quoted(slug)+" names no application", "state it under applications, or correct the slug"))
		}
	}
}

// placeOf is where a member stands, or what it is a part of.
func (d *document) placeOf(field string) place {
	for name := field; name != ""; {
		if here, ok := d.rules.places[name]; ok {
			return here
		}
		cut := strings.LastIndexAny(name, ".[")
		if cut < 0 {
			break
		}
		name = name[:cut]
	}
	if len(d.environments) > 0 && field == "environments" {
		return d.environments[0].pattern.at
	}
	return d.sections["policy"]
}

func (d *document) checkWords(r rules) {
	for _, key := range []string{"failure_window", "hotfix_window"} {
		window := r.words[key]
		if !window.given() {
			continue
		}
		length, ok := evenkeel.ParseDuration(window.value)
		switch {
		case !ok:
			d.add(window.at.problem(quoted(window.value)+" is not a duration", "write for example 72h, 90m, 3d or 2w"))
		case length < evenkeel.MinWindow || length > evenkeel.MaxWindow:
			d.add(window.at.problem(quoted(window.value)+" is not between one minute and 365 days", ""))
		}
	}
	if zone := r.words["time_zone"]; zone.given() && !evenkeel.ValidTimeZone(zone.value) {
		d.add(zone.at.problem(quoted(zone.value)+" is not a time zone", "write a name of the IANA list, for example Europe/Berlin, or UTC"))
	}
	d.checkOneOf(r.words["week_start"], weekdays())
}

// checkBenchmark refuses what has the form of an id but is that of no set.
func (d *document) checkBenchmark(r rules) {
	known := []string{"none"}
	for _, set := range metrics.Benchmarks() {
		known = append(known, set.ID)
	}
	if id := r.words["benchmark"]; evenkeel.ValidSlug(id.value) {
		d.checkOneOf(id, known)
	}
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
	version, unchanged := p.Version, p.Digest()
	p.Environments = append(environmentRules(d.environments), p.Environments...)
	d.rules.change(&p)
	if at, ok := parseInstant(d.rules.words["effective_from"].value); ok {
		p.EffectiveFrom = at
	}
	for name, list := range map[string]*[]string{
		"assisted.trailers": &p.Assisted.Trailers, "assisted.labels": &p.Assisted.Labels, "assisted.actors": &p.Assisted.Actors,
		"bots.trailers": &p.Bots.Trailers, "bots.labels": &p.Bots.Labels, "bots.actors": &p.Bots.Actors,
	} {
		if own, written := d.rules.lists[name]; written {
			*list = values[string](own)
		}
	}
	for slug, own := range d.rules.applications {
		if p.Applications == nil {
			p.Applications = map[string]evenkeel.Override{}
		}
		p.Applications[slug] = own.override()
	}
	p.Version = version
	if changed := p.Digest(); changed != unchanged {
		p.Version = "config-" + changed
	}
	return p
}

func environmentRules(list []environment) (rules []evenkeel.EnvironmentRule) {
	for _, e := range list {
		rules = append(rules, evenkeel.EnvironmentRule{Pattern: e.pattern.value, Class: evenkeel.EnvironmentClass(e.class.value)})
	}
	return rules
}

// override is the rules as overrides of one application.
func (r rules) override() evenkeel.Override {
	word := func(key string) string { return r.words[key].value }
	o := evenkeel.Override{
		Environments: environmentRules(r.environments), InferFailures: r.inferFailures, FailureWindow: r.window("failure_window"), HotfixWindow: r.window("hotfix_window"),
		Unit: evenkeel.ChangeUnit(word("unit")), Start: evenkeel.LeadStart(word("start")), Aggregation: evenkeel.Aggregation(word("aggregation")),
		Recovery: evenkeel.RecoveryClock(word("recovery")), TimeZone: word("time_zone"), Benchmark: word("benchmark"), Cadence: word("cadence"),
	}
	if i := slices.Index(weekdays(), word("week_start")); i >= 0 {
		day := time.Weekday((i + 1) % 7)
		o.WeekStart = &day
	}
	if r.deployments {
		o.Deployments = &evenkeel.DeploymentRule{
			Sources: values[string](r.lists["deployments.sources"]), Refs: values[string](r.lists["deployments.refs"]),
			ExcludeRefs: values[string](r.lists["deployments.exclude_refs"]), ArtifactKinds: values[evenkeel.ArtifactKind](r.lists["deployments.artifact_kinds"]),
		}
	}
	return o
}

// change applies the rules to a policy as overrides are applied.
func (r rules) change(p *evenkeel.Policy) {
	whole := *p
	whole.Applications = map[string]evenkeel.Override{"": r.override()}
	*p = whole.For("")
}

func (r rules) window(key string) *time.Duration {
	length, ok := evenkeel.ParseDuration(r.words[key].value)
	if !ok {
		return nil
	}
	return &length
}

func values[T ~string](list []text) (texts []T) {
	for _, one := range list {
		texts = append(texts, T(one.value))
	}
	return texts
}
