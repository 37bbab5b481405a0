package quality

import (
	"cmp"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// StepName names a step of a chain.
type StepName string

// The steps, in their order. Each holds what the one before holds, with the
// parts of the step added.
const (
	// StepArrived are the requests that arrived in the window, whatever they hold.
	StepArrived StepName = "arrived"
	// StepRecorded are the deliveries among them that were understood.
	StepRecorded StepName = "recorded"
	// StepSpeaking are the deliveries, whenever they arrived, that speak of the
	// facts of the figure.
	StepSpeaking StepName = "speaking"
	// StepRecords are all records of the facts.
	StepRecords StepName = "records"
	// StepObservations are the different ones.
	StepObservations StepName = "observations"
	// StepFacts are the facts of the scope and window.
	StepFacts StepName = "facts"
	// StepIncluded are the cases that the figure is made of.
	StepIncluded StepName = "included"
)

// ChainStep is what is left after one step. Count is nil where it is not counted,
// as are the parts that lead to it.
type ChainStep struct {
	Step  StepName `json:"step" enum:"arrived,recorded,speaking,records,observations,facts,included"`
	Count *int     `json:"count" doc:"null where it is not counted"`
	// Parts lead from the step before to this one: their counts add up to the
	// difference.
	Parts []ChainPart `json:"parts" nullable:"false"`
}

// ChainPart is something that a step adds, or, with a count below 0, leaves out.
type ChainPart struct {
	Reason string `json:"reason"`
	Count  int    `json:"count" doc:"Below 0 for what is left out"`
}

// The reasons of parts before the facts; after them they are the reasons of
// exclusions.
const (
	PartRepeated  = "repeated"         // It came again, word for word.
	PartRejected  = "rejected"         // It could not be understood.
	PartIgnored   = "ignored"          // It holds nothing of interest.
	PartOthers    = "of_other_facts"   // It speaks of other facts only.
	PartOutside   = "arrived_outside"  // It arrived before or after the window.
	PartFurther   = "further_records"  // A delivery says several things.
	PartUntold    = "without_delivery" // It was imported or posted.
	PartSaidAgain = "said_again"       // The same was said before.
	PartSameFact  = "same_fact"        // It is another word on the same fact.
	PartTakenIn   = "taken_in"         // It is the same change under another name.
	PartUntraced  = "untraced"         // No word on it is kept.
	PartSeveral   = "in_several"       // The fact is counted more than once.
)

// Raw counts what lies behind the facts of a figure.
type Raw struct {
	// Arrived is what came through all connections in the window.
	Arrived evenkeel.Arrived
	// Trace is of the facts; nil where they cannot be traced.
	Trace *evenkeel.Trace
}

// Chain leads from what arrived to the cases of a figure.
func Chain(e metrics.Explanation, raw Raw) []ChainStep {
	a := raw.Arrived
	recorded := a.Recorded
	steps := []ChainStep{
		step(StepArrived, a.Deliveries()+a.Repeats),
		step(StepRecorded, recorded, lost(PartRepeated, a.Repeats), lost(PartRejected, a.Rejected), lost(PartIgnored, a.Ignored)),
	}
	facts, reasons, several := Listed(e)
	if t := raw.Trace; t != nil {
		steps = append(steps,
			step(StepSpeaking, t.Deliveries, lost(PartOthers, recorded-t.Within), gained(PartOutside, t.Deliveries-t.Within)),
			step(StepRecords, t.Records+t.Observations-t.Told, gained(PartFurther, t.Records-t.Deliveries), gained(PartUntold, t.Observations-t.Told)),
			step(StepObservations, t.Observations, lost(PartSaidAgain, t.Records-t.Told)),
			step(StepFacts, facts, lost(PartSameFact, t.Observations-t.Facts), lost(PartTakenIn, t.TakenIn), gained(PartUntraced, facts-t.Facts+t.TakenIn)),
		)
	} else {
		for _, name := range []StepName{StepSpeaking, StepRecords, StepObservations} {
			steps = append(steps, ChainStep{Step: name, Parts: []ChainPart{}})
		}
		steps = append(steps, step(StepFacts, facts))
	}
	var parts []ChainPart
	for _, r := range reasons {
		parts = append(parts, lost(r.Reason, r.Count))
	}
	return append(steps, step(StepIncluded, e.N, append(parts, gained(PartSeveral, several))...))
}

// step makes a step of the parts that are not nothing.
func step(name StepName, count int, parts ...ChainPart) ChainStep {
	return ChainStep{name, &count, append([]ChainPart{}, slices.DeleteFunc(parts, func(p ChainPart) bool { return p.Count == 0 })...)}
}

func lost(reason string, n int) ChainPart   { return ChainPart{reason, -n} }
func gained(reason string, n int) ChainPart { return ChainPart{reason, n} }

// Listed counts the facts that an explanation lists: those of the figure's own
// kind, and what else it includes. Each fact that is left out counts for the
// first of its reasons by name. several is by how many cases included facts exceed
// one each.
func Listed(e metrics.Explanation) (facts int, reasons []ChainPart, several int) {
	included := map[string]bool{}
	for _, row := range e.Rows {
		if row.Included {
			included[row.ID] = true
		}
	}
	out := map[string]string{}
	for _, row := range e.Rows {
		if held, ok := out[row.ID]; !included[row.ID] && row.Kind == e.Of && (!ok || row.Reason < held) {
			out[row.ID] = row.Reason
		}
	}
	counts := map[string]int{}
	for _, reason := range out {
		counts[reason]++
	}
	for reason, n := range counts {
		reasons = append(reasons, ChainPart{reason, n})
	}
	slices.SortFunc(reasons, func(a, b ChainPart) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Reason, b.Reason))
	})
	return len(included) + len(out), reasons, e.N - len(included)
}

// FactIDs are the ids of the facts that Listed counts.
func FactIDs(e metrics.Explanation) []string {
	seen := map[string]bool{}
	var ids []string
	for _, row := range e.Rows {
		if (row.Included || row.Kind == e.Of) && !seen[row.ID] {
			seen[row.ID] = true
			ids = append(ids, row.ID)
		}
	}
	return ids
}
