package main

import (
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
)

// TestOnlyConnectionsThatAskedNothingAreClosed has a connection in reserve beside
// a request that is being answered.
func TestOnlyConnectionsThatAskedNothingAreClosed(t *testing.T) {
	t.Parallel()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	fresh, asked, answer := newNewcomers(), make(chan struct{}), make(chan struct{})
	web := &http.Server{ConnState: fresh.note, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(asked)
		<-answer
		_, _ = io.WriteString(w, "here")
	})}
	go func() { _ = web.Serve(listener) }()
	t.Cleanup(func() { _ = web.Close() })

	reserve, err := new(net.Dialer).DialContext(t.Context(), "tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer reserve.Close()
	replied := make(chan error, 1)
	go func() { replied <- expect("http://"+listener.Addr().String(), "here") }()
	<-asked // The server takes connections in their order.
	fresh.close()
	if _, err := reserve.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("the reserve: %v", err)
	}
	close(answer)
	if err := <-replied; err != nil {
		t.Error(err)
	}
}

// expect asks for a text.
func expect(url, text string) error {
	reply, err := http.Get(url)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	if got, err := io.ReadAll(reply.Body); err != nil || string(got) != text {
		return errors.Join(err, errors.New("got "+string(got)))
	}
	return nil
}
