package connectors_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
)

// TestDefectsOfGoGithub has a test for each known defect of go-github v60 that
// the client has to make good.
func TestDefectsOfGoGithub(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]func(*testing.T, *askedGithub){
		"429 is an ordinary error":                          defect429,
		"304 is an error":                                   defect304,
		"a redirect takes the token to another host":        defectRedirect,
		"a used up limit is an error of its own":            defectLimit,
		"a secondary limit without a time is not waited":    defectSecondary,
		"202 is an error of its own":                        defectAccepted,
		"the text of an error is read without bounds":       defectHuge,
		"a path may lead out of its repository":             defectPath,
		"types drop members":                                defectMembers,
		"SHA-1 and an empty secret are taken for signature": defectSignature,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAskedGithub(t, 10)
			a.committed(1)
			test(t, a)
		})
	}
}

func defect429(t *testing.T, a *askedGithub) {
	a.vendor.Plan(vendortest.TooMany(http.StatusTooManyRequests, 30*time.Second))
	if n := len(a.mustPull("commits")); n != 1 {
		t.Errorf("%d commits after a pause", n)
	}
	a.vendor.Always(vendortest.TooMany(http.StatusTooManyRequests, time.Hour))
	_, err := a.pull("commits")
	if limit, ok := errors.AsType[*outgoing.LimitError](err); !ok || limit.Until.Sub(a.clock.Now()) != time.Hour {
		t.Errorf("got %v, want to come again in an hour", err)
	}
}

func defect304(t *testing.T, a *askedGithub) {
	a.mustPull("commits")
	asked := len(a.vendor.Requests())
	if n := len(a.mustPull("commits")); n != 1 {
		t.Errorf("%d commits of an unchanged list", n)
	}
	for _, request := range a.vendor.Requests()[asked:] {
		if request.Header.Get("If-None-Match") == "" {
			t.Errorf("%s does not say what is known", request.URL)
		}
	}
}

func defectRedirect(t *testing.T, a *askedGithub) {
	got := make(chan string, 1)
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case got <- r.Header.Get("Authorization"):
		default:
		}
	}))
	defer other.Close()
	a.vendor.Always(vendortest.Redirect(other.URL))
	if _, err := a.pull("commits"); !errors.Is(err, outgoing.ErrElsewhere) {
		t.Errorf("got %v", err)
	}
	select {
	case token := <-got:
		t.Errorf("another host was asked, with %q", token)
	default:
	}
}

func defectLimit(t *testing.T, a *askedGithub) {
	a.vendor.Plan(vendortest.UsedUp(time.Now().Add(time.Hour)))
	for range 2 {
		_, err := a.pull("commits")
		if _, ok := errors.AsType[*outgoing.LimitError](err); !ok {
			t.Errorf("got %v, which blames the connection", err)
		}
	}
	a = newAskedGithub(t, 10)
	a.committed(1)
	a.vendor.Always(vendortest.UsedUp(time.Unix(-62135596800, 0))) // An installation whose limits are off.
	if n := len(a.mustPull("commits")); n != 1 {
		t.Errorf("%d commits where there is no limit", n)
	}
}

func defectSecondary(t *testing.T, a *askedGithub) {
	a.vendor.Plan(vendortest.SecondaryLimit())
	a.mustPull("commits")
	if slept := a.clock.Slept(); len(slept) != 1 || slept[0] < time.Minute {
		t.Errorf("pauses %v, want a minute", slept)
	}
}

func defectAccepted(t *testing.T, a *askedGithub) {
	a.vendor.Plan(nil, vendortest.Status(http.StatusAccepted))
	if events, err := a.pull("commits"); err == nil || len(events) > 0 {
		t.Errorf("%d commits of a list that is not ready, %v", len(events), err)
	}
	if n := len(a.mustPull("commits")); n != 1 {
		t.Errorf("%d commits the next time", n)
	}
}

func defectHuge(t *testing.T, a *askedGithub) {
	a.vendor.Plan(func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.WriteHeader(http.StatusConflict)
		for range 64 {
			_, _ = w.Write([]byte(strings.Repeat("x", 1<<20)))
		}
	})
	if _, err := a.pull("commits"); err == nil || len(err.Error()) > 500 {
		t.Errorf("an error of %d bytes", len(err.Error()))
	}
}

func defectPath(t *testing.T, a *askedGithub) {
	for _, stream := range []string{"commits ../user", "commits acme/..", "commits acme/checkout/../../../user", "commits acme/checkout?a=b", "commits acme%2f..", "commits ", "commits"} {
		err := a.puller.Pull(t.Context(), stream, nil, func(context.Context, connectors.Page) error { return nil })
		if !errors.Is(err, evenkeel.ErrNotFound) || len(a.vendor.Requests()) > 0 {
			t.Errorf("%q: %v, %d requests", stream, err, len(a.vendor.Requests()))
		}
	}
}

func defectMembers(t *testing.T, a *askedGithub) {
	at := "2019-05-01T00:00:00Z"
	a.github.Add(githubHere+"/deployments", map[string]any{"id": 5, "sha": strings.Repeat("a", 40), "environment": "production", "production_environment": true, "original_environment": "live", "created_at": at, "updated_at": at})
	var bodies strings.Builder
	err := a.puller.Pull(t.Context(), "deployments acme/checkout", nil, func(_ context.Context, page connectors.Page) error {
		for _, d := range page.Documents {
			bodies.Write(d.Body)
		}
		return nil
	})
	if err != nil || !strings.Contains(bodies.String(), `"production_environment":true`) || !strings.Contains(bodies.String(), `"original_environment":"live"`) {
		t.Errorf("members are lost (%v): %s", err, &bodies)
	}
}

func defectSignature(t *testing.T, a *askedGithub) {
	for name, value := range map[string]string{"X-Hub-Signature": "sha1=fbdb1d1b18aa6c08324b7d64b71fb76370690e1d", "X-Hub-Signature-256": "", "X-None": ""} {
		header := http.Header{}
		header.Set(name, value)
		if err := a.reads.Verify(header, nil, []string{"secret"}); !errors.Is(err, evenkeel.ErrDenied) {
			t.Errorf("%s: %v", name, err)
		}
	}
	const ofNothing = "sha256=b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad" // HMAC of nothing with an empty secret.
	header := http.Header{"X-Hub-Signature-256": {ofNothing}}
	if err := a.reads.Verify(header, nil, nil); !errors.Is(err, evenkeel.ErrDenied) {
		t.Errorf("without a secret: %v", err)
	}
}
