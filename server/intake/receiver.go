package intake

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// ErrMisconfigured says that the settings of a connection are wrong, so that
// not even a signature can be checked with them.
var ErrMisconfigured = errors.New("the settings of the connection are wrong")

// OpenReceiver makes the receiver of a source. With settings that are wrong
// deliveries are still verified, as without any, so that they can be kept:
// each is rejected and can be replayed once the settings are right.
func OpenReceiver(source connectors.Source, settings json.RawMessage) (connectors.Receiver, error) {
	receiver, wrong := source.Open(settings)
	if wrong == nil {
		return receiver, nil
	}
	receiver, err := source.Open(nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMisconfigured, wrong)
	}
	return misconfigured{Receiver: receiver, wrong: wrong}, nil
}

// misconfigured verifies with the defaults of a source and understands nothing.
type misconfigured struct {
	connectors.Receiver
	wrong error
}

// Verify implements connectors.Receiver. What the defaults refuse the right
// settings may let in.
func (m misconfigured) Verify(header http.Header, raw []byte, secrets []string) error {
	if err := m.Receiver.Verify(header, raw, secrets); err != nil {
		return fmt.Errorf("%w: %w", ErrMisconfigured, m.wrong)
	}
	return nil
}

// Parse implements connectors.Receiver.
func (m misconfigured) Parse(http.Header, []byte) ([]evenkeel.Event, error) {
	return nil, fmt.Errorf("%w: %w: %w", evenkeel.ErrInvalid, ErrMisconfigured, m.wrong)
}

// maxReceivers is how many open receivers are held before all are dropped.
const maxReceivers = 1000

// Receivers holds the receivers of connections, opened once for the settings
// they have. The zero value is ready; it is safe for concurrent use.
type Receivers struct {
	mu   sync.Mutex
	held map[string]heldReceiver
}

type heldReceiver struct {
	source, settings string
	receiver         connectors.Receiver
}

// Of returns the receiver of a connection.
func (r *Receivers) Of(c evenkeel.Connection, source connectors.Source) (connectors.Receiver, error) {
	settings := connectors.SettingsOf(c)
	r.mu.Lock()
	defer r.mu.Unlock()
	if h, ok := r.held[c.ID]; ok && h.source == source.Name && h.settings == string(settings) {
		return h.receiver, nil
	}
	receiver, err := OpenReceiver(source, settings)
	if err != nil {
		return nil, err
	}
	if r.held == nil || len(r.held) >= maxReceivers {
		r.held = map[string]heldReceiver{}
	}
	r.held[c.ID] = heldReceiver{source: source.Name, settings: string(settings), receiver: receiver}
	return receiver, nil
}
