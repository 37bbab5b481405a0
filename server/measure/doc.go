// Package measure asks monitoring systems for what service levels were, slice by
// slice, and keeps it as measurements that were sent would be.
//
// A [Task] is one indicator of one service level at one connection. Its
// [Progress] says what is measured of it; it lies with the stream of the task,
// so that replicas share the work and nothing is asked for twice. What was
// missed is caught up, newest first over the window of a new service level, and
// what has changed since is kept under another name of its batch. Nothing is
// invented: a slice without an answer has no measurement.
package measure
