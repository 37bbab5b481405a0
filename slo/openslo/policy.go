package openslo

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel/slo"
)

// policies reads the alert policies of an SLO. Each condition that can be is a row
// of alerts. They take the place of the window set that an SLO has without the
// annotation; one that the annotation names stands beside them.
func (b *builder) policies(list []PolicyRef, d *slo.Definition) {
	for i, one := range list {
		field := fmt.Sprintf("spec.alertPolicies[%d]", i)
		switch {
		case one.Ref != "":
			if p := found[AlertPolicy](b, field, KindAlertPolicy, one.Ref); p != nil {
				b.rows(field, one.Ref, *p, d)
			}
		case one.Spec != nil:
			b.policy(field+".spec", *one.Spec)
			b.rows(field, cmp.Or(nameOf(one.Metadata), fmt.Sprintf("alert-policy-%d", i+1)), *one.Spec, d)
		}
	}
	if _, _, chosen := b.annotated("alerts"); len(d.Policies) > 0 && !chosen {
		d.Alerts = ""
	} else if len(list) > 0 && len(d.Policies) == 0 {
		b.warn("spec.alertPolicies", "policies_silent", "hold no condition that can alert", "alerts come from the window set of the annotation "+Annotation("alerts")+" alone")
	}
}

func nameOf(m *Metadata) string {
	if m == nil {
		return ""
	}
	return m.Name
}

// found is the spec of a document; where there is none it warns, and is nil.
func found[T any](b *builder, field string, kind Kind, name string) *T {
	doc, known := b.set.first[key{kind, name}]
	if !known {
		b.warn(field, "reference_unknown", string(kind)+" "+quoted(name)+" is not among the documents", b.suggest(kind, name), "kind", string(kind), "name", name)
		return nil
	}
	spec, _ := doc.Spec.(*T)
	return spec
}

// rows makes a row of every condition of a policy. What is wrong with a condition
// is said where it stands; here only that it does not alert.
func (b *builder) rows(field, name string, p AlertPolicy, d *slo.Definition) {
	for i, ref := range p.Conditions {
		spec, own := ref.Spec, name
		if ref.Ref != "" {
			if c, known := b.set.first[key{KindAlertCondition, ref.Ref}]; known {
				spec, _ = c.Spec.(*AlertCondition)
			}
		}
		if spec == nil {
			b.warn(field, "condition_missing", "has a condition that is not given, so nothing alerts by it", "")
			continue
		}
		if len(p.Conditions) > 1 {
			own += "/" + cmp.Or(ref.Ref, nameOf(ref.Metadata), strconv.Itoa(i+1))
		}
		row, problems := readCondition(*spec)
		if at := slices.IndexFunc(problems, func(one problem) bool { return one.bars }); at >= 0 {
			b.warn(field, "condition_wrong", quoted(own)+" does not alert: "+problems[at].field+": "+problems[at].text, problems[at].fix, "name", own, "field", problems[at].field)
			continue
		}
		if window := d.Window.Span.Fixed(); window > 0 && row.Lookback > window {
			b.warn(field, "lookback_long", quoted(own)+" does not alert: its lookbackWindow is longer than the window of "+d.Window.Span.String(), "write a shorter one", "name", own, "window", d.Window.Span.String())
			continue
		}
		row.Name, row.Breaching, row.Resolved, row.NoData = own, p.AlertWhenBreaching, p.AlertWhenResolved, p.AlertWhenNoData
		for n := 2; slices.ContainsFunc(d.Policies, func(other slo.AlertPolicy) bool { return other.Name == row.Name }); n++ {
			row.Name = fmt.Sprintf("%s-%d", own, n)
		}
		d.Policies = append(d.Policies, row)
	}
}

// policy checks a policy where it is written.
func (b *builder) policy(field string, p AlertPolicy) {
	if len(p.Conditions) != 1 {
		b.warn(field+".conditions", "conditions_several", fmt.Sprintf("holds %d conditions; OpenSLO allows exactly one", len(p.Conditions)), "keep one", "count", strconv.Itoa(len(p.Conditions)))
	}
	for i, one := range p.Conditions {
		at := fmt.Sprintf("%s.conditions[%d]", field, i)
		if one.Ref != "" {
			found[AlertCondition](b, at+".conditionRef", KindAlertCondition, one.Ref)
		} else if one.Spec != nil {
			b.condition(at+".spec", *one.Spec)
		}
	}
	for i, one := range p.NotificationTargets {
		if one.Ref != "" {
			found[NotificationTarget](b, fmt.Sprintf("%s.notificationTargets[%d].targetRef", field, i), KindAlertNotificationTarget, one.Ref)
		}
	}
	if len(p.NotificationTargets) > 0 {
		b.note(field+".notificationTargets", "targets_unused", "are not told: who is stands under notify in the configuration", "")
	}
	if no := p.AlertWhenBreaching; no != nil && !*no {
		b.note(field+".alertWhenBreaching", "alerts_untold", "keeps people from being told that the alert fires; pages and lists show it", "")
	}
}

// condition checks a condition where it is written.
func (b *builder) condition(field string, c AlertCondition) {
	_, problems := readCondition(c)
	for _, one := range problems {
		b.warn(field+"."+one.field, one.code, one.text, one.fix, "value", one.value)
	}
}

// problem is what is wrong with a field of a condition; one that bars keeps it
// from alerting.
type problem struct {
	field, code, text, fix string
	// value is what the code is of.
	value string
	bars  bool
}

// readCondition reads a condition as far as it can be.
func readCondition(c AlertCondition) (row slo.AlertPolicy, problems []problem) {
	bar := func(field, code, text, fix, value string) {
		problems = append(problems, problem{field, code, text, fix, value, true})
	}
	if kind := c.Condition.Kind; kind != "" && kind != "burnrate" {
		bar("condition.kind", "condition_kind", quoted(kind)+" is not known", "write burnrate", kind)
	}
	severity, known := severities()[strings.ToLower(c.Severity)]
	if row.Severity = severity; !known {
		row.Severity = slo.Ticket
		problems = append(problems, problem{"severity", "condition_severity", quoted(c.Severity) + " is neither page nor ticket, so it makes a ticket", "write page or ticket", c.Severity, false})
	}
	var err error
	if row.Factor, err = slo.ParseFactor(string(c.Condition.Threshold)); err != nil {
		bar("condition.threshold", "condition_threshold", err.Error(), "write a burn rate, such as 14.4", string(c.Condition.Threshold))
	}
	switch c.Condition.Op {
	case "", string(slo.Above):
	case string(slo.AtLeast):
		row.Meeting = true
		if err == nil && row.Factor.Float() == 0 {
			bar("condition.threshold", "condition_always", "a burn of 0 or more is always", "write op: gt, or a threshold above 0", string(c.Condition.Threshold))
		}
	case string(slo.AtMost), string(slo.Below):
		bar("condition.op", "condition_slow", quoted(c.Condition.Op)+" would alert while the budget burns slowly, which is when all is well", "write gt or gte", c.Condition.Op)
	default:
		bar("condition.op", "condition_op", quoted(c.Condition.Op)+" is not known", "write gt or gte", c.Condition.Op)
	}
	row.Lookback = lengthOf(c.Condition.LookbackWindow, "condition.lookbackWindow", bar)
	if after := c.Condition.AlertAfter; after != "" && strings.Trim(after, "0") != "m" {
		row.For = lengthOf(after, "condition.alertAfter", bar)
	}
	return row, problems
}

// severities are the words that are read for what an alert asks of people:
// OpenSLO leaves them open, its examples say page and warning.
func severities() map[string]slo.Severity {
	return map[string]slo.Severity{"page": slo.Page, "critical": slo.Page, "ticket": slo.Ticket, "warning": slo.Ticket}
}

func lengthOf(text, field string, bar func(field, code, text, fix, value string)) time.Duration {
	span, err := slo.ParseSpan(text)
	if err != nil {
		bar(field, "condition_length", err.Error(), "write for example 1h", text)
	}
	return span.Fixed()
}
