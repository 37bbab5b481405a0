package server

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/server/intake"
)

// eventProblem tells what became of an input that was not taken whole.
type eventProblem struct {
	Problem
	intake.Summary
}

// postEvents takes neutral events in: one object, an array or one per line,
// compressed or not. Valid items are recorded, whatever the others hold.
func (s *Server) postEvents(c echo.Context) error {
	ctx := c.Request().Context()
	w, _, err := s.in(ctx, WorkspaceInput{Workspace: c.QueryParam("workspace")}, evenkeel.ScopeIngest)
	if err != nil {
		return err
	}
	dryRun := false
	if text := c.QueryParam("dry_run"); text != "" {
		if dryRun, err = strconv.ParseBool(text); err != nil {
			return problemf(http.StatusUnprocessableEntity, "dry_run: %q is neither true nor false", text)
		}
	}
	principal, _ := principalOf(ctx)
	raw := http.MaxBytesReader(c.Response(), c.Request().Body, s.MaxEvents)
	items := connectors.DecodeEvents(raw, connectors.EventOptions{DefaultSource: principal.Name, MaxBytes: s.MaxEvents})
	sum, err := intake.Take(ctx, items, intake.Options{Received: s.Now(), DryRun: dryRun, Record: w.Record})
	return s.answerEvents(c, sum, err)
}

// answerEvents answers 200 when something was accepted (or nothing sent), 422
// when every item was refused, 400 when the input could not be read to its
// end, and 413 when it was too large.
func (s *Server) answerEvents(c echo.Context, sum intake.Summary, err error) error {
	status := http.StatusOK
	var syntax *connectors.SyntaxError
	var tooLarge *http.MaxBytesError
	switch {
	case errors.Is(err, connectors.ErrTooLarge), errors.As(err, &tooLarge):
		status = http.StatusRequestEntityTooLarge
	case errors.As(err, &syntax), err == nil && sum.Unreadable():
		status = http.StatusBadRequest
	case err != nil:
		return err
	case sum.Accepted == 0 && sum.Rejected > 0:
		status = http.StatusUnprocessableEntity
	}
	if status == http.StatusOK {
		return c.JSON(status, sum)
	}
	answer := eventProblem{Summary: sum}
	answer.Title, answer.Status, answer.RequestID = http.StatusText(status), status, requestIDOf(c.Request().Context())
	answer.Detail = "No item was valid; items says why."
	if err != nil {
		answer.Detail = err.Error() + "; items before it were recorded if they were valid, and sending them again is harmless"
	}
	c.Response().Header().Set(echo.HeaderContentType, "application/problem+json")
	c.Response().WriteHeader(status)
	return c.Echo().JSONSerializer.Serialize(c, answer, "")
}

// getEventSchema publishes the JSON Schema of neutral events.
func (s *Server) getEventSchema(c echo.Context) error {
	return c.Blob(http.StatusOK, "application/schema+json", connectors.EventSchema())
}
