# `make` alone lists what there is to do.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PYTHON := .venv/bin/python
ROUNDS ?= 10

.PHONY: help run test check format demo bench soak fuzz revision lock setup setup-dev clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: setup ## Set up whatever is missing, then run the desk (Ctrl-C stops it)
	@exec $(PYTHON) -m bot run

test: setup-dev ## Every test, on SQLite and PostgreSQL, in parallel
	@requirements/programs postgresql hledger poppler-utils
	@$(PYTHON) -m pytest -n auto --dist worksteal -m "not faults"
	@$(PYTHON) -m pytest -n 2 --dist worksteal -m faults --ignore tests/load
	@exec $(PYTHON) -m pytest -n0 -m faults tests/load

check: setup-dev ## Format, lint, types, layers
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy
	$(PYTHON) -m pytest -n0 tests/test_layers.py

format: setup-dev ## Put the code into its format
	$(PYTHON) -m ruff check --fix-only .
	$(PYTHON) -m ruff format .

demo: setup ## Play a day through the real desk, with a clock moved by hand
	@exec $(PYTHON) -m bot rehearse examples/day.jsonl

bench: setup-dev ## Measure; takes long
	@exec $(PYTHON) -m bench

soak: setup-dev ## Kills, races and faults, ROUNDS times each; takes long
	@requirements/programs all
	@HOLDLINE_SOAK_ROUNDS=$(ROUNDS) exec $(PYTHON) -m pytest -n0 -m faults

fuzz: setup-dev ## The property tests with many more examples, then hostile mail for 10 minutes
	@HOLDLINE_FUZZ=1 $(PYTHON) -m pytest -n auto --dist worksteal -m "not faults"
	@exec $(PYTHON) -m bench.fuzzing 10

revision: setup-dev ## Write the next schema revision: make revision m="what changes"
	@test -n "$(m)" || { echo 'Say what changes: make revision m="what changes"'; exit 2; }
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	export DATABASE_URL=sqlite:///$$folder/before.db; \
	$(PYTHON) -m alembic -q upgrade head; \
	next=$$($(PYTHON) -c 'from bot.migrate import head; print(f"{int(head()) + 1:04}")'); \
	$(PYTHON) -m alembic -q revision --autogenerate --rev-id "$$next" -m "$(m)"

lock: ## Resolve the requirements anew (needs uv)
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --upgrade \
	  pyproject.toml -o requirements/run.txt
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --upgrade \
	  -c requirements/run.txt pyproject.toml --group dev -o requirements/dev.txt

setup:
	@requirements/install run
	@$(PYTHON) -m compileall -q bot

setup-dev:
	@requirements/install dev
	@$(PYTHON) -m compileall -q bot

clean: ## Remove caches (not .venv, not var)
	@find . -path ./.venv -prune -o -name __pycache__ -type d -print0 | xargs -0 rm -rf
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist *.egg-info
