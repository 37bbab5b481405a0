// Package quality says how far facts can be trusted: whether each signal of
// an application still flows, what became of records on their way to a figure,
// and what looks wrong. It is pure: counts and instants in, findings out. The
// rules are those of docs/formulas.md, section "Data quality".
package quality
