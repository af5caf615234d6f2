"""Partners: whom this node has met, who acts next, what each is let do, and how it ends."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, QueryParameter, URLEncodedBody
from litestar.response import Redirect, Template

from api.errors import InvalidRequest
from api.languages.reading import own_clock
from api.login.recognition import recognise_before
from api.pages.event_words import kind_words, trouble_words
from api.pages.forms import NoForm
from api.pages.rendering import kept_current, page, way_back
from api.parts import NodeSettings, Now, Session, Signed
from api.peers.events import ERASES
from api.peers.joining import accept_invitation
from api.peers.own_node import own_node
from federation.feeds.quarantine.actions import forget_set_aside
from federation.feeds.taken_in.actions import take_in_more
from federation.partners import actions, queries
from federation.partners.documents.actions import settle
from federation.partners.documents.queries import dispute_of
from federation.partners.documents.rules import CHOICES, OTHER
from federation.partners.invitations.actions import invite as make_link
from federation.partners.models import Partner
from federation.partners.rules import handshake
from federation.people.models import Role
from federation.permissions.rules import Asker
from federation.relations.crossed.queries import crossed, dry_run
from federation.relations.leaving.actions import end as end_relation
from federation.relations.leaving.queries import partner_seen
from federation.relations.queries import ticks

HERE = "/partners"
Asking = Request[Any, Any, State]
Capability = Annotated[str, QueryParameter(name="capability", max_length=100)]


class LinkForm(msgspec.Struct):
    """A link that another project sent."""

    link: str = ""


class WordsForm(msgspec.Struct):
    """The words that were heard on the telephone."""

    words: str = ""


class TickForm(msgspec.Struct):
    """One thing to let a partner do, or to let it do no more."""

    capability: str = ""


class DocumentForm(msgspec.Struct):
    """Which of two documents somebody has chosen, and the partner's name as it was typed."""

    choice: str = ""
    typed: str = ""


class EndForm(msgspec.Struct):
    """The partner's name, as somebody has typed it, and from which day on seats are given back."""

    typed: str = ""
    since: str = ""


class ForgetForm(msgspec.Struct):
    """Whether also what waits for an update is forgotten."""

    waiting: str = ""


def _acts(asker: Asker) -> bool:
    return asker.has(Role.PARTNER_ADMINISTRATOR)


def _clock(zone: ZoneInfo) -> dict[str, Any]:
    return {"local": lambda at: at.astimezone(zone)}


@get(HERE)
async def show_partners(session: Session, asker: Signed) -> Template:
    """Show every node met, with who acts next."""
    return page(
        "partners.html",
        asker=asker,
        partners=await queries.partners(session, asker=asker),
        acts=_acts(asker),
        **_clock(own_clock()),
    )


@post(f"{HERE}/invitations", status_code=200)
async def invite(
    request: Asking,
    session: Session,
    asker: Signed,
    now: Now,
    state: State,
    data: URLEncodedBody[NoForm],
) -> Template:
    """Make a link for one other node, and show it this once."""
    del data
    way_back(request, HERE)
    link = await make_link(session, asker=asker, node=own_node(state), now=now)
    return page("partner-link.html", asker=asker, link=str(link))


@post(f"{HERE}/accept", status_code=303)
async def accept(
    request: Asking,
    state: State,
    settings: NodeSettings,
    now: Now,
    data: URLEncodedBody[LinkForm],
) -> Redirect:
    """Spend a link: the other node is asked now, with no transaction open meanwhile."""
    way_back(request, HERE)
    asker = await recognise_before(request, now)
    met = await accept_invitation(
        state.engine,
        own_node(state),
        asker=asker,
        link_text=data.link,
        now=now,
        development=settings.development,
    )
    return Redirect(f"{HERE}/{met.node_id}", status_code=303)


@get(f"{HERE}/{{node:str}}")
async def show_partner(session: Session, asker: Signed, node: FromPath[str]) -> Template:
    """Show one partner, and to those who may what can be done now."""
    seen = await partner_seen(session, asker, node)
    partner = seen.partner
    answer = page(
        "partner.html",
        asker=asker,
        partner=partner,
        acts=_acts(asker),
        speaks=partner.state in handshake.SPEAKING,
        dispute=dispute_of(asker, partner),
        untold=seen.untold,
        unerased=seen.unerased,
        attempts=seen.attempts,
        ticks=await ticks(session, asker, partner),
        crossed=await crossed(session, asker, partner),
        erases=ERASES,
        kind_words=kind_words,
        trouble_words=trouble_words,
        **_clock(own_clock()),
    )
    return kept_current(answer, f"{HERE}/{node}/changes")


@get(f"{HERE}/{{node:str}}/dry-run")
async def show_dry_run(
    session: Session, asker: Signed, node: FromPath[str], capability: Capability, now: Now
) -> Template:
    """Show what a partner would receive at once, before it is ticked."""
    partner = await queries.partner(session, asker=asker, node_id=node)
    listed = await ticks(session, asker, partner)
    return page(
        "partner-dry-run.html",
        asker=asker,
        partner=partner,
        acts=_acts(asker) and partner.state in handshake.SPEAKING,
        told=await dry_run(session, asker, partner, capability, now),
        tick=next(one for one in listed if one.capability == capability),
        kind_words=kind_words,
        **_clock(own_clock()),
    )


@post(f"{HERE}/{{node:str}}/words", status_code=303)
async def words(
    request: Asking,
    session: Session,
    asker: Signed,
    now: Now,
    node: FromPath[str],
    data: URLEncodedBody[WordsForm],
) -> Redirect:
    """Type the four words that were heard."""
    back = way_back(request, f"{HERE}/{node}")
    await actions.confirm_words(session, asker=asker, node_id=node, typed=data.words, now=now)
    return Redirect(back, status_code=303)


def _ticking(step: str, act: Callable[..., Awaitable[None]]) -> HTTPRouteHandler:
    """Make the button that does `act` to one capability of a partner; it holds at once."""

    @post(f"{HERE}/{{node:str}}/{step}", status_code=303)
    async def press(
        request: Asking,
        session: Session,
        asker: Signed,
        now: Now,
        node: FromPath[str],
        data: URLEncodedBody[TickForm],
    ) -> Redirect:
        back = way_back(request, f"{HERE}/{node}")
        await act(session, asker=asker, node_id=node, capability=data.capability, now=now)
        return Redirect(back, status_code=303)

    return press


tick = _ticking("tick", actions.grant)
untick = _ticking("untick", actions.withdraw)


@post(f"{HERE}/{{node:str}}/document", status_code=303)
async def choose_document(
    request: Asking,
    session: Session,
    asker: Signed,
    now: Now,
    node: FromPath[str],
    data: URLEncodedBody[DocumentForm],
) -> Redirect:
    """Go on with one of two documents of a frozen partner, once its name was typed."""
    back = way_back(request, f"{HERE}/{node}")
    actions.may_partner(asker)
    partner = await queries.partner(session, asker=asker, node_id=node)
    _require_typed(data.typed, partner)
    if data.choice not in CHOICES:
        raise InvalidRequest("choice", "Choose one of the two documents.")
    await settle(session, asker=asker, node_id=node, take_other=data.choice == OTHER, now=now)
    return Redirect(back, status_code=303)


@post(f"{HERE}/{{node:str}}/end", status_code=303)
async def end(
    request: Asking,
    session: Session,
    asker: Signed,
    now: Now,
    node: FromPath[str],
    data: URLEncodedBody[EndForm],
) -> Redirect:
    """End it once the partner's name was typed; the partner is not asked."""
    back = way_back(request, f"{HERE}/{node}")
    actions.may_partner(asker)
    partner = await queries.partner(session, asker=asker, node_id=node)
    _require_typed(data.typed, partner)
    since = beginning_of(data.since, own_clock())
    await end_relation(session, asker=asker, node_id=node, now=now, claims_until=since)
    return Redirect(back, status_code=303)


@post(f"{HERE}/{{node:str}}/forget", status_code=303)
async def forget(
    request: Asking,
    session: Session,
    asker: Signed,
    now: Now,
    node: FromPath[str],
    data: URLEncodedBody[ForgetForm],
) -> Redirect:
    """Forget what was set aside of a partner, after a look at it, and read on."""
    back = way_back(request, f"{HERE}/{node}")
    waiting = data.waiting == "yes"
    await forget_set_aside(session, asker=asker, node_id=node, waiting=waiting, now=now)
    return Redirect(back, status_code=303)


@post(f"{HERE}/{{node:str}}/take-in-more", status_code=303)
async def take_in(
    request: Asking, session: Session, asker: Signed, now: Now, node: FromPath[str]
) -> Redirect:
    """Take in as much again of a partner that has said too much, after a call, and read on."""
    back = way_back(request, f"{HERE}/{node}")
    await take_in_more(session, asker=asker, node_id=node, now=now)
    return Redirect(back, status_code=303)


def beginning_of(day: str, zone: ZoneInfo) -> datetime | None:
    """Read a day as a moment on somebody's clock; nothing typed is None."""
    if not day.strip():
        return None
    try:
        return datetime.combine(date.fromisoformat(day.strip()), time(), zone)
    except ValueError as error:
        raise InvalidRequest("since", "Write the day as 2027-01-31.") from error


def _require_typed(words: str, partner: Partner) -> None:
    """Refuse unless the partner's name was typed; a browser shows several spaces as one."""
    if words.split() != partner.name.split():
        raise InvalidRequest("typed", "Type the partner's name as it is shown.")


ROUTES: list[Any] = [
    show_partners,
    invite,
    accept,
    show_partner,
    show_dry_run,
    words,
    tick,
    untick,
    choose_document,
    forget,
    take_in,
    end,
]
