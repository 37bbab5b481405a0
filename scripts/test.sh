#!/usr/bin/env bash
# Runs every test. A part that this machine cannot run is skipped with one
# line, which is an error with EVENKEEL_REQUIRE_ALL=1.
set -euo pipefail
cd "$(dirname "$0")/.."
export CGO_ENABLED=0

skip() {
	echo "skipped: $*"
	[[ ${EVENKEEL_REQUIRE_ALL:-} != 1 ]] || exit 1
}

scripts/setup.sh postgresql chromium prometheus prometheus-alertmanager

echo "== Go"
go test -timeout 15m ./...

# The zone is no part of the key of cached test results. A wrong zone is wrong
# for nearly every history, so fewer are tried than above.
echo "== Go, in another time zone"
TZ=Asia/Tokyo go test -count=1 -timeout 15m . ./store -rapid.checks=20

echo "== interface"
if command -v npm >/dev/null; then
	make frontend
	(cd frontend && npm run --silent typecheck && npm test --silent)
else
	skip "tests of the interface, no Node"
fi

if [[ -f frontend/e2e/run.mjs ]]; then
	echo "== browser"
	if ! command -v npm >/dev/null; then
		skip "browser tests, no Node"
	elif [[ -z ${EVENKEEL_CHROMIUM:-} ]] && ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null && ! command -v google-chrome >/dev/null; then
		skip "browser tests, no Chromium"
	else
		make build
		node frontend/e2e/run.mjs
	fi
fi
echo "all tests passed"
