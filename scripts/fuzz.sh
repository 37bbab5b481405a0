#!/usr/bin/env bash
# Runs each fuzz target for the given time and says how far it came.
set -euo pipefail
cd "$(dirname "$0")/.."

status=0
while read -r package; do
	for target in $(grep -ho '^func Fuzz[A-Za-z0-9_]*' "$package"/*_test.go | awk '{ print $2 }' | sort -u); do
		log=$(mktemp)
		if go test -run '^$' -fuzz "^$target\$" -fuzztime "$1" "$package" >"$log" 2>&1; then
			echo "$package $target: $(grep -o 'execs: [0-9]*' "$log" | tail -n 1)"
		else
			tail -n 30 "$log"
			status=1
		fi
		rm -f "$log"
	done
done < <(scripts/packages-with.sh 'func Fuzz')
exit $status
