"""Markdown files in one archive, in and out; an archive that would burst is not opened."""

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from lzma import LZMAError
from pathlib import PurePosixPath

from protocols.exchange.errors import NotAText, TooLarge
from protocols.exchange.rules.markdown_files import is_source, together, written
from protocols.exchange.rules.names import slug
from protocols.exchange.rules.texts import ExchangedText

MOST_FILES = 4_000
FILES = "An archive may have %(number)s files."
ONE_KIND = "%(name)s: one file of a text says what kind it is, and no other."
LARGEST_FILE = 300_000
LARGEST_IN_ALL = 20_000_000
PER_LANGUAGE = 2  # name.en.md has two endings
BESIDE = "__MACOSX"
"""Where macOS keeps what it knows of each file, under the file's name with a dot before it."""
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    LZMAError,
    RuntimeError,
    EOFError,
    OSError,
    # of a name that is no text, or of a place before the beginning
    ValueError,
)
"""What reading an archive raises where it was cut off, changed, or packed in a way of its own."""


def pack(texts: Sequence[ExchangedText]) -> bytes:
    """Put texts into one archive, a file for each language."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, text in enumerate(texts, 1):
            name = f"{number:03}-{slug(text.draft.title) or 'text'}"
            for language, file in written(text).items():
                archive.writestr(f"{text.draft.kind}s/{name}.{language}.md", file)
    return packed.getvalue()


def unpack(given: bytes) -> list[ExchangedText]:
    """Read the texts of an archive: files that share a name belong together."""
    try:
        with zipfile.ZipFile(io.BytesIO(given)) as archive:
            files = dict(_files(archive))
    except BROKEN as error:
        raise NotAText("This archive cannot be opened. Pack it as a plain ZIP.") from error
    by_name: dict[str, list[str]] = {}
    for path, file in files.items():
        by_name.setdefault(_name(path), []).append(file)
    return [_together(name, group) for name, group in sorted(by_name.items())]


def _files(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    found = [one for one in archive.infolist() if _is_text(one.filename)]
    if len(found) > MOST_FILES:
        raise TooLarge(FILES % {"number": MOST_FILES})
    left = LARGEST_IN_ALL
    for one in found:
        if one.flag_bits & 0x1:
            raise NotAText("This archive is locked with a password.")
        with archive.open(one) as file:
            # the size that an archive states of itself may be a lie
            content = file.read(LARGEST_FILE + 1)
        left -= len(content)
        if len(content) > LARGEST_FILE or left < 0:
            raise TooLarge("What is in this archive is too large.")
        yield one.filename, _text(content)


def _is_text(path: str) -> bool:
    name = PurePosixPath(path)
    hidden = name.name.startswith(".") or BESIDE in name.parts
    return name.suffix.lower() == ".md" and not hidden


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotAText("A file in this archive is not UTF-8 text.") from error


def _name(path: str) -> str:
    name = PurePosixPath(path)
    return str(name.with_name(name.name.split(".")[0]))


def _together(name: str, group: Sequence[str]) -> ExchangedText:
    sources = [file for file in group if is_source(file)]
    if len(sources) != 1:
        raise NotAText(ONE_KIND % {"name": name})
    return together(sources[0], [file for file in group if file is not sources[0]])
