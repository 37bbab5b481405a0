// Package store keeps facts and what is derived from them, on SQLite or
// PostgreSQL through one gorm path, but for adding rows to PostgreSQL. It is the only package that speaks SQL.
//
// Everything a source says is an immutable observation; a current fact is the
// fold of its observations, so repeated, late and reordered arrivals end in
// the same facts. Commits are not rows but packed append-only segments. Every
// transaction of facts appends one revision, and revisions become visible in
// order.
//
// Rules that make one path serve both databases: SQL filters, joins, orders
// and counts, and Go computes; instants are whole microseconds of UTC in
// integer columns; no list is ordered by a nullable column or by a name; text
// is compared for equality only; an error ends its transaction.
package store
