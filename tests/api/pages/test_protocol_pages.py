import pytest
from sqlalchemy import select

from database.session import door
from protocols.acknowledgement.models import Acknowledgement
from protocols.adoption.models import Adoption
from protocols.items.rules.drafts import DraftPlaceholder
from protocols.releases.models import Release
from tests.api.conftest import Node, Somebody, form_token
from tests.protocols.example_texts import (
    Members,
    Told,
    answer,
    protocol,
    released,
    revised,
    take_up,
    withdraw,
)


@pytest.fixture
async def people(node: Node) -> dict[str, Somebody]:
    project_id = await node.project()
    return {
        role: await node.somebody(role, project_id=project_id, name=f"{role} by name")
        for role in ("coordinator", "reviewer", "worker")
    }


def members_of(people: dict[str, Somebody]) -> Members:
    askers = {role: somebody.asker for role, somebody in people.items()}
    return Members(project=people["worker"].project_id, name="project", **askers)


@pytest.fixture
async def text(node: Node, people: dict[str, Somebody]) -> Release:
    async with door(node.engine) as session:
        published = await released(session, members_of(people), protocol(Told()))
        await take_up(session, members_of(people), published)
    return published


def page_of(text: Release) -> str:
    return f"/protocols/{text.urn.removeprefix('urn:uuid:')}"


def hidden(html: str, name: str) -> str:
    return html.split(f'name="{name}" value="', 1)[1].split('"', 1)[0]


async def test_a_worker_reads_and_says_so(
    node: Node, people: dict[str, Somebody], text: Release
) -> None:
    async with node.signed_in(people["worker"].id) as browser:
        before = await browser.get("/protocols")
        shown = (await browser.get(page_of(text))).text
        form = {name: hidden(shown, name) for name in ("_csrf_token", "text_hash", "language")}
        pressed = await browser.post(f"{page_of(text)}/read", data=form)
        after = await browser.get("/protocols")
        again = (await browser.get(page_of(text))).text

    assert "To be read" in before.text
    assert "Two of you are online together." in shown
    assert (pressed.status_code, pressed.headers["location"]) == (303, "/protocols")
    assert "To be read" not in after.text
    assert "You read this on" in again
    assert "I have read and understood" not in again
    assert "Who has read it" not in again
    async with door(node.engine) as session:
        [read] = await session.scalars(
            select(Acknowledgement).where(Acknowledgement.urn == text.urn)
        )
    assert read.person_id == people["worker"].id


async def test_the_button_needs_its_form(
    node: Node, people: dict[str, Somebody], text: Release
) -> None:
    async with node.signed_in(people["worker"].id) as browser:
        shown = (await browser.get(page_of(text))).text
        form = {"text_hash": hidden(shown, "text_hash"), "language": "en"}
        without = await browser.post(f"{page_of(text)}/read", data=form)
        token = await form_token(browser, page_of(text))
        wrong = await browser.post(
            f"{page_of(text)}/read", data={"_csrf_token": token, "text_hash": "zz"}
        )

    assert without.status_code == 403
    assert wrong.status_code == 409
    async with door(node.engine) as session:
        query = select(Acknowledgement).where(Acknowledgement.urn == text.urn)
        assert (await session.scalars(query)).all() == []


async def test_a_coordinator_decides_about_the_next_release(
    node: Node, people: dict[str, Somebody], text: Release
) -> None:
    async with door(node.engine) as session:
        await revised(session, members_of(people), text, Told(parts=("Two.", "More.")))

    async with node.signed_in(people["worker"].id) as browser:
        by_worker = (await browser.get(page_of(text))).text
        token = hidden(by_worker, "_csrf_token")
        refused = await browser.post(
            f"{page_of(text)}/adopt", data={"_csrf_token": token, "number": "2.0.0"}
        )
    async with node.signed_in(people["coordinator"].id) as browser:
        before = (await browser.get(page_of(text))).text
        token = hidden(before, "_csrf_token")
        adopted = await browser.post(
            f"{page_of(text)}/adopt", data={"_csrf_token": token, "number": "2.0.0"}
        )
        after = (await browser.get(page_of(text))).text

    assert "is waiting for your coordinator" in by_worker
    assert "Use version" not in by_worker
    assert refused.status_code == 403
    assert "Use version 2.0.0" in before
    assert "worker by name: not yet" in before
    assert adopted.status_code == 303
    assert "More." in after
    assert "is waiting" not in after
    async with door(node.engine) as session:
        [adoption] = await session.scalars(select(Adoption).where(Adoption.urn == text.urn))
    assert adoption.adopted_by == people["coordinator"].id


async def test_a_withdrawn_text_says_what_holds(
    node: Node, people: dict[str, Somebody], text: Release
) -> None:
    async with door(node.engine) as session:
        await withdraw(session, members_of(people), text, holds_texts={"en": "Close the chat."})

    async with node.signed_in(people["worker"].id) as browser:
        shown = (await browser.get(page_of(text))).text
        listed = (await browser.get("/protocols")).text

    assert "has been withdrawn" in shown
    assert "Close the chat." in shown
    assert "Two of you are online together." not in shown
    assert "Withdrawn" in listed


async def test_what_the_project_has_not_filled_is_said_to_whoever_reads(
    node: Node, people: dict[str, Somebody]
) -> None:
    gap = DraftPlaceholder("on_call", "07700 900000", type="phone")
    async with door(node.engine) as session:
        members = members_of(people)
        told = Told(parts=("Ring {{on_call}}.",), placeholders=(gap,))
        first = await released(session, members, protocol(told))
        second = await revised(session, members, first, Told(parts=("Ring the line.",)))
        await take_up(session, members, second)
        await withdraw(session, members, second, holds_number="1.0.0")

    async with node.signed_in(people["worker"].id) as browser:
        shown = (await browser.get(page_of(first))).text

    assert "has not said yet what stands here for: on_call. Ask your coordinator" in shown


async def test_answers_are_searched(node: Node, people: dict[str, Somebody]) -> None:
    async with door(node.engine) as session:
        draft = answer("Do I pay tax?", "Everybody <b>does</b>.")
        published = await released(session, members_of(people), draft, "none")
        await take_up(session, members_of(people), published)

    async with node.signed_in(people["worker"].id) as browser:
        found = (await browser.get("/answers?q=tax&language=nl")).text
        nothing = (await browser.get('/answers?q="><script>')).text
        wrong = await browser.get("/answers?after=x")

    assert "Do I pay tax?" in found
    assert "Everybody &lt;b&gt;does&lt;/b&gt;." in found
    assert "There is no wording in Dutch; this is English." in found
    assert "in a reply to somebody who wrote first" in found
    assert "No answer was found" in nothing
    assert "<script>" not in nothing
    assert wrong.status_code == 400


async def test_strangers_and_visitors_see_none_of_it(node: Node, text: Release) -> None:
    stranger = await node.somebody("coordinator")
    async with node.signed_in(stranger.id) as browser:
        listed = (await browser.get("/protocols")).text
        shown = await browser.get(page_of(text))
    async with node.browser() as visitor:
        statuses = [
            (await visitor.get(path)).status_code
            for path in ("/protocols", page_of(text), "/answers")
        ]

    assert "Live chat conduct" not in listed
    assert shown.status_code == 404
    assert statuses == [401, 401, 401]


async def test_headings_of_a_text_follow_that_of_its_page(
    node: Node, people: dict[str, Somebody]
) -> None:
    told = Told(parts=("### On the chat\n\nBe kind.", "#### Late at night\n\nRing."))
    async with door(node.engine) as session:
        published = await released(session, members_of(people), protocol(told))
        await take_up(session, members_of(people), published)
    async with node.signed_in(people["worker"].id) as browser:
        shown = (await browser.get(page_of(published))).text.split("</main>")[0]
    assert "<h2>On the chat</h2>" in shown
    assert "<h3>Late at night</h3>" in shown
