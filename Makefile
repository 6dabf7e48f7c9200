# Everyday commands. Each one sets up what it needs first; the first takes a minute or two.

# The Python to start from: the one behind .venv, else the first that is 3.11 or newer.
# For another one, which makes .venv anew: make PY=python3.13 setup
NEW_ENOUGH = -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
FOUND = $(foreach name,python3 python3.13 python3.12 python3.11,\
	$(shell $(name) $(NEW_ENOUGH) && echo $(name)))
PY ?= $(firstword $(realpath .venv/bin/python) $(FOUND) python3)
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-slow check format fuzz bench words lock clean

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup:  ## Make .venv, or bring it up to date
	@$(PY) bootstrap.py

demo: setup  ## Hold an election with an attack in it, and show where to look
	$(BIN)/dauys demo $(ARGS)

# Two processes suit the smallest machine; WORKERS=auto takes every core.
WORKERS ?= 2
COVERAGE_ARGS := $(if $(COVERAGE),--cov --cov-report=term)

PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -q

test: setup  ## Run the tests (ARGS="tests/unit -k permit" for some, COVERAGE=1 with coverage)
	$(PYTEST) -m "not slow" $(COVERAGE_ARGS) $(ARGS)

test-slow: setup  ## Run those that take minutes: long elections, floods, statistics, fuzzing
	$(PYTEST) -m slow $(ARGS)

# Django's settings want a folder for data; a running election's is none of a check's business.
check: export DAUYS_DATA = .venv/var
check: setup  ## Check style, types, import rules and migrations
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m django makemigrations --check --dry-run --settings dauys.web.settings
	$(BIN)/python tools/vendor_check.py

format: setup  ## Lay out the code, and correct what can be corrected safely
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

fuzz: setup  ## Feed spoilt signatures to what reads them (SECONDS=300)
	$(BIN)/python -m tests.fuzz.signatures $(or $(SECONDS),60)

bench: setup  ## Measure; prints a table and writes benchmarks/results/
	$(BIN)/python -m benchmarks $(ARGS)

# A developer's target: needs uv. The lock names files by hash and no place to get them from.
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate

lock:  ## Choose versions anew and write both lock files (ARGS="-P django" for one package)
	$(COMPILE) $(or $(ARGS),--upgrade) requirements.in -o requirements.lock
	$(COMPILE) $(or $(ARGS),--upgrade) -c requirements.lock requirements-dev.in -o requirements-dev.lock

words:  ## Compile the translations after editing a .po file
	for part in . portal board console; do \
	  $(BIN)/pybabel -q compile -D django -d src/dauys/web/$$part/locale; done

clean:  ## Remove .venv, caches and reports; elections in var/ stay
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf .coverage .coverage.* htmlcov build dist
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
