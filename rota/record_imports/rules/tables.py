"""An old spreadsheet as text, however it was saved: its cells, and nothing that is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from federation.errors import Reason
from protocols.exchange.errors import NotAnExport
from protocols.exchange.rules.tables import csv_line, rows_of
from rota.record_imports.errors import TableTooLarge, UnreadableTable
from rota.record_imports.rules.workbooks import STARTS, WIDE, cells_of

MOST_BYTES, MOST_CARRIED = 700_000, 850_000
"""A form that carries it from one look to the next fits into what a node reads at once."""
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 20_000, 60, 1_000
LARGE = "A table may have %(number)s kB. Divide it."
LONG = "A table may have %(most)s rows. Divide it."
UNEVEN = "Row %(number)s has more cells than the header."
LONG_CELL = "Row %(number)s has a cell of more than %(most)s characters."
BETWEEN = (",", ";", "\t")
SAYS_BETWEEN = "sep="
"""A first line with which Excel says what stands between cells."""


@dataclass(frozen=True, slots=True)
class Row:
    """Cells below the header, by the number that a spreadsheet shows beside them."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows below it that have something in them, each as wide as the header."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sheet(given: bytes) -> Table:
    """Read a table; what is too large or no table is refused, and no cell is repeated."""
    sentence = LARGE % {"number": MOST_BYTES // 1000}
    if len(given) > MOST_BYTES:
        raise _too_large("too-many-bytes", sentence)
    if given.startswith(STARTS):
        table = _of_cells(cells_of(given, MOST_ROWS + 1, MOST_COLUMNS))
    else:
        table = table_of(text_of(given))
    # written once more it may be larger: in UTF-8, with cells in quotes
    if len(carried(table, range(len(table.header))).encode()) > MOST_CARRIED:
        raise _too_large("too-many-bytes", sentence)
    return table


def text_of(given: bytes) -> str:
    """Read what Excel and others save: UTF-8, UTF-16 with its mark, or else Windows-1252."""
    marked = given[:2] in {b"\xff\xfe", b"\xfe\xff"}
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            text = given.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableTable


def table_of(text: str) -> Table:
    """Lay text out in cells, by whatever stands between them most evenly."""
    first, _, rest = text.partition("\n")
    said = first.rstrip("\r")
    if said.lower().startswith(SAYS_BETWEEN) and len(said) == len(SAYS_BETWEEN) + 1:
        return _of_cells(_cells(rest, said[-1]))
    return _of_cells(max((_cells(text, one) for one in BETWEEN), key=_evenness))


def _cells(text: str, between: str) -> list[list[str]]:
    try:
        return list(islice(rows_of(text, between), MOST_ROWS + 2))
    except (NotAnExport, TypeError, ValueError):
        # a quotation mark is open, or what is said to stand between cells cannot
        return []


def _evenness(rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Prefer what makes rows as wide as the header, and then what makes them wider."""
    if not rows:
        return (-1, 0)
    width = len(rows[0])
    return (sum(len(cells) == width for cells in rows) if width > 1 else 0, width)


def _of_cells(rows: Sequence[Sequence[str]]) -> Table:
    if not rows or not any(cell.strip() for cell in rows[0]):
        raise UnreadableTable
    header = tuple(cell.strip() for cell in rows[0])
    if len(header) > MOST_COLUMNS:
        raise _too_large("too-many-columns", WIDE % {"number": MOST_COLUMNS})
    if len(rows) > MOST_ROWS + 1:
        raise _too_large("too-many-rows", LONG % {"most": f"{MOST_ROWS:,}"})
    wide = (_row(number, cells, len(header)) for number, cells in enumerate(rows[1:], 2))
    return Table(header, tuple(row for row in wide if any(row.cells)))


def _row(number: int, cells: Sequence[str], width: int) -> Row:
    told = tuple("; ".join(filter(None, map(str.strip, cell.splitlines()))) for cell in cells)
    if any(told[width:]):
        raise UnreadableTable(UNEVEN % {"number": number})
    if any(len(cell) > LONGEST_CELL for cell in told):
        sentence = LONG_CELL % {"number": number, "most": f"{LONGEST_CELL:,}"}
        raise _too_large("cell-too-long", sentence)
    return Row(number, (told + ("",) * width)[:width])


def _too_large(code: str, sentence: str) -> TableTooLarge:
    return TableTooLarge(reasons=(Reason(code, sentence),))


def carried(table: Table, read: Sequence[int]) -> str:
    """Write a table so that a form can carry it: cells of columns that are not read are empty."""
    kept = set(read)
    lines = [f"{SAYS_BETWEEN},\n", csv_line(table.header)]
    at = 1
    for row in table.rows:
        # numbers stay as the spreadsheet shows them
        lines += [csv_line([""] * len(table.header))] * (row.number - at - 1)
        at = row.number
        lines.append(csv_line(cell if i in kept else "" for i, cell in enumerate(row.cells)))
    return "".join(lines)
