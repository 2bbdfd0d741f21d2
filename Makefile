# make demo: set up and run the main job on samples/.  make test: set up and run every test.
PYTHON ?= python3
VENV := .venv
EDI := $(VENV)/bin/edi

.PHONY: setup demo test lint bench clean

setup: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --editable '.[dev]'
	touch $@

demo: setup
	rm -rf out demo.db
	$(EDI) load --db demo.db samples/data
	$(EDI) process --db demo.db --out out --as-of 2026-07-15T08:00:00 samples/demo
	@echo
	@echo "The answers stand under out/. Each story in samples/ tells what happens and why."

lint: setup
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

test: lint
	$(VENV)/bin/python -m pytest

bench: setup
	$(VENV)/bin/python bench/run.py

clean:
	rm -rf out demo.db build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
