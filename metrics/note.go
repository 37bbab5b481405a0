package metrics

// noteCode numbers the ways in which a fact is left out or contradictory.
// Packed segments hold these numbers: add at the end only.
const (
	noteFinishUnknown uint8 = iota
	noteStatusUnknown
	noteFinishBeforeStart
	noteOvertaken
	noteUnknownBase
	noteCycle
	notePathsUnknown
	noteStartUnknown
	noteMergedAfter
	noteNegativeLead
	noteNegativePhase
	noteCommitPathsUnknown
	noteCommitAuthoredUnknown
	noteCommitNegative
	noteAmbiguousLink
	noteUnknownLink
	noteUncountedLink
	noteIncidentStartUnknown
	noteResolvedBeforeOpened
	noteFailureStartUnknown
	noteInFuture
	noteNotShipped
	noteShippedBefore
	noteSaidUnknown
	noteSaidUncounted
	noteRuleSource
	noteRuleRef
	noteRuleArtifactKind
	noteDefinitionChanged
	noteRestoredBeforeFinish
	noteCarried
	noteCarrier
	noteStranded
	noteCount
)

const (
	metricFrequency = "deployment_frequency"
	metricLeadTime  = "change_lead_time"
	metricCommits   = "change_lead_time_per_commit"
	metricFailRate  = "change_fail_rate"
	metricRecovery  = "failed_deployment_recovery_time"
)

// noteKind says how a note is reported: as an exclusion from a metric, as an
// anomaly, or both.
type noteKind struct{ metric, reason, anomaly string }

// noteKinds is a constant table.
func noteKinds() [noteCount]noteKind {
	return [noteCount]noteKind{
		noteFinishUnknown:         {metricFrequency, "finish_unknown", ""},
		noteStatusUnknown:         {metricFrequency, "status_unknown", ""},
		noteFinishBeforeStart:     {anomaly: "finish_before_start"},
		noteOvertaken:             {anomaly: "overtaken_deployment"},
		noteUnknownBase:           {anomaly: "unknown_base"},
		noteCycle:                 {anomaly: "commit_cycle"},
		notePathsUnknown:          {metricLeadTime, "paths_unknown", ""},
		noteStartUnknown:          {metricLeadTime, "start_unknown", ""},
		noteMergedAfter:           {metricLeadTime, "merged_after_deployment", "merged_after_deployment"},
		noteNegativeLead:          {metricLeadTime, "negative_lead_time", "negative_lead_time"},
		noteNegativePhase:         {anomaly: "negative_phase"},
		noteCommitPathsUnknown:    {metricCommits, "paths_unknown", ""},
		noteCommitAuthoredUnknown: {metricCommits, "authored_unknown", ""},
		noteCommitNegative:        {metricCommits, "negative_lead_time", ""},
		noteAmbiguousLink:         {anomaly: "ambiguous_link"},
		noteUnknownLink:           {anomaly: "unknown_link"},
		noteUncountedLink:         {metricFailRate, "cause_not_counted", "cause_not_counted"},
		noteIncidentStartUnknown:  {metricRecovery, "failure_start_unknown", "incident_without_start"},
		noteResolvedBeforeOpened:  {metricRecovery, "negative_recovery_time", "resolved_before_opened"},
		noteFailureStartUnknown:   {metricRecovery, "failure_start_unknown", ""},
		noteInFuture:              {anomaly: "in_future"},
		noteNotShipped:            {metricLeadTime, "not_shipped", ""},
		noteShippedBefore:         {metricLeadTime, "shipped_before", ""},
		noteCarried:               {metricLeadTime, ReasonCarried, ""},
		noteCarrier:               {metricLeadTime, ReasonCarrier, ""},
		noteStranded:              {anomaly: "stranded_change"},
		noteRuleSource:            {metricFrequency, "rule_source", ""},
		noteRuleRef:               {metricFrequency, "rule_ref", ""},
		noteRuleArtifactKind:      {metricFrequency, "rule_artifact_kind", ""},
		noteDefinitionChanged:     {metricLeadTime, "definition_changed", ""},
		noteRestoredBeforeFinish:  {metricRecovery, "restored_before_deployment", ""},
		noteSaidUnknown:           {anomaly: "said_cause_unknown"},
		noteSaidUncounted:         {anomaly: "said_cause_not_counted"},
	}
}
