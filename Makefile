# Everything here works from a clean clone with Go, Node, git and make.
# Nothing needs a C compiler, except 'make race'.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PORT ?= 8080
FUZZTIME ?= 10s
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
export CGO_ENABLED := 0

# What the binary and the interface are made of. A target is made again only
# when one of its files is newer.
PRUNE := -type d \( -name node_modules -o -name dist -o -name testdata -o -name '.?*' -o -name bin -o -name dist-release -o -name tools \) -prune
GO_FILES := $(shell find . $(PRUNE) -o -type f -name '*.go' ! -name '*_test.go' -print)
EMBEDDED := $(shell find . -path ./frontend -prune -o $(PRUNE) -o -type f \( -name '*.json' -o -name '*.csv' -o -name '*.html' -o -name '*.css' \) -print)
FRONTEND_FILES := $(shell find frontend $(PRUNE) -o -type d \( -name test -o -name e2e \) -prune -o -type f ! -name '*.go' ! -name '*.test.ts' ! -name '*.test.tsx' -print 2>/dev/null)
BUNDLE := frontend/dist/app/index.html
MODULES := frontend/node_modules/.installed

.PHONY: help
help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: build ## build, then show the demo on http://localhost:8080 (PORT=8080)
	@exec bin/evenkeel demo --listen localhost:$(PORT)

.PHONY: build
build: bin/evenkeel ## build the interface and bin/evenkeel

bin/evenkeel: $(GO_FILES) $(EMBEDDED) go.mod go.sum $(BUNDLE)
	@echo "building bin/evenkeel"
	@go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o $@ ./cmd/evenkeel

.PHONY: frontend
frontend: $(BUNDLE) ## build the interface (frontend/dist/app)

$(BUNDLE): $(FRONTEND_FILES) $(MODULES)
	@echo "building the interface"
	@cd frontend && npm run --silent build
	@touch $@

$(MODULES): frontend/package-lock.json
	@scripts/need-node.sh
	@echo "installing the packages of the interface"
	@cd frontend && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: test
test: ## run every test; installs PostgreSQL and Chromium where it may
	@scripts/test.sh

.PHONY: check
check: ## formatting, linters, modules, licences
	@scripts/check.sh

.PHONY: race
race: ## run the tests under the race detector (needs a C compiler)
	@scripts/race.sh

.PHONY: fuzz
fuzz: ## run each fuzz target for FUZZTIME (10s)
	@scripts/fuzz.sh $(FUZZTIME)

.PHONY: bench
bench: ## run the benchmarks and print a table
	@scripts/bench.sh

.PHONY: golden
golden: ## rewrite golden files, then show what changed
	@go test $$(scripts/packages-with.sh 'flag.Bool("update"') -update
	@git --no-pager diff --stat

.PHONY: release
release: $(BUNDLE) ## archives for all platforms with checksums, in dist-release/
	@scripts/release.sh $(VERSION)

.PHONY: image
image: release ## container image evenkeel:VERSION, with podman or docker
	@scripts/image.sh $(VERSION)

.PHONY: clean
clean: ## remove what the targets above made
	@rm -rf bin dist-release frontend/dist/app
