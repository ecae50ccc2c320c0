# Every target sets the machine up first where it needs it; all of them share one build (release).
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test validate bench docs lint format build clean

BUILD := swift build -c release

help: ## this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | while IFS='|' read -r n t; do printf 'make %-10s %s\n' "$$n" "$$t"; done

demo: build ## plan the example head case with carbon ions, from CT to report, in build/demo
	scripts/demo

test: ## set up, build everything, run all tests
	scripts/setup
	$(BUILD) --build-tests
	swift test -c release --skip-build

validate: ## the slow comparisons with measurements and other codes
	scripts/setup
	$(BUILD) --build-tests
	KASANE_VALIDATE=1 swift test -c release --skip-build --filter 'ValidationTests|CrashTests'

bench: ## time the engines; writes build/benchmarks.md
	scripts/setup
	mkdir -p build
	swift run -c release --package-path Benchmarks kasane-benchmarks --output build/benchmarks.md

docs: build ## check the documents and build the API reference in build/docs
	scripts/check-docs
	scripts/build-api-docs

lint: ## format, layers and documents, as the gate runs them
	swift format lint --strict --parallel --recursive Package.swift Sources Tests Benchmarks
	scripts/check-layers --self-test
	scripts/check-layers
	scripts/check-docs --self-test
	scripts/check-docs

format: ## put all sources into the project's format
	swift format --in-place --parallel --recursive Package.swift Sources Tests Benchmarks

build:
	scripts/setup
	$(BUILD)

clean: ## remove everything that was built, also the example case
	rm -rf .build build Benchmarks/.build
