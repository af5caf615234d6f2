"""Where a text in use is withdrawn, the page of one's own words says what people read instead."""

from dataclasses import replace
from typing import Any

import pytest

from database.session import door
from protocols.releases.models import Release
from protocols.releases.rules import read_manifest
from tests.api.conftest import Node
from tests.api.pages.test_text_pages import at_desk
from tests.api.sharing import Sharing, item_of, members_of, sharing
from tests.protocols.example_texts import Told, protocol, take_up, withdraw

TOLD = Told(parts=("Two of you are online.", "Tell us."))
NEWER = replace(TOLD, parts=("Two of you, always.", "Tell us."))


class Withdrawing:
    """South uses the second version of a text of North."""

    def __init__(self, shared: Sharing, first: Release, second: Release) -> None:
        self.shared, self.first, self.second = shared, first, second
        self.path = f"/adopted/{item_of(first)}"

    async def withdraw(self, gone: Release, **holds: Any) -> None:
        async with door(self.shared.node.engine) as session:
            await withdraw(session, members_of(self.shared.north), gone, **holds)

    async def answer(self) -> dict[str, Any]:
        coordinator = self.shared.south["coordinator"]
        found = await self.shared.node.web.get(f"/api/v1{self.path}", headers=coordinator.bearer)
        told: dict[str, Any] = found.json()
        names = ("live", "number", "newest", "state", "withdrawn_because", "withdrawn_parts")
        return {name: told[name] for name in names}


@pytest.fixture
async def text(node: Node) -> Withdrawing:
    shared = await sharing(node)
    first = await shared.adopted(protocol(TOLD))
    second = await shared.revise(first, NEWER)
    async with door(node.engine) as session:
        await take_up(session, members_of(shared.south), second)
    return Withdrawing(shared, first, second)


async def test_what_holds_instead_of_a_withdrawn_version_is_named(text: Withdrawing) -> None:
    await text.withdraw(text.second, holds_number="1.0.0")
    async with at_desk(text.shared.node, text.shared.south["coordinator"]) as other:
        shown = await other.see(text.path)

    assert '<span class="mark bad">Withdrawn</span>' in shown
    assert "In use" not in shown
    assert "Your people read version 1.0.0." in shown
    assert "<strong>Version 2.0.0 has been withdrawn.</strong> The law has changed." in shown
    assert await text.answer() == {
        "live": "1.0.0",
        "number": "2.0.0",
        "newest": "1.0.0",
        "state": "withdrawn",
        "withdrawn_because": "The law has changed.",
        "withdrawn_parts": {},
    }


async def test_an_emergency_text_stands_on_the_page(text: Withdrawing) -> None:
    await text.withdraw(text.second, holds_texts={"en": "Ring us first."})
    async with at_desk(text.shared.node, text.shared.south["coordinator"]) as other:
        shown = await other.see(text.path)

    assert "Your people read what its project says meanwhile." in shown
    assert "<p>Ring us first.</p>" in shown
    assert (await text.answer())["live"] is None


async def test_a_withdrawn_part_is_told(text: Withdrawing) -> None:
    block = read_manifest(text.second.manifest).blocks[0].id
    await text.withdraw(text.second, block=block, holds_number="1.0.0")
    async with at_desk(text.shared.node, text.shared.south["coordinator"]) as other:
        shown = await other.see(text.path)

    assert '<span class="mark bad">A part is withdrawn</span>' in shown
    assert "<strong>A part of version 2.0.0 has been withdrawn.</strong>" in shown
    assert await text.answer() == {
        "live": "2.0.0",
        "number": "2.0.0",
        "newest": "2.0.0",
        "state": "withdrawn",
        "withdrawn_because": None,
        "withdrawn_parts": {str(block): "The law has changed."},
    }


async def test_a_withdrawn_version_is_not_put_forward(text: Withdrawing) -> None:
    third = await text.shared.revise(text.second, TOLD)
    await text.withdraw(third, holds_number="2.0.0")
    async with at_desk(text.shared.node, text.shared.south["coordinator"]) as other:
        shown = await other.see(text.path)

    assert "is out; this is version" not in shown
    assert (await text.answer())["newest"] == "2.0.0"


async def test_what_is_taken_up_is_the_newest_that_holds(text: Withdrawing) -> None:
    unused = await text.shared.release(protocol(replace(TOLD, title="Closing a session")))
    newer = await text.shared.revise(unused, replace(NEWER, title="Closing a session"))
    await text.withdraw(newer, holds_number="1.0.0")
    path = f"/adopted/{item_of(unused)}"
    async with at_desk(text.shared.node, text.shared.south["coordinator"]) as other:
        offered = await other.see(path)
        used = await other.go(f"{path}/use")

    assert "Use version 1.0.0 as it is" in offered
    assert '<span class="mark good">In use</span>' in used
    assert "Your people read version 1.0.0." in used
