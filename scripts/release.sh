#!/usr/bin/env bash
# Makes static binaries of all platforms, archives that are the same bytes for
# the same commit, and their checksums.
set -euo pipefail
cd "$(dirname "$0")/.."
export CGO_ENABLED=0

version=$1
out=dist-release
rm -rf "$out"
mkdir -p "$out"
stamp=$(git log -1 --format=%ct 2>/dev/null || echo 0)
for platform in linux/amd64 linux/arm64 darwin/amd64 darwin/arm64; do
	os=${platform%/*} arch=${platform#*/}
	name=evenkeel-$version-$os-$arch
	echo "building $name"
	mkdir -p "$out/$name"
	GOOS=$os GOARCH=$arch go build -trimpath -ldflags "-s -w -buildid= -X main.version=$version" -o "$out/$name/evenkeel" ./cmd/evenkeel
	cp LICENSE README.md CHANGELOG.md "$out/$name/"
	tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$stamp" -C "$out" -cf - "$name" | gzip -n -9 >"$out/$name.tar.gz"
done
mkdir -p "$out/image"
for arch in amd64 arm64; do
	cp "$out/evenkeel-$version-linux-$arch/evenkeel" "$out/image/evenkeel-$arch"
done
rm -rf "$out"/evenkeel-*/
(cd "$out" && sha256sum ./*.tar.gz | sed 's|\./||' >SHA256SUMS)
cat "$out/SHA256SUMS"
