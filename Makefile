# Every target sets up what it needs on a fresh checkout, and is quick the second time.
VENV    := .venv
PY      := $(VENV)/bin/python
RUNTIME := $(VENV)/.runtime
DEV     := $(VENV)/.dev

.PHONY: demo test check bench lock clean

demo: $(RUNTIME)  ## the sample company, in the terminal
	@$(VENV)/bin/rep demo

test: $(DEV)  ## every test
	$(PY) -m pytest

check: $(DEV)  ## style, types, layers, dead code, dependencies
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/vulture
	$(VENV)/bin/deptry .

bench: $(DEV)  ## the figures of the README, as ratios where they are times
	$(PY) -m tests.bench

lock: | $(PY)  ## resolve dependencies again, with hashes and without registry addresses
	$(PY) -m pip install -q uv
	$(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		--group build pyproject.toml -o requirements.lock
	$(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		--group build --group dev pyproject.toml -c requirements.lock -o requirements-dev.lock

clean:  ## remove everything that was made here
	rm -rf $(VENV) .demo build dist artifacts *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PY):
	python3 -c 'import sys; sys.exit("Python 3.11 or newer is needed; python3 is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	python3 -m venv $(VENV)

$(RUNTIME): requirements.lock pyproject.toml | $(PY)
	$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(PY) -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(DEV): requirements-dev.lock $(RUNTIME)
	$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
