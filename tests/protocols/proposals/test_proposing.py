"""Own words are proposed with places for values; what would tell of anybody stays at home."""

from dataclasses import replace

import msgspec
import pytest
from sqlalchemy import delete, inspect, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from database.session import broken_constraint
from federation.errors import NotAllowed, NotFound
from federation.feeds.models import Feed, FeedEvent
from federation.notices.models import Notice
from federation.partners.models import Partner
from federation.people.models import Handle, Person
from federation.pools.models import PoolMember
from federation.projects.models import Project
from protocols.proposals.actions import propose, withdraw
from protocols.proposals.errors import (
    NothingToPropose,
    OwnerOutOfReach,
    OwnText,
    ProposalOpen,
    ProposalRefused,
)
from protocols.proposals.models import Proposal
from protocols.proposals.queries import proposable, proposal_of, proposals_of
from protocols.proposals.rules.leaving import Wanted
from protocols.releases.models import Release
from protocols.screening.actions import allow_words
from tests.protocols.adapting.own_words import TOLD, VALUES
from tests.protocols.example_texts import NOW, World, partner, protocol, released, take_up
from tests.protocols.proposals.suggestions import (
    RESTORED,
    WHY,
    Suggesting,
    own_parts,
    owned_elsewhere,
    proposed,
)

PROPOSED = select(Notice).where(Notice.code == "text-proposed")


async def test_the_owner_sees_the_words_with_places_and_the_project(
    session: AsyncSession, projects: World, own: Suggesting
) -> None:
    proposal = await proposed(session, projects.south, own)

    [seen] = await proposals_of(session, projects.north.coordinator)
    assert (seen.id, seen.received, seen.project, seen.state) == (proposal, True, "South", "sent")
    assert [(part.block, part.action, part.after) for part in seen.parts] == [
        (own.replaced, "replace", None),
        (own.added, "add", own.second),
    ]
    assert [part.texts for part in seen.parts] == [
        {"en": RESTORED},
        {"en": "Close the chat together."},
    ]
    assert {part.why for part in seen.parts} == {WHY}
    told = list(await session.scalars(PROPOSED.order_by(Notice.person_id)))
    assert {one.person_id for one in told} == {
        projects.north.coordinator.person_id,
        projects.north.reviewer.person_id,
    }
    assert {one.text for one in told} == {
        "Another project suggests other words for one of your texts."
    }


async def test_across_nodes_it_goes_in_the_owners_private_feed(
    session: AsyncSession, projects: World, own: Suggesting
) -> None:
    await partner(session, "node-north")
    await owned_elsewhere(session, projects.north.project, "node-north")
    proposal = await proposed(session, projects.south, own)
    await withdraw(session, projects.south.coordinator, proposal, NOW)

    query = select(FeedEvent).join(Feed, Feed.id == FeedEvent.feed_id).order_by(FeedEvent.seq)
    made, taken_back = await session.scalars(
        query.where(Feed.kind == "private", Feed.subject == "node-north")
    )
    part = {"why": WHY, "block": str(own.replaced), "action": "replace", "after": None}
    added = part | {"block": str(own.added), "action": "add", "after": str(own.second)}
    assert (made.kind, msgspec.json.decode(made.payload or b"")) == (
        "text-proposal.made",
        {
            "proposal": str(proposal),
            "urn": own.text.urn,
            "sequence": 1,
            "project": str(projects.south.project),
            "parts": [
                part | {"texts": {"en": RESTORED}},
                added | {"texts": {"en": "Close the chat together."}},
            ],
        },
    )
    assert (taken_back.kind, msgspec.json.decode(taken_back.payload or b"")) == (
        "text-proposal.withdrawn",
        {"proposal": str(proposal)},
    )
    assert list(await session.scalars(PROPOSED)) == []


async def test_an_owner_that_cannot_be_reached_is_not_written_to(
    session: AsyncSession, projects: World, own: Suggesting
) -> None:
    await partner(session, "node-north")
    await session.execute(update(Release).values(node_id="node-north"))
    with pytest.raises(OwnerOutOfReach):
        await proposed(session, projects.south, own)
    await session.execute(
        update(Project).where(Project.id == projects.north.project).values(node="node-north")
    )
    await session.execute(update(Partner).values(state="ended"))
    with pytest.raises(OwnerOutOfReach):
        await proposed(session, projects.south, own)
    assert list(await session.scalars(select(Proposal))) == []


async def test_on_one_node_too_only_who_shares_a_pool_is_written_to(
    session: AsyncSession, projects: World, own: Suggesting
) -> None:
    await session.execute(delete(PoolMember).where(PoolMember.project_id == projects.north.project))
    with pytest.raises(OwnerOutOfReach):
        await proposed(session, projects.south, own)
    assert list(await session.scalars(select(Proposal))) == []
    assert list(await session.scalars(PROPOSED)) == []


async def test_one_is_open_at_a_time_and_can_be_taken_back(
    session: AsyncSession, projects: World, own: Suggesting
) -> None:
    first = await proposed(session, projects.south, own)
    with pytest.raises(ProposalOpen):
        await proposed(session, projects.south, own)
    text = await proposable(session, projects.south.reviewer, own.text.urn)
    assert (text.owner, text.open_proposal) == ("North", first)
    await withdraw(session, projects.south.coordinator, first, NOW)
    assert await proposals_of(session, projects.north.coordinator) == []
    with pytest.raises(NotFound):
        await withdraw(session, projects.south.coordinator, first, NOW)

    await proposed(session, projects.south, own)
    row = (await session.scalars(select(Proposal))).one()
    values = {each.key: getattr(row, each.key) for each in inspect(Proposal).column_attrs}
    with pytest.raises(IntegrityError) as broken:
        async with session.begin_nested():
            session.add(Proposal(**values | {"id": new_id()}))
    assert broken_constraint(broken.value) == "uq_proposal_one_open"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("Ring 0113 496 0000.", "own-value", "characters 6 to 18: this holds your value"),
        ("Ring 01134960000.", "own-value", "characters 6 to 16: this holds your value"),
        ("Ask me@home.example.", "proposal-personal", "characters 5 to 19: this looks like"),
        ("Ask Southerner.", "own-people", "characters 5 to 14: this is what somebody"),
        ("Ask SOUTHERNER.", "own-people", "characters 5 to 14: this is what somebody"),
        ("Ask quiet-wren.", "own-people", "characters 5 to 14: this is what somebody"),
        ("Ring {{other}}.", "undeclared-placeholder", "{{other}}"),
        ("Two of you are online.", "same-words", "says the same"),
        (" ", "empty-part", "Write it in en"),
        ("<<<<<<< ours", "conflict-marker", "still mixed"),
        ("a" * 20_001, "part-too-long", "A part has at most"),
    ],
)
async def test_what_would_tell_of_somebody_stays_at_home(
    session: AsyncSession, projects: World, own: Suggesting, words: str, code: str, said: str
) -> None:
    south = projects.south
    person = Person(project_id=south.project, name="Southerner", languages=["en"])
    session.add(person)
    await session.flush()
    session.add(
        Handle(
            id=new_id(),
            pool_id=projects.pool,
            project_id=south.project,
            person_id=person.id,
            display="quiet-wren",
            roles=["worker"],
            languages=["en"],
            hours_per_week=8,
            shifts_per_week=3,
            rest_hours=11,
        )
    )
    await session.flush()

    with pytest.raises(ProposalRefused) as refused:
        await propose(
            session, south.reviewer, own.text.urn, own.wanted(replaced={"en": words}), NOW
        )

    found = {reason.code: reason.text for reason in refused.value.reasons}
    assert code in found
    assert said in found[code]
    assert list(await session.scalars(select(Proposal))) == []


async def test_a_guess_is_left_to_a_person(session: AsyncSession, projects: World) -> None:
    north, south = projects.north, projects.south
    told = replace(TOLD, parts=("Two, also on 0113 496 0000.", "Ring {{on_call}}."))
    await allow_words(
        session, north.coordinator, words="0113 496 0000", reason="Our public line.", now=NOW
    )
    text = await released(session, north, protocol(told))
    await take_up(session, south, text, values=VALUES)
    own = await own_parts(
        session, south, text, "Three, also on 0113 496 0000.", "Ring 0113-4960000."
    )

    with pytest.raises(ProposalRefused) as refused:
        await proposed(session, south, own)

    assert [(reason.code, reason.text.split(": ", 1)[1]) for reason in refused.value.reasons] == [
        (
            "place-in-doubt",
            "the owner's words say this too. Write {{on_call}} if you mean your own value.",
        ),
        (
            "place-in-doubt",
            "the owner's words say this too. Write {{on_call}} if you mean your own value.",
        ),
        ("proposal-personal", "this looks like a telephone number. Say it without that."),
    ]
    wanted = own.wanted(
        replaced={"en": "Three, also on 0113 496 0000."}, added={"en": "Ring {{on_call}}."}
    )
    proposal = await propose(session, south.reviewer, text.urn, wanted, NOW)
    seen = await proposal_of(session, south.reviewer, proposal)
    assert [part.texts["en"] for part in seen.parts] == [
        "Three, also on 0113 496 0000.",
        "Ring {{on_call}}.",
    ]


@pytest.mark.parametrize(
    ("why", "code"),
    [
        ("", "no-why"),
        ("x" * 501, "no-why"),
        ("Ring 07700 900123", "proposal-personal"),
        ("It is 0113 496 0000 here", "own-value"),
    ],
)
async def test_why_leaves_the_project_as_well(
    session: AsyncSession, projects: World, own: Suggesting, why: str, code: str
) -> None:
    wanted = [Wanted(block=own.added, why=why)]
    with pytest.raises(ProposalRefused) as refused:
        await propose(session, projects.south.reviewer, own.text.urn, wanted, NOW)
    assert code in [reason.code for reason in refused.value.reasons]


async def test_only_approved_words_for_anothers_text_are_proposed(
    session: AsyncSession, projects: World, own: Suggesting
) -> None:
    south, urn = projects.south, own.text.urn
    plain = await released(session, projects.north, protocol(TOLD))
    await take_up(session, south, plain, values=VALUES)
    for wanted, text in (
        ([], urn),
        ([Wanted(block=new_id(), why=WHY)], urn),
        ([Wanted(block=own.added, why=WHY)], plain.urn),
    ):
        with pytest.raises(NothingToPropose):
            await propose(session, south.reviewer, text, wanted, NOW)
    mine = await released(session, south, protocol(TOLD))
    await take_up(session, south, mine, values=VALUES)
    at_home = await own_parts(session, south, mine)
    with pytest.raises(OwnText):
        await proposed(session, south, at_home)


async def test_others_neither_propose_nor_see_nor_take_back(
    session: AsyncSession, projects: World, own: Suggesting
) -> None:
    south = projects.south
    reading = replace(south.reviewer, scopes=frozenset({"read"}))
    for asker in (south.worker, reading):
        with pytest.raises(NotAllowed):
            await propose(session, asker, own.text.urn, own.wanted(), NOW)
    with pytest.raises(NotAllowed):
        await proposable(session, south.worker, own.text.urn)
    for asker in (projects.elsewhere.coordinator, projects.north.coordinator):
        with pytest.raises(NotFound):
            await proposable(session, asker, own.text.urn)
    proposal = await proposed(session, south, own)

    assert await proposals_of(session, projects.elsewhere.coordinator) == []
    for asker in (projects.elsewhere.coordinator, projects.elsewhere.reviewer):
        with pytest.raises(NotFound):
            await proposal_of(session, asker, proposal)
    for asker, refusal in (
        (south.worker, NotAllowed),
        (reading, NotAllowed),
        (projects.north.coordinator, NotFound),
        (projects.elsewhere.coordinator, NotFound),
    ):
        with pytest.raises(refusal):
            await withdraw(session, asker, proposal, NOW)
    with pytest.raises(NotAllowed):
        await proposals_of(session, projects.north.worker)
