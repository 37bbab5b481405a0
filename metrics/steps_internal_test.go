package metrics

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

func lineID(n int) (s evenkeel.SHA) {
	binary.BigEndian.PutUint64(s[:], uint64(n+1)*0x9e3779b97f4a7c15)
	binary.BigEndian.PutUint32(s[8:], uint32(n))
	return s
}

// line is one application with so many changes of four commits, numbered from
// one on; every fourth is deployed, and an incident follows every twentieth
// deployment.
func line(from, changes int) (Input, []evenkeel.Node) {
	const repository = "example.com/line"
	in := Input{Application: "line"}
	var nodes []evenkeel.Node
	for i := from; i < from+changes; i++ {
		at := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i-from) * (365 * 24 * time.Hour / time.Duration(changes)))
		c := evenkeel.Change{Repository: repository, Number: i + 1, OpenedAt: at, MergedAt: at.Add(time.Hour), Base: "main"}
		for k := range 4 {
			n := evenkeel.Node{SHA: lineID(4*i + k), Authored: at, Committed: at}
			if i > from || k > 0 {
				n.Parents = []evenkeel.SHA{lineID(4*i + k - 1)}
			}
			nodes = append(nodes, n)
			c.Commits = append(c.Commits, evenkeel.ChangeCommit{SHA: n.SHA.Hex(), AuthoredAt: at})
		}
		c.MergeCommit = lineID(4*i + 3).Hex()
		in.Changes = append(in.Changes, lineFact(evenkeel.KindChange, i, c))
		if i%4 == 3 {
			in.Deployments = append(in.Deployments, lineFact(evenkeel.KindDeployment, i, evenkeel.Deployment{
				Environment: "production", Status: evenkeel.StatusSuccess, Repository: repository, Commit: c.MergeCommit, FinishedAt: at.Add(2 * time.Hour),
			}))
		}
		if i%80 == 79 {
			in.Incidents = append(in.Incidents, lineFact(evenkeel.KindIncident, i, evenkeel.Incident{OpenedAt: at.Add(3 * time.Hour), ResolvedAt: at.Add(4 * time.Hour)}))
		}
	}
	return in, nodes
}

func lineFact[T any](k evenkeel.Kind, n int, v T) evenkeel.Fact[T] {
	return evenkeel.Fact[T]{ID: evenkeel.FactID(k, fmt.Sprint(n)), Source: "bench", ExternalID: fmt.Sprint(n), Value: v}
}

// stepClock adds up the processor time that each step takes, garbage collection
// included: other programs distort it less than time on the wall.
type stepClock struct {
	last  time.Duration
	spent map[string]time.Duration
}

func (c *stepClock) start() { c.last = processorTime() }

func (c *stepClock) done(step string) {
	now := processorTime()
	c.spent[step] += now - c.last
	c.last = now
}

// processorTime is what the process has used so far; 0 where nobody tells.
func processorTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// derive runs all steps on one application.
func (c *stepClock) derive(in Input, nodes []evenkeel.Node) (size int) {
	c.start()
	in.Graphs = map[string]*evenkeel.Graph{"example.com/line": evenkeel.NewGraph(nodes)}
	c.done("graph-ms")
	d := newDerivation(in, evenkeel.DefaultPolicy())
	d.read()
	c.done("sort-ms")
	d.ship()
	c.done("ship-ms")
	d.fail()
	d.redo()
	c.done("fail-ms")
	out := d.derived()
	c.done("columns-ms")
	size = len(out.Pack())
	c.done("pack-ms")
	return size
}

// stepSizes are the numbers of changes to measure at: BENCH_SIZES, as in
// "10k,100k".
func stepSizes(b *testing.B) (sizes []int) {
	b.Helper()
	for word := range strings.SplitSeq(cmp.Or(os.Getenv("BENCH_SIZES"), "10k,100k"), ",") {
		n, err := strconv.Atoi(strings.NewReplacer("k", "000", "M", "000000").Replace(strings.TrimSpace(word)))
		if err != nil {
			b.Fatalf("BENCH_SIZES: %q is not a number such as 10k", word)
		}
		sizes = append(sizes, n)
	}
	return sizes
}

// BenchmarkSteps times each step of deriving, in milliseconds of the processor: of one
// application with all changes (at most 100,000), and of a company that has one
// for every 500. The least of repeats is told. Ten times the data may take at
// most twelve times as long in each.
func BenchmarkSteps(b *testing.B) {
	for _, changes := range stepSizes(b) {
		if changes <= 100_000 {
			b.Run(fmt.Sprintf("application/changes=%d", changes), func(b *testing.B) { benchSteps(b, changes, changes) })
		}
		b.Run(fmt.Sprintf("company/changes=%d", changes), func(b *testing.B) { benchSteps(b, changes, 500) })
	}
}

func benchSteps(b *testing.B, changes, each int) {
	b.Helper()
	in, nodes := line(0, each)
	least := map[string]time.Duration{}
	for b.Loop() {
		c := stepClock{spent: map[string]time.Duration{}}
		for from := 0; from < changes; from += each {
			if changes > each { // An application is read, derived and forgotten.
				in, nodes = line(from, each)
			}
			if c.derive(in, nodes) == 0 {
				b.Fatal("nothing was derived")
			}
		}
		for step, t := range c.spent {
			if best, ok := least[step]; !ok || t < best {
				least[step] = t
			}
		}
	}
	for step, t := range least {
		b.ReportMetric(float64(t.Microseconds())/1000, step)
	}
}
