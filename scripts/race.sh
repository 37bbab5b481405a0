#!/usr/bin/env bash
# Runs tests under the race detector, which needs cgo and so a C compiler. What
# is right is found by 'make test', which runs every test of every package; this
# run looks for races only:
#
# - Packages whose files, tests included, start no goroutine, hold no lock and
#   speak to no server are left out. Packages cannot share variables with others
#   (the linter forbids globals), and what they do for others is instrumented there.
# - Properties are tried ten times, and tests that take -short are brief: one
#   try races as well as a hundred.
# - The SQLite driver is C translated to Go; instrumented, it is thirty times
#   slower, and no code of ours is in it. So it is built without instrumentation
#   wherever a test uses a real store, and with it for one small test of the store.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh gcc prometheus prometheus-alertmanager
if ! command -v "${CC:-gcc}" >/dev/null; then
	echo "skipped: the race detector, no C compiler"
	exit 0
fi
export CGO_ENABLED=1

# What starts goroutines or is for several. A value that is made once and then
# only read (sync.OnceValue) needs no lock of its user.
concurrent='(^|[{;])[[:space:]]*go |\.Go\(|AfterFunc\(|sync\.(Mutex|RWMutex|Once\b|Map|Pool|Cond|WaitGroup)|"sync/atomic"|"golang.org/x/sync|"net/http|"os/exec"|/store/storetest"'

properties=() others=() none=()
while read -r package; do
	if ! grep -qE "$concurrent" "$package"/*.go; then
		none+=("$package")
	elif grep -qF '"pgregory.net/rapid"' "$package"/*.go; then
		properties+=("$package")
	else
		others+=("$package")
	fi
done < <(scripts/packages-with.sh 'func Test')
echo "no goroutines: ${none[*]}"
[[ " ${properties[*]} " == *" ./store "* && " ${others[*]} " == *" ./server "* ]] || { echo "race: packages with goroutines are not found"; exit 1; }

race=(go test -race -shuffle=on -short -timeout 30m -gcflags='modernc.org/...=-race=false')
"${race[@]}" "${others[@]}"
"${race[@]}" "${properties[@]}" -rapid.checks=10

smoke=TestRecordingAgainChangesNothing
grep -q "^func $smoke(" store/*_test.go || { echo "race: the smoke test $smoke is gone from store"; exit 1; }
go test -race -timeout 15m -run "^$smoke\$" ./store
