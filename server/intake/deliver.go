package intake

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	// batchDeliveries, batchBytes and batchEvents bound what one transaction
	// takes, so that it stays short. A delivery that is larger goes alone.
	batchDeliveries = 256
	batchBytes      = 16 << 20
	batchEvents     = 2000
	// maxWaiting and maxWaitingBytes bound what waits for its transaction.
	maxWaiting      = 2048
	maxWaitingBytes = 64 << 20
	// commitTimeout is how long one transaction may take.
	commitTimeout = 30 * time.Second
)

// ErrBusy says that a delivery was not taken because too many wait already,
// or because the server stops. It may be sent again.
var ErrBusy = errors.New("too many deliveries wait to be kept; send it again")

// Deliver keeps deliveries of one workspace in one transaction.
type Deliver func(ctx context.Context, workspace string, deliveries []evenkeel.Delivery) ([]evenkeel.Delivered, error)

// Committer keeps deliveries of many senders in few transactions: while one
// runs, arrivals wait, and the next takes all of them. A sender alone waits
// for nobody. It is safe for concurrent use; Run does the work.
type Committer struct {
	deliver Deliver
	logger  *slog.Logger
	// arrived holds one signal when something waits.
	arrived chan struct{}

	mu      sync.Mutex
	waiting []*submission
	bytes   int
	stopped bool
}

// submission is one delivery whose sender waits.
type submission struct {
	ctx       context.Context //nolint:containedctx // Tells whether the sender still waits.
	workspace string
	delivery  evenkeel.Delivery
	done      chan verdict
}

type verdict struct {
	delivered evenkeel.Delivered
	err       error
}

// NewCommitter makes a committer over the store.
func NewCommitter(deliver Deliver, logger *slog.Logger) *Committer {
	return &Committer{deliver: deliver, logger: logger, arrived: make(chan struct{}, 1)}
}

// Submit keeps a delivery and returns once it is durable. When the context
// ends first the delivery may be kept nevertheless; sending it again is
// harmless. ErrBusy is returned at once.
func (c *Committer) Submit(ctx context.Context, workspace string, delivery evenkeel.Delivery) (evenkeel.Delivered, error) {
	s := &submission{ctx: ctx, workspace: workspace, delivery: delivery, done: make(chan verdict, 1)}
	if !c.enqueue(s) {
		return evenkeel.Delivered{}, ErrBusy
	}
	select {
	case v := <-s.done:
		return v.delivered, v.err
	case <-ctx.Done():
		return evenkeel.Delivered{}, ctx.Err()
	}
}

func (c *Committer) enqueue(s *submission) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	size := len(s.delivery.Body)
	if c.stopped || len(c.waiting) >= maxWaiting || c.bytes+size > maxWaitingBytes {
		return false
	}
	c.waiting = append(c.waiting, s)
	c.bytes += size
	select {
	case c.arrived <- struct{}{}:
	default:
	}
	return true
}

// Waiting is how many deliveries wait for their transaction.
func (c *Committer) Waiting() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.waiting)
}

// Run keeps what is submitted until the context ends. Then it takes nothing
// more, keeps what waits and returns.
func (c *Committer) Run(ctx context.Context) error {
	work := context.WithoutCancel(ctx)
	for {
		select {
		case <-c.arrived:
			c.commitAll(work)
		case <-ctx.Done():
			c.mu.Lock()
			c.stopped = true
			c.mu.Unlock()
			c.commitAll(work)
			return nil
		}
	}
}

func (c *Committer) commitAll(ctx context.Context) {
	for batch := c.take(); len(batch) > 0; batch = c.take() {
		for _, group := range byWorkspace(batch) {
			c.commit(ctx, group)
		}
	}
}

// take removes the next batch from the queue, oldest first.
func (c *Committer) take() []*submission {
	c.mu.Lock()
	defer c.mu.Unlock()
	n, bytes, events := 0, 0, 0
	for _, s := range c.waiting[:min(len(c.waiting), batchDeliveries)] {
		bytes, events = bytes+len(s.delivery.Body), events+len(s.delivery.Events)
		if n > 0 && (bytes > batchBytes || events > batchEvents) {
			break
		}
		n++
	}
	batch := c.waiting[:n:n]
	if c.waiting = c.waiting[n:]; len(c.waiting) == 0 {
		c.waiting = nil
	}
	for _, s := range batch {
		c.bytes -= len(s.delivery.Body)
	}
	return batch
}

// byWorkspace splits a batch; the order within a workspace stays.
func byWorkspace(batch []*submission) [][]*submission {
	var groups [][]*submission
	at := map[string]int{}
	for _, s := range batch {
		i, ok := at[s.workspace]
		if !ok {
			i = len(groups)
			at[s.workspace], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], s)
	}
	return groups
}

// commit keeps deliveries of one workspace. When that fails each is tried by
// itself, so that one which cannot be kept takes no other with it.
func (c *Committer) commit(ctx context.Context, group []*submission) {
	delivered, err := c.try(ctx, group)
	switch {
	case err == nil:
		for i, s := range group {
			s.done <- verdict{delivered: delivered[i]}
		}
	case len(group) == 1:
		c.fail(ctx, group[0], err)
	default:
		c.logger.WarnContext(ctx, "deliveries are kept one by one", slog.Int("deliveries", len(group)), slog.Any("err", err))
		for i, s := range group {
			if s.ctx.Err() == nil {
				c.commit(ctx, group[i:i+1])
			}
		}
	}
}

func (c *Committer) fail(ctx context.Context, s *submission, err error) {
	c.logger.ErrorContext(ctx, "delivery not kept", slog.String("connection", s.delivery.Connection),
		slog.String("event", s.delivery.Event), slog.Int("bytes", s.delivery.Size), slog.Any("err", err))
	s.done <- verdict{err: err}
}

// try runs one transaction. A panic within it is an error of its deliveries.
func (c *Committer) try(ctx context.Context, group []*submission) (delivered []evenkeel.Delivered, err error) {
	ctx, cancel := context.WithTimeout(ctx, commitTimeout)
	defer cancel()
	defer func() {
		if cause := recover(); cause != nil {
			c.logger.ErrorContext(ctx, "keeping deliveries failed", slog.String("panic", panicText(cause)), slog.String("stack", string(debug.Stack())))
			delivered, err = nil, errors.New("keeping the delivery failed in the program")
		}
	}()
	deliveries := make([]evenkeel.Delivery, len(group))
	for i, s := range group {
		deliveries[i] = s.delivery
	}
	delivered, err = c.deliver(ctx, group[0].workspace, deliveries)
	if err == nil && len(delivered) != len(group) {
		err = fmt.Errorf("%d deliveries were handed over and %d kept", len(group), len(delivered))
	}
	return delivered, err
}
