#!/usr/bin/env bash
# Looks for resources that the page would load from another host.
set -euo pipefail
cd "$(dirname "$0")/.."

places=()
for place in frontend/index.html frontend/src frontend/public frontend/dist/index.html frontend/dist/app; do
	[[ ! -e $place ]] || places+=("$place")
done
[[ ${#places[@]} -gt 0 ]] || exit 0
pattern='<(script|img|iframe|source)[^>]*src="https?://|<link[^>]*href="https?://|url\(["'"'"']?https?://|@import ["'"'"']https?://|(fetch|import|EventSource|WebSocket)\(["'"'"'`](https?|wss?)://|sendBeacon\('
if grep -rEIno --include='*.html' --include='*.css' --include='*.js' --include='*.ts' --include='*.tsx' --include='*.svg' "$pattern" "${places[@]}"; then
	echo "the page must not load anything from another host"
	exit 1
fi
