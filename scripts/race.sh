#!/usr/bin/env bash
# Runs tests under the race detector, which needs cgo and so a C compiler.
#
# The SQLite driver is C translated to Go; instrumented, it is thirty times
# slower, and no code of ours is in it. So it is built without instrumentation
# wherever a test uses a real store, and with it for one small test of the store.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh gcc prometheus prometheus-alertmanager
if ! command -v "${CC:-gcc}" >/dev/null; then
	echo "skipped: the race detector, no C compiler"
	exit 0
fi
export CGO_ENABLED=1
go test -race -shuffle=on -timeout 30m -gcflags='modernc.org/...=-race=false' \
	. ./config ./connectors/... ./demo ./metrics/... ./server/... ./slo/... ./store ./cmd/...

smoke=TestRecordingAgainChangesNothing
grep -q "^func $smoke(" store/*_test.go || { echo "race: the smoke test $smoke is gone from store"; exit 1; }
go test -race -timeout 15m -run "^$smoke\$" ./store
