package main

import (
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progress draws a bar on a terminal and nothing elsewhere.
type progress struct {
	bar   *progressbar.ProgressBar
	total int
}

// progress starts a bar whose total is not known yet.
func (p *Process) progress(label string) *progress {
	out := io.Discard
	if p.interactive() {
		out = p.Stderr
	}
	bar := progressbar.NewOptions(-1,
		progressbar.OptionSetWriter(out), progressbar.OptionSetDescription(label), progressbar.OptionShowCount(),
		progressbar.OptionShowIts(), progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish(),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionSetSpinnerChangeInterval(0), // It is drawn by set alone.
	)
	return &progress{bar: bar}
}

// set moves the bar; a total of 0 or less is not known.
func (b *progress) set(done, total int) {
	if total > 0 && total != b.total {
		b.total = total
		b.bar.ChangeMax(total)
	}
	_ = b.bar.Set(done)
}

func (b *progress) finish() { _ = b.bar.Finish() }
