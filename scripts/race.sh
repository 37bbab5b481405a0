#!/usr/bin/env bash
# Runs tests under the race detector, which needs cgo and so a C compiler.
# The SQLite driver is generated code of 200,000 lines; it is left out of the
# instrumentation, so that tests on a real store stay quick, and is watched in
# one small test of the store only.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh gcc
if ! command -v "${CC:-gcc}" >/dev/null; then
	echo "skipped: the race detector, no C compiler"
	exit 0
fi
export CGO_ENABLED=1
go test -race -shuffle=on -timeout 15m -gcflags='modernc.org/...=-race=false' \
	. ./config ./connectors ./demo ./metrics ./server/... ./cmd/...
go test -race -timeout 15m -run '^TestSmoke' ./store
