"""What the programs log, to the last detail, for tests that look for what must not be in it."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr

import structlog

from api.logs import configure_logs


@contextmanager
def everything_logged() -> Iterator[io.BytesIO]:
    root, written = logging.getLogger(), io.BytesIO()
    handlers, level = root.handlers, root.level
    with redirect_stderr(io.TextIOWrapper(written, write_through=True)):
        configure_logs("DEBUG")
        yield written
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()
