"""A withdrawn part goes from every release that told its readers the same."""

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from protocols.recalls.errors import AlreadyRecalled
from protocols.recalls.models import Recall
from protocols.recalls.rules import says_the_same
from protocols.releases.rules import read_manifest
from tests.protocols.example_texts import Told, World, revised, take_up, withdraw
from tests.protocols.recalls.test_withdrawing_parts import (
    INSTEAD,
    in_force,
    part,
    said,
    translated,
    two_parts,
)


@pytest.mark.parametrize("withdrawn", [1, 2])
async def test_one_more_translation_keeps_no_withdrawn_part_live(
    session: AsyncSession, projects: World, withdrawn: int
) -> None:
    first = await two_parts(session, projects)
    second = await translated(session, projects, first)
    wrong = part(first, 1)

    await withdraw(
        session, projects.north, (first, second)[withdrawn - 1], block=wrong, holds_texts=INSTEAD
    )

    stated = await session.scalars(select(Recall).order_by(Recall.sequence))
    assert [(one.sequence, one.block, one.holds_texts) for one in stated] == [
        (1, wrong, INSTEAD),
        (2, wrong, INSTEAD),
    ]
    await take_up(session, projects.south, second)
    text = await in_force(session, projects, first.urn)
    assert said(text, "nl") == [("Met twee.", "nl"), ("Ring the supervisor.", "en")]


def test_other_releases_go_where_their_readers_were_told_the_same() -> None:
    wrong = {"en": "Ring 998.", "nl": "Bel 112."}
    mended = {"en": "Ring 999.", "nl": "Bel 112."}
    plain = {"en": "Ring 998."}
    other = {"en": "Ring 999.", "ro": "Sună la 112."}

    def same(words: dict[str, str]) -> tuple[bool, bool]:
        """Tell it of an earlier release and of a later one."""
        return says_the_same(words, wrong, later=False), says_the_same(words, wrong, later=True)

    assert [same(one) for one in (wrong, plain, other)] == [
        (True, True),
        (True, True),
        (False, False),
    ]
    # what a later release leaves beside what it mends is right
    assert same(mended) == (True, False)


async def test_the_part_is_withdrawn_wherever_earlier_releases_say_the_same(
    session: AsyncSession, projects: World
) -> None:
    first = await two_parts(session, projects)
    second = await revised(session, projects.north, first, Told(parts=("Two!", "Ring 999.")))

    await withdraw(session, projects.north, second, block=part(second, 1), holds_texts=INSTEAD)

    text = await in_force(session, projects, first.urn)
    assert text.locked == read_manifest(first.manifest)
    assert said(text) == [("Two online.", "en"), ("Ring the supervisor.", "en")]
    with pytest.raises(AlreadyRecalled):
        await withdraw(session, projects.north, first, block=part(first, 1), holds_texts=INSTEAD)
