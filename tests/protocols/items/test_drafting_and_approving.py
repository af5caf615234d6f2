from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from database.session import broken_constraint
from federation.errors import NotAllowed, NotFound
from federation.permissions.rules import Asker
from protocols.items.actions import (
    add_variant,
    approve,
    ask_for_review,
    draft_item,
    revise_item,
)
from protocols.items.errors import AuthorMayNotApprove, DraftRefused
from protocols.items.models import Item, Variant
from protocols.items.queries import blocks_of, placeholders_of, variants_of
from protocols.items.rules.drafts import Draft, DraftBlock, DraftPlaceholder, source_hash
from tests.protocols.example_texts import (
    NOW,
    REVIEW,
    Told,
    World,
    answer,
    looked_over,
    protocol,
    verbs,
)

ON_CALL = DraftPlaceholder("on_call", "07700 900000", type="phone")


async def test_a_draft_is_kept_whole(session: AsyncSession, projects: World) -> None:
    north = projects.north
    told = Told(parts=("Be kind.", "Ring {{on_call}}."), placeholders=[ON_CALL])

    item = await draft_item(session, north.reviewer, protocol(told), NOW)

    [variant] = await variants_of(session, item.id)
    [gap] = await placeholders_of(session, item.id)
    blocks = await blocks_of(session, item.id)
    assert item.urn == f"urn:uuid:{item.id}"
    assert (item.state, item.authors) == ("draft", [north.reviewer.person_id])
    assert [variant.texts[str(block.id)] for block in blocks] == ["Be kind.", "Ring {{on_call}}."]
    assert (gap.name, gap.type, gap.example, gap.material) == (
        "on_call",
        "phone",
        "07700 900000",
        False,
    )
    assert await verbs(session) == [("drafted", "item")]


async def test_parts_keep_their_ids_through_a_revision(
    session: AsyncSession, projects: World
) -> None:
    item = await draft_item(session, projects.north.reviewer, protocol(Told()), NOW)
    [first] = await blocks_of(session, item.id)
    told = Told(parts=("New first part.", "Better words."), ids=(None, first.id))

    await revise_item(session, projects.north.coordinator, item.id, protocol(told), NOW)

    blocks = await blocks_of(session, item.id)
    [variant] = await variants_of(session, item.id)
    assert [block.id == first.id for block in blocks] == [False, True]
    assert variant.texts[str(first.id)] == "Better words."
    assert item.authors == [
        projects.north.reviewer.person_id,
        projects.north.coordinator.person_id,
    ]


async def test_a_part_of_another_text_is_refused(session: AsyncSession, projects: World) -> None:
    item = await draft_item(session, projects.north.reviewer, protocol(Told()), NOW)

    with pytest.raises(DraftRefused) as refused:
        await revise_item(
            session, projects.north.reviewer, item.id, protocol(Told(ids=(uuid4(),))), NOW
        )

    assert [reason.code for reason in refused.value.reasons] == ["unknown-part"]


async def test_whoever_wrote_part_of_it_may_not_approve(
    session: AsyncSession, projects: World
) -> None:
    north = projects.north
    item = await draft_item(session, north.reviewer, protocol(Told()), NOW)
    await revise_item(session, north.coordinator, item.id, protocol(Told(title="Conduct")), NOW)
    await ask_for_review(session, north.coordinator, item.id, NOW)

    for author in (north.reviewer, north.coordinator):
        with pytest.raises(AuthorMayNotApprove):
            await approve(session, author, item.id, NOW)

    assert item.state == "in-review"


async def test_the_database_itself_refuses_an_author_who_approves(
    session: AsyncSession, projects: World
) -> None:
    """Outline has a column for it, and nothing that holds it."""
    author = projects.north.reviewer.person_id
    item = await draft_item(session, projects.north.reviewer, protocol(Told()), NOW)

    with pytest.raises(IntegrityError) as broken:
        await session.execute(
            update(Item).where(Item.id == item.id).values(state="approved", approver_id=author)
        )

    assert broken_constraint(broken.value) == "ck_item_author_is_not_approver"


async def test_a_change_after_the_approval_undoes_it(
    session: AsyncSession, projects: World
) -> None:
    north = projects.north
    item = await draft_item(session, north.reviewer, protocol(Told()), NOW)
    await looked_over(session, north, item.id)
    [block] = await blocks_of(session, item.id)

    await add_variant(
        session,
        north.reviewer,
        item.id,
        language="nl",
        title="Omgangsregels",
        texts={str(block.id): "Jullie zijn samen online."},
        now=NOW,
    )

    assert (item.state, item.approver_id, item.approved_at) == ("draft", None, None)
    assert await verbs(session) == [
        ("drafted", "item"),
        ("review-asked", "item"),
        ("approved", "item"),
        ("translated", "item"),
    ]


async def test_a_translation_carries_the_hash_of_what_it_translates(
    session: AsyncSession, projects: World
) -> None:
    """weblate#3330: without it nobody can tell that the source has changed."""
    item = await draft_item(session, projects.north.reviewer, protocol(Told()), NOW)
    [source] = await variants_of(session, item.id)
    [block] = source.texts

    variant = await add_variant(
        session,
        projects.north.reviewer,
        item.id,
        language="ro",
        title="Conduită",
        texts={block: "Sunteți doi online."},
        now=NOW,
    )

    assert variant.source_hash == source_hash(source.texts)


@pytest.mark.parametrize(
    ("language", "texts", "code"),
    [
        ("nl", {"other": "Tekst"}, "parts-differ"),
        ("Dutch!", None, "unknown-language"),
        ("en", None, "source-language"),
        ("nl", {"": "{{unknown}}"}, "undeclared-placeholder"),
    ],
)
async def test_a_translation_that_does_not_fit_is_refused(
    session: AsyncSession,
    projects: World,
    language: str,
    texts: dict[str, str] | None,
    code: str,
) -> None:
    item = await draft_item(session, projects.north.reviewer, protocol(Told()), NOW)
    [block] = await blocks_of(session, item.id)
    given = texts or {str(block.id): "Tekst"}

    with pytest.raises(DraftRefused) as refused:
        await add_variant(
            session,
            projects.north.reviewer,
            item.id,
            language=language,
            title="Titel",
            texts=given,
            now=NOW,
        )

    assert code in [reason.code for reason in refused.value.reasons]


async def test_a_draft_names_every_mistake_at_once(session: AsyncSession, projects: World) -> None:
    draft = Draft(
        kind="answer",
        title=" ",
        source_language="english",
        jurisdictions=[],
        review_by=REVIEW,
        blocks=[DraftBlock("Ring {{number}} or {{ Name }}."), DraftBlock(" ")],
        placeholders=[DraftPlaceholder("Name", "Ann")],
    )

    with pytest.raises(DraftRefused) as refused:
        await draft_item(session, projects.north.reviewer, draft, NOW)

    assert [reason.code for reason in refused.value.reasons] == [
        "no-title",
        "no-jurisdiction",
        "no-use-limits",
        "no-question",
        "placeholder-name",
        "unknown-language",
        "undeclared-placeholder",
        "broken-placeholder",
        "empty-part",
    ]
    assert await session.scalar(select(func.count()).select_from(Item)) == 0


@pytest.mark.parametrize(
    "line",
    [
        {"title": "Ring {{number}}"},
        {"question": "Who is {{ Name }}?"},
        {"keywords": ["line", "{{number}}"]},
    ],
)
async def test_what_stands_above_a_text_has_no_places_that_nobody_would_fill(
    session: AsyncSession, projects: World, line: dict[str, Any]
) -> None:
    gap = DraftPlaceholder("number", "0113")
    draft = answer("Whom?", "Ring {{number}}.", placeholders=[gap])

    with pytest.raises(DraftRefused) as refused:
        await draft_item(session, projects.north.reviewer, replace(draft, **line), NOW)

    assert [reason.code for reason in refused.value.reasons] == ["placeholder-above"]
    item = await draft_item(session, projects.north.reviewer, draft, NOW)
    [block] = await blocks_of(session, item.id)
    with pytest.raises(DraftRefused) as translated:
        await add_variant(
            session,
            projects.north.reviewer,
            item.id,
            language="nl",
            texts={str(block.id): "Bel {{number}}."},
            now=NOW,
            **{"title": "Titel", **line},
        )
    assert [reason.code for reason in translated.value.reasons] == ["placeholder-above"]


async def test_a_protocol_names_no_service_by_its_number(
    session: AsyncSession, projects: World
) -> None:
    """Only answers write a service out; readers of a protocol would be shown its id."""
    gap = DraftPlaceholder("clinic", "a clinic", type="signpost")
    told = Told(parts=("Go to {{clinic}}.",), placeholders=[gap])

    with pytest.raises(DraftRefused) as refused:
        await draft_item(session, projects.north.reviewer, protocol(told), NOW)

    assert [reason.code for reason in refused.value.reasons] == ["service-in-protocol"]
    draft = answer("Where?", "Go to {{clinic}}.", placeholders=[gap])
    await draft_item(session, projects.north.reviewer, draft, NOW)


async def test_an_answer_says_where_it_may_be_used(session: AsyncSession, projects: World) -> None:
    item = await draft_item(
        session, projects.north.reviewer, answer("When are you there?", "On Tuesdays."), NOW
    )

    with pytest.raises(IntegrityError) as broken:
        await session.execute(update(Item).where(Item.id == item.id).values(use_limits=[]))

    assert broken_constraint(broken.value) == "ck_item_answer_says_where_it_may_be_used"


async def test_workers_neither_write_nor_approve(session: AsyncSession, projects: World) -> None:
    north = projects.north
    item = await draft_item(session, north.reviewer, protocol(Told()), NOW)

    with pytest.raises(NotAllowed):
        await draft_item(session, north.worker, protocol(Told()), NOW)
    with pytest.raises(NotAllowed):
        await approve(session, north.worker, item.id, NOW)
    with pytest.raises(NotAllowed):
        await revise_item(session, north.worker, item.id, protocol(Told()), NOW)
    with pytest.raises(NotAllowed):
        await add_variant(
            session, north.worker, item.id, language="nl", title="x", texts={}, now=NOW
        )

    assert await session.scalar(select(func.count()).select_from(Variant)) == 1


async def test_a_token_that_only_reads_writes_nothing(
    session: AsyncSession, projects: World
) -> None:
    coordinator = projects.north.coordinator
    reading = Asker(
        coordinator.person_id, coordinator.project_id, coordinator.roles, frozenset({"read"})
    )

    with pytest.raises(NotAllowed):
        await draft_item(session, reading, protocol(Told()), NOW)


async def test_another_projects_draft_is_not_there(session: AsyncSession, projects: World) -> None:
    item = await draft_item(session, projects.north.reviewer, protocol(Told()), NOW)

    for stranger in (projects.south.coordinator, projects.elsewhere.coordinator):
        with pytest.raises(NotFound):
            await approve(session, stranger, item.id, NOW)
        with pytest.raises(NotFound):
            await revise_item(session, stranger, item.id, protocol(Told()), NOW)

    assert item.state == "draft"
