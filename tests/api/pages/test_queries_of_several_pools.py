"""Pages that show all of somebody's pools ask as often for three as for one."""

from datetime import timedelta
from uuid import uuid4

from httpx2 import AsyncClient
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.parts import current_time
from database.session import door
from federation.people.actions import grant_role
from federation.people.rules import OPERATOR
from federation.pools.models import Channel, Pool, PoolMember
from rota.company.models import SessionCompany
from rota.plans.models import PoolPlan
from rota.shifts.models import Seat, Shift
from tests.api.conftest import ADDRESS, Node
from tests.browser.site import Site, furnished
from tests.browser.test_partner_pages import met
from tests.questions import counted

EIGHT = 8
ROLES = ("coordinator", "supervisor")


async def _another_pool(session: AsyncSession, site: Site, host: str | None = None) -> None:
    """Let the site's project take part in one pool more, with a session and a plan."""
    person, gap = site.people["colleague"].asker, await session.get_one(Shift, site.gap.id)
    pool = Pool(slug=f"more-{uuid4().hex[:8]}", name="More", zone="Europe/London", host=host)
    session.add(pool)
    await session.flush()
    member = PoolMember(
        pool_id=pool.id,
        project_id=person.project_id,
        hours_offered_per_week=1,
        hours_before_per_week=1,
        joined_at=current_time(),
    )
    channel = Channel(
        pool_id=pool.id,
        slug="chat",
        name="Chat",
        kind="session",
        minimum_workers=2,
        minimum_supervisors=0,
        trainings=[],
    )
    session.add_all([member, channel])
    await session.flush()
    shift = Shift(
        pool_id=pool.id,
        channel_id=channel.id,
        starts=gap.starts + timedelta(hours=3),
        ends=gap.ends + timedelta(hours=3),
        zone=pool.zone,
        briefing_minutes=0,
        debrief_minutes=0,
        languages=["en"],
        wanted_languages=[],
        theme=None,
        demand=1,
        minimum_workers=2,
        minimum_supervisors=0,
        trainings=[],
    )
    session.add(shift)
    await session.flush()
    session.add_all([Seat(shift_id=shift.id, role=role) for role in ("lead", "second")])
    if host is not None:
        told = [{"seat": str(uuid4()), "role": "lead", "handle": "x", "project": str(uuid4())}]
        content = {"shift": str(shift.id), "companions": told}
        session.add(SessionCompany(shift_id=shift.id, content=content, told_at=current_time()))
        return
    plan = (await session.scalars(select(PoolPlan).where(PoolPlan.pool_id == site.pool))).one()
    plan.state = "published"
    plan.published_at = current_time()
    session.add(
        PoolPlan(
            pool_id=pool.id,
            state="published",
            scenario=plan.scenario,
            plan=plan.plan,
            made_at=plan.made_at,
            published_at=plan.published_at,
        )
    )


async def _asked(node: Node, browser: AsyncClient, path: str) -> int:
    with counted(node.engine) as statements:
        answer = await browser.get(path)
    assert answer.status_code == 200, path
    return len(statements)


async def test_a_page_of_all_pools_asks_as_often_for_three_as_for_one(fresh_node: Node) -> None:
    node = fresh_node
    site = await furnished(node.engine, ADDRESS)
    await site.plan()
    partner = await met(site)
    person = site.people["colleague"].asker.person_id
    async with door(node.engine) as session:
        for role in ROLES:
            await grant_role(session, OPERATOR, person_id=person, role=role, now=current_time())
        await _another_pool(session, site, host=partner)
    pages = ("/", f"/week?week={site.week}", "/week", "/swaps")
    async with node.signed_in(person) as browser:
        few = [await _asked(node, browser, page) for page in pages]
        async with door(node.engine) as session:
            for _ in range(2):
                await _another_pool(session, site)
        many = [await _asked(node, browser, page) for page in pages]
    assert many == few
    assert max(few) <= EIGHT
