package main

import (
	"io"

	"github.com/schollz/progressbar/v3"
)

// progress draws a bar on a terminal and nothing elsewhere.
type progress struct {
	bar   *progressbar.ProgressBar
	total int
}

// progress starts a bar; a negative total is unknown.
func (p *Process) progress(label string, total int) *progress {
	out := io.Discard
	if p.interactive() {
		out = p.Stderr
	}
	bar := progressbar.NewOptions(total,
		progressbar.OptionSetWriter(out), progressbar.OptionSetDescription(label), progressbar.OptionShowCount(),
		progressbar.OptionShowIts(), progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(100_000_000),
	)
	return &progress{bar: bar, total: total}
}

// set moves the bar; a negative total leaves the total as it is.
func (b *progress) set(done, total int) {
	if total > 0 && total != b.total {
		b.total = total
		b.bar.ChangeMax(total)
	}
	_ = b.bar.Set(done)
}

func (b *progress) finish() { _ = b.bar.Finish() }
