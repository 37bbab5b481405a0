package evenkeel

import (
	"math"
	"strconv"
	"time"
)

// FlagKind is what a flag is for.
type FlagKind string

// The kinds of flag.
const (
	FlagRelease    FlagKind = "release"
	FlagExperiment FlagKind = "experiment"
	FlagOps        FlagKind = "ops"
	FlagPermission FlagKind = "permission"
)

// FlagAction is what was done to a flag.
type FlagAction string

// The actions on a flag. FlagChanged is any change of shares or rules.
const (
	FlagCreated  FlagAction = "created"
	FlagEnabled  FlagAction = "enabled"
	FlagDisabled FlagAction = "disabled"
	FlagChanged  FlagAction = "changed"
	FlagArchived FlagAction = "archived"
)

// FlagChange is one change of one flag in one environment.
type FlagChange struct {
	Application string `json:"application,omitzero"`
	// Origin is what the source calls the place of the flag, "launchdarkly:shop".
	Origin string `json:"origin,omitzero"`
	// Repository is host/path, where the flag is kept beside the code.
	Repository  string     `json:"repository,omitzero"`
	Environment string     `json:"environment,omitzero"`
	Flag        string     `json:"flag,omitzero"`
	FlagKind    FlagKind   `json:"flag_kind,omitzero"`
	Action      FlagAction `json:"action,omitzero"`
	// Before and After are the flag's state around the change; nil is unknown.
	Before    *FlagState `json:"before,omitzero"`
	After     *FlagState `json:"after,omitzero"`
	ActorKind ActorKind  `json:"actor_kind,omitzero"`
	At        time.Time  `json:"at,omitzero"`
}

// FlagState is how a flag decides.
type FlagState struct {
	// On says that the flag decides at all; nil is unknown.
	On *bool `json:"on,omitzero"`
	// Shares is the share of users, 0 to 1, that gets each variant.
	Shares map[string]float64 `json:"shares,omitzero"`
	// Rules describes the targeting rules, or names their version.
	Rules string `json:"rules,omitzero"`
}

// Kind implements Payload.
func (*FlagChange) Kind() Kind { return KindFlagChange }

// Key implements Payload: a flag change is named by its source and id.
func (*FlagChange) Key(source, id string) string { return source + "\x1f" + id }

// Subject implements Payload.
func (f *FlagChange) Subject() Subject { return newSubject(f.Application, nil, f.Origin, f.Repository) }

// Validate implements Payload.
func (f *FlagChange) Validate() error {
	var p problems
	p.slug("application", f.Application)
	p.text("origin", f.Origin)
	p.text("repository", f.Repository)
	p.text("environment", f.Environment)
	p.required("flag", f.Flag)
	p.text("flag", f.Flag)
	oneOf(&p, "flag_kind", f.FlagKind, FlagRelease, FlagExperiment, FlagOps, FlagPermission)
	p.required("action", string(f.Action))
	oneOf(&p, "action", f.Action, FlagCreated, FlagEnabled, FlagDisabled, FlagChanged, FlagArchived)
	f.Before.validate(&p, "before")
	f.After.validate(&p, "after")
	oneOf(&p, "actor_kind", f.ActorKind, ActorHuman, ActorBot, ActorSystem)
	if f.At.IsZero() {
		p.add("at", "is required")
	}
	p.instant("at", f.At)
	return p.err()
}

func (s *FlagState) validate(p *problems, field string) {
	if s == nil {
		return
	}
	for variant, share := range s.Shares {
		p.text(field+".shares", variant)
		p.named(field+".shares", variant)
		if math.IsNaN(share) || share < 0 || share > 1 {
			p.add(field+".shares["+quoted(variant)+"]", strconv.FormatFloat(share, 'g', -1, 64)+" is not a share from 0 to 1")
		}
	}
	p.text(field+".rules", s.Rules)
}
