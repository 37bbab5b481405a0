package connectors

import (
	"maps"
	"slices"
	"testing"
)

// learnedFrom learns from repositories as a vendor lists them, each with its id
// and present name.
func learnedFrom(known repositoryNames, listed [][2]string) (repositoryNames, []string) {
	l := known.learning()
	for _, one := range listed {
		l.name(one[0], one[1])
	}
	return l.names, l.notes()
}

func TestNamesThatRepositoriesHadFirst(t *testing.T) {
	t.Parallel()
	known := repositoryNames{"30": "Acme/checkout"}
	listed := [][2]string{
		{"30", "acme/till"},     // Renamed.
		{"31", "acme/checkout"}, // The name became free.
		{"32", "Acme/Shop"},
	}
	want := repositoryNames{"30": "Acme/checkout", "31": "acme/checkout~31", "32": "Acme/Shop"}
	for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 0, 2}, {1, 1, 2, 0, 0, 2}} {
		var list [][2]string
		for _, i := range order {
			list = append(list, listed[i])
		}
		got, notes := learnedFrom(known, list)
		if !maps.Equal(got, want) {
			t.Errorf("in the order %v: %v, want %v", order, got, want)
		}
		if again, _ := learnedFrom(got, list); !maps.Equal(again, want) {
			t.Errorf("learned again: %v", again)
		}
		if len(notes) != 1 || len(known) != 1 {
			t.Errorf("notes %q, known before %v", notes, known)
		}
	}
	for _, names := range []repositoryNames{known, want} { // Before it is learned as after it.
		for _, one := range [][3]string{{"30", "acme/till", "acme/checkout"}, {"31", "acme/checkout", "acme/checkout~31"}, {"32", "acme/shop", "acme/shop"}, {"", "acme/x", "acme/x"}, {"33", "", ""}} {
			if got := names.kept(one[0], one[1]); got != one[2] {
				t.Errorf("%s by %v is kept as %s, want %s", one[1], names, got, one[2])
			}
		}
	}
	if got := repositoryNames(nil).kept("30", "acme/till"); got != "acme/till" {
		t.Errorf("where nothing is known: %s", got)
	}
}

// TestAzureStagesAreTakenToTheNameTheyHadFirst: their hooks tell no id.
func TestAzureStagesAreTakenToTheNameTheyHadFirst(t *testing.T) {
	t.Parallel()
	const here = "dev.azure.com/acme/pay/_git/"
	var s azureSettings
	look := func(listed ...[2]string) {
		l := s.Names.learning()
		for _, one := range listed {
			s.learn(l, one[0], "https://"+here+one[1])
		}
		s.Names = l.names
	}
	wants := func(when string, want ...string) {
		t.Helper()
		var got []string
		for _, now := range []string{"a", "b", "c"} {
			got = append(got, s.repository("", "https://x@"+here+now))
		}
		for i, name := range want {
			want[i] = here + name
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", when, got, want)
		}
	}
	look([2]string{"R", "a"})
	wants("at first", "a", "b", "c")
	look([2]string{"r", "b"})
	wants("renamed", "a", "a", "c")
	look([2]string{"r", "b"}, [2]string{"s", "a"})
	wants("the first name is that of another", "a~s", "a", "c")
	look([2]string{"r", "c"}, [2]string{"s", "a"}, [2]string{"t", "b"})
	wants("the second name too", "a~s", "b", "a")
	look([2]string{"t", "b"}, [2]string{"r", "a"}, [2]string{"s", "c"})
	wants("and back", "a", "b", "a~s")
	if got := s.repository("R", ""); got != here+"a" {
		t.Errorf("by its id alone: %s", got)
	}
}

func TestNamesThatAreWritten(t *testing.T) {
	t.Parallel()
	opened := map[string]func(string) error{
		"github":    func(text string) error { _, err := readGithubSettings([]byte(text)); return err },
		"gitlab":    func(text string) error { _, err := readGitlabSettings([]byte(text)); return err },
		"bitbucket": func(text string) error { _, err := openBitbucket([]byte(text)); return err },
		"azure":     func(text string) error { _, err := openAzure([]byte(text)); return err },
	}
	for source, texts := range map[string][2][]string{
		"github":    {{`{"1":"acme/checkout","2":"Acme/.github","3":"acme/checkout~3"}`}, {`{"x":"acme/checkout"}`, `{"0":"acme/checkout"}`, `{"1":"checkout"}`, `{"1":"a/b/c"}`, `{"1":"acme/../x"}`}},
		"gitlab":    {{`{"30":"acme/checkout","31":"acme/sub/shop~31"}`}, {`{"x":"acme/checkout"}`, `{"0":"acme/checkout"}`, `{"30":"checkout"}`, `{"30":"acme/a b"}`}},
		"bitbucket": {{`{"673a6070-3421":"acme/checkout","84":"scm/pay/checkout","85":"scm/~kim/checkout"}`}, {`{"{673a}":"acme/checkout"}`, `{"84":"checkout"}`, `{"":"acme/checkout"}`}},
		"azure": {
			{`{"4bc14d40-c903":"dev.azure.com/acme/my pay/_git/checkout","dev.azure.com/acme/pay/_git/till":"dev.azure.com/acme/pay/_git/checkout","project:33dd":"Payments"}`},
			{`{"4bc1":"checkout"}`, `{"4bc1":"https://dev.azure.com/acme/pay/_git/checkout"}`, `{"till":""}`, `{"a b":"dev.azure.com/acme/pay/_git/checkout"}`, `{"project:":"Payments"}`, `{"4bc1":"dev.azure.com/../x"}`},
		},
	} {
		for _, good := range texts[0] {
			if err := opened[source](`{"names":` + good + `}`); err != nil {
				t.Errorf("%s: %s: %v", source, good, err)
			}
		}
		for _, broken := range texts[1] {
			if err := opened[source](`{"names":` + broken + `}`); err == nil {
				t.Errorf("%s: %s is taken", source, broken)
			}
		}
	}
}
