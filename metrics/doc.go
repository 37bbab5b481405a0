// Package metrics turns facts into the five DORA figures.
//
// [Derive] reads every fact of one application and settles, for all time, what
// does not depend on a window: which deployments count, what each ships, which
// of them failed and why, and when service was restored. Its result, [Derived],
// is columns sorted by time; [Derived.Pack] and [Unpack] keep them as bytes.
// [Compute], [Series] and [Compare] answer questions about windows over the
// union of any number of applications. [Explain] lists the rows behind a
// figure, [UsesOf] where single facts count, [StoryOf] what a deployment brought;
// [Plausible] orders what may have caused a problem.
//
// The package is pure: it reads no clock, does no I/O and never panics on a
// fact, however odd. Every formula is described in docs/formulas.md. What has
// no value is null, never 0.
package metrics
