"""Whether the `make` that started this process was told to end.

Ctrl-C in a terminal reaches every process, but `kill -INT` reaches only make, which then waits for
its command without telling it anything. Linux shows that it is waiting so.
"""

import os
import signal
from collections.abc import Mapping
from pathlib import Path

INTERRUPT = 1 << (signal.SIGINT - 1)


def parent_make(environment: Mapping[str, str] = os.environ) -> int | None:
    """Name the process of the make that started this one, to be remembered at once."""
    if "MAKELEVEL" not in environment:
        return None
    parent = os.getppid()
    return parent if _status(parent).get("Name") in {"make", "gmake"} else None


def was_told_to_end(make: int) -> bool:
    """Tell whether make is gone, or handles an interrupt and only waits for us."""
    if os.getppid() != make:
        return True
    return bool(int(_status(make).get("SigBlk", "0"), 16) & INTERRUPT)


def _status(process: int) -> dict[str, str]:
    try:
        lines = Path(f"/proc/{process}/status").read_text(errors="replace").splitlines()
    except OSError:  # no such process, or no Linux
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
