package intake

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"strings"
	"unicode/utf8"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// maxEvents is the most events of one delivery.
const maxEvents = 10_000

// Understand fills in what a delivery says: its events, or why there are none.
// It needs the delivery's headers, body and arrival. Whatever the body holds
// it returns an outcome; a connector that fails is logged without the body.
func Understand(ctx context.Context, receiver connectors.Receiver, d evenkeel.Delivery, logger *slog.Logger) evenkeel.Delivery {
	d.Event = eventIn(receiver, d)
	events, err := parse(ctx, receiver, d, logger)
	if err == nil {
		events, err = completed(events, d)
	}
	d.Events, d.Reason = events, ""
	switch {
	case err == nil:
		d.Outcome, d.Reason = evenkeel.OutcomeRecorded, remark(receiver, d)
	case errors.Is(err, evenkeel.ErrIgnored):
		d.Outcome, d.Reason = evenkeel.OutcomeIgnored, Reason(err, evenkeel.ErrIgnored)
	default:
		d.Outcome, d.Reason = evenkeel.OutcomeRejected, Reason(err, evenkeel.ErrInvalid)
	}
	return d
}

// eventIn is the name of the event, which only the body of some sources tells.
func eventIn(receiver connectors.Receiver, d evenkeel.Delivery) (name string) {
	namer, ok := receiver.(connectors.EventNamer)
	if !ok || d.Event != "" {
		return d.Event
	}
	defer func() {
		if recover() != nil {
			name = "" // Parse fails in the same way, and is logged.
		}
	}()
	return Text(namer.EventIn(d.Body))
}

// remark is what the connector has to say of a delivery that it understood.
func remark(receiver connectors.Receiver, d evenkeel.Delivery) string {
	if r, ok := receiver.(connectors.Remarker); ok {
		return Text(r.Remark(d.Body))
	}
	return ""
}

// parse calls the connector. One that panics has not understood the delivery.
func parse(ctx context.Context, receiver connectors.Receiver, d evenkeel.Delivery, logger *slog.Logger) (events []evenkeel.Event, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			logger.ErrorContext(ctx, "connector failed", slog.String("connection", d.Connection), slog.String("event", d.Event),
				slog.Int("bytes", d.Size), slog.String("panic", panicText(cause)), slog.String("stack", string(debug.Stack())))
			events, err = nil, fmt.Errorf("%w: the connector failed; replay it with a newer version", evenkeel.ErrInvalid)
		}
	}()
	return receiver.Parse(connectors.KeptHeader(d.Headers), d.Body)
}

// panicText names what a connector failed with. Only the runtime's own words
// are shown: others may hold a part of the body.
func panicText(cause any) string {
	if known, ok := cause.(runtime.Error); ok {
		return known.Error()
	}
	return fmt.Sprintf("%T", cause)
}

// completed gives every event its instant and checks it; one that is invalid
// makes the whole delivery so.
func completed(events []evenkeel.Event, d evenkeel.Delivery) ([]evenkeel.Event, error) {
	switch {
	case len(events) == 0:
		return nil, fmt.Errorf("%w: it says nothing that is kept", evenkeel.ErrIgnored)
	case len(events) > maxEvents:
		return nil, fmt.Errorf("%w: it holds %d events; at most %d are taken at once", evenkeel.ErrInvalid, len(events), maxEvents)
	}
	done := make([]evenkeel.Event, len(events))
	for i, e := range events {
		done[i] = e.Complete(d.ReceivedAt)
		if err := done[i].Validate(); err != nil {
			return nil, fmt.Errorf("event %d (%s): %w", i+1, e.Kind, err)
		}
	}
	return done, nil
}

// Reason is an error as it is kept with a delivery: one line without the
// sentinel's own word.
func Reason(err, sentinel error) string {
	return Text(strings.TrimPrefix(err.Error(), sentinel.Error()+": "))
}

// Text makes what a sender said fit to be kept: valid UTF-8 without NUL and
// of bounded length.
func Text(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "�"), "\x00", "")
	if len(s) <= evenkeel.MaxText {
		return s
	}
	s = s[:evenkeel.MaxText-len("…")]
	for !utf8.ValidString(s) {
		s = s[:len(s)-1]
	}
	return s + "…"
}
