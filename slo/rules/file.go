package rules

import (
	"bytes"
	"strings"

	yaml "go.yaml.in/yaml/v3"
)

// File is a file of rules as Prometheus reads it.
type File struct {
	Groups []Group `yaml:"groups"`
}

// Group is rules that are evaluated one after another.
type Group struct {
	Name     string `yaml:"name"`
	Interval string `yaml:"interval"`
	Rules    []Rule `yaml:"rules"`
}

// Rule records a metric or alerts.
type Rule struct {
	Record      string            `yaml:"record,omitempty"`
	Alert       string            `yaml:"alert,omitempty"`
	Expr        string            `yaml:"expr"`
	For         string            `yaml:"for,omitempty"`
	Labels      map[string]string `yaml:"labels,omitempty"`
	Annotations map[string]string `yaml:"annotations,omitempty"`
}

// YAML is the text of the file.
func (f File) YAML() ([]byte, error) {
	b := bytes.NewBufferString("# Written by `evenkeel slo rules`; change the SLOs, not this file.\n")
	e := yaml.NewEncoder(b)
	e.SetIndent(2)
	if err := e.Encode(f); err != nil {
		return nil, err
	}
	return b.Bytes(), e.Close()
}

// literal keeps names from being read as templates, which Prometheus does in the
// labels and annotations of alerts alone.
func (r Rule) literal() {
	if r.Alert == "" {
		return
	}
	for _, texts := range []map[string]string{r.Labels, r.Annotations} {
		for name, text := range texts {
			texts[name] = strings.ReplaceAll(text, "{{", `{{"{{"}}`)
		}
	}
}
