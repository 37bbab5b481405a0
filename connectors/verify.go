package connectors

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	webhookID        = "Webhook-Id"
	webhookTimestamp = "Webhook-Timestamp"
	webhookSignature = "Webhook-Signature"
	// maxSignatures is how many signatures of one delivery are tried: each costs
	// a look at the whole body, which nobody has signed yet.
	maxSignatures = 4
)

// verifyHMAC checks "PREFIX" + hexadecimal HMAC-SHA256 of raw. All secrets are
// tried, each comparison takes the same time whatever it compares.
func verifyHMAC(signature, prefix string, raw []byte, secrets []string) error {
	sent, err := hex.DecodeString(strings.TrimPrefix(signature, prefix))
	if err != nil || len(sent) != sha256.Size || !strings.HasPrefix(signature, prefix) {
		return fmt.Errorf("%w: the signature is missing or not %s and 64 hexadecimal digits", evenkeel.ErrDenied, prefix)
	}
	matched := false
	for _, secret := range secrets {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(raw)
		matched = hmac.Equal(mac.Sum(nil), sent) && secret != "" || matched
	}
	if !matched {
		return fmt.Errorf("%w: the signature does not fit the body and the secret", evenkeel.ErrDenied)
	}
	return nil
}

// verifyHMACs checks signatures as verifyHMAC does, separated by commas: a
// sender that replaces its secret signs with both. One that fits is enough.
func verifyHMACs(signatures, prefix string, raw []byte, secrets []string) error {
	var err error
	list := strings.SplitN(signatures, ",", maxSignatures+1)
	for _, signature := range list[:min(len(list), maxSignatures)] {
		if err = verifyHMAC(strings.TrimSpace(signature), prefix, raw, secrets); err == nil {
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

// verifyCredentials checks a key that comes with the request: as a bearer
// token, or as the password of basic authentication under any name.
func verifyCredentials(header http.Header, secrets []string) error {
	scheme, sent, _ := strings.Cut(strings.TrimSpace(header.Get("Authorization")), " ")
	sent = strings.TrimSpace(sent)
	switch strings.ToLower(scheme) {
	case "bearer":
	case "basic":
		text, err := base64.StdEncoding.DecodeString(sent)
		if err != nil {
			return fmt.Errorf("%w: the header Authorization is broken", evenkeel.ErrDenied)
		}
		_, sent, _ = strings.Cut(string(text), ":")
	default:
		return fmt.Errorf("%w: the header Authorization is missing; send Bearer and the key", evenkeel.ErrDenied)
	}
	return verifyKey(sent, secrets)
}

// verifyKey compares a key with all secrets, in a time that depends on
// neither.
func verifyKey(sent string, secrets []string) error {
	matched := 0
	sum := sha256.Sum256([]byte(sent))
	for _, secret := range secrets {
		wanted := sha256.Sum256([]byte(secret))
		if secret != "" {
			matched |= subtle.ConstantTimeCompare(sum[:], wanted[:])
		}
	}
	if sent == "" || matched == 0 {
		return fmt.Errorf("%w: the key is not that of this connection", evenkeel.ErrDenied)
	}
	return nil
}
