"""What a partner says of proposals is taken for what it is: theirs, whole, screened, and once."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.feeds.models import Feed, FeedEvent
from federation.notices.models import Notice
from federation.pools.models import PoolMember
from protocols.proposals.actions import receive_proposal, receive_withdrawal
from protocols.proposals.decisions.actions import accept, receive_answer
from protocols.proposals.errors import ProposalRefused, SentenceRefused
from protocols.proposals.models import Proposal
from protocols.proposals.queries import proposal_of, proposals_of
from protocols.proposals.rules.parts import reasons_against
from protocols.releases.rules import read_manifest
from protocols.statements.errors import AlreadyDifferent, NotTheirs
from tests.protocols.adapting.test_following_newer_versions import SAFETY
from tests.protocols.example_texts import NOW, World, partner, released
from tests.protocols.proposals.suggestions import (
    RESTORED,
    SENDER,
    WHY,
    Suggesting,
    far_away,
    owned_elsewhere,
    proposed,
    said_of,
    state,
)


async def kept(session: AsyncSession, projects: World) -> list[tuple[UUID, str, str]]:
    found = await proposals_of(session, projects.north.coordinator)
    return [(one.id, one.project, one.parts[0].texts["en"]) for one in found]


async def told(session: AsyncSession) -> int:
    query = select(Notice.person_id).where(Notice.code == "text-proposed")
    return len(list(await session.scalars(query)))


async def test_it_is_kept_once_and_told_once(
    session: AsyncSession, projects: World, own: Suggesting
) -> None:
    far = await far_away(session, projects)
    said = said_of(own, far)
    for _ in range(2):
        await receive_proposal(session, SENDER, said, NOW)

    assert await kept(session, projects) == [(UUID(said["proposal"]), "Far", RESTORED)]
    assert await told(session) == 2
    with pytest.raises(AlreadyDifferent):
        await receive_proposal(session, SENDER, said | {"sequence": 1, "parts": other(own)}, NOW)

    # a newer one takes its place, and whoever has not looked yet is not told a second time
    newer = said_of(own, far, parts=other(own))
    await receive_proposal(session, SENDER, newer, NOW)
    assert await kept(session, projects) == [(UUID(newer["proposal"]), "Far", "Four of you.")]
    assert await told(session) == 2


def other(own: Suggesting) -> list[dict[str, Any]]:
    return [changed(own, texts={"en": "Four of you."})]


def changed(own: Suggesting, **more: Any) -> dict[str, Any]:
    part = {"block": str(own.replaced), "action": "replace", "why": WHY, "texts": {"en": "Three."}}
    return part | more


async def test_a_partner_speaks_for_its_own_projects_and_of_texts_that_they_see(
    session: AsyncSession, projects: World, own: Suggesting
) -> None:
    far = await far_away(session, projects)
    await partner(session, "node-other")
    hidden = await released(session, projects.elsewhere, SAFETY)
    block = {"parts": [changed(own, block=str(uuid4()))]}
    for sender, said, refusal in (
        (SENDER, said_of(own, projects.south.project), NotTheirs),
        (replace(SENDER, node_id="node-other"), said_of(own, far), NotTheirs),
        (replace(SENDER, feed_kind="project/releases"), said_of(own, far), NotTheirs),
        (SENDER, said_of(own, uuid4()), NotFound),
        (SENDER, said_of(own, far, urn=f"urn:uuid:{uuid4()}"), NotFound),
        (SENDER, said_of(own, far, sequence=2), NotFound),
        (SENDER, said_of(own, far, urn=hidden.urn) | block, NotFound),
    ):
        with pytest.raises(refusal):
            await receive_proposal(session, sender, said, NOW)
    await session.execute(update(PoolMember).values(pool_id=projects.pool))
    assert await kept(session, projects) == []
    assert await told(session) == 0


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"texts": {"en": "Ring 07700 900123."}}, "proposal-personal"),
        ({"why": "Ask me@home.example."}, "proposal-personal"),
        ({"why": " "}, "no-why"),
        ({"texts": {"en": "Ring {{other}}."}}, "undeclared-placeholder"),
        ({"texts": {"nl": "Drie."}}, "empty-part"),
        ({"texts": {"en": "Three.", "xx": "?"}}, "no-such-language"),
        ({"texts": {"en": "Two of you are online."}}, "same-words"),
        ({"block": str(uuid4())}, "no-such-part"),
        ({"action": "add", "after": str(uuid4()), "block": str(uuid4())}, "no-such-place"),
        ({"action": "add"}, "part-exists"),
        ({"action": "hide"}, "words-left-out"),
    ],
)
async def test_what_does_not_fit_or_tells_of_somebody_is_refused(
    session: AsyncSession, projects: World, own: Suggesting, more: dict[str, Any], code: str
) -> None:
    far = await far_away(session, projects)
    with pytest.raises(ProposalRefused) as refused:
        await receive_proposal(
            session, SENDER, said_of(own, far, parts=[changed(own, **more)]), NOW
        )
    assert code in [reason.code for reason in refused.value.reasons]
    assert await kept(session, projects) == []


async def test_a_locked_part_is_only_added_to(session: AsyncSession, projects: World) -> None:
    far = await far_away(session, projects)
    text = await released(session, projects.north, SAFETY)
    block = msgspec.json.decode(text.manifest)["blocks"][0]["id"]
    own = Suggesting(text, UUID(block), uuid4())
    with pytest.raises(ProposalRefused) as refused:
        await receive_proposal(session, SENDER, said_of(own, far, parts=other(own)), NOW)
    assert [reason.code for reason in refused.value.reasons] == ["only-added-to"]
    added = changed(own, action="add", block=str(own.added), after=block)
    await receive_proposal(session, SENDER, said_of(own, far, parts=[added]), NOW)


async def test_its_size_is_capped(session: AsyncSession, projects: World, own: Suggesting) -> None:
    far = await far_away(session, projects)
    twice = [changed(own), changed(own)]
    long = [changed(own, action="add", block=str(uuid4()), texts={"en": "a" * 20_000})] * 4
    for parts, codes in ((twice, ["part-twice"]), (long, ["part-twice", "proposal-too-long"])):
        with pytest.raises(ProposalRefused) as refused:
            await receive_proposal(session, SENDER, said_of(own, far, parts=parts), NOW)
        assert [reason.code for reason in refused.value.reasons] == codes
    [none] = reasons_against(read_manifest(own.text.manifest), [])
    assert none.code == "proposal-parts"
    broken: list[dict[str, Any]] = [
        {"parts": []},
        {"parts": [changed(own)] * 21},
        {"parts": [changed(own, texts={"en": "a" * 20_001})]},
        {"parts": [changed(own, texts={"e" * 36: "a"})]},
        {"parts": [changed(own, why="a" * 501)]},
        {"parts": [changed(own, action="rewrite")]},
        {"sequence": 0},
        {"urn": "urn:isbn:1"},
        {"project": "far"},
    ]
    for wrong in broken:
        with pytest.raises(msgspec.ValidationError):
            await receive_proposal(session, SENDER, said_of(own, far) | wrong, NOW)
    assert await kept(session, projects) == []


async def test_what_is_taken_back_is_gone_unless_it_was_answered(
    session: AsyncSession, projects: World, own: Suggesting
) -> None:
    said = said_of(own, await far_away(session, projects))
    gone = {"proposal": said["proposal"]}
    await receive_proposal(session, SENDER, said, NOW)
    await receive_withdrawal(session, replace(SENDER, node_id="node-other"), gone, NOW)
    with pytest.raises(NotTheirs):
        await receive_withdrawal(session, replace(SENDER, feed_kind="pool/shifts"), gone, NOW)
    assert len(await kept(session, projects)) == 1
    for _ in range(2):
        await receive_withdrawal(session, SENDER, gone, NOW)
    assert await kept(session, projects) == []

    await receive_proposal(session, SENDER, said, NOW)
    await accept(session, projects.north.coordinator, UUID(said["proposal"]), seen=1, now=NOW)
    await receive_withdrawal(session, SENDER, gone, NOW)
    [one] = await proposals_of(session, projects.north.coordinator)
    assert one.state == "accepted"


async def test_a_proposal_of_this_node_is_no_partners_to_take_back(
    session: AsyncSession, projects: World, own: Suggesting
) -> None:
    await partner(session, SENDER.node_id)
    proposal = await proposed(session, projects.south, own)
    await receive_withdrawal(session, SENDER, {"proposal": str(proposal)}, NOW)
    assert await session.get(Proposal, proposal, populate_existing=True) is not None
    with pytest.raises(NotTheirs):
        await receive_answer(session, SENDER, {"proposal": str(proposal), "accepted": True}, NOW)


async def test_an_answer_counts_from_the_owners_node_once(
    session: AsyncSession, projects: World, own: Suggesting
) -> None:
    for node_id in ("node-north", "node-far"):
        await partner(session, node_id)
    await owned_elsewhere(session, projects.north.project, "node-north")
    proposal = await proposed(session, projects.south, own)
    sender = replace(SENDER, node_id="node-north")
    no = {"proposal": str(proposal), "accepted": False, "sentence": "The law says two."}

    for wrong, refusal in (
        (replace(sender, node_id="node-far"), NotTheirs),
        (replace(sender, feed_kind="pool/shifts"), NotTheirs),
    ):
        with pytest.raises(refusal):
            await receive_answer(session, wrong, no, NOW)
    for said in ("", "Ring 07700 900123."):
        with pytest.raises(SentenceRefused):
            await receive_answer(session, sender, no | {"sentence": said}, NOW)
    for broken in ({"proposal": "1"}, {"sentence": "x" * 501}, {"accepted": 3}):
        with pytest.raises(msgspec.ValidationError):
            await receive_answer(session, sender, no | broken, NOW)
    await receive_answer(session, sender, no | {"proposal": str(uuid4())}, NOW)
    assert await state(session, proposal) == ("sent", "")

    await receive_answer(session, sender, no | {"newer": 1}, NOW)
    await receive_answer(session, sender, no | {"accepted": True, "sentence": ""}, NOW)
    assert await state(session, proposal) == ("declined", "The law says two.")
    answered = select(Notice).where(Notice.code == "text-proposal-answered")
    assert len(list(await session.scalars(answered))) == 2


async def test_a_yes_brings_no_words_with_it(
    session: AsyncSession, projects: World, own: Suggesting
) -> None:
    await partner(session, "node-north")
    await owned_elsewhere(session, projects.north.project, "node-north")
    proposal = await proposed(session, projects.south, own)
    yes = {"proposal": str(proposal), "accepted": True, "sentence": "Ring 07700 900123."}
    await receive_answer(session, replace(SENDER, node_id="node-north"), yes, NOW)
    assert await state(session, proposal) == ("accepted", "")


async def test_one_is_read_without_the_others(
    session: AsyncSession, projects: World, own: Suggesting
) -> None:
    said, other = [said_of(own, await far_away(session, projects, slug)) for slug in ("a", "b")]
    for one in (said, other):
        await receive_proposal(session, SENDER, one, NOW)
    await session.execute(
        update(Proposal).where(Proposal.id == UUID(other["proposal"])).values(parts=[{}])
    )
    found = await proposal_of(session, projects.north.coordinator, UUID(said["proposal"]))
    assert (found.id, msgspec.to_builtins(found.parts)) == (
        UUID(said["proposal"]),
        [one | {"after": None} for one in said["parts"]],
    )


async def test_an_answer_across_nodes_says_no_more_than_that(
    session: AsyncSession, projects: World, own: Suggesting
) -> None:
    said = said_of(own, await far_away(session, projects))
    await receive_proposal(session, SENDER, said, NOW)
    await accept(session, projects.north.coordinator, UUID(said["proposal"]), seen=1, now=NOW)

    query = select(FeedEvent).join(Feed, Feed.id == FeedEvent.feed_id)
    [event] = await session.scalars(query.where(Feed.kind == "private", Feed.subject == "node-far"))
    assert (event.kind, msgspec.json.decode(event.payload or b"")) == (
        "text-proposal.answered",
        {"proposal": said["proposal"], "accepted": True, "sentence": ""},
    )
