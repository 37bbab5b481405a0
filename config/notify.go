package config

import (
	"errors"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// The types of notifiers.
const (
	NotifyAlertmanager = "alertmanager"
	NotifyWebhook      = "webhook"
)

// Notifier says who is told of alerts of service levels.
type Notifier struct {
	// Type is "alertmanager" or "webhook".
	Type string
	// URL is the whole address of a webhook, or that below which Alertmanager lies;
	// it may be a reference, as the addresses of some webhooks are secrets.
	URL Secret
	// Secret is a reference to what signs, or to the token; empty is none.
	Secret Secret
	// Workspace is the slug of the one that is told of; empty is every one.
	Workspace string
}

// Open makes the notifier, with the secrets themselves where they are
// references.
func (n Notifier) Open(resolve func(Secret) (string, error), o connectors.Outside) (connectors.Notifier, error) {
	var s connectors.NotifierSettings
	var err error
	if s.URL, err = resolve(n.URL); err != nil {
		return nil, err
	}
	if n.Secret != "" {
		if s.Secret, err = resolve(n.Secret); err != nil {
			return nil, err
		}
	}
	if n.Type == NotifyAlertmanager {
		return connectors.NewAlertmanagerNotifier(s, o)
	}
	return connectors.NewWebhookNotifier(s, o)
}

// notifier is a member of the section notify.
type notifier struct{ kind, url, secret, workspace text }

func (d *document) readNotifier(o object) {
	d.notifiers = append(d.notifiers, notifier{
		kind: o.required("type", NotifyAlertmanager), url: o.required("url", "https://alertmanager.example.com"), secret: o.text("secret"), workspace: o.text("workspace"),
	})
}

func (d *document) checkNotifiers() {
	for _, n := range d.notifiers {
		if n.kind.given() && n.kind.value != NotifyAlertmanager && n.kind.value != NotifyWebhook {
			d.add(n.kind.at.problem("type "+quoted(n.kind.value)+" is unknown", didYouMean(n.kind.value, []string{NotifyAlertmanager, NotifyWebhook}, "types:")))
		}
		if n.secret.given() {
			for _, rule := range ReferenceRules(n.secret.value) {
				d.add(n.secret.at.problem(rule, "write ${env:NAME} or ${file:/full/path}"))
			}
		}
		d.checkSlug(n.workspace)
		d.checkNotifyURL(n.url)
	}
}

// checkNotifyURL lets the notifier itself look at an address, unless that is a
// reference. What is wrong is said without it: it may hold a secret.
func (d *document) checkNotifyURL(address text) {
	if !address.given() || len(ReferenceRules(address.value)) == 0 {
		return
	}
	if strings.Contains(address.value, "${") {
		d.add(address.at.problem("is more than a reference", "write the whole address, or one reference to it"))
		return
	}
	stopped := connectors.Outside{Now: func() time.Time { return time.Time{} }}
	_, err := connectors.NewWebhookNotifier(connectors.NotifierSettings{URL: address.value}, stopped)
	if broken, ok := errors.AsType[evenkeel.FieldErrors](err); ok {
		for _, one := range broken {
			d.add(address.at.problem(one.Rule, ""))
		}
	}
}

func (d *document) notifierList() (list []Notifier) {
	for _, n := range d.notifiers {
		list = append(list, Notifier{Type: n.kind.value, URL: Secret(n.url.value), Secret: Secret(n.secret.value), Workspace: n.workspace.value})
	}
	return list
}
