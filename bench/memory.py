#!/usr/bin/env python3
"""Peak memory and CPU time of one run over one file, in a process of its own.

python -m bench.memory check FILE        prints bytes and seconds"""

import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def own_peak() -> int:
    """The largest resident set of this process so far, in bytes. Linux says it of this process alone in
    VmHWM; ru_maxrss there may be that of the parent, which the child was for a moment."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def peak_of(what: str, path: Path) -> tuple[int, float]:
    """The peak in bytes of `check` or `validate` on a file, and its CPU seconds."""
    command = [sys.executable, "-m", "bench.memory", what, str(path)]
    peak, seconds = subprocess.run(
        command, check=True, capture_output=True, text=True, cwd=ROOT
    ).stdout.split()
    return int(peak), float(seconds)


def command_seconds(arguments: Sequence[str]) -> float:
    """CPU seconds of the command `edi`, start and end included; it must find nothing wrong."""
    code = "import sys; from x12_payer.cli import main; sys.exit(main())"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-c", code, *arguments]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(what: str, path: Path) -> None:
    """In the child: run, then say the peak and the time. pyx12, to compare with, is not imported here."""
    if what == "check":
        from bench.engines_ours import we_check as run
    else:
        from bench.engines_ours import we_validate as run
    start = time.process_time()
    found = run(path)
    seconds = time.process_time() - start
    if found:
        raise SystemExit(f"not sound: {found}")
    print(own_peak(), seconds)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
