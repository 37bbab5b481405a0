// Package outgoing makes HTTP clients for the interfaces of vendors. One client
// has one set of credentials and talks to one host.
//
// A client is a stack of round trippers, so that any vendor's library can be
// put on top of it. From the caller down to the network:
//
//   - cache keeps answers with an ETag and asks whether they still hold; an
//     unchanged answer is given again as the 200 that it was, because libraries
//     take 304 for an error;
//   - retry sends again what failed for a passing reason, with growing pauses;
//   - limit waits while a vendor says that its limit is used up;
//   - credentials signs requests, and renews what has expired once;
//   - observe counts requests;
//   - cap bounds the size of answers.
//
// A call waits at most as long as its budget allows; what takes longer is a
// [LimitError] that says when to come again.
package outgoing
