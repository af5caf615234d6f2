import pytest

from tests.api.conftest import Node, form_token
from tests.api.suggesting import Stage, a_stage
from tests.protocols.proposals.suggestions import RESTORED, WHY


@pytest.fixture
async def stage(node: Node) -> Stage:
    return await a_stage(node)


async def proposed(stage: Stage, words: str = RESTORED, why: str = WHY) -> tuple[int, str]:
    """Send the form for the first part alone; gives the status, and where it led or the page."""
    path = f"/proposals/texts/{stage.item}"
    block = str(stage.own.replaced)
    async with stage.node.signed_in(stage.user.reviewer.id) as browser:
        form = {
            "_csrf_token": await form_token(browser, path),
            "block": block,
            f"text-{block}-en": words,
            f"why-{block}": why,
        }
        answer = await browser.post(path, data=form)
    return answer.status_code, answer.headers.get("location") or answer.text


async def test_own_words_are_proposed_on_a_page(stage: Stage) -> None:
    async with stage.node.signed_in(stage.user.reviewer.id) as browser:
        listed = (await browser.get("/proposals")).text
        form = (await browser.get(f"/proposals/texts/{stage.item}")).text
        assert (
            f'href="/proposals/texts/{stage.item}"'
            in (await browser.get(f"/adopted/{stage.item}")).text
        )
        assert 'href="/proposals"' in (await browser.get("/texts")).text
        assert 'href="/proposals"' in (await browser.get("/protocols")).text
    assert f'href="/proposals/texts/{stage.item}">Live chat conduct</a>' in listed
    assert RESTORED in form
    assert "0113 496 0000" not in form
    assert "CanaryReason" not in form
    status, where = await proposed(stage)
    assert status == 303

    async with stage.node.signed_in(stage.user.coordinator.id) as browser:
        sent = (await browser.get(where)).text
        waiting = (await browser.get(f"/proposals/texts/{stage.item}")).text
        assert f'href="{where}"' in waiting
        token = await form_token(browser, where)
        gone = await browser.post(f"{where}/withdraw", data={"_csrf_token": token})
        assert (gone.status_code, gone.headers["location"]) == (303, "/proposals")
        assert (await browser.get(where)).status_code == 404
    assert "Not answered yet" in sent
    assert "Take it back" in sent
    assert WHY in sent


async def test_what_was_typed_is_kept_where_it_cannot_be_sent(stage: Stage) -> None:
    status, page = await proposed(stage, words="Ring 0113 496 0000, please.", why="My why")
    assert status == 422
    assert "Ring 0113 496 0000, please." in page
    assert 'value="My why"' in page
    assert "this holds your value of {{on_call}}" in page
    assert "Nothing was sent" in page


async def test_the_owner_reads_it_beside_the_draft_and_takes_it_in(stage: Stage) -> None:
    _, where = await proposed(stage)
    async with stage.node.signed_in(stage.owner.coordinator.id) as browser:
        assert "Another project suggests other words" in (await browser.get("/")).text
        listed = (await browser.get("/proposals")).text
        shown = (await browser.get(where)).text
        token = await form_token(browser, where)
        stale = await browser.post(f"{where}/accept", data={"_csrf_token": token, "version": "0"})
        taken = await browser.post(f"{where}/accept", data={"_csrf_token": token, "version": "1"})
        after = (await browser.get(where)).text
    assert f'href="{where}"' in listed
    assert '<ins><span class="hidden">[added: </span>Three' in shown
    assert "Take it into our draft" in shown
    assert stale.status_code == 409
    assert (taken.status_code, taken.headers["location"]) == (303, f"/texts/{stage.item}")
    assert "It is part of" in after
    for page in (listed, shown):
        assert "Canary" not in page


async def test_the_owner_declines_with_a_sentence(stage: Stage) -> None:
    _, where = await proposed(stage)
    async with stage.node.signed_in(stage.owner.reviewer.id) as browser:
        token = await form_token(browser, where)
        form = {"_csrf_token": token, "sentence": "The law says two."}
        empty = await browser.post(f"{where}/decline", data={**form, "sentence": " "})
        done = await browser.post(f"{where}/decline", data=form)
    async with stage.node.signed_in(stage.user.reviewer.id) as browser:
        assert "has been answered" in (await browser.get("/")).text
        shown = (await browser.get(where)).text
    assert (empty.status_code, done.status_code) == (422, 303)
    assert "“The law says two.”" in shown


async def test_others_are_shown_nothing(stage: Stage) -> None:
    _, where = await proposed(stage)
    async with stage.node.signed_in(stage.stranger.coordinator.id) as browser:
        assert "Live chat conduct" not in (await browser.get("/proposals")).text
        for path in (where, f"/proposals/texts/{stage.item}"):
            assert (await browser.get(path)).status_code == 404
    async with stage.node.signed_in(stage.user.worker.id) as browser:
        for path in ("/proposals", where, f"/proposals/texts/{stage.item}"):
            assert (await browser.get(path)).status_code == 403
        assert 'href="/proposals"' not in (await browser.get("/protocols")).text
        assert "/proposals" not in (await browser.get(f"/adopted/{stage.item}")).text
    async with stage.node.signed_in(stage.owner.worker.id) as browser:
        assert "other words" not in (await browser.get("/")).text


async def test_proposals_are_in_the_readers_language(stage: Stage) -> None:
    _, made = await proposed(stage)
    async with stage.node.signed_in(stage.user.reviewer.id) as browser:
        browser.headers["Accept-Language"] = "ro"
        listed = (await browser.get("/proposals")).text
        seen = (await browser.get(made)).text
        form = (await browser.get(f"/proposals/texts/{stage.item}")).text
    assert "<title>Propuneri ·" in listed
    assert "despre versiunea 1.0.0</p>" in listed
    assert "<title>Propunere: " in seen
    assert "Propusă către" in seen
    assert "<title>Propune: " in form
