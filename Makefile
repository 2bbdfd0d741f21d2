# make demo: set up and run the main job on samples/.  make test: set up and run every test; make fast: seconds.
PYTHON ?= python3
VENV := .venv

.PHONY: setup demo test fast coverage floors lint lock audit wheel docs site grid bench corpus clean

setup: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml requirements/dev.txt
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --require-hashes --requirement requirements/dev.txt
	$(VENV)/bin/python -m pip install --quiet --no-deps --editable .
	$(VENV)/bin/python -m compileall -q *.py commands edi authorization adjudication maps  # no start compiles again
	touch $@

demo: setup
	$(VENV)/bin/python samples/demo.py --out out

lint: setup
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/codespell
	$(VENV)/bin/mypy

test: lint
	$(VENV)/bin/python -m pytest --numprocesses auto --dist worksteal

# Of the unit and rules tests those that take no time
fast: setup
	$(VENV)/bin/python -m pytest --numprocesses auto --dist worksteal -m 'not slow' tests/unit tests/rules

# Which lines and branches the tests run, in whatever process; those that kill or time processes are left out
coverage: setup
	$(VENV)/bin/python -m coverage erase
	$(VENV)/bin/python -m coverage run -m pytest --numprocesses auto --dist worksteal -m 'not crash and not bench'
	$(VENV)/bin/python -m coverage combine --quiet
	$(VENV)/bin/python -m coverage report

# The main job on the oldest version of each dependency; also a part of `make test`
floors: setup
	$(VENV)/bin/python -m pytest tests/slow/test_floors.py

# What exactly is installed, after a change of dependencies in pyproject.toml: make lock.  With newer versions:
# make lock UPGRADE=--upgrade
LOCK = $(VENV)-release/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command 'make lock' $(UPGRADE)
lock: $(VENV)-release/.installed
	$(LOCK) pyproject.toml --extra postgres --output-file requirements/run.txt
	$(LOCK) pyproject.toml --extra dev --constraint requirements/run.txt --output-file requirements/dev.txt
	$(LOCK) --group release --output-file requirements/release.txt

# Known weaknesses of what an installation runs on
audit: $(VENV)-release/.installed
	$(VENV)-release/bin/pip-audit --strict --disable-pip --require-hashes --requirement requirements/run.txt

wheel: setup
	$(VENV)/bin/python -m pip wheel --quiet --no-deps --wheel-dir dist .

# uv and pip-audit, apart from what the tests run on
$(VENV)-release/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)-release
	$(VENV)-release/bin/python -m pip install --quiet --require-hashes --requirement requirements/release.txt
	touch $@

# The pages that are made from tables
docs: setup
	$(VENV)/bin/python -m x12_payer.edi.diagnostics.page > out-diagnostics.md && mv out-diagnostics.md docs/diagnostics.md
	$(VENV)/bin/python docs/make_rules.py > out-rules.md && mv out-rules.md docs/rules.md

# All pages as a site, build/site/site/index.html
site: setup
	$(VENV)/bin/python docs/make_site.py build/site

# The same question asked of 270, 278 and 837, on more cells than the tests take: make grid CELLS=20000 SEED=1
CELLS ?= 20000
SEED ?= 1
grid: setup
	$(VENV)/bin/python -m tests.slow.grid.grid --cells $(CELLS) --seed $(SEED)

bench: setup
	$(VENV)/bin/python -m bench.run
	$(VENV)/bin/python -m bench.history

# Public sample files, which are not in this repository: make corpus CORPUS=folder
corpus: setup
	EDI_CORPUS=$(CORPUS) $(VENV)/bin/python -m pytest tests/slow/corpus

clean:
	rm -rf out build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
