package store_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

// importInto is the environment variable that makes this test binary a
// process which imports into a database until it is killed.
const importInto = "EVENKEEL_TEST_IMPORT_INTO"

func crashHistory() []evenkeel.Event { return history(480, true) }

func TestChildImports(t *testing.T) {
	dsn := os.Getenv(importInto)
	if dsn == "" {
		t.Skip("a part of TestAKilledImport")
	}
	w := open(t, dsn).In("acme")
	for i, piece := 0, crashHistory(); len(piece) > 0; i++ {
		n := min(17, len(piece))
		record(t, w, piece[:n]...)
		piece = piece[n:]
		fmt.Println("piece", i)
	}
}

// TestAKilledImport kills a process while it imports, at several moments, and
// imports again: the store must be whole after each kill, and in the end be
// equal to one that was never interrupted.
func TestAKilledImport(t *testing.T) {
	t.Parallel()
	for name, dsn := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			where, calm := dsn(t), dsn(t)
			killed, whole := open(t, where), open(t, calm)
			for _, s := range []*store.Store{killed, whole} {
				ensure(t, s, "acme")
				register(t, s.In("acme"), "service-1", "repo:github.com/acme/service-1")
			}
			record(t, whole.In("acme"), crashHistory()...)
			for _, moment := range []int{0, 3, 25} {
				killAt(t, importInto, where, moment)
				checkWhole(t, killed.In("acme"))
			}
			record(t, killed.In("acme"), crashHistory()...)
			checkWhole(t, killed.In("acme"))
			if diff := cmp.Diff(anonymous(view(t, whole.In("acme"))), anonymous(view(t, killed.In("acme")))); diff != "" {
				t.Errorf("(-never killed +killed)\n%s", diff)
			}
		})
	}
}

// anonymous hides names of persons, which are hashed under keys that differ.
func anonymous(v everything) everything {
	for slug, text := range v.Facts {
		v.Facts[slug] = withoutAuthors(text)
	}
	for _, c := range v.Changes {
		for i := range c.Value.Reviews {
			c.Value.Reviews[i].Author = ""
		}
	}
	for i, e := range v.Entries {
		v.Entries[i].Fields = []byte(withoutAuthors(string(e.Fields)))
	}
	return v
}

// killAt starts this binary's child test that a variable names and kills it
// some moments after a piece is done, so that it is within the next one.
func killAt(t *testing.T, variable, dsn string, pieces int) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChild", "-test.v")
	child.Env = append(os.Environ(), variable+"="+dsn)
	output, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if lines.Text() == "piece "+strconv.Itoa(pieces) {
			break
		}
	}
	<-time.After(time.Duration(pieces%7) * time.Millisecond)
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := child.Wait(); err == nil {
		t.Fatal("the work was done before it could be killed")
	}
}

// checkWhole checks what every state of a store keeps to: revisions without
// gaps up to the counter, and facts that can be read and are all counted.
func checkWhole(t *testing.T, w *store.Workspace) {
	t.Helper()
	last := revision(t, w)
	revisions := must[[]evenkeel.Revision](t)(w.Revisions(t.Context(), 0, 10_000))
	if int64(len(revisions)) != last {
		t.Errorf("%d revisions, the counter is %d", len(revisions), last)
	}
	v := view(t, w)
	counted := 0
	for _, u := range v.Unclaimed {
		counted += u.Facts
	}
	for _, a := range v.Activity {
		for _, n := range a.Facts {
			counted += n
		}
	}
	if shown := len(v.Deployments) + len(v.Changes) + len(v.Incidents); shown != counted {
		t.Errorf("%d facts are shown, %d counted", shown, counted)
	}
}
