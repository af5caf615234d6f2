"""What a project records and for how long, for programs of its coordinators."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import get, put
from litestar.params import JSONBody

from api.parts import Now, Session, Signed
from api.routes.pages_of import Page
from federation.permissions.rules import Asker
from rota.record_keeping.actions import deletions_of, keeping_of, set_keeping, usual_keeping
from rota.record_keeping.rules import MOST_AREAS, Settings


class RecordSettingsBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What a project records beyond what all do, and for how many days it keeps single records.

    A new area that could be somebody's name is refused unless `areas_are_places` says that all are.
    """

    keep_days: int
    areas: Annotated[list[str], msgspec.Meta(max_length=MOST_AREAS)] = []
    areas_are_places: bool = False
    asks_gender: bool = False
    asks_nationality: bool = False
    keeps_notes: bool = False


class RecordSettingsAnswer(msgspec.Struct, frozen=True):
    """What holds now; `usual_keep_days` would hold where a project has said nothing."""

    keep_days: int
    areas: list[str]
    asks_gender: bool
    asks_nationality: bool
    keeps_notes: bool
    usual_keep_days: int


class DeletionAnswer(msgspec.Struct, frozen=True):
    """That single records up to a day of sessions were deleted, since their time was over."""

    at: datetime
    last_day: date
    records: int
    contacts: int


@get("/record-settings", summary="What your project records, and for how long")
async def show_settings(session: Session, asker: Signed) -> RecordSettingsAnswer:
    """Show coordinators what is asked for and how long single records are kept."""
    return await _answer(session, asker)


@put("/record-settings", summary="Say what your project records, and for how long")
async def put_settings(
    session: Session, asker: Signed, now: Now, data: JSONBody[RecordSettingsBody]
) -> RecordSettingsAnswer:
    """Replace all of it. With fewer days, what is older is deleted within the hour."""
    settings = Settings(
        keep_days=data.keep_days,
        areas=tuple(data.areas),
        asks_gender=data.asks_gender,
        asks_nationality=data.asks_nationality,
        keeps_notes=data.keeps_notes,
    )
    await set_keeping(session, asker, settings, now, places=data.areas_are_places)
    return await _answer(session, asker)


@get("/record-deletions", summary="Which records were deleted by themselves")
async def list_deletions(session: Session, asker: Signed) -> Page[DeletionAnswer]:
    """List the last hundred deletions, the latest first; sums stayed as they were."""
    return Page(
        [
            DeletionAnswer(one.at, one.last_day, one.records, one.contacts)
            for one in await deletions_of(session, asker)
        ]
    )


async def _answer(session: Session, asker: Asker) -> RecordSettingsAnswer:
    settings = await keeping_of(session, asker)
    usual = await usual_keeping(session, asker)
    return RecordSettingsAnswer(
        keep_days=settings.keep_days,
        areas=list(settings.areas),
        asks_gender=settings.asks_gender,
        asks_nationality=settings.asks_nationality,
        keeps_notes=settings.keeps_notes,
        usual_keep_days=usual.keep_days,
    )
