package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/evenkeel-dev/evenkeel"
)

// Problem is an error as clients see it (RFC 9457).
type Problem struct {
	huma.ErrorModel
	RequestID string `json:"request_id,omitempty" doc:"Names the request in the server's log"`
}

// statusOf maps the five sentinels to a status; anything else is internal.
func statusOf(err error) int {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, evenkeel.ErrNotFound):
		return http.StatusNotFound
	case errors.Is(err, evenkeel.ErrInvalid):
		return http.StatusUnprocessableEntity
	case errors.Is(err, evenkeel.ErrConflict):
		return http.StatusConflict
	case errors.Is(err, evenkeel.ErrDenied):
		return http.StatusForbidden
	case errors.Is(err, context.Canceled):
		return statusClientGone
	}
	return http.StatusInternalServerError
}

// statusClientGone is recorded when the client did not wait for the answer.
const statusClientGone = 499

// problem turns an error of a handler into an answer. The text of internal
// errors is logged and never shown.
func (s *Server) problem(ctx context.Context, err error) error {
	if _, already := errors.AsType[huma.StatusError](err); already {
		return err // With the headers that it may have.
	}
	status := statusOf(err)
	if status == http.StatusInternalServerError {
		s.Logger.LogAttrs(ctx, slog.LevelError, "request failed", slog.String("request_id", requestIDOf(ctx)), slog.Any("err", err))
		return &huma.ErrorModel{Title: http.StatusText(status), Status: status, Detail: "The server could not answer. The request id finds the reason in its log."}
	}
	model := &huma.ErrorModel{Title: http.StatusText(status), Status: status, Detail: err.Error()}
	if status == statusClientGone {
		model.Title = "Client closed the request"
	}
	if fields, ok := errors.AsType[evenkeel.FieldErrors](err); ok {
		for _, f := range fields {
			model.Errors = append(model.Errors, &huma.ErrorDetail{Location: f.Field, Message: f.Rule})
		}
	}
	return model
}

// identifyProblem adds the request id to problems of the API.
func identifyProblem(ctx huma.Context, _ string, v any) (any, error) {
	model, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	return &Problem{ErrorModel: *model, RequestID: requestIDOf(ctx.Context())}, nil
}

// handleError answers for routes outside the API description.
func (s *Server) handleError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	ctx := c.Request().Context()
	var fromEcho *echo.HTTPError
	if errors.As(err, &fromEcho) && !errors.Is(err, evenkeel.ErrInvalid) {
		err = &huma.ErrorModel{Title: http.StatusText(fromEcho.Code), Status: fromEcho.Code, Detail: fmt.Sprint(fromEcho.Message)}
	}
	var model *huma.ErrorModel
	if !errors.As(s.problem(ctx, err), &model) {
		model = &huma.ErrorModel{Title: http.StatusText(http.StatusInternalServerError), Status: http.StatusInternalServerError}
	}
	writeProblem(c, Problem{ErrorModel: *model, RequestID: requestIDOf(ctx)})
}

func writeProblem(c echo.Context, p Problem) {
	c.Response().Header().Set(echo.HeaderContentType, "application/problem+json")
	c.Response().WriteHeader(p.Status)
	if c.Request().Method != http.MethodHead {
		_ = c.Echo().JSONSerializer.Serialize(c, p, "")
	}
}

// problemf makes a problem with its own status.
func problemf(status int, format string, args ...any) error {
	return &huma.ErrorModel{Title: http.StatusText(status), Status: status, Detail: fmt.Sprintf(format, args...)}
}

func (s *Server) notFound(c echo.Context) error {
	return problemf(http.StatusNotFound, "%s %s is not part of the API; /api/v1/openapi.json lists what is", c.Request().Method, c.Request().URL.Path)
}
