package openslo_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel/slo"
	"github.com/evenkeel-dev/evenkeel/slo/openslo"
)

// FuzzRead: no text breaks the reader, no definition fails its check, and every
// definition reads as itself after it was written.
func FuzzRead(f *testing.F) {
	for _, pattern := range []string{"testdata/official/*.yaml", "testdata/import/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			f.Fatal(pattern, err)
		}
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(text)
		}
	}
	f.Add([]byte(plain))
	f.Fuzz(func(t *testing.T, text []byte) {
		file := openslo.File{Name: "a.yaml", Text: text}
		for _, s := range []*openslo.Set{openslo.Read(file), openslo.Import(openslo.ImportOptions{}, file)} {
			for _, d := range s.Definitions {
				if err := d.Check(); err != nil {
					t.Fatal(err)
				}
				writesAndReads(t, d)
			}
		}
	})
}

func writesAndReads(t *testing.T, d slo.Definition) {
	t.Helper()
	text, err := openslo.YAML(openslo.FromDefinition(d))
	if err != nil {
		t.Fatal(err)
	}
	again := readText(string(text))
	if diff := cmp.Diff([]slo.Definition{d}, again.Definitions, exactly()); diff != "" {
		t.Fatalf("%s\n%s\n%v", diff, text, again.Lints)
	}
}
