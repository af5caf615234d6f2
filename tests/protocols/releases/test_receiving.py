from typing import Any
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.session import door
from federation.errors import Refusal
from federation.partners.errors import BadSignature, NotCanonical
from federation.partners.rules.canonical import canonical
from federation.partners.rules.signatures import sign
from federation.projects.models import Project
from protocols.releases.models import ReleaseText
from protocols.releases.searching import spread_out_again
from protocols.statements.errors import (
    AlreadyDifferent,
    NotAStatement,
    NotTheirs,
    SignatureWrong,
)
from protocols.statements.rules import signed
from tests.protocols.example_texts import (
    KEY,
    OTHER_KEY,
    PURPOSE,
    Told,
    World,
    events,
    partner,
    project_with_people,
    protocol,
    released,
    sender_of,
    signer,
    verbs,
)
from tests.protocols.releases.received import LATER, Sent, changed, receive, stored, with_parts
from tests.tampering import altered

replaced = msgspec.structs.replace


async def test_both_nodes_hold_identical_bytes(
    session: AsyncSession, projects: World, committing_engine: AsyncEngine
) -> None:
    published = await released(session, projects.north, protocol(Told()))
    [event] = await events(session)
    async with door(committing_engine) as other:
        await partner(other, "node-north")
        await receive(
            other,
            msgspec.json.decode(event.payload or b""),
            sender_of("node-north", published.project_id),
        )

    async with door(committing_engine) as other:
        [there] = await stored(other)
    same = ("id", "urn", "project_id", "number", "sequence", "manifest", "signature", "hash")
    assert {name: getattr(there, name) for name in same} == {
        name: getattr(published, name) for name in same
    }
    assert (there.node_id, there.received_at) == ("node-north", LATER)


async def test_a_repeated_release_changes_nothing(session: AsyncSession, sent: Sent) -> None:
    payload, sender = sent.payload, sent.sender

    for _ in range(2):
        await receive(session, payload, sender)

    assert len(await stored(session)) == 1
    assert await verbs(session) == [("received", "release")]
    assert len((await session.scalars(select(ReleaseText))).all()) == 1


async def test_other_content_under_a_known_id_or_number_is_refused(
    session: AsyncSession, sent: Sent
) -> None:
    payload, sender = sent.payload, sent.sender
    await receive(session, payload, sender)
    replace = msgspec.structs.replace

    for change in (
        lambda known: replace(known, review_by=known.review_by.replace(year=2029)),
        lambda known: replace(known, release=sent.project, jurisdictions=["wales"]),
        lambda known: replace(known, release=sent.project, sequence=7),
    ):
        with pytest.raises(AlreadyDifferent):
            await receive(session, changed(payload, change), sender)

    [there] = await stored(session)
    assert there.manifest == sent.manifest


async def test_a_changed_byte_is_refused(session: AsyncSession, sent: Sent) -> None:
    payload, sender = sent.payload, sent.sender
    header, _, signature = payload["signature"].split(".")
    flipped = ("B" if signature[0] == "A" else "A") + signature[1:]
    tampered = [
        payload | {"manifest": payload["manifest"].replace("Two", "Ten")},
        payload | {"manifest": payload["manifest"] + " "},
        payload | {"signature": f"{header}..{flipped}"},
        payload | {"signature": sign(payload["manifest"].encode(), OTHER_KEY, PURPOSE)},
        payload | {"signature": sign(payload["manifest"].encode(), KEY, "netreach-head+jws")},
    ]

    for wrong in tampered:
        with pytest.raises(BadSignature):
            await receive(session, wrong, sender)
    with pytest.raises(SignatureWrong):
        await receive(session, payload | {"signature": "nothing"}, sender)

    assert await stored(session) == []


async def test_every_field_of_a_release_is_held(session: AsyncSession, sent: Sent) -> None:
    manifest = msgspec.json.decode(sent.payload["manifest"], type=dict[str, Any])
    tried = []
    for name, forged in altered(manifest):
        statement = sent.payload | {"manifest": canonical(forged).decode()}
        with pytest.raises(BadSignature):
            await receive(session, statement, sent.sender)
        tried.append(name)

    assert {"number", "previous", "lived_experience", "derived_from", "without urn"} <= {*tried}
    assert await stored(session) == []


async def test_bytes_that_are_not_canonical_are_refused(session: AsyncSession, sent: Sent) -> None:
    payload = sent.payload
    spaced = payload["manifest"].replace('":', '": ', 1)
    statement = msgspec.structs.asdict(signed(spaced.encode(), signer))

    with pytest.raises(NotCanonical):
        await receive(session, statement, sent.sender)


@pytest.mark.parametrize("manifest", ["{}", "[]", '{"format":"netreach-release/1"}', '"text"'])
async def test_what_is_no_release_is_refused(
    session: AsyncSession, sent: Sent, manifest: str
) -> None:
    statement = msgspec.structs.asdict(signed(manifest.encode(), signer))

    with pytest.raises(Refusal) as refused:
        await receive(session, statement, sent.sender)

    assert refused.type in {NotAStatement, NotCanonical}


async def test_a_payload_without_its_parts_is_refused(session: AsyncSession, sent: Sent) -> None:

    for payload in ({}, {"manifest": 1, "signature": ""}, {"manifest": "{}"}):
        with pytest.raises(NotAStatement):
            await receive(session, payload, sent.sender)


async def test_unknown_fields_are_kept_in_the_bytes(session: AsyncSession, sent: Sent) -> None:
    payload = sent.payload
    newer = payload["manifest"].removesuffix("}") + ',"zz_later":{"a":1}}'
    statement = msgspec.structs.asdict(signed(newer.encode(), signer)) | {"later": True}

    await receive(session, statement, sent.sender)

    [there] = await stored(session)
    assert there.manifest == newer.encode()


async def test_a_partner_speaks_for_its_own_projects_only(
    session: AsyncSession, sent: Sent
) -> None:
    payload = sent.payload
    own = await project_with_people(session, "own")
    session.add(
        Project(
            id=sent.project,
            slug="north",
            name="North",
            region="",
            jurisdiction="england",
            zone="Europe/London",
            languages=["en"],
            node="node-north",
        )
    )
    await session.flush()
    ours = changed(payload, lambda known: msgspec.structs.replace(known, project=own.project))

    for wrong, sender in (
        (payload, sender_of("node-wrong", sent.project)),
        (payload, sender_of("node-north", own.project)),
        (ours, sender_of("node-north", own.project)),
    ):
        with pytest.raises(NotTheirs):
            await receive(session, wrong, sender)

    assert await stored(session) == []


async def test_what_a_stranger_states_under_a_known_urn_and_id_stands_beside_it(
    session: AsyncSession, sent: Sent
) -> None:
    stranger = uuid4()
    forged = changed(
        sent.payload, lambda known: with_parts(replaced(known, project=stranger), 1, "Go.")
    )
    await receive(session, forged, sender_of("node-wrong", stranger))

    for _ in range(2):
        await receive(session, sent.payload, sent.sender)

    theirs, ours = sorted(await stored(session), key=lambda one: one.project_id == sent.project)
    assert (theirs.id, theirs.node_id, theirs.manifest) == (
        sent.release_id,
        "node-wrong",
        forged["manifest"].encode(),
    )
    assert (ours.urn, ours.node_id, ours.manifest) == (theirs.urn, "node-north", sent.manifest)
    assert ours.id != theirs.id
    found = ReleaseText.words.op("@@")(func.to_tsquery("two"))
    assert (await session.scalars(select(ReleaseText.release_id).where(found))).all() == [ours.id]


async def test_a_library_under_taken_ids_is_found_by_its_own_words(
    session: AsyncSession, sent: Sent
) -> None:
    stranger = uuid4()
    forged = changed(
        sent.payload, lambda known: with_parts(replaced(known, project=stranger), 1, "Go.")
    )
    await receive(session, forged, sender_of("node-wrong", stranger))
    await receive(session, sent.payload, sent.sender)
    await session.execute(update(ReleaseText).values(words=None, read_by=None))

    assert await spread_out_again(session) is False

    [ours] = [one.id for one in await stored(session) if one.project_id == sent.project]
    found = ReleaseText.words.op("@@")(func.to_tsquery("two"))
    assert (await session.scalars(select(ReleaseText.release_id).where(found))).all() == [ours]
