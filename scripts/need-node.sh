#!/usr/bin/env bash
# Says what is missing if Node is not there or too old.
set -euo pipefail
if ! command -v npm >/dev/null; then
	echo "The interface needs Node 20.19 or newer with npm; 'go build ./...' works without." >&2
	exit 1
fi
node -e 'const [a, b] = process.versions.node.split(".").map(Number);
if (a < 20 || (a === 20 && b < 19)) { console.error(`The interface needs Node 20.19 or newer; this is ${process.versions.node}.`); process.exit(1) }'
