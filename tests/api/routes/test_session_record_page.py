"""The record of a session as forms send it: once more after a lost answer, or two at once."""

import asyncio
import re
from datetime import UTC
from uuid import UUID, uuid4

import pytest
import structlog.testing
from httpx2 import AsyncClient, Response
from sqlalchemy import select

from api.tables import METADATA
from database.session import door
from rota.records.rules.drafts import full_hour
from rota.shifts.models import Shift
from tests.api.conftest import Node, form_token
from tests.api.sessions import RunningChat, running_chat
from tests.canaries import found_in

CANARY = "Zarubella 07700 900862"
CANARIES = ("Zarubella", "900862", "7700900862")
"""Nobody else's: the node is shared with other tests."""


def record_of(chat: RunningChat) -> str:
    return f"/shifts/{chat.shift}/record"


async def hour_of(node: Node, shift: UUID) -> str:
    async with door(node.engine) as session:
        return full_hour((await session.get_one(Shift, shift)).starts).astimezone(UTC).isoformat()


async def listed(browser: AsyncClient, chat: RunningChat) -> list[str]:
    """Give the languages of the contacts on the page, in their order."""
    shown = (await browser.get(record_of(chat))).text
    return re.findall(r"<li>\d\d:\d\d, (\w+):", shown)


async def test_what_is_sent_again_after_a_lost_answer_counts_once(node: Node) -> None:
    chat = await running_chat(node)
    at = await hour_of(node, chat.shift)
    async with node.signed_in(chat.wren.id) as browser:
        token = await form_token(browser, record_of(chat))

        async def add(language: str, mark: UUID | str) -> Response:
            form = {"at": at, "language": language, "outcome": "answered", "mark": str(mark)}
            sent = form | {"_csrf_token": token}
            return await browser.post(f"{record_of(chat)}/contacts", data=sent)

        async def remove(number: str, shown: str) -> Response:
            sent = {"number": number, "shown": shown, "_csrf_token": token}
            return await browser.post(f"{record_of(chat)}/contacts/remove", data=sent)

        phone, laptop, later = uuid4(), uuid4(), uuid4()
        answers = [await add("nl", phone), await add("nl", phone)]
        assert [answer.status_code for answer in answers] == [303, 303]
        assert await listed(browser, chat) == ["Dutch"]
        # another one who wrote the same language, from a page that is as old
        await add("nl", laptop)
        await add("ro", later)
        # sent again after others were added in between
        await add("nl", phone)
        assert await listed(browser, chat) == ["Dutch", "Dutch", "Romanian"]
        # brought back after it had arrived, and filled in for somebody else
        await add("pl", phone)
        assert await listed(browser, chat) == ["Dutch", "Dutch", "Romanian", "Polish"]
        await remove("1", "4")
        await remove("1", "4")
        assert await listed(browser, chat) == ["Dutch", "Romanian", "Polish"]
        wrong = await add("nl", "some")
        assert (wrong.status_code, "is not of this page" in wrong.text) == (400, True)


async def test_each_page_has_a_mark_of_its_own(node: Node) -> None:
    chat = await running_chat(node)
    async with node.signed_in(chat.wren.id) as browser:
        pages = [(await browser.get(record_of(chat))).text for _ in range(2)]
    marks = [re.findall(r'name="mark" value="([0-9a-f-]{36})"', page) for page in pages]
    assert [len(found) for found in marks] == [1, 1]
    assert marks[0] != marks[1]


async def test_who_wrote_a_language_without_a_short_tag_can_be_counted(node: Node) -> None:
    chat = await running_chat(node)
    at = await hour_of(node, chat.shift)
    async with node.signed_in(chat.wren.id) as browser:
        shown = (await browser.get(record_of(chat))).text
        for tag, name in (("rom", "Romany"), ("fil", "Filipino"), ("pap", "Papiamento")):
            assert f'<option value="{tag}">{name}</option>' in shown
        token = await form_token(browser, record_of(chat))
        form = {"at": at, "language": "rom", "outcome": "answered", "_csrf_token": token}
        form["mark"] = str(uuid4())
        await browser.post(f"{record_of(chat)}/contacts", data=form)
        assert await listed(browser, chat) == ["Romany"]


async def test_contacts_from_two_devices_at_once_are_all_there(node: Node) -> None:
    chat = await running_chat(node)
    at = await hour_of(node, chat.shift)
    async with node.signed_in(chat.wren.id) as browser:
        token = await form_token(browser, record_of(chat))

        async def add(language: str) -> int:
            form = {"at": at, "language": language, "outcome": "answered", "mark": str(uuid4())}
            sent = form | {"_csrf_token": token}
            return (await browser.post(f"{record_of(chat)}/contacts", data=sent)).status_code

        assert await asyncio.gather(*map(add, ("nl", "ro", "en", "pl"))) == [303] * 4
        assert sorted(await listed(browser, chat)) == ["Dutch", "English", "Polish", "Romanian"]


CONTACT = (
    *("at", "kind", "language", "familiarity", "minutes", "topics", "outcome", "signpost"),
    *("unmet", "area", "gender", "nationality", "mark"),
)
SESSION = ("pace", "technical_trouble", "staff_abused", "support", "note")
SETTINGS = ("keep_days", "areas", "places", "asks_gender", "asks_nationality", "keeps_notes")


async def test_a_word_about_somebody_in_any_field_is_kept_nowhere_and_said_nowhere(
    node: Node, capfd: pytest.CaptureFixture[str]
) -> None:
    chat = await running_chat(node)
    at = await hour_of(node, chat.shift)
    usual = {"at": at, "language": "nl", "outcome": "signposted", "mark": str(uuid4())}
    record = record_of(chat)
    keeper = await node.somebody("coordinator")
    answers = []
    with structlog.testing.capture_logs() as logs:
        async with node.signed_in(chat.wren.id) as browser:
            token = {"_csrf_token": await form_token(browser, record)}
            for name in CONTACT:
                form = token | usual | {name: CANARY}
                answers.append(await browser.post(f"{record}/contacts", data=form))
            for name in SESSION:
                form = token | {"pace": "busy", name: CANARY}
                answers.append(await browser.post(record, data=form))
            gone = token | {"number": CANARY, "shown": CANARY}
            answers.append(await browser.post(f"{record}/contacts/remove", data=gone))
        async with node.signed_in(keeper.id) as browser:
            token = {"_csrf_token": await form_token(browser, "/records/settings")}
            for name in SETTINGS:
                form = token | {"keep_days": "30", name: CANARY}
                answers.append(await browser.post("/records/settings", data=form))
            form = token | {"project": CANARY}
            answers.append(await browser.post("/records/erase", data=form))
    # a box counts as ticked only if it says yes
    taken = [one.status_code for one in answers].count(303)
    assert (taken, {one.status_code for one in answers}) == (6, {303, 400, 422})
    told = [one.text for one in answers] + [str(logs), *capfd.readouterr()]
    assert [found_in(text, *CANARIES) for text in told] == [[]] * len(told)
    async with door(node.engine) as session:
        for table in METADATA.sorted_tables:
            rows = str([tuple(row) for row in await session.execute(select(table))])
            assert (table.name, found_in(rows, *CANARIES)) == (table.name, [])


async def test_a_record_is_made_and_refused_in_the_readers_language(node: Node) -> None:
    chat = await running_chat(node)
    at = await hour_of(node, chat.shift)
    async with node.signed_in(chat.wren.id) as browser:
        browser.headers["Accept-Language"] = "nl"
        page = (await browser.get(record_of(chat))).text
        contact = {"at": at, "language": "ro", "outcome": "answered", "topics": "health"}
        contact["mark"] = str(uuid4())
        form = contact | {"_csrf_token": await form_token(browser, record_of(chat))}
        await browser.post(f"{record_of(chat)}/contacts", data=form)
        kept = (await browser.get(record_of(chat))).text
        refused = await browser.post(f"{record_of(chat)}/contacts", data=form | {"area": "Nergens"})
    choices = re.findall(r'name="kind"[^>]*> ([^<]*)<', page)
    assert choices == [
        "Er was iemand die antwoord gaf",
        "Niet geholpen: niemand was vrij",
        "Niet voor ons: bedoeld voor een andere voorziening of plek",
    ]
    listed_now = re.findall(r"<li>\d\d:\d\d, ([^<\n]*)", kept)
    assert listed_now == ["Roemeens: antwoord gegeven, gezondheid"]
    assert re.findall("<li[^>]*>(Contact.*)</li>", refused.text) == [
        "Contact 2: een plaats uit de lijst van je project, of de eerste helft van een postcode."
    ]
