"""Partners for programs: who was met and acts next, what each may see, what crossed."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, delete, get, post, put
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody, QueryParameter

from api.login.recognition import recognise_before
from api.parts import NodeSettings, Now, Session, Signed
from api.peers.joining import accept_invitation
from api.peers.own_node import own_node
from api.routes.pages_of import Page
from federation.partners import actions, queries
from federation.partners.invitations.actions import invite as make_link
from federation.partners.models import Partner
from federation.partners.rules import handshake
from federation.people.models import Role
from federation.permissions.rules import Asker
from federation.relations.actions import end as end_relation
from federation.relations.actions import type_words
from federation.relations.crossed import rules
from federation.relations.crossed.queries import crossed, dry_run

TAGS = ["partners"]
WORDS_NEEDED = {handshake.WORDS_TO_TYPE, handshake.WAITING_FOR_THEM}
Capability = Annotated[str, QueryParameter(name="capability", max_length=100)]


class LinkBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A link that another project's partner administrator sent."""

    link: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class WordsBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The four words that were heard on the telephone, as one text."""

    words: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class InvitationAnswer(msgspec.Struct, frozen=True):
    """A link for one other node; it is told only here, and works once, within 48 hours."""

    link: str


class PartnerAnswer(msgspec.Struct, frozen=True):
    """A node that was met.

    `state` is `words-to-type` (you act next), `waiting-for-them`, `joined` or `ended`. `words` are
    the four to read out, for partner administrators while they are needed.
    """

    node: str
    name: str
    base_url: str
    state: str
    words: list[str]
    we_grant: list[str]
    they_grant: list[str]
    last_heard_at: datetime | None


class KindAnswer(msgspec.Struct, frozen=True):
    """How many events of a kind, and when the last was written."""

    kind: str
    events: int
    last: datetime


class SentAnswer(msgspec.Struct, frozen=True):
    """A feed of this node: what the partner has confirmed, and what it has not.

    `open` is false where it receives nothing new of it; `waiting_since` is when the oldest event
    that it has not confirmed was written.
    """

    feed: str
    name: str
    open: bool
    confirmed: list[KindAnswer]
    confirmed_at: datetime | None
    waiting: int
    waiting_since: datetime | None
    recalls_unconfirmed: int


class SetAsideAnswer(msgspec.Struct, frozen=True):
    """Events that were not applied; `kept` until they can be, or refused with a code."""

    kind: str
    kept: bool
    code: str
    events: int
    last: datetime


class ReceivedAnswer(msgspec.Struct, frozen=True):
    """A feed of the partner: how far it was read; `trouble` is why it is not read now, or empty."""

    feed: str
    name: str
    read: int
    behind: int
    checked_at: datetime | None
    trouble: str
    would_help: str
    set_aside: list[SetAsideAnswer]


class CrossedAnswer(msgspec.Struct, frozen=True):
    """One partner, and all that crossed: kinds, counts and times, never what was said.

    `attempts` to reach it have failed in a row.
    """

    partner: PartnerAnswer
    sent: list[SentAnswer]
    received: list[ReceivedAnswer]
    attempts: int


class DryRunAnswer(msgspec.Struct, frozen=True):
    """What the partner would receive at once; `has` where it receives that already."""

    kinds: list[KindAnswer]
    recalls: int
    has: bool


def _partner(asker: Asker, partner: Partner) -> PartnerAnswer:
    needed = partner.state in WORDS_NEEDED and asker.has(Role.PARTNER_ADMINISTRATOR)
    return PartnerAnswer(
        node=partner.node_id,
        name=partner.name,
        base_url=partner.base_url,
        state=partner.state,
        words=partner.words if needed else [],
        we_grant=partner.we_grant,
        they_grant=partner.they_grant,
        last_heard_at=partner.last_heard_at,
    )


def _kinds(counts: list[rules.Count]) -> list[KindAnswer]:
    return [KindAnswer(*count) for count in counts]


def _sent(one: rules.Sent) -> SentAnswer:
    return SentAnswer(**{**one._asdict(), "confirmed": _kinds(one.confirmed)})


def _received(one: rules.Received) -> ReceivedAnswer:
    set_aside = [SetAsideAnswer(*aside) for aside in one.set_aside]
    return ReceivedAnswer(**{**one._asdict(), "set_aside": set_aside})


@get("/partners", tags=TAGS, summary="The nodes that yours has met")
async def list_partners(session: Session, asker: Signed) -> Page[PartnerAnswer]:
    """List every node met, for partner administrators and coordinators."""
    return Page([_partner(asker, one) for one in await queries.partners(session, asker=asker)])


@post("/partners/invitations", tags=TAGS, summary="Make a link for one other node")
async def make_invitation(
    session: Session, asker: Signed, now: Now, state: State
) -> InvitationAnswer:
    """Make a link; whoever has it can answer in the other's place, so send it to nobody else."""
    link = await make_link(session, asker=asker, node=own_node(state), now=now)
    return InvitationAnswer(str(link))


@post("/partners", tags=TAGS, summary="Enter a link that another project sent")
async def enter_link(
    request: Request[Any, Any, State],
    state: State,
    settings: NodeSettings,
    now: Now,
    data: JSONBody[LinkBody],
) -> PartnerAnswer:
    """Meet the other node now; then both sides type the four words."""
    asker = await recognise_before(request, now)
    met = await accept_invitation(
        state.engine,
        own_node(state),
        asker=asker,
        link_text=data.link,
        now=now,
        development=settings.development,
    )
    return _partner(asker, met)


@get("/partners/{node:str}", tags=TAGS, summary="What crossed between your node and another")
async def show_partner(session: Session, asker: Signed, node: FromPath[str]) -> CrossedAnswer:
    """Tell what crossed in both directions, what is late or wrong, and what would help."""
    partner = await queries.partner(session, asker=asker, node_id=node)
    told = await crossed(session, asker, partner)
    return CrossedAnswer(
        partner=_partner(asker, partner),
        sent=[_sent(one) for one in told.sent],
        received=[_received(one) for one in told.received],
        attempts=told.attempts,
    )


@get("/partners/{node:str}/dry-run", tags=TAGS, summary="What a partner would receive")
async def show_dry_run(
    session: Session, asker: Signed, node: FromPath[str], capability: Capability
) -> DryRunAnswer:
    """Tell what one capability would let cross at once, before it is granted."""
    partner = await queries.partner(session, asker=asker, node_id=node)
    told = await dry_run(session, asker, partner, capability)
    return DryRunAnswer(_kinds(told.counts), told.recalls, told.has)


@post("/partners/{node:str}/words", tags=TAGS, summary="Type the four words", status_code=200)
async def confirm_words(
    session: Session, asker: Signed, now: Now, node: FromPath[str], data: JSONBody[WordsBody]
) -> PartnerAnswer:
    """Type the words that were heard on the telephone; then the partner may sign in."""
    met = await type_words(session, asker=asker, node_id=node, typed=data.words, now=now)
    return _partner(asker, met)


@put("/partners/{node:str}/grants/{capability:str}", tags=TAGS, summary="Grant one thing more")
async def grant_capability(
    session: Session, asker: Signed, now: Now, node: FromPath[str], capability: FromPath[str]
) -> PartnerAnswer:
    """Let a partner see one more thing, such as `shifts:` and the id of a pool."""
    await actions.grant(session, asker=asker, node_id=node, capability=capability, now=now)
    return _partner(asker, await queries.partner(session, asker=asker, node_id=node))


@delete("/partners/{node:str}/grants/{capability:str}", tags=TAGS, summary="Take one thing back")
async def withdraw_capability(
    session: Session, asker: Signed, now: Now, node: FromPath[str], capability: FromPath[str]
) -> None:
    """Take one thing back; it holds at once, whatever the partner does."""
    await actions.withdraw(session, asker=asker, node_id=node, capability=capability, now=now)


@delete("/partners/{node:str}", tags=TAGS, summary="End working with another node")
async def end_partner(session: Session, asker: Signed, now: Now, node: FromPath[str]) -> None:
    """End it at once and without the partner: nothing that it holds opens anything."""
    await end_relation(session, asker=asker, node_id=node, now=now)


ROUTES: list[Any] = [
    list_partners,
    make_invitation,
    enter_link,
    show_partner,
    show_dry_run,
    confirm_words,
    grant_capability,
    withdraw_capability,
    end_partner,
]
