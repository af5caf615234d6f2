"""What the screen for personal data finds in texts written for this, and what it leaves alone."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click
import msgspec

from benchmarks.figures import Figure, Pair, Scale, Side
from benchmarks.places import ROOT
from federation.screen.meaning.notes import findings_in_note

TEXTS = ROOT / "benchmarks" / "screen_texts"
LANGUAGES = ("en", "nl", "ro")
AIM = 0.99


class Labelled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A note as a worker writes it, with the parts by which somebody could be known."""

    text: str
    kinds: dict[str, list[str]]
    about: str = ""

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Give where each labelled part stands; each stands once in its text."""
        parts = [part for parts in self.kinds.values() for part in parts]
        starts = [self.text.index(part) for part in parts]
        return [(start, start + len(part)) for start, part in zip(starts, parts, strict=True)]


class Screened(msgspec.Struct, frozen=True):
    """What became of one text: how many labelled parts were found, and whether anything was."""

    line: int
    labelled: int
    found: int
    stopped: bool

    @property
    def wrong(self) -> str:
        """Say what is wrong with it, or nothing."""
        if self.labelled:
            return "" if self.found == self.labelled else "missed"
        return "false alarm" if self.stopped else ""


async def run(server_url: str, scale: Scale, now: datetime) -> list[Figure]:
    """Screen every text once; nothing here depends on a machine, a database or the time."""
    del server_url, now
    figures = []
    for language in LANGUAGES:
        file = TEXTS / f"{language}.jsonl"
        screened = screen_all(read(file), language)
        if scale.verbose:
            tell(screened, file.name)
        figures += [
            _recall(screened, f"screen, labelled parts found, {language}"),
            _left_alone(screened, f"screen, harmless texts left alone, {language}"),
        ]
    return figures


def read(file: Path) -> list[Labelled]:
    """Read texts in the order of their lines."""
    return [msgspec.json.decode(line, type=Labelled) for line in file.read_bytes().splitlines()]


def screen_all(texts: Sequence[Labelled], language: str) -> list[Screened]:
    """Screen texts and number them as their lines are."""
    return [_screen(line, each, language) for line, each in enumerate(texts, 1)]


def _screen(line: int, labelled: Labelled, language: str) -> Screened:
    stopped = [(start, end) for _, start, end in findings_in_note(labelled.text, language)]
    found = [
        any(start < until and begin < end for begin, until in stopped)
        for start, end in labelled.spans
    ]
    return Screened(line, len(found), sum(found), bool(stopped))


def _recall(screened: list[Screened], name: str) -> Figure:
    return _figure(
        name,
        "parts",
        sum(each.found for each in screened),
        sum(each.labelled for each in screened),
    )


def _left_alone(screened: list[Screened], name: str) -> Figure:
    """Count what is right, since a figure's aim is the least that is wished for."""
    harmless = [each for each in screened if not each.labelled]
    return _figure(
        name,
        "texts",
        sum(not each.stopped for each in harmless),
        len(harmless),
    )


def _figure(name: str, unit: str, right: int, every: int) -> Figure:
    return Figure(
        benchmark="screen",
        name=name,
        against="all of them",
        unit=unit,
        pairs=[Pair(Side(right), Side(every))],
        aim=AIM,
    )


def tell(screened: list[Screened], file: str) -> None:
    """Name lines only: whoever tunes the screen must not learn the texts from it."""
    for each in screened:
        if each.wrong:
            click.echo(f"{file}:{each.line} {each.wrong}", err=True)
