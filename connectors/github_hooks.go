package connectors

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	// githubSweep is how often deliveries that failed are looked for, and how far
	// one look reaches into what the last one has seen.
	githubSweep = time.Hour
	// githubKeeps is how long GitHub keeps deliveries.
	githubKeeps = 72 * time.Hour
	// githubBatch is how many deliveries are kept at once.
	githubBatch = 20
	// githubAppHook is the webhook of the App itself.
	githubAppHook = "app/hook"
)

// githubHookAddress is the address of a webhook.
var githubHookAddress = regexp.MustCompile(`^(?:app/hook|(?:orgs/[A-Za-z0-9_-]+|repos/[A-Za-z0-9_-]+/\.?[A-Za-z0-9_-][A-Za-z0-9._-]*)/hooks/\d+)$`)

// Pace implements Pacer.
func (*githubClient) Pace(stream string) time.Duration {
	if strings.HasPrefix(stream, githubHooks+" ") {
		return githubSweep
	}
	return 0
}

// githubSent is a delivery as a list of them tells it.
type githubSent struct {
	ID           int64  `json:"id"`
	GUID         string `json:"guid"`
	DeliveredAt  string `json:"delivered_at"`
	Status       int    `json:"status_code"`
	Event        string `json:"event"`
	Installation int64  `json:"installation_id"`
	Request      struct {
		Headers map[string]string `json:"headers"`
		Payload json.RawMessage   `json:"payload"`
	} `json:"request"`
}

func (d githubSent) arrived() bool { return d.Status >= 200 && d.Status < 300 }

// sweep reads the deliveries of a webhook that never arrived, which GitHub does
// not repeat by itself. They are kept under the key that the webhook would have
// had, so that a delivery which somebody sends again counts once.
func (c *githubClient) sweep(ctx context.Context, hook string, text json.RawMessage, take func(context.Context, Page) error) error {
	if !githubHookAddress.MatchString(hook) || hook == githubAppHook && c.app == nil {
		return fmt.Errorf("%w: webhook %s", evenkeel.ErrNotFound, shortQuote(hook))
	}
	at, err := readCursor(text)
	if err != nil {
		return err
	}
	began := c.outside.Now().UTC()
	lost, err := c.lost(ctx, hook, latest(at.Until.Add(-githubSweep), began.Add(-githubKeeps)))
	if err != nil {
		return err
	}
	for batch := range slices.Chunk(lost, githubBatch) {
		page := Page{Complete: true}
		for _, one := range batch {
			d, err := c.resent(ctx, hook, one)
			if err != nil {
				return err
			}
			page.Documents = append(page.Documents, d)
		}
		at.Done += len(batch)
		if page.Cursor, err = json.Marshal(at); err != nil {
			return err
		}
		page.Done = at.Done
		if err := take(ctx, page); err != nil {
			return err
		}
	}
	at.Until = began
	if text, err = json.Marshal(at); err != nil {
		return err
	}
	return take(ctx, Page{Cursor: text, Done: at.Done, Complete: true})
}

// asking are the credentials that may read the deliveries of a webhook.
func (c *githubClient) asking(hook string) githubCalls {
	if hook == githubAppHook {
		return c.app.itself
	}
	return c.githubCalls
}

// lost are the deliveries since an instant of which no attempt arrived, the
// oldest first.
func (c *githubClient) lost(ctx context.Context, hook string, since time.Time) ([]githubSent, error) {
	all, err := c.sent(ctx, hook, since)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, one := range all {
		known[one.GUID] = known[one.GUID] || one.arrived()
	}
	var lost []githubSent
	for _, one := range slices.Backward(all) {
		if !known[one.GUID] {
			known[one.GUID] = true
			lost = append(lost, one)
		}
	}
	return lost, nil
}

// sent are the deliveries since an instant, newest first. The webhook of an App
// tells of all its installations: those of others are nobody's business here.
func (c *githubClient) sent(ctx context.Context, hook string, since time.Time) (all []githubSent, err error) {
	mine := int64(0)
	if hook == githubAppHook {
		if mine, err = c.app.installed(ctx); err != nil {
			return nil, err
		}
	}
	for position, n := "", 0; ; n++ {
		var page []githubSent
		response, err := c.asking(hook).do(ctx, http.MethodGet, hook+"/deliveries?per_page="+strconv.Itoa(githubPage)+position, &page)
		if err != nil {
			return nil, githubError(err)
		}
		for _, one := range page {
			if githubTime(one.DeliveredAt).Before(since) {
				return all, nil
			}
			if hook != githubAppHook || one.Installation == mine {
				all = append(all, one)
			}
		}
		if response.Cursor == "" || len(page) == 0 {
			return all, nil
		}
		before := position
		if position = "&cursor=" + url.QueryEscape(response.Cursor); position == before || n > maxPages {
			return nil, errEndless
		}
	}
}

// resent reads what a delivery said.
func (c *githubClient) resent(ctx context.Context, hook string, one githubSent) (Document, error) {
	var whole githubSent
	if _, err := c.asking(hook).get(ctx, hook+"/deliveries/"+strconv.FormatInt(one.ID, 10), &whole); err != nil {
		return Document{}, err
	}
	header := http.Header{}
	for name, value := range whole.Request.Headers {
		header.Set(name, value)
	}
	header.Set(githubEventHeader, whole.Event)
	header.Set(githubDeliveryHeader, whole.GUID)
	d := Document{Event: whole.Event, Key: whole.GUID, Header: map[string]string{}}
	for _, name := range githubHeaders() {
		if value := header.Get(name); value != "" {
			d.Header[name] = value
		}
	}
	var body bytes.Buffer
	if err := json.Compact(&body, whole.Request.Payload); err != nil {
		return Document{}, fmt.Errorf("a delivery cannot be read: %w", err)
	}
	d.Body = body.Bytes()
	return d, nil
}

// githubHook is a webhook as GitHub lists it.
type githubHook struct {
	ID     int64 `json:"id"`
	Config struct {
		URL string `json:"url"`
	} `json:"config"`
}

// ours says that a webhook leads to the connection.
func (c *githubClient) ours(address string) bool {
	return strings.Contains(address, "/hooks/github/"+c.outside.Connection)
}

// hooks finds the webhooks that lead to the connection; without are the places
// whose webhooks may not be read.
func (c *githubClient) hooks(ctx context.Context) (hooks, without []string, err error) {
	if c.app != nil {
		return c.appHook(ctx)
	}
	for _, place := range c.hookPlaces() {
		var listed []githubHook
		_, err := c.get(ctx, place+"/hooks?per_page="+strconv.Itoa(githubPage), &listed)
		switch {
		case errors.Is(err, errGithubHidden), errors.Is(err, errGithubForbidden):
			without = append(without, place)
			continue
		case err != nil:
			return nil, nil, err
		}
		for _, one := range listed {
			if c.ours(one.Config.URL) {
				hooks = append(hooks, place+"/hooks/"+strconv.FormatInt(one.ID, 10))
			}
		}
	}
	return hooks, without, nil
}

func (c *githubClient) appHook(ctx context.Context) (hooks, without []string, err error) {
	var config struct {
		URL string `json:"url"`
	}
	_, err = c.app.itself.get(ctx, githubAppHook+"/config", &config)
	switch {
	case errors.Is(err, errGithubHidden), errors.Is(err, errGithubForbidden):
		return nil, []string{"the app"}, nil
	case err == nil && c.ours(config.URL):
		hooks = []string{githubAppHook}
	}
	return hooks, nil, err
}

// githubHookPlaces is how many owners and repositories are asked for webhooks.
const githubHookPlaces = 50

// hookPlaces are the organisations and repositories that the settings name.
func (c *githubClient) hookPlaces() (places []string) {
	for _, name := range c.settings.API.Repositories {
		owner, _, _ := strings.Cut(name, "/")
		place := "repos/" + name
		if githubGlobbed(name) {
			place = "orgs/" + owner
		}
		if !githubGlobbed(place) && !slices.Contains(places, place) && len(places) < githubHookPlaces {
			places = append(places, place)
		}
	}
	return places
}
