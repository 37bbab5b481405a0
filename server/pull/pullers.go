package pull

import (
	"bytes"
	"sync"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// pullers keeps what asks the vendors of connections, with what their answers
// have taught: what is unchanged, and which limits hold. It is safe for
// concurrent use; the zero value is ready.
type pullers struct {
	mu   sync.Mutex
	held map[string]heldPuller
}

type heldPuller struct {
	settings []byte
	puller   connectors.Looker
}

// of is what asks the vendor of a connection; nil where nobody does.
func (p *pullers) of(source connectors.Source, c evenkeel.Connection, o connectors.Outside) (connectors.Looker, error) {
	settings := connectors.SettingsOf(c)
	p.mu.Lock()
	defer p.mu.Unlock()
	if held, ok := p.held[c.ID]; ok && bytes.Equal(held.settings, settings) {
		return held.puller, nil
	}
	puller, err := source.Asker(settings, o)
	if err != nil || puller == nil {
		delete(p.held, c.ID)
		return nil, err
	}
	if p.held == nil {
		p.held = map[string]heldPuller{}
	}
	p.held[c.ID] = heldPuller{settings, puller}
	return puller, nil
}

// forget has the secret of a connection read again.
func (p *pullers) forget(connection string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.held, connection)
}
