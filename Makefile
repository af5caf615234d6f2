# `make` alone prints the list below. Everything runs in .venv, which is made when it is first needed.

PYTHON_HERE := .venv/bin/python
READY := .venv/ready
TEST := $(PYTHON_HERE) -m pytest -n 2 --dist loadfile

.DEFAULT_GOAL := help
.PHONY: help setup demo demo-reset test check soak broken fix format lint types arrows bench screens vectors texts record lock clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]*:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

setup: $(READY) ## make .venv with what requirements.lock names

$(READY): requirements.lock pyproject.toml clients/python/pyproject.toml .ci/setup
	@PYTHON="$(PYTHON)" .ci/setup
	@touch $@

demo: $(READY) ## run three projects on two nodes, on 127.0.0.1:8000 and :8001, until Ctrl-C
	@.venv/bin/netreach-server demo

demo-reset: $(READY) ## the same, with everything that the demo kept thrown away first
	@.venv/bin/netreach-server demo --reset

test: $(READY) ## run all tests on a real PostgreSQL; ARGS="-k claims" picks some
	@$(TEST) $(ARGS)

check: format lint types arrows test ## everything that must hold; that models and migrations agree is one of the tests

format: $(READY)
	$(PYTHON_HERE) -m ruff format --check .

lint: $(READY)
	$(PYTHON_HERE) -m ruff check .

types: $(READY)
	$(PYTHON_HERE) -m mypy

arrows: $(READY)
	.venv/bin/lint-imports

fix: $(READY) ## repair format and what the linter can repair
	$(PYTHON_HERE) -m ruff format .
	$(PYTHON_HERE) -m ruff check --fix .
	$(PYTHON_HERE) -m ruff format .

soak: $(READY) ## tell thousands of stories of nodes under faults; SEEDS=200-2999 says which
	@$(TEST) -q --seeds $(SEEDS) -k test_17 tests/federation/chaos/test_even_seeds.py \
		tests/federation/chaos/test_odd_seeds.py

SEEDS = 200-2999

broken: $(READY) ## break one rule after the other, and see that a story notices; RULES=old-host picks
	@$(PYTHON_HERE) -m tests.federation.chaos.broken $(RULES)

bench: $(READY) ## measure; prints a table and writes JSON
	@$(PYTHON_HERE) -m benchmarks $(ARGS)

screens: $(READY) ## take the screenshots of the documentation anew
	@$(PYTHON_HERE) -m docs.screens

vectors: $(READY) ## write the examples of the specification between nodes anew
	@$(PYTHON_HERE) -m tests.specification.write

texts: $(READY) ## bring the catalogues of Dutch and Romanian to what the pages say now
	@$(PYTHON_HERE) -m api.languages.collect

record: $(READY) ## keep the running demo's data and events for later versions to understand
	@$(PYTHON_HERE) -m tests.compat.record .netreach tests/compat/$(VERSION)

VERSION = $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)

LOCKED := $(PYTHON_HERE) -m uv pip compile pyproject.toml --universal --python-version 3.11 \
	--generate-hashes --no-header --no-emit-index-url --quiet

lock: $(READY) ## bring the locks to the newest versions: numbers and hashes, no addresses
	$(LOCKED) --group dev --upgrade --output-file requirements.lock
	$(LOCKED) --constraint requirements.lock --output-file deploy/requirements.lock

clean: ## remove .venv and caches; the demo's data stays (make demo-reset)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
