"""Old spreadsheets of a project, told row by row and taken in, for programs of its coordinators."""

from asyncio import to_thread
from datetime import date, datetime
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from api.parts import NodeSettings, Now, Session, Signed
from api.routes.pages_of import Page
from federation.access.seal import Seal
from federation.pools.queries import pool_seen_by
from rota.record_imports.actions import take_back, take_in
from rota.record_imports.queries import Shown, imports_of, look_through
from rota.record_imports.rules.choices import Choices
from rota.record_imports.rules.rows import Fate, OldContact
from rota.record_imports.rules.tables import read_sheet


class TableBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A file as it is, in base64, and what is said of its columns and words."""

    content: bytes
    choices: Choices = msgspec.field(default_factory=Choices)
    dry_run: bool = True


class WordAnswer(msgspec.Struct, frozen=True):
    """A word of a column, in how many rows it is, and what it becomes; null has to be said."""

    field: str
    said: str
    rows: int
    becomes: str | None


class WhyAnswer(msgspec.Struct, frozen=True):
    """Why a row stays out; never with what stands in it."""

    code: str
    text: str


class RowAnswer(msgspec.Struct, frozen=True):
    """What happens to a row: `taken`, `left-out`, or `screened` by the screen for personal data."""

    row: int
    fate: str
    contacts: list[OldContact]
    reasons: list[WhyAnswer]


class OverlapAnswer(msgspec.Struct, frozen=True):
    """A month of which contacts were counted before: how many, and how many the table adds."""

    month: date
    counted: int
    here: int


class LookAnswer(msgspec.Struct, frozen=True):
    """What an import does or did; `overlaps` are months of which contacts were counted before.

    `in_demand` are those of its contacts who wrote while somebody is known to have been there.
    """

    columns: list[str]
    needs_order: bool
    words: list[WordAnswer]
    rows: list[RowAnswer]
    totals: dict[str, int]
    contacts: int
    in_demand: int
    sessions: int
    overlaps: list[OverlapAnswer]


class ImportAnswer(msgspec.Struct, frozen=True):
    """What was imported, by months; whether it can still be taken back."""

    id: UUID
    taken_at: datetime
    contacts: int
    sessions: int
    first_month: date
    last_month: date
    can_be_taken_back: bool


@post(
    "/pools/{pool:str}/record-imports",
    summary="Import an old spreadsheet, or tell what that would do",
    status_code=200,
)
async def import_table(
    session: Session,
    asker: Signed,
    settings: NodeSettings,
    now: Now,
    pool: FromPath[str],
    data: JSONBody[TableBody],
) -> LookAnswer:
    """Tell what each row would become, and unless it is a dry run, add it to your sums."""
    found = await pool_seen_by(session, asker, pool)
    table = await to_thread(read_sheet, data.content)
    if data.dry_run:
        return _look(await look_through(session, asker, found, table, data.choices, now))
    seal = Seal.open(settings.keys)
    return _look(await take_in(session, asker, found, table, data.choices, seal, now))


@get("/pools/{pool:str}/record-imports", summary="What was imported")
async def list_imports(session: Session, asker: Signed, pool: FromPath[str]) -> Page[ImportAnswer]:
    """List the last hundred imports of your project for this pool, the latest first."""
    found = await pool_seen_by(session, asker, pool)
    return Page(
        [
            ImportAnswer(
                id=one.id,
                taken_at=one.taken_at,
                contacts=one.contacts,
                sessions=one.sessions,
                first_month=one.first_month,
                last_month=one.last_month,
                can_be_taken_back=one.added is not None,
            )
            for one in await imports_of(session, asker, found)
        ]
    )


@delete("/record-imports/{record_import:uuid}", summary="Take an import back as a whole")
async def delete_import(
    session: Session, asker: Signed, now: Now, record_import: FromPath[UUID]
) -> None:
    """Subtract all that it added; the same table may be imported again."""
    await take_back(session, asker, record_import, now)


def _look(shown: Shown) -> LookAnswer:
    look = shown.look
    return LookAnswer(
        columns=list(look.columns),
        needs_order=look.needs_order,
        words=[WordAnswer(one.field, one.said, one.rows, one.becomes) for one in look.words],
        rows=[_row(one) for one in look.fates],
        totals=look.rows,
        contacts=look.people,
        in_demand=shown.in_demand,
        sessions=len(look.sessions),
        overlaps=[OverlapAnswer(one.month, one.counted, one.here) for one in shown.overlaps],
    )


def _row(fate: Fate) -> RowAnswer:
    reasons = [WhyAnswer(one.code, one.text) for one in fate.reasons]
    return RowAnswer(fate.row, fate.fate, list(fate.contacts), reasons)
