package views

import "github.com/evenkeel-dev/evenkeel/metrics"

// Definition says in plain words what a figure is and how it is computed.
// docs/formulas.md says the same at length.
type Definition struct {
	Text    string
	Formula string
}

// DefinitionOf finds the words of a figure.
func DefinitionOf(m metrics.Metric) Definition {
	switch m {
	case metrics.MetricFrequency:
		return Definition{
			"How often the application is deployed: successful deployments per day. Records of one group count once; rollbacks and redeployments count.",
			"deployments that finished in the window / elapsed days of 24 hours",
		}
	case metrics.MetricLeadTime:
		return Definition{
			"How long a change takes from its first commit, or its opening if that is earlier, until the first deployment that ships it has finished. Each change counts once, in the window in which it shipped.",
			"median of (finish of the deployment - min(first commit authored, opened))",
		}
	case metrics.MetricFailRate:
		return Definition{
			"The share of deployments that a failure was laid to: an incident, a rollback, a revert or a hotfix. A deployment fails once, in the window in which it finished.",
			"failed deployments / deployments",
		}
	case metrics.MetricRecovery:
		return Definition{
			"How long it takes from the start of an incident that a deployment caused until service is restored. Each incident counts once, in the window in which it was restored.",
			"median of (restored - min(detected, opened))",
		}
	}
	return Definition{
		"The share of deployments that were unplanned fixes: rollbacks, fixes, and reverts of something shipped before.",
		"rollbacks, fixes and reverts / deployments",
	}
}
