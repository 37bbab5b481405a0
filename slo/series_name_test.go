package slo_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel/slo"
)

func TestSeriesNamesHaveOneForm(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"availability":                                    "availability",
		"availability{}":                                  "availability",
		`availability{zone="a", region = "eu",}`:          `availability{region="eu",zone="a"}`,
		`latency{"http.route"="/cart{id}",code="2xx"}`:    `latency{code="2xx","http.route"="/cart{id}"}`,
		`errors{text="a \"b\" \\ \n, c=\"d\"}"}`:          `errors{text="a \"b\" \\ \n, c=\"d\"}"}`,
		`availability{region="",zone="ä"}`:                `availability{zone="ä"}`,
		`latency of the shop{ "_a1" = "x" } `:             `latency of the shop{_a1="x"}`,
		`checkout:requests{variant="control",_v="1.2.3"}`: `checkout:requests{_v="1.2.3",variant="control"}`,
	} {
		n, err := slo.ParseSeriesName(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if n.String() != want {
			t.Errorf("%s became %s, want %s", text, n, want)
		}
	}
}

func TestSeriesNamesThatAreNone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " ", `{region="eu"}`, "a{", "a}", `a{region="eu"`, `a{region="eu"}x`, `a{region=eu}`, `a{region='e'}`, "a{region=`eu`}",
		`a{1a="x"}`, `a{http.route="x"}`, `a{=""}`, `a{""="x"}`, `a{a="1",a="2"}`, `a{a="1" b="2"}`, `a{a="\xff"}`, "a\xff", `a{,}`, `a{a}`, `a{a="1"`,
	} {
		if n, err := slo.ParseSeriesName(text); err == nil {
			t.Errorf("%q was read as %s", text, n)
		}
	}
}

func TestSeriesNamesWithLabels(t *testing.T) {
	t.Parallel()
	plain := slo.SeriesName{Name: "availability"}
	eu := plain.With("region", "eu")
	if got := eu.With("zone", "a").String(); got != `availability{region="eu",zone="a"}` {
		t.Error(got)
	}
	if got := eu.With("region", "").String(); got != "availability" || eu.String() != `availability{region="eu"}` || plain.Labels != nil {
		t.Error(got, eu, plain)
	}
}

// TestSeriesNamesSurvive prints any name and reads it again.
func TestSeriesNamesSurvive(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := slo.SeriesName{Name: rapid.StringMatching(`[a-z]([a-zA-Z0-9:._/ -]{0,12}[a-z])?`).Draw(t, "name"), Labels: rapid.MapOf(rapid.StringN(1, 8, -1), rapid.StringN(1, 8, -1)).Draw(t, "labels")}
		back, err := slo.ParseSeriesName(n.String())
		if err != nil {
			t.Fatalf("%s: %v", n, err)
		}
		if back.String() != n.String() || len(n.Labels) > 0 && !cmp.Equal(back.Labels, n.Labels) {
			t.Fatalf("%s came back as %s", n, back)
		}
	})
}

func FuzzParseSeriesName(f *testing.F) {
	for _, text := range []string{"availability", `a{region="eu",zone="a"}`, `a{"http.route"="/x"}`, `a{b="\u00e4\n"}`, "a{", `a{b="c",}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := slo.ParseSeriesName(text)
		if err != nil {
			return
		}
		again, err := slo.ParseSeriesName(n.String())
		if err != nil || again.String() != n.String() {
			t.Errorf("%q became %q, then %q: %v", text, n, again, err)
		}
	})
}
