"""The first sheet of an Excel workbook, opened once it is certain that nothing in it bursts."""

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from xml.parsers import expat

from federation.errors import Reason
from protocols.drafting.rules.archives import BROKEN
from protocols.exchange.rules.tables import ROWS
from rota.record_imports.errors import TableTooLarge, UnreadableTable

MOST_PARTS, MOST_UNPACKED = 200, 8_000_000
MOST_WIDE = 16_384
MANY_PARTS = "A workbook may have %(number)s parts."
UNPACKED = "Unpacked, a workbook may have %(number)s MB."
WIDE = "A table may have %(number)s columns."
STARTS = b"PK"
PARTS = ("[Content_Types].xml", "_rels/", "xl/")
ORDER_OF_SUMS = "xl/calcChain.xml"
"""Names cells of all sheets once more, and nobody needs it to read them."""


def cells_of(given: bytes, most_rows: int, most_columns: int) -> list[list[str]]:
    """Read the first sheet's cells as they would stand in a CSV."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(_again(given, most_rows, most_columns)))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (*BROKEN, CalamineError, expat.ExpatError, ValueError, IndexError) as error:
        raise UnreadableTable from error
    return [[_written(cell) for cell in row] for row in rows]


def _again(given: bytes, most_rows: int, most_columns: int) -> bytes:
    """Pack anew what was unpacked within limits, so that the reader unpacks nothing else."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(given)) as archive,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as again,
    ):
        for name, content in _parts(archive):
            # a sheet may have any name
            _Shape(most_rows, most_columns).require(content)
            again.writestr(name, content)
    return packed.getvalue()


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    found = archive.infolist()
    if len(found) > MOST_PARTS:
        raise _too_large("too-many-parts", MANY_PARTS % {"number": MOST_PARTS})
    if len({one.filename for one in found}) < len(found):
        raise UnreadableTable
    left = MOST_UNPACKED
    for one in found:
        read = one.filename.startswith(PARTS) and one.filename.endswith((".xml", ".rels"))
        if not read or one.filename == ORDER_OF_SUMS:
            continue
        with archive.open(one) as file:
            # the size that an archive states of itself may be a lie
            content = file.read(left + 1)
        left -= len(content)
        if left < 0:
            raise _too_large("unpacked-too-large", UNPACKED % {"number": MOST_UNPACKED // 10**6})
        yield one.filename, content


class _Shape:
    """Sees that XML has no definitions that grow, and a sheet no more cells than may be read."""

    def __init__(self, most_rows: int, most_columns: int) -> None:
        self._most_rows, self._most_columns = most_rows, most_columns
        self._row = self._column = 0

    def require(self, content: bytes) -> None:
        """Refuse a part that would grow when it is read."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._element
        parser.ParseFile(io.BytesIO(content))

    def _refuse(self, *_: Any) -> None:
        raise UnreadableTable

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(" ")[2]
        if kind == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
        elif kind == "c":
            place = attributes.get("r", "")
            letters = "".join(sign for sign in place if sign.isalpha())
            digits = place[len(letters) :]
            self._row = max(self._row, int(digits)) if digits else self._row
            self._column = _number(letters) if letters else self._column + 1
        if self._row > self._most_rows:
            raise _too_large("too-many-rows", ROWS % {"number": self._most_rows - 1})
        if self._column > self._most_columns:
            raise _too_large("too-many-columns", WIDE % {"number": self._most_columns})


def _number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = min(number * 26 + ord(letter) - ord("A") + 1, MOST_WIDE)
    return number


def _written(cell: Any) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, timedelta):
        minutes = int(cell.total_seconds() // 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    # a day and a time of day write themselves as they are read again
    return str(cell)


def _too_large(code: str, sentence: str) -> TableTooLarge:
    return TableTooLarge(reasons=(Reason(code, sentence),))
