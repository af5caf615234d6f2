"""A partner's documents that do not fit together: both are kept, and nothing is read meanwhile."""

import shutil
from datetime import date

import httpx2
import msgspec
import pytest

from api.peers.client import PartnerRefusedError
from database.session import door
from federation.partners.documents.actions import settle
from federation.partners.errors import AlreadyPartners, NothingToSettle
from federation.partners.key_changes import renew
from federation.partners.keys import NodeKeys
from federation.partners.models import Partner
from federation.partners.rules.document import REPLACED, contents, sign_document
from tests.api.peers.desk import desk
from tests.api.peers.nodes import ADMINISTRATOR, RunningNode, accept, clock, join, make_link
from tests.api.peers.places import Place, port_of
from tests.api.peers.test_partners_json import program
from tests.api.peers.test_pulling_feeds import heard, note_in, pull_now, say

Pair = tuple[RunningNode, RunningNode]
TODAY = date(2027, 1, 5)
ELSEWHERE = "https://elsewhere.example"


async def bring(node: RunningNode, document: str) -> int:
    """Bring a document to a node, as anybody may."""
    async with httpx2.AsyncClient() as http:
        url = f"{node.settings.base_url}/fed/v1/document"
        return (await http.post(url, json={"document": document})).status_code


def of_a_thief(node: RunningNode) -> str:
    """Write another document of the same version, with the node's own root key."""
    other = msgspec.structs.replace(contents(node.node.document), base_url=ELSEWHERE)
    return sign_document(other, [node.node.keys.by_role["root"]])


def stands(partner: Partner) -> tuple[str, str | None, str | None]:
    return partner.state, partner.alarm, partner.disputed


async def choose(at: RunningNode, other: RunningNode, *, take_other: bool) -> None:
    async with door(at.engine) as session:
        await settle(
            session, asker=ADMINISTRATOR, node_id=other.id, take_other=take_other, now=clock()
        )


async def test_24_another_document_of_the_same_version_freezes_until_somebody_chooses(
    two_nodes: Pair,
) -> None:
    north, south = two_nodes
    south.apply["greeting"] = note_in("greeting")
    await pull_now(north, south)
    pinned, thiefs = (await south.partner(north)).document, of_a_thief(north)
    assert await bring(south, thiefs) == 204
    frozen = await south.partner(north)
    assert stands(frozen) == ("frozen", "document-differs", thiefs)
    assert (frozen.document, frozen.base_url) == (pinned, north.settings.base_url)

    await say(north, south, {"n": 1})
    await south.loop.work_off()
    assert (await south.workshop.client(north.id), await heard(south)) == (None, [])
    with pytest.raises(PartnerRefusedError, match="invalid_client"):
        await pull_now(north, south)
    with pytest.raises(AlreadyPartners):
        await accept(south, await make_link(north))

    await choose(south, north, take_other=False)
    await south.loop.work_off()
    again = await south.partner(north)
    assert (stands(again), again.document) == (("joined", None, None), pinned)
    assert await heard(south) == [{"n": 1}]
    with pytest.raises(NothingToSettle):
        await choose(south, north, take_other=True)


async def test_24_the_other_document_can_be_the_right_one(two_nodes: Pair) -> None:
    north, south = two_nodes
    thiefs = of_a_thief(north)
    await bring(south, thiefs)
    await choose(south, north, take_other=True)
    taken = await south.partner(north)
    assert stands(taken) == ("waiting-for-them", None, None)
    assert (taken.document, taken.base_url) == (thiefs, ELSEWHERE)


async def test_24_a_node_that_shows_an_older_document_is_not_believed(places: list[Place]) -> None:
    north, south = [await place.start() for place in places]
    await join(north, south)
    port, first = port_of(north), north.node.document
    shutil.copytree(north.settings.keys, places[0].folder / "before")
    await places[0].stop()
    renew(NodeKeys.load(north.settings.keys), "transport", REPLACED, TODAY)
    north = await places[0].start(port)
    await pull_now(south, north)
    second = (await south.partner(north)).document
    assert contents(second).version == 2

    # anybody may have kept it
    assert await bring(south, first) == 204
    assert stands(await south.partner(north)) == ("joined", None, None)

    await places[0].stop()
    shutil.rmtree(north.settings.keys)
    (places[0].folder / "before").rename(north.settings.keys)
    north = await places[0].start(port)
    await say(north, south, {"n": 1})
    await pull_now(south, north)
    frozen = await south.partner(north)
    assert (stands(frozen), frozen.document) == (("frozen", "document-older", first), second)
    assert await heard(south) == []

    await choose(south, north, take_other=True)
    await south.loop.work_off()
    taken = await south.partner(north)
    assert (stands(taken), taken.document) == (("joined", None, None), first)
    assert await heard(south) == [{"n": 1}]


async def test_24_a_page_sets_both_documents_side_by_side(two_nodes: Pair) -> None:
    north, south = two_nodes
    await bring(south, of_a_thief(north))
    here = f"/partners/{north.id}"
    async with desk(south, "partner-administrator") as acts, desk(south, "coordinator") as reads:
        for each in (acts, reads):
            page = await each.see(here)
            assert "document-differs" in page
            assert (ELSEWHERE in page, north.settings.base_url in page) == (True, True)
            assert page.count(north.node.keys.by_role["transport"].thumbprint()) == 2
        assert "you act next" in await acts.see()
        path, other = f"/{north.id}/document", {"choice": "other", "typed": "North"}
        assert (await reads.press(path, **other)).status_code == 403
        assert "Go on with this one" not in await reads.see(here)
        for wrong in ({"typed": "South"}, {"choice": "both"}):
            assert (await acts.press(path, **(other | wrong))).status_code == 400
        assert (await south.partner(north)).state == "frozen"
        chosen = await acts.press(path, **(other | {"choice": "known"}))
        assert (chosen.status_code, chosen.headers["location"]) == (303, here)
    assert stands(await south.partner(north)) == ("waiting-for-them", None, None)


async def test_24_programs_choose_as_pages_do(two_nodes: Pair) -> None:
    north, south = two_nodes
    await bring(south, of_a_thief(north))
    acts, reads = await program(south, "partner-administrator"), await program(south, "coordinator")
    told = (await reads.ask("GET", f"/{north.id}")).json()
    shown = {
        "version": 1,
        "base_url": north.settings.base_url,
        "keys": {role: key.thumbprint() for role, key in north.node.keys.by_role.items()},
    }
    assert told["partner"]["state"] == "frozen"
    assert told["dispute"] == {
        "code": "document-differs",
        "text": (
            "Two different documents about its keys bear the same number, and both are signed "
            "with its root key."
        ),
        "known": shown,
        "other": shown | {"base_url": ELSEWHERE},
    }
    path = f"/{north.id}/document"
    assert (await reads.ask("POST", path, {"document": "other"})).status_code == 403
    assert (await acts.ask("POST", path, {"document": "both"})).status_code == 400
    answer = await acts.ask("POST", path, {"document": "other"})
    assert (answer.status_code, answer.json()["base_url"]) == (200, ELSEWHERE)
    nothing = await acts.ask("POST", path, {"document": "other"})
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing-to-settle")
    assert (await reads.ask("GET", f"/{north.id}")).json()["dispute"] is None
