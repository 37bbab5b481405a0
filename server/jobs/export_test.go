package jobs

import (
	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// InputOf is inputOf, for tests.
func InputOf(id string, f evenkeel.ApplicationFacts) metrics.Input { return inputOf(id, f) }
