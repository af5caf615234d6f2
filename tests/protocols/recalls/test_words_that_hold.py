"""What a recall says travels at once and unreviewed: it names nobody, and leaves no gap unseen."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from protocols.answers.queries import answer_of
from protocols.exchange.actions import export_answers
from protocols.items.rules.drafts import DraftPlaceholder
from protocols.reading.queries import read_text
from protocols.recalls.actions import recall_item
from protocols.recalls.errors import WordsRefused
from protocols.releases.models import Release
from protocols.releases.rules import read_manifest
from protocols.screening.actions import allow_words
from protocols.screening.errors import PersonalDataFound
from protocols.screening.rules import PERSONAL
from tests.protocols.example_texts import (
    NOW,
    Told,
    World,
    answer,
    protocol,
    recall_statements,
    released,
    revised,
    signer,
    take_up,
    withdraw,
)

NUMBER = "0113 496 0000"
VALUES = {"on_call": NUMBER}
PHONE = DraftPlaceholder("on_call", "07700 900000", type="phone")
WITH_GAP = Told(parts=("Ring {{on_call}}.",), placeholders=(PHONE,))
ASIDE = {"en": "Ring {{on_call}} and close the chat."}


async def in_use(session: AsyncSession, projects: World, told: Told = WITH_GAP) -> Release:
    published = await released(session, projects.north, protocol(told))
    await take_up(session, projects.south, published, values=VALUES)
    return published


async def test_a_recall_is_screened_before_it_leaves(
    session: AsyncSession, projects: World
) -> None:
    published = await in_use(session, projects)
    said = {"en": "Ring 07700 900123 until there is a new one."}

    with pytest.raises(PersonalDataFound) as refused:
        await withdraw(session, projects.north, published, holds_texts=said)
    with pytest.raises(PersonalDataFound) as of_all:
        await recall_item(
            session,
            projects.north.coordinator,
            urn=published.urn,
            reason="Mail anna@elsewhere.example about it.",
            holds_texts={"en": "Close the chat."},
            sign=signer,
            now=NOW,
        )

    assert [(reason.code, reason.text) for reason in refused.value.reasons] == [
        (
            "personal-data-phone",
            PERSONAL
            % {
                "place": "What holds meanwhile (en)",
                "start": 6,
                "end": 17,
                "what": "a telephone number",
            },
        )
    ]
    assert [reason.code for reason in of_all.value.reasons] == ["personal-data-email"]
    assert await recall_statements(session) == []
    await allow_words(
        session, projects.north.coordinator, words=said["en"], reason="Our own line.", now=NOW
    )
    await withdraw(session, projects.north, published, holds_texts=said)
    assert len(await recall_statements(session)) == 1


@pytest.mark.parametrize("block", [False, True])
@pytest.mark.parametrize(
    ("said", "code"),
    [("Ring {{nobody}}.", "undeclared-placeholder"), ("Ring {{ on_call }}.", "broken-placeholder")],
)
async def test_a_gap_that_nobody_fills_does_not_hold(
    session: AsyncSession, projects: World, said: str, code: str, *, block: bool
) -> None:
    published = await in_use(session, projects)
    part = read_manifest(published.manifest).blocks[0].id if block else None

    with pytest.raises(WordsRefused) as refused:
        await withdraw(session, projects.north, published, block=part, holds_texts={"en": said})

    assert [reason.code for reason in refused.value.reasons] == [code]


async def test_a_gap_of_the_text_is_filled_in_what_holds(
    session: AsyncSession, projects: World
) -> None:
    published = await in_use(session, projects)
    await withdraw(session, projects.north, published, holds_texts=ASIDE)

    reading = await read_text(session, projects.south.worker, published.urn, "en", NOW)

    assert reading.emergency is not None
    assert (reading.emergency.plain, reading.open_gaps) == (
        f"Ring {NUMBER} and close the chat.",
        [],
    )
    assert reading.to_acknowledge is not None


async def test_an_answers_gap_is_filled_in_what_holds(
    session: AsyncSession, projects: World
) -> None:
    gaps: list[Any] = [PHONE, DraftPlaceholder("name", "Sam", filled_by="worker")]
    draft = answer("Whom do I ring?", "Ring {{on_call}}, {{name}}.", placeholders=gaps)
    published = await released(session, projects.north, draft)
    await take_up(session, projects.south, published, values=VALUES)
    said = {"en": "{{name}}, ring {{on_call}} by day."}
    await withdraw(session, projects.north, published, holds_texts=said)

    found = await answer_of(session, projects.south.worker, published.urn, "en", NOW)
    file = "".join(
        (await export_answers(session, projects.south.coordinator, "chatwoot", NOW)).pieces
    )

    assert found.body == f"{{{{name}}}}, ring {NUMBER} by day."
    assert [gap.name for gap in found.asks_worker] == ["name"]
    assert f"{{{{contact.name}}}}, ring {NUMBER} by day." in file


async def test_a_gap_that_a_project_has_not_filled_is_named(
    session: AsyncSession, projects: World
) -> None:
    """An earlier release may have a gap that the newer one had not."""
    first = await released(session, projects.north, protocol(WITH_GAP))
    second = await revised(session, projects.north, first, Told(parts=("Ring the line.",)))
    await take_up(session, projects.south, second)
    before = await read_text(session, projects.south.worker, first.urn, "en", NOW)

    await withdraw(session, projects.north, second, holds_number="1.0.0")

    after = await read_text(session, projects.south.worker, first.urn, "en", NOW)
    assert (before.open_gaps, after.open_gaps) == ([], ["on_call"])
