"""An Excel workbook is the table of its first sheet; what would burst is not opened."""

import pytest

from benchmarks.workbook import DAY, TIME, number, packed, sheet, text
from federation.errors import Refusal
from rota.record_imports.rules.tables import MOST_COLUMNS, MOST_ROWS, Row, Table, read_sheet
from rota.record_imports.rules.workbooks import MOST_PARTS, MOST_UNPACKED

HEADER = text("A1", "Date") + text("B1", "Time") + text("C1", "Minutes") + text("D1", "Topic")


def test_days_times_and_numbers_are_as_people_see_them() -> None:
    rows = (
        HEADER,
        number("A2", 46329, DAY)
        + number("B2", 0.8125, TIME)
        + number("C2", 15)
        + text("D2", "tax"),
        text("A4", "2026-11-04") + number("C4", 1.5),
    )
    assert read_sheet(packed(sheet(*rows[:2], "", rows[2]))) == Table(
        ("Date", "Time", "Minutes", "Topic"),
        (Row(2, ("2026-11-03", "19:30:00", "15", "tax")), Row(4, ("2026-11-04", "", "1.5", ""))),
    )


BILLION = (
    '<!DOCTYPE worksheet [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<worksheet><sheetData><row><c><v>&b;</v></c></row></sheetData></worksheet>"
)
FAR_DOWN = sheet(HEADER, number(f"A{MOST_ROWS + 2}", 1))
FAR_OUT = sheet(HEADER, number("XFD2", 1))
LONG = sheet(*["<c/>"] * (MOST_ROWS + 2))
WIDE = sheet("<c/>" * (MOST_COLUMNS + 1))
BOMB = sheet(HEADER, text("A2", " " * MOST_UNPACKED))
WHOLE = packed(sheet(HEADER))
PACKED_AT = WHOLE.index(b"[Content_Types].xml") + len(b"[Content_Types].xml")
SPOILT = WHOLE[:PACKED_AT] + b"\xff" * 40 + WHOLE[PACKED_AT + 40 :]
MANY = {f"xl/part{each}.xml": "<x/>" for each in range(MOST_PARTS)}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (packed(FAR_DOWN), "too-many-rows"),
        (packed(LONG), "too-many-rows"),
        (packed(FAR_OUT), "too-many-columns"),
        (packed(WIDE), "too-many-columns"),
        (packed(BOMB), "unpacked-too-large"),
        (packed(sheet(HEADER), **MANY), "too-many-parts"),
        (packed(BILLION), "unreadable-table"),
        (packed("<worksheet>"), "unreadable-table"),
        (packed(sheet(HEADER))[:-40], "unreadable-table"),
        (packed(sheet(HEADER), **{"xl/workbook.xml": "<workbook/>"}), "unreadable-table"),
        (packed(sheet()), "unreadable-table"),
        (SPOILT, "unreadable-table"),
        (b"PK\3\4 and no more", "unreadable-table"),
    ],
)
def test_what_is_not_opened(given: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_sheet(given)
    caught = refused.value
    assert code in {caught.code, *(reason.code for reason in caught.reasons)}


def test_a_sheet_at_its_limits_and_parts_that_are_not_read() -> None:
    wide = sheet("".join(text(f"{letter}1", "x") for letter in "ABC"))
    macros = {"xl/vbaProject.bin": "x" * MOST_UNPACKED, "docProps/core.xml": "<!DOCTYPE x><x/>"}
    assert read_sheet(packed(wide, **macros)) == Table(("x", "x", "x"), ())
