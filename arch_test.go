package evenkeel_test

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	gocmp "github.com/google/go-cmp/cmp"
)

const module = "github.com/evenkeel-dev/evenkeel"

// folder says what the Go files of one folder may import besides the standard
// library. "." is the root package.
type folder struct {
	// internal are folders of this module.
	internal []string
	// libraries are import paths; everything below one is allowed with it.
	libraries []string
	// files allows libraries to the files of the folder that match a pattern.
	files map[string][]string
	// pure folders open nothing: no network, no files, no processes, no SQL.
	pure bool
}

// picture is the import map of docs/architecture.md. A folder that is not in
// it is refused. Frameworks have one importing folder each; every other entry
// is a library that docs/adr/0005-dependencies.md argues for.
func picture() map[string]folder {
	return map[string]folder{
		".": {pure: true},
		"connectors": {
			internal:  []string{".", "connectors/outgoing", "slo"},
			libraries: []string{"github.com/klauspost/compress", "github.com/go-json-experiment/json", "github.com/agnivade/levenshtein"},
			files:     map[string][]string{"github_client*.go": {"github.com/google/go-github/v60"}, "github_client_app*.go": {"github.com/golang-jwt/jwt/v5", "golang.org/x/sync"}, "gitlab_client*.go": {"github.com/xanzy/go-gitlab"}, "csv*.go": {"go.yaml.in/yaml/v3"}, "backstage*.go": {"go.yaml.in/yaml/v3"}, "*_test.go": {"github.com/santhosh-tekuri/jsonschema/v6", "go.yaml.in/yaml/v3"}},
		},
		"connectors/outgoing":   {},
		"connectors/vendortest": {}, // For tests: a vendor that misbehaves.
		"connectors/promtest":   {}, // For tests: a real Prometheus.
		"metrics":               {internal: []string{"."}, libraries: []string{"gonum.org/v1/gonum"}, pure: true},
		"metrics/quality":       {internal: []string{".", "metrics"}, pure: true},
		"slo":                   {internal: []string{"."}, libraries: []string{"gonum.org/v1/gonum"}, pure: true},
		"slo/openslo":           {internal: []string{".", "slo"}, libraries: []string{"go.yaml.in/yaml/v3", "github.com/agnivade/levenshtein"}, pure: true},
		"slo/rules":             {internal: []string{".", "slo"}, libraries: []string{"go.yaml.in/yaml/v3"}, pure: true},
		"slo/gate":              {internal: []string{".", "slo"}, pure: true},
		"risk":                  {internal: []string{"."}, pure: true},
		"flags":                 {internal: []string{"."}, pure: true},
		"demo":                  {internal: []string{"."}, pure: true},
		"config":                {internal: []string{".", "connectors", "metrics", "slo/openslo"}, libraries: []string{"go.yaml.in/yaml/v3", "github.com/agnivade/levenshtein"}},
		"frontend":              {},
		"store": {
			internal: []string{"."},
			libraries: []string{
				"gorm.io/gorm", "gorm.io/driver/postgres", "gorm.io/driver/sqlite", "modernc.org/sqlite",
				"github.com/jackc/pgx/v5", "github.com/pressly/goose/v3", "github.com/klauspost/compress",
				"github.com/go-json-experiment/json",
			},
			// The server's sessions lie in the store, which says that it fits.
			files: map[string][]string{"session*.go": {"github.com/alexedwards/scs/v2"}},
		},
		"store/storetest": {internal: []string{"store"}, libraries: []string{"github.com/jackc/pgx/v5", "modernc.org/sqlite"}}, // For tests: databases that live as long as one.
		"server":          serverFolder(".", "connectors", "metrics", "metrics/quality", "slo", "slo/openslo", "frontend", "server/*"),
		"server/views":    {internal: []string{".", "metrics", "metrics/quality", "slo", "slo/openslo", "connectors", "server/budgets", "server/jobs"}, pure: true},
		"server/budgets":  {internal: []string{".", "slo", "slo/openslo", "server/levels", "server/measure"}},
		"server/jobs":     {internal: []string{".", "metrics"}, libraries: []string{"golang.org/x/sync"}},
		"server/telemetry": {libraries: []string{
			"github.com/labstack/echo/v4", "github.com/prometheus/client_golang", "go.opentelemetry.io/otel", "go.opentelemetry.io/contrib",
		}},
		"server/levels":  {internal: []string{".", "slo"}},
		"server/intake":  {internal: []string{".", "connectors"}},
		"server/watch":   {internal: []string{".", "connectors", "slo", "server/budgets"}},
		"server/measure": {internal: []string{".", "connectors", "connectors/outgoing", "slo"}, libraries: []string{"golang.org/x/sync"}},
		"server/pull": {
			internal: []string{".", "connectors", "connectors/outgoing", "server/intake", "server/measure", "slo"},
			files:    map[string][]string{"queue*.go": {"github.com/riverqueue/river", "github.com/jackc/pgx/v5", "github.com/cenkalti/backoff/v5"}},
		},
		"cmd/evenkeel": {
			internal: []string{".", "config", "connectors", "demo", "frontend", "metrics", "server", "server/*", "slo", "slo/openslo", "slo/rules", "store"},
			libraries: []string{
				"github.com/spf13/cobra", "github.com/schollz/progressbar/v3", "golang.org/x/term", "golang.org/x/sync",
				"github.com/cenkalti/backoff/v5",
			},
		},
	}
}

func serverFolder(internal ...string) folder {
	return folder{internal: internal, libraries: []string{
		"github.com/labstack/echo/v4", "github.com/danielgtaylor/huma/v2", "github.com/alexedwards/scs/v2",
		"github.com/klauspost/compress", "golang.org/x/sync",
	}, files: map[string][]string{"*_test.go": {"github.com/santhosh-tekuri/jsonschema/v6"}}}
}

// testLibraries may be imported by every test.
func testLibraries() []string {
	return []string{"github.com/google/go-cmp", "pgregory.net/rapid"}
}

// impure are the packages of the standard library that reach outside.
func impure() []string {
	return []string{"database/sql", "net", "net/http", "os", "os/exec", "plugin", "syscall"}
}

// deny is text that no Go file holds: unfinished work, and words that say less
// than a plain one.
func deny() []string {
	return []string{"TO" + "DO", "FIX" + "ME", "XX" + "X:", "HA" + "CK", "white" + "list", "black" + "list", "blazing" + "ly", "lorem" + " ipsum"}
}

// maxLines is the length of the longest function, from func to its brace.
const maxLines = 100

// TestArchitecture holds the source to the picture.
func TestArchitecture(t *testing.T) {
	t.Parallel()
	broken, files, err := check(os.DirFS("."), picture())
	if err != nil {
		t.Fatal(err)
	}
	if files < 10 {
		t.Fatalf("only %d files were looked at", files)
	}
	for _, one := range broken {
		t.Error(one)
	}
}

// TestFrameworksHaveOneFolder keeps the picture itself honest: what shapes the
// code around it is imported by one folder, so that it can be replaced there.
func TestFrameworksHaveOneFolder(t *testing.T) {
	t.Parallel()
	frameworks := []string{
		"gorm.io/gorm", "gorm.io/driver/postgres", "gorm.io/driver/sqlite", "modernc.org/sqlite", "github.com/jackc/pgx/v5",
		"github.com/pressly/goose/v3", "github.com/labstack/echo/v4", "github.com/danielgtaylor/huma/v2",
		"github.com/alexedwards/scs/v2", "github.com/spf13/cobra", "github.com/prometheus/client_golang", "go.opentelemetry.io/otel", "github.com/schollz/progressbar/v3",
	}
	for _, framework := range frameworks {
		var folders []string
		for name, rules := range picture() {
			top, _, _ := strings.Cut(name, "/")
			if slices.Contains(rules.libraries, framework) && !slices.Contains(folders, top) {
				folders = append(folders, top)
			}
		}
		if len(folders) != 1 {
			t.Errorf("%s is allowed in %v", framework, folders)
		}
	}
}

// TestDenyCoversDocuments looks for unfinished work in the documents.
func TestDenyCoversDocuments(t *testing.T) {
	t.Parallel()
	names, err := fs.Glob(os.DirFS("."), "docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(names, "README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, word := range deny() {
			if strings.Contains(string(text), word) {
				t.Errorf("%s holds %q", name, word)
			}
		}
	}
}

// checker gathers what is wrong.
type checker struct {
	rules  map[string]folder
	broken []string
	files  int
	set    *token.FileSet
}

// check reads every Go file below the top and reports what breaks the rules,
// sorted, with the number of files it read.
func check(fsys fs.FS, rules map[string]folder) (broken []string, files int, err error) {
	c := checker{rules: rules, set: token.NewFileSet()}
	err = fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && skipped(fsys, name):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		return c.file(name, text)
	})
	slices.SortFunc(c.broken, cmp.Compare[string])
	return c.broken, c.files, err
}

// skipped says whether a folder holds nothing of this module.
func skipped(fsys fs.FS, name string) bool {
	if name == "." {
		return false
	}
	base := path.Base(name)
	if base == "node_modules" || base == "testdata" || base[0] == '.' || base[0] == '_' {
		return true
	}
	_, err := fs.Stat(fsys, path.Join(name, "go.mod"))
	return err == nil
}

func (c *checker) add(at, format string, args ...any) {
	c.broken = append(c.broken, at+": "+fmt.Sprintf(format, args...))
}

func (c *checker) file(name string, text []byte) error {
	c.files++
	dir, test := path.Dir(name), strings.HasSuffix(name, "_test.go")
	rules, known := c.rules[dir]
	if !known {
		c.add(name, "folder %q is not in the picture of arch_test.go", dir)
	}
	tree, err := parser.ParseFile(c.set, name, text, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	if known {
		c.imports(name, tree, rules, test)
	}
	for _, word := range deny() {
		if strings.Contains(string(text), word) {
			c.add(name, "holds %q", word)
		}
	}
	if !test {
		c.functions(name, tree)
		if !strings.HasPrefix(dir, "cmd") {
			c.clock(tree)
		}
	}
	return nil
}

func (c *checker) imports(name string, tree *ast.File, rules folder, test bool) {
	for _, spec := range tree.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil || allowed(rules, path.Base(name), imported, test) {
			continue
		}
		c.add(name, "imports %s", imported)
	}
}

// allowed decides one import. Tests may use what their folder may, the test
// libraries, the standard library and every folder but cmd, so that they run
// against the real thing.
func allowed(rules folder, file, imported string, test bool) bool {
	if imported == module || strings.HasPrefix(imported, module+"/") {
		inner := cmp.Or(strings.TrimPrefix(strings.TrimPrefix(imported, module), "/"), ".")
		if test {
			return !strings.HasPrefix(inner, "cmd")
		}
		if inner == "store/storetest" {
			return false
		}
		return slices.ContainsFunc(rules.internal, func(pattern string) bool {
			ok, err := path.Match(pattern, inner)
			return err == nil && ok
		})
	}
	if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") {
		return test || !rules.pure || !slices.Contains(impure(), imported)
	}
	libraries := slices.Clone(rules.libraries)
	for pattern, more := range rules.files {
		if ok, err := path.Match(pattern, file); err == nil && ok {
			libraries = append(libraries, more...)
		}
	}
	if test {
		libraries = append(libraries, testLibraries()...)
	}
	return slices.ContainsFunc(libraries, func(library string) bool {
		return imported == library || strings.HasPrefix(imported, library+"/")
	})
}

func (c *checker) functions(name string, tree *ast.File) {
	for _, declaration := range tree.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if !ok {
			continue
		}
		if lines := c.set.Position(function.End()).Line - c.set.Position(function.Pos()).Line + 1; lines > maxLines {
			c.add(name, "function %s is %d lines long; at most %d", function.Name.Name, lines, maxLines)
		}
	}
}

// clock reports reads of the wall clock; a clock is a parameter.
func (c *checker) clock(tree *ast.File) {
	local := ""
	for _, spec := range tree.Imports {
		if spec.Path.Value == `"time"` {
			local = "time"
			if spec.Name != nil {
				local = spec.Name.Name
			}
		}
	}
	if local == "" {
		return
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		from, ok := selector.X.(*ast.Ident)
		if ok && from.Name == local && slices.Contains([]string{"Now", "Since", "Until"}, selector.Sel.Name) {
			c.add(c.set.Position(n.Pos()).String(), "reads the clock with time.%s", selector.Sel.Name)
		}
		return true
	})
}

// TestArchitectureFindsWhatIsWrong proves that the checker can fail: a small
// tree that breaks each rule once, beside files that break none.
func TestArchitectureFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	imports := func(paths ...string) *fstest.MapFile {
		return file("package x\n\nimport (\n\t_ \"" + strings.Join(paths, "\"\n\t_ \"") + "\"\n)\n")
	}
	long := "package x\n\nfunc long() {\n" + strings.Repeat("\t_ = 1\n", maxLines) + "}\n"
	broken, files, err := check(fstest.MapFS{
		"good.go":                    imports("strings", "time"),
		"good_test.go":               imports("os", "pgregory.net/rapid", module+"/store"),
		"root.go":                    imports("github.com/google/go-cmp/cmp"),
		"metrics/gorm.go":            imports("gorm.io/gorm", module),
		"metrics/sibling.go":         imports(module + "/slo"),
		"metrics/net.go":             imports("net/http"),
		"metrics/gorm_test.go":       imports("gorm.io/gorm"),
		"metrics/cmd_test.go":        imports(module + "/cmd/evenkeel"),
		"metrics/clock.go":           file("package x\n\nimport clock \"time\"\n\nvar now = clock.Now\n"),
		"metrics/clock_test.go":      file("package x\n\nimport \"time\"\n\nvar now = time.Now()\n"),
		"metrics/long.go":            file(long),
		"metrics/long_test.go":       file(long),
		"connectors/csv_map.go":      imports("go.yaml.in/yaml/v3"),
		"connectors/github.go":       imports("go.yaml.in/yaml/v3"),
		"server/store.go":            imports(module + "/store"),
		"server/views.go":            imports(module+"/server/views", "github.com/labstack/echo/v4/middleware"),
		"server/echo5.go":            imports("github.com/labstack/echo/v4x"),
		"store/up.go":                imports(module + "/metrics"),
		"cmd/evenkeel/main.go":       file("package main\n\nimport \"time\"\n\nvar now = time.Now()\n"),
		"util/strings.go":            file("package util\n"),
		"config/later.go":            file("package x\n\n// " + "TO" + "DO: later.\n"),
		"frontend/node_modules/x.go": imports("gorm.io/gorm"),
		"config/testdata/x.go":       file("not Go"),
		"flags/hook/go.mod":          file("module x\n"),
		"flags/hook/hook.go":         imports("gorm.io/gorm"),
	}, picture())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`config/later.go: holds "` + "TO" + `DO"`,
		"connectors/github.go: imports go.yaml.in/yaml/v3",
		"metrics/clock.go:5:11: reads the clock with time.Now",
		"metrics/cmd_test.go: imports " + module + "/cmd/evenkeel",
		"metrics/gorm.go: imports gorm.io/gorm",
		"metrics/gorm_test.go: imports gorm.io/gorm",
		"metrics/long.go: function long is 102 lines long; at most 100",
		"metrics/net.go: imports net/http",
		"metrics/sibling.go: imports " + module + "/slo",
		"root.go: imports github.com/google/go-cmp/cmp",
		"server/echo5.go: imports github.com/labstack/echo/v4x",
		"server/store.go: imports " + module + "/store",
		"store/up.go: imports " + module + "/metrics",
		`util/strings.go: folder "util" is not in the picture of arch_test.go`,
	}
	if diff := gocmp.Diff(want, broken); diff != "" {
		t.Errorf("found (-want +got)\n%s", diff)
	}
	if files != 21 {
		t.Errorf("%d files were looked at", files)
	}
}
