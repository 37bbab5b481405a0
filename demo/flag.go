package demo

import (
	"strconv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

const flagSource = "unleash:flags.larkmoor.example"

// flagNames are what the company's flags are called after.
func flagNames() []string {
	return []string{"new-ranking", "fast-lane", "split-shipments", "price-preview", "bulk-labels", "dark-theme", "second-carrier", "retry-budget"}
}

// noteFlags adds the life of a few flags per application: most grow to
// everybody and are archived, some are switched off in a hurry, some stay.
func noteFlags(c company, o Options, l *ledger) {
	today := o.Now.Truncate(day)
	for _, t := range c.teams {
		for _, a := range t.apps {
			if a.silent || a.exactly > 0 || a.quietSince > 0 {
				continue
			}
			r := newChance(o.Seed, "flags "+a.slug)
			for n := range 2 + r.IntN(4) {
				begins := today.Add(-time.Duration(3+r.IntN(170))*day + r.between(7*time.Hour, 15*time.Hour))
				name := flagNames()[(n+r.IntN(3))%len(flagNames())] + "-" + strconv.Itoa(n+1)
				noteFlag(l, a, name, begins, r)
			}
		}
	}
}

// noteFlag adds what was done to one flag.
func noteFlag(l *ledger, a application, name string, at time.Time, r chance) {
	kind := []evenkeel.FlagKind{evenkeel.FlagRelease, evenkeel.FlagExperiment, evenkeel.FlagOps, evenkeel.FlagPermission}[r.weighted(70, 12, 14, 4)]
	before := (*evenkeel.FlagState)(nil)
	step := 0
	tell := func(action evenkeel.FlagAction, share float64, on bool) {
		after := &evenkeel.FlagState{On: &on, Shares: map[string]float64{"on": share, "off": 1 - share}}
		f := &evenkeel.FlagChange{
			Application: a.slug, Environment: "production", Flag: a.slug + "." + name, FlagKind: kind, Action: action,
			Before: before, After: after, ActorKind: evenkeel.ActorHuman, At: at,
		}
		step++
		l.add(at, flagSource, a.slug+"/"+name+"/"+strconv.Itoa(step), f)
		before = after
		at = at.Add(r.spread(26*time.Hour, 0.7))
	}
	tell(evenkeel.FlagCreated, 0, false)
	tell(evenkeel.FlagEnabled, 0.05, true)
	for _, share := range []float64{0.25, 0.5, 1} {
		if r.often(0.07) {
			tell(evenkeel.FlagDisabled, 0, false)
			tell(evenkeel.FlagEnabled, share/2, true)
		}
		tell(evenkeel.FlagChanged, share, true)
	}
	if kind == evenkeel.FlagRelease && r.often(0.6) {
		at = at.Add(r.between(3*day, 30*day))
		tell(evenkeel.FlagArchived, 1, true)
	}
}
