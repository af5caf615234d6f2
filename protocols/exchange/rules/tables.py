"""CSV as spreadsheets and tools write it, within limits."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from protocols.exchange.errors import NotAnExport, TooLarge

MOST_ROWS = 20_000
ROWS = "A table may have %(number)s rows."
CELLS = "Row %(number)s has not as many cells as the header."
NO_TABLE = "This file is no table with commas (CSV)."
Table = tuple[tuple[str, ...], list[dict[str, str]]]
MARKS = '""'
_NEEDS_MARKS = re.compile(r'[",\r\n]')
_ESCAPED_OR_MARK = re.compile(r'\\.|"', re.DOTALL)
_UNDOUBLED = re.compile(r'\\"?|""')
_PHP_CELL = re.compile(r'(?:"((?:[^"\\]|\\"?|"")*+)"|([^,"\r\n]*+))(,|\r?\n|\Z)')

FORMULA = "=+-@\t\r"


def no_formula(words: str) -> str:
    """Put a space before what a spreadsheet would take for a formula; no reader sees it."""
    return f" {words}" if words.startswith(tuple(FORMULA)) else words


def csv_line(cells: Iterable[str]) -> str:
    """Write one row; what is empty is written as nothing at all."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(cells)
    return written.getvalue()


def php_line(cells: Iterable[str]) -> str:
    """Write one row for PHP's `fgetcsv`, which takes what follows a backslash as it stands."""
    return ",".join(map(_php_cell, cells)) + "\n"


def _php_cell(cell: str) -> str:
    if not _NEEDS_MARKS.search(cell):
        return cell
    return f'"{_ESCAPED_OR_MARK.sub(lambda found: found[0] if found[0][1:] else MARKS, cell)}"'


def read_php_table(given: bytes) -> Table:
    """Read what PHP has written, or else what a spreadsheet made of it."""
    try:
        return _table(_php_rows(_text(given)))
    except NotAnExport:
        return read_table(given)


def read_table(given: bytes) -> Table:
    """Read a header and the rows below it; a row that does not fit the header is refused."""
    text = _text(given)
    return _table(rows_of(text, _between(text)))


def _between(text: str) -> str:
    """Tell what parts the cells: spreadsheets put semicolons where a comma is a decimal sign."""
    header = text.partition("\n")[0]
    return ";" if header.count(";") > header.count(",") else ","


def _text(given: bytes) -> str:
    try:
        return given.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotAnExport("This file is not UTF-8 text.") from error


def _table(rows: Iterator[list[str]]) -> Table:
    header = tuple(name.strip() for name in next(rows, ()))
    found: list[dict[str, str]] = []
    for cells in rows:
        if not cells:
            continue
        if len(cells) != len(header):
            raise NotAnExport(CELLS % {"number": len(found) + 1})
        if len(found) == MOST_ROWS:
            raise TooLarge(ROWS % {"number": MOST_ROWS})
        found.append(dict(zip(header, cells, strict=True)))
    if not header or len(set(header)) < len(header):
        raise NotAnExport("This table has no header, or the same column twice.")
    return header, found


def _php_rows(text: str) -> Iterator[list[str]]:
    """Read rows as PHP's `fputcsv` writes them: behind a backslash a quotation mark is single."""
    cells: list[str] = []
    at = 0
    while at < len(text):
        found = _PHP_CELL.match(text, at)
        if found is None:
            raise NotAnExport(NO_TABLE)
        marked, plain, end = found.groups()
        cells.append(plain if marked is None else _UNDOUBLED.sub(_single, marked))
        at = found.end()
        if end != ",":
            yield [] if cells == [""] else cells
            cells = []
    if cells:
        yield [*cells, ""]


def _single(found: re.Match[str]) -> str:
    return '"' if found[0] == MARKS else found[0]


def rows_of(text: str, between: str = ",") -> Iterator[list[str]]:
    """Read rows one by one, an empty line as a row without cells."""
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True)
    except csv.Error as error:
        raise NotAnExport(NO_TABLE) from error
