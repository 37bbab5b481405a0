package connectors

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	signedName       = "signed"
	signedEvent      = "X-Event"
	signedDelivery   = "X-Delivery-Id"
	webhookID        = "Webhook-Id"
	webhookTimestamp = "Webhook-Timestamp"
	webhookSignature = "Webhook-Signature"
	schemeHMAC       = "hmac-sha256"
	schemeStandard   = "standard-webhooks"
	// maxSignatures is how many signatures of one delivery are tried: each costs
	// a look at the whole body, which nobody has signed yet.
	maxSignatures     = 4
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
	var err error
	signatures := strings.SplitN(header.Get(r.signature), ",", maxSignatures+1)
	for _, signature := range signatures[:min(len(signatures), maxSignatures)] {
		if err = verifyHMAC(strings.TrimSpace(signature), r.prefix, raw, secrets); err == nil {
			return nil
		}
	}
	return err
}

// verifyStandardWebhook checks the signatures "v1,BASE64", separated by
// blanks, of id, time and body. A secret is whsec_BASE64; one without the
// prefix is used as it is written.
func verifyStandardWebhook(header http.Header, raw []byte, secrets []string) error {
	id, at := header.Get(webhookID), header.Get(webhookTimestamp)
	if id == "" || !isDigits(at) {
		return fmt.Errorf("%w: the headers webhook-id and webhook-timestamp are missing or broken", evenkeel.ErrDenied)
	}
	var sent [][]byte
	for one := range strings.FieldsSeq(header.Get(webhookSignature)) {
		version, text, _ := strings.Cut(one, ",")
		if sum, err := base64.StdEncoding.DecodeString(text); err == nil && version == "v1" && len(sum) == sha256.Size {
			sent = append(sent, sum)
		}
	}
	if len(sent) == 0 {
		return fmt.Errorf("%w: the signature is missing or not v1, and a SHA-256 in base64", evenkeel.ErrDenied)
	}
	matched := false
	for _, secret := range secrets {
		mac := hmac.New(sha256.New, standardSecret(secret))
		fmt.Fprintf(mac, "%s.%s.", id, at)
		mac.Write(raw)
		sum := mac.Sum(nil)
		for _, one := range sent {
			matched = hmac.Equal(sum, one) && len(standardSecret(secret)) > 0 || matched
		}
	}
	if !matched {
		return fmt.Errorf("%w: the signature does not fit id, time, body and the secret", evenkeel.ErrDenied)
	}
	return nil
}

// standardSecret is the key that a secret stands for; empty if it is broken.
func standardSecret(secret string) []byte {
	text, prefixed := strings.CutPrefix(secret, "whsec_")
	if !prefixed {
		return []byte(secret)
	}
	key, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil
	}
	return key
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
