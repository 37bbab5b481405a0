#!/usr/bin/env bash
# Checks that need no test to run: format, linters, sizes, modules, licences, and that
# the page asks nobody else for anything.
set -euo pipefail
cd "$(dirname "$0")/.."
export CGO_ENABLED=0

skip() {
	echo "skipped: $*"
	[[ ${EVENKEEL_REQUIRE_ALL:-} != 1 ]] || exit 1
}

echo "== go vet"
go vet ./...

echo "== golangci-lint"
linter=bin/golangci-lint
if [[ ! -x $linter || tools/go.mod -nt $linter ]]; then
	echo "building $linter, once; this takes some minutes"
	go build -C tools -trimpath -o "../$linter" github.com/golangci/golangci-lint/v2/cmd/golangci-lint || rm -f "$linter"
fi
if [[ -x $linter ]]; then
	"$linter" config verify
	"$linter" run
else
	skip "golangci-lint could not be built; gofmt instead"
	unformatted=$(git ls-files '*.go' | xargs gofmt -l)
	[[ -z $unformatted ]] || { echo "not formatted: $unformatted"; exit 1; }
fi

echo "== what is kept"
large=$(git ls-tree -r -l HEAD | awk '$4 > 1048576 { print $5 }')
[[ -z $large ]] || { echo "over 1 MiB, and so hardly a source: $large"; exit 1; }

echo "== go mod tidy"
go mod tidy -diff

echo "== interface"
if command -v npm >/dev/null; then
	make frontend/node_modules/.installed
	(cd frontend && npm run --silent lint)
else
	skip "linters of the interface, no Node"
fi

echo "== licences"
scripts/licences.sh

echo "== no requests to other hosts"
scripts/no-network.sh
echo "all checks passed"
