"""All that somebody must have done before links lead to every page, done by one person."""

from dataclasses import replace
from datetime import time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.notices.keys import NoticeKeys
from api.notices.links import CONFIRM_PATH, STOP_PATH
from api.parts import current_time
from database.ids import new_id
from database.session import door
from federation.notices.addresses.actions import enter_address
from federation.notices.addresses.models import MailAddress
from federation.notices.addresses.rules import link_secret
from federation.partners.models import Partner
from federation.partners.rules.handshake import JOINED
from federation.people.actions import grant_role
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from federation.pools.models import PoolMember
from federation.pools.queries import channel_of
from protocols.items.actions import add_variant, draft_item
from protocols.items.queries import blocks_of
from protocols.proposals.actions import propose
from protocols.releases.models import Release
from protocols.signposts.actions import add_signpost
from rota.calendar.actions import add_address
from rota.calendar.rules.wanted import Wording
from rota.claims.models import Claim
from rota.cover.actions import ask_for_cover
from rota.import_runs.actions import begin_import
from rota.shifts.actions import make_pattern
from rota.shifts.models import Seat
from rota.shifts.rules.patterns import Timing
from rota.shifts.rules.staffing import Staffing
from tests.browser.site import Site
from tests.browser.test_partner_pages import met
from tests.protocols.example_texts import Members, Told, project_with_people, protocol, revised
from tests.protocols.proposals.suggestions import RESTORED, grant, with_own_parts
from tests.protocols.signposts.services import CLINIC

ROLES = ("coordinator", "supervisor", "reviewer", "partner-administrator")
BY_NO_LINK = ("/sign-in", "/restore", "/demand", "/coverage", "/patterns", "/records/import")


async def all_to_do(site: Site, keys: NoticeKeys) -> list[str]:
    """Let the colleague do everything on a node with a plan and a partner; gives first steps.

    What comes first there is the one of its kind from which a link leads on.
    """
    await site.plan()
    partner = await met(site)
    public = f"/open/{site.slug}"
    async with door(site.engine) as session:
        person_id = site.people["colleague"].asker.person_id
        for role in ROLES:
            await grant_role(session, OPERATOR, person_id=person_id, role=role, now=current_time())
        asker = replace(site.people["colleague"].asker, roles=frozenset(("worker", *ROLES)))
        (newer, own), draft = await _texts(session, site), await _half_translated(session, site)
        await _small_things(session, site, asker)
        (await session.get_one(Partner, partner)).state = JOINED
        mail = await _mail_links(session, asker, keys)
        run = await begin_import(session, asker, site.pool, 300, current_time())
    return [
        *(f"/adopted/{newer}", f"/proposals/texts/{own}", f"/texts/{draft}"),
        *(f"/partners/{partner}", *mail),
        *("/", f"/week?week={site.week}", site.closer, public, f"{public}/embedded", *BY_NO_LINK),
        *(f"/records/import/{site.slug}", f"/records/import/{site.slug}/runs/{run}"),
        await site.link("colleague"),
    ]


async def _texts(session: AsyncSession, site: Site) -> tuple[str, str]:
    """Let another project own two texts in which the site's has words of its own.

    The first has gone on since, and a part of ours was proposed; gives their places in addresses.
    """
    ours, owner = _members(site), await project_with_people(session, f"owner-{new_id()}")
    await grant(session, owner)
    session.add(
        PoolMember(
            pool_id=site.pool,
            project_id=owner.project,
            hours_offered_per_week=1,
            hours_before_per_week=1,
            joined_at=current_time(),
        )
    )
    await session.flush()
    first, second = [await with_own_parts(session, owner, ours) for _ in range(2)]
    wanted = first.wanted(replaced={"en": RESTORED})
    await propose(session, ours.reviewer, first.text.urn, wanted, current_time())
    told = Told(parts=("Two of you, always.", "Close it."))
    await revised(session, owner, first.text, told)
    return _place(first.text), _place(second.text)


def _place(text: Release) -> str:
    return text.urn.removeprefix("urn:uuid:")


def _members(site: Site) -> Members:
    people = {name: site.people[name].asker for name in ("coordinator", "reviewer", "worker")}
    return Members(project=people["worker"].project_id, name="ours", **people)


async def _half_translated(session: AsyncSession, site: Site) -> UUID:
    """Begin a text and its translation; gives its place in addresses."""
    author, now = site.people["reviewer"].asker, current_time()
    item = await draft_item(session, author, protocol(Told(title="Closing a session")), now)
    texts = {str(block.id): "Met z'n tweeën." for block in await blocks_of(session, item.id)}
    await add_variant(
        session, author, item.id, language="nl", title="Afsluiten", texts=texts, now=now
    )
    return item.id


async def _small_things(session: AsyncSession, site: Site, asker: Asker) -> None:
    """Let others be asked for a seat; keep a calendar, set down a series, list a service."""
    now = current_time()
    own = select(Claim.id).join(Seat).where(Seat.shift_id == site.gap.id, Claim.state == "held")
    await ask_for_cover(session, asker, (await session.scalars(own)).one(), now)
    await add_address(session, asker, Wording("Phone"), now)
    checked = now.date() - timedelta(days=1)
    clinic = replace(CLINIC, phone="+44 113 496 0123", last_checked=checked, expires=None)
    await add_signpost(session, asker, clinic, now)
    chat = await channel_of(session, site.pool, "live-chat")
    assert chat is not None
    tuesdays = Timing(
        weekday=1, starts=time(19), minutes=60, zone="Europe/London", first_day=now.date()
    )
    await make_pattern(
        session,
        asker,
        pool_id=site.pool,
        channel_id=chat,
        series="Tuesday evening",
        timing=tuesdays,
        staffing=Staffing(seats=("lead", "second", "supervisor")),
        now=now,
    )


async def _mail_links(session: AsyncSession, asker: Asker, keys: NoticeKeys) -> list[str]:
    """Give the two links that mails would carry to an address just entered."""
    await enter_address(session, asker, "colleague@mailbox.example", current_time())
    entered = select(MailAddress.id).where(MailAddress.person_id == asker.person_id)
    address = (await session.scalars(entered)).one()
    return [
        f"{CONFIRM_PATH}/{link_secret(keys.links, 'confirm', address)}",
        f"{STOP_PATH}/{link_secret(keys.links, 'stop', address)}",
    ]
