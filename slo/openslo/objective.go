package openslo

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel/slo"
)

// objectives reads the objectives and the indicators they are measured by.
func (b *builder) objectives(spec SLO, d *slo.Definition) {
	if len(spec.Objectives) == 0 {
		b.error("spec.objectives", "is required and holds at least one objective", "add one with a target, such as target: 0.999")
		return
	}
	composite := slices.ContainsFunc(spec.Objectives, func(o Objective) bool { return o.Indicator != nil || o.IndicatorRef != "" })
	if !b.indicators(spec, composite, d) {
		return
	}
	names := map[string]bool{}
	for i, one := range spec.Objectives {
		field := fmt.Sprintf("spec.objectives[%d]", i)
		o := slo.Objective{Name: one.DisplayName}
		if composite {
			if !b.own(one, field, d, &o) {
				continue
			}
			// A composite itself goes by no name.
			o.Name = cmp.Or(o.Name, o.Indicator.Name, o.Indicator.Series, "incidents")
		}
		b.target(one, field, &o)
		b.threshold(one, field, o.In(*d).Kind, &o)
		b.slices(one, field, *d, &o)
		b.weight(one, field, composite, &o)
		if len(spec.Objectives) > 1 && names[o.Name] {
			b.error(field+".displayName", quoted(o.Name)+" is the name of two objectives", "give each objective a displayName of its own")
		}
		names[o.Name] = true
		d.Objectives = append(d.Objectives, o)
	}
	b.apart(*d)
	b.contradictsIncidents(d)
}

// indicators reads the definition's indicator, or how those of its objectives
// become one.
func (b *builder) indicators(spec SLO, composite bool, d *slo.Definition) bool {
	whole := spec.Indicator != nil || spec.IndicatorRef != ""
	b.incidents = b.incidentsIn(b.doc.Metadata.Annotations, "metadata")
	rule, field, annotated := b.annotated("composite")
	if !annotated {
		rule, field, annotated = b.annotated("composite-target")
	}
	switch {
	case composite && whole:
		b.error("spec.indicator", "is given, and objectives have indicators of their own", "keep one indicator for all, or one in each objective")
		return false
	case composite && b.incidents != nil:
		b.error("metadata.annotations."+Annotation("source"), "has no effect: the objectives have indicators of their own", "write it in the metadata of each indicator")
		return false
	case composite:
		d.Composite = slo.CompositeOpenSLO
		if word, ok := b.word("composite", "openslo", "weighted", "worst", "serial"); ok {
			d.Composite = slo.CompositeRule(word)
		}
		b.compositeTarget(d)
		return true
	case !whole && b.incidents != nil:
		d.Indicator, _ = b.byIncidents("spec.indicator", Metadata{}, SLI{}, b.incidents)
		return true
	case !whole:
		b.error("spec.indicator", "is required", "add indicator or indicatorRef")
		return false
	case annotated:
		b.error(field, quoted(rule)+" has no effect: the objectives share one indicator", "remove it, or give each objective an indicator")
	}
	indicator, ok := b.chosen(spec.Indicator, spec.IndicatorRef, "spec")
	if indicator.Incidents != nil {
		d.Indicator = indicator
		return ok
	}
	if series, _, given := b.annotated("series"); given && series != "" {
		indicator.Series = series
	}
	if indicator.Series == "" {
		indicator.Series = d.Name
	}
	d.Indicator = indicator
	return ok && b.series("spec.indicator", &d.Indicator)
}

// compositeTarget reads what all objectives promise together.
func (b *builder) compositeTarget(d *slo.Definition) {
	text, field, ok := b.annotated("composite-target")
	if !ok {
		return
	}
	var all slo.Objective
	b.promise(field, Number(text), slo.ParseTarget, slo.ParseShare, &all)
	d.CompositeTarget = all.Target
}

// own reads an objective's own indicator.
func (b *builder) own(one Objective, field string, d *slo.Definition, o *slo.Objective) bool {
	if one.Indicator == nil && one.IndicatorRef == "" {
		b.error(field+".indicator", "is required: other objectives have one", "add indicator or indicatorRef")
		return false
	}
	indicator, ok := b.chosen(one.Indicator, one.IndicatorRef, field)
	if !ok {
		return false
	}
	if indicator.Incidents != nil {
		o.Indicator = &indicator
		return true
	}
	if indicator.Series == "" {
		if one.DisplayName == "" {
			b.error(field+".indicator.metadata.name", "is required, or the objective's displayName", "name what is measured")
			return false
		}
		indicator.Series = d.Name + "/" + one.DisplayName
	}
	o.Indicator = &indicator
	return b.series(field+".indicator", o.Indicator)
}

// series brings the name of a series into its canonical form.
func (b *builder) series(field string, i *slo.Indicator) bool {
	name, err := slo.ParseSeriesName(i.Series)
	if err != nil {
		b.error(field, err.Error(), "name it by the annotation "+Annotation("series"))
		return false
	}
	i.Series = name.String()
	return true
}

// apart reports two indicators of one series: they would fill it both.
func (b *builder) apart(d slo.Definition) {
	first := map[string]slo.Indicator{}
	for i, o := range d.Objectives {
		one := o.In(d)
		if one.Incidents != nil {
			continue
		}
		before, taken := first[one.Series]
		if taken && !sameQuestion(before, one) {
			b.error(fmt.Sprintf("spec.objectives[%d].indicator", i), "reads the series "+quoted(one.Series)+", as another objective does with another question", "name the indicators differently")
		}
		first[one.Series] = one
	}
	if _, field, given := b.annotated("series"); given && d.Composite != "" {
		b.error(field, "has no effect: the objectives have indicators of their own", "write it in the metadata of each indicator")
	}
}

func (b *builder) target(one Objective, field string, o *slo.Objective) {
	switch {
	case one.Target != "" && one.TargetPercent != "":
		b.error(field+".targetPercent", "is given beside target", "keep one of them")
	case one.Target != "":
		field += ".target"
		if percentMeant(one.Target) {
			b.error(field, string(one.Target)+" is not a share below 1", "write targetPercent: "+string(one.Target))
			return
		}
		b.promise(field, one.Target, slo.ParseTarget, slo.ParseShare, o)
	case one.TargetPercent != "":
		field += ".targetPercent"
		b.promise(field, one.TargetPercent, slo.ParsePercent, wholePercent, o)
		if t := o.Target.Float(); t < 0.01 && t > 0 {
			b.warn(field, "almost_nothing", string(one.TargetPercent)+" % promises almost nothing", "write target: "+string(one.TargetPercent)+" if a share was meant", "target", string(one.TargetPercent))
		}
	default:
		b.error(field+".target", "is required", "write for example target: 0.999")
	}
}

// promise reads a target. One that only parses where the whole is allowed is
// the whole.
func (b *builder) promise(field string, n Number, parse, whole func(string) (slo.Target, error), o *slo.Objective) {
	target, err := share(n, parse)
	_, isWhole := share(n, whole)
	switch {
	case err != nil && isWhole == nil:
		b.error(field, string(n)+" leaves no error budget", "give 0.9999 (99.99 %) or less")
	case err != nil:
		b.error(field, err.Error(), "write for example target: 0.999 or targetPercent: 99.9")
	case target.Float() == 0:
		b.warn(field, "promises_nothing", "promises nothing: every event may be bad", "write for example 0.999")
	}
	o.Target = target
}

// hundred is a percentage of everything.
var hundred = regexp.MustCompile(`^100(\.0+)?$`)

// wholePercent reads 100 only.
func wholePercent(text string) (slo.Target, error) {
	if !hundred.MatchString(text) {
		return slo.Target{}, fmt.Errorf("%s is not 100", quoted(text))
	}
	return slo.ParseShare("1")
}

// percentMeant says whether a target above 1 is a percentage that leaves a
// budget.
func percentMeant(n Number) bool {
	t, err := share(n, slo.ParsePercent)
	return err == nil && t.Float() > 0.01
}

// share reads a plain decimal, exactly. A sign, an exponent or another base is
// refused: such text has another meaning in other readers of YAML.
func share(n Number, parse func(string) (slo.Target, error)) (slo.Target, error) {
	text := strings.TrimSpace(string(n))
	if strings.HasPrefix(text, ".") {
		text = "0" + text
	}
	if !decimal.MatchString(text) {
		return slo.Target{}, fmt.Errorf("%s is not a plain decimal number", quoted(text))
	}
	return parse(text)
}

// plainNumber is a number that every reader of YAML reads alike: 010 is 8 to
// some and 10 to others.
var plainNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

func (b *builder) threshold(one Objective, field string, kind slo.IndicatorKind, o *slo.Objective) {
	if kind != slo.Threshold {
		if one.Op != "" {
			b.note(field+".op", "ratio_ignores", "has no meaning for a ratio and is ignored", "remove it")
		}
		if one.Value != "" {
			b.note(field+".value", "ratio_ignores", "has no meaning for a ratio and is ignored", "remove it")
		}
		return
	}
	words := []string{string(slo.AtMost), string(slo.Below), string(slo.AtLeast), string(slo.Above)}
	switch {
	case one.Op == "":
		b.error(field+".op", "is required for a thresholdMetric", oneOf("", words))
	case !slices.Contains(words, one.Op):
		b.error(field+".op", quoted(one.Op)+" is no comparison", oneOf(one.Op, words))
	}
	o.Op = slo.Comparison(one.Op)
	value, err := strconv.ParseFloat(string(one.Value), 64)
	switch {
	case one.Value == "":
		b.error(field+".value", "is required for a thresholdMetric", "add what the measured value is compared with")
	case err != nil || math.IsInf(value, 0) || !plainNumber.MatchString(string(one.Value)):
		b.error(field+".value", quoted(string(one.Value))+" is not a finite number", "write for example 0.5")
	}
	o.Value = value
}

// slices reads what only matters where slices are counted.
func (b *builder) slices(one Objective, field string, d slo.Definition, o *slo.Objective) {
	if d.Method == slo.Occurrences {
		if one.TimeSliceTarget != "" || one.TimeSliceWindow != "" {
			b.note(field+".timeSliceTarget", "no_slices", "and timeSliceWindow have no meaning for Occurrences", "remove them, or write budgetingMethod: Timeslices")
		}
		return
	}
	b.sliceTarget(one, field+".timeSliceTarget", d, o)
	at := field + ".timeSliceWindow"
	if one.TimeSliceWindow == "" {
		b.error(at, "is required for "+string(d.Method), "write for example timeSliceWindow: 1m")
		return
	}
	text := one.TimeSliceWindow
	if _, err := strconv.Atoi(text); err == nil {
		text += string(slo.Minute)
	}
	span, err := slo.ParseSpan(text)
	switch {
	case err != nil:
		b.error(at, err.Error(), "a number alone is minutes")
	case span.Unit == slo.Month || span.Unit == slo.Quarter || span.Unit == slo.Year || span.Fixed() > 24*time.Hour:
		b.error(at, span.String()+" is longer than a day", "write minutes in lower case, such as 1m")
	default:
		o.SliceWindow = span.Fixed()
	}
}

func (b *builder) sliceTarget(one Objective, field string, d slo.Definition, o *slo.Objective) {
	switch {
	case d.Method == slo.RatioTimeslices:
		if one.TimeSliceTarget != "" {
			b.note(field, "mean_ignores", "has no meaning for RatioTimeslices", "remove it")
		}
		return
	case one.TimeSliceTarget == "" && o.In(d).Kind == slo.Threshold:
		b.warn(field, "whole_slices", "is not given: a slice is good if all its values are", "write for example timeSliceTarget: 0.95")
		return
	case one.TimeSliceTarget == "":
		b.error(field, "is required for Timeslices", "write the share of good events that a good slice needs, such as 0.95")
		return
	}
	target, err := share(one.TimeSliceTarget, slo.ParseShare)
	switch {
	case err != nil:
		b.error(field, err.Error(), "write a share of 0 to 1, such as 0.95")
	case target.Float() == 0:
		b.warn(field, "any_slice", "makes every slice good that was measured", "write for example 0.95")
	}
	o.SliceTarget = target
}

func (b *builder) weight(one Objective, field string, composite bool, o *slo.Objective) {
	o.Weight = 1
	if one.CompositeWeight == "" {
		return
	}
	field += ".compositeWeight"
	if !composite {
		b.warn(field, "weight_alone", "has no effect: the objectives share one indicator", "remove it")
		return
	}
	weight, err := strconv.ParseFloat(string(one.CompositeWeight), 64)
	if err != nil || !decimal.MatchString(string(one.CompositeWeight)) || weight <= 0 {
		b.error(field, quoted(string(one.CompositeWeight))+" is not a number above 0", "write for example 1")
		return
	}
	o.Weight = weight
}
