package evenkeel

import (
	"errors"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The limits of the windows of a policy; both are allowed.
const (
	MinWindow = time.Minute
	MaxWindow = 365 * 24 * time.Hour
)

// EnvironmentClasses lists the classes in the order of the documentation.
func EnvironmentClasses() []EnvironmentClass {
	return []EnvironmentClass{Production, Staging, Testing, Development, Unclassified}
}

// Cadences lists the words for wanted times between deployments.
func Cadences() []string { return []string{"on-demand", "daily", "weekly", "monthly", "quarterly"} }

// Validate checks every rule of the policy and of its overrides. All broken
// rules are returned as [FieldErrors], each with what to do; fields are named
// as in a configuration, "applications.checkout.failure_window".
func (p Policy) Validate() error {
	var found problems
	found.rules(p)
	for _, slug := range slices.Sorted(maps.Keys(p.Applications)) {
		found.override(p, slug)
	}
	slices.SortStableFunc(found.list, func(a, b FieldError) int { return strings.Compare(a.Field, b.Field) })
	return found.err()
}

// ValidateIn is [Policy.Validate] for a workspace with these applications, at
// an instant: overrides must name one of them, and effective_from must not lie
// more than a year ahead.
func (p Policy) ValidateIn(c Catalogue, now time.Time) error {
	found := problems{}
	if err, ok := errors.AsType[FieldErrors](p.Validate()); ok {
		found.list = err
	}
	for _, slug := range p.Strangers(c) {
		found.add("applications."+slug, "names no application; correct the slug, or remove the override if the application was renamed or removed")
	}
	if p.EffectiveFrom.After(now.Add(MaxWindow)) {
		found.add("effective_from", p.EffectiveFrom.UTC().Format(time.DateOnly)+" is more than a year ahead; give an earlier day, or save the policy later")
	}
	return found.err()
}

// Strangers lists the overrides that name no application, by slug. They
// change nothing.
func (p Policy) Strangers(c Catalogue) (slugs []string) {
	for _, slug := range slices.Sorted(maps.Keys(p.Applications)) {
		if !slices.ContainsFunc(c.Applications, func(a Application) bool { return a.Slug == slug }) {
			slugs = append(slugs, slug)
		}
	}
	return slugs
}

// rules checks the policy of the workspace.
func (p *problems) rules(policy Policy) {
	if at := policy.EffectiveFrom; !at.IsZero() && (at.Year() < 2000 || at.Year() > 2261) {
		p.add("effective_from", at.UTC().Format(time.DateOnly)+" is outside the years 2000 to 2261; leave it out to judge all of the past")
	}
	p.environments("environments", policy.Environments)
	p.production("environments", policy.Environments)
	p.deployments("deployments", policy.Deployments)
	p.marks("assisted", policy.Assisted)
	p.marks("bots", policy.Bots)
	for field, value := range map[string]string{
		"unit": string(policy.Unit), "start": string(policy.Start), "aggregation": string(policy.Aggregation), "recovery": string(policy.Recovery), "time_zone": policy.TimeZone,
	} {
		p.required(field, value)
	}
	p.window("failure_window", policy.FailureWindow)
	p.window("hotfix_window", policy.HotfixWindow)
	p.words("", policy.Unit, policy.Start, policy.Aggregation, policy.Recovery, policy.TimeZone, policy.Benchmark, policy.Cadence)
	p.weekday("week_start", policy.WeekStart)
}

func (p *problems) words(prefix string, unit ChangeUnit, start LeadStart, aggregation Aggregation, clock RecoveryClock, zone, benchmark, cadence string) {
	oneOf(p, prefix+"unit", unit, UnitChange, UnitCommit)
	oneOf(p, prefix+"start", start, StartFirstCommit, StartCommitted, StartOpened, StartReady, StartMerged)
	oneOf(p, prefix+"aggregation", aggregation, AggregateMedian, AggregateP75, AggregateP90, AggregateMean)
	oneOf(p, prefix+"recovery", clock, RecoverFromFailure, RecoverFromDeployment)
	oneOf(p, prefix+"cadence", cadence, Cadences()...)
	p.slug(prefix+"benchmark", benchmark)
	if !ValidTimeZone(zone) {
		p.add(prefix+"time_zone", quoted(zone)+" is not a time zone; write a name of the IANA list, for example Europe/Berlin, or UTC")
	}
}

// ValidTimeZone says whether a name is empty or one of the IANA list; the
// zone of the machine, "Local", is not.
func ValidTimeZone(zone string) bool {
	if zone == "" {
		return true
	}
	_, err := time.LoadLocation(zone)
	return err == nil && zone != "Local"
}

func (p *problems) window(field string, length time.Duration) {
	if length < MinWindow || length > MaxWindow {
		p.add(field, FormatDuration(length)+" is not between one minute and 365 days; write for example 72h")
	}
}

func (p *problems) weekday(field string, day time.Weekday) {
	if day < time.Sunday || day > time.Saturday {
		p.add(field, strconv.Itoa(int(day))+" is not a day of the week; write for example monday")
	}
}

func (p *problems) environments(field string, rules []EnvironmentRule) {
	for i, rule := range rules {
		p.required(indexed(field, i, "class"), string(rule.Class))
		oneOf(p, indexed(field, i, "class"), rule.Class, EnvironmentClasses()...)
		p.pattern(indexed(field, i, "pattern"), rule.Pattern)
	}
}

// pattern checks a shell pattern on lower-case text.
func (p *problems) pattern(field, pattern string) {
	if rule := PatternRule(pattern); rule != "" {
		p.add(field, rule)
	}
}

// PatternRule says what is wrong with a shell pattern on lower-case text, and
// what to do; empty if nothing is.
func PatternRule(pattern string) string {
	var p problems
	p.text("", pattern)
	switch _, err := path.Match(pattern, ""); {
	case pattern == "":
		return "is empty; write a pattern or remove it"
	case len(p.list) > 0:
		return p.list[0].Rule
	case pattern != strings.ToLower(pattern):
		return quoted(pattern) + " never matches, because names are compared in lower case; write " + quoted(strings.ToLower(pattern))
	case err != nil:
		return quoted(pattern) + " has an open bracket or a lone backslash; close the bracket: * matches anything, ? one character, [a-z] one of a range"
	}
	return ""
}

// production refuses rules by which no environment could be production.
func (p *problems) production(field string, rules []EnvironmentRule) {
	everything := false
	for _, rule := range rules {
		if rule.Class == Production && (!everything || strings.Contains(rule.Pattern, "/")) {
			return
		}
		everything = everything || rule.Pattern == "*"
	}
	p.add(field, "no environment could be production, so nothing would count; give the class production to a pattern, before one that matches everything")
}

func (p *problems) deployments(field string, rule DeploymentRule) {
	for name, patterns := range map[string][]string{"sources": rule.Sources, "refs": rule.Refs, "exclude_refs": rule.ExcludeRefs} {
		for i, pattern := range patterns {
			p.pattern(indexed(field+"."+name, i, ""), pattern)
		}
	}
	for i, ref := range rule.Refs {
		if slices.Contains(rule.ExcludeRefs, ref) || !strings.ContainsAny(ref, `*?[\`) && matchesAny(rule.ExcludeRefs, ref) {
			p.add(indexed(field+".refs", i, ""), quoted(ref)+" is in refs and excluded by exclude_refs too; remove it from one of them")
		}
	}
	for i, kind := range rule.ArtifactKinds {
		p.required(indexed(field+".artifact_kinds", i, ""), string(kind))
		oneOf(p, indexed(field+".artifact_kinds", i, ""), kind, ArtifactCode, ArtifactConfig, ArtifactContent, ArtifactSchema, ArtifactInfrastructure)
	}
}

func (p *problems) marks(field string, rule MarkRule) {
	for name, patterns := range map[string][]string{"trailers": rule.Trailers, "labels": rule.Labels, "actors": rule.Actors} {
		for i, pattern := range patterns {
			at := indexed(field+"."+name, i, "")
			p.pattern(at, pattern)
			if name == "trailers" && pattern != "" && !strings.Contains(pattern, ":") {
				p.add(at, quoted(pattern)+` has no colon; write "key: value", for example "assisted-by: *"`)
			}
		}
	}
}

// override checks the rules of one application, and that each of them changes
// something.
func (p *problems) override(policy Policy, slug string) {
	o, field := policy.Applications[slug], "applications."+slug
	p.slug(field, slug)
	field += "."
	p.environments(field+"environments", o.Environments)
	if len(o.Environments) > 0 {
		p.production(field+"environments", slices.Concat(o.Environments, policy.Environments))
	}
	if o.Deployments != nil {
		p.deployments(field+"deployments", *o.Deployments)
	}
	for name, length := range map[string]*time.Duration{"failure_window": o.FailureWindow, "hotfix_window": o.HotfixWindow} {
		if length != nil {
			p.window(field+name, *length)
		}
	}
	if o.WeekStart != nil {
		p.weekday(field+"week_start", *o.WeekStart)
	}
	p.words(field, o.Unit, o.Start, o.Aggregation, o.Recovery, o.TimeZone, o.Benchmark, o.Cadence)
	repeated := o.repeats(policy)
	for _, name := range repeated {
		p.add(field+name, "repeats what holds for the workspace; remove it")
	}
	if len(repeated) == 0 && o.empty() {
		p.add("applications."+slug, "overrides nothing; give a rule or remove it")
	}
}

func (o Override) empty() bool {
	return len(o.Environments) == 0 && o.Deployments == nil && o.FailureWindow == nil && o.InferFailures == nil && o.HotfixWindow == nil && o.WeekStart == nil &&
		o.Unit == "" && o.Start == "" && o.Aggregation == "" && o.Recovery == "" && o.TimeZone == "" && o.Benchmark == "" && o.Cadence == ""
}

// repeats lists the members that say what the policy says already.
func (o Override) repeats(p Policy) (names []string) {
	for _, one := range []struct {
		name string
		same bool
	}{
		{"deployments", o.Deployments != nil && o.Deployments.equal(p.Deployments)},
		{"unit", o.Unit != "" && o.Unit == p.Unit},
		{"start", o.Start != "" && o.Start == p.Start},
		{"aggregation", o.Aggregation != "" && o.Aggregation == p.Aggregation},
		{"failure_window", same(o.FailureWindow, p.FailureWindow)},
		{"infer_failures", same(o.InferFailures, p.InferFailures)},
		{"hotfix_window", same(o.HotfixWindow, p.HotfixWindow)},
		{"recovery", o.Recovery != "" && o.Recovery == p.Recovery},
		{"time_zone", o.TimeZone != "" && o.TimeZone == p.TimeZone},
		{"week_start", same(o.WeekStart, p.WeekStart)},
		{"benchmark", o.Benchmark != "" && o.Benchmark == p.Benchmark},
		{"cadence", o.Cadence != "" && o.Cadence == p.Cadence},
	} {
		if one.same {
			names = append(names, one.name)
		}
	}
	return names
}

func same[T comparable](override *T, value T) bool { return override != nil && *override == value }

func (r DeploymentRule) equal(other DeploymentRule) bool {
	return slices.Equal(r.Sources, other.Sources) && slices.Equal(r.Refs, other.Refs) &&
		slices.Equal(r.ExcludeRefs, other.ExcludeRefs) && slices.Equal(r.ArtifactKinds, other.ArtifactKinds)
}

// matchesAny says whether a text matches one of the patterns.
func matchesAny(patterns []string, text string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		ok, err := path.Match(pattern, text)
		return ok && err == nil
	})
}

// ParseDuration reads a Go duration, or whole days ("3d") or weeks ("2w").
func ParseDuration(s string) (time.Duration, bool) {
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

// FormatDuration writes a length of time as [ParseDuration] reads it, in the
// largest unit that leaves no rest: "3d", "36h", "90m", else as Go writes it.
func FormatDuration(d time.Duration) string {
	for _, one := range []struct {
		unit   string
		length time.Duration
	}{{"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}} {
		if d > 0 && d%one.length == 0 {
			return strconv.FormatInt(int64(d/one.length), 10) + one.unit
		}
	}
	return d.String()
}
