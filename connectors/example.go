package connectors

import "strings"

// Example is a delivery that anybody can send from a terminal to see that a
// connection works. It tells of nothing, so no figure changes.
type Example struct {
	// Path stands behind the address of the connection; it is mostly empty.
	Path string
	// Headers are as they are sent, "X-GitHub-Event: ping".
	Headers []string
	Body    string
	// Proof says how the sender shows that it knows the secret.
	Proof Proof
	// Header and Prefix are those of the key or of the signature.
	Header, Prefix string
}

// Proof is a way to show that one knows a secret.
type Proof int

// The proofs.
const (
	// ProofKey sends the secret itself.
	ProofKey Proof = iota
	// ProofHMAC sends the hexadecimal HMAC-SHA256 of the body.
	ProofHMAC
	// ProofStandard signs as Standard Webhooks say.
	ProofStandard
)

// Exemplary is a Receiver that has an example.
type Exemplary interface {
	Example() Example
}

const jsonType = "Content-Type: application/json"

// bearer is an example that is proved by a key.
func bearer(body string) Example {
	return Example{Headers: []string{jsonType}, Body: body, Header: "Authorization", Prefix: "Bearer "}
}

// hashed is an example that is proved by a signature.
func hashed(header, prefix, body string, headers ...string) Example {
	return Example{Headers: append([]string{jsonType}, headers...), Body: body, Proof: ProofHMAC, Header: header, Prefix: prefix}
}

// Example implements [Exemplary].
func (*githubReceiver) Example() Example {
	return hashed(githubSignature, "sha256=", `{"zen":"A test by hand.","hook_id":1}`, githubEventHeader+": ping", githubDeliveryHeader+": by-hand")
}

// Example implements [Exemplary].
func (r *gitlabReceiver) Example() Example {
	e := Example{Headers: []string{jsonType, gitlabEventHeader + ": System Hook"}, Body: `{"event_name":"test_by_hand"}`, Header: gitlabTokenHeader}
	if r.settings.RequireSignature {
		e.Proof = ProofStandard
	}
	return e
}

// Example implements [Exemplary].
func (*bitbucketReceiver) Example() Example {
	return hashed("X-Hub-Signature", "sha256=", `{"test":true}`, bitbucketEvent+": diagnostics:ping")
}

// Example implements [Exemplary].
func (*circleReceiver) Example() Example {
	return hashed("Circleci-Signature", "v1=", `{"type":"test-by-hand"}`, circleEvent+": test-by-hand")
}

// Example implements [Exemplary].
func (*pagerdutyReceiver) Example() Example {
	return hashed(pagerdutySignature, "v1=", `{"event":{"event_type":"pagey.ping","occurred_at":"2026-01-01T00:00:00Z","data":{"type":"ping"}}}`)
}

// Example implements [Exemplary].
func (*azureReceiver) Example() Example { return bearer(`{"eventType":"test.by.hand"}`) }

// Example implements [Exemplary].
func (*argoReceiver) Example() Example {
	return bearer(`{"argocd":"https://argocd.invalid","name":"test-by-hand","namespace":"argocd","project":"default","operation":null,"health":{"status":"Healthy"}}`)
}

// Example implements [Exemplary].
func (*jenkinsReceiver) Example() Example {
	return bearer(`{"jenkins":"https://jenkins.invalid/","job":{"name":"test-by-hand"},"build":{"number":1,"queueId":1,"result":"SUCCESS","timestamp":1767225600000,"duration":0,"actions":[]}}`)
}

// Example implements [Exemplary].
func (*tektonReceiver) Example() Example {
	e := bearer(`{"customRun":{"metadata":{"name":"test-by-hand"}}}`)
	e.Headers = append(e.Headers, "Ce-Specversion: 1.0", "Ce-Id: by-hand", "Ce-Source: /by-hand", "Ce-Type: dev.tekton.event.customrun.successful.v1")
	return e
}

// Example implements [Exemplary].
func (*fluxReceiver) Example() Example {
	return hashed(fluxSignature, "sha256=", `{"involvedObject":{"kind":"Test","namespace":"default","name":"by-hand"},"severity":"info","timestamp":"2026-01-01T00:00:00Z","message":"test by hand","reason":"Test"}`)
}

// Example implements [Exemplary].
func (r *cdeventsReceiver) Example() Example {
	e := bearer(`[]`)
	if name := r.settings.Signature.Header; name != "" {
		e = hashed(name, r.settings.Signature.Prefix, `[]`)
	}
	e.Headers = []string{"Content-Type: application/cloudevents-batch+json"}
	return e
}

// Example implements [Exemplary].
func (r *alertReceiver) Example() Example {
	if r.tool == grafanaName && r.rules.settings.TimestampHeader == "" {
		return hashed(grafanaSignature, "", `{"alerts":[]}`)
	}
	return bearer(`{"alerts":[]}`)
}

// Example implements [Exemplary].
func (*statuspageReceiver) Example() Example {
	return bearer(`{"page":{"id":"test"},"component_update":{"new_status":"operational"},"component":{"name":"test by hand"}}`)
}

// Example implements [Exemplary].
func (*devlakeReceiver) Example() Example {
	e := bearer(`{"id":"test-by-hand","startedDate":"2026-01-01T00:00:00Z","finishedDate":"2026-01-01T00:00:00Z","result":"MANUAL","deploymentCommits":[{"repoUrl":"https://git.invalid/test/by-hand","refName":"main","commitSha":"0123456789abcdef0123456789abcdef01234567","startedDate":"2026-01-01T00:00:00Z","finishedDate":"2026-01-01T00:00:00Z"}]}`)
	e.Path = "/" + devlakeDeployments
	return e
}

// Example implements [Exemplary].
func (r *signedReceiver) Example() Example {
	body := `[]`
	if r.rules != nil {
		body = `{"test":"by hand"}`
	}
	if r.scheme == schemeStandard {
		return Example{Headers: []string{jsonType}, Body: body, Proof: ProofStandard}
	}
	return hashed(r.signature, r.prefix, body)
}

// Command is what sends the example to the address of a connection: lines for
// a POSIX shell with curl and openssl. The shell's variable holds the secret.
func (e Example) Command(address, variable string) string {
	secret := `"$` + variable + `"`
	lines, words := []string{"body=" + quoted(e.Body)}, []string{"curl -sS " + quoted(address+e.Path)}
	send := func(header, variable string) { words = append(words, "  -H "+quoted(header)+variable) }
	for _, header := range e.Headers {
		send(header, "")
	}
	switch e.Proof {
	case ProofKey:
		send(e.Header+": "+e.Prefix, secret)
	case ProofHMAC:
		lines = append(lines, `signature=$(printf '%s' "$body" | openssl dgst -sha256 -hmac `+secret+` | sed 's/.* //')`)
		send(e.Header+": "+e.Prefix, `"$signature"`)
	case ProofStandard:
		lines = append(lines,
			`at=$(date +%s)`,
			`key=$(case `+secret+` in whsec_*) printf '%s' "${`+variable+`#whsec_}" | openssl base64 -d -A;; *) printf '%s' `+secret+`;; esac | od -An -v -tx1 | tr -d ' \n')`,
			`signature=$(printf 'by-hand.%s.%s' "$at" "$body" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)`)
		send(webhookID+": by-hand", "")
		send(webhookTimestamp+": ", `"$at"`)
		send(webhookSignature+": v1,", `"$signature"`)
	}
	words = append(words, `  --data-binary "$body"`)
	return strings.Join(append(lines, strings.Join(words, " \\\n")), "\n")
}

// quoted makes a word of any text for a POSIX shell.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
