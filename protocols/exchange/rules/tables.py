"""CSV as spreadsheets and tools write it, within limits."""

import csv
import io
from collections.abc import Iterable, Iterator

from protocols.exchange.errors import NotAnExport, TooLarge

MOST_ROWS = 20_000
ROWS = "A table may have %(number)s rows."
CELLS = "Row %(number)s has not as many cells as the header."


FORMULA = "=+-@\t\r"


def no_formula(words: str) -> str:
    """Put a space before what a spreadsheet would take for a formula; no reader sees it."""
    return f" {words}" if words.startswith(tuple(FORMULA)) else words


def csv_line(cells: Iterable[str]) -> str:
    """Write one row; what is empty is written as nothing at all."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(cells)
    return written.getvalue()


def read_table(given: bytes) -> tuple[tuple[str, ...], list[dict[str, str]]]:
    """Read a header and the rows below it; a row that does not fit the header is refused."""
    try:
        text = given.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotAnExport("This file is not UTF-8 text.") from error
    rows = rows_of(text)
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


def rows_of(text: str, between: str = ",") -> Iterator[list[str]]:
    """Read rows one by one, an empty line as a row without cells."""
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True)
    except csv.Error as error:
        raise NotAnExport("This file is no table with commas (CSV).") from error
