"""The files that others' tools read: the workflow, the hooks, the container."""

import re
import tomllib

from tests.worlds.places import ROOT

WORKFLOW = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
HOOKS = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_workflow_runs_targets_that_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", MAKEFILE, re.M))
    asked = re.findall(r"run: make (\w+)$", WORKFLOW, re.M)
    assert "test" in asked
    assert set(asked) <= targets


def test_the_workflow_tests_every_python_that_the_project_names() -> None:
    named = {c.rpartition(" ")[2] for c in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", c)}
    row = re.search(r"python: \[(.*)\]", WORKFLOW)
    assert row is not None
    assert named == set(re.findall(r"3\.\d+", row[1])) != set()


def test_the_hooks_are_what_make_lint_checks() -> None:
    lint = MAKEFILE[MAKEFILE.index("lint: setup") :].split("\n\n")[0]
    tools = set(re.findall(r"\$\(VENV\)/bin/(\w+)", lint))
    assert tools == set(re.findall(r"entry: \.venv/bin/(\w+)", HOOKS))


def test_the_container_runs_as_nobody_special_on_a_pinned_base() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    (base,) = (line for line in lines if line.startswith("FROM "))
    assert re.fullmatch(r"FROM python:3\.\d+-slim-\w+", base)
    user = next(line for line in lines if line.startswith("USER "))
    assert user != "USER root"
    assert lines.index(user) < lines.index('ENTRYPOINT ["edi"]')
    assert any("--require-hashes -r /source/requirements/run.txt" in line for line in lines)
