package storetest

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // Registers the driver "pgx".
)

// superuser is the cluster's only role; it needs no password.
const superuser = "evenkeel"

// cluster is a PostgreSQL server of this process.
type cluster struct {
	folder string
	port   int
	server *exec.Cmd
	ended  chan struct{}
	output *bytes.Buffer
	next   atomic.Int64
	// migrated names the database with the tables of today.
	migrated func() (name string, err error)
}

// startCluster makes a cluster in a temporary folder and starts it on a free
// port of this machine. As root it runs as the user postgres, because
// PostgreSQL refuses root.
func startCluster(settings []string) (*cluster, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	as, err := unprivileged()
	if err != nil {
		return nil, err
	}
	c := &cluster{ended: make(chan struct{}), output: &bytes.Buffer{}}
	c.migrated = sync.OnceValues(c.migrate)
	if c.folder, err = os.MkdirTemp("", "evenkeel-postgres-"); err != nil {
		return nil, err
	}
	if err := c.launch(bin, as, settings); err != nil {
		return nil, errors.Join(err, os.RemoveAll(c.folder))
	}
	if err := c.ready(); err != nil {
		c.stop()
		return nil, fmt.Errorf("%w: %s", err, c.output)
	}
	return c, nil
}

// binaries finds the folder with initdb and postgres: that of the PATH, else
// the newest of Debian's.
func binaries() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(path), nil
		}
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errors.New("no initdb in PATH or /usr/lib/postgresql/*/bin; install PostgreSQL 14 or newer to run these tests")
	}
	version := func(path string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path)))) // 0 for a folder that is no version.
		return n
	}
	newest := slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })
	return filepath.Dir(newest), nil
}

// unprivileged is who the server runs as; nil is the user of this process.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil //nolint:nilnil // No credential is what exec calls the same user.
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("root may not run PostgreSQL: %w", err)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, err
}

func (c *cluster) launch(bin string, as *syscall.Credential, settings []string) error {
	if as != nil {
		if err := os.Chown(c.folder, int(as.Uid), int(as.Gid)); err != nil {
			return err
		}
	}
	data := filepath.Join(c.folder, "data")
	// Texts are ordered by language rules where the build knows them, as in
	// most production databases, so that nothing can rely on byte order.
	base := []string{"-D", data, "-U", superuser, "-A", "trust", "--no-sync", "--encoding=UTF8"}
	attempts := [][]string{{"--locale=C", "--locale-provider=icu", "--icu-locale=en-US"}, {"--locale=C"}}
	var err error
	for _, extra := range attempts {
		if err = c.run(filepath.Join(bin, "initdb"), as, append(slices.Clone(base), extra...)); err == nil {
			break
		}
		err = errors.Join(err, os.RemoveAll(data))
	}
	if err != nil {
		return err
	}
	if c.port, err = freePort(); err != nil {
		return err
	}
	arguments := []string{"-D", data, "-p", strconv.Itoa(c.port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=300"}
	for _, s := range settings {
		arguments = append(arguments, "-c", s)
	}
	c.server = c.command(filepath.Join(bin, "postgres"), as, arguments)
	started := make(chan error)
	go func() {
		// The kernel ends the server with the thread that started it, so this
		// thread must live as long.
		runtime.LockOSThread()
		err := c.server.Start()
		started <- err
		if err == nil {
			_ = c.server.Wait() // How it ended is in its output.
		}
		close(c.ended)
	}()
	return <-started
}

func (c *cluster) command(name string, as *syscall.Credential, arguments []string) *exec.Cmd {
	cmd := exec.Command(name, arguments...) //nolint:noctx // It lives as long as the process.
	cmd.Dir = c.folder
	cmd.Stdout, cmd.Stderr = c.output, c.output
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as, Pdeathsig: syscall.SIGQUIT, Setpgid: true}
	return cmd
}

func (c *cluster) run(name string, as *syscall.Credential, arguments []string) error {
	// The kernel must not end the command with a thread that Go retires.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := c.command(name, as, arguments).Run(); err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(name), err, c.output)
	}
	return nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // It is closed at once.
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil //nolint:forcetypeassert // TCP was asked for.
}

func (c *cluster) dsn(database string) string {
	return fmt.Sprintf("postgres://%s@127.0.0.1:%d/%s?sslmode=disable", superuser, c.port, database)
}

// ready waits until the server answers.
func (c *cluster) ready() error {
	const patience, pause = time.Minute, 20 * time.Millisecond
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	db, err := sql.Open("pgx", c.dsn("postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		if err = db.PingContext(ctx); err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-c.ended:
			return errors.New("the server ended")
		case <-ctx.Done():
			return fmt.Errorf("the server does not answer: %w", err)
		}
	}
}

// create makes a database without tables. It goes with the cluster.
func (c *cluster) create(ctx context.Context) (name string, err error) {
	return c.copy(ctx, "template0")
}

// createMigrated makes a database with the tables of today, which are made for
// the first one that asks.
func (c *cluster) createMigrated(ctx context.Context) (name string, err error) {
	template, err := c.migrated()
	if err != nil {
		return "", err
	}
	return c.copy(ctx, template)
}

// migrate makes the database that the others are copies of.
func (c *cluster) migrate() (name string, err error) {
	if name, err = c.create(context.Background()); err != nil {
		return "", err
	}
	return name, migrate(c.dsn(name))
}

func (c *cluster) copy(ctx context.Context, template string) (name string, err error) {
	db, err := sql.Open("pgx", c.dsn("postgres"))
	if err != nil {
		return "", err
	}
	defer db.Close()
	name = "test_" + strconv.FormatInt(c.next.Add(1), 10)
	if _, err := db.ExecContext(ctx, "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
		return "", fmt.Errorf("create a database: %w", err)
	}
	return name, nil
}

// stop ends the server and removes its folder.
func (c *cluster) stop() {
	if err := c.server.Process.Signal(syscall.SIGINT); err == nil {
		<-c.ended
	}
	_ = os.RemoveAll(c.folder) // A folder that stays is in the system's temporary folder.
}
