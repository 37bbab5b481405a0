// Package pull asks vendors, stream by stream, for what their webhooks have not
// told. What is found is kept as deliveries are, so that it is seen, replayed
// and expired like them, and a fact that both have told is one fact.
//
// Where reading stands lies in the store, one row for every stream. Jobs only
// say which stream is to be read now: when all of them are lost, the streams
// that are due are found again.
package pull
