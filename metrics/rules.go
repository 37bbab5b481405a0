package metrics

import (
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// PolicyFrom is a policy with the first instant that it judges.
type PolicyFrom struct {
	From   time.Time
	Policy evenkeel.Policy
}

// DeriveBy settles what each of at least one rules, from the oldest, makes of
// the facts, and joins them; see [Splice].
func DeriveBy(in Input, rules []PolicyFrom) Derived {
	derived := Derive(in, rules[0].Policy)
	for _, one := range rules[1:] {
		derived = Splice(derived, Derive(in, one.Policy), one.From)
	}
	return derived
}
