from typing import Any
from uuid import UUID

import pytest

from database.session import door
from protocols.releases.models import Release
from protocols.releases.rules import read_manifest
from tests.api.conftest import Node
from tests.api.withdrawals import InForce, text_in_force
from tests.protocols.example_texts import Told, approved, protocol

API = "/api/v1"


@pytest.fixture
async def text(node: Node) -> InForce:
    return await text_in_force(node)


async def listed(text: InForce, who: Any, path: str = "readings") -> list[dict[str, Any]]:
    answer = await text.node.web.get(f"{API}/{path}", headers=who.bearer)
    assert answer.status_code == 200
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def have_read(text: InForce, who: Any, **more: Any) -> Any:
    shown = await text.node.web.get(f"{API}/protocols/{text.item}", headers=text.worker.bearer)
    return await text.node.web.post(
        f"{API}/protocols/{text.item}/acknowledgements",
        json={"text_hash": shown.json()["acknowledge"], "language": "en", **more},
        headers=who.bearer,
    )


async def test_a_coordinator_sees_who_is_missing_which_text_for_which_shift(text: InForce) -> None:
    [line] = await listed(text, text.coordinator)

    assert (line["person"], line["shift"]) == (str(text.worker.id), str(text.evening.shift.id))
    assert (line["text"], line["title"], line["at_once"]) == (
        text.item,
        "Live chat conduct",
        False,
    )
    # the start comes before the week is over
    assert line["due"] == line["start"]
    assert (await have_read(text, text.worker)).status_code == 201
    assert await listed(text, text.coordinator) == []


async def test_nobody_says_for_somebody_else_that_they_have_read(text: InForce) -> None:
    """A coordinator's word is about the coordinator; there is no field for anybody else."""
    named = await have_read(text, text.coordinator, worker=text.evening.handle)
    assert (named.status_code, named.json()["code"]) == (400, "unknown-field")
    assert (await have_read(text, text.coordinator)).status_code == 201

    assert [line["person"] for line in await listed(text, text.coordinator)] == [
        str(text.worker.id)
    ]


async def test_others_learn_nothing(node: Node, text: InForce) -> None:
    stranger = await node.somebody("coordinator")
    assert await listed(text, stranger) == []
    assert await listed(text, stranger, "readings/partners") == []
    for path in ("readings", "readings/partners"):
        refused = await node.web.get(f"{API}/{path}", headers=text.worker.bearer)
        assert refused.status_code == 403


async def test_a_pools_time_for_reading(node: Node, text: InForce) -> None:
    address = f"{API}/pools/{text.evening.pool.slug}/reading"
    wanted = {"days": 3, "overdue": "warn"}

    kept = await node.web.put(address, json=wanted, headers=text.coordinator.bearer)
    wrong = await node.web.put(
        address, json={"days": 91, "overdue": "warn"}, headers=text.coordinator.bearer
    )
    refused = await node.web.put(address, json=wanted, headers=text.worker.bearer)

    assert (kept.status_code, kept.json()) == (200, wanted)
    assert wrong.status_code == 400
    assert refused.status_code == 403


async def test_an_author_says_how_long_seat_holders_may_take(node: Node, text: InForce) -> None:
    async with door(node.engine) as session:
        told = Told(title="Second", parts=("Look at this now.",))
        item = await approved(session, text.members, protocol(told))
    address = f"{API}/texts/{item.id}/releases"

    wrong = await node.web.post(f"{address}?reading_days=91", headers=text.coordinator.bearer)
    made = await node.web.post(f"{address}?reading_days=0", headers=text.coordinator.bearer)

    assert (wrong.status_code, made.status_code) == (400, 201)
    async with door(node.engine) as session:
        published = await session.get_one(Release, UUID(made.json()["id"]))
        assert read_manifest(published.manifest).reading_days == 0
