"""The writers' desk as people use it: plain forms, and nothing that was typed is lost."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from httpx2 import AsyncClient, Response

from federation.partners.keys import NodeKeys
from tests.api.conftest import Node, Somebody, form_token

FORM: dict[str, Any] = {
    "kind": "protocol",
    "protocol_kind": "conduct",
    "title": "Live chat conduct",
    "source_language": "en",
    "jurisdictions": "england-and-wales",
    "review_by": "2090-12-01",
    "acknowledgement": "re-read",
    "version": "0",
    "part": ["0", "1"],
    "text-0": "Two of you are online.",
    "locked-0": "yes",
    "text-1": "Ring {{phone}}.",
    "gap": ["0"],
    "gap-name-0": "phone",
    "gap-example-0": "07700 900000",
    "gap-type-0": "phone",
}


@pytest.fixture
async def people(node: Node) -> dict[str, Somebody]:
    if not (node.settings.keys / "node-id").exists():
        NodeKeys.create(node.settings.keys)
    project_id = await node.project()
    found = {
        role: await node.somebody(role, project_id=project_id, name=f"{role} by name")
        for role in ("coordinator", "reviewer", "worker")
    }
    return found | {"stranger": await node.somebody("coordinator")}


class Writing:
    """Somebody at the desk, in a browser of their own."""

    def __init__(self, browser: AsyncClient) -> None:
        self.browser = browser

    async def see(self, path: str) -> str:
        answer = await self.browser.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def press(self, path: str, **form: Any) -> Response:
        token = await form_token(self.browser, "/notices")
        return await self.browser.post(path, data={"_csrf_token": token} | form)

    async def go(self, path: str, **form: Any) -> str:
        """Press, and follow to the page after it."""
        answer = await self.press(path, **form)
        assert answer.status_code == 303, answer.text
        return await self.see(answer.headers["location"].partition("#")[0])


@asynccontextmanager
async def at_desk(node: Node, somebody: Somebody) -> AsyncIterator[Writing]:
    async with node.signed_in(somebody.id) as browser:
        yield Writing(browser)


async def begun(writing: Writing, **other: Any) -> str:
    answer = await writing.press("/texts/new", **FORM | {"do": "save"} | other)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def value(html: str, name: str) -> str:
    return html.split(f'name="{name}" value="', 1)[1].split('"', 1)[0]


def form_on(html: str) -> dict[str, Any]:
    """Read the editor as a browser would send it back."""
    form: dict[str, Any] = {"kind": value(html, "kind"), "version": value(html, "version")}
    rows = re.findall(r'name="part" value="(\d+)"', html)
    form |= {"part": rows, "gap": re.findall(r'name="gap" value="(\d+)"', html)}
    for row in rows:
        form[f"id-{row}"] = value(html, f"id-{row}")
        words = re.search(rf'<textarea id="text-{row}"[^>]*>(.*?)</textarea>', html, re.DOTALL)
        form[f"text-{row}"] = words[1] if words else ""
    return FORM | {"protocol_kind": "conduct"} | form


async def test_a_text_is_written_reviewed_and_released(
    node: Node, people: dict[str, Somebody]
) -> None:
    async with (
        at_desk(node, people["reviewer"]) as author,
        at_desk(node, people["coordinator"]) as other,
    ):
        path = await begun(author)
        drafted = await author.see(path)
        assert "Draft" in drafted
        assert "the next would be 1.0.0" in drafted
        assert "Everybody reads it again" in drafted
        assert "reviewer by name" in drafted
        asked = await author.go(f"{path}/review")
        assert "In review" in asked
        assert "somebody else approves it" in asked
        assert "Waits for you" in await other.see("/texts")
        shown = await other.see(path)
        approved = await other.go(f"{path}/approve", version=value(shown, "version"))
        assert "Release as version 1.0.0" in approved
        released = await other.go(f"{path}/release")
    assert '<span class="mark good">Released</span>' in released
    assert "1.0.0 is out" in released


async def test_an_approver_sees_the_choice_and_what_changes(
    node: Node, people: dict[str, Somebody]
) -> None:
    async with (
        at_desk(node, people["reviewer"]) as author,
        at_desk(node, people["coordinator"]) as other,
    ):
        path = await begun(author)
        await author.go(f"{path}/review")
        await other.go(f"{path}/approve", version="1")
        await other.go(f"{path}/release")
        form = form_on(await author.see(f"{path}/edit"))
        form |= {"text-0": "Two of you are never online.", "acknowledgement": "none"}
        await author.go(f"{path}/edit", **form | {"do": "save"})
        await author.go(f"{path}/review")
        seen = await other.see(path)
        history = await other.see(f"{path}/history?version=2&from=1")

    assert "What it changes against version 1.0.0" in seen
    added = '<ins><span class="hidden">[added: </span>never <span class="hidden">]</span></ins>'
    assert added in seen
    assert added in history
    assert "Nothing is asked of readers" in seen
    assert "<td>Read it again</td><td>Nothing</td>" in seen
    assert "the next would be 1.0.1" in seen


@pytest.mark.parametrize(
    ("do", "expected"),
    [
        ("up:1", ["Ring {{phone}}.", "Two of you are online."]),
        ("down:0", ["Ring {{phone}}.", "Two of you are online."]),
        ("add-part:1", ["Two of you are online.", "", "Ring {{phone}}."]),
        ("remove-part:0", ["Ring {{phone}}."]),
        ("up:0", ["Two of you are online.", "Ring {{phone}}."]),
        ("remove-part:99", ["Two of you are online.", "Ring {{phone}}."]),
        ("nonsense:x", ["Two of you are online.", "Ring {{phone}}."]),
    ],
)
async def test_parts_come_move_and_go_without_saving(
    node: Node, people: dict[str, Somebody], do: str, expected: list[str]
) -> None:
    async with at_desk(node, people["reviewer"]) as author:
        answer = await author.press("/texts/new", **FORM | {"do": do})
        listed = await author.see("/texts")

    form = form_on(answer.text)
    assert answer.status_code == 200
    assert [form[f"text-{row}"] for row in form["part"]] == expected
    assert "has not begun a text yet" in listed


async def test_a_moved_part_keeps_its_identity_and_its_lock(
    node: Node, people: dict[str, Somebody]
) -> None:
    async with at_desk(node, people["reviewer"]) as author:
        path = await begun(author)
        before = form_on(await author.see(f"{path}/edit"))
        moved = await author.press(f"{path}/edit", **before | {"do": "down:0"})
        form = form_on(moved.text)
        locked = re.findall(r'name="locked-(\d)" value="yes" checked', moved.text)
        await author.go(f"{path}/edit", **form | {"locked-1": "yes", "do": "save"})
        after = form_on(await author.see(f"{path}/edit"))

    assert (after["id-0"], after["id-1"]) == (before["id-1"], before["id-0"])
    assert locked == ["1"]


async def test_what_is_refused_keeps_what_was_typed(
    node: Node, people: dict[str, Somebody]
) -> None:
    async with at_desk(node, people["reviewer"]) as author:
        form = FORM | {"text-1": "Ring {{nobody}}. Long words.", "jurisdictions": "", "do": "save"}
        answer = await author.press("/texts/new", **form)
        listed = await author.see("/texts")

    assert answer.status_code == 422
    assert "{{nobody}} is used but not declared." in answer.text
    assert "Say for which jurisdiction it is right." in answer.text
    assert "Ring {{nobody}}. Long words.</textarea>" in answer.text
    assert "has not begun a text yet" in listed


async def test_two_authors_never_lose_what_the_other_saved(
    node: Node, people: dict[str, Somebody]
) -> None:
    async with (
        at_desk(node, people["reviewer"]) as one,
        at_desk(node, people["coordinator"]) as other,
    ):
        path = await begun(one)
        form = form_on(await one.see(f"{path}/edit"))
        await other.go(f"{path}/edit", **form | {"text-0": "The other's words.", "do": "save"})
        answer = await one.press(f"{path}/edit", **form | {"text-0": "My words.", "do": "save"})
        again = form_on(answer.text)
        await one.go(f"{path}/edit", **again | {"do": "save"})
        history = await one.see(f"{path}/history?version=3&from=2")

    assert answer.status_code == 409
    assert "My words.</textarea>" in answer.text
    assert "Somebody has saved this text since you opened it" in answer.text
    assert "The other" in history
    assert "My" in history


async def test_a_comment_stands_at_its_part(node: Node, people: dict[str, Somebody]) -> None:
    async with (
        at_desk(node, people["reviewer"]) as author,
        at_desk(node, people["coordinator"]) as other,
    ):
        path = await begun(author)
        block = value(await other.see(path), "block")
        said = await other.go(f"{path}/comments", said="Which <b>two</b>?", block=block)
        [comment] = re.findall(rf'action="{path}/comments/([0-9a-f-]+)"', said)
        listed = await author.see("/texts")
        resolved = await author.go(f"{path}/comments/{comment}", do="resolve")
        reopened = await author.go(f"{path}/comments/{comment}", do="reopen")
        erased = await other.go(f"{path}/comments/{comment}", do="erase")
        unknown = await other.press(f"{path}/comments/{comment}", do="shout")
        nowhere = await other.press(f"{path}/comments", said="x", block="no part")

    assert "Which &lt;b&gt;two&lt;/b&gt;?" in said
    assert "1 open comment" in listed
    assert "Resolved" in resolved
    assert "Resolved" not in reopened
    assert "A comment that was erased." in erased
    assert "Which" not in erased
    assert (unknown.status_code, nowhere.status_code) == (400, 400)


async def test_changes_are_asked_for_with_a_reason(node: Node, people: dict[str, Somebody]) -> None:
    async with (
        at_desk(node, people["reviewer"]) as author,
        at_desk(node, people["coordinator"]) as other,
    ):
        path = await begun(author)
        await author.go(f"{path}/review")
        back = await other.go(f"{path}/changes", said="Say which tool.")
        waiting = await author.see("/texts")

    assert "Say which tool." in back
    assert "Waits for you" in waiting


async def test_a_translation_is_made_beside_its_source(
    node: Node, people: dict[str, Somebody]
) -> None:
    async with at_desk(node, people["reviewer"]) as author:
        path = await begun(author)
        chosen = await author.browser.get(f"{path}/translate?language=nl")
        page = await author.see(f"{path}/translate/nl")
        blocks = re.findall(r'name="block" value="([0-9a-f-]+)"', page)
        words = {f"text-{block}": f"Woorden {place}." for place, block in enumerate(blocks)}
        words[f"text-{blocks[1]}"] += " {{phone}}"
        form = {"title": "Gedrag", "block": blocks, "version": value(page, "version")} | words
        kept = await author.go(f"{path}/translate/nl", **form)
        edit = form_on(await author.see(f"{path}/edit"))
        changed = edit | {"text-0": "Three of you are online.", "do": "save"}
        stale = await author.go(f"{path}/edit", **changed)
        again = await author.see(f"{path}/translate/nl")
        own = await author.browser.get(f"{path}/translate/en")

    assert chosen.headers["location"] == f"{path}/translate/nl"
    assert "Two of you are online." in page
    assert "Nederlands: <a href" in kept
    assert "not up to date" not in kept
    assert "not up to date" in stale
    assert "The source has changed since this was translated" in again
    assert (
        '<del><span class="hidden">[removed: </span>Two<span class="hidden">]</span></del>' in again
    )
    assert "Woorden 0.</textarea>" in again
    assert own.status_code == 404


async def test_an_answer_has_its_own_fields(node: Node, people: dict[str, Somebody]) -> None:
    async with at_desk(node, people["reviewer"]) as author:
        page = await author.see("/texts/new?kind=answer")
        path = await begun(
            author,
            kind="answer",
            protocol_kind="",
            question="Where are you?",
            keywords="place, address",
            use_limits=["reply-only", "public-post"],
        )
        shown = await author.see(path)

    assert "Which question does it answer?" in page
    assert "What kind of protocol?" not in page
    assert "In a reply to somebody who has written first; In a public post" in shown


async def test_an_overdue_review_shows(node: Node, people: dict[str, Somebody]) -> None:
    async with at_desk(node, people["reviewer"]) as author:
        path = await begun(author, review_by="2020-01-01")
        assert "Review overdue since" in await author.see(path)
        assert "Review overdue" in await author.see("/texts")
