"""A project's own parts as people write and approve them, on plain forms."""

import re
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from database.session import door
from protocols.adoption.queries import text_of_project
from protocols.items.rules.drafts import DraftPlaceholder
from protocols.releases.models import Release
from protocols.releases.rules import read_manifest
from tests.api.conftest import Node, Somebody
from tests.api.pages.test_answer_pages import listed
from tests.api.pages.test_text_pages import at_desk, value
from tests.api.sharing import Sharing, item_of, sharing
from tests.protocols.example_texts import Told, answer, protocol
from tests.protocols.signposts.services import CLINIC

PHONE = DraftPlaceholder("on_call", "07700 900000", type="phone")
TOLD = Told(parts=("Two of you are online.", "Ring {{on_call}}."), placeholders=[PHONE])
VALUES = {"on_call": "0113 496 0000"}
WHY = {"reason": "We are three.", "review_by": "2090-01-01"}


@pytest.fixture
async def shared(node: Node) -> Sharing:
    return await sharing(node)


@pytest.fixture
async def text(shared: Sharing) -> Release:
    return await shared.adopted(protocol(TOLD), values=VALUES)


def blocks(text: Release) -> list[UUID]:
    return [part.id for part in read_manifest(text.manifest).blocks]


def here(text: Release) -> str:
    return f"/adopted/{item_of(text)}"


def part_form(html: str) -> dict[str, Any]:
    """Read the form for one part as a browser would send it back."""
    form: dict[str, Any] = {name: value(html, name) for name in ("action", "block", "after")}
    for language, words in re.findall(r'<textarea id="text-([^"]+)"[^>]*>(.*?)</textarea>', html):
        form[f"text-{language}"] = words
    return form


async def live_words(shared: Sharing, people: dict[str, Somebody], text: Release) -> list[str]:
    async with door(shared.node.engine) as session:
        held = await text_of_project(session, people["worker"].project_id, text.urn)
    assert held is not None
    assert held.manifest is not None
    return [held.manifest.source.texts[str(part.id)] for part in held.manifest.blocks]


async def test_own_words_are_drafted_by_one_and_live_when_another_approves(
    shared: Sharing, text: Release
) -> None:
    node, south, path = shared.node, shared.south, here(text)
    first = blocks(text)[0]
    async with (
        at_desk(node, south["reviewer"]) as author,
        at_desk(node, south["coordinator"]) as other,
    ):
        before = await author.see(path)
        form = part_form(await author.see(f"{path}/part?action=replace&block={first}"))
        await author.go(f"{path}/part", **form | WHY | {"text-en": "Three of you are online."})
        form = part_form(await author.see(f"{path}/part?action=add&after={first}"))
        drafted = await author.go(f"{path}/part", **form | WHY | {"text-en": "Tell the lead."})
        waiting = await live_words(shared, south, text)
        asked = await author.go(f"{path}/ask")
        shown = await other.see(path)
        approved = await other.go(f"{path}/approve", seen=value(shown, "seen"))

    assert "Say it in our words" in before
    assert form["text-en"] == ""
    assert "Draft" in drafted
    assert "<ins>" in drafted
    assert "In our words" in drafted
    assert "reviewer by name answers for it" in drafted
    assert waiting == ["Two of you are online.", "Ring {{on_call}}."]
    assert "somebody else approves it" in asked
    assert "Approve what stands here" not in asked
    assert '<span class="mark good">In use</span>' in approved
    assert await live_words(shared, south, text) == [
        "Three of you are online.",
        "Tell the lead.",
        "Ring {{on_call}}.",
    ]


async def test_a_part_that_is_only_dated_anew_is_shown_and_approved(
    shared: Sharing, text: Release
) -> None:
    path, first = here(text), blocks(text)[0]
    async with (
        at_desk(shared.node, shared.south["reviewer"]) as author,
        at_desk(shared.node, shared.south["coordinator"]) as other,
    ):
        form = part_form(await author.see(f"{path}/part?action=replace&block={first}"))
        form |= WHY | {"text-en": "Three of you are online."}
        await author.go(f"{path}/part", **form)
        await author.go(f"{path}/ask")
        first_seen = value(await other.see(path), "seen")
        await other.go(f"{path}/approve", seen=first_seen)
        same = await author.go(f"{path}/part", **form)
        drafted = await author.go(f"{path}/part", **form | {"review_by": "2091-01-01"})
        await author.go(f"{path}/ask")
        stale = await other.press(f"{path}/approve", seen=first_seen)
        approved = await other.go(f"{path}/approve", seen=value(await other.see(path), "seen"))

    assert "Nothing yet: your people would read what they read now." in same
    assert "Nothing yet" not in drafted
    assert "Your people would read what they read now." in drafted
    assert "<li>To be reviewed by: 1 January 2090 → 1 January 2091</li>" in drafted
    assert stale.status_code == 409
    assert '<span class="mark good">In use</span>' in approved
    assert "To be reviewed by 1 January 2091." in approved


async def test_what_is_refused_keeps_what_was_typed(shared: Sharing, text: Release) -> None:
    path, first = here(text), blocks(text)[0]
    async with at_desk(shared.node, shared.south["reviewer"]) as author:
        form = part_form(await author.see(f"{path}/part?action=replace&block={first}"))
        other = await author.press(
            f"{path}/part", **form | WHY | {"text-en": "Ring {{nobody}}.", "reason": ""}
        )
        strange = await author.press(f"{path}/part", **form | WHY | {"action": "shout"})
        nowhere = await author.browser.get(f"{path}/part?action=replace&block=x")
        shown = await author.see(path)

    assert other.status_code == 422
    assert "{{nobody}} is used but not declared." in other.text
    assert "Say in a few words why your project differs here." in other.text
    assert "Ring {{nobody}}.</textarea>" in other.text
    assert (strange.status_code, nowhere.status_code) == (400, 400)
    assert "What this changes" not in shown


async def test_a_locked_part_offers_additions_alone(shared: Sharing) -> None:
    draft = protocol(Told(parts=("Two of you.",)))
    locked = [replace(draft.blocks[0], locked=True)]
    text = await shared.adopted(replace(draft, protocol_kind="safeguarding", blocks=locked))
    path, [only] = here(text), blocks(text)
    async with at_desk(shared.node, shared.south["reviewer"]) as author:
        shown = await author.see(path)
        form = part_form(await author.see(f"{path}/part?action=hide&block={only}"))
        hidden = await author.press(f"{path}/part", **form | WHY)
        added = part_form(await author.see(f"{path}/part?action=add&after={only}"))
        after = await author.go(f"{path}/part", **added | WHY | {"text-en": "Then ring us."})

    assert "This part is locked: it can only be added to." in shown
    assert "Leave it out" not in shown
    assert hidden.status_code == 422
    assert "This part is locked: you can add to it, not change it." in hidden.text
    assert "Then ring us." in after


async def test_a_change_is_sent_back_with_a_sentence_or_dropped(
    shared: Sharing, text: Release
) -> None:
    path = here(text)
    async with (
        at_desk(shared.node, shared.south["reviewer"]) as author,
        at_desk(shared.node, shared.south["coordinator"]) as other,
    ):
        drafted = await author.go(f"{path}/values", **{"value-on_call": "0113 496 0001"})
        await author.go(f"{path}/ask")
        back = await other.go(f"{path}/send-back", said="Whose number is it?")
        early = await other.press(f"{path}/approve", seen="00")
        odd = await other.press(f"{path}/approve", seen="no hash")
        dropped = await author.go(f"{path}/drop")

    assert "on_call: 0113 496 0000 → 0113 496 0001" in drafted
    assert "Whose number is it?" in back
    assert (early.status_code, odd.status_code) == (409, 409)
    assert 'value="0113 496 0000"' in dropped
    assert "What this changes" not in dropped


async def test_own_parts_are_seen_by_nobody_of_another_project(
    shared: Sharing, text: Release
) -> None:
    path, first = here(text), blocks(text)[0]
    async with at_desk(shared.node, shared.south["reviewer"]) as author:
        form = part_form(await author.see(f"{path}/part?action=add&after={first}"))
        await author.go(f"{path}/part", **form | WHY | {"text-en": "Our secret line."})
    async with at_desk(shared.node, shared.north["coordinator"]) as owner:
        theirs = await owner.see(path)
    refused = {}
    for name, somebody in (
        ("worker", shared.south["worker"]),
        ("stranger", shared.elsewhere["coordinator"]),
    ):
        async with at_desk(shared.node, somebody) as asking:
            answers = [await asking.browser.get(path), await asking.press(f"{path}/ask")]
            answers += [await asking.press(f"{path}/{step}") for step in ("values", "drop", "use")]
            answers.append(await asking.press(f"{path}/part", **form | WHY))
            refused[name] = [answer.status_code for answer in answers]
            assert all("secret" not in answer.text for answer in answers)

    assert "secret" not in theirs
    assert refused == {
        "worker": [403, 403, 403, 403, 403, 403],
        "stranger": [404, 409, 404, 409, 404, 404],
    }


async def test_a_version_is_kept_or_followed(shared: Sharing, text: Release) -> None:
    path = here(text)
    async with (
        at_desk(shared.node, shared.south["coordinator"]) as coordinator,
        at_desk(shared.node, shared.south["reviewer"]) as reviewer,
    ):
        pinned = await coordinator.go(f"{path}/mode", mode="pinned")
        unknown = await coordinator.press(f"{path}/mode", mode="later")
        refused = await reviewer.press(f"{path}/mode", mode="tracking")

    assert 'value="pinned" checked' in pinned
    assert (unknown.status_code, refused.status_code) == (400, 403)


async def test_a_text_with_a_gap_is_taken_up_by_two(shared: Sharing) -> None:
    text = await shared.release(protocol(TOLD))
    path, south = here(text), shared.south
    async with (
        at_desk(shared.node, south["reviewer"]) as author,
        at_desk(shared.node, south["coordinator"]) as other,
    ):
        new = await other.see(path)
        as_it_is = await other.press(f"{path}/use")
        await author.go(f"{path}/values", **{"value-on_call": ""})
        blocked = await author.see(path)
        early = await author.press(f"{path}/ask")
        await author.go(f"{path}/values", **{"value-on_call": "0113 496 0000"})
        await author.go(f"{path}/ask")
        shown = await other.see(path)
        used = await other.go(f"{path}/approve", seen=value(shown, "seen"))

    assert "Not in use yet" in new
    assert as_it_is.status_code == 422
    assert "It cannot go live like this." in blocked
    assert "Give a value for on_call, for example" in blocked
    assert (early.status_code, "Give a value for on_call" in early.text) == (422, True)
    assert '<span class="mark good">In use</span>' in used


async def test_a_gap_for_a_service_offers_the_projects_own_list(shared: Sharing) -> None:
    gap = DraftPlaceholder("clinic", "a clinic", type="signpost")
    text = await shared.release(answer("Where can I go?", "To {{clinic}}.", placeholders=[gap]))
    chosen = await listed(shared.node, shared.south)
    await listed(shared.node, shared.elsewhere, name="Another's own clinic")
    async with at_desk(shared.node, shared.south["reviewer"]) as author:
        offered = await author.see(here(text))
        kept = await author.go(f"{here(text)}/values", **{"value-clinic": str(chosen)})

    assert f'<option value="{chosen}">{CLINIC.name}</option>' in offered
    assert f'<option value="{chosen}" selected>{CLINIC.name}</option>' in kept
    assert f"clinic: no value → {CLINIC.name}" in kept
    assert "own clinic" not in offered


async def test_a_text_without_gaps_is_taken_up_as_it_is(shared: Sharing) -> None:
    text = await shared.release(protocol(Told()))
    async with at_desk(shared.node, shared.south["coordinator"]) as coordinator:
        used = await coordinator.go(f"{here(text)}/use")

    assert '<span class="mark good">In use</span>' in used


async def test_the_list_says_what_differs_and_what_could_be_used(
    shared: Sharing, text: Release
) -> None:
    path, first = here(text), blocks(text)[0]
    unused = await shared.release(protocol(Told(title="Closing <a> session")))
    async with (
        at_desk(shared.node, shared.south["reviewer"]) as author,
        at_desk(shared.node, shared.south["coordinator"]) as other,
        at_desk(shared.node, shared.south["worker"]) as worker,
        at_desk(shared.node, shared.elsewhere["coordinator"]) as stranger,
    ):
        plain = await author.see("/adopted")
        form = part_form(await author.see(f"{path}/part?action=replace&block={first}"))
        await author.go(f"{path}/part", **form | WHY | {"text-en": "Three of you."})
        await author.go(f"{path}/ask")
        waiting = await other.see("/adopted")
        shown = await other.see(path)
        await other.go(f"{path}/approve", seen=value(shown, "seen"))
        differs = await other.see("/adopted")
        new = await other.see("/adopted/new?words=closing")
        none = await other.see("/adopted/new?words=nothing")
        read = await worker.see(f"/protocols/{item_of(text)}")
        closed = [await worker.browser.get(f"/adopted{rest}") for rest in ("", "/new")]
        elsewhere = await stranger.see("/adopted") + await stranger.see("/adopted/new")

    assert "As its project has written it, with 1 value of ours." in plain
    assert "Waits for you" in waiting
    assert "Parts: 1 in our words, with 1 value of ours." in differs
    assert f'<a href="{here(unused)}">Closing &lt;a&gt; session</a>: protocol, version 1.0.0' in new
    assert "Nothing with these words." in none
    assert read.count("Our project's own words") == 1
    assert [answer.status_code for answer in closed] == [403, 403]
    assert "Live chat conduct" not in elsewhere
    assert "Closing" not in elsewhere
