// Package evenkeel is the vocabulary of the product: the facts that sources
// report (deployments, changes, commits, artifacts, incidents, dependencies),
// the catalogue they belong to, and the policy by which they are counted.
//
// The package imports the standard library only, does no I/O and reads no
// clock. Packages build on it in layers; arrows point down:
//
//	cmd/evenkeel
//	  server   store   config        thin edges: HTTP, SQL, operator files
//	  connectors metrics slo risk flags   pure: payloads to facts, facts to numbers
//	evenkeel                          this package: words and their validity
//
// A source's statement is an [Event]: a partial view of one fact at one
// instant. [Fold] makes the current fact from all events that name it,
// whatever their order and however often they are repeated.
package evenkeel
