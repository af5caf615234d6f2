"""Reads a calendar file from its input and writes busy times, within limits of time and memory.

Run by the worker, one process a file: a file that was made to exhaust us exhausts this process.
"""

import resource
import sys
from datetime import datetime

import msgspec

from rota.busy_times.errors import Unreadable
from rota.busy_times.rules.reading import busy_in

READER_SECONDS = 30
"""Of its processor's time; with a busy machine in mind, the worker waits twice as long."""
MEMORY_BYTES = 2**30
UNREADABLE = 2


def main() -> int:
    """Read one file: zone, span and seconds are the arguments."""
    zone, begins, ends, seconds = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    raw = sys.stdin.buffer.read()
    try:
        spans = busy_in(raw, zone, datetime.fromisoformat(begins), datetime.fromisoformat(ends))
    except Unreadable as error:
        sys.stdout.buffer.write(msgspec.json.encode(error.code))
        return UNREADABLE
    sys.stdout.buffer.write(msgspec.json.encode(spans))
    return 0


if __name__ == "__main__":
    sys.exit(main())
