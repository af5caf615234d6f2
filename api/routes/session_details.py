"""What seat holders need around sessions, set by those who plan the pool."""

from uuid import UUID

import msgspec
from litestar import get, put
from litestar.params import FromPath, JSONBody

from api.parts import Now, Session, Signed
from federation.errors import NotFound
from federation.pools.queries import channel_of, pool_seen_by
from federation.pools.settings import set_rules_of_engagement
from federation.pools.topics import set_topics
from rota.session_details.actions import (
    entered_for_channels,
    entered_for_pool,
    set_for_channel,
    set_for_pool,
    set_for_shift,
)
from rota.session_details.rules import Draft


class DetailsBody(msgspec.Struct, forbid_unknown_fields=True):
    """All of what is set; what is left out or null is left to the wider setting.

    `organisational` confirms that the contact is an organisation's and nobody's own.
    """

    meeting_link: str | None = None
    contact_label: str | None = None
    contact_number: str | None = None
    contact_link: str | None = None
    organisational: bool = False
    conversations_at_once: int | None = None
    never_alone: bool | None = None
    deputy: str | None = None
    answer_minutes: int | None = None

    def draft(self) -> Draft:
        """Give it as the rules read it."""
        return Draft(**msgspec.structs.asdict(self))


class DetailsAnswer(msgspec.Struct, frozen=True):
    """What is set for a pool and for each of its channels."""

    pool: DetailsBody
    channels: dict[str, DetailsBody]


class TopicsBody(msgspec.Struct, forbid_unknown_fields=True):
    """What contacts may be about, such as `money-and-benefits`; none leaves it to netreach."""

    topics: list[str]


class RulesBody(msgspec.Struct, forbid_unknown_fields=True):
    """Rules of engagement, in plain lines; an empty text takes them away."""

    rules: str


@get("/pools/{pool:str}/session-details", summary="What people need in sessions")
async def show_details(session: Session, asker: Signed, pool: FromPath[str]) -> DetailsAnswer:
    """Show those who plan a pool what is set for its sessions."""
    found = await pool_seen_by(session, asker, pool)
    channels = await entered_for_channels(session, asker, found.id)
    return DetailsAnswer(
        pool=_body(await entered_for_pool(session, asker, found.id)),
        channels={channel.slug: _body(draft) for channel, draft in channels},
    )


@put("/pools/{pool:str}/session-details", summary="Set it for a pool", status_code=204)
async def set_pool_details(
    session: Session, asker: Signed, now: Now, pool: FromPath[str], data: JSONBody[DetailsBody]
) -> None:
    """Set what holds on all channels of a pool, its deputy supervisor included."""
    found = await pool_seen_by(session, asker, pool)
    await set_for_pool(session, asker, found.id, data.draft(), now)


@put(
    "/pools/{pool:str}/channels/{channel:str}/session-details",
    summary="Set it for a channel",
    status_code=204,
)
async def set_channel_details(
    session: Session,
    asker: Signed,
    now: Now,
    pool: FromPath[str],
    channel: FromPath[str],
    data: JSONBody[DetailsBody],
) -> None:
    """Set what holds on one channel."""
    found = await pool_seen_by(session, asker, pool)
    channel_id = await channel_of(session, found.id, channel)
    if channel_id is None:
        raise NotFound
    await set_for_channel(session, asker, channel_id, data.draft(), now)


@put(
    "/pools/{pool:str}/channels/{channel:str}/rules-of-engagement",
    summary="Set a channel's rules of engagement",
    status_code=204,
)
async def set_rules(
    session: Session,
    asker: Signed,
    now: Now,
    pool: FromPath[str],
    channel: FromPath[str],
    data: JSONBody[RulesBody],
) -> None:
    """Say how to behave on a forum or platform; seat holders read it with their shift."""
    found = await pool_seen_by(session, asker, pool)
    await set_rules_of_engagement(session, asker, found.id, channel, data.rules, now)


@put("/pools/{pool:str}/topics", summary="Set what contacts may be about", status_code=204)
async def set_pool_topics(
    session: Session, asker: Signed, now: Now, pool: FromPath[str], data: JSONBody[TopicsBody]
) -> None:
    """Set the list from which records of all members are made; what was counted stays counted."""
    found = await pool_seen_by(session, asker, pool)
    await set_topics(session, asker, found.id, data.topics, now)


@put("/shifts/{shift:uuid}/session-details", summary="Set it for a shift", status_code=204)
async def set_shift_details(
    session: Session,
    asker: Signed,
    now: Now,
    shift: FromPath[UUID],
    data: JSONBody[DetailsBody],
) -> None:
    """Set what holds for one shift only, such as a meeting link of its own."""
    await set_for_shift(session, asker, shift, data.draft(), now)


def _body(draft: Draft) -> DetailsBody:
    return DetailsBody(
        meeting_link=draft.meeting_link,
        contact_label=draft.contact_label,
        contact_number=draft.contact_number,
        contact_link=draft.contact_link,
        organisational=draft.organisational,
        conversations_at_once=draft.conversations_at_once,
        never_alone=draft.never_alone,
        deputy=draft.deputy,
        answer_minutes=draft.answer_minutes,
    )
