package pull_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/evenkeel-dev/evenkeel/server/pull"
)

// TestReplicasShareTheQueue runs two processes on one database, with real
// queues, and takes all jobs away once: everything is read all the same.
func TestReplicasShareTheQueue(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		for number := 1; number <= 25; number++ {
			o.deployed(number)
		}
		if err := o.run(2, func() bool { return o.deployments() == 25 && o.complete() }); err != nil {
			t.Fatal(err)
		}
		if err := o.exec("DELETE FROM river_job"); err != nil {
			t.Fatal(err)
		}
		if err := o.clock.Sleep(t.Context(), time.Hour); err != nil {
			t.Fatal(err)
		}
		o.deployed(26)
		if err := o.run(2, func() bool { return o.deployments() == 26 }); err != nil {
			t.Fatal(err)
		}
	})
}

func (o *office) complete() bool {
	streams := o.streams()
	for name, s := range streams {
		if name != "" && !s.Complete {
			return false
		}
	}
	return len(streams) > 1
}

// run runs processes until something holds.
func (o *office) run(processes int, holds func() bool) error {
	ctx, cancel := context.WithTimeout(o.t.Context(), time.Minute)
	defer cancel()
	ended := make(chan error, processes)
	for i := range processes {
		s := o.store
		if i > 0 {
			s = o.open()
		}
		sqlite, postgres, err := s.Queue()
		if err != nil {
			return err
		}
		go func() { ended <- pull.Run(ctx, o.reading(s), pull.Database{SQLite: sqlite, Postgres: postgres}) }()
	}
	held := false
	for ctx.Err() == nil && !held {
		if held = holds(); !held {
			time.Sleep(50 * time.Millisecond)
		}
	}
	cancel()
	var err error
	for range processes {
		err = errors.Join(err, <-ended)
	}
	if !held {
		err = errors.Join(err, fmt.Errorf("it did not come true; streams: %v\n%s", o.streams(), o.log))
	}
	return err
}

// exec runs a statement on the database itself.
func (o *office) exec(statement string) error {
	sqlite, postgres, err := o.store.Queue()
	if err != nil {
		return err
	}
	if sqlite != nil {
		_, err = sqlite.ExecContext(o.t.Context(), statement)
		return err
	}
	connection, err := pgx.Connect(o.t.Context(), postgres)
	if err != nil {
		return err
	}
	_, err = connection.Exec(o.t.Context(), statement)
	return errors.Join(err, connection.Close(o.t.Context()))
}
