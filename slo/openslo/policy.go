package openslo

import (
	"fmt"
	"strconv"

	"github.com/evenkeel-dev/evenkeel/slo"
)

// policies checks the alert policies of an SLO. They are kept and not
// evaluated: alerts come from named window sets.
func (b *builder) policies(list []PolicyRef) {
	for i, one := range list {
		field := fmt.Sprintf("spec.alertPolicies[%d]", i)
		if one.Ref != "" {
			b.refers(field, KindAlertPolicy, one.Ref)
		} else if one.Spec != nil {
			b.policy(field+".spec", *one.Spec)
		}
	}
	if len(list) > 0 {
		b.note("spec.alertPolicies", "are not evaluated: alerts come from the window set of the annotation "+Annotation("alerts"), "")
	}
}

// refers warns of a name that no document has.
func (b *builder) refers(field string, kind Kind, name string) {
	if _, found := b.set.first[key{kind, name}]; !found {
		b.warn(field, string(kind)+" "+quoted(name)+" is not among the documents", b.suggest(kind, name))
	}
}

func (b *builder) policy(field string, p AlertPolicy) {
	if len(p.Conditions) != 1 {
		b.warn(field+".conditions", fmt.Sprintf("holds %d conditions; OpenSLO allows exactly one", len(p.Conditions)), "keep one")
	}
	for i, one := range p.Conditions {
		at := fmt.Sprintf("%s.conditions[%d]", field, i)
		if one.Ref != "" {
			b.refers(at+".conditionRef", KindAlertCondition, one.Ref)
		} else if one.Spec != nil {
			b.condition(at+".spec", *one.Spec)
		}
	}
	for i, one := range p.NotificationTargets {
		if one.Ref != "" {
			b.refers(fmt.Sprintf("%s.notificationTargets[%d].targetRef", field, i), KindAlertNotificationTarget, one.Ref)
		}
	}
}

func (b *builder) condition(field string, c AlertCondition) {
	field += ".condition"
	if kind := c.Condition.Kind; kind != "" && kind != "burnrate" {
		b.warn(field+".kind", quoted(kind)+" is not known", "write burnrate")
	}
	if _, err := strconv.ParseFloat(string(c.Condition.Threshold), 64); err != nil {
		b.warn(field+".threshold", quoted(string(c.Condition.Threshold))+" is not a number", "write a burn rate, such as 14.4")
	}
	if _, err := slo.ParseSpan(c.Condition.LookbackWindow); err != nil {
		b.warn(field+".lookbackWindow", err.Error(), "")
	}
	if after := c.Condition.AlertAfter; after != "" && after != "0m" {
		if _, err := slo.ParseSpan(after); err != nil {
			b.warn(field+".alertAfter", err.Error(), "")
		}
	}
}
