package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// devlakeSource is the source whose senders know only DevLake's addresses.
const devlakeSource = "devlake"

// devlakePrefixes are where DevLake takes deliveries: behind its proxy or
// without one, by keys or, in older versions, without.
func devlakePrefixes() []string {
	return []string{"/api/rest/plugins/webhook/", "/api/plugins/webhook/", "/rest/plugins/webhook/", "/plugins/webhook/"}
}

// devlakeRoute says that a request is for one of DevLake's own addresses, at
// which the key of a connection lets it in.
func devlakeRoute(path string) bool {
	for _, prefix := range devlakePrefixes() {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}

// devlakeAddress splits a path, as it was sent, into what DevLake calls the
// webhook and what follows.
func devlakeAddress(path string) (webhook, rest string, ok bool) {
	for _, prefix := range devlakePrefixes() {
		tail, found := strings.CutPrefix(path, prefix)
		if !found {
			continue
		}
		for _, before := range []string{"connections/by-name/", "connections/", "projects/"} {
			if inner, has := strings.CutPrefix(tail, before); has {
				tail = inner
				break
			}
		}
		webhook, rest, _ = strings.Cut(tail, "/")
		name, err := url.PathUnescape(webhook)
		return name, rest, err == nil && name != "" && rest != ""
	}
	return "", "", false
}

// postDevlake takes in what a client of DevLake posts. Such clients wait for
// 200; the rest is as at our own addresses.
func (s *Server) postDevlake(c echo.Context) error {
	webhook, rest, ok := devlakeAddress(c.Request().URL.EscapedPath())
	if !ok {
		s.Telemetry.Refused("unknown", "address")
		return problemf(http.StatusNotFound, "there is no webhook at this address; write /api/rest/plugins/webhook/connections/ID/deployments")
	}
	connection, err := s.devlakeConnection(c, webhook)
	if err != nil {
		return err
	}
	h, err := s.hookOf(c, connection, rest)
	if err != nil {
		return err
	}
	return s.takeHook(c, h, http.StatusOK)
}

// devlakeConnection finds the connection of a webhook: by our id, else by the
// name that it has here or there and the key of the request. Whether there is
// one is told only to those who have its key.
func (s *Server) devlakeConnection(c echo.Context, webhook string) (evenkeel.Connection, error) {
	ctx := c.Request().Context()
	found, err := s.connections.of(ctx, s.Store, webhook)
	if err == nil && found.Source == devlakeSource {
		return found, nil
	}
	if err != nil && !errors.Is(err, evenkeel.ErrNotFound) {
		return evenkeel.Connection{}, s.devlakeDown(c, err)
	}
	all, err := s.connections.ofSource(ctx, s, devlakeSource)
	if err != nil {
		return evenkeel.Connection{}, s.devlakeDown(c, err)
	}
	var fitting []evenkeel.Connection
	for _, one := range all {
		if s.answersTo(ctx, one, webhook, c.Request().Header) {
			fitting = append(fitting, one)
		}
	}
	switch len(fitting) {
	case 0:
		s.Telemetry.Refused(devlakeSource, "signature")
		return evenkeel.Connection{}, problemf(http.StatusUnauthorized, "the key is missing, or it is not that of a connection for this webhook; the setting webhook of a connection says which one it is for")
	case 1:
		return fitting[0], nil
	}
	s.Telemetry.Refused(devlakeSource, "address")
	return evenkeel.Connection{}, problemf(http.StatusNotFound, "several connections have this webhook and this key; give each a key of its own, or post to the address of the connection")
}

func (s *Server) devlakeDown(c echo.Context, err error) error {
	ctx := c.Request().Context()
	s.Logger.ErrorContext(ctx, "connections not read", slog.String("request_id", requestIDOf(ctx)), slog.Any("err", err))
	return s.refuseHook(c, &hook{}, errStoreDown)
}

// answersTo says whether a connection is called so, and the request has its key.
func (s *Server) answersTo(ctx context.Context, c evenkeel.Connection, webhook string, header http.Header) bool {
	source, err := connectors.SourceNamed(c.Source)
	if err != nil {
		return false
	}
	receiver, err := s.receivers.Of(c, source)
	if err != nil {
		return false
	}
	named, ok := receiver.(connectors.Callable)
	if c.Name != webhook && (!ok || named.Called() != webhook) {
		return false
	}
	secrets, err := s.hookSecrets(ctx, c)
	return err == nil && receiver.Verify(header, nil, secrets) == nil
}
