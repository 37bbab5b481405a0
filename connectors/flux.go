package connectors

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	fluxName          = "flux"
	fluxSignature     = "X-Signature"
	fluxKustomization = "Kustomization"
	fluxHelmRelease   = "HelmRelease"
	fluxImagePolicy   = "ImagePolicy"
)

var _ = register(Source{
	Name:     fluxName,
	Title:    "Flux",
	Summary:  "Deployments of Flux: what Kustomizations apply and Helm releases install, with the images that policies choose.",
	Setup:    fluxSetup,
	Headers:  []string{"Gotk-Component", "Content-Type", "User-Agent"},
	Settings: fluxSettingNotes(),
	Events: []EventNote{
		{fluxKustomization, "a deployment for each revision of which something was applied. With *wait* it succeeds when its health check passes; a check that fails is a failed attempt until one passes. Reconciliations that change nothing are ignored, however often they are told"},
		{fluxHelmRelease, "a deployment for each installation and upgrade, by the number that Helm gives it; a failed one is a failed attempt, and so is one whose tests fail. A rollback only takes a failed attempt back, so it is ignored"},
		{fluxImagePolicy, "an artifact, where the tag names the commit and *images* the repository"},
	},
	Open: func(settings json.RawMessage) (Receiver, error) { return openFlux(settings) },
})

const fluxSetup = `1. Make a connection of this source with a secret of at least 32 random characters.
2. Put address and secret into ` + "`deploy/flux/evenkeel.yaml`" + `, a *Provider* of type ` + "`generic-hmac`" + ` and an *Alert*, and apply it on every cluster. Its ` + "`eventMetadata`" + ` says what Flux does not know: ` + "`environment`, `cluster`, and `repository`" + `, that of the manifests. Or say so by *places*.
3. Let Kustomizations wait for the health of what they apply: ` + "`spec.wait: true`" + `, or ` + "`spec.healthChecks`" + `. If yours do not, set *wait* to false: then what is applied counts as deployed.

Flux tells of a revision of the repository with the manifests. The application's own commit follows from an image: name it by the annotation ` + "`event.toolkit.fluxcd.io/image`" + ` of the Kustomization or HelmRelease, which image automation can keep up to date, or under ` + "`image`" + ` in the metadata of the alert; a digest of an OCI artifact names itself. A build then tells by an [artifact event](events.md#artifact) of the same text which commit that is. [flux.md](connectors/flux.md) shows both ways.

Flux repeats what it says. The revision of a Kustomization and the number of a Helm release are one deployment each. Flux cannot say that a Kustomization went back to an earlier revision by a ref that was moved back; a revert in git is a new revision and a deployment.

The source of the facts is ` + "`flux`, or `flux:INSTANCE`" + `; their origin is ` + "`flux:NAMESPACE/NAME`, or `flux:INSTANCE/NAMESPACE/NAME`" + `.

` + "```yaml" + `
connections:
  - name: flux
    source: flux
    secrets: ["${env:FLUX_SECRET}"]
    settings:
      instance: prod
      places:
        - {namespace: flux-system, name: checkout, environment: production, application: checkout, repository: github.com/acme/fleet}
      images:
        - {image: ghcr.io/acme/checkout, repository: github.com/acme/checkout}
` + "```"

// fluxSettings is what an operator may write for a connection.
type fluxSettings struct {
	Instance string      `json:"instance"`
	Wait     bool        `json:"wait"`
	Places   []fluxPlace `json:"places"`
	Images   []imageRule `json:"images"`
}

// fluxPlace says what an object of Flux deploys, and where to.
type fluxPlace struct {
	Cluster     string `json:"cluster"`
	Kind        string `json:"kind"`
	Namespace   string `json:"namespace"`
	Name        string `json:"name"`
	Environment string `json:"environment"`
	Application string `json:"application"`
	Repository  string `json:"repository"`
}

func fluxSettingNotes() []Setting {
	return append([]Setting{
		{"instance", "text", "none", "Name of the fleet in source and origin"},
		{"wait", "true or false", "true", "Whether Kustomizations wait for the health of what they apply; else what is applied counts as deployed at once"},
		{"places", "list", "none", "Rules that say environment, application and repository where the metadata of the alert does not; the first that fits counts, and each part that it leaves out fits everything"},
		{"places[].cluster", "glob", "any", "`cluster` in the metadata of the alert"},
		{"places[].kind", "glob", "any", "`Kustomization` or `HelmRelease`"},
		{"places[].namespace", "glob", "any", "Namespace of the object"},
		{"places[].name", "glob", "any", "Name of the object"},
		{"places[].environment", "text", "unclassified", "Environment that it deploys to"},
		{"places[].application", "slug", "by claims", "Application that it deploys"},
		{"places[].repository", "text", "unknown", "Repository of the manifests, `github.com/acme/fleet`. Without it the revision names no commit"},
	}, imageSettingNotes()...)
}

// fluxReceiver reads the deliveries of one connection.
type fluxReceiver struct {
	settings fluxSettings
	source   string
}

func openFlux(text json.RawMessage) (*fluxReceiver, error) {
	s := fluxSettings{Wait: true}
	if err := decodeSettings(text, &s); err != nil {
		return nil, err
	}
	var c settingsCheck
	c.instance("instance", s.Instance)
	for i, place := range s.Places {
		at := "places[" + strconv.Itoa(i) + "]."
		for name, glob := range map[string]string{"cluster": place.Cluster, "kind": place.Kind, "namespace": place.Namespace, "name": place.Name} {
			c.glob(at+name, glob)
		}
		c.slug(at+"application", place.Application)
		c.repository(at+"repository", place.Repository)
		if place.Environment == "" && place.Application == "" && place.Repository == "" {
			c.add(at+"environment", "is required, or application, or repository")
		}
	}
	checkImageRules(&c, s.Images)
	r := &fluxReceiver{settings: s, source: fluxName}
	if s.Instance != "" {
		r.source += ":" + s.Instance
	}
	return r, c.err()
}

// Verify implements Receiver.
func (*fluxReceiver) Verify(header http.Header, raw []byte, secrets []string) error {
	return verifyHMAC(header.Get(fluxSignature), "sha256=", raw, secrets)
}

// Identify implements Receiver: the body names the event, see EventIn.
func (*fluxReceiver) Identify(http.Header) (event, key string) { return "", "" }

// EventIn implements EventNamer: the kind of object that the event is about.
func (r *fluxReceiver) EventIn(body []byte) string {
	read, err := readPayload("Flux", r.source, body)
	if err != nil {
		return ""
	}
	var object fluxObject
	read.into("involvedObject", &object)
	return object.Kind
}

// Parse implements Receiver.
func (r *fluxReceiver) Parse(_ http.Header, body []byte) ([]evenkeel.Event, error) {
	read, err := readPayload("Flux", r.source, body)
	if err != nil {
		return nil, err
	}
	d := &fluxDelivery{payload: read, settings: &r.settings}
	d.read()
	if len(d.problems.list) > 0 {
		return d.judge(nil, nil)
	}
	switch d.object.Kind {
	case fluxKustomization:
		return d.judge(d.kustomization())
	case fluxHelmRelease:
		return d.judge(d.helmRelease())
	case fluxImagePolicy:
		return d.judge(d.imagePolicy())
	}
	return nil, ignored("events of a %s are not read", shortQuote(d.object.Kind))
}
