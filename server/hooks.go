package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/server/intake"
)

const (
	// hookTimeout is how long a sender waits for its delivery to be durable.
	// Most senders give up after ten seconds.
	hookTimeout = 9 * time.Second
	// hookRetryAfter is when a sender may come again, in seconds.
	hookRetryAfter = "10"
)

// hook is one request of a source on its way in.
type hook struct {
	connection evenkeel.Connection
	source     connectors.Source
	receiver   connectors.Receiver
	header     http.Header
	memory     *lease
}

// hookAnswer tells a sender what became of its delivery.
type hookAnswer struct {
	Delivery string           `json:"delivery"`
	Outcome  evenkeel.Outcome `json:"outcome"`
	Reason   string           `json:"reason,omitempty"`
	Repeated bool             `json:"repeated"`
}

// postHook takes a signed delivery in. Whatever a genuine delivery holds it is
// kept and answered with 202, because senders give up on addresses that refuse
// what they send; what is not genuine leaves no trace in the store.
func (s *Server) postHook(c echo.Context) error {
	h, err := s.openHook(c)
	if err != nil {
		return err
	}
	return s.takeHook(c, h, http.StatusAccepted)
}

// takeHook reads, checks and keeps a delivery. kept is the status by which the
// sender learns that it is kept.
func (s *Server) takeHook(c echo.Context, h *hook, kept int) error {
	h.memory = s.hookMemory.lease()
	defer h.memory.end()
	raw, err := s.readHook(c, h)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if err := s.verifyHook(ctx, h, raw); err != nil {
		return err
	}
	d, tooLarge, err := s.understandHook(ctx, h, raw)
	if err != nil {
		return s.refuseHook(c, h, err)
	}
	delivered, err := s.keepHook(ctx, h, d)
	if err != nil {
		return s.refuseHook(c, h, err)
	}
	if tooLarge {
		return s.refuseHook(c, h, errTooLarge)
	}
	return c.JSON(kept, hookAnswer{Delivery: delivered.ID, Outcome: d.Outcome, Reason: d.Reason, Repeated: delivered.Repeated})
}

// openHook finds the connection that a request is for. An address that is not
// exactly that of a connection, or below it, does not exist.
func (s *Server) openHook(c echo.Context) (*hook, error) {
	ctx := c.Request().Context()
	found, err := s.connections.of(ctx, s.Store, c.Param("connection"))
	if err != nil && !errors.Is(err, evenkeel.ErrNotFound) {
		s.Logger.ErrorContext(ctx, "connection not read", slog.String("request_id", requestIDOf(ctx)), slog.Any("err", err))
		return nil, s.refuseHook(c, &hook{}, errStoreDown)
	}
	if err != nil || found.Source != c.Param("source") {
		return nil, s.noHook()
	}
	path := ""
	if parts := strings.SplitN(c.Request().URL.EscapedPath(), "/", 5); len(parts) == 5 {
		path = parts[4]
	}
	return s.hookOf(c, found, path)
}

func (s *Server) noHook() error {
	s.Telemetry.Refused("unknown", "address")
	return problemf(http.StatusNotFound, "there is no connection at this address; /api/v1/connections lists the addresses")
}

// hookOf is a request for a connection. A source that reads places below its
// address is told which one it was, and when the request came.
func (s *Server) hookOf(c echo.Context, connection evenkeel.Connection, path string) (*hook, error) {
	h := &hook{connection: connection, header: c.Request().Header}
	var err error
	if h.source, err = connectors.SourceNamed(connection.Source); err != nil || (path != "" && !h.source.Paths) {
		return nil, s.noHook()
	}
	if h.source.Paths || h.source.Arrival {
		h.header = h.header.Clone()
		h.header.Set(connectors.ArrivalHeader, s.Now().UTC().Format(time.RFC3339Nano))
		if path != "" {
			h.header.Set(connectors.PathHeader, path)
		}
	}
	if h.receiver, err = s.receivers.Of(connection, h.source); err != nil {
		return nil, s.refuseHook(c, h, err)
	}
	return h, nil
}

// verifyHook lets only through what was signed with one of the connection's
// secrets. The problem says no more than the sender can know by itself.
func (s *Server) verifyHook(ctx context.Context, h *hook, raw []byte) error {
	secrets, err := s.hookSecrets(ctx, h.connection)
	if err != nil {
		return s.refuse(h, "unconfigured", http.StatusServiceUnavailable, "the server has no secret for this connection; its log says why")
	}
	switch err := verify(ctx, s.Logger, h, raw, secrets); {
	case err == nil:
		return nil
	case errors.Is(err, evenkeel.ErrDenied):
		return s.refuse(h, "signature", http.StatusUnauthorized, "%s", intake.Reason(err, evenkeel.ErrDenied))
	default:
		s.Logger.ErrorContext(ctx, "signature not checked", slog.String("connection", h.connection.ID), slog.Any("err", err))
		return s.refuse(h, "unconfigured", http.StatusServiceUnavailable, "the server cannot check signatures of this connection; its log says why")
	}
}

// verify calls the connector. One that panics has checked nothing.
func verify(ctx context.Context, logger *slog.Logger, h *hook, raw []byte, secrets []string) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			logger.ErrorContext(ctx, "connector failed", slog.String("connection", h.connection.ID), slog.String("stack", string(debug.Stack())))
			err = errors.New("the connector failed")
		}
	}()
	return h.receiver.Verify(h.header, raw, secrets)
}

// hookSecrets resolves the secrets of a connection. One that is missing does
// not hinder the others, so that secrets can be replaced without a gap.
func (s *Server) hookSecrets(ctx context.Context, c evenkeel.Connection) ([]string, error) {
	var secrets []string
	var missing []string
	for _, reference := range c.Secrets {
		if value, err := s.Secrets(reference); err == nil && value != "" {
			secrets = append(secrets, value)
		} else {
			missing = append(missing, reference)
		}
	}
	if len(secrets) > 0 {
		return secrets, nil
	}
	s.Logger.ErrorContext(ctx, "no secret of a connection can be resolved", slog.String("connection", c.ID), slog.String("references", strings.Join(missing, " ")))
	return nil, evenkeel.ErrNotFound
}

// understandHook makes a delivery of a genuine request. What cannot be
// unpacked is kept as it came, what unpacks to too much without its body.
func (s *Server) understandHook(ctx context.Context, h *hook, raw []byte) (d evenkeel.Delivery, tooLarge bool, err error) {
	event, key := h.receiver.Identify(h.header)
	d = evenkeel.Delivery{
		Connection: h.connection.ID, Source: h.source.Name, Event: intake.Text(event), Key: intake.Text(key),
		Headers: h.source.Kept(h.header), Body: raw, Size: len(raw), ReceivedAt: s.Now().UTC(), Outcome: evenkeel.OutcomeRejected,
	}
	body, err := unpack(h.header.Get(echo.HeaderContentEncoding), raw, h.source.MaxBody, h.memory)
	switch {
	case errors.Is(err, errTooLarge):
		d.Reason, d.Expired = fmt.Sprintf("it unpacks to more than %d bytes", h.source.MaxBody), true
		return d, true, nil
	case errors.Is(err, evenkeel.ErrInvalid):
		d.Reason = intake.Reason(err, evenkeel.ErrInvalid)
		return d, false, nil
	case err != nil:
		return d, false, err
	}
	d.Body, d.Size, d.Expired = body, len(body), !s.KeepBodies
	return intake.Understand(ctx, h.receiver, d, s.Logger), false, nil
}

// keepHook makes a delivery durable. One that was kept before and is
// understood only now, because settings or program have changed, takes effect
// as if it were replayed.
func (s *Server) keepHook(ctx context.Context, h *hook, d evenkeel.Delivery) (evenkeel.Delivered, error) {
	ctx, cancel := context.WithTimeout(ctx, hookTimeout)
	defer cancel()
	workspace := h.connection.Workspace
	delivered, err := s.Committer.Submit(ctx, workspace, d)
	if err != nil {
		return delivered, fmt.Errorf("%w: %w", errStoreDown, err)
	}
	if !delivered.Repeated {
		s.Telemetry.Delivery(h.source.Name, string(d.Outcome))
		return delivered, nil
	}
	s.Telemetry.Delivery(h.source.Name, "repeated")
	if d.Outcome != evenkeel.OutcomeRecorded {
		return delivered, nil
	}
	return delivered, s.understoodNow(ctx, s.Workspace(workspace), delivered.ID, d)
}

func (s *Server) understoodNow(ctx context.Context, w Workspace, id string, d evenkeel.Delivery) error {
	kept, err := w.Delivery(ctx, id)
	if err == nil && kept.Outcome != evenkeel.OutcomeRecorded {
		_, err = w.Reparse(ctx, id, d.Outcome, d.Reason, d.Events)
	}
	if err != nil {
		s.Logger.ErrorContext(ctx, "repeated delivery not parsed again", slog.String("delivery", id), slog.Any("err", err))
		return errStoreDown
	}
	return nil
}

// The reasons why a request to a hook is refused, besides its signature.
var (
	errTooLarge  = errors.New("the body is too large")
	errTooSlow   = errors.New("the body came too slowly")
	errAborted   = errors.New("the body ended early")
	errEncoding  = errors.New("the encoding of the body is unknown")
	errMemory    = errors.New("too many bodies are being read")
	errStoreDown = errors.New("the store did not keep the delivery in time")
)

// refuseHook answers a request that was not taken in.
func (s *Server) refuseHook(c echo.Context, h *hook, err error) error {
	ctx := c.Request().Context()
	switch {
	case errors.Is(err, errTooLarge):
		s.Logger.WarnContext(ctx, "delivery refused: too large", slog.String("connection", h.connection.ID), slog.Int64("bytes", c.Request().ContentLength), slog.Int64("limit", h.source.MaxBody))
		return s.refuse(h, "too_large", http.StatusRequestEntityTooLarge, "a delivery of this source may have %d bytes, as sent and unpacked", h.source.MaxBody)
	case errors.Is(err, errTooSlow):
		return s.refuse(h, "too_slow", http.StatusRequestTimeout, "the body did not come within %s", hookReadTimeout)
	case errors.Is(err, errEncoding):
		return s.refuse(h, "encoding", http.StatusUnsupportedMediaType, "Content-Encoding must be identity, gzip or zstd")
	case errors.Is(err, errAborted):
		return s.refuse(h, "aborted", http.StatusBadRequest, "the body ended before its end")
	}
	if errors.Is(err, intake.ErrMisconfigured) {
		s.Logger.ErrorContext(ctx, "connection cannot be used", slog.String("connection", h.connection.ID), slog.Any("err", err))
	}
	c.Response().Header().Set("Retry-After", hookRetryAfter)
	return s.refuse(h, "busy", http.StatusServiceUnavailable, "the delivery could not be kept now; send it again")
}

// refuse counts a refused request and says why.
func (s *Server) refuse(h *hook, reason string, status int, format string, args ...any) error {
	source := h.source.Name
	if source == "" {
		source = "unknown"
	}
	s.Telemetry.Refused(source, reason)
	s.turnedAway.note(h.connection.ID, reason, s.Now())
	return problemf(status, format, args...)
}
