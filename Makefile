# The environment is made from a lock file the first time it is needed; every target does so.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
# A forecast as it would have been made some years ago, so that pages can say what came of it.
EARLIER := data/forecasts/sample/up-to-2022.parquet

.PHONY: baseline test lab apps check bench lock clean
.DEFAULT_GOAL := baseline

baseline: .venv/made
	@$(BIN)/outcomes data build sample
	@test -e $(EARLIER) || $(BIN)/outcomes forecast keep --store sample --name up-to-2022 --until 2022-12-31
	@$(BIN)/outcomes run parameters/runs/sample.yml

test: .venv/made-for-tests
	$(BIN)/python -m pytest -n logical --maxprocesses 4 --dist worksteal

lab: .venv/made
	@$(BIN)/outcomes data build sample
	$(BIN)/jupyter lab notebooks

apps: .venv/made
	@$(BIN)/outcomes data build sample
	$(BIN)/outcomes serve

check: .venv/made
	@$(BIN)/outcomes check

# Takes most of an hour; nothing else should run beside it.
bench: .venv/made
	@$(BIN)/python benchmarks/batch.py
	@$(BIN)/python benchmarks/kernels.py

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; none was found."; exit 1; }
	@echo "Making .venv with $(PYTHON)"
	@$(PYTHON) -m venv .venv

.venv/made: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Installing the locked packages"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/made-for-tests: requirements-test.lock .venv/made
	@echo "Installing the locked packages for the tests"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-test.lock
	@touch $@

# After a change to the dependencies in pyproject.toml.
LOCK := pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --quiet
lock:
	@$(PYTHON) -m venv .venv-lock && .venv-lock/bin/python -m pip install --quiet uv
	@.venv-lock/bin/uv $(LOCK) pyproject.toml -o requirements.lock
	@.venv-lock/bin/uv $(LOCK) --extra test -c requirements.lock pyproject.toml -o requirements-test.lock
	@rm -rf .venv-lock

clean:
	rm -rf .venv data/store data/cache data/forecasts/sample outputs
