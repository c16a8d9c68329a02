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

.PHONY: help run setup setup-run test check format quick browser bench lock clean

help: ## List the targets.
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: setup-run ## Run Kingpost with its example company.
	@$(BIN)/kingpost demo

setup-run: $(VENV)/.ready-run
setup: $(VENV)/.ready-dev ## Set up everything that a developer needs.

# Each stamp is made last, so that a set-up that was interrupted is done again.
$(VENV)/.ready-venv:
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

lock: ## Resolve the newest allowed versions and write the locks.
	@test -x $(BIN)/uv || { echo "Run make setup first."; exit 1; }
	@$(UV) --upgrade --group build pyproject.toml --output-file locks/run.txt
	@$(UV) --upgrade --group build --group dev pyproject.toml --constraint locks/run.txt --output-file locks/dev.txt
