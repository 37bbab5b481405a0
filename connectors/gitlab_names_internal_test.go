package connectors

import (
	"maps"
	"testing"
)

func TestNamesOfGitlabProjects(t *testing.T) {
	t.Parallel()
	listed := func(id int64, address string) *gitlabListedProject {
		return &gitlabListedProject{gitlabProject: gitlabProject{ID: id, WebURL: address}}
	}
	s, err := readGitlabSettings([]byte(`{"names":{"30":"acme/checkout"}}`))
	if err != nil {
		t.Fatal(err)
	}
	got := s.learn([]*gitlabListedProject{
		listed(30, "https://gitlab.example.com/acme/till"),     // Renamed.
		listed(31, "https://gitlab.example.com/acme/checkout"), // The path became free.
		listed(32, "https://gitlab.example.com/Acme/Group/Sub/Shop"),
		listed(33, "nothing"),
	})
	want := map[string]string{"30": "acme/checkout", "31": "acme/checkout~31", "32": "acme/group/sub/shop"}
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if s.kept(30, "acme/till") != "acme/checkout" || s.kept(32, "acme/group/sub/shop") != "acme/group/sub/shop" || s.kept(0, "acme/x") != "acme/x" {
		t.Error("a project is kept under another path")
	}
	for _, broken := range []string{`{"names":{"x":"acme/checkout"}}`, `{"names":{"0":"acme/checkout"}}`, `{"names":{"30":"checkout"}}`, `{"names":{"30":"acme/a b"}}`} {
		if _, err := readGitlabSettings([]byte(broken)); err == nil {
			t.Errorf("%s is taken", broken)
		}
	}
}
