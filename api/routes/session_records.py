"""The record of a session, as JSON: kept by who sat there, for their own project."""

from uuid import UUID

import msgspec
from litestar import delete, get, put
from litestar.params import FromPath, JSONBody

from api.parts import Now, Session, Signed
from rota.records.actions import erase_record, keep_record
from rota.records.queries import record_seen
from rota.records.rules.drafts import Draft


class ListsAnswer(msgspec.Struct, frozen=True):
    """From which lists a record of this session is made, beside those that are always the same."""

    topics: list[str]
    areas: list[str]
    signposts: dict[UUID, str]
    asks_gender: bool
    asks_nationality: bool
    keeps_notes: bool
    keep_days: int


class RecordAnswer(msgspec.Struct, frozen=True):
    """One's own record as it stands; an empty one where nothing was kept yet."""

    shift: UUID
    record: Draft
    lists: ListsAnswer


@get("/shifts/{shift:uuid}/record", summary="Your record of a session")
async def show_record(session: Session, asker: Signed, shift: FromPath[UUID]) -> RecordAnswer:
    """Show your own record of a session you sat on, with the lists it is made from."""
    seen = await record_seen(session, asker, shift)
    settings = seen.settings
    return RecordAnswer(
        shift=shift,
        record=seen.draft,
        lists=ListsAnswer(
            topics=seen.topics,
            areas=list(settings.areas),
            signposts=seen.signposts,
            asks_gender=settings.asks_gender,
            asks_nationality=settings.asks_nationality,
            keeps_notes=settings.keeps_notes,
            keep_days=settings.keep_days,
        ),
    )


@put("/shifts/{shift:uuid}/record", summary="Keep your record of a session", status_code=204)
async def put_record(
    session: Session, asker: Signed, now: Now, shift: FromPath[UUID], data: JSONBody[Draft]
) -> None:
    """Keep all of what you counted; it replaces what you kept before, and counts once done."""
    await keep_record(session, asker, shift, data, now)


@delete("/shifts/{shift:uuid}/record", summary="Erase your record of a session")
async def remove_record(session: Session, asker: Signed, now: Now, shift: FromPath[UUID]) -> None:
    """Erase your record of a session, also from the sums."""
    await erase_record(session, asker, shift, now)
