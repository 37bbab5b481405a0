# Prints, for every benchmark that was run at several numbers of changes, how each
# figure grows from one size to the next: the growth, and the size's own growth.
/^Benchmark.*changes=/ {
	name = $1; sub(/^Benchmark/, "", name); sub(/-[0-9]+$/, "", name)
	size = name; sub(/.*changes=/, "", size); size += 0
	sub(/\/?changes=[0-9]+$/, "", name)
	for (i = 3; i < NF; i += 2) {
		unit = $(i + 1)
		if (unit == "B/op" || unit == "allocs/op" || (unit == "ns/op" && name ~ /^(Scale|Enterprise|Steps|OneDeployment)/)) continue
		key = name SUBSEP unit
		if (key in last && size > sizes[key] && last[key] > 0)
			rows[++n] = sprintf("  %-44s %9d to %9d changes: %6.2f times  (%.4g to %.4g)", name " " unit, sizes[key], size, $i / last[key], last[key], $i)
		last[key] = $i; sizes[key] = size + 0
	}
}
END {
	if (!n) exit
	print "\ngrowth between sizes, of this run (at most 12 for ten times the data; a new deployment at most 1.5)"
	for (i = 1; i <= n; i++) print rows[i]
}
