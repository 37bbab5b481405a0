package views

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// PolicyBody is a policy as the API takes and gives it, with the names and
// words of a configuration.
type PolicyBody struct {
	EffectiveFrom string                     `json:"effective_from,omitempty" doc:"RFC 3339 instant from which on this version judges; without one it judges all of the past" maxLength:"40"`
	Environments  []evenkeel.EnvironmentRule `json:"environments" nullable:"false" doc:"Tried in order; the first match decides" maxItems:"500"`
	Deployments   DeploymentRuleBody         `json:"deployments"`
	Unit          string                     `json:"unit" doc:"change or commit" maxLength:"40"`
	Start         string                     `json:"start" doc:"first_commit, committed, opened, ready or merged" maxLength:"40"`
	Aggregation   string                     `json:"aggregation" doc:"median, p75, p90 or mean" maxLength:"40"`
	FailureWindow string                     `json:"failure_window" doc:"From one minute to 365 days, for example 72h or 3d" maxLength:"40"`
	InferFailures bool                       `json:"infer_failures"`
	HotfixWindow  string                     `json:"hotfix_window" doc:"From one minute to 365 days" maxLength:"40"`
	Recovery      string                     `json:"recovery" doc:"failure or deployment: where recovery begins" maxLength:"40"`
	Assisted      MarkRuleBody               `json:"assisted"`
	Bots          MarkRuleBody               `json:"bots"`
	TimeZone      string                     `json:"time_zone" maxLength:"60"`
	WeekStart     string                     `json:"week_start" doc:"monday to sunday" maxLength:"20"`
	Benchmark     string                     `json:"benchmark,omitempty" doc:"Id of a set, or none; empty is the product's choice" maxLength:"63"`
	Cadence       string                     `json:"cadence,omitempty" doc:"on-demand, daily, weekly, monthly or quarterly" maxLength:"40"`
	Applications  map[string]OverrideBody    `json:"applications,omitempty" doc:"Overrides by slug"`
}

// DeploymentRuleBody is a rule for deployments; empty lists narrow nothing.
type DeploymentRuleBody struct {
	Sources       []string `json:"sources,omitempty" nullable:"false" maxItems:"100"`
	Refs          []string `json:"refs,omitempty" nullable:"false" maxItems:"100"`
	ExcludeRefs   []string `json:"exclude_refs,omitempty" nullable:"false" maxItems:"100"`
	ArtifactKinds []string `json:"artifact_kinds,omitempty" nullable:"false" maxItems:"20"`
}

// MarkRuleBody says what marks a change.
type MarkRuleBody struct {
	Trailers []string `json:"trailers,omitempty" nullable:"false" maxItems:"100"`
	Labels   []string `json:"labels,omitempty" nullable:"false" maxItems:"100"`
	Actors   []string `json:"actors,omitempty" nullable:"false" maxItems:"100"`
}

// OverrideBody replaces rules for one application; what is left out stays.
type OverrideBody struct {
	Environments  []evenkeel.EnvironmentRule `json:"environments,omitempty" nullable:"false" maxItems:"500"`
	Deployments   *DeploymentRuleBody        `json:"deployments,omitempty"`
	Unit          string                     `json:"unit,omitempty" maxLength:"40"`
	Start         string                     `json:"start,omitempty" maxLength:"40"`
	Aggregation   string                     `json:"aggregation,omitempty" maxLength:"40"`
	FailureWindow string                     `json:"failure_window,omitempty" maxLength:"40"`
	InferFailures *bool                      `json:"infer_failures,omitempty"`
	HotfixWindow  string                     `json:"hotfix_window,omitempty" maxLength:"40"`
	Recovery      string                     `json:"recovery,omitempty" maxLength:"40"`
	TimeZone      string                     `json:"time_zone,omitempty" maxLength:"60"`
	WeekStart     string                     `json:"week_start,omitempty" maxLength:"20"`
	Benchmark     string                     `json:"benchmark,omitempty" maxLength:"63"`
	Cadence       string                     `json:"cadence,omitempty" maxLength:"40"`
}

// PolicyBodyOf writes a policy.
func PolicyBodyOf(p evenkeel.Policy) PolicyBody {
	b := PolicyBody{
		Environments: slices.Concat([]evenkeel.EnvironmentRule{}, p.Environments), Deployments: ruleBody(p.Deployments),
		Unit: string(p.Unit), Start: string(p.Start), Aggregation: string(p.Aggregation),
		FailureWindow: evenkeel.FormatDuration(p.FailureWindow), InferFailures: p.InferFailures, HotfixWindow: evenkeel.FormatDuration(p.HotfixWindow),
		Recovery: string(p.Recovery), Assisted: MarkRuleBody(p.Assisted), Bots: MarkRuleBody(p.Bots),
		TimeZone: p.TimeZone, WeekStart: weekday(p.WeekStart), Benchmark: p.Benchmark, Cadence: p.Cadence,
	}
	if !p.EffectiveFrom.IsZero() {
		b.EffectiveFrom = p.EffectiveFrom.UTC().Format(time.RFC3339)
	}
	for slug, o := range p.Applications {
		if b.Applications == nil {
			b.Applications = map[string]OverrideBody{}
		}
		b.Applications[slug] = overrideBody(o)
	}
	return b
}

func ruleBody(r evenkeel.DeploymentRule) DeploymentRuleBody {
	b := DeploymentRuleBody{Sources: r.Sources, Refs: r.Refs, ExcludeRefs: r.ExcludeRefs}
	for _, kind := range r.ArtifactKinds {
		b.ArtifactKinds = append(b.ArtifactKinds, string(kind))
	}
	return b
}

func overrideBody(o evenkeel.Override) OverrideBody {
	b := OverrideBody{
		Environments: o.Environments, Unit: string(o.Unit), Start: string(o.Start), Aggregation: string(o.Aggregation), Recovery: string(o.Recovery),
		InferFailures: o.InferFailures, TimeZone: o.TimeZone, Benchmark: o.Benchmark, Cadence: o.Cadence,
	}
	if o.Deployments != nil {
		rule := ruleBody(*o.Deployments)
		b.Deployments = &rule
	}
	if o.FailureWindow != nil {
		b.FailureWindow = evenkeel.FormatDuration(*o.FailureWindow)
	}
	if o.HotfixWindow != nil {
		b.HotfixWindow = evenkeel.FormatDuration(*o.HotfixWindow)
	}
	if o.WeekStart != nil {
		b.WeekStart = weekday(*o.WeekStart)
	}
	return b
}

func weekday(day time.Weekday) string { return strings.ToLower(day.String()) }

// reading gathers what cannot be read of a body.
type reading struct{ found evenkeel.FieldErrors }

func (r *reading) duration(field, text string) time.Duration {
	d, ok := evenkeel.ParseDuration(strings.TrimSpace(text))
	if !ok {
		r.found = append(r.found, evenkeel.FieldError{Field: field, Rule: fmt.Sprintf("%.40q is not a duration; write for example 72h, 90m, 3d or 2w", text)})
	}
	return d
}

func (r *reading) weekday(field, text string) time.Weekday {
	for day := time.Sunday; day <= time.Saturday; day++ {
		if weekday(day) == text {
			return day
		}
	}
	r.found = append(r.found, evenkeel.FieldError{Field: field, Rule: fmt.Sprintf("%.40q is not a day of the week; write for example monday", text)})
	return time.Monday
}

// ReadPolicy reads a body and checks it, for a workspace with these
// applications, at an instant. Errors are [evenkeel.FieldErrors].
func ReadPolicy(b PolicyBody, c evenkeel.Catalogue, now time.Time) (evenkeel.Policy, error) {
	var r reading
	p := evenkeel.Policy{
		Environments: nonEmpty(b.Environments), Deployments: b.Deployments.rule(),
		Unit: evenkeel.ChangeUnit(b.Unit), Start: evenkeel.LeadStart(b.Start), Aggregation: evenkeel.Aggregation(b.Aggregation),
		FailureWindow: r.duration("failure_window", b.FailureWindow), InferFailures: b.InferFailures, HotfixWindow: r.duration("hotfix_window", b.HotfixWindow),
		Recovery: evenkeel.RecoveryClock(b.Recovery), Assisted: b.Assisted.rule(), Bots: b.Bots.rule(),
		TimeZone: b.TimeZone, WeekStart: r.weekday("week_start", b.WeekStart), Benchmark: b.Benchmark, Cadence: b.Cadence,
	}
	if b.EffectiveFrom != "" {
		at, err := time.Parse(time.RFC3339, b.EffectiveFrom)
		if err != nil {
			r.found = append(r.found, evenkeel.FieldError{Field: "effective_from", Rule: fmt.Sprintf("%.40q is not an RFC 3339 instant such as 2026-01-01T00:00:00Z", b.EffectiveFrom)})
		}
		p.EffectiveFrom = at.UTC()
	}
	for slug, o := range b.Applications {
		if p.Applications == nil {
			p.Applications = map[string]evenkeel.Override{}
		}
		p.Applications[slug] = o.override(&r, "applications."+slug+".")
	}
	if r.found != nil {
		slices.SortFunc(r.found, func(a, b evenkeel.FieldError) int { return strings.Compare(a.Field, b.Field) })
		return p, r.found
	}
	return p, CheckPolicy(p, c, now)
}

// CheckPolicy checks a policy for a workspace with these applications; see
// [evenkeel.Policy.ValidateIn]. Benchmarks must be known.
func CheckPolicy(p evenkeel.Policy, c evenkeel.Catalogue, now time.Time) error {
	var found evenkeel.FieldErrors
	if broken, ok := errors.AsType[evenkeel.FieldErrors](p.ValidateIn(c, now)); ok {
		found = broken
	}
	check := func(field, id string) {
		if _, known := metrics.BenchmarkNamed(id); !known && id != "" && id != "none" {
			found = append(found, evenkeel.FieldError{Field: field, Rule: fmt.Sprintf("%.40q is not a known set; write none, or an id that GET /api/v1/benchmarks lists", id)})
		}
	}
	check("benchmark", p.Benchmark)
	for _, slug := range slices.Sorted(maps.Keys(p.Applications)) {
		check("applications."+slug+".benchmark", p.Applications[slug].Benchmark)
	}
	if found != nil {
		return found
	}
	return nil
}

func nonEmpty[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

func (b DeploymentRuleBody) rule() evenkeel.DeploymentRule {
	r := evenkeel.DeploymentRule{Sources: nonEmpty(b.Sources), Refs: nonEmpty(b.Refs), ExcludeRefs: nonEmpty(b.ExcludeRefs)}
	for _, kind := range b.ArtifactKinds {
		r.ArtifactKinds = append(r.ArtifactKinds, evenkeel.ArtifactKind(kind))
	}
	return r
}

func (b MarkRuleBody) rule() evenkeel.MarkRule {
	return evenkeel.MarkRule{Trailers: nonEmpty(b.Trailers), Labels: nonEmpty(b.Labels), Actors: nonEmpty(b.Actors)}
}

func (b OverrideBody) override(r *reading, field string) evenkeel.Override {
	o := evenkeel.Override{
		Environments: nonEmpty(b.Environments), Unit: evenkeel.ChangeUnit(b.Unit), Start: evenkeel.LeadStart(b.Start),
		Aggregation: evenkeel.Aggregation(b.Aggregation), Recovery: evenkeel.RecoveryClock(b.Recovery), InferFailures: b.InferFailures,
		TimeZone: b.TimeZone, Benchmark: b.Benchmark, Cadence: b.Cadence,
	}
	if b.Deployments != nil {
		rule := b.Deployments.rule()
		o.Deployments = &rule
	}
	if b.FailureWindow != "" {
		d := r.duration(field+"failure_window", b.FailureWindow)
		o.FailureWindow = &d
	}
	if b.HotfixWindow != "" {
		d := r.duration(field+"hotfix_window", b.HotfixWindow)
		o.HotfixWindow = &d
	}
	if b.WeekStart != "" {
		day := r.weekday(field+"week_start", b.WeekStart)
		o.WeekStart = &day
	}
	return o
}

// PolicyVersion is a version of the policy with what it changed.
type PolicyVersion struct {
	Number  int64      `json:"number" doc:"Counts from 1; 0 is the built-in policy"`
	Version string     `json:"version"`
	At      *time.Time `json:"at" doc:"When it came into force; null for the built-in one"`
	Author  string     `json:"author"`
	Note    string     `json:"note"`
	Digest  string     `json:"digest" doc:"Differs where contents do; a change is based on it"`
	InForce bool       `json:"in_force"`
	// Changes are against the version before.
	Changes []PolicyChange `json:"changes" nullable:"false"`
	Policy  PolicyBody     `json:"policy"`
	// Strangers are overrides that name no application; they change nothing.
	Strangers []string `json:"strangers" nullable:"false"`
}

// PolicyChange is one member that differs; empty texts say that it is not
// stated.
type PolicyChange struct {
	Member string `json:"member"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// PolicyVersions shows versions, given from the oldest, newest first.
func PolicyVersions(versions []evenkeel.PolicyVersion, c evenkeel.Catalogue) []PolicyVersion {
	list := make([]PolicyVersion, len(versions))
	for i, v := range versions {
		one := PolicyVersion{
			Number: v.Number, Version: v.Policy.Version, Author: v.Author, Note: v.Note, Digest: v.Policy.Digest(),
			InForce: i == len(versions)-1, Policy: PolicyBodyOf(v.Policy), Changes: []PolicyChange{}, Strangers: append([]string{}, v.Policy.Strangers(c)...),
		}
		if i > 0 {
			at := v.At.UTC()
			one.At, one.Changes = &at, PolicyDiff(versions[i-1].Policy, v.Policy)
		}
		list[len(versions)-1-i] = one
	}
	return list
}

// PolicyDiff lists the members in which two policies differ, by name.
func PolicyDiff(before, after evenkeel.Policy) []PolicyChange {
	return BodyDiff(PolicyBodyOf(before), PolicyBodyOf(after))
}

// PolicyLines lists every member that a policy states.
func PolicyLines(b PolicyBody) []PolicyChange { return BodyDiff(PolicyBody{}, b) }

// BodyDiff is [PolicyDiff] of policies as the API gives them.
func BodyDiff(before, after PolicyBody) []PolicyChange {
	was, is := flat(before), flat(after)
	names := maps.Clone(was)
	maps.Copy(names, is)
	changes := []PolicyChange{}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if was[name] != is[name] {
			changes = append(changes, PolicyChange{Member: name, Before: was[name], After: is[name]})
		}
	}
	return changes
}

// flat writes the members of a body as one line each.
func flat(b PolicyBody) map[string]string {
	data, err := json.Marshal(b)
	if err != nil {
		panic(err) // It holds texts only.
	}
	var tree map[string]any
	if err := json.Unmarshal(data, &tree); err != nil {
		panic(err)
	}
	lines := map[string]string{}
	flatten(lines, "", tree)
	return lines
}

func flatten(lines map[string]string, name string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for key, member := range v {
			flatten(lines, strings.TrimPrefix(name+"."+key, "."), member)
		}
	case []any:
		var parts []string
		for _, one := range v {
			if rule, ok := one.(map[string]any); ok {
				parts = append(parts, fmt.Sprint(rule["pattern"], ": ", rule["class"]))
				continue
			}
			parts = append(parts, fmt.Sprint(one))
		}
		lines[name] = strings.Join(parts, ", ")
	case bool:
		lines[name] = strconv.FormatBool(v)
	default:
		lines[name] = fmt.Sprint(v)
	}
}

// versions says which versions judge which part of time, for what a scope
// holds. An unknown scope has none; whoever asks for it meets the error.
func versions(r *jobs.Results, s jobs.Scope) []metrics.Since {
	if len(r.Eras) < 2 {
		return nil
	}
	ids, err := r.Applications(s)
	if err != nil {
		return nil
	}
	list := []metrics.Since{{Version: r.Eras[0].Version.Policy.Version}}
	for _, b := range r.Breaks(ids) {
		list = append(list, metrics.Since{From: b.At, Version: b.Version})
	}
	if len(list) == 1 {
		return nil
	}
	return list
}

// breaks are where other rules begin within a window and the one before.
func breaks(r *jobs.Results, s jobs.Scope, w evenkeel.Window) []jobs.Break {
	if len(r.Eras) < 2 {
		return []jobs.Break{}
	}
	ids, err := r.Applications(s)
	if err != nil {
		return []jobs.Break{}
	}
	from := w.Previous().From
	return slices.DeleteFunc(r.Breaks(ids), func(b jobs.Break) bool { return !b.At.After(from) || !b.At.Before(w.To) })
}
