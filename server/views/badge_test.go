package views_test

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// TestPicturesOfBadges compares with pictures that were looked at.
func TestPicturesOfBadges(t *testing.T) {
	t.Parallel()
	for file, b := range map[string]views.Badge{
		"badge-value.svg": {Label: "lead time 90 d", Value: "15.8 h", Title: "lead time 90 d: 15.8 h", Description: "Change lead time of the application Checkout."},
		"badge-none.svg":  {Label: "change fail rate 90 d", Value: "no data", Title: "change fail rate 90 d: no data", Description: "Of the group <R&D> \"Ärger\"\x00."},
	} {
		want, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(b.SVG())); diff != "" {
			t.Errorf("%s (-want +got)\n%s", file, diff)
		}
	}
}

// words reads a picture as XML: the text of every element by its name.
func words(t *testing.T, svg []byte) map[string]string {
	t.Helper()
	found, at := map[string]string{}, ""
	for d := xml.NewDecoder(strings.NewReader(string(svg))); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
		switch one := token.(type) {
		case xml.StartElement:
			at = one.Name.Local
		case xml.EndElement:
			at = ""
		case xml.CharData:
			found[at] += string(one)
		}
	}
}

func TestBadgesAreReadable(t *testing.T) {
	t.Parallel()
	nasty := views.Badge{Label: `</text><script>alert(1)</script>`, Value: "a\"b'&", Title: "]]><x>", Description: "<svg onload=\"x\">\xff"}
	got := words(t, nasty.SVG())
	if got["script"] != "" || got["text"] != nasty.Label+nasty.Value || got["title"] != nasty.Title || !strings.HasPrefix(got["desc"], `<svg onload="x">`) {
		t.Errorf("names are not text: %v", got)
	}
	svg := string(views.Badge{Label: "lead time 90 d", Value: "no data"}.SVG())
	fills := regexp.MustCompile(`fill="#([0-9a-f]{6})"`).FindAllStringSubmatch(svg, -1)
	if len(fills) != 4 {
		t.Fatalf("%d colours in %s", len(fills), svg)
	}
	for _, pair := range [][2]int{{0, 2}, {1, 3}} {
		if ratio := contrast(t, fills[pair[0]][1], fills[pair[1]][1]); ratio < 4.5 {
			t.Errorf("%s on %s: contrast %.2f", fills[pair[1]][1], fills[pair[0]][1], ratio)
		}
	}
	if other := string(views.Badge{Label: "lead time 90 d", Value: "99.9 d"}.SVG()); !cmp.Equal(fills, regexp.MustCompile(`fill="#([0-9a-f]{6})"`).FindAllStringSubmatch(other, -1)) {
		t.Error("the value changes the colours")
	}
}

// contrast is the ratio of WCAG 2.2.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	light := func(hex string) float64 {
		sum := 0.0
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			v, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
			if err != nil {
				t.Fatal(err)
			}
			c := float64(v) / 255
			if c <= 0.04045 {
				c /= 12.92
			} else {
				c = math.Pow((c+0.055)/1.055, 2.4)
			}
			sum += weight * c
		}
		return sum
	}
	high, low := max(light(a), light(b)), min(light(a), light(b))
	return (high + 0.05) / (low + 0.05)
}

func badge(t *testing.T, r *jobs.Results, m metrics.Metric) views.Badge {
	t.Helper()
	q := views.Question{Now: now(), From: "7d", Series: metrics.Week}
	q.Application = "shop"
	b, err := views.NewBadge(r, q, m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestBadgesSayWhatTheDashboardSays: 40 weeks end at the present, the last ten
// with seven deployments each: in the 90 days before it are the 70 of the last
// ten weeks, and of the three weeks before these those of the last twenty days.
func TestBadgesSayWhatTheDashboardSays(t *testing.T) {
	t.Parallel()
	r := growing("", nil)
	q := views.Question{From: "90d", Now: now()}
	q.Application = "shop"
	d, err := views.Dora(r, q)
	if err != nil {
		t.Fatal(err)
	}
	b := badge(t, r, metrics.MetricFrequency)
	perDay := *d.Frequency.PerDay
	if want := strconv.FormatFloat(math.Round(perDay*70)/10, 'f', -1, 64) + " /week"; perDay >= 1 || b.Label != "deployments 90 d" || b.Value != want {
		t.Errorf("%q for %v a day, want %q", b, perDay, want)
	}
	if !strings.Contains(b.Description, strconv.Itoa(d.Frequency.Deployments)+" deployments") || !strings.Contains(b.Description, "application Shop") {
		t.Errorf("description: %s", b.Description)
	}
	if b := badge(t, r, metrics.MetricFailRate); b.Value != "0 %" || b.Title != "change fail rate 90 d: 0 %" {
		t.Errorf("no failure: %q", b)
	}
	for _, m := range []metrics.Metric{metrics.MetricLeadTime, metrics.MetricRecovery} {
		if b := badge(t, r, m); b.Value != "no data" {
			t.Errorf("%s without a case: %q", m, b)
		}
	}
	p90 := growing("", func(p *evenkeel.Policy) { p.Aggregation = evenkeel.AggregateP90 })
	if b := badge(t, p90, metrics.MetricLeadTime); b.Label != "lead time p90 90 d" {
		t.Errorf("another statistic is not named: %q", b.Label)
	}
}
