package connectors

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
)

// AlertState is what an alert of a service level has come to, as far as others
// are told.
type AlertState string

// The states that others are told of.
const (
	AlertFiring AlertState = "firing"
	// AlertNoData fired, and data have stopped since: it is not over.
	AlertNoData   AlertState = "no_data"
	AlertResolved AlertState = "resolved"
)

// AlertNotice is an alert of a service level that came into a state.
type AlertNotice struct {
	// SLO is the name; Title is for people, empty if it is the name.
	SLO, Title string
	// Objective and Series are empty for an SLO that has one.
	Objective, Series string
	// Application is a slug; Environment is empty where any is meant.
	Application, Environment string
	// Severity is "page" or "ticket".
	Severity string
	State    AlertState
	// Policy names the alert policy of the document; empty for a row of a window set.
	Policy string
	// Long and Short are the lookbacks that burn at more than Factor, or at it where
	// Meeting is set. A policy has one.
	Long, Short time.Duration
	Factor      float64
	Meeting     bool
	// Burn is that of the long lookback now, nil if it is not known; Peak is the
	// highest so far, 0 where it never was too high and data stopped.
	Burn *float64
	Peak float64
	// Remaining is what is left of the budget; nil if it is not known.
	Remaining *float64
	// Fired is when the alert fired, Since when it came into its state.
	Fired, Since time.Time
	// Link is the page of the SLO; it may be empty.
	Link string
}

// ID names the notice: told twice, it is the same.
func (n AlertNotice) ID() string {
	parts := []string{
		n.SLO, n.Objective, n.Series, n.Application, n.Environment, n.Severity, n.Long.String(), n.Short.String(),
		n.Fired.UTC().Format(time.RFC3339), string(n.State), n.Since.UTC().Format(time.RFC3339),
	}
	if n.Policy != "" {
		parts = append(parts, n.Policy)
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q", parts))
	return "alert_" + hex.EncodeToString(sum[:16])
}

func (n AlertNotice) title() string { return firstText(n.Title, n.SLO) }

// summary is the notice in one sentence.
func (n AlertNotice) summary() string {
	what := n.title()
	if n.Objective != "" {
		what += " (" + n.Objective + ")"
	}
	switch {
	case n.State == AlertResolved && n.Peak == 0:
		return what + " is measured again"
	case n.State == AlertNoData && n.Peak == 0:
		return what + " has not been measured since before " + n.Since.UTC().Format(time.RFC3339)
	case n.State == AlertResolved:
		return what + " no longer burns its error budget too fast"
	case n.State == AlertNoData:
		return what + " burned its error budget too fast when its data stopped at " + n.Since.UTC().Format(time.RFC3339)
	default:
		return what + " burns its error budget too fast"
	}
}

// description are the numbers behind it.
func (n AlertNotice) description() string {
	than, over := "more than", evenkeel.FormatDuration(n.Long)
	if n.Meeting {
		than = "at least"
	}
	if n.Short != n.Long {
		over += " and the last " + evenkeel.FormatDuration(n.Short)
	}
	text := fmt.Sprintf("The budget burned at %s %.4g times the rate that it can hold over the last %s, at most at %.3g.", than, n.Factor, over, n.Peak)
	if n.Peak == 0 {
		text = fmt.Sprintf("Nothing was measured over the last %s, so nobody knows how the budget burns.", over)
	}
	if n.Remaining != nil {
		text += fmt.Sprintf(" %.3g %% of it remains.", 100**n.Remaining)
	}
	return text
}

// check says what keeps a notice from being sent.
func (n AlertNotice) check() error {
	switch {
	case n.SLO == "" || n.Severity == "" || n.Fired.IsZero() || n.Since.IsZero():
		return fmt.Errorf("%w: an alert needs an SLO, a severity and when it fired", evenkeel.ErrInvalid)
	case n.State != AlertFiring && n.State != AlertNoData && n.State != AlertResolved:
		return fmt.Errorf("%w: state %s: others are told of firing, no_data and resolved", evenkeel.ErrInvalid, shortQuote(string(n.State)))
	}
	return nil
}

// Notifier tells somebody of alerts. Telling twice does no harm.
type Notifier interface {
	Notify(ctx context.Context, notices []AlertNotice) error
}

// NotifierSettings say where to and with what.
type NotifierSettings struct {
	// URL is the whole address of a webhook, or that below which Alertmanager lies.
	URL string
	// Secret is the secret itself: what signs the messages of a webhook, or the
	// token for a proxy before Alertmanager. Empty signs nothing.
	Secret string
}

// check says what is wrong with the settings.
func (s NotifierSettings) check() (*url.URL, error) {
	var c settingsCheck
	c.address("url", s.URL, "https://alertmanager.example.com")
	if err := c.err(); err != nil {
		return nil, err
	}
	return url.Parse(s.URL)
}

// poster posts JSON to one host. Messages may be repeated, so what failed for a
// passing reason is sent again.
type poster struct {
	to    *url.URL
	calls *outgoing.Client
}

func newPoster(to *url.URL, credentials outgoing.Credentials, o Outside) poster {
	return poster{to: to, calls: outgoing.New(outgoing.Options{
		Base: to, Credentials: credentials, Now: o.Now, Sleep: o.Sleep, Observe: o.Observe,
		Repeat: func(*http.Request) bool { return true },
	})}
}

// post sends a body and its headers.
func (p poster) post(ctx context.Context, body []byte, header http.Header) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.to.String(), bytes.NewReader(body))
	if err != nil {
		return err
	}
	maps.Copy(request.Header, header)
	request.Header.Set("Content-Type", "application/json")
	response, err := p.calls.Do(request)
	if err != nil {
		return fmt.Errorf("%s: %w", p.to.Host, plainly(err))
	}
	defer response.Body.Close()
	switch {
	case response.StatusCode < http.StatusMultipleChoices:
		return nil
	case response.StatusCode == http.StatusUnauthorized, response.StatusCode == http.StatusForbidden:
		return fmt.Errorf("%s: %w", p.to.Host, ErrRefused)
	default:
		return fmt.Errorf("%s answered %d to a notice", p.to.Host, response.StatusCode)
	}
}

// checked are the notices that can be sent; the error names the others.
func checked(notices []AlertNotice) (good []AlertNotice, err error) {
	for _, n := range notices {
		if wrong := n.check(); wrong != nil {
			err = errors.Join(err, fmt.Errorf("alert of %s: %w", shortQuote(n.SLO), wrong))
			continue
		}
		good = append(good, n)
	}
	return good, err
}

// instantText writes an instant as JSON has it.
func instantText(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// labelled leaves out what is empty.
func labelled(pairs ...string) map[string]string {
	m := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] = strings.TrimSpace(pairs[i+1]); pairs[i+1] != "" {
			m[pairs[i]] = pairs[i+1]
		}
	}
	return m
}
