// Package demo invents a year in the life of a freight company: seed and
// clock in, facts out. The same facts are the demo workspace, benchmark data
// and fixtures of browser tests.
//
// Every repository is simulated on its own, action by action: people start
// branches, review, merge; pipelines deploy what is on the trunk; some
// deployments fail and are repaired. Nothing reads a clock or global
// randomness, so one seed and one instant always give the same events.
package demo
