package server_test

import (
	"os"
	"testing"

	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// databases makes a store of each kind.
func databases() map[string]func(testing.TB) string {
	return map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres}
}
