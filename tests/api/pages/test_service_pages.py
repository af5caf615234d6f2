"""Keeping services that answers may name, on pages without any script."""

import html
import json
import re
from datetime import timedelta

import pytest

from api.parts import current_time
from tests.api.conftest import Node, Somebody, form_token
from tests.api.pages.test_answer_pages import a_team, listed
from tests.protocols.signposts.services import hsds


@pytest.fixture
async def people(node: Node) -> dict[str, Somebody]:
    return await a_team(node)


async def test_services_are_listed_checked_and_read_by_all(
    node: Node, people: dict[str, Somebody]
) -> None:
    now = current_time()
    old = now.date() - timedelta(days=100)
    due = await listed(node, people, last_checked=old, expires=now.date() + timedelta(days=50))
    async with node.signed_in(people["coordinator"].id) as browser:
        token = await form_token(browser, "/signposts/new")
        added = await browser.post(
            "/signposts",
            data={
                "_csrf_token": token,
                "name": "Night line",
                "phone": "116 123",
                "languages": "en, ro",
            },
        )
        before = (await browser.get("/signposts")).text
        await browser.post(f"/signposts/{due}/checked", data={"_csrf_token": token})
        after = (await browser.get("/signposts")).text
        wrong = await browser.post("/signposts", data={"_csrf_token": token, "name": "No way"})
    async with node.signed_in(people["worker"].id) as browser:
        seen = (await browser.get("/signposts")).text
        one = (await browser.get(f"/signposts/{due}")).text
        refused = [
            (await browser.get(path)).status_code
            for path in ("/signposts/new", "/signposts/import")
        ]
    stranger = await node.somebody("coordinator")
    async with node.signed_in(stranger.id) as browser:
        theirs = (await browser.get("/signposts")).text
        not_there = await browser.get(f"/signposts/{due}")

    assert added.status_code == 303
    assert ("Should have been checked" in before, "Should have been checked" in after) == (
        True,
        False,
    )
    assert wrong.status_code == 422
    assert ("116123" in seen, '<form method="post" action="/signposts' in seen) == (True, False)
    assert ("0113" in one or "+44 113" in one, "<button>Keep" in one) == (True, False)
    assert refused == [403, 403]
    assert ("Harbour" in theirs, not_there.status_code) == (False, 404)


async def test_a_list_is_told_first_and_then_taken_up(
    node: Node, people: dict[str, Somebody]
) -> None:
    content = json.dumps(
        [
            hsds(name="Day </textarea> centre", assured_date=None),
            hsds(id="2", phones=[{"number": "x"}]),
        ]
    )
    async with node.signed_in(people["coordinator"].id) as browser:
        token = await form_token(browser, "/signposts/import")
        told = await browser.post(
            "/signposts/import",
            data={"_csrf_token": token, "written_as": "hsds"},
            files={"file": ("list.json", content.encode(), "application/json")},
        )
        nothing = (await browser.get("/signposts")).text
        kept = html.unescape(
            re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", told.text, re.DOTALL)[0]
        )
        form = {"_csrf_token": token, "written_as": "hsds", "do": "import", "content": kept}
        done = await browser.post(
            "/signposts/import", data=form, files={"file": ("", b"", "application/octet-stream")}
        )
        listed_now = (await browser.get("/signposts")).text
        wrong = await browser.post(
            "/signposts/import",
            data={"_csrf_token": token, "written_as": "csv"},
            files={"file": ("list.csv", b"\xff\xfe", "text/csv")},
        )

    assert told.status_code == 200
    assert "Nothing has been changed yet." in told.text
    assert ("1 is added" in told.text, "1 is left out" in told.text) == (True, True)
    assert kept == content
    assert "Day" not in nothing
    assert "Done." in done.text
    assert "centre (Harbour Trust)" in listed_now
    assert wrong.status_code == 400
