// Package connectors understands what other systems say: it reads their
// payloads and answers with events in the vocabulary of package evenkeel.
//
// Each source has a file of its own (git.go and the files beside it for local
// repositories, events.go and csv.go for neutral events). Verify and Parse of
// a source are pure: they take bytes, touch neither network nor clock, and the
// same bytes always give the same events. What a source needs to ask or to
// send is done by a client in the same file, such as [Git].
//
// Events carry the source's own instants. A source that is read twice says the
// same twice, so that repeating an import records nothing new.
package connectors
