#!/usr/bin/env bash
# Refuses a library whose licence is not a permissive one (or MPL-2.0, which
# asks for the source of its own files only).
set -euo pipefail
cd "$(dirname "$0")/.."

status=0
while read -r module folder; do
	text=$(cat "$folder"/LICENSE* "$folder"/LICENCE* "$folder"/COPYING* "$folder"/License* 2>/dev/null || true)
	case $text in
	*"GNU GENERAL PUBLIC"* | *"GNU AFFERO"* | *"GNU LESSER"*) found="" ;;
	*"Apache License"* | *"Permission is hereby granted, free of charge"* | *"Redistribution and use in source and binary forms"*) found=yes ;;
	*"Permission to use, copy, modify"* | *"Mozilla Public License"*) found=yes ;;
	*) found="" ;;
	esac
	if [[ -z $found ]]; then
		echo "licence of $module is not known to be permissive ($folder)"
		status=1
	fi
done < <(go list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Dir}}{{end}}{{end}}' ./cmd/... | sort -u)

if command -v node >/dev/null && [[ -f frontend/package-lock.json ]]; then
	node - <<'JS' || status=1
const lock = JSON.parse(require("fs").readFileSync("frontend/package-lock.json", "utf8"));
const good = new Set(["MIT", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "BlueOak-1.0.0", "Unlicense", "CC0-1.0"]);
let bad = 0;
for (const [name, entry] of Object.entries(lock.packages)) {
  if (!name || entry.dev || entry.devOptional) continue;
  const names = String(entry.license ?? "none").replace(/[()]/g, "").split(/ OR /);
  if (!names.some((one) => one.split(/ AND /).every((part) => good.has(part)))) {
    console.log(`licence of ${name} is ${entry.license ?? "not given"}`);
    bad++;
  }
}
process.exit(bad ? 1 : 0);
JS
fi
exit $status
