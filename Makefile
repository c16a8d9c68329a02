# One command runs Kingpost, one tests it. `make help` lists every target.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
PYTHON := $(shell command -v python3.11 || command -v python3)

# pip reads nothing but the locks: every file has a hash, and nothing is resolved anew.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
EDITABLE := $(BIN)/python -m pip install --quiet --disable-pip-version-check \
	--no-deps --no-build-isolation --editable .

UV := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links --no-annotate

# Chromium, and a font to draw its letters with, come from Debian when we may install them.
CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
PACKAGES := chromium fonts-dejavu-core

.PHONY: help run setup setup-run chromium test check format quick bench lock clean

help: ## List the targets.
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: setup-run ## Run Kingpost with its example company.
	@$(BIN)/kingpost demo

setup-run: $(VENV)/.ready-run
setup: $(VENV)/.ready-dev ## Set up everything that a developer needs.

# Each stamp is made last, so that a set-up that was interrupted is done again.
$(VENV)/.ready-venv:
	@test -n "$(PYTHON)" || { echo "Kingpost needs Python 3.11 or newer, as python3.11 or python3."; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Kingpost needs Python 3.11 or newer")'
	@echo "Making $(VENV)"
	@"$(PYTHON)" -m venv $(VENV)
	@touch $@

$(VENV)/.ready-run: $(VENV)/.ready-venv locks/run.txt pyproject.toml
	@echo "Installing what Kingpost needs"
	@$(INSTALL) --requirement locks/run.txt
	@$(EDITABLE)
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready-run locks/dev.txt
	@echo "Installing what developers need"
	@$(INSTALL) --requirement locks/dev.txt
	@touch $@

# Without a browser the tests that need one are skipped. A build server may not skip them.
chromium:
ifeq ($(CHROMIUM),)
	@if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
		echo "Installing $(PACKAGES)"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
			apt-get install -qq -y --no-install-recommends $(PACKAGES) > /dev/null; \
	elif [ "$${CI:-}" = true ]; then \
		echo "Chromium is missing, and only root can install it."; exit 1; \
	else \
		echo "WARNING: Chromium is missing: THE TESTS IN THE BROWSER WILL BE SKIPPED."; \
		echo "         Install it with your package manager to run them."; \
	fi
endif

check: setup ## Run the gates: format, lint, types, floors, dependencies, spelling.
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/pyright
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/deptry src
	@$(BIN)/codespell

format: setup ## Format the code and mend what can be mended.
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# The tests come last, so that their count is the last line.
test: setup chromium check ## Run the gates and every test.
	@$(BIN)/pytest -n 2 --durations=40 --durations-min=5

quick: setup ## Run the fast tests, until the first that fails.
	@$(BIN)/pytest -x -q -m "not browser and not slow"

bench: setup ## Measure, and print what was measured.
	@found=0; for program in bench/*.py; do \
		if [ -e "$$program" ]; then found=1; echo "$$program"; $(BIN)/python "$$program"; fi; \
	done; if [ $$found = 0 ]; then echo "There is nothing to measure yet."; fi

clean: ## Remove everything that set-up, runs and tests have made.
	@# For root the database may lie elsewhere, behind a link; see store/postgres/account.py.
	@if [ -L .kingpost/cluster ]; then rm -rf "$$(dirname "$$(readlink .kingpost/cluster)")"; fi
	@rm -rf .kingpost $(VENV) .pytest_cache .ruff_cache .import_linter_cache .hypothesis dist build
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

lock: setup ## Resolve the newest allowed versions and write the locks.
	@$(UV) --upgrade --group build pyproject.toml --output-file locks/run.txt
	@$(UV) --upgrade --group build --group dev pyproject.toml --constraint locks/run.txt --output-file locks/dev.txt
