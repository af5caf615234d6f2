"""`netreach-server screen`: one text a line in, one line of findings out, and never the text."""

import sys
from collections.abc import Iterator
from typing import BinaryIO

import click
import msgspec

from federation.screen.meaning.notes import findings_in_note


class Found(msgspec.Struct):
    """A kind, and where it stands in characters; the end is excluded."""

    kind: str
    start: int
    end: int


class Screened(msgspec.Struct):
    """What was found in one line."""

    line: int
    findings: list[Found]


@click.command("screen")
@click.option(
    "--language", default="", help="Language of the texts, such as nl; whose numbers come first."
)
def screen(language: str) -> None:
    """Find personal data in texts from standard input, one a line; their words are not repeated."""
    for number, text in enumerate(_lines(sys.stdin.buffer), 1):
        found = [Found(*one) for one in findings_in_note(text, language)]
        sys.stdout.buffer.write(msgspec.json.encode(Screened(number, found)) + b"\n")
        sys.stdout.buffer.flush()


def _lines(given: BinaryIO) -> Iterator[str]:
    """Read line by line; what is no UTF-8 is replaced sign by sign, so that places stay right."""
    for line in given:
        yield line.decode(errors="replace").rstrip("\n").removesuffix("\r")
