#!/usr/bin/env bash
# Builds the container image from the release binaries. Nothing is pulled: the
# image starts empty.
set -euo pipefail
cd "$(dirname "$0")/.."

engine=$(command -v podman || command -v docker || true)
[[ -n $engine ]] || { echo "image: neither podman nor docker is installed" >&2; exit 1; }
certificates=${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}
[[ -r $certificates ]] || { echo "image: no CA certificates at $certificates; name them with SSL_CERT_FILE" >&2; exit 1; }
cp "$certificates" dist-release/image/ca-certificates.crt
mkdir -p dist-release/image/data
arch=${ARCH:-$(go env GOARCH)}
"$engine" build -f deploy/Containerfile --build-arg "ARCH=$arch" -t "evenkeel:$1" dist-release/image
