"""What all commands share: days and files as people name them, and failing in a sentence."""

import errno
import os
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import click
import msgspec

from netreach_client import bundles, sign_in, words
from netreach_client.client import Client
from netreach_client.errors import NetreachError


def connect() -> Client:
    """Sign in by the environment or by what `netreach login` has kept."""
    found = sign_in.find(os.environ)
    return Client(found.url, found.token)


class Failed(click.ClickException):
    """Ends the command with exit code 1 and what it has to say on standard error."""

    def __init__(self, lines: Sequence[str]) -> None:
        """Keep the sentence, and the reasons that follow it."""
        super().__init__(lines[0])
        self.lines = lines

    def show(self, file: Any = None) -> None:
        """Print without the word "Error": the sentence says it."""
        for line in self.lines:
            click.echo(line, file=file, err=file is None)


class PlainGroup(click.Group):
    """Turns what can go wrong into one sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except NetreachError as error:
            raise Failed(words.error_lines(error)) from error
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader went away, as `| head` does
                raise
            raise Failed([f"{error.filename or 'A file'}: {error.strerror or error}."]) from error


def own_up(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    """Take the place of `sys.excepthook`: a traceback helps nobody here, and may show a token."""
    del fault, trace
    click.echo(f"This is a fault of netreach itself ({kind.__name__}). Please tell us.", err=True)


class Moment(click.ParamType["datetime | date", str]):
    """A day, or a time with its offset."""

    name = "day or time"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime | date:
        """Read `2027-01-12` or `2027-01-12T19:00+00:00`."""
        for read in (date.fromisoformat, datetime.fromisoformat):
            try:
                found = read(value)
            except ValueError:
                continue
            if not isinstance(found, datetime) or found.tzinfo:
                return found
        raise click.BadParameter(
            f"{value!r} is no day like 2027-01-12 and no time with an offset"
            " like 2027-01-12T19:00+00:00.",
            ctx,
            param,
        )


def show_json(value: object) -> None:
    """Print one JSON document."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def text_of(file: Path) -> str:
    """Read a file that another tool has written."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Failed([f"{file} is not UTF-8 text."]) from error


def limited(file: Path) -> bytes:
    """Read a file that may have come from anywhere; what is larger than a bundle is not read."""
    with file.open("rb") as opened:
        return opened.read(bundles.LARGEST + 1)
