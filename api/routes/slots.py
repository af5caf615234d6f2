"""Regular times at which a language of few speakers is shown, while each of them agrees."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from api.parts import Now, Session, Signed
from api.routes.pages_of import Page
from api.routes.promotion import Tag
from federation.pools.queries import pool_seen_by
from federation.pools.slots.actions import answer_slot, end_slot
from federation.pools.slots.models import LanguageSlot
from federation.pools.slots.queries import CLOCK, own_slots, planned_slots
from rota.open_hours.fixed_slots.actions import propose_slot

Series = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class SlotBody(msgspec.Struct, forbid_unknown_fields=True):
    """A language to show in a series, at the time of its next session."""

    series: Series
    language: Tag


class SlotAnswer(msgspec.Struct, frozen=True):
    """A slot: `weekday` 0 is Monday, `starts` is local time. `agreed` is true while all agree."""

    id: UUID
    series: str
    language: str
    weekday: int
    starts: str
    zone: str
    agreed: bool


class OwnSlotAnswer(msgspec.Struct, frozen=True):
    """A slot that one is asked about; `agrees` is one's own answer."""

    id: UUID
    pool: str
    series: str
    language: str
    weekday: int
    starts: str
    zone: str
    agrees: bool


def _told(slot: LanguageSlot) -> SlotAnswer:
    return SlotAnswer(
        slot.id,
        slot.series,
        slot.language,
        slot.weekday,
        slot.starts.strftime(CLOCK),
        slot.zone,
        slot.agreed,
    )


@get("/slots", summary="List the regular times for your languages that you are asked about")
async def list_own_slots(session: Session, asker: Signed) -> Page[OwnSlotAnswer]:
    """List one's own answers; nobody else's are told, nor how many there are."""
    return Page(
        items=[
            OwnSlotAnswer(
                one.slot.id,
                one.pool.slug,
                one.slot.series,
                one.slot.language,
                one.slot.weekday,
                one.slot.starts.strftime(CLOCK),
                one.slot.zone,
                one.agrees,
            )
            for one in await own_slots(session, asker)
        ]
    )


@put("/slots/{slot:uuid}/agreement", summary="Agree that your language is shown", status_code=204)
async def agree(session: Session, asker: Signed, now: Now, slot: FromPath[UUID]) -> None:
    """Agree for oneself; nobody else can."""
    await answer_slot(session, asker, slot, now, agrees=True)


@delete("/slots/{slot:uuid}/agreement", summary="Agree no more", status_code=204)
async def agree_no_more(session: Session, asker: Signed, now: Now, slot: FromPath[UUID]) -> None:
    """Take one's yes back: the language is no longer shown there, at once."""
    await answer_slot(session, asker, slot, now, agrees=False)


@get("/pools/{pool:str}/slots", summary="List the regular times proposed for languages")
async def list_planned_slots(
    session: Session, asker: Signed, pool: FromPath[str]
) -> Page[SlotAnswer]:
    """List what is proposed and whether all agree, never who does."""
    found = await pool_seen_by(session, asker, pool)
    return Page(items=[_told(one) for one in await planned_slots(session, asker, found.id)])


@post("/pools/{pool:str}/slots", summary="Propose a regular time for a language")
async def propose(
    session: Session, asker: Signed, now: Now, pool: FromPath[str], data: JSONBody[SlotBody]
) -> SlotAnswer:
    """Ask every speaker of the language, on whatever node; shown once all have agreed."""
    found = await pool_seen_by(session, asker, pool)
    return _told(await propose_slot(session, asker, found.id, data.series, data.language, now))


@delete("/pools/{pool:str}/slots/{slot:uuid}", summary="End a regular time", status_code=204)
async def end(
    session: Session, asker: Signed, now: Now, pool: FromPath[str], slot: FromPath[UUID]
) -> None:
    """Ask nobody any more, and forget who had agreed."""
    found = await pool_seen_by(session, asker, pool)
    await end_slot(session, asker, found.id, slot, now)
