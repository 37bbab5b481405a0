package connectors

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// alertMessage is the body of a webhook: type, timestamp and data as Standard
// Webhooks recommends.
type alertMessage struct {
	// Type is "slo.alert.firing", "slo.alert.no_data" or "slo.alert.resolved".
	Type string `json:"type"`
	// Timestamp is when the alert came into its state.
	Timestamp string    `json:"timestamp"`
	Data      alertData `json:"data"`
}

type alertData struct {
	ID          string   `json:"id"`
	SLO         string   `json:"slo"`
	Title       string   `json:"title"`
	Objective   *string  `json:"objective"`
	Series      *string  `json:"series"`
	Application *string  `json:"application"`
	Environment *string  `json:"environment"`
	Severity    string   `json:"severity"`
	Policy      *string  `json:"policy"`
	State       string   `json:"state"`
	Long        string   `json:"long"`
	Short       string   `json:"short"`
	Factor      float64  `json:"factor"`
	Burn        *float64 `json:"burn"`
	Peak        float64  `json:"peak"`
	Remaining   *float64 `json:"remaining"`
	FiredAt     string   `json:"fired_at"`
	ResolvedAt  *string  `json:"resolved_at"`
	Summary     string   `json:"summary"`
	Description string   `json:"description"`
	Link        *string  `json:"link"`
}

// alertMessageOf writes a notice; what is empty is null.
func alertMessageOf(n AlertNotice) alertMessage {
	d := alertData{
		ID: n.ID(), SLO: n.SLO, Title: n.title(), Objective: textOrNull(n.Objective), Series: textOrNull(n.Series), Application: textOrNull(n.Application),
		Environment: textOrNull(n.Environment), Severity: n.Severity, Policy: textOrNull(n.Policy), State: string(n.State), Long: evenkeel.FormatDuration(n.Long), Short: evenkeel.FormatDuration(n.Short),
		Factor: n.Factor, Burn: n.Burn, Peak: n.Peak, Remaining: n.Remaining, FiredAt: instantText(n.Fired),
		Summary: n.summary(), Description: n.description(), Link: textOrNull(n.Link),
	}
	if n.State == AlertResolved {
		d.ResolvedAt = textOrNull(instantText(n.Since))
	}
	return alertMessage{Type: "slo.alert." + string(n.State), Timestamp: instantText(n.Since), Data: d}
}

func textOrNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// webhookNotifier posts to an address.
type webhookNotifier struct {
	poster
	key []byte
	now func() time.Time
}

// NewWebhookNotifier posts one message per alert to an address. With a secret,
// whsec_BASE64 or any other text, messages are signed as Standard Webhooks
// describes; their webhook-id stays the same where a message is repeated.
func NewWebhookNotifier(s NotifierSettings, o Outside) (Notifier, error) {
	to, err := s.check()
	if err != nil {
		return nil, err
	}
	key := standardSecret(s.Secret)
	if s.Secret != "" && len(key) == 0 {
		return nil, evenkeel.FieldErrors{{Field: "secret", Rule: "begins with whsec_ and is not base64 after it"}}
	}
	return &webhookNotifier{poster: newPoster(to, nil, o), key: key, now: o.Now}, nil
}

// Notify implements Notifier. A message that fails keeps none of the others.
func (w *webhookNotifier) Notify(ctx context.Context, notices []AlertNotice) error {
	good, wrong := checked(notices)
	for _, n := range good {
		body, err := json.Marshal(alertMessageOf(n))
		if err == nil {
			err = w.post(ctx, body, w.header(n.ID(), body))
		}
		wrong = errors.Join(wrong, err)
	}
	return wrong
}

// header are those of Standard Webhooks; the signature is of id, time and body.
func (w *webhookNotifier) header(id string, body []byte) http.Header {
	at := strconv.FormatInt(w.now().Unix(), 10)
	h := http.Header{}
	h.Set(webhookID, id)
	h.Set(webhookTimestamp, at)
	if len(w.key) > 0 {
		mac := hmac.New(sha256.New, w.key)
		fmt.Fprintf(mac, "%s.%s.", id, at)
		mac.Write(body)
		h.Set(webhookSignature, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	return h
}
