"""However many proposals there are, the database is asked as often."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from protocols.proposals.actions import receive_proposal
from protocols.proposals.decisions.queries import to_decide
from protocols.proposals.queries import proposable, proposals_of, texts_with_own_words
from tests.protocols.example_texts import NOW, World
from tests.protocols.proposals.suggestions import (
    SENDER,
    far_away,
    said_of,
    with_own_parts,
)
from tests.questions import counted


async def test_lists_take_as_many_questions_as_one(
    session: AsyncSession, engine: AsyncEngine, projects: World
) -> None:
    north, south = projects.north.coordinator, projects.south.reviewer
    counts = []
    own = await with_own_parts(session, projects.north, projects.south)
    said = said_of(own, await far_away(session, projects, "one"))
    await receive_proposal(session, SENDER, said, NOW)
    for slugs in ((), ("two", "three", "four")):
        for slug in slugs:
            own = await with_own_parts(session, projects.north, projects.south)
            said = said_of(own, await far_away(session, projects, slug))
            await receive_proposal(session, SENDER, said, NOW)
        session.expunge_all()
        with counted(engine) as statements:
            shown = await proposals_of(session, north)
            texts = await texts_with_own_words(session, south)
        counts.append((len(shown), len(texts), len(statements)))
        session.expunge_all()
        with counted(engine) as statements:
            await to_decide(session, north, UUID(said["proposal"]))
            await proposable(session, south, own.text.urn)
        counts.append((1, 1, len(statements)))
    assert counts == [(1, 1, 2), (1, 1, 8), (4, 4, 2), (1, 1, 8)]
