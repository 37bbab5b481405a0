package main

import (
	"fmt"
	"os"
	"time"

	"github.com/evenkeel-dev/evenkeel/config"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/server/telemetry"
	"github.com/evenkeel-dev/evenkeel/server/watch"
	"github.com/evenkeel-dev/evenkeel/store"
)

// targets are those whom a configuration has told of alerts. A secret that
// cannot be read is an error: nobody should find out by silence.
func (p *Process) targets(list []config.Notifier) (targets []*watch.Target, err error) {
	resolve := func(s config.Secret) (string, error) { return s.Resolve(p.lookup, os.ReadFile) }
	for i, n := range list {
		notifier, err := n.Open(resolve, connectors.Outside{Now: p.Now, Sleep: sleep})
		if err != nil {
			return nil, fmt.Errorf("notify[%d]: %w", i, err)
		}
		one := &watch.Target{Kind: n.Type, Notifier: notifier, Workspace: n.Workspace}
		if n.Type == config.NotifyAlertmanager {
			one.Repeats = connectors.AlertmanagerKeeps / 3
		}
		targets = append(targets, one)
	}
	return targets, nil
}

// newWatch notices alerts of the service levels of a store.
func newWatch(s *store.Store, kept *budgets.Budgets, targets []*watch.Target, counted *telemetry.Telemetry, how serving, now func() time.Time, address string) *watch.Watch {
	return watch.New(watch.Options{
		Workspaces: s.Workspaces, Workspace: func(slug string) watch.Workspace { return s.In(slug) }, Budgets: kept,
		Targets: targets, Past: how.past, Link: address, Now: now, Logger: how.logger, Told: counted.Told,
	})
}
