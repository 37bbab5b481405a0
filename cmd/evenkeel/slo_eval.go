package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
	"github.com/evenkeel-dev/evenkeel/slo/openslo"
)

func newSLOEval(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "eval --spec FILE --data FILE --at INSTANT",
		Short: "Evaluate SLOs on measurements of a file, without a server",
		Long: `Evaluate SLOs on measurements of a file, without a server: level, budget, burn
rates, alerts, forecast and status of every objective as of an instant. With
--json one object for each, a line each if there are several; a value that is not
known is null.

The data are neutral events of kind measurement (docs/events.md), or slices, one
per line: {"series":"availability","at":"2026-11-22T11:59:00Z","good":99,"total":100}.
SLOs that are measured by incidents take events of kind incident, and something is
known since the first of the data. What is measured at the instant or later is left
out, and a line that is refused stops the evaluation. What is odd about the data of a
window (resets and births of counters, long gaps, slices that contradict themselves)
is told on standard error. Exit codes: 0 done whatever the status is, 2 for a wrong
command line, 3 for a wrong document or wrong data, 4 if the data hold no series
of an SLO.`,
		Example: "  evenkeel slo eval --spec checkout.yaml --data checkout.ndjson --at 2026-11-22T12:00:00Z --json",
		Args:    arguments(0, "no arguments; name the files with --spec and --data"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.evalSLOs(cmd) },
	}
	cmd.Flags().StringSlice("spec", nil, "OpenSLO documents: files or folders")
	cmd.Flags().String("data", "", "measurements: a file, plain or gzip, or - for standard input")
	cmd.Flags().String("at", "", "instant, such as 2026-11-22T12:00:00Z; now if not given")
	cmd.Flags().String("slo", "", "evaluate this SLO only")
	cmd.Flags().Bool("json", false, "print JSON")
	_ = cmd.MarkFlagRequired("spec")
	_ = cmd.MarkFlagRequired("data")
	return cmd
}

func (p *Process) evalSLOs(cmd *cobra.Command) error {
	at, err := p.instant(cmd)
	if err != nil {
		return err
	}
	definitions, err := p.definitions(cmd)
	if err != nil {
		return err
	}
	data, _ := cmd.Flags().GetString("data")
	measured, err := p.measurements(data)
	if err != nil {
		return err
	}
	var all []slo.Assessment
	for _, d := range definitions {
		list, err := p.assess(d, measured, at)
		if err != nil {
			return err
		}
		all = append(all, list...)
	}
	return p.printAssessments(cmd, all)
}

func (p *Process) instant(cmd *cobra.Command) (time.Time, error) {
	text, _ := cmd.Flags().GetString("at")
	if text == "" {
		return p.Now(), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, fmt.Errorf("--at %q is not an instant such as 2026-11-22T12:00:00Z: %w", text, errUsage)
	}
	return at.UTC(), nil
}

// definitions are the SLOs of the documents. An error in any document ends the
// command, unless the SLO that is wanted has none.
func (p *Process) definitions(cmd *cobra.Command) ([]slo.Definition, error) {
	names, _ := cmd.Flags().GetStringSlice("spec")
	files, err := p.documents(names)
	if err != nil {
		return nil, err
	}
	set := openslo.Read(files...)
	wanted, _ := cmd.Flags().GetString("slo")
	if at := slices.IndexFunc(set.Definitions, func(d slo.Definition) bool { return d.Name == wanted }); at >= 0 {
		return set.Definitions[at : at+1], nil
	}
	switch err := set.Err(); {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", err, evenkeel.ErrInvalid)
	case wanted != "":
		return nil, fmt.Errorf("SLO %q is not among the documents: %w", wanted, evenkeel.ErrNotFound)
	case len(set.Definitions) == 0:
		return nil, fmt.Errorf("the documents hold no SLO: %w", evenkeel.ErrInvalid)
	}
	return set.Definitions, nil
}

// assess says where every objective of a definition stands, in every group of
// its labels, and then a composite as one. A group stands behind the SLO's name.
func (p *Process) assess(d slo.Definition, measured *measurements, at time.Time) (list []slo.Assessment, err error) {
	var groups []string
	members := map[string][]slo.Tallies{}
	for i, o := range d.Objectives {
		found, err := measured.tallies(d, o, at)
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			if members[r.group] == nil {
				groups, members[r.group] = append(groups, r.group), nobody(d, at)
			}
			members[r.group][i] = r.Tallies
			a, err := slo.ReaderOf(inGroup(d, r.group), o, r.Tallies).Assess(at)
			if err != nil {
				return nil, err
			}
			list = append(list, a)
			p.tellOdd(d, o, r, a)
		}
	}
	if d.Composite == "" {
		return list, nil
	}
	for _, group := range groups {
		a, err := slo.CompositeReader(inGroup(d, group), members[group]).Assess(at)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
}

// grouped are the tallies of a group of labels.
type grouped struct {
	slo.Tallies
	group string
	// measured is what was read; nil of incidents.
	measured []evenkeel.Slice
}

// tallies are those of an objective: one for every group, or of incidents.
func (m *measurements) tallies(d slo.Definition, o slo.Objective, at time.Time) (list []grouped, err error) {
	if o.In(d).Incidents != nil {
		minutes, err := m.minutes(d, o, at)
		return []grouped{{Tallies: minutes}}, err
	}
	readings, err := m.readings(d, o.In(d))
	for _, r := range readings {
		list = append(list, grouped{gather(d, o, r.slices, at), r.group, r.slices})
	}
	return list, err
}

// inGroup is a definition with a group behind its name.
func inGroup(d slo.Definition, group string) slo.Definition {
	d.Name += group
	return d
}

// counted makes amounts of readings of counters, as the server does: a counter that
// is first read later than the series was began at 0 then.
func counted(d slo.Definition, list []evenkeel.Slice) slo.Amounts {
	c := slo.Counting{Slice: d.Slice}
	if len(list) > 0 {
		c.Since = slices.MinFunc(list, func(a, b evenkeel.Slice) int { return a.At.Compare(b.At) }).At
	}
	return slo.Increases(list, c)
}

// nobody are tallies of objectives of which nothing was measured.
func nobody(d slo.Definition, at time.Time) (list []slo.Tallies) {
	for _, o := range d.Objectives {
		list = append(list, gather(d, o, nil, at))
	}
	return list
}

// gather are the slices that an objective counts, as far back as what is said of the
// instant reaches.
func gather(d slo.Definition, o slo.Objective, list []evenkeel.Slice, at time.Time) slo.Tallies {
	if o.In(d).Counter {
		list = counted(d, list).Slices
	}
	list = slices.DeleteFunc(slices.Clone(list), func(s evenkeel.Slice) bool { return s.At.Add(d.Slice).After(at) })
	return slo.Gather(d, o, list, evenkeel.Window{From: d.Since(at), To: at})
}

func (p *Process) printAssessments(cmd *cobra.Command, list []slo.Assessment) error {
	for _, a := range list {
		done, err := p.printed(cmd, a)
		if err == nil && !done {
			err = writeAssessment(p.Stdout, a)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// writeAssessment prints where an objective stands for people.
func writeAssessment(out io.Writer, a slo.Assessment) error {
	name := a.SLO
	if a.Objective != "" {
		name += " · " + a.Objective
	}
	lines := []string{
		fmt.Sprintf("%s: %s, %s", name, strings.ReplaceAll(string(a.Status), "_", " "), a.Reason),
		fmt.Sprintf("  %s to %s, as of %s", stamp(a.Window.From), stamp(a.Window.To), stamp(a.At)),
		fmt.Sprintf("  level %s of a target of %s, %s of the budget spent, %s left", share(a.SLI), targetText(a), share(a.Consumed), share(a.Remaining)),
	}
	if a.Composite == nil {
		lines = append(lines, fmt.Sprintf("  %.10g bad of %.10g, %s covered", a.Count.Bad, a.Count.Total, share(a.Coverage)))
	} else {
		lines = append(lines, fmt.Sprintf("  all of %d objectives as one, %s covered", len(a.Composite.Members), share(a.Coverage)))
	}
	lines = append(lines, "  burn "+burns(a))
	if a.Composite != nil {
		lines = append(lines, gaps(*a.Composite)...)
	}
	if f := a.Forecast; f != nil && f.Exhausts.At != nil {
		lines = append(lines, "  exhausted at "+stamp(*f.Exhausts.At))
	}
	if f := a.Forecast; f != nil && f.Thaws.At != nil {
		lines = append(lines, "  something is left again at "+stamp(*f.Thaws.At))
	}
	for _, alert := range a.Alerts {
		lines = append(lines, fmt.Sprintf("  %s alert of %s/%s: %s since %s", alert.Severity, evenkeel.FormatDuration(alert.Long), evenkeel.FormatDuration(alert.Short), strings.ReplaceAll(string(alert.State), "_", " "), stamp(alert.From)))
	}
	_, err := fmt.Fprintln(out, strings.Join(lines, "\n"))
	return err
}

// gaps are what is not known of a composite: of whom, over which lookbacks, and why
// there is no forecast.
func gaps(c slo.Composite) (lines []string) {
	for _, lookback := range slo.Lookbacks() {
		name := evenkeel.FormatDuration(lookback)
		if members := c.Lacks[name]; len(members) > 0 {
			lines = append(lines, fmt.Sprintf("  over %s nothing is known of %s", name, strings.Join(members, ", ")))
		}
	}
	if c.Unforeseen.Text != "" {
		lines = append(lines, "  no forecast: "+c.Unforeseen.Text)
	}
	return lines
}

// targetText is what is promised: exactly, or what a composite's rule makes of it.
func targetText(a slo.Assessment) string {
	if a.Composite != nil {
		return share(a.Composite.Target)
	}
	return a.Target.Percent() + " %"
}

// burns are the burn rates that are known, the shortest lookback first.
func burns(a slo.Assessment) string {
	var list []string
	for _, lookback := range slo.Lookbacks() {
		name := evenkeel.FormatDuration(lookback)
		text := "–"
		if burn := a.Burn[name]; burn != nil {
			text = fmt.Sprintf("%.3g", *burn)
		}
		list = append(list, name+" "+text)
	}
	return strings.Join(list, ", ")
}

// share is a share in per cent with as many digits as it has of use.
func share(v *float64) string {
	if v == nil {
		return "–"
	}
	return fmt.Sprintf("%.6g %%", 100**v)
}
