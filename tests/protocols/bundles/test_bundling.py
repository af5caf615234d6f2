"""What goes into a bundle: all that a project works by, and nothing of its own or of others."""

from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.partners.keys import NodeKeys
from federation.partners.models import Partner
from federation.partners.rules.signatures import public_part, verified
from federation.permissions.rules import Asker
from federation.pools.models import PoolMember
from federation.projects.models import Project
from netreach_client.bundle_files import Verified
from netreach_client.bundles import verify
from protocols.adoption.actions import adopt
from protocols.bundles import queries
from protocols.bundles.errors import BundleIncomplete, BundleTooLarge
from protocols.bundles.queries import bundle_for
from protocols.bundles.rules import PURPOSE, Signed
from protocols.items.rules.drafts import DraftPlaceholder
from protocols.pool_texts.actions import name_pool_text
from protocols.releases.actions import receive_releases
from protocols.statements.rules import Sign
from tests.netreach_client.bundled import PROJECT, RELEASED, Maker, urn_of
from tests.protocols.example_texts import (
    NOW,
    Told,
    World,
    answer,
    approved,
    partner,
    protocol,
    released,
    revised,
    sender_of,
    take_up,
    withdraw,
)

PHONE = DraftPlaceholder("on_call", "07700 900000", type="phone")


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NodeKeys:
    """Give a node's keys, by which the texts of this test are released too."""
    made = NodeKeys.create(tmp_path / "keys")

    def sign(manifest: bytes) -> str:
        return made.sign("release", manifest, purpose="netreach-release+jws")

    monkeypatch.setattr("tests.protocols.example_texts.signer", sign)
    return made


async def made_for(
    session: AsyncSession, keys: NodeKeys, asker: Asker, kind: str | None = None
) -> bytes:
    sign: Sign = lambda head: keys.sign("head", head, purpose=PURPOSE)  # noqa: E731 -- one line
    return await bundle_for(
        session,
        asker,
        node_id=keys.node_id,
        document=keys.document(name="North", base_url="https://north.example"),
        kind=kind,
        sign=sign,
        now=NOW,
    )


def numbers(found: Verified) -> list[tuple[str, str | None]]:
    return sorted((one.title, one.number) for one in found.texts)


async def test_own_releases_and_what_was_adopted_are_in_it(
    session: AsyncSession, projects: World, keys: NodeKeys
) -> None:
    own = await released(session, projects.north, protocol(Told(title="Ours")))
    await revised(session, projects.north, own, Told(title="Ours", parts=("More.",)), "notify")
    adopted = await released(session, projects.south, protocol(Told(title="Adopted")))
    await released(session, projects.south, protocol(Told(title="Not adopted")))
    await released(session, projects.elsewhere, protocol(Told(title="Elsewhere")))
    await take_up(session, projects.north, adopted)

    found = verify(await made_for(session, keys, projects.north.worker), now=NOW)

    assert numbers(found) == [("Adopted", "1.0.0"), ("Ours", "1.1.0")]


async def test_what_a_pool_has_put_on_shifts_is_in_it(
    session: AsyncSession, projects: World, keys: NodeKeys
) -> None:
    named = await released(session, projects.north, protocol(Told(title="On shifts")))
    await name_pool_text(
        session, projects.north.coordinator, pool_id=projects.pool, urn=named.urn, now=NOW
    )

    found = verify(await made_for(session, keys, projects.south.worker), now=NOW)
    strangers = verify(await made_for(session, keys, projects.elsewhere.worker), now=NOW)

    assert numbers(found) == [("On shifts", "1.0.0")]
    assert strangers.texts == []


async def test_drafts_and_local_values_stay_at_home(
    session: AsyncSession, projects: World, keys: NodeKeys
) -> None:
    told = Told(parts=("Ring {{on_call}}.",), placeholders=[PHONE])
    published = await released(session, projects.south, protocol(told))
    await take_up(session, projects.north, published, values={"on_call": "0191 498 0123"})
    await approved(session, projects.north, protocol(Told(title="Still a draft")))

    raw = await made_for(session, keys, projects.north.coordinator)

    assert b"on_call" in raw
    assert b"0191 498 0123" not in raw
    assert b"Still a draft" not in raw


async def test_a_recall_is_in_it_and_wins(
    session: AsyncSession, projects: World, keys: NodeKeys
) -> None:
    published = await released(session, projects.north, protocol(Told()))
    await withdraw(session, projects.north, published, holds_texts={"en": "Close the chat."})

    [text] = verify(await made_for(session, keys, projects.north.worker), now=NOW).texts

    assert (text.number, text.emergency) == (None, {"en": "Close the chat."})
    assert text.withdrawn_because == "The law has changed."


async def test_one_kind_alone_can_be_had(
    session: AsyncSession, projects: World, keys: NodeKeys
) -> None:
    await released(session, projects.north, protocol(Told(title="Conduct")))
    await released(session, projects.north, answer("Where?", "Here."))

    protocols = verify(await made_for(session, keys, projects.north.worker, "protocol"), now=NOW)
    answers = verify(await made_for(session, keys, projects.north.worker, "answer"), now=NOW)

    assert (numbers(protocols), numbers(answers)) == (
        [("Conduct", "1.0.0")],
        [("Where?", "1.0.0")],
    )


async def test_too_much_for_one_file_is_refused(
    session: AsyncSession, projects: World, keys: NodeKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = await released(session, projects.north, protocol(Told()))
    monkeypatch.setattr(queries, "LARGEST", len(published.manifest) - 1)

    with pytest.raises(BundleTooLarge):
        await made_for(session, keys, projects.north.worker)


async def test_a_partners_texts_come_with_the_partners_document(
    session: AsyncSession, projects: World, keys: NodeKeys, tmp_path: Path
) -> None:
    south = Maker(tmp_path / "south")
    await met(session, projects, south)
    await received(session, south, south.releases(2))
    await adopt(session, projects.north.coordinator, urn=urn_of(9), now=NOW)

    found = verify(await made_for(session, keys, projects.north.worker), now=NOW)

    assert numbers(found) == [("Conduct 2", "2.0.0")]


async def test_a_gap_is_not_bundled(
    session: AsyncSession, projects: World, keys: NodeKeys, tmp_path: Path
) -> None:
    south = Maker(tmp_path / "south")
    await met(session, projects, south)
    one, _, three = south.releases(3)
    await received(session, south, [one, three])
    await adopt(session, projects.north.coordinator, urn=urn_of(9), now=NOW)

    with pytest.raises(BundleIncomplete):
        await made_for(session, keys, projects.north.worker)


async def met(session: AsyncSession, projects: World, south: Maker) -> None:
    """Know a partner's node and its project, which shares the pool."""
    await partner(session, south.node.node_id)
    document = update(Partner).values(document=south.document)
    await session.execute(document.where(Partner.node_id == south.node.node_id))
    theirs = Project(
        slug="beyond",
        name="Beyond",
        region="somewhere",
        jurisdiction="england",
        zone="Europe/London",
        languages=["en"],
        node=south.node.node_id,
    )
    theirs.id = PROJECT
    session.add(theirs)
    await session.flush()
    session.add(
        PoolMember(
            pool_id=projects.pool,
            project_id=PROJECT,
            hours_offered_per_week=1,
            hours_before_per_week=1,
            joined_at=NOW,
        )
    )
    await session.flush()


async def received(session: AsyncSession, south: Maker, releases: list[Signed]) -> None:
    sender = sender_of(south.node.node_id, PROJECT)
    pinned = [public_part(south.node.by_role["release"])]
    for one in releases:
        said = {"manifest": one.manifest, "signature": one.signature}
        await receive_releases(
            session, sender, [said], NOW, verify=lambda jws: verified(jws, pinned, RELEASED)
        )
