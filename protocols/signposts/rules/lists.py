"""A list of services as a file; a row that cannot be read says why and stops no other."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import msgspec

from federation.errors import Reason
from protocols.signposts.errors import WrongSignpostList
from protocols.signposts.rules.drafts import USUAL_CHECK_DAYS, SignpostDraft
from protocols.signposts.rules.hsds import documents, drafts_in

Format = Literal["csv", "hsds"]
LONGEST_FILE = 900_000
"""Bytes; a form with it fits into what a node reads at once."""
MOST_ROWS = 2_000
COLUMNS = (
    "source_id",
    "name",
    "services",
    "opening",
    "area",
    "languages",
    "phone",
    "email",
    "web",
    "last_checked",
    "check_every_days",
    "expires",
    "closed",
)
UNKNOWN_COLUMN = "There is a column %(name)s. Known are %(columns)s."
YES = {"yes", "true", "1"}
NO = {"", "no", "false", "0"}


@dataclass(frozen=True, slots=True)
class Read:
    """One row: a service, or why it cannot be read."""

    row: int
    draft: SignpostDraft | None
    reasons: Sequence[Reason] = ()


def read_list(content: str, written_as: Format) -> list[Read]:
    """Read a file's services, each with its place in it."""
    if len(content.encode()) > LONGEST_FILE:
        raise WrongSignpostList("The file is larger than 900 kB. Divide it.")
    rows = []
    for read in _csv(content) if written_as == "csv" else _hsds(content):
        rows.append(read)
        if len(rows) > MOST_ROWS:
            raise WrongSignpostList("The file has more than 2,000 services. Divide it.")
    return rows


def _csv(content: str) -> Iterator[Read]:
    text = content.removeprefix("\ufeff")
    first = text.split("\n", 1)[0]
    between = ";" if first.count(";") > first.count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=between, strict=True)
    try:
        _require_columns(reader.fieldnames)
        for row in reader:
            yield _read_row(reader.line_num, row)
    except csv.Error as error:
        raise WrongSignpostList("This is no CSV: a quotation mark is open, for example.") from error


def _require_columns(names: Sequence[str] | None) -> None:
    unknown = [name for name in names or [] if name not in COLUMNS]
    if unknown:
        raise WrongSignpostList(
            UNKNOWN_COLUMN % {"name": repr(unknown[0][:40]), "columns": ", ".join(COLUMNS)}
        )
    if "name" not in (names or []):
        raise WrongSignpostList("The first line has no column called name.")


def _read_row(line: int, row: Mapping[str | None, str | list[str] | None]) -> Read:
    if None in row or None in row.values():
        return Read(
            line, None, [Reason("row-columns", "It has more or fewer columns than the first line.")]
        )
    told = {str(name): str(value).strip() for name, value in row.items()}
    try:
        return Read(line, _draft(told))
    except ValueError:
        wanted = "Write days as 2027-01-31, closed as yes or no, check_every_days as a number."
        return Read(line, None, [Reason("row-values", wanted)])


def _draft(told: Mapping[str, str]) -> SignpostDraft:
    closed = told.get("closed", "").casefold()
    if closed not in YES | NO:
        raise ValueError(closed)
    return SignpostDraft(
        name=told["name"],
        source_id=told.get("source_id") or None,
        services=told.get("services", ""),
        opening=told.get("opening", ""),
        area=told.get("area", ""),
        languages=told.get("languages", "").replace(";", " ").replace(",", " ").split(),
        phone=told.get("phone", ""),
        email=told.get("email", ""),
        web=told.get("web", ""),
        last_checked=_day(told.get("last_checked", "")),
        check_every_days=int(told.get("check_every_days") or USUAL_CHECK_DAYS),
        expires=_day(told.get("expires", "")),
        closed=closed in YES,
    )


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None


def _hsds(content: str) -> Iterator[Read]:
    try:
        found = list(documents(content.removeprefix("\ufeff").encode()))
    except (msgspec.DecodeError, RecursionError) as error:
        raise WrongSignpostList(
            "This is no JSON of HSDS 3: a service, an organization, a list or a page of them."
        ) from error
    for place, document in enumerate(found, start=1):
        try:
            for draft in drafts_in(document):
                yield Read(place, draft)
        except (msgspec.DecodeError, RecursionError):
            wanted = (
                "It is no service of HSDS 3: it has an id and a name, and lists where these go."
            )
            yield Read(place, None, [Reason("row-hsds", wanted)])
