"""A text of one's own, begun from a release: it says from which, and goes when that goes."""

from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from database.session import door
from protocols.descendants.actions import follow_recalls
from protocols.items.actions import add_variant
from protocols.items.models import Item
from protocols.items.queries import blocks_of
from protocols.items.rules.drafts import DraftPlaceholder
from protocols.releases.models import Release
from tests.api.conftest import Node, Somebody, form_token
from tests.protocols.example_texts import (
    NOW,
    Members,
    Told,
    looked_over,
    protocol,
    release_approved,
    released,
    signer,
    take_up,
    withdraw,
)

PHONE = DraftPlaceholder("phone", "0113", type="phone", material=True)
TOLD = Told(parts=("Two of you.", "Ring {{phone}}."), placeholders=[PHONE])


@dataclass(frozen=True)
class Source:
    """A released text with a translation, and the people of its project."""

    node: Node
    people: dict[str, Somebody]
    members: Members
    text: Release

    @property
    def item(self) -> str:
        return self.text.urn.removeprefix("urn:uuid:")

    async def derive(self, who: Somebody, number: str = "1.0.0") -> Any:
        path = f"/api/v1/protocols/{self.item}/releases/{number}/derived"
        return await self.node.web.post(path, headers=who.bearer)


@pytest.fixture
async def source(node: Node) -> Source:
    project_id = await node.project()
    people = {
        role: await node.somebody(role, project_id=project_id)
        for role in ("coordinator", "reviewer", "worker")
    }
    askers = {role: somebody.asker for role, somebody in people.items()}
    members = Members(project=project_id, name="project", **askers)
    async with door(node.engine) as session:
        text = await released(session, members, protocol(TOLD))
        item = (await session.scalars(select(Item).where(Item.urn == text.urn))).one()
        words = [str(one.id) for one in await blocks_of(session, item.id)]
        dutch = dict(zip(words, ("Met twee.", "Bel {{phone}}."), strict=True))
        await add_variant(
            session,
            members.reviewer,
            item.id,
            language="nl",
            title="Gedrag",
            texts=dutch,
            now=NOW,
        )
        await looked_over(session, members, item.id)
        text = await release_approved(session, members, item.id, "notify")
        await take_up(session, members, text, values={"phone": "0113 496 0000"})
    return Source(node, people, members, text)


async def test_it_begins_with_the_same_words_and_names_its_source(source: Source) -> None:
    answer = await source.derive(source.people["reviewer"], "1.1.0")

    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert [part["text"] for part in made["blocks"]] == ["Two of you.", "Ring {{phone}}."]
    assert (made["text"]["state"], made["text"]["languages"]) == ("draft", ["en", "nl"])
    assert made["text"]["stale_languages"] == []
    async with door(source.node.engine) as session:
        urn = f"urn:uuid:{made['text']['id']}"
        item = (await session.scalars(select(Item).where(Item.urn == urn))).one()
        assert (item.derived_from_urn, item.derived_from_hash) == (
            source.text.urn,
            source.text.hash,
        )
        await looked_over(session, source.members, item.id)
        published = await release_approved(session, source.members, item.id)
        assert msgspec.json.decode(published.manifest)["derived_from"] == {
            "urn": source.text.urn,
            "hash": source.text.hash.hex(),
        }
        instead = {"en": "Close the chat."}
        await withdraw(session, source.members, source.text, holds_texts=instead)
        [stated] = await follow_recalls(session, source.text.urn, signer, NOW)
        assert (stated.urn, stated.holds_texts) == (urn, instead)


async def test_what_is_withdrawn_is_no_source(source: Source) -> None:
    async with door(source.node.engine) as session:
        await withdraw(session, source.members, source.text, holds_number="1.0.0")

    answer = await source.derive(source.people["reviewer"], "1.1.0")

    assert (answer.status_code, answer.json()["code"]) == (409, "withdrawn")
    assert (await source.derive(source.people["reviewer"])).status_code == 201


async def test_only_authors_of_projects_that_see_it(source: Source) -> None:
    stranger = await source.node.somebody("coordinator")
    reading = await source.node.somebody(
        "reviewer", project_id=source.members.project, scopes=["read"]
    )

    assert (await source.derive(source.people["worker"])).status_code == 403
    assert (await source.derive(reading)).status_code == 403
    for number in ("1.0.0", "9.0.0", "none"):
        assert (await source.derive(stranger, number)).status_code == 404
    async with door(source.node.engine) as session:
        own = select(Item.id).where(Item.derived_from_urn == source.text.urn)
        assert (await session.scalars(own)).all() == []


async def test_it_is_begun_on_the_page_of_its_source(source: Source) -> None:
    address = f"/protocols/{source.item}"
    async with source.node.signed_in(source.people["reviewer"].id) as browser:
        token = await form_token(browser, address)
        form = {"_csrf_token": token, "number": "1.1.0"}
        answer = await browser.post(f"{address}/derive", data=form)
        editor = (await browser.get(answer.headers["location"])).text
    async with source.node.signed_in(source.people["worker"].id) as worker:
        shown = (await worker.get(address)).text

    assert answer.status_code == 303
    assert "Two of you.</textarea>" in editor
    assert "Begin our own text" not in shown
