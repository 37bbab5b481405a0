package slo

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

// Check says what keeps a definition from being evaluated: an error that names
// the field.
func (d Definition) Check() error {
	switch {
	case d.Slice < time.Second || d.Slice%time.Second != 0 || time.Hour%d.Slice != 0:
		return fmt.Errorf("slice: %s does not divide an hour in whole seconds; give 10s, 1m, 5m or 1h", d.Slice)
	case d.Window.Span.N <= 0 || d.Window.Span.Fixed() <= 0:
		return errors.New("timeWindow: is required, such as 28d")
	case !slices.Contains([]Method{Occurrences, Timeslices, RatioTimeslices}, d.Method):
		return fmt.Errorf("budgetingMethod: %q is none; give Occurrences, Timeslices or RatioTimeslices", d.Method)
	case !slices.Contains([]Missing{"", MissingExclude, MissingGood, MissingBad, MissingHold}, d.Missing):
		return fmt.Errorf("missing: %q is none; give exclude, good, bad or hold", d.Missing)
	case !slices.Contains([]CompositeRule{"", CompositeOpenSLO, CompositeWeighted, CompositeWorst, CompositeSerial}, d.Composite):
		return fmt.Errorf("composite: %q is none; give openslo, weighted, worst or serial", d.Composite)
	case d.CompositeTarget.whole > 0 && d.CompositeTarget.parts >= d.CompositeTarget.whole:
		return errors.New("compositeTarget: 1 leaves no error budget; give a share below 1, such as 0.999")
	case !(d.Guard.Confidence >= 0 && d.Guard.Confidence < 1):
		return fmt.Errorf("confidence: %v is not a share of 0 or more and below 1, such as 0.95", d.Guard.Confidence)
	case len(d.Objectives) == 0:
		return errors.New("objectives: is required and holds at least one objective")
	}
	for i, o := range d.Objectives {
		if err := o.check(d); err != nil {
			return fmt.Errorf("objectives[%d].%w", i, err)
		}
	}
	return nil
}

func (o Objective) check(d Definition) error {
	length, kind := o.counted(d), o.In(d).Kind
	switch {
	case o.Target.IsZero():
		return errors.New("target: is required")
	case o.Target.parts >= o.Target.whole:
		return errors.New("target: 1 leaves no error budget; give a share below 1, such as 0.9999")
	case length < d.Slice || length%d.Slice != 0 || (24*time.Hour)%length != 0:
		return fmt.Errorf("timeSliceWindow: %s is not a multiple of the measured slice of %s that divides a day", length, d.Slice)
	case d.Window.Span.Fixed() < length:
		return fmt.Errorf("timeSliceWindow: %s is longer than the window of %s", length, d.Window.Span)
	case d.Method == Timeslices && o.SliceTarget.IsZero() && kind != Threshold:
		return errors.New("timeSliceTarget: is required for the budgeting method Timeslices")
	case !slices.Contains([]IndicatorKind{GoodOfTotal, BadOfTotal, Success, Failure, Threshold}, kind):
		return fmt.Errorf("indicator: %q is no kind of indicator; give a ratio or a threshold metric", kind)
	case kind == Threshold && !slices.Contains([]Comparison{AtMost, Below, AtLeast, Above}, o.Op):
		return fmt.Errorf("op: %q is none; a threshold needs lte, lt, gte or gt", o.Op)
	case kind == Threshold && !isFinite(o.Value):
		return fmt.Errorf("value: %v is not a finite number", o.Value)
	case d.Composite != "" && !(o.Weight > 0 && o.Weight <= math.MaxInt32):
		return fmt.Errorf("compositeWeight: %v is not a number above 0", o.Weight)
	}
	return nil
}
