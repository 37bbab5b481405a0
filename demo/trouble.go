package demo

import (
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// trouble is a time in which users of an application met errors.
type trouble struct {
	environment string // empty is everywhere
	from, to    time.Time
	ratio       float64
	// planned says that the ratio is as it is, however much a level spends.
	planned bool
}

// troubles are what the company's own incidents, deployments that were rolled
// back, and flags that were switched off did to the users of each application.
func troubles(l *ledger) map[string][]trouble {
	started := map[string]*evenkeel.Deployment{}
	incidents := map[string]*evenkeel.Incident{}
	var order []string
	all := map[string][]trouble{}
	blamed := map[string]bool{}
	for _, e := range l.events {
		switch p := e.Payload.(type) {
		case *evenkeel.Deployment:
			started[e.ID] = p
		case *evenkeel.Incident:
			if incidents[e.ID] == nil {
				order = append(order, e.ID)
			}
			incidents[e.ID] = p
		}
	}
	for _, id := range order {
		i := incidents[id]
		app := strings.TrimPrefix(id[:strings.LastIndex(id, "-")], "OPS-")
		one := trouble{environment: i.Environment, from: i.OpenedAt.Add(-3 * time.Minute), to: i.ResolvedAt, ratio: severe(i.Severity)}
		if d := started[i.CausedBy]; d != nil {
			one.from = harms(d)
			blamed[i.CausedBy] = true
		}
		if one.to.IsZero() {
			one.to = l.now
		}
		all[app] = append(all[app], one)
	}
	for _, e := range l.events {
		switch p := e.Payload.(type) {
		case *evenkeel.Deployment:
			if d := started[p.RollbackOf]; d != nil && !blamed[p.RollbackOf] && p.Status == evenkeel.StatusSuccess {
				blamed[p.RollbackOf] = true
				app := e.ID[:strings.LastIndex(e.ID, "-")]
				all[app] = append(all[app], trouble{environment: p.Environment, from: harms(d), to: p.FinishedAt, ratio: 0.02})
			}
		case *evenkeel.FlagChange:
			if p.Action == evenkeel.FlagChanged && p.At.Minute()%6 == 0 {
				all[p.Application] = append(all[p.Application], trouble{from: p.At.Add(time.Minute), to: p.At.Add(40 * time.Minute), ratio: 0.01})
			}
		}
	}
	return all
}

// harms is when a bad deployment begins to reach users.
func harms(d *evenkeel.Deployment) time.Time {
	return d.StartedAt.Add(min(d.FinishedAt.Sub(d.StartedAt)/2, 4*time.Minute))
}

// severe is the share of bad events of an incident.
func severe(severity string) float64 {
	switch severity {
	case "sev1":
		return 0.3
	case "sev2":
		return 0.08
	case "sev3":
		return 0.03
	default:
		return 0.01
	}
}
