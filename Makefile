# Needs make and Python 3.11 or newer; everything else is installed into .venv, which is rebuilt only when a
# requirements file changes. ARGS is passed on: `make run ARGS=doctor`, `make test ARGS=tests/unit`.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# A .venv whose Python has gone, with an upgrade of the system say, is set up anew.
dropped := $(shell test -x $(BIN)/python || rm -f $(VENV)/.run-stamp $(VENV)/.dev-stamp)

.DEFAULT_GOAL := run
.PHONY: run test check bench requirements clean

# Serial, so that what is piped into `make run` reaches the bot.
.NOTPARALLEL:

run: $(VENV)/.run-stamp
	@$(BIN)/python -m bot $(ARGS)

test: $(VENV)/.dev-stamp
	@$(BIN)/python -m pytest -n auto $(ARGS)

check: $(VENV)/.dev-stamp
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/python -m mypy
	@$(BIN)/python $(BIN)/lint-imports

bench: $(VENV)/.dev-stamp
	@$(BIN)/python -m tests.bench $(ARGS)

# uv resolves for every platform and Python at once, which pip cannot; it is a tool for this one recipe.
# Newer versions: make requirements COMPILE_ARGS=--upgrade
requirements: $(VENV)/.dev-stamp
	@$(BIN)/python -m pip install --quiet --quiet uv==$(UV_VERSION) </dev/null
	@$(call compile,requirements.txt)
	@$(call compile,requirements-dev.txt,--group dev --constraint requirements.txt)

clean:
	@rm -rf $(VENV) .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

compile = $(BIN)/uv pip compile pyproject.toml $(2) --system-certs --output-file $(1) --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links $(COMPILE_ARGS)

# Keeps a .venv that works; a missing, broken or too old one is made anew by the first Python that will do.
# A candidate is run rather than looked up, because a version manager's shim may stand for a Python that is absent.
define environment
	if ! $(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
		found=; for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
			if $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
				found=$$python; break; \
			fi; \
		done; \
		if [ -z "$$found" ]; then \
			echo 'Rapport needs Python 3.11 or newer with its venv module (on Debian and Ubuntu: python3-venv).' \
				'Install one, or say which: make PYTHON=/path/to/python3.12' >&2; \
			exit 1; \
		fi; \
		$$found -m venv --clear $(VENV); \
	fi </dev/null
endef

# Byte code is left to the first import: compiling every country's holidays up front takes longer than installing them.
install = $(BIN)/python -m pip install --quiet --quiet --no-compile --require-hashes --requirement

$(VENV)/.run-stamp: requirements.txt
	@echo 'Setting up Rapport in $(VENV) …' >&2
	@$(environment)
	@$(install) requirements.txt </dev/null
	@touch $@

$(VENV)/.dev-stamp: requirements-dev.txt
	@echo 'Setting up the tools for development in $(VENV) …' >&2
	@$(environment)
	@$(install) requirements-dev.txt </dev/null
	@touch $@ $(VENV)/.run-stamp
