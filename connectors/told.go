package connectors

import "sync"

// maxTold is how many records are remembered.
const maxTold = 1000

// toldRecords remembers what was told of records that have come to their end:
// the newest of them are listed again at every look, and to ask for what hangs
// on them takes many calls. It is safe for concurrent use; the zero value is
// ready.
type toldRecords struct {
	mu sync.Mutex
	of map[string]record
}

// get gives what was told under a key, else what read makes of it. Records that
// are open are read again.
func (t *toldRecords) get(key string, read func() (record, error)) (record, error) {
	t.mu.Lock()
	known, ok := t.of[key]
	t.mu.Unlock()
	if ok {
		return known, nil
	}
	r, err := read()
	if err == nil && !r.open {
		t.keep(key, r)
	}
	return r, err
}

func (t *toldRecords) keep(key string, r record) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.of == nil || len(t.of) >= maxTold {
		t.of = map[string]record{}
	}
	t.of[key] = r
}

// has says whether something was told under a key.
func (t *toldRecords) has(key string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, ok := t.of[key]
	return ok
}
