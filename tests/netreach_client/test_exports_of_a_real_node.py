"""`netreach answers export` as people run it: a command, a real node, each tool's own rules."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import pytest

from protocols.exchange.rules.chat_text import as_chat_text
from protocols.exchange.rules.fingerprints import words_of_html
from protocols.items.rules.placeholders import fill
from tests.netreach_client.conftest import ROOT, Served
from tests.netreach_client.starter_answers import Library, starter_in_use
from tests.protocols.exchange.tools_as_they_are import Chatwoot, LiveHelperChat, RocketChat, Zammad


class Ran(NamedTuple):
    code: int
    out: str
    told: list[str]
    file: bytes


Export = Callable[..., Ran]


@pytest.fixture(scope="module")
async def library(served_node: Served) -> Library:
    return await starter_in_use(served_node.engine, f"starter-{uuid4().hex[:8]}")


@pytest.fixture
def export(served_node: Served, library: Library, tmp_path: Path) -> Export:
    def export(tool: str, holds: bytes | None = None, *more: str) -> Ran:
        out, held = tmp_path / "file", tmp_path / "held"
        out.unlink(missing_ok=True)
        words = [*("answers", "export", "--to", tool, "--out", str(out)), *more]
        if holds is not None:
            held.write_bytes(holds)
            words += ["--holds", str(held)]
        ran = subprocess.run(
            [sys.executable, "-m", "netreach_client", *words],
            cwd=tmp_path,
            env={
                "HOME": str(tmp_path),
                "PYTHONPATH": str(ROOT / "clients" / "python"),
                "NETREACH_URL": served_node.url,
                "NETREACH_TOKEN": library.token,
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert library.token not in ran.stdout + ran.stderr
        return Ran(ran.returncode, ran.stdout, ran.stderr.splitlines(), out.read_bytes())

    return export


def wordings(library: Library) -> Iterator[tuple[str, str, str]]:
    """Give each title, language and Markdown with its values in."""
    for text in library.texts.values():
        draft = text.draft
        values = {gap.name: gap.example for gap in draft.placeholders}
        said = {draft.source_language: (draft.title, [part.text for part in draft.blocks])}
        said |= {language: (one.title, [*one.texts]) for language, one in text.translations.items()}
        for language, (title, parts) in said.items():
            yield title, language, fill("\n\n".join(parts), values)


def in_plain_words(library: Library) -> list[str]:
    return sorted(as_chat_text(words) for _, _, words in wordings(library))


def test_live_helper_chat(export: Export, library: Library) -> None:
    ran = export("live-helper-chat")
    tool = LiveHelperChat()
    tool.load(ran.file)

    assert (ran.code, ran.out.rpartition(": ")[2]) == (0, "40 entries\n")
    assert [line for line in ran.told if " stays out: " in line] == []
    said = [row["msg"] for row in tool.messages.values()]
    for row in tool.messages.values():
        said += [one["message"] for one in json.loads(row["languages"] or "[]")]
    assert sorted(said) == in_plain_words(library)

    [key, edited, *_] = tool.messages
    tool.messages[edited] |= {"msg": "Edited there.", "department_ids_front": "3"}
    tool.messages["1234567891"] = tool.messages[key] | {"msg": "Theirs.", "id": "99"}
    before = json.dumps(tool.messages)
    again = export("live-helper-chat", tool.exported())
    tool.load(again.file)

    assert (again.code, again.out.rpartition(": ")[2]) == (0, "0 entries\n")
    assert json.dumps(tool.messages) == before
    assert len([line for line in again.told if f"--ours {edited}" in line]) == 1

    ours = export("live-helper-chat", tool.exported(), "--ours", edited)
    tool.load(ours.file)
    assert ours.out.rpartition(": ")[2] == "1 entries\n"
    assert tool.messages[edited]["msg"] in in_plain_words(library)
    assert tool.messages[edited]["department_ids_front"] == "3"
    assert tool.messages["1234567891"]["msg"] == "Theirs."


def test_chatwoot(export: Export, library: Library) -> None:
    ran = export("chatwoot")
    tool = Chatwoot()
    asked = json.loads(ran.file)
    for one in asked["requests"]:
        tool.ask(one)

    assert (ran.code, ran.out.rpartition(": ")[2]) == (0, "60 entries\n")
    assert sorted(one["content"] for one in tool.responses.values()) == sorted(
        words for _, _, words in wordings(library)
    )
    assert sorted(one["name"] for one in asked["id_map"]) == sorted(
        one["short_code"] for one in tool.responses.values()
    )

    tool.responses[1]["content"] = "Edited there."
    again = json.loads(export("chatwoot", tool.listed()).file)
    assert again["requests"] == []
    assert sorted(int(one["id"]) for one in again["id_map"]) == sorted(tool.responses)


def test_zammad(export: Export, library: Library) -> None:
    ran = export("zammad")
    tool = Zammad([{"id": "1", "name": "Tax", "content": "<p>Theirs.</p>"}])
    tool.load(ran.file)

    assert (ran.code, ran.out.rpartition(": ")[2]) == (0, "60 entries\n")
    assert tool.modules[0]["content"] == "<p>Theirs.</p>"
    seen = sorted(" ".join(words_of_html(one["content"]).split()) for one in tool.modules[1:])
    assert seen == sorted(
        " ".join(as_chat_text(words).split()) for _, _, words in wordings(library)
    )

    tool.modules[1]["content"] = "<p>Edited there.</p>"
    again = export("zammad", tool.exported())
    tool.load(again.file)
    assert again.out.rpartition(": ")[2] == "0 entries\n"
    assert [one["content"] for one in tool.modules[:2]] == [
        "<p>Theirs.</p>",
        "<p>Edited there.</p>",
    ]


def test_rocket_chat(export: Export, library: Library) -> None:
    ran = export("rocket-chat")
    tool = RocketChat()
    for one in json.loads(ran.file)["requests"]:
        tool.ask(one)

    assert (ran.code, ran.out.rpartition(": ")[2]) == (0, "60 entries\n")
    assert sorted(one["text"] for one in tool.responses.values()) == in_plain_words(library)

    tool.responses["id1"] |= {"text": "Edited there.", "scope": "user"}
    again = json.loads(export("rocket-chat", tool.listed()).file)
    assert again["requests"] == []


def test_a_second_file_writes_over_nothing_unseen_unless_it_is_wanted(export: Export) -> None:
    export("zammad")
    unseen, wanted = export("zammad"), export("zammad", None, "--again")

    assert unseen.file == b"id,name,keywords,content,note,active\n"
    assert unseen.out.rpartition(": ")[2] == "0 entries\n"
    assert [line for line in unseen.told if "went out before, left out" in line] != []
    assert wanted.out.rpartition(": ")[2] == "60 entries\n"
