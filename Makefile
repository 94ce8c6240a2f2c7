# `make` lists the commands. Each does its own set-up; on a new machine Python 3.11, pip and make are enough.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV := .boot/bin/uv
BIN := .venv/bin
STAMPS := .stamps
# The longest tests come first and are sent round one by one, so that neither process waits for the other at the end.
TOGETHER := -n 2 --dist load --maxschedchunk 2
# What one process has compiled need not be compiled by the next.
unexport PYTHONDONTWRITEBYTECODE
export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS := 1
export PIP_ROOT_USER_ACTION := ignore

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench fix docs locks pictures clean

help: ## List the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

setup: $(STAMPS)/runtime $(STAMPS)/assets ## Set up what an installation needs: packages and the interface

run: $(STAMPS)/runtime $(STAMPS)/assets ## Serve the demonstration on 127.0.0.1:8000, with its worker
	@$(BIN)/candour demo

test: $(STAMPS)/development $(STAMPS)/assets $(STAMPS)/system ## Run every test on SQLite, then on PostgreSQL
	$(BIN)/python -m pytest $(TOGETHER) -q
	$(BIN)/python setup/postgres.py $(BIN)/python -m pytest $(TOGETHER) -q

check: $(STAMPS)/development $(STAMPS)/assets ## Check format, lint, types, imports, migrations and made pages; change nothing
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/djlint --quiet --lint candour
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m django makemigrations --check --dry-run --settings candour.config.settings
	$(BIN)/python docs/generate.py --check
	$(BIN)/python setup/clean_tree.py

bench: $(STAMPS)/development $(STAMPS)/assets ## Measure, and print each promise beside what was measured
	$(BIN)/python -m bench

fix: $(STAMPS)/development ## Put format and imports right
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(STAMPS)/development ## Make docs/reference again
	$(BIN)/python docs/generate.py

pictures: $(STAMPS)/development $(STAMPS)/assets $(STAMPS)/system ## Make the README's pictures again
	$(BIN)/python setup/pictures.py

locks: $(STAMPS)/boot ## Compile requirements*.in, and package-lock.json, again
	for name in requirements requirements-dev requirements-boot requirements-node; do \
	  $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	    $$name.in -o $$name.txt || exit 1; done
	npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved

clean: ## Forget everything that set-up made; the demonstration's data stays in var/
	rm -rf .boot .venv $(STAMPS) .cache candour/ui/static/vendor

$(STAMPS)/boot: requirements-boot.txt
	@mkdir -p $(STAMPS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Candour needs Python 3.11 or later. Try: make PYTHON=/path/to/python3.11")'
	@rm -rf .boot
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --target .boot --require-hashes -r requirements-boot.txt
	@touch $@

$(STAMPS)/venv: $(STAMPS)/boot
	@$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv
	@touch $@

$(STAMPS)/runtime: $(STAMPS)/venv requirements.txt pyproject.toml
	@echo 'Setting up: Python packages'
	@$(UV) pip install --quiet --require-hashes -r requirements.txt
	@$(UV) pip install --quiet --no-deps --no-build-isolation --offline -e .
	@touch $@

$(STAMPS)/development: $(STAMPS)/runtime requirements-dev.txt
	@echo 'Setting up: packages for development'
	@$(UV) pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

$(STAMPS)/assets: $(STAMPS)/venv package-lock.json requirements-node.txt setup/assets.py
	@echo 'Setting up: the interface'
	@$(BIN)/python setup/assets.py
	@touch $@

$(STAMPS)/system: $(STAMPS)/venv setup/system.py
	@$(BIN)/python setup/system.py
	@touch $@
