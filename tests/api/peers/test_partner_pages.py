"""Two partner administrators connect, tick and end on pages, over real sockets."""

import re
from collections.abc import AsyncIterator
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from sqlalchemy import select

from database.session import door
from federation.audit.models import AuditEntry
from federation.feeds.actions import append
from federation.partners.models import Invitation
from tests.api.peers.desk import Desk, desk, own_pool
from tests.api.peers.nodes import RunningNode, accept, add_shared_pool, clock, make_link
from tests.questions import counted

Pair = tuple[RunningNode, RunningNode]
Desks = tuple[Desk, Desk]
LINK = re.compile(r"<textarea[^>]*>(.*?)</textarea>", re.DOTALL)
WORDS = re.compile(r'<p class="note"><strong>(.*?)</strong>')
ADMINISTRATOR = "partner-administrator"


@pytest.fixture
async def desks(strangers: Pair) -> AsyncIterator[Desks]:
    """The desks of the two partner administrators, whose nodes have not met."""
    north, south = strangers
    async with desk(north, ADMINISTRATOR) as one, desk(south, ADMINISTRATOR) as other:
        yield one, other


@pytest.fixture
async def partners(two_nodes: Pair) -> AsyncIterator[Desks]:
    """The desks of the two partner administrators, whose nodes are connected."""
    north, south = two_nodes
    async with desk(north, ADMINISTRATOR) as one, desk(south, ADMINISTRATOR) as other:
        yield one, other


async def test_31_two_nodes_connect_on_pages_that_say_who_acts_next(desks: Desks) -> None:
    north, south = desks
    assert "This node has met no other yet." in await north.see()
    made = await north.press("/invitations")
    link = LINK.findall(made.text)[0].replace("&amp;", "&")
    assert link not in await north.see()

    met = await south.press("/accept", link=link)
    there = f"/partners/{north.node.id}"
    assert (met.status_code, met.headers["location"]) == (303, there)
    page = await south.see(there)
    assert "you act next" in page
    [words] = WORDS.findall(page)
    here = f"/partners/{south.node.id}"
    assert WORDS.findall(await north.see(here)) == [words]

    typed = await north.press(f"/{south.node.id}/words", words=words.upper())
    assert (typed.status_code, typed.headers["location"]) == (303, here)
    waiting = await north.see(here)
    assert "they act next" in waiting
    assert WORDS.findall(waiting) == [words]
    await south.press(f"/{north.node.id}/words", words=words)
    await north.node.loop.work_off()
    await south.node.loop.work_off()
    for each, path in ((north, here), (south, there)):
        assert "connected</span>" in await each.see()
        assert WORDS.findall(await each.see(path)) == []


async def test_other_words_change_nothing_and_lead_back(desks: Desks) -> None:
    north, south = desks
    await accept(south.node, await make_link(north.node))
    refused = await north.press(f"/{south.node.id}/words", words="bado bado bado bado")
    assert refused.status_code == 422
    assert "words-differ" in refused.text
    assert f'href="/partners/{south.node.id}"' in refused.text
    assert (await north.node.partner(south.node)).state == "words-to-type"


async def test_a_link_of_a_node_that_is_away_stays_good(desks: Desks) -> None:
    north, south = desks
    link = await make_link(north.node)
    away = await south.press("/accept", link=link.replace(str(urlsplit(link).port), "9"))
    assert (away.status_code, "inviter-away" in away.text) == (503, True)
    assert (await south.press("/accept", link=link)).status_code == 303


async def test_ticks_are_set_and_taken_back_one_by_one(partners: Desks) -> None:
    north, south = partners
    evenings = await own_pool(north.node, "Evenings")
    mornings = await own_pool(north.node, "Mornings")
    path, here = f"/{south.node.id}", f"/partners/{south.node.id}"
    for pool in (evenings, mornings):
        ticked = await north.press(f"{path}/tick", capability=f"shifts:{pool.id}")
        assert (ticked.status_code, ticked.headers["location"]) == (303, here)
    granted = (await north.node.partner(south.node)).we_grant
    assert granted == sorted(f"shifts:{pool.id}" for pool in (evenings, mornings))
    assert (await north.see(here)).count('<span class="mark good">ticked</span>') == 2

    await north.press(f"{path}/untick", capability=f"shifts:{evenings.id}")
    assert (await north.node.partner(south.node)).we_grant == [f"shifts:{mornings.id}"]
    nothing = await north.press(f"{path}/tick", capability="everything")
    assert (nothing.status_code, "unknown-capability" in nothing.text) == (422, True)


async def test_pages_about_a_partner_are_in_the_readers_language(partners: Desks) -> None:
    north, south = partners
    pool = await own_pool(north.node, "Afternoons")
    there = f"/partners/{south.node.id}"
    told = {
        "/partners": ("nl", "<title>Partners ·", "verbonden</span>"),
        there: ("ro", "<title>South ·", "Poate propune schimbări la textele proiectului."),
        f"{there}/dry-run?capability=shifts:{pool.id}": (
            "nl",
            "<title>Wat South zou krijgen ·",
            "Afternoons: Ziet de diensten van de pool en welke plekken vrij zijn,",
        ),
        "/hosts": ("ro", "<title>Cine îți planifică parteneriatele ·", "Proiectul tău nu face"),
    }
    for path, (language, *expected) in told.items():
        north.browser.headers["Accept-Language"] = language
        page = await north.see(path)
        assert [words for words in expected if words not in page] == []


async def test_it_ends_once_the_name_is_typed(partners: Desks) -> None:
    north, south = partners
    path, here = f"/{south.node.id}/end", f"/partners/{south.node.id}"
    wrong = await north.press(path, typed="Sou")
    assert wrong.status_code == 400
    assert (await north.node.partner(south.node)).state == "joined"
    right = await north.press(path, typed=" South ")
    assert (right.status_code, right.headers["location"]) == (303, here)
    assert (await north.node.partner(south.node)).state == "ended"
    ended = await north.see(here)
    assert "End it" not in ended
    assert "one of you makes a new link" in ended
    async with door(north.node.engine) as session:
        verbs = await session.scalars(
            select(AuditEntry.verb).where(AuditEntry.subject == "partner")
        )
        assert "ended" in set(verbs)


async def test_coordinators_read_and_others_see_nothing(two_nodes: Pair) -> None:
    north, south = two_nodes
    pool = await own_pool(north, "Evenings")
    here = f"/partners/{south.id}"
    before = await invitations(north)
    acts = {
        "/invitations": {},
        "/accept": {"link": await make_link(south)},
        f"/{south.id}/tick": {"capability": f"shifts:{pool.id}"},
        f"/{south.id}/untick": {"capability": f"shifts:{pool.id}"},
        f"/{south.id}/words": {"words": "one two three four"},
        f"/{south.id}/end": {"typed": "South"},
    }
    async with desk(north, "coordinator") as reads, desk(north, "worker") as nobody:
        assert 'href="/partners"' in await reads.see("/")
        assert "South" in await reads.see()
        assert "Evenings" in await reads.see(here)
        [_, shown] = (await reads.see(here)).split("<main")
        assert "<form" not in shown.split("</main>")[0]
        assert 'href="/partners"' not in await nobody.see("/")
        for path in ("/partners", here):
            refused = await nobody.browser.get(path)
            assert (refused.status_code, "South" in refused.text) == (403, False)
        for each in (reads, nobody):
            for path, fields in acts.items():
                assert (await each.press(path, **fields)).status_code == 403
    partner = await north.partner(south)
    assert (partner.state, partner.we_grant) == ("joined", [])
    assert await invitations(north) == before


async def invitations(node: RunningNode) -> list[UUID]:
    async with door(node.engine) as session:
        return list(await session.scalars(select(Invitation.id).order_by(Invitation.id)))


async def test_a_node_that_was_never_met_is_not_found(partners: Desks) -> None:
    north, _ = partners
    unknown = await north.browser.get("/partners/nobody")
    assert unknown.status_code == 404
    assert (await north.press("/nobody/end", typed="")).status_code == 404


async def test_as_much_is_asked_for_many_pools_as_for_one(partners: Desks) -> None:
    north, south = partners
    paths = ("/partners", f"/partners/{south.node.id}")
    engine = north.node.app.state.engine
    asked = []
    for name in ("Evenings", "Mornings"):
        await own_pool(north.node, name)
        for path in paths:
            with counted(engine) as statements:
                await north.see(path)
            asked.append(len(statements))
    assert asked[:2] == asked[2:]


async def test_30_one_dead_partner_breaks_no_page(partners: Desks) -> None:
    north, south = partners
    async with door(north.node.engine) as session:
        partner = await session.get_one(type(await north.node.partner(south.node)), south.node.id)
        partner.base_url = "http://127.0.0.1:9"
        await append(session, "private", south.node.id, "greeting", {"n": 1}, now=clock())
    await north.node.loop.work_off()
    assert "South" in await north.see()
    assert "127.0.0.1:9" in await north.see(f"/partners/{south.node.id}")
    ended = await north.press(f"/{south.node.id}/end", typed="South")
    assert ended.status_code == 303


async def test_what_a_pool_brings_can_be_held_back(partners: Desks) -> None:
    north, south = partners
    async with door(north.node.engine) as session:
        pool = await add_shared_pool(session, member=south.node.id)
    here, claim = f"/partners/{south.node.id}", f"claim:{pool.id}"
    assert (await north.see(here)).count("open by a pool</span>") == 4
    back = await north.press(f"/{south.node.id}/untick", capability=claim)
    assert (back.status_code, back.headers["location"]) == (303, here)
    seen = await north.see(here)
    assert (seen.count("open by a pool</span>"), seen.count("held back</span>")) == (3, 1)
    assert (await north.node.partner(south.node)).withheld == [claim]
    await north.press(f"/{south.node.id}/tick", capability=claim)
    again = await north.see(here)
    assert (again.count("open by a pool</span>"), again.count('good">ticked</span>')) == (3, 1)
