"""A newer version beside what a project has, on a page: nothing is taken without a decision."""

from dataclasses import replace
from uuid import UUID

from database.session import door
from protocols.items.actions import add_variant, draft_item, revise_item
from protocols.items.queries import blocks_of
from protocols.items.rules.drafts import Draft, DraftPlaceholder
from protocols.releases.models import Release
from tests.api.pages.test_adopted_pages import (
    TOLD,
    WHY,
    blocks,
    here,
    live_words,
    part_form,
    shared,
    text,
)
from tests.api.pages.test_text_pages import Writing, at_desk, value
from tests.api.sharing import Sharing, item_of, members_of
from tests.protocols.example_texts import (
    NOW,
    Told,
    looked_over,
    protocol,
    release_approved,
    take_up,
)

LONGER = replace(TOLD, parts=("Two of you, always.", "Ring {{on_call}} at once."))

__all__ = ["shared", "text"]


async def own_words(author: Writing, text: Release, words: str) -> None:
    path = f"{here(text)}/part?action=replace&block={blocks(text)[0]}"
    form = part_form(await author.see(path))
    await author.go(f"{here(text)}/part", **form | WHY | {"text-en": words})


async def approve(author: Writing, other: Writing, text: Release) -> str:
    await author.go(f"{here(text)}/ask")
    shown = await other.see(here(text))
    return await other.go(f"{here(text)}/approve", seen=value(shown, "seen"))


async def test_a_conflict_is_decided_and_the_rest_comes_in(shared: Sharing, text: Release) -> None:
    path, first = f"{here(text)}/update", blocks(text)[0]
    async with (
        at_desk(shared.node, shared.south["reviewer"]) as author,
        at_desk(shared.node, shared.south["coordinator"]) as other,
    ):
        await own_words(author, text, "Three of you are online.")
        await approve(author, other, text)
        await shared.revise(text, LONGER)
        waiting = await author.see(here(text))
        compared = await author.see(path)
        undecided = await author.press(path, number="2.0.0")
        lost = {f"choice-{first}": "text", f"text-{first}-en": "Three, {{nobody}}."}
        refused = await author.press(path, number="2.0.0", **lost)
        decided = {f"choice-{first}": "text", f"text-{first}-en": "Three of you, always."}
        drafted = await author.go(path, number="2.0.0", **decided)
        meanwhile = await live_words(shared, shared.south, text)
        await approve(author, other, text)

    assert "Version 2.0.0 is out" in waiting
    assert "1 part needs your decision" in compared
    assert "Both have changed this part. Decide what holds." in compared
    assert "Their words come in." in compared
    assert "<ins>" in compared
    assert "Three" in compared
    assert undecided.status_code == 422
    assert "Decide what holds for the part “Three of you are online.”." in undecided.text
    assert refused.status_code == 422
    assert "{{nobody}} is used but not declared." in refused.text
    assert "Three, {{nobody}}.</textarea>" in refused.text
    assert 'value="text" checked' in refused.text
    assert "this is version" not in drafted
    assert meanwhile == ["Three of you are online.", "Ring {{on_call}}."]
    assert await live_words(shared, shared.south, text) == [
        "Three of you, always.",
        "Ring {{on_call}} at once.",
    ]


async def test_a_new_gap_is_named_and_filled_on_the_way(shared: Sharing, text: Release) -> None:
    path = f"{here(text)}/update"
    deputy = DraftPlaceholder("deputy", "Sam of the office")
    told = replace(TOLD, parts=("Two.", "Ring {{deputy}}."), placeholders=[deputy])
    await shared.revise(text, told)
    async with at_desk(shared.node, shared.south["reviewer"]) as author:
        compared = await author.see(path)
        without = await author.go(path, number="2.0.0")
        blocked = await author.press(f"{here(text)}/ask")
        await author.go(f"{here(text)}/drop")
        filled = await author.go(path, number="2.0.0", **{"value-deputy": "Alex of the office"})
        asked = await author.go(f"{here(text)}/ask")

    assert "cannot go live before they have a value" in compared
    assert "For example Sam of the office." in compared
    assert "have no gap any more: on_call" in compared
    assert "Give a value for deputy, for example" in without
    assert blocked.status_code == 422
    assert "It cannot go live like this." not in filled
    assert "deputy: no value → Alex of the office" in asked
    assert await live_words(shared, shared.south, text) == [
        "Two of you are online.",
        "Ring {{on_call}}.",
    ]


async def test_a_part_that_is_gone_is_never_lost_in_silence(shared: Sharing, text: Release) -> None:
    path, last = f"{here(text)}/update", blocks(text)[1]
    async with at_desk(shared.node, shared.south["reviewer"]) as author:
        form = part_form(await author.see(f"{here(text)}/part?action=replace&block={last}"))
        await author.go(f"{here(text)}/part", **form | WHY | {"text-en": "Ring the lead."})
        await shared.revise(text, replace(TOLD, parts=("Two of you are online.",)))
        compared = await author.see(path)
        undecided = await author.press(path, number="2.0.0")
        wrong = await author.press(path, number="2.0.0", **{f"choice-{last}": "text"})
        strange = await author.press(path, number="2.0.0", **{f"choice-{last}": "both"})
        kept = await author.go(path, number="2.0.0", **{f"choice-{last}": "ours"})

    assert "They have taken out the part that you had put in your words. Decide." in compared
    assert (undecided.status_code, wrong.status_code, strange.status_code) == (422, 422, 400)
    assert "This cannot be chosen for the part “Ring the lead.”." in wrong.text
    assert "Added by us" in kept
    assert "Ring the lead." in kept


async def test_a_stale_translation_of_a_text_about_safety_has_to_be_seen(
    shared: Sharing,
) -> None:
    told = Told(parts=("Ring 999.",))
    draft = replace(protocol(told), protocol_kind="safeguarding")
    text = await released_in_dutch(shared, draft, "Bel 112.")
    async with door(shared.node.engine) as session:
        await take_up(session, members_of(shared.south), text)
    ids = blocks(text)
    again = replace(draft, blocks=[replace(draft.blocks[0], text="Ring 999 now.", id=ids[0])])
    await released_anew(shared, text, again)
    path = f"{here(text)}/update"
    async with at_desk(shared.node, shared.south["reviewer"]) as author:
        compared = await author.see(path)
        silent = await author.press(path, number="2.0.0")
        seen = await author.go(path, number="2.0.0", stale_seen="nl")

    assert "I have seen that Dutch is out of date" in compared
    assert silent.status_code == 422
    assert "The version in nl is out of date." in silent.text
    assert "Ring 999" in seen
    assert "Draft" in seen


async def released_in_dutch(shared: Sharing, draft: Draft, words: str) -> Release:
    """Release a text of one part with a translation."""
    north = members_of(shared.north)
    async with door(shared.node.engine) as session:
        item = await draft_item(session, north.reviewer, draft, NOW)
        [only] = await blocks_of(session, item.id)
        await add_variant(
            session,
            north.reviewer,
            item.id,
            language="nl",
            title="Veilig",
            texts={str(only.id): words},
            now=NOW,
        )
        await looked_over(session, north, item.id)
        return await release_approved(session, north, item.id)


async def released_anew(shared: Sharing, before: Release, draft: Draft) -> Release:
    """Release other words, whose translation nobody has looked at."""
    north, item = members_of(shared.north), UUID(item_of(before))
    async with door(shared.node.engine) as session:
        await revise_item(session, north.reviewer, item, draft, NOW)
        await looked_over(session, north, item)
        return await release_approved(session, north, item)


async def test_an_older_version_is_no_update(shared: Sharing, text: Release) -> None:
    newer = await shared.revise(text, LONGER)
    async with (
        at_desk(shared.node, shared.south["reviewer"]) as author,
        at_desk(shared.node, shared.elsewhere["coordinator"]) as stranger,
        at_desk(shared.node, shared.south["worker"]) as worker,
    ):
        path = f"{here(newer)}/update"
        await author.go(path, number="2.0.0")
        older = await author.press(path, number="1.0.0")
        hidden = [await stranger.browser.get(path), await stranger.press(path, number="2.0.0")]
        closed = [await worker.browser.get(path), await worker.press(path, number="2.0.0")]

    assert older.status_code == 409
    assert "Your project uses a newer version than this one." in older.text
    assert [answer.status_code for answer in hidden] == [404, 404]
    assert [answer.status_code for answer in closed] == [403, 403]
