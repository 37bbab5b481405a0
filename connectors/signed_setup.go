package connectors

const signedSetup = `1. Let the tool send JSON to the address of the connection, signed with a secret of the connection: at least 32 random characters.
2. Say under *signature* how it signs. A hexadecimal HMAC-SHA256 of the body in a header is the default. For Standard Webhooks write *scheme: standard-webhooks*; the secret is then the text that begins with ` + "`whsec_`" + `. The time of sending is part of that signature, and its age is not checked: a delivery that comes again is recognised by what it holds.
3. Without rules the body is [neutral events](events.md): one object, an array, or one object per line. If one of them is invalid, none is recorded.
4. With rules, any JSON will do. The rules are tried in order, and every one that matches makes an event. A delivery that no rule matches is listed as ignored; one that a rule matches and that makes no valid event is listed as rejected, with the rule and the member, and can be replayed once the rule is right.

Places in the body are JSON pointers: ` + "`/event/data/id`" + ` is the member *id* of *data* of *event*, ` + "`/items/0`" + ` the first element of a list. In a rule with *each* a pointer that begins with a dot starts at the element: ` + "`./id`" + `, or ` + "`.`" + ` for the element itself. Numbers and texts are written as the member needs them; times need *format* unless they are RFC 3339.

An incident tool that sends

` + "```json" + `
{"event": {"event_type": "incident.resolved", "occurred_at": "2026-03-01T12:41:00Z",
 "data": {"id": "Q2", "urgency": "high", "created_at": "2026-03-01T12:05:00Z", "service": {"id": "PSVC1"}}}}
` + "```" + `

and signs with ` + "`X-PagerDuty-Signature: v1=…`" + ` is understood by

` + "```yaml" + `
connections:
  - name: acme-pagerduty
    source: signed
    secrets: ["${env:PAGERDUTY_SECRET}"]
    settings:
      source: pagerduty:acme
      signature: {header: X-PagerDuty-Signature, prefix: "v1="}
      delivery: {header: X-Webhook-Id}
      event: {pointer: /event/event_type}
      rules:
        - when: {/event/event_type: [incident.triggered, incident.reopened]}
          kind: incident
          fields:
            id: /event/data/id
            observed_at: /event/occurred_at
            origin: {text: "pagerduty:{/event/data/service/id}"}
            opened_at: /event/data/created_at
            severity: {pointer: /event/data/urgency, map: {high: sev1, low: sev3}, default: sev3}
            resolved_at: {const: null}
        - when: {/event/event_type: incident.resolved}
          kind: incident
          fields:
            id: /event/data/id
            observed_at: /event/occurred_at
            origin: {text: "pagerduty:{/event/data/service/id}"}
            resolved_at: /event/occurred_at
` + "```" + `

An application claims these incidents by the origin ` + "`pagerduty:PSVC1`" + `. Secrets, header names and settings are those of the tool; look them up there.`
