"""Structured logs without anything personal or secret: no addresses, no messages of errors."""

import logging
import sys
import traceback
from pathlib import PurePath

import msgspec
import structlog
from structlog.typing import EventDict, WrappedLogger

FRAMES_SHOWN = 8


def frames(error: BaseException) -> list[str]:
    """Give where an error was raised, innermost last; its message could quote a secret."""
    stack = traceback.extract_tb(error.__traceback__)[-FRAMES_SHOWN:]
    return [f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in stack]


def _without_message(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Put the kind and place of an exception where a traceback with its message would stand."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["frames"] = frames(error)
    return event


def _json(event: EventDict, **_: object) -> bytes:
    return msgspec.json.encode(event, enc_hook=repr)


def configure_logs(level: str) -> None:
    """Write one JSON object a line to standard error, for our own code and for libraries.

    Our own lines, one with each answer, do not pass through the library's logging: half the cost.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_message,
    ]
    json = structlog.processors.JSONRenderer(serializer=_json)
    structlog.configure(
        processors=[*shared, json],
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
        wrapper_class=structlog.make_filtering_bound_logger(level.lower()),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for talkative in ("httpx2", "httpcore2", "asyncio"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
