package views

import (
	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

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

// DefinitionUnder finds the words of a figure as a policy makes it.
func DefinitionUnder(m metrics.Metric, p evenkeel.Policy) Definition {
	d := DefinitionOf(m)
	many := map[evenkeel.Aggregation]string{evenkeel.AggregateP75: "75th percentile", evenkeel.AggregateP90: "90th percentile", evenkeel.AggregateMean: "mean"}[p.Aggregation]
	if many == "" {
		many = "median"
	}
	switch {
	case m == metrics.MetricLeadTime && p.Unit == evenkeel.UnitCommit:
		return Definition{
			"How long a commit takes from being authored until the first deployment that ships it has finished. Each commit counts once, in the window in which it shipped; merge commits do not count.",
			many + " of (finish of the deployment - authored)",
		}
	case m == metrics.MetricLeadTime:
		text, begin := d.Text, "min(first commit authored, opened)"
		if from, ok := map[evenkeel.LeadStart]string{
			evenkeel.StartCommitted: "first commit authored", evenkeel.StartOpened: "opened", evenkeel.StartReady: "ready for review", evenkeel.StartMerged: "merged",
		}[p.Start]; ok {
			begin = from
			text = "How long a change takes, counted from its instant \"" + from + "\", until the first deployment that ships it has finished. Each change counts once, in the window in which it shipped."
		}
		return Definition{text, many + " of (finish of the deployment - " + begin + ")"}
	case m == metrics.MetricRecovery && p.Recovery == evenkeel.RecoverFromDeployment:
		return Definition{
			"How long it takes from the finish of a deployment that failed until service is restored. Each failure counts once, in the window in which it was restored.",
			many + " of (restored - finish of the failed deployment)",
		}
	case m == metrics.MetricRecovery:
		return Definition{d.Text, many + " of (restored - min(detected, opened))"}
	}
	return d
}
