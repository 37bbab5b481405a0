package demo

import (
	"encoding/json"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Feed is a connection of the invented company with what came through it. Its
// secrets are references to what nobody has.
type Feed struct {
	// Connection has no id.
	Connection evenkeel.Connection
	// Deliveries are oldest first. Each has Event, Key, Headers, Body and
	// ReceivedAt.
	Deliveries []evenkeel.Delivery
	// Streams say where reading the vendor stands; they are never read.
	Streams []evenkeel.Stream
}

// SecretPrefix begins the names of the variables that secrets refer to.
const SecretPrefix = "LARKMOOR_"

// Feeds are the connections of the company: one does well, and others are late,
// refused or wait for their first event, as everywhere.
func (w World) Feeds() []Feed {
	if w.feeds == nil {
		return nil // A world for measurements has none.
	}
	return w.feeds()
}

func feeds(l *ledger, o Options) []Feed {
	connected := func(source, name, secret string, since time.Duration, settings string) evenkeel.Connection {
		return evenkeel.Connection{
			Source: source, Name: name, Secrets: []string{"${env:" + SecretPrefix + secret + "}"}, Managed: "api",
			Settings: json.RawMessage(settings), CreatedAt: o.Now.Add(-since),
		}
	}
	return []Feed{
		{
			Connection: connected("github", Hook, "GITHUB_SECRET", deliveryDays*day, asks("GITHUB_TOKEN", host)),
			Deliveries: deliveries(l, o), Streams: asked(o),
		},
		{Connection: connected("alertmanager", "larkmoor-alertmanager", "ALERTMANAGER_KEY", alertDays*day, "{}"), Deliveries: notify(alarms(l, o), o)},
		{Connection: connected("grafana", "larkmoor-probes", "PROBES_KEY", alertDays*day, "{}"), Deliveries: notify(probes(o), o)},
		{Connection: connected("github", "larkmoor-enterprise", "ENTERPRISE_SECRET", alertDays*day, asks("ENTERPRISE_TOKEN", "git.harbour.example")), Streams: refused(o)},
		{Connection: connected("pagerduty", "larkmoor-pagerduty", "PAGERDUTY_SECRET", 2*time.Hour, "{}")},
	}
}

// asks are settings of a connection that asks its code host.
func asks(token, host string) string {
	return `{"api":{"url":"https://` + host + `/api/v3/","token":"${env:` + SecretPrefix + token + `}","repositories":["larkmoor/*"]}}`
}

// needs are the permissions that reading takes.
func needs(missing string) []evenkeel.Permission {
	all := []evenkeel.Permission{
		{Name: "metadata: read", For: "the repositories"},
		{Name: "contents: read", For: "commits and releases"},
		{Name: "pull_requests: read", For: "changes and reviews"},
		{Name: "deployments: read", For: "deployments"},
		{Name: "actions: read", For: "builds"},
		{Name: "issues: read", For: "incidents"},
	}
	for i := range all {
		granted := all[i].Name != missing
		all[i].Granted = &granted
	}
	return all
}

func access(a evenkeel.Access) json.RawMessage {
	text, err := json.Marshal(a)
	if err != nil {
		panic(err) // Texts, numbers and times only.
	}
	return text
}

// known is where a list stands of which everything up to an instant is read.
func known(name string, done int, until time.Time) evenkeel.Stream {
	return evenkeel.Stream{
		Name: name, Done: done, Complete: true, LastAt: until, NextAt: until.Add(5 * time.Minute), Cursor: json.RawMessage(`{"until":"` + until.Format(time.RFC3339) + `"}`),
	}
}

// asked is a code host that answers: its token ends soon, and the past of one
// list is still to be read.
func asked(o Options) []evenkeel.Stream {
	now := o.Now.Add(-20 * time.Second)
	return []evenkeel.Stream{
		{LastAt: now, NextAt: now.Add(45 * time.Second), Cursor: access(evenkeel.Access{
			Identity: "larkmoor-evenkeel", Permissions: needs(""), ExpiresAt: o.Now.Add(9 * day).Truncate(day),
			Limits: []evenkeel.CallLimit{{Remaining: 4182, Most: 5000, Reset: o.Now.Add(38 * time.Minute)}},
		})},
		known("deployments larkmoor/checkout-web", 412, now.Add(-2*time.Minute)),
		known("pulls larkmoor/checkout-web", 1630, now.Add(-time.Minute)),
		{Name: "pulls larkmoor/route-planner", Done: 700, Total: 1880, LastAt: now, NextAt: now.Add(5 * time.Minute), Cursor: json.RawMessage(`{"page":8,"done":700}`)},
	}
}

// refused is a code host that has not accepted our token since yesterday.
func refused(o Options) []evenkeel.Stream {
	last := o.Now.Add(-26 * time.Hour)
	return []evenkeel.Stream{
		{
			LastAt: last, NextAt: o.Now.Add(30 * time.Second), Failures: 2080,
			Error:  "denied: the vendor refuses the credentials: the token is wrong, was revoked or has expired",
			Cursor: access(evenkeel.Access{Identity: "larkmoor-evenkeel", Permissions: needs("issues: read")}),
		},
		known("deployments larkmoor/ledger", 96, last),
		known("pulls larkmoor/ledger", 311, last),
	}
}
