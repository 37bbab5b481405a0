package connectors

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	signedName        = "signed"
	signedEvent       = "X-Event"
	signedDelivery    = "X-Delivery-Id"
	schemeHMAC        = "hmac-sha256"
	schemeStandard    = "standard-webhooks"
	maxSignedElements = 10_000
	// maxSignedEvents is the most text that the events of one delivery may be.
	maxSignedEvents = 8 << 20
)

var _ = register(Source{
	Name:     signedName,
	Title:    "Signed webhooks",
	Summary:  "Reads signed JSON webhooks of any tool, by rules that you write.",
	Setup:    signedSetup,
	Headers:  signedHeaders(),
	Settings: signedSettingNotes(),
	Events: []EventNote{
		{"any", "Without rules: the neutral events of the body. With rules: one event for every rule, or element of its list, that matches"},
	},
	Open: func(settings json.RawMessage) (Receiver, error) { return openSigned(settings) },
})

// signedHeaders are the headers that are kept. Others that the settings name
// are looked at on arrival only.
func signedHeaders() []string {
	return []string{signedEvent, signedDelivery, webhookID, webhookTimestamp}
}

// signedReceiver reads the deliveries of one connection by its rules.
type signedReceiver struct {
	scheme            string
	signature, prefix string
	// event names the event: by a header, or by a place in the body.
	event        string
	eventPointer *pointer
	delivery     string
	source       string
	rules        []signedRule
}

// Verify implements Receiver. A Standard Webhooks signature also covers the
// time of sending, which is not compared with any clock: a delivery that is
// sent again is one that is known.
func (r *signedReceiver) Verify(header http.Header, raw []byte, secrets []string) error {
	if r.scheme == schemeStandard {
		return verifyStandardWebhook(header, raw, secrets)
	}
	return verifyHMACs(header.Get(r.signature), r.prefix, raw, secrets)
}

// EventNamer is a Receiver that may find the name of an event in the body.
type EventNamer interface {
	// EventIn names the event of a body after decompression; it may be empty.
	EventIn(body []byte) string
}

// EventIn implements EventNamer.
func (r *signedReceiver) EventIn(body []byte) string {
	if r.eventPointer == nil {
		return ""
	}
	document, err := readTree("body", body)
	if err != nil {
		return ""
	}
	name, _ := scalarText(r.eventPointer.find(document, nil))
	return name
}

// Identify implements Receiver. An event that the body names has no name here;
// see EventIn.
func (r *signedReceiver) Identify(header http.Header) (event, key string) {
	if r.eventPointer == nil {
		event = header.Get(r.event)
	}
	return event, header.Get(r.delivery)
}

// Parse implements Receiver.
func (r *signedReceiver) Parse(header http.Header, body []byte) ([]evenkeel.Event, error) {
	if r.rules == nil {
		return r.neutral(body)
	}
	document, err := readTree("body", body)
	if err != nil {
		return nil, err
	}
	maker := &signedMaker{decoder: newItemDecoder(EventOptions{DefaultSource: r.source}.withDefaults()), document: document}
	for i := range r.rules {
		if err := maker.apply(&r.rules[i]); err != nil {
			return nil, fmt.Errorf("rules[%d]%w", i, err)
		}
	}
	if len(maker.events) == 0 {
		return nil, ignored("no rule matches the event%s", r.eventName(header, document))
	}
	return maker.events, nil
}

// neutral reads a body of neutral events, all or none.
func (r *signedReceiver) neutral(body []byte) ([]evenkeel.Event, error) {
	var events []evenkeel.Event
	for item, err := range DecodeEvents(bytes.NewReader(body), EventOptions{DefaultSource: r.source, MaxBytes: DefaultMaxBody}) {
		if err != nil {
			return nil, err
		}
		if item.Err != nil {
			return nil, fmt.Errorf("item %d: %w", item.Index, item.Err)
		}
		events = append(events, item.Event)
	}
	if len(events) == 0 {
		return nil, ignored("the body holds no events")
	}
	return events, nil
}

// eventName is the name of an event behind a blank, as far as the body or what
// is kept of the header tells it.
func (r *signedReceiver) eventName(header http.Header, document any) string {
	var name string
	if r.eventPointer != nil {
		name, _ = scalarText(r.eventPointer.find(document, nil))
	} else if slices.Contains(signedHeaders(), http.CanonicalHeaderKey(r.event)) {
		name = header.Get(r.event)
	}
	if name == "" {
		return ""
	}
	return " " + shortQuote(name)
}
