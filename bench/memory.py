#!/usr/bin/env python3
"""Peak memory of one run over one file, in a process of its own.

bench/memory.py check FILE        prints bytes"""

import resource
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]


def own_peak() -> int:
    """The largest resident set of this process so far, in bytes. Linux says it of this process alone in
    VmHWM; ru_maxrss there may be that of the parent, which the child was for a moment."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def peak_of(what: str, path: Path) -> int:
    """The peak in bytes of `check` or `validate` on a file."""
    command = [sys.executable, str(HERE / "memory.py"), what, str(path)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main(what: str, path: Path) -> None:
    """In the child: run, then say the peak. pyx12 as an engine to compare with is not imported here."""
    if what == "check":
        from engines_ours import we_check as run
    else:
        from engines_ours import we_validate as run
    found = run(path)
    if found:
        raise SystemExit(f"not sound: {found}")
    print(own_peak())


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
