package server_test

import (
	"os"
	"testing"

	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }
