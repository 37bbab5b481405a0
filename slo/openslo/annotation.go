package openslo

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel/slo"
)

// prefix begins the names of our annotations.
const prefix = "evenkeel.dev/"

// Annotation is the full name of an annotation.
func Annotation(name string) string { return prefix + name }

// Annotations are the names, without their prefix, of the annotations of an
// SLO's metadata that are read: where OpenSLO has no field.
func Annotations() []string {
	return []string{
		"environment", "slice", "missing", "series", "group-by", "composite", "composite-target", "min-events", "min-bad", "confidence", "alerts",
		"ingestion-delay", "source", "severities",
	}
}

// annotated is the text of an annotation and where it stands.
func (b *builder) annotated(name string) (text, field string, ok bool) {
	text, ok = b.doc.Metadata.Annotations[Annotation(name)]
	return strings.TrimSpace(text), "metadata.annotations." + Annotation(name), ok
}

// annotations reads those of the SLO but series, source, severities and
// composite, which are read with the indicators.
func (b *builder) annotations(d *slo.Definition) {
	b.unknownAnnotations()
	d.Environment, _, _ = b.annotated("environment")
	d.Slice = time.Minute
	b.duration("slice", &d.Slice)
	b.duration("ingestion-delay", &d.Delay)
	d.Missing = slo.MissingExclude
	if text, ok := b.word("missing", "exclude", "good", "bad", "hold"); ok {
		d.Missing = slo.Missing(text)
	}
	b.amount("min-events", &d.Guard.MinEvents)
	b.amount("min-bad", &d.Guard.MinBad)
	b.confidence(d)
	b.groupBy(d)
	b.alerts(d)
}

func (b *builder) unknownAnnotations() {
	known := Annotations()
	for name := range b.doc.Metadata.Annotations {
		short, ours := strings.CutPrefix(name, prefix)
		if !ours {
			if best := nearest(name, prefixed(known)); best != "" {
				b.error("metadata.annotations."+name, "is no annotation that is read", "did you mean "+quoted(best)+"?")
			}
			continue
		}
		if !slices.Contains(known, short) {
			b.error("metadata.annotations."+name, "is no annotation that is read", oneOf(short, known))
		}
	}
}

func prefixed(names []string) []string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = Annotation(name)
	}
	return list
}

func (b *builder) word(name string, known ...string) (string, bool) {
	text, field, ok := b.annotated(name)
	if !ok {
		return "", false
	}
	if !slices.Contains(known, text) {
		b.error(field, quoted(text)+" is not known", oneOf(text, known))
		return "", false
	}
	return text, true
}

func (b *builder) duration(name string, into *time.Duration) {
	text, field, ok := b.annotated(name)
	if !ok {
		return
	}
	length, err := time.ParseDuration(text)
	if err != nil || length < 0 || length%time.Second != 0 || length >= 24*time.Hour {
		b.error(field, quoted(text)+" is not a length of time in whole seconds and less than a day", "write for example 30s, 1m or 5m")
		return
	}
	*into = length
}

func (b *builder) amount(name string, into *float64) {
	text, field, ok := b.annotated(name)
	if !ok {
		return
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !decimal.MatchString(text) {
		b.error(field, quoted(text)+" is not a number of 0 or more", "write for example 100")
		return
	}
	*into = n
}

func (b *builder) confidence(d *slo.Definition) {
	b.amount("confidence", &d.Guard.Confidence)
	if c := d.Guard.Confidence; c != 0 && (c < 0.5 || c >= 1) {
		_, field, _ := b.annotated("confidence")
		b.error(field, fmt.Sprintf("%v is not a probability of 0.5 or more and below 1", c), "write for example 0.95")
	}
}

var labelName = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)

func (b *builder) groupBy(d *slo.Definition) {
	text, field, ok := b.annotated("group-by")
	if !ok {
		return
	}
	for name := range strings.SplitSeq(text, ",") {
		name = strings.TrimSpace(name)
		switch {
		case !labelName.MatchString(name):
			b.error(field, quoted(name)+" is not the name of a label", "write names of labels with commas between them")
		case slices.Contains(d.GroupBy, name):
			b.error(field, quoted(name)+" is given twice", "remove one")
		default:
			d.GroupBy = append(d.GroupBy, name)
		}
	}
}

// noAlerts is the annotation's word for no alerts.
const noAlerts = slo.NoAlerts

// alerts names the window set: the one of the annotation, that of the window's
// length, or none.
func (b *builder) alerts(d *slo.Definition) {
	text, field, ok := b.annotated("alerts")
	switch {
	case !ok && d.Window.Span.N > 0:
		d.Alerts = slo.DefaultWindowSet(d.Window)
	case !ok, text == noAlerts:
	default:
		if _, err := slo.ParseWindowSet(text); err != nil {
			b.error(field, err.Error(), "")
		}
		d.Alerts = text
	}
}
