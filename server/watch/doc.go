// Package watch notices the alerts of service levels and tells others of them.
// An alert follows from measurements alone, so several processes may watch the
// same workspaces: the store keeps what each says once, and who said it first
// tells.
package watch
