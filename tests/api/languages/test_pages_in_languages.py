"""People of a node choose in which language they read; what is not translated says so."""

import gzip
import re

import pytest
from httpx2 import AsyncClient

from api.languages.reading import language, reading_in, translated
from tests.api.conftest import Node, form_token

TITLE = re.compile("<title>(.*) · .*</title>")
DUTCH_FIRST = {"Accept-Language": "nl,en;q=0.5"}


async def chosen(browser: AsyncClient, language: str, back: str) -> tuple[int, str]:
    token = await form_token(browser, "/week")
    form = {"_csrf_token": token, "language": language, "back": back}
    answer = await browser.post("/language", data=form)
    return answer.status_code, answer.headers.get("location", "")


async def test_somebody_chooses_a_language_and_keeps_it(node: Node) -> None:
    worker = await node.somebody("worker")
    async with node.signed_in(worker.id) as browser:
        dutch = await browser.get("/week?week=2027-01-04&lang=nl")
        assert "<h1>Mijn week vanaf 4 januari 2027</h1>" in dutch.text
        assert 'name="back" value="/week?week=2027-01-04"' in dutch.text
        by_browser = await browser.get("/week?week=2027-01-04", headers=DUTCH_FIRST)
        assert "<h1>Mijn week vanaf 4 januari 2027</h1>" in by_browser.text
        where = await chosen(browser, "ro", "/week?week=2027-01-04")
        assert where == (303, "/week?week=2027-01-04")
        kept = await browser.get(where[1], headers=DUTCH_FIRST)
    assert "<h1>Săptămâna mea din 4 ianuarie 2027</h1>" in kept.text
    assert '<html lang="ro" dir="ltr">' in kept.text


async def test_every_page_of_a_worker_around_their_seats_is_translated(node: Node) -> None:
    worker = await node.somebody("worker")
    told = {}
    async with node.signed_in(worker.id) as browser:
        for path in (
            "/",
            "/now",
            "/week",
            "/week/cover",
            "/swaps",
            "/availability",
            "/calendar",
            "/hours",
            "/answers",
            "/protocols",
            "/account",
            "/account/second-step",
        ):
            page = (await browser.get(path, headers={"Accept-Language": "ro"})).text
            [told[path]] = TITLE.findall(page)
            assert '<html lang="ro" dir="ltr">' in page
            # what other tests left open is on it too
            assert len(gzip.compress(page.encode())) < 60_000
    assert told == {
        "/": "Început",
        "/now": "Acum",
        "/week": "Săptămâna mea",
        "/week/cover": "Câteva zile de absență",
        "/swaps": "Schimburi",
        "/availability": "Disponibilitate",
        "/calendar": "Calendarul meu",
        "/hours": "Ore",
        "/answers": "Răspunsuri pregătite",
        "/protocols": "Protocoale",
        "/account": "Contul tău",
        "/account/second-step": "Al doilea pas",
    }


@pytest.mark.parametrize("back", ["//evil.test", "/\\evil.test", "https://evil.test", "week"])
async def test_a_choice_never_leads_to_another_site(node: Node, back: str) -> None:
    worker = await node.somebody("worker")
    async with node.signed_in(worker.id) as browser:
        assert await chosen(browser, "nl", back) == (303, "/")


async def test_a_refusal_without_translation_is_marked_as_english(node: Node) -> None:
    worker = await node.somebody("worker")
    async with node.signed_in(worker.id) as browser:
        form = {"_csrf_token": await form_token(browser, "/week"), "language": "tlh"}
        refused = await browser.post("/language", data=form, headers=DUTCH_FIRST)
        assert '<html lang="en"' in (await browser.get("/week")).text
    assert refused.status_code == 422
    assert '<html lang="nl" dir="ltr">' in refused.text
    assert '<h1 lang="en">Pages and notices are in English, Dutch or Romanian' in refused.text


def test_outside_of_requests_texts_are_in_english_unless_a_language_is_named() -> None:
    assert translated("My week") == "My week"
    with reading_in("nl"):
        assert (language(), translated("My week")) == ("nl", "Mijn week")
    assert language() == "en"
