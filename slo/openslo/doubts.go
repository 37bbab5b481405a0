package openslo

import (
	"fmt"

	"github.com/evenkeel-dev/evenkeel/slo"
)

// doubts warns of definitions that can be evaluated and may mislead.
func (b *builder) doubts(d slo.Definition) {
	for i, o := range d.Objectives {
		for _, said := range slo.LintAlerts(d, o) {
			b.set.lint(b.doc, Warning, fmt.Sprintf("spec.objectives[%d]", i), said, "")
		}
	}
	for _, one := range indicatorsOf(d) {
		if d.Method == slo.Occurrences && (one.Kind == slo.Success || one.Kind == slo.Failure) {
			b.warn("spec.budgetingMethod", "raw_occurrences", "a raw ratio has no numbers of events: every slice counts the same, however little traffic it had", "write budgetingMethod: RatioTimeslices to say so, or give good and total")
		}
	}
}
