package telemetry

import (
	"context"
	"fmt"

	"github.com/labstack/echo/v4"
	"go.opentelemetry.io/contrib/instrumentation/github.com/labstack/echo/otelecho"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Exporter sends spans to a collector; see NewExporter.
type Exporter struct{ *sdk.TracerProvider }

// NewExporter sends spans by OTLP over HTTP to a collector, such as
// "http://localhost:4318". Sampling, headers and certificates follow the
// standard OTEL_ variables. Shutdown sends what is left.
func NewExporter(ctx context.Context, endpoint, version string) (*Exporter, error) {
	client, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(endpoint))
	if err != nil {
		return nil, fmt.Errorf("tracing to %s: %w", endpoint, err)
	}
	about := resource.NewSchemaless(attribute.String("service.name", "evenkeel"), attribute.String("service.version", version))
	return &Exporter{sdk.NewTracerProvider(sdk.WithBatcher(client), sdk.WithResource(about))}, nil
}

// Middleware makes a span of every request, joined to the caller's trace. It
// names routes, not addresses, and no headers.
func (t *Telemetry) Middleware() echo.MiddlewareFunc {
	return otelecho.Middleware("evenkeel",
		otelecho.WithTracerProvider(t.tracing),
		otelecho.WithPropagators(propagation.TraceContext{}))
}

// Step makes a span of a part of the work. Call the returned function at its
// end.
func (t *Telemetry) Step(ctx context.Context, name string) (context.Context, func(error)) {
	ctx, span := t.tracing.Tracer("github.com/evenkeel-dev/evenkeel").Start(ctx, name)
	return ctx, func(err error) {
		if err != nil {
			span.SetStatus(codes.Error, "failed") // The text may hold data.
		}
		span.End()
	}
}

// TraceID is the id of the trace that a context belongs to; empty if none.
func TraceID(ctx context.Context) string {
	if span := trace.SpanContextFromContext(ctx); span.HasTraceID() {
		return span.TraceID().String()
	}
	return ""
}
