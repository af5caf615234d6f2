from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from sqlalchemy import select

from api.peers.joining import InviterAway, accept_invitation
from database.session import door
from federation.audit.models import AuditEntry
from federation.errors import NotAllowed, Refusal
from federation.feeds.actions import append
from federation.partners.actions import end, grant
from federation.partners.errors import (
    AlreadyPartners,
    InvitationExpired,
    InvitationForged,
    InvitationUsed,
    NotJoined,
    OwnInvitation,
    UnknownCapability,
    WordsDiffer,
)
from federation.partners.invitations.actions import invite
from federation.partners.models import Invitation, Partner
from federation.permissions.rules import Asker
from tests.api.peers.nodes import (
    ADMINISTRATOR,
    RunningNode,
    accept,
    clock,
    join,
    make_link,
    type_words,
)

Pair = tuple[RunningNode, RunningNode]


def changed(link: str, **fields: str) -> str:
    address, inside = link.split("#")
    values = {name: value[0] for name, value in parse_qs(inside).items()}
    return f"{address}#{urlencode(values | fields)}"


async def test_two_nodes_join_and_pin_each_others_keys(strangers: Pair) -> None:
    north, south = strangers
    partner = await accept(south, await make_link(north))
    assert partner.state == "words-to-type"
    words = (await north.partner(south)).words
    assert words == partner.words
    assert len(words) == 4

    await type_words(south, north, ", ".join(words).upper())
    await south.loop.work_off()
    assert (await south.partner(north)).state == "waiting-for-them"
    assert (await north.partner(south)).state == "words-to-type"

    await type_words(north, south, " ".join(words))
    await north.loop.work_off()
    await south.loop.work_off()
    assert (await north.partner(south)).state == "joined"
    assert (await south.partner(north)).state == "joined"
    pinned = (await north.partner(south)).keys["transport"]
    assert pinned == [south.node.keys.by_role["transport"].as_dict(private=False)]


async def test_every_step_is_in_the_audit(strangers: Pair) -> None:
    north, south = strangers
    await join(north, south)
    async with door(north.engine) as session:
        verbs = await session.scalars(
            select(AuditEntry.verb).where(AuditEntry.subject.in_(["partner", "invitation"]))
        )
    assert set(verbs) == {"invited", "spent-link", "typed-words", "joined"}


async def test_a_reused_link_is_refused(strangers: Pair) -> None:
    north, south = strangers
    link = await make_link(north)
    await accept(south, link)
    async with door(north.engine) as session:
        used = (await session.scalars(select(Invitation))).one()
        used.request = b"another message"
    with pytest.raises(InvitationUsed):
        await accept(south, link)


async def test_the_same_message_after_a_lost_answer_gets_the_same_answer(strangers: Pair) -> None:
    north, south = strangers
    link = await make_link(north)
    first = (await accept(south, link)).words
    assert (await accept(south, link)).words == first


async def test_an_expired_link_is_refused(strangers: Pair) -> None:
    north, south = strangers
    link = await make_link(north, now=clock() - timedelta(hours=48, seconds=1))
    with pytest.raises(InvitationExpired):
        await accept(south, link)
    async with door(north.engine) as session:
        assert list(await session.scalars(select(Partner))) == []


@pytest.mark.parametrize("field", ["secret", "root", "node", "commit"])
async def test_a_link_changed_on_its_way_is_refused(strangers: Pair, field: str) -> None:
    north, south = strangers
    link = changed(await make_link(north), **{field: "A" * 43})
    with pytest.raises(Refusal) as refused:
        await accept(south, link)
    assert refused.value.code == "invitation-forged"
    async with door(south.engine) as session:
        assert list(await session.scalars(select(Partner))) == []


async def test_text_that_is_no_link_is_refused(strangers: Pair) -> None:
    _, south = strangers
    with pytest.raises(InvitationForged):
        await accept(south, "https://example.org/")


async def test_a_node_does_not_join_itself(strangers: Pair) -> None:
    north, _ = strangers
    with pytest.raises(OwnInvitation):
        await accept(north, await make_link(north))


async def test_an_inviter_that_is_away_leaves_the_link_good(strangers: Pair) -> None:
    north, south = strangers
    link = await make_link(north)
    away = link.replace(str(urlsplit(link).port), "9")
    with pytest.raises(InviterAway):
        await accept(south, away)
    assert (await accept(south, link)).state == "words-to-type"


async def test_other_words_change_nothing(strangers: Pair) -> None:
    north, south = strangers
    await accept(south, await make_link(north))
    with pytest.raises(WordsDiffer):
        await type_words(north, south, "bado bado bado bado")
    assert (await north.partner(south)).state == "words-to-type"


async def test_before_the_words_nothing_is_granted(strangers: Pair) -> None:
    north, south = strangers
    await accept(south, await make_link(north))
    async with door(north.engine) as session:
        with pytest.raises(NotJoined):
            await grant(
                session,
                asker=ADMINISTRATOR,
                node_id=south.id,
                capability="shifts:01890000-0000-7000-8000-000000000000",
                now=clock(),
            )


async def test_a_new_link_does_not_replace_a_partner(two_nodes: Pair) -> None:
    north, south = two_nodes
    with pytest.raises(AlreadyPartners):
        await accept(south, await make_link(north))


async def test_an_ended_partner_can_be_met_again(two_nodes: Pair) -> None:
    north, south = two_nodes
    for here, there in (two_nodes, (south, north)):
        async with door(here.engine) as session:
            await end(session, asker=ADMINISTRATOR, node_id=there.id, now=clock())
    await join(north, south)
    assert (await south.partner(north)).state == "joined"


async def test_granting_reaches_the_partner(two_nodes: Pair) -> None:
    north, south = two_nodes
    capability = "shifts:01890000-0000-7000-8000-000000000000"
    async with door(north.engine) as session:
        await grant(
            session, asker=ADMINISTRATOR, node_id=south.id, capability=capability, now=clock()
        )
    await north.loop.work_off()
    await south.loop.work_off()
    assert (await south.partner(north)).they_grant == [capability]


async def test_what_is_not_on_the_list_is_not_granted(two_nodes: Pair) -> None:
    north, south = two_nodes
    async with door(north.engine) as session:
        with pytest.raises(UnknownCapability):
            await grant(
                session,
                asker=ADMINISTRATOR,
                node_id=south.id,
                capability="everything",
                now=clock(),
            )


async def test_only_a_partner_administrator_invites_or_accepts(strangers: Pair) -> None:
    north, south = strangers
    worker = Asker(
        person_id=ADMINISTRATOR.person_id,
        project_id=ADMINISTRATOR.project_id,
        roles=frozenset({"worker", "coordinator"}),
    )
    async with door(north.engine) as session:
        with pytest.raises(NotAllowed):
            await invite(session, asker=worker, node=north.node, now=clock())
    with pytest.raises(NotAllowed):
        await accept_invitation(
            south.engine,
            south.node,
            asker=worker,
            link_text=await make_link(north),
            now=clock(),
            development=True,
        )


async def test_an_ended_partner_reads_nothing_and_is_not_poked(two_nodes: Pair) -> None:
    north, south = two_nodes
    client = await south.client(north)
    await client.feeds()
    async with door(north.engine) as session:
        await end(session, asker=ADMINISTRATOR, node_id=south.id, now=clock())
        await append(session, "private", south.id, "greeting", {"n": 1}, now=clock())
    with pytest.raises(Exception, match="401 invalid_client"):
        await client.feeds()
    await north.loop.work_off()
    assert (await south.cursors()) == []
