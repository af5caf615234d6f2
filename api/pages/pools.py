"""The pools of a project: founded or joined, with their channels and what each tells the public."""

from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from api.errors import CHARACTERS, NUMBER_BETWEEN, InvalidRequest
from api.pages.entries import number_entry
from api.pages.pattern_forms import MOST_SEATS, a_number, words
from api.pages.rendering import page, way_back
from api.parts import Now, Session, Signed
from federation.permissions.rules import require_role
from federation.pools.actions import add_channel, join_pool, make_pool
from federation.pools.drafts import ChannelDraft, Share
from federation.pools.queries import (
    channels_by_pool,
    pool_seen_by,
    pool_to_join,
    pools_of,
    pools_to_join,
)
from federation.pools.rules import short_name
from federation.pools.settings import set_publication
from federation.projects.queries import project

HERE, SETUP = "/pools", "/setup"
LONGEST_NAME = 80
KINDS = ("session", "task", "inbox")
MOST_HOURS = 168


class ShareForm(msgspec.Struct, kw_only=True):
    """What a project brings into a pool."""

    offered: str = ""
    before: str = ""


class ChannelForm(msgspec.Struct, kw_only=True):
    """A channel, in the words of a form; trainings stand between commas."""

    channel: str = ""
    kind: str = "session"
    workers: str = "2"
    supervisors: str = "1"
    trainings: str = ""


class PoolForm(ChannelForm, kw_only=True):
    """A pool and its first channel; `then` says to which page it leads back."""

    offered: str = ""
    before: str = ""

    name: str = ""
    slug: str = ""
    zone: str = ""
    then: str = ""


class PublicationForm(msgspec.Struct, kw_only=True):
    """What is told before it is confirmed, and in which languages messages are answered."""

    planned: str = ""
    message_languages: str = ""


@get(HERE)
async def show_pools(session: Session, asker: Signed) -> Template:
    """Show a project's pools with their channels, and what can be done about them."""
    require_role(asker, "coordinator")
    pools = await pools_of(session, asker)
    return page(
        "pools.html",
        asker=asker,
        pools=pools,
        channels=await channels_by_pool(session, pools),
        others=await pools_to_join(session, asker),
        zone=(await project(session, asker.project_id)).zone,
        form=PoolForm(),
    )


@post(HERE, status_code=303)
async def found(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    data: URLEncodedBody[PoolForm],
) -> Redirect:
    """Found a pool together with its first channel, or neither."""
    back = way_back(request, SETUP if data.then == "setup" else HERE)
    name, draft = _name("name", data.name), _draft(data)
    pool = await make_pool(
        session,
        asker,
        now,
        slug=data.slug.strip() or short_name(name),
        name=name,
        zone=data.zone.strip(),
        share=_share(data),
    )
    await add_channel(session, asker, pool.id, draft, now)
    return Redirect(back, status_code=303)


@post(f"{HERE}/{{slug:str}}/channels", status_code=303)
async def add(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    data: URLEncodedBody[ChannelForm],
) -> Redirect:
    """Add a channel to a pool."""
    back = way_back(request, HERE)
    pool = await pool_seen_by(session, asker, slug)
    await add_channel(session, asker, pool.id, _draft(data), now)
    return Redirect(back, status_code=303)


@post(f"{HERE}/{{slug:str}}/join", status_code=303)
async def join(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    data: URLEncodedBody[ShareForm],
) -> Redirect:
    """Let the asker's project take part in a pool that is known here."""
    back = way_back(request, HERE)
    await join_pool(session, asker, await pool_to_join(session, slug), _share(data), now)
    return Redirect(back, status_code=303)


@post(f"{HERE}/{{slug:str}}/publication", status_code=303)
async def publish(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    data: URLEncodedBody[PublicationForm],
) -> Redirect:
    """Say what the public is told before hours are confirmed."""
    back = way_back(request, HERE)
    pool = await pool_seen_by(session, asker, slug)
    languages = list(words(data.message_languages))
    planned = data.planned == "yes"
    await set_publication(
        session, asker, pool.id, now, planned=planned, message_languages=languages
    )
    return Redirect(back, status_code=303)


def _name(field: str, text: str) -> str:
    name = " ".join(text.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise InvalidRequest(field, CHARACTERS % {"number": LONGEST_NAME})
    return name


def _share(form: ShareForm | PoolForm) -> Share:
    return Share(_hours("offered", form.offered), _hours("before", form.before))


def _hours(field: str, text: str) -> float:
    hours = number_entry(field, text) or 0
    if not 0 <= hours <= MOST_HOURS:
        raise InvalidRequest(field, NUMBER_BETWEEN % {"least": 0, "limit": MOST_HOURS})
    return hours


def _draft(form: ChannelForm) -> ChannelDraft:
    name = _name("channel", form.channel)
    if form.kind not in KINDS:
        raise InvalidRequest("kind", "must be one of the choices.")
    workers = a_number("workers", form.workers, MOST_SEATS)
    if not workers:
        raise InvalidRequest("workers", NUMBER_BETWEEN % {"least": 1, "limit": MOST_SEATS})
    supervisors = a_number("supervisors", form.supervisors, MOST_SEATS)
    trainings = [one.strip() for one in form.trainings.split(",") if one.strip()]
    return ChannelDraft(short_name(name), name, form.kind, workers, supervisors, trainings)


ROUTES = [show_pools, found, add, join, publish]
