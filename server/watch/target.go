package watch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel/connectors"
)

// mostWaiting is how many notices wait for one notifier at most; beyond it the
// oldest are given up.
const mostWaiting = 10_000

// Target is somebody who is told. It is for one goroutine.
type Target struct {
	// Kind names the notifier in logs and metrics.
	Kind     string
	Notifier connectors.Notifier
	// Workspace is the slug of the one that is told of; empty is every one.
	Workspace string
	// Repeats is how often what stands is told again; zero is never, and each
	// notice is then a message of its own.
	Repeats time.Duration

	waiting []connectors.AlertNotice
	// lost is how many were given up since the last time.
	lost int
	// repeated is when what stands was last told.
	repeated time.Time
}

// take keeps notices of a workspace until they are sent.
func (t *Target) take(slug string, notices []connectors.AlertNotice) {
	if t.Workspace != "" && t.Workspace != slug {
		return
	}
	t.waiting = append(t.waiting, notices...)
	if over := len(t.waiting) - mostWaiting; over > 0 {
		t.waiting, t.lost = slices.Delete(t.waiting, 0, over), t.lost+over
	}
}

// send tells what waits. What fails waits on.
func (t *Target) send(ctx context.Context, kept map[string]*following, now time.Time) (sent, failed int, err error) {
	if t.lost > 0 {
		err = fmt.Errorf("%d notices were given up, because more than %d wait", t.lost, mostWaiting)
		t.lost = 0
	}
	if t.Repeats > 0 {
		return t.sendTogether(ctx, kept, now, err)
	}
	var waiting []connectors.AlertNotice
	for _, n := range t.waiting {
		if one := t.Notifier.Notify(ctx, []connectors.AlertNotice{n}); one != nil {
			err, waiting = errors.Join(err, one), append(waiting, n)
			continue
		}
		sent++
	}
	t.waiting = waiting
	return sent, len(waiting), err
}

// sendTogether tells the last notice of each alert, and now and then of all that
// stand.
func (t *Target) sendTogether(ctx context.Context, kept map[string]*following, now time.Time, err error) (sent, failed int, _ error) {
	list := t.waiting
	due := t.repeated.IsZero() || now.Sub(t.repeated) >= t.Repeats
	for slug, f := range kept {
		if due && (t.Workspace == "" || t.Workspace == slug) {
			for _, n := range f.standing {
				list = append(slices.Clip(list), n)
			}
		}
	}
	if list = latest(list); len(list) == 0 {
		return 0, 0, err
	}
	if one := t.Notifier.Notify(ctx, list); one != nil {
		return 0, len(list), errors.Join(err, one)
	}
	t.waiting = nil
	if due {
		t.repeated = now
	}
	return len(list), 0, err
}

// latest keeps the last notice of each alert.
func latest(notices []connectors.AlertNotice) (list []connectors.AlertNotice) {
	type alert struct {
		link, slo, objective, series, environment, severity, policy string
		long, short                                                 time.Duration
	}
	last := map[alert]int{}
	for _, n := range notices {
		k := alert{n.Link, n.SLO, n.Objective, n.Series, n.Environment, n.Severity, n.Policy, n.Long, n.Short}
		if i, twice := last[k]; twice {
			list[i] = n
			continue
		}
		last[k], list = len(list), append(list, n)
	}
	return list
}
