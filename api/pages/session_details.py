"""A page on which those who plan a pool set what its people need in sessions."""

from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from api.errors import InvalidRequest
from api.pages.rendering import page, way_back
from api.pages.weeks import week_address
from api.parts import Now, Session, Signed
from federation.errors import NotFound
from federation.pools.queries import channel_of, pool_seen_by
from federation.pools.settings import LONGEST_RULES, set_rules_of_engagement
from federation.pools.topics import set_topics, written_topic
from rota.records.queries import topics_of
from rota.session_details.actions import (
    entered_for_channels,
    entered_for_pool,
    set_for_channel,
    set_for_pool,
)
from rota.session_details.rules import ANSWER_MINUTES, Draft

ALONE = {"": None, "yes": True, "no": False}


class DetailsForm(msgspec.Struct):
    """What a coordinator enters; an empty field leaves it to the pool."""

    channel: str = ""
    meeting_link: str = ""
    contact_label: str = ""
    contact_number: str = ""
    contact_link: str = ""
    organisational: str = ""
    conversations_at_once: str = ""
    never_alone: str = ""
    deputy: str = ""
    answer_minutes: str = ""
    week: str = ""


class RulesForm(msgspec.Struct):
    """How to behave on a channel."""

    rules: str = ""
    week: str = ""


class TopicsForm(msgspec.Struct):
    """What contacts may be about, one in a line."""

    topics: str = ""
    week: str = ""


@get("/board/{slug:str}/sessions")
async def show_details(
    session: Session, asker: Signed, slug: FromPath[str], week: FromQuery[str] = ""
) -> Template:
    """Show what is set for a pool's sessions, to those who plan it."""
    pool = await pool_seen_by(session, asker, slug)
    return page(
        "session-details.html",
        asker=asker,
        pool=pool,
        board=week_address(f"/board/{slug}", week),
        week=week,
        of_pool=await entered_for_pool(session, asker, pool.id),
        channels=await entered_for_channels(session, asker, pool.id),
        usual_minutes=ANSWER_MINUTES,
        longest_rules=LONGEST_RULES,
        topics=topics_of(pool),
    )


@post("/board/{slug:str}/sessions", status_code=303)
async def set_details(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    data: URLEncodedBody[DetailsForm],
) -> Redirect:
    """Set it, for the pool or for one channel."""
    back = way_back(request, week_address(f"/board/{slug}/sessions", data.week))
    pool = await pool_seen_by(session, asker, slug)
    draft = _draft(data)
    if not data.channel:
        await set_for_pool(session, asker, pool.id, draft, now)
        return Redirect(back, status_code=303)
    channel_id = await channel_of(session, pool.id, data.channel)
    if channel_id is None:
        raise NotFound
    await set_for_channel(session, asker, channel_id, draft, now)
    return Redirect(back, status_code=303)


@post("/board/{slug:str}/channels/{channel:str}/rules", status_code=303)
async def set_rules(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    channel: FromPath[str],
    data: URLEncodedBody[RulesForm],
) -> Redirect:
    """Set a channel's rules of engagement, which its shifts carry."""
    back = way_back(request, week_address(f"/board/{slug}/sessions", data.week))
    pool = await pool_seen_by(session, asker, slug)
    await set_rules_of_engagement(session, asker, pool.id, channel, data.rules, now)
    return Redirect(back, status_code=303)


@post("/board/{slug:str}/topics", status_code=303)
async def set_pool_topics(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    data: URLEncodedBody[TopicsForm],
) -> Redirect:
    """Set what contacts may be about, for the records of all members."""
    back = way_back(request, week_address(f"/board/{slug}/sessions", data.week))
    pool = await pool_seen_by(session, asker, slug)
    topics = [written_topic(line) for line in data.topics.splitlines() if line.strip()]
    await set_topics(session, asker, pool.id, topics, now)
    return Redirect(back, status_code=303)


def _draft(form: DetailsForm) -> Draft:
    return Draft(
        meeting_link=form.meeting_link.strip() or None,
        contact_label=form.contact_label.strip() or None,
        contact_number=form.contact_number.strip() or None,
        contact_link=form.contact_link.strip() or None,
        organisational=form.organisational == "yes",
        conversations_at_once=_number("conversations_at_once", form.conversations_at_once),
        never_alone=ALONE.get(form.never_alone),
        deputy=form.deputy.strip() or None,
        answer_minutes=_number("answer_minutes", form.answer_minutes),
    )


def _number(field: str, written: str) -> int | None:
    written = written.strip()
    if not written:
        return None
    if not written.isascii() or not written.isdecimal() or len(written) > len("99"):
        raise InvalidRequest(field, "must be a number.")
    return int(written)
