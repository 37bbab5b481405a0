#!/usr/bin/env bash
# Runs the benchmarks and prints a table; the raw lines are kept in
# bin/bench.txt for benchstat. BENCH selects benchmarks by name, BENCH_SIZES the
# numbers of changes of the large companies (10k,100k shortens). At the end stand
# the ratios between sizes of this run, which a busy machine distorts least.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t packages < <(scripts/packages-with.sh 'func Benchmark' | grep -E '^\./(metrics|slo|store|connectors|demo|server)(/|$)')
[[ ${#packages[@]} -gt 0 ]] || { echo "no benchmarks"; exit 0; }
mkdir -p bin
export BENCH_SIZES="${BENCH_SIZES:-10k,100k,1M}"
go test -run '^$' -bench "${BENCH:-.}" -benchmem -timeout 120m "${packages[@]}" | tee bin/bench.txt | awk '
function human(ns) {
	if (ns >= 1e9) return sprintf("%.2f s", ns / 1e9)
	if (ns >= 1e6) return sprintf("%.1f ms", ns / 1e6)
	if (ns >= 1e3) return sprintf("%.1f µs", ns / 1e3)
	return sprintf("%.0f ns", ns)
}
/^cpu:/ && !cpu++ { print }
/^pkg:/ { n = split($2, part, "/"); printf "\n%s\n", part[n] }
/^Benchmark/ && NF > 3 {
	name = $1; sub(/^Benchmark/, "", name); sub(/-[0-9]+$/, "", name)
	line = ""
	for (i = 3; i < NF; i += 2) {
		if ($(i + 1) == "ns/op") line = human($i) line
		else if ($(i + 1) == "B/op") line = line sprintf(", %.1f MiB", $i / 1048576)
		else line = line ", " $i " " $(i + 1)
	}
	printf "  %-52s %s\n", name, line
	fflush()
}
/FAIL|panic:/ { print }'
awk -f scripts/ratios.awk bin/bench.txt
