package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/config"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/slo"
	"github.com/evenkeel-dev/evenkeel/slo/openslo"
)

// maxSuggested is how many services of a kind of metrics are looked at.
const maxSuggested = 500

func newSLOSuggest(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "suggest",
		Short: "Propose SLOs of what Prometheus knows of services",
		Long: `Find services by the request metrics of HTTP servers, ingress controllers and
meshes, and propose availability and latency objectives that they have kept in
the past, with the budget that they would have used. Each kind of metrics takes
some queries, whatever the number of services. Nothing is applied: --out writes
OpenSLO documents, one file for each service level, and replaces no file.

Exit codes: 0 with or without suggestions, 1 if Prometheus does not answer, 2 for
a wrong command line, 6 if a file is there already.`,
		Example: "  evenkeel slo suggest --prometheus http://localhost:9090 --out slos/\n  evenkeel slo suggest --connection prometheus-eu -f /etc/evenkeel --json",
		Args:    arguments(0, "no arguments"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.suggestSLOs(cmd) },
	}
	flags := cmd.Flags()
	flags.String("prometheus", "", "address of a Prometheus")
	flags.String("token", "", "reference to its bearer token, such as '${env:PROMETHEUS_TOKEN}'")
	flags.String("connection", "", "name of a connection of the configuration, instead of an address")
	flags.StringP("file", "f", "", "configuration: a YAML file or a folder of them")
	flags.Int("days", 30, "how many days of the past are looked at, up to 90")
	flags.String("window", "28d", "window of the objectives")
	flags.String("out", "", "folder that documents are written to")
	flags.Bool("json", false, "print the result as JSON")
	return cmd
}

// suggestion is one line of `slo suggest --json`.
type suggestion struct {
	Name     string   `json:"name"`
	Kind     string   `json:"kind"`
	Service  string   `json:"service"`
	Measured string   `json:"measured_at"`
	Target   string   `json:"target"`
	Window   string   `json:"window"`
	Reached  float64  `json:"reached"`
	Worst    float64  `json:"worst"`
	Consumed float64  `json:"consumed"`
	Events   float64  `json:"events"`
	Budget   float64  `json:"budget"`
	Days     int      `json:"days"`
	Notes    []string `json:"notes"`
	Document string   `json:"document"`
}

// suggested is what `slo suggest --json` prints.
type suggested struct {
	Suggestions []suggestion `json:"suggestions"`
	Notes       []string     `json:"notes"`
	Queries     int          `json:"queries"`
}

func (p *Process) suggestSLOs(cmd *cobra.Command) error {
	finder, source, err := p.finder(cmd)
	if err != nil {
		return err
	}
	days, _ := cmd.Flags().GetInt("days")
	text, _ := cmd.Flags().GetString("window")
	window, err := slo.ParseSpan(text)
	if err != nil {
		return fmt.Errorf("--window %w: %w", err, errUsage)
	}
	if days < 1 || days > 90 {
		return fmt.Errorf("--days %d is not a number of 1 to 90: %w", days, errUsage)
	}
	bar := p.progress("queries")
	found, err := finder.Discover(cmd.Context(), connectors.Search{Days: days, Window: window, DataSource: source, Most: maxSuggested, Tell: bar.set})
	bar.finish()
	if err != nil {
		return err
	}
	result, err := suggestionsOf(found)
	if err != nil {
		return err
	}
	if out, _ := cmd.Flags().GetString("out"); out != "" {
		if err := result.write(out); err != nil {
			return err
		}
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return json.NewEncoder(p.Stdout).Encode(result)
	}
	return result.print(p.Stdout)
}

// finder asks the server that the flags name; source is its name in documents.
func (p *Process) finder(cmd *cobra.Command) (finder connectors.Discoverer, source string, err error) {
	address, _ := cmd.Flags().GetString("prometheus")
	name, _ := cmd.Flags().GetString("connection")
	if (address == "") == (name == "") {
		return nil, "", fmt.Errorf("give either --prometheus or --connection: %w", errUsage)
	}
	c := evenkeel.Connection{Source: connectors.PrometheusName, Name: "prometheus"}
	if name != "" {
		file, _ := cmd.Flags().GetString("file")
		loaded, err := config.Load(file)
		if err != nil {
			return nil, "", err
		}
		at := slices.IndexFunc(loaded.Connections, func(c evenkeel.Connection) bool { return c.Name == name })
		if at < 0 {
			return nil, "", fmt.Errorf("%s states no connection %q: %w", file, name, evenkeel.ErrNotFound)
		}
		c = loaded.Connections[at]
	} else {
		api := map[string]string{"url": address}
		if token, _ := cmd.Flags().GetString("token"); token != "" {
			api["token"] = token
		}
		if c.Settings, err = json.Marshal(map[string]any{"api": api}); err != nil {
			return nil, "", err
		}
	}
	kind, err := connectors.SourceNamed(c.Source)
	if err != nil {
		return nil, "", err
	}
	asker, err := kind.Asker(c.Settings, connectors.Outside{Secret: p.secret, Now: p.Now, Sleep: sleep})
	if err != nil {
		return nil, "", err
	}
	finder, ok := asker.(connectors.Discoverer)
	if !ok {
		return nil, "", fmt.Errorf("connection %q is no Prometheus that is asked: %w", c.Name, evenkeel.ErrInvalid)
	}
	return finder, name, nil
}

func suggestionsOf(found connectors.Discovery) (suggested, error) {
	result := suggested{Suggestions: []suggestion{}, Notes: append([]string{}, found.Notes()...), Queries: found.Queries}
	for _, s := range found.Suggestions {
		document, err := openslo.YAML(openslo.FromDefinition(s.Definition))
		if err != nil {
			return result, err
		}
		result.Suggestions = append(result.Suggestions, suggestion{
			Name: s.Definition.Name, Kind: s.Kind, Service: s.Definition.Service, Measured: s.Family, Target: s.Target.String(), Window: s.Definition.Window.Span.String(),
			Reached: s.Reached, Worst: s.Worst, Consumed: s.Consumed, Events: s.Events, Budget: s.Budget, Days: s.Days,
			Notes: append([]string{}, s.Notes...), Document: string(document),
		})
	}
	return result, nil
}

// write makes a file of every document, and replaces none.
func (s suggested) write(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // Documents are for everybody to read.
		return err
	}
	for _, one := range s.Suggestions {
		path := filepath.Join(folder, one.Name+".yaml")
		file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // As above.
		if os.IsExist(err) {
			return fmt.Errorf("%s is there already; move it, or choose another folder: %w", path, evenkeel.ErrConflict)
		}
		if err != nil {
			return err
		}
		_, err = io.WriteString(file, one.Document)
		if closed := file.Close(); err == nil {
			err = closed
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s suggested) print(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NAME\tMEASURED AT\tTARGET\tREACHED\tBUDGET USED\tBAD EVENTS ALLOWED")
	for _, one := range s.Suggestions {
		fmt.Fprintf(table, "%s\t%s\t%s\t%.4g %%\t%.3g %%\t%.4g in %s\n", one.Name, one.Measured, one.Target, 100*one.Reached, 100*one.Consumed, one.Budget, one.Window)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, one := range s.Suggestions {
		for _, note := range one.Notes {
			fmt.Fprintf(w, "note: %s: %s\n", one.Name, note)
		}
	}
	for _, note := range s.Notes {
		fmt.Fprintf(w, "note: %s\n", note)
	}
	_, err := fmt.Fprintf(w, "%s by %s; nothing is applied\n", howMany(len(s.Suggestions), "suggestion", "suggestions"), howMany(s.Queries, "query", "queries"))
	return err
}
