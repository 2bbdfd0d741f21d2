# make demo: set up and run the main job on samples/.  make test: set up and run every test.
PYTHON ?= python3
VENV := .venv

.PHONY: setup demo test lint docs grid bench corpus clean

setup: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --editable '.[dev]'
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
	$(VENV)/bin/python -m pytest

# The pages that are made from tables
docs: setup
	$(VENV)/bin/python -m x12_payer.edi.diagnostics.page > out-diagnostics.md && mv out-diagnostics.md docs/diagnostics.md
	$(VENV)/bin/python docs/make_rules.py > out-rules.md && mv out-rules.md docs/rules.md

# The same question asked of 270, 278 and 837, on more cells than the tests take: make grid CELLS=20000 SEED=1
CELLS ?= 20000
SEED ?= 1
grid: setup
	$(VENV)/bin/python -m tests.slow.grid.grid --cells $(CELLS) --seed $(SEED)

bench: setup
	$(VENV)/bin/python bench/run.py

# Public sample files, which are not in this repository: make corpus CORPUS=folder
corpus: setup
	EDI_CORPUS=$(CORPUS) $(VENV)/bin/python -m pytest tests/slow/corpus

clean:
	rm -rf out build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
