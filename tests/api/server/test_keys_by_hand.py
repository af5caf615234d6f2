"""A keeper prints the recovery sheet, takes the root key off the machine, comes back with it."""

import re
import shutil
import stat
from pathlib import Path

import pytest

from database.session import door, make_engine
from federation.partners.documents.actions import keep_document
from federation.partners.errors import RootOffline
from federation.partners.keys import NodeKeys
from federation.partners.rules.document import contents, following
from federation.partners.rules.recovery import words_for
from tests.api.peers.nodes import clock
from tests.api.server.by_hand_node import at_node, environment_of, said

ADDRESS = "https://north.example"
RESTART = "Restart serve and work now; partners are told by themselves."
WORD = re.compile(r"<li>([a-z]+)</li>")


@pytest.fixture
def at_home(database_url: str, tmp_path: Path) -> dict[str, str]:
    return environment_of(database_url, tmp_path / "keys", ADDRESS) | {
        "NETREACH_NODE_NAME": "North"
    }


async def typing(environment: dict[str, str], words: str, *command: str) -> tuple[int, str, str]:
    """Give how a command ends that asks for the words, and what it says apart from asking."""
    answer = await at_node(environment, "keys", *command, typed=f"{words}\n")
    asked = "The 24 words of the recovery sheet: \n"
    assert answer.stderr.startswith(asked)
    return answer.exit_code, answer.stdout, answer.stderr.removeprefix(asked)


async def printed(environment: dict[str, str], file: Path) -> str:
    told = await said(environment, "keys", "sheet", str(file))
    assert told == f"Written to {file}. Open it in a browser, print it twice, and delete it."
    return page(file)


def page(file: Path) -> str:
    return file.read_text()


async def test_the_sheet_has_the_words_and_asks_for_nothing(
    at_home: dict[str, str], tmp_path: Path
) -> None:
    await said(at_home, "keys", "init")
    keys = NodeKeys.load(tmp_path / "keys")
    sheet = await printed(at_home, tmp_path / "sheet.html")
    assert WORD.findall(sheet) == words_for(keys.by_role["root"])
    assert keys.node_id in sheet
    assert re.findall(r'(?:src|href)="([a-z]+:)', sheet) == ["data:"]
    assert stat.S_IMODE((tmp_path / "sheet.html").stat().st_mode) == 0o600
    again = await at_node(at_home, "keys", "sheet", str(tmp_path / "sheet.html"))
    assert (again.exit_code, again.stdout, again.stderr) == (
        1,
        "",
        f"{tmp_path / 'sheet.html'} is there already. It is never written over.\n",
    )
    assert (tmp_path / "sheet.html").read_text() == sheet


async def test_the_sheet_is_printed_where_no_file_can_be_kept(
    at_home: dict[str, str], tmp_path: Path
) -> None:
    await said(at_home, "keys", "init")
    told = await said(at_home, "keys", "sheet", "-")
    await printed(at_home, tmp_path / "sheet.html")
    assert told == page(tmp_path / "sheet.html").strip()
    nowhere = tmp_path / "none" / "sheet.html"
    refused = await at_node(at_home, "keys", "sheet", str(nowhere))
    why = (
        f"Cannot write {nowhere}: No such file or directory. A dash in its place prints the sheet."
    )
    assert (refused.exit_code, refused.stdout, refused.stderr) == (1, "", f"{why}\n")


async def test_the_root_is_on_paper_only_and_signs_from_there(
    at_home: dict[str, str], tmp_path: Path
) -> None:
    await said(at_home, "keys", "init")
    words = " ".join(WORD.findall(await printed(at_home, tmp_path / "sheet.html")))
    wrong = await typing(at_home, "one two three", "offline")
    assert wrong == (1, "", "These are 3 words; the sheet has 24.\n")
    assert await typing(at_home, words, "offline") == (
        0,
        "The root key is on paper only now. Remove it from copies of the folder as well.\n",
        "",
    )
    shown = await said(at_home, "keys", "show")
    assert "root key:         on paper only" in shown.splitlines()
    again = await at_node(at_home, "keys", "sheet", str(tmp_path / "second.html"))
    assert again.stderr == "The root key is on paper only. Copy that sheet.\n"
    before = NodeKeys.load(tmp_path / "keys").by_role["head"].thumbprint()
    assert await typing(at_home, words, "renew", "head") == (
        0,
        f"There is a new head key. {RESTART}\n",
        "",
    )
    assert NodeKeys.load(tmp_path / "keys").by_role["head"].thumbprint() != before


async def test_a_new_name_waits_for_the_words(at_home: dict[str, str], tmp_path: Path) -> None:
    await said(at_home, "keys", "init")
    words = " ".join(WORD.findall(await printed(at_home, tmp_path / "sheet.html")))
    await typing(at_home, words, "offline")
    renamed = at_home | {"NETREACH_NODE_NAME": "North and East"}
    refused = await at_node(renamed, "keys", "show")
    assert (refused.exit_code, refused.stderr) == (1, f"{RootOffline.title}\n")
    assert await typing(renamed, words, "sign") == (0, f"Signed. {RESTART}\n", "")
    assert (await said(renamed, "keys", "show")).startswith("node:")


async def test_a_new_root_has_a_new_sheet(at_home: dict[str, str], tmp_path: Path) -> None:
    await said(at_home, "keys", "init")
    first = WORD.findall(await printed(at_home, tmp_path / "first.html"))
    assert (await said(at_home, "keys", "renew", "root", "--lost")).splitlines() == [
        f"There is a new root key. {RESTART}",
        "The old recovery sheet is void. Print the new one: netreach-server keys sheet",
    ]
    second = WORD.findall(await printed(at_home, tmp_path / "second.html"))
    assert second != first
    assert await typing(at_home, " ".join(first), "offline") == (
        1,
        "",
        "These words are a key, but not this node's root key. Look for its newest sheet.\n",
    )
    assert (await typing(at_home, " ".join(second), "offline"))[0] == 0


async def test_a_lost_machine_is_replaced_with_the_sheet_and_a_backup(
    at_home: dict[str, str], tmp_path: Path, database_url: str
) -> None:
    await said(at_home, "keys", "init")
    words = " ".join(WORD.findall(await printed(at_home, tmp_path / "sheet.html")))
    lost = NodeKeys.load(tmp_path / "keys")
    document = lost.kept_document()
    assert document is not None
    engine = make_engine(database_url)
    async with door(engine) as session:
        await keep_document(session, document, clock())
    await engine.dispose()
    shutil.rmtree(tmp_path / "keys")
    code, told, errors = await typing(at_home, words, "recover")
    assert (code, errors) == (0, "")
    fresh = NodeKeys.load(tmp_path / "keys")
    again = fresh.kept_document()
    assert again is not None
    assert told.splitlines() == [
        f"node:             {lost.node_id}",
        f"root fingerprint: {lost.root_fingerprint()}",
        "root key:         on this machine",
        f"address:          {ADDRESS}",
        f"document:         number {contents(again).version}",
        f"transport:        {fresh.by_role['transport'].thumbprint()}",
        f"release:          {fresh.by_role['release'].thumbprint()}",
        f"head:             {fresh.by_role['head'].thumbprint()}",
        f"All keys but the root are new. {RESTART}",
    ]
    assert following(contents(document), again).version > contents(document).version


async def test_without_a_backup_the_sheet_alone_brings_the_node_back(
    at_home: dict[str, str], tmp_path: Path
) -> None:
    await said(at_home, "keys", "init")
    words = " ".join(WORD.findall(await printed(at_home, tmp_path / "sheet.html")))
    node_id = NodeKeys.load(tmp_path / "keys").node_id
    shutil.rmtree(tmp_path / "keys")
    _, told, _ = await typing(at_home, words, "recover")
    assert told.splitlines()[0] == f"node:             {node_id}"
    assert (
        "No earlier document of this node was found: receipts of before will not be believed."
        in told.splitlines()
    )
    assert NodeKeys.load(tmp_path / "keys").node_id == node_id
