# Every target makes its own environment: nothing but Python 3.11 (or newer) and make is expected.
#   make demo [DIR=folder]    the whole thing on real weather readings
#   make test                 the quick depth: parallel, random order
#   make lint                 ruff, ruff format, mypy --strict
#   make conformance          2,843 answers beside those of Trino, and goals
#   make bench [ONLY=name]    measurements beside their peers
# The second depth, before a release and nightly: test-slow test-clients test-browser e2e conformance bench.

.SHELLFLAGS := -eu -c
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: demo test lint format conformance bench clients test-slow test-clients test-browser e2e clean

BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -n auto

demo: .venv/.stamp-core
	@$(BIN)/tap-lake demo $(DIR)

test: .venv/.stamp-dev
	@HYPOTHESIS_PROFILE=ci $(PYTEST)

lint: .venv/.stamp-dev
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy --strict lake

format: .venv/.stamp-dev
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

conformance: .venv/.stamp-bench
	@$(BIN)/python -m tests.conformance.run

bench: .venv/.stamp-bench
	@ONLY='$(ONLY)' $(BIN)/python benchmarks/run.py

test-slow: .venv/.stamp-dev .venv/.stamp-bench
	@$(call marked,slow)

clients: .venv/.stamp-dev
	@$(BIN)/python tests/client_venvs.py

test-clients: clients
	@$(call marked,clients)

test-browser: .venv/.stamp-dev
	@$(call marked,browser)

e2e: .venv/.stamp-dev
	@$(call marked,e2e)

clean:
	rm -rf .venv .venvs build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis tests/.cache benchmarks/results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The deep runs say so when nothing carries their mark yet (pytest's exit 5) instead of failing.
marked = code=0; HYPOTHESIS_PROFILE=deep $(PYTEST) -m $(1) || code=$$?; \
	if [ $$code -eq 5 ]; then echo "no test is marked '$(1)' yet: nothing was run"; else exit $$code; fi

# One stamp a set of extras. The crash tests compile a small C file: without a compiler, one comes as a wheel.
extras_core =
extras_dev = [dev$(shell command -v cc >/dev/null || echo ,compiler)]
extras_bench = [bench]

.venv/.stamp-%: pyproject.toml
	@echo "make: installing tap-lake$(extras_$*) into .venv (once, until pyproject.toml changes)" >&2
	@if command -v uv >/dev/null; then \
	  $(BIN)/python -c '' 2>/dev/null || uv venv --quiet --clear --python '>=3.11' .venv; \
	  uv pip install --quiet --python $(BIN)/python --editable '.$(extras_$*)'; \
	else \
	  $(BIN)/python -m pip --version >/dev/null 2>&1 || { \
	    for python in python3.11 python3 python3.13 python3.12; do \
	      if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	    done; \
	    : "$${found:?tap-lake needs Python 3.11 or newer, and none is on PATH}"; \
	    $$found -m venv --clear .venv; }; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.$(extras_$*)'; \
	fi
	@touch $@
