"""How often the database is asked for a session's page while its pool has texts in force."""

from uuid import uuid4

from httpx2 import AsyncClient
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.languages.reading import ASKED
from api.parts import current_time
from database.session import door
from federation.pools.models import Pool
from protocols.pool_texts.actions import name_pool_text
from protocols.recalls.actions import recall
from protocols.releases.models import Release
from rota.company.models import SessionCompany
from rota.session_details.models import SessionSetting
from tests.api.conftest import ADDRESS, Node
from tests.browser.site import Site, furnished
from tests.browser.test_partner_pages import met
from tests.protocols.example_texts import signer
from tests.questions import counted

EIGHT = 8


async def _in_force(session: AsyncSession, site: Site) -> None:
    """Put the site's protocol on the shifts of its pool, and say where its sessions meet."""
    coordinator, urn = site.people["coordinator"].asker, _urn(site)
    await name_pool_text(session, coordinator, pool_id=site.pool, urn=urn, now=current_time())
    session.add_all(
        [
            SessionSetting(pool_id=site.pool, meeting_link="https://meet.example/of-the-pool"),
            SessionSetting(shift_id=site.running, meeting_link="https://meet.example/its-own"),
        ]
    )


def _urn(site: Site) -> str:
    return site.protocol.replace("/protocols/", "urn:uuid:")


async def _withdrawn(session: AsyncSession, site: Site) -> None:
    """Withdraw all texts of the site: the protocol on the shifts, and the answer."""
    coordinator = site.people["coordinator"].asker
    texts = select(Release).where(Release.project_id == coordinator.project_id)
    for each in await session.scalars(texts):
        await recall(
            session,
            coordinator,
            urn=each.urn,
            number=each.number,
            reason="The law has changed.",
            holds_texts={"en": "Ask your coordinator.", "nl": "Vraag het je coördinator."},
            sign=signer,
            now=current_time(),
        )


async def _hosted_elsewhere(session: AsyncSession, site: Site, partner: str) -> None:
    """Let a partner host the pool that has told of one more in the session."""
    (await session.get_one(Pool, site.pool)).host = partner
    project = str(site.people["worker"].asker.project_id)
    told = {"seat": str(uuid4()), "role": "second", "handle": "Wren", "project": project}
    content = {"shift": str(site.running), "companions": [told]}
    session.add(SessionCompany(shift_id=site.running, content=content, told_at=current_time()))


async def _asked(node: Node, browser: AsyncClient, path: str) -> tuple[int, str]:
    with counted(node.engine) as statements:
        page = await browser.get(path)
    assert "<title>My session" in page.text, path
    return len(statements), page.text


async def test_a_session_page_takes_eight_queries_whatever_is_in_force(fresh_node: Node) -> None:
    node = fresh_node
    site = await furnished(node.engine, ADDRESS)
    partner = await met(site)
    pages = (f"/shifts/{site.running}/now", "/now")
    async with node.signed_in(site.people["worker"].asker.person_id) as browser:

        async def seen() -> list[tuple[int, str]]:
            return [await _asked(node, browser, page) for page in pages]

        async with door(node.engine) as session:
            await _in_force(session, site)
        in_force = await seen()
        async with door(node.engine) as session:
            await _withdrawn(session, site)
        withdrawn = await seen()
        in_dutch = (await browser.get(pages[0], params={ASKED: "nl"})).text
        async with door(node.engine) as session:
            await _hosted_elsewhere(session, site, partner)
        elsewhere = await seen()

    colleague = site.people["colleague"].handle.display
    for _, text in in_force:
        assert ("https://meet.example/its-own" in text, colleague in text) == (True, True)
        assert ("something new to read before you check in" in text, "Withdrawn:" in text) == (
            True,
            False,
        )
    for _, text in withdrawn:
        assert text.count("Withdrawn:") == 2
    assert in_dutch.count('<div lang="nl" dir="auto"><p>Vraag het je coördinator.') == 2
    for _, text in elsewhere:
        assert ("Wren" in text, text.count("Withdrawn:"), colleague in text) == (True, 2, False)
    assert [n for n, _ in (*in_force, *withdrawn, *elsewhere)] == [EIGHT] * 6
