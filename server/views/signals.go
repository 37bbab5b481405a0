package views

import (
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics/quality"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// signals are what is known of every signal, by application.
type signals struct {
	now    time.Time
	seen   map[signalOf]quality.Seen
	around map[quality.Signal]quality.Around
	// unclaimed are the signals with facts that nobody claims.
	unclaimed map[quality.Signal]bool
}

type signalOf struct {
	application string
	signal      quality.Signal
}

func newSignals(r *jobs.Results, flows []evenkeel.Flow, series []evenkeel.SeriesInfo, now time.Time) signals {
	k := signals{now: now, seen: map[signalOf]quality.Seen{}, around: map[quality.Signal]quality.Around{}, unclaimed: map[quality.Signal]bool{}}
	k.flows(flows)
	k.commits(r, flows)
	k.series(r, series)
	for _, signal := range quality.Signals() {
		around := k.around[signal]
		for _, a := range r.Catalogue.Applications {
			around.Of++
			if k.before(r, a.ID, signal); !k.seen[signalOf{a.ID, signal}].LastAt.IsZero() {
				around.Have++
			}
		}
		k.around[signal] = around
	}
	return k
}

// flows gathers the facts of the last weeks, by application and for all.
func (k *signals) flows(flows []evenkeel.Flow) {
	days, all := map[signalOf][][]evenkeel.DayCount{}, map[quality.Signal][][]evenkeel.DayCount{}
	for _, f := range flows {
		signal := quality.Signal(f.Kind)
		around := k.around[signal]
		around.All.LastAt = latest(around.All.LastAt, f.LastAt)
		k.around[signal] = around
		all[signal] = append(all[signal], f.Days)
		if f.Kind == evenkeel.KindCommit {
			continue // Applications come to them by their repositories.
		}
		k.unclaimed[signal] = k.unclaimed[signal] || len(f.Applications) == 0
		for _, id := range f.Applications {
			of := signalOf{id, signal}
			days[of] = append(days[of], f.Days)
			k.seen[of] = quality.Seen{LastAt: latest(k.seen[of].LastAt, f.LastAt)}
		}
	}
	for of, lists := range days {
		k.seen[of] = quality.Seen{LastAt: k.seen[of].LastAt, Days: quality.Merge(lists...)}
	}
	for signal, lists := range all {
		around := k.around[signal]
		around.All.Days = quality.Merge(lists...)
		k.around[signal] = around
	}
}

// commits are those of the repositories that an application claims, or that
// its facts name.
func (k *signals) commits(r *jobs.Results, flows []evenkeel.Flow) {
	byRepository := map[string]evenkeel.Flow{}
	claimed := map[string]bool{}
	for _, f := range flows {
		if f.Kind == evenkeel.KindCommit {
			byRepository[f.Repository] = f
		}
	}
	const signal = quality.Signal(evenkeel.KindCommit)
	for _, a := range r.Catalogue.Applications {
		var seen quality.Seen
		var days [][]evenkeel.DayCount
		for _, repository := range repositoriesOf(r, a) {
			claimed[repository] = true
			if f, ok := byRepository[repository]; ok {
				seen.LastAt = latest(seen.LastAt, f.LastAt)
				days = append(days, f.Days)
			}
		}
		if !seen.LastAt.IsZero() {
			seen.Days = quality.Merge(days...)
			k.seen[signalOf{a.ID, signal}] = seen
		}
	}
	for repository := range byRepository {
		k.unclaimed[signal] = k.unclaimed[signal] || !claimed[repository]
	}
}

// repositoriesOf are the repositories that an application claims or names.
func repositoriesOf(r *jobs.Results, a evenkeel.Application) []string {
	list := slices.Clone(r.Activity[a.ID].Repositories)
	for _, text := range a.Claims {
		if claim, err := evenkeel.ParseClaim(text); err == nil && claim.Repository != "" {
			list = append(list, claim.Repository)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// series are measurements: of them only the last slice is known.
func (k *signals) series(r *jobs.Results, series []evenkeel.SeriesInfo) {
	const signal = quality.Signal(evenkeel.KindMeasurement)
	ids := map[string]string{}
	for _, a := range r.Catalogue.Applications {
		ids[a.Slug] = a.ID
	}
	for _, s := range series {
		if id, ok := ids[s.Application]; ok && s.Kind == evenkeel.KindMeasurement {
			of := signalOf{id, signal}
			k.seen[of] = quality.Seen{LastAt: latest(k.seen[of].LastAt, s.LastAt), Uncounted: true}
		}
	}
}

// before fills in what is known of an application from before the last weeks,
// or from after now.
func (k *signals) before(r *jobs.Results, id string, signal quality.Signal) {
	of := signalOf{id, signal}
	seen, last := k.seen[of], r.Activity[id].Last[signal.Kind()]
	if !seen.LastAt.IsZero() || last.IsZero() {
		return
	}
	k.seen[of] = quality.Seen{LastAt: last, Ahead: last.After(k.now)}
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// cell judges one signal of one application.
func (k *signals) cell(a evenkeel.Application, signal quality.Signal) CoverageCell {
	around := k.around[signal]
	c := quality.Ownership(a.Group != "")
	if signal != quality.SignalOwnership {
		c = quality.Judge(signal, k.seen[signalOf{a.ID, signal}], around, k.now)
	}
	view := CoverageCell{Signal: signal, State: c.State, Reason: c.Reason, Recent: c.Recent, Have: around.Have, Of: around.Of, Fix: k.fix(signal, c.State, around)}
	if !c.LastAt.IsZero() {
		last := c.LastAt
		view.LastAt = &last
		silent := k.now.Sub(last).Seconds()
		view.Silent = &silent
	}
	if c.Silence.Known {
		usual, limit := c.Silence.Usual.Seconds(), c.Silence.Limit.Seconds()
		view.Usual, view.Limit = &usual, &limit
	}
	return view
}

// fix says where a cell is mended.
func (k *signals) fix(signal quality.Signal, state quality.State, around quality.Around) string {
	switch {
	case state == quality.Flowing || state == quality.NotExpected:
		return ""
	case signal == quality.SignalOwnership:
		return "catalogue"
	case state == quality.Stale:
		return "connection"
	case k.unclaimed[signal]:
		return "claims"
	case around.Have > 0:
		return "connection"
	}
	return "docs"
}
