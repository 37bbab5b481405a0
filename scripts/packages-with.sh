#!/usr/bin/env bash
# Lists the packages of this module whose tests hold a text.
set -euo pipefail
cd "$(dirname "$0")/.."
git ls-files -co --exclude-standard '*_test.go' | { xargs grep -lF -- "$1" || true; } | xargs -r -n1 dirname | sort -u | sed 's|^\.$|.|; s|^\([^.]\)|./\1|'
