from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotAllowed
from protocols.drafting.actions import import_texts
from protocols.drafting.own_texts import own_texts
from protocols.drafting.queries import plan_import
from protocols.exchange.rules.texts import ExchangedText, Translated
from protocols.history.queries import saved_states, written_at
from protocols.items.models import Item
from protocols.items.rules.drafts import DraftBlock
from protocols.starter.library import starter_texts
from tests.protocols.example_texts import NOW, World, answer, approved

GOOD = ExchangedText(
    draft=answer("Where?", "Ring 07700 900123."),
    translations={"nl": Translated(title="Waar?", texts=["Bel ons."], question="Waar?")},
)
BROKEN = replace(GOOD, draft=replace(GOOD.draft, title="Other", blocks=[DraftBlock("{{ x }}")]))
UNEVEN = ExchangedText(
    draft=answer("Third?", "One."), translations={"nl": Translated(title="x", texts=["a", "b"])}
)


async def count(session: AsyncSession) -> int | None:
    return await session.scalar(select(func.count()).select_from(Item))


async def test_a_dry_run_tells_the_fate_of_each_and_changes_nothing(
    session: AsyncSession, projects: World
) -> None:
    await approved(session, projects.north, answer("Known?", "Yes."))
    texts = [GOOD, BROKEN, UNEVEN, GOOD, ExchangedText(draft=answer("KNOWN?", "No."))]

    plan = await plan_import(session, projects.north.coordinator, texts)

    assert [(one.fate, [reason.code for reason in one.reasons]) for one in plan] == [
        ("new", ["personal-data-phone"]),
        ("refused", ["broken-placeholder"]),
        ("refused", ["parts-differ"]),
        ("there", []),
        ("there", []),
    ]
    assert "07700" not in str([one.reasons for one in plan])
    assert await count(session) == 1


@pytest.mark.parametrize(
    ("translations", "code"),
    [
        ({"Dutch": Translated(title="Waar?", texts=["Bel ons."])}, "unknown-language"),
        ({"nl": Translated(title="x" * 501, texts=["Bel ons."])}, "line-too-long"),
        ({"nl": Translated(title="Waar is {{het}}?", texts=["Bel ons."])}, "placeholder-above"),
        ({"nl": Translated(title="Waar?", texts=["Bel."], keywords=["x"] * 31)}, "too-many"),
        (
            {f"x{a}{b}": Translated(title="x", texts=["x"]) for a in "abcde" for b in "abcdefghij"},
            "too-many",
        ),
    ],
)
async def test_a_translation_that_cannot_come_in_keeps_its_text_out_and_no_other(
    session: AsyncSession, projects: World, translations: dict[str, Translated], code: str
) -> None:
    wrong = replace(GOOD, draft=replace(GOOD.draft, title="Other"), translations=translations)

    plan = await import_texts(session, projects.north.coordinator, [wrong, GOOD], NOW)

    assert [(one.fate, [reason.code for reason in one.reasons]) for one in plan] == [
        ("refused", [code]),
        ("new", ["personal-data-phone"]),
    ]
    assert await count(session) == 1


async def test_what_may_come_in_is_a_draft_with_its_translations(
    session: AsyncSession, projects: World
) -> None:
    await import_texts(session, projects.north.coordinator, [GOOD, BROKEN], NOW)

    [item] = await session.scalars(select(Item))
    assert (item.state, item.project_id) == ("draft", projects.north.project)
    [back] = await own_texts(session, projects.north.coordinator)
    assert back.draft.blocks[0].text == "Ring 07700 900123."
    assert back.translations["nl"].texts == ["Bel ons."]


async def test_what_comes_in_has_a_history(session: AsyncSession, projects: World) -> None:
    """Live Helper Chat's import writes none: nobody can tell there who brought which words."""
    await import_texts(session, projects.north.coordinator, [GOOD], NOW)

    [item] = await session.scalars(select(Item))
    states = await saved_states(session, item.id)
    assert [(one.version, one.by) for one in states] == [
        (2, "north coordinator"),
        (1, "north coordinator"),
    ]
    first = await written_at(session, item.id, 1)
    assert [*first.source.texts.values()] == ["Ring 07700 900123."]
    assert item.authors == [projects.north.coordinator.person_id]


async def test_what_comes_in_goes_out_as_it_was(session: AsyncSession, projects: World) -> None:
    texts = list(starter_texts(NOW.date()).values())
    await import_texts(session, projects.north.coordinator, texts, NOW)

    found = await own_texts(session, projects.north.coordinator)
    back = {(one.draft.kind, one.draft.title): one for one in found}

    for text in texts:
        again = back[text.draft.kind, text.draft.title]
        gaps = sorted(text.draft.placeholders, key=lambda gap: gap.name)
        told = replace(text.draft, placeholders=gaps)
        assert list(again.draft.blocks) == [DraftBlock(b.text, b.locked) for b in told.blocks]
        assert list(again.draft.placeholders) == list(told.placeholders)
        assert (again.draft.question, again.draft.acknowledgement) == (
            told.question,
            told.acknowledgement,
        )
        assert {one: list(said.texts) for one, said in again.translations.items()} == {
            one: list(said.texts) for one, said in text.translations.items()
        }


async def test_workers_take_nothing_in_and_nobody_sees_another_projects_drafts(
    session: AsyncSession, projects: World
) -> None:
    await import_texts(session, projects.elsewhere.coordinator, [GOOD], NOW)
    for refused in (
        import_texts(session, projects.north.worker, [GOOD], NOW),
        plan_import(session, projects.north.worker, [GOOD]),
        own_texts(session, projects.north.worker),
    ):
        with pytest.raises(NotAllowed):
            await refused

    assert await own_texts(session, projects.north.coordinator) == []
    [planned] = await plan_import(session, projects.north.coordinator, [GOOD])
    assert planned.fate == "new"
