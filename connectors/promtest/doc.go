// Package promtest runs a real Prometheus for tests: Debian's package, found in
// PATH or where scripts/setup.sh has unpacked it, on data that a test writes
// down with instants of its own. It needs no right that the test has not.
package promtest
