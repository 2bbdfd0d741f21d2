"""Calls of the `edi` command from tests, in this process (the guides are read once) or in one of its own."""

import io
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

from attrs import frozen

from tests.worlds.places import ROOT, SAMPLES
from x12_payer import cli


@frozen
class Said:
    """What a call of `edi` said: exit status and the two streams."""

    exit: int
    stdout: str
    stderr: str


def edi(*arguments: object, stdin: bytes = b"") -> Said:
    """`edi ARGUMENTS` through its entry point, so that what a user never sees is not seen here either."""
    out, err = io.StringIO(), io.StringIO()
    given = patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
    argv = ["edi", *map(str, arguments)]
    main = patch.object(sys.modules["__main__"], "__package__", None)  # else click calls us pytest
    with main, given, patch.object(sys, "argv", argv), redirect_stdout(out), redirect_stderr(err):
        try:
            cli.main()
            status = 0
        except SystemExit as stop:
            status = stop.code if isinstance(stop.code, int) else (0 if stop.code is None else 1)
    return Said(status, out.getvalue(), err.getvalue())


def edi_process(*arguments: object, cwd: Path | None = None, before: str = "") -> Said:
    """The same in a process of its own; `before` is Python that runs in it first."""
    program = f"from x12_payer import cli\n{before}\ncli.main()"
    command = [sys.executable, "-c", program, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd or ROOT, check=False, timeout=300)
    return Said(done.returncode, done.stdout, done.stderr)


def demo() -> ModuleType:
    """samples/demo.py as a module: it knows how a story is laid out."""
    spec = spec_from_file_location("samples_demo", SAMPLES / "demo.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def play(story: Path, folder: Path) -> Sequence[Said]:
    """A story from an empty store to its answers in `folder`/answers; what each call said, the load first."""
    demo_ = demo()
    store, answers = folder / "store.db", folder / "answers"
    answers.mkdir(parents=True)
    said = [edi(*demo_.load_arguments(story, store))]
    for step in demo_.read_story(story)["step"]:
        said.append(edi(*demo_.step_arguments(story, step, store, answers)))
    return said
