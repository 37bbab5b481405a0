package demo

import (
	"encoding/hex"
	"slices"
	"strconv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// alertDays is how long ago the company's monitoring began to deliver.
const alertDays = 30

// alarm is one firing of an alert; to is zero while it fires.
type alarm struct {
	name, severity, application, environment string
	from, to                                 time.Time
}

// alarms are what the monitoring told of the incidents of the last days, and
// what it tells of every day without anybody being the worse for it.
func alarms(l *ledger, o Options) []alarm {
	from := o.Now.Add(-alertDays * day)
	latest := map[string]*evenkeel.Incident{}
	var order []string
	for _, e := range l.events {
		if i, ok := e.Payload.(*evenkeel.Incident); ok && i.OpenedAt.After(from) && i.Application != "" {
			if latest[e.ID] == nil {
				order = append(order, e.ID)
			}
			latest[e.ID] = i
		}
	}
	var all []alarm
	for _, id := range order {
		i := latest[id]
		all = append(all, alarm{"HighErrorRate", "critical", i.Application, "production", i.OpenedAt.Add(2 * time.Minute), i.ResolvedAt})
	}
	for at := from.Add(3 * time.Hour); at.Before(o.Now); at = at.Add(day) {
		for flap := range 3 { // A disk that is nearly full comes and goes.
			begun := at.Add(time.Duration(flap*9) * time.Minute)
			all = append(all, alarm{"DiskWillFill", "warning", "search-api", "production", begun, begun.Add(4 * time.Minute)})
		}
	}
	return all
}

// notify is how Alertmanager and Grafana tell of alarms: when they begin, and
// when they end.
func notify(list []alarm, o Options) []evenkeel.Delivery {
	c := newChance(o.Seed, "alerts")
	var all []evenkeel.Delivery
	for _, a := range list {
		for _, told := range []struct {
			status string
			at     time.Time
		}{{"firing", a.from}, {"resolved", a.to}} {
			received := told.at.Add(30*time.Second + c.spread(2*time.Second, 0.6))
			if told.at.IsZero() || received.After(o.Now) {
				continue
			}
			all = append(all, evenkeel.Delivery{
				Body: a.body(told.status), ReceivedAt: received, Headers: map[string]string{"Content-Type": "application/json", "User-Agent": "Alertmanager/0.28.1"},
			})
		}
	}
	slices.SortStableFunc(all, func(a, b evenkeel.Delivery) int { return a.ReceivedAt.Compare(b.ReceivedAt) })
	return all
}

func (a alarm) body(status string) []byte {
	ends := time.Time{}
	if status == "resolved" {
		ends = a.to
	}
	labels := map[string]any{"alertname": a.name, "severity": a.severity, "application": a.application, "environment": a.environment}
	return encode(map[string]any{
		"version": "4", "status": status, "receiver": "evenkeel", "truncatedAlerts": 0,
		"alerts": []map[string]any{{
			"status": status, "labels": labels, "annotations": map[string]any{}, "startsAt": a.from, "endsAt": ends,
			"fingerprint": hex.EncodeToString([]byte(a.name + strconv.Itoa(len(a.application)) + a.application))[:16],
		}},
	})
}

// probes are alarms of a site that has been silent for three days.
func probes(o Options) []alarm {
	var all []alarm
	for at := o.Now.Add(-24 * day); at.Before(o.Now.Add(-3 * day)); at = at.Add(8 * time.Hour) {
		all = append(all, alarm{"ProbeSlow", "warning", "route-planner", "production", at, at.Add(4 * time.Minute)})
	}
	return all
}
