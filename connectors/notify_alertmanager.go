package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
)

// AlertmanagerKeeps is how long Alertmanager takes an alert for firing after it
// was told of it. What still fires has to be told again before.
const AlertmanagerKeeps = 15 * time.Minute

// alertmanagerAlert is an alert as POST /api/v2/alerts takes it (postableAlert
// in Alertmanager's api/v2/openapi.yaml).
type alertmanagerAlert struct {
	Labels       map[string]string `json:"labels"`
	Annotations  map[string]string `json:"annotations"`
	StartsAt     string            `json:"startsAt"`
	EndsAt       string            `json:"endsAt"`
	GeneratorURL string            `json:"generatorURL,omitempty"`
}

// alertmanagerAlerts are alerts for Alertmanager. Labels tell one alert from
// another, so they are the same while it lasts, and those that exported rules
// have; one whose data stopped is still firing.
func alertmanagerAlerts(notices []AlertNotice, now time.Time) []alertmanagerAlert {
	list := []alertmanagerAlert{}
	for _, n := range notices {
		ends := now.Add(AlertmanagerKeeps)
		if n.State == AlertResolved {
			ends = n.Since
		}
		list = append(list, alertmanagerAlert{
			Labels: labelled("alertname", "EvenkeelBudgetBurn", "severity", n.Severity, "evenkeel_slo", n.SLO, "evenkeel_objective", n.Objective,
				"evenkeel_series", n.Series, "evenkeel_service", n.Application, "evenkeel_environment", n.Environment,
				"evenkeel_long", evenkeel.FormatDuration(n.Long), "evenkeel_short", evenkeel.FormatDuration(n.Short), "evenkeel_policy", n.Policy),
			Annotations: labelled("summary", n.summary(), "description", n.description()),
			StartsAt:    instantText(n.Fired), EndsAt: instantText(ends), GeneratorURL: n.Link,
		})
	}
	return list
}

// alertmanagerNotifier tells an Alertmanager.
type alertmanagerNotifier struct {
	poster
	now func() time.Time
}

// NewAlertmanagerNotifier tells the Alertmanager at an address, "https://host" or
// "https://host/prefix". Who uses it tells of an alert when it begins and when it
// is over, and in between at least every [AlertmanagerKeeps].
func NewAlertmanagerNotifier(s NotifierSettings, o Outside) (Notifier, error) {
	base, err := s.check()
	if err != nil {
		return nil, err
	}
	var credentials outgoing.Credentials
	if s.Secret != "" {
		credentials = outgoing.Bearer(s.Secret)
	}
	return &alertmanagerNotifier{poster: newPoster(base.JoinPath("api/v2/alerts"), credentials, o), now: o.Now}, nil
}

// Notify implements Notifier. All go in one message.
func (a *alertmanagerNotifier) Notify(ctx context.Context, notices []AlertNotice) error {
	good, wrong := checked(notices)
	if len(good) == 0 {
		return wrong
	}
	body, err := json.Marshal(alertmanagerAlerts(good, a.now()))
	if err != nil {
		return err
	}
	return errors.Join(wrong, a.post(ctx, body, nil))
}
