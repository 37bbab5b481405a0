package connectors_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
)

var _ = sends("github", sender{eventHeader: "X-GitHub-Event", sign: func(header http.Header, raw []byte, secret string) {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(raw)
	header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil)))
}})
