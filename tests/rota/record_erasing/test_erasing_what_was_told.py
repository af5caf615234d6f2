"""What was told of counts and not yet read goes with all that was counted, on every node."""

from datetime import timedelta

from federation.permissions.rules import Asker
from federation.projects.models import Project
from rota.record_erasing.actions import erase_own_records
from rota.record_sharing.actions import publish_counts
from rota.record_sharing.queries import counts_due
from tests.rota.record_sharing.world import DUE, TOLD, count, kept, tick
from tests.rota.two_nodes import Side, TwoNodes
from tests.rota.world import NOW

LATER = DUE + timedelta(hours=1)


async def tell_a_month(side: Side, coordinator: Asker, nodes: TwoNodes) -> None:
    async with side.door() as session:
        await count(session, coordinator.project_id, nodes.pool.id)
        await tick(session, coordinator, nodes.pool.id, NOW)
        for month in await counts_due(session, DUE):
            await publish_counts(session, month, DUE)


async def erase_all(side: Side, coordinator: Asker) -> None:
    async with side.door() as session:
        slug = (await session.get_one(Project, coordinator.project_id)).slug
        await erase_own_records(session, coordinator, slug, LATER)


async def told_months(side: Side) -> list[tuple[str, bytes]]:
    """Give what stands in a node's feeds of counts, as kind of feed and content."""
    return [(one.feed_kind, one.payload) for one in await side.said("counts.stated")]


async def test_a_host_that_was_away_never_hears_what_was_erased(nodes: TwoNodes) -> None:
    await tell_a_month(nodes.home, nodes.coordinator, nodes)
    [told] = await nodes.home.said("counts.stated")
    assert (told.feed_kind, told.content["month"]) == ("private", "2027-01-01")
    await erase_all(nodes.home, nodes.coordinator)
    assert await told_months(nodes.home) == [("private", b"")]
    async with nodes.host.door() as session:
        assert await kept(session) == []


async def test_the_feed_of_a_pool_keeps_the_months_of_others(nodes: TwoNodes) -> None:
    await tell_a_month(nodes.home, nodes.coordinator, nodes)
    await nodes.exchange(DUE)
    await tell_a_month(nodes.host, nodes.pool.coordinator, nodes)
    [theirs, ours] = await nodes.host.said("counts.stated")
    assert ours.content["project"] == str(nodes.pool.coordinator.project_id)
    await erase_all(nodes.host, nodes.pool.coordinator)
    assert await told_months(nodes.host) == [
        ("pool/shifts", theirs.payload),
        ("pool/shifts", b""),
    ]
    async with nodes.host.door() as session:
        assert await kept(session) == [("2027-01", TOLD)]


async def test_what_a_partner_has_received_stays_there(nodes: TwoNodes) -> None:
    await tell_a_month(nodes.home, nodes.coordinator, nodes)
    await nodes.exchange(DUE)
    await erase_all(nodes.home, nodes.coordinator)
    async with nodes.host.door() as session:
        assert await kept(session) == [("2027-01", TOLD)]
    assert [feed for feed, payload in await told_months(nodes.host) if payload] == ["pool/shifts"]
