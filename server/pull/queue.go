package pull

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/measure"
)

const (
	// dueInterval is how often one of the processes looks which streams are due.
	dueInterval = 10 * time.Second
	// maxDue is how many streams are handed out at once.
	maxDue = 10_000
	// readTimeout is how long one job reads; the next one goes on.
	readTimeout = 5 * time.Minute
	// workers is how many streams one process reads at a time, and how many shares
	// of service levels it measures.
	workers = 4
	// measureQueue holds what is measured, which does not wait for what vendors
	// have to tell of years.
	measureQueue = "measure"
	// shares is into how many jobs the service levels of one connection are
	// divided: processes share them, and none is measured twice.
	shares = 16
	// rescueAfter is after how long what a process was doing that has died is
	// taken up by another.
	rescueAfter = readTimeout + time.Minute
)

// readJob says that a stream is to be read.
type readJob struct {
	Workspace  string `json:"workspace"`
	Connection string `json:"connection"`
	Stream     string `json:"stream"`
}

// Kind implements river.JobArgs.
func (readJob) Kind() string { return "read_stream" }

// InsertOpts makes a stream be read once at a time.
func (readJob) InsertOpts() river.InsertOpts { return onceAtATime() }

// measureJob says that a share of the service levels of a connection is to be
// measured: those that are due.
type measureJob struct {
	Workspace  string   `json:"workspace"  river:"unique"`
	Connection string   `json:"connection" river:"unique"`
	Share      uint32   `json:"share"      river:"unique"`
	Streams    []string `json:"streams"`
}

// Kind implements river.JobArgs.
func (measureJob) Kind() string { return "measure_service_levels" }

// InsertOpts makes a share be measured once at a time, whatever else is read.
func (measureJob) InsertOpts() river.InsertOpts {
	o := onceAtATime()
	o.Queue = measureQueue
	return o
}

// onceAtATime makes one job of equal arguments at a time, which the queue itself
// never repeats: where reading stands, and when it goes on, lies in streams.
func onceAtATime() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
	}}}
}

// jobsOf are the jobs for streams that are due.
func jobsOf(due []evenkeel.Stream) (jobs []river.InsertManyParams) {
	type share struct {
		workspace, connection string
		number                uint32
	}
	measuring := map[share][]string{}
	for _, s := range due {
		if measure.DefinitionIn(s.Name) == "" {
			jobs = append(jobs, river.InsertManyParams{Args: readJob{Workspace: s.Workspace, Connection: s.Connection, Stream: s.Name}})
			continue
		}
		sum := fnv.New32a()
		_, _ = sum.Write([]byte(s.Name))
		of := share{s.Workspace, s.Connection, sum.Sum32() % shares}
		measuring[of] = append(measuring[of], s.Name)
	}
	for of, names := range measuring {
		jobs = append(jobs, river.InsertManyParams{Args: measureJob{of.workspace, of.connection, of.number, names}})
	}
	return jobs
}

// dueJob says that somebody is to look which streams are due.
type dueJob struct{}

// Kind implements river.JobArgs.
func (dueJob) Kind() string { return "find_due_streams" }

// InsertOpts makes one process at a time look.
func (dueJob) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByPeriod: dueInterval}}
}

// Database is where the jobs lie: beside the facts.
type Database struct {
	// SQLite is the one writing connection of a SQLite store, or nil.
	SQLite *sql.DB
	// Postgres is the address of a PostgreSQL store.
	Postgres string
}

// Run reads streams until the context ends, which is no error. Several
// processes may do it on one database.
func Run(ctx context.Context, r *Reader, d Database) error {
	if err := d.run(ctx, r); ctx.Err() == nil {
		return err
	}
	return nil
}

func (d Database) run(ctx context.Context, r *Reader) error {
	if d.SQLite != nil {
		return run(ctx, r, riversqlite.New(d.SQLite))
	}
	pool, err := pgxpool.New(ctx, d.Postgres)
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	defer pool.Close()
	return run(ctx, r, riverpgxv5.New(pool))
}

func run[T any](ctx context.Context, r *Reader, driver riverdriver.Driver[T]) error {
	if err := migrate(ctx, driver); err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	worker := river.NewWorkers()
	river.AddWorker(worker, river.WorkFunc(func(ctx context.Context, job *river.Job[readJob]) error {
		if err := r.Read(ctx, job.Args.Workspace, job.Args.Connection, job.Args.Stream); !gone(err) {
			return err
		}
		return nil
	}))
	river.AddWorker(worker, river.WorkFunc(func(ctx context.Context, job *river.Job[measureJob]) error {
		if err := r.Measure(ctx, job.Args.Workspace, job.Args.Connection, job.Args.Streams); !gone(err) {
			return err
		}
		return nil
	}))
	river.AddWorker(worker, river.WorkFunc(func(ctx context.Context, _ *river.Job[dueJob]) error { return handOut[T](ctx, r) }))
	client, err := river.NewClient(driver, &river.Config{
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: workers}, measureQueue: {MaxWorkers: workers}}, Workers: worker, JobTimeout: readTimeout, RescueStuckJobsAfter: rescueAfter,
		Logger:       slog.New(quiet{r.Logger.Handler()}),
		PeriodicJobs: []*river.PeriodicJob{river.NewPeriodicJob(river.PeriodicInterval(dueInterval), func() (river.JobArgs, *river.InsertOpts) { return dueJob{}, nil }, &river.PeriodicJobOpts{RunOnStart: true})},
	})
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	if err := client.Start(ctx); err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	<-ctx.Done()
	<-client.Stopped()
	return nil
}

// migrateAttempts is how often the tables of the queue are brought up to date:
// of several processes that start at once one does it, and the others fail
// until it has.
const migrateAttempts = 10

func migrate[T any](ctx context.Context, driver riverdriver.Driver[T]) error {
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	_, err = backoff.Retry(ctx, func() (*rivermigrate.MigrateResult, error) {
		return migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	}, backoff.WithBackOff(backoff.NewExponentialBackOff()), backoff.WithMaxTries(migrateAttempts))
	return err
}

// handOut makes a job of every stream that is due.
func handOut[T any](ctx context.Context, r *Reader) error {
	due, err := r.Due(ctx, maxDue)
	if err != nil || len(due) == 0 {
		return err
	}
	_, err = river.ClientFromContext[T](ctx).InsertMany(ctx, jobsOf(due))
	return err
}

// quiet passes on what the queue has to say from warnings on. That the stream
// of a job is gone, or read by another, is nothing to worry about, and neither is
// what it could not finish because it was told to end.
type quiet struct{ slog.Handler }

func (q quiet) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && !errors.Is(ctx.Err(), context.Canceled) && q.Handler.Enabled(ctx, level)
}

// gone says that there was nothing left to read.
func gone(err error) bool {
	return errors.Is(err, evenkeel.ErrNotFound) || errors.Is(err, evenkeel.ErrConflict)
}
