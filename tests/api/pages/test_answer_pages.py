"""Finding and copying answers, on pages without any script."""

import html
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from httpx2 import AsyncClient
from sqlalchemy import select

from api.parts import current_time
from database.session import door
from federation.projects.models import Project
from protocols.favourites.actions import keep_at_hand
from protocols.items.actions import add_variant, draft_item
from protocols.items.queries import blocks_of
from protocols.items.rules.drafts import DraftPlaceholder
from protocols.releases.models import Release
from protocols.signposts.actions import add_signpost
from protocols.use_counts.models import AnswerUse
from tests.api.conftest import Node, Somebody, form_token
from tests.protocols.example_texts import (
    NOW,
    Members,
    answer,
    looked_over,
    release_approved,
    released,
    take_up,
    withdraw,
)
from tests.protocols.signposts.services import CLINIC
from tests.questions import counted

PLACE = DraftPlaceholder("place", "the café", filled_by="worker")
SERVICE = DraftPlaceholder("service", "a clinic", type="signpost", filled_by="worker")
NAMED = DraftPlaceholder("clinic", "a clinic", type="signpost")


async def a_team(node: Node) -> dict[str, Somebody]:
    project_id = await node.project()
    return {
        role: await node.somebody(role, project_id=project_id, name=f"Zora {role}")
        for role in ("coordinator", "reviewer", "worker")
    }


@pytest.fixture
async def people(node: Node) -> dict[str, Somebody]:
    return await a_team(node)


def members_of(people: dict[str, Somebody]) -> Members:
    askers = {role: somebody.asker for role, somebody in people.items()}
    return Members(project=people["worker"].project_id, name="project", **askers)


async def listed(node: Node, people: dict[str, Somebody], **changes: Any) -> UUID:
    now = current_time()
    draft = replace(CLINIC, last_checked=now.date(), expires=now.date() + timedelta(days=9))
    async with door(node.engine) as session:
        return await add_signpost(
            session, people["coordinator"].asker, replace(draft, **changes), now
        )


@pytest.fixture
async def text(node: Node, people: dict[str, Somebody]) -> Release:
    draft = answer(
        "Where do you meet?", "Come to {{place}} or {{service}}.", placeholders=[PLACE, SERVICE]
    )
    async with door(node.engine) as session:
        published = await released(session, members_of(people), draft, "none")
        await take_up(session, members_of(people), published)
    return published


def page_of(text: Release) -> str:
    return f"/answers/{text.urn.removeprefix('urn:uuid:')}"


def hidden(shown: str, name: str) -> str:
    return shown.split(f'name="{name}" value="', 1)[1].split('"', 1)[0]


async def copy(browser: AsyncClient, path: str, shown: str = "", **fields: str) -> Any:
    shown = shown or (await browser.get(path)).text
    form = {name: hidden(shown, name) for name in ("_csrf_token", "language", "seen")}
    return await browser.post(f"{path}/copy", data={"used_as": "reply-only", **form, **fields})


async def test_answers_are_looked_for_in_the_languages_of_the_project_and_of_the_answer(
    node: Node, people: dict[str, Somebody]
) -> None:
    members = members_of(people)
    async with door(node.engine) as session:
        project = await session.get_one(Project, members.project)
        project.languages = ["en", "pl"]
        item = await draft_item(session, members.reviewer, answer("Where?", "Here."), NOW)
        [block] = await blocks_of(session, item.id)
        await add_variant(
            session,
            members.reviewer,
            item.id,
            language="uk",
            title="Де?",
            texts={str(block.id): "Тут, де міст."},
            now=NOW,
        )
        await looked_over(session, members, item.id)
        published = await release_approved(session, members, item.id, "none")
        await take_up(session, members, published)

    async with node.signed_in(people["worker"].id) as browser:
        found = (await browser.get("/answers?language=pl")).text
        shown = (await browser.get(f"{page_of(published)}?language=uk")).text

    assert re.findall(r'<option value="(\w+)"( selected)?>([^<]+)<', found) == [
        ("en", "", "English"),
        ("nl", "", "Nederlands"),
        ("pl", " selected", "Polski"),
        ("ro", "", "Română"),
    ]
    assert '<option value="uk" selected>Українська</option>' in shown
    assert '<option value="pl">Polski</option>' in shown
    assert "Тут, де міст." in shown


async def test_an_answer_is_three_taps_away(
    node: Node, people: dict[str, Somebody], text: Release
) -> None:
    service = await listed(node, people)
    async with node.signed_in(people["worker"].id) as browser:
        start = (await browser.get("/")).text
        assert '<a href="/answers"' in start
        first = (await browser.get("/answers")).text
        assert f'href="{page_of(text)}?language=en"' in first
        copied = await copy(
            browser, page_of(text), gap_place="the library", gap_service=str(service)
        )

    assert copied.status_code == 200
    said = html.unescape(copied.text)
    assert (
        "Come to the library or Harbour Clinic, +44 113 496 0123,"
        " Mon to Fri 9:00 to 17:00, https://harbour.example/open.</textarea>" in said
    )
    assert "As an SMS: 1 part" in said
    assert "script-src 'self'" in copied.headers["content-security-policy"]


async def test_what_is_wrong_is_told_with_the_fields_as_they_were(
    node: Node, people: dict[str, Somebody], text: Release
) -> None:
    async with node.signed_in(people["worker"].id) as browser:
        refused = await copy(
            browser, page_of(text), gap_place="with Zora", used_as="public-post", as_sms="yes"
        )

    assert refused.status_code == 422
    for said in ("{{service}} is still open", "no public post", "Your own name is in it"):
        assert said in html.unescape(refused.text)
    assert 'value="with Zora"' in refused.text
    assert 'value="public-post" selected' in refused.text
    assert "script" not in refused.headers["content-security-policy"]
    async with door(node.engine) as session:
        used = await session.scalars(select(AnswerUse).where(AnswerUse.urn == text.urn))
        assert list(used) == []


async def test_what_is_wrong_is_told_in_the_readers_language(
    node: Node, people: dict[str, Somebody], text: Release
) -> None:
    async with node.signed_in(people["worker"].id) as browser:
        browser.headers["Accept-Language"] = "nl"
        refused = await copy(browser, page_of(text), gap_place="hier", used_as="public-post")

    [told] = re.findall(r'role="alert">(.*?)</div>', refused.text, re.DOTALL)
    assert re.findall("<(?:p|li)[^>]*>[^<]*", told) == [
        "<p>Dit kan zo niet worden gebruikt:",
        "<li>{{service}} is nog leeg. Vul het eerst in.",
        (
            "<li>Deze tekst is geen openbaar bericht en mag alleen zo worden gebruikt: in een"
            " antwoord aan iemand die eerst schreef. Een dienst aanprijzen bij mensen die er niet"
            " om hebben gevraagd, kan verboden zijn."
        ),
    ]


async def test_an_open_page_learns_of_a_recall_when_it_copies(
    node: Node, people: dict[str, Somebody], text: Release
) -> None:
    async with node.signed_in(people["worker"].id) as browser:
        shown = (await browser.get(page_of(text))).text
        async with door(node.engine) as session:
            await withdraw(
                session, members_of(people), text, holds_texts={"en": "Ask a supervisor."}
            )
        changed = await copy(browser, page_of(text), shown, gap_place="here")
        again = await copy(browser, page_of(text))

    assert changed.status_code == 409
    assert "has changed since you opened it" in changed.text
    assert "Ask a supervisor." in changed.text
    assert "Ready to copy" not in changed.text
    assert "Ask a supervisor.</textarea>" in again.text


async def test_a_favourite_stands_on_the_first_page_of_its_owner_alone(
    node: Node, people: dict[str, Somebody], text: Release
) -> None:
    async with node.signed_in(people["worker"].id) as browser:
        token = await form_token(browser, page_of(text))
        kept = await browser.post(
            f"{page_of(text)}/keep", data={"_csrf_token": token, "keep": "yes", "language": "en"}
        )
        mine = (await browser.get("/answers")).text
        found = (await browser.get("/answers?q=meet")).text
        await browser.post(f"{page_of(text)}/keep", data={"_csrf_token": token, "keep": ""})
        later = (await browser.get("/answers")).text
    async with node.signed_in(people["coordinator"].id) as browser:
        theirs = (await browser.get("/answers")).text

    assert (kept.status_code, kept.headers["location"]) == (303, f"{page_of(text)}?language=en")
    assert ["Kept at hand" in page for page in (mine, found, later, theirs)] == [
        True,
        False,
        False,
        False,
    ]


async def test_answers_at_hand_and_found_are_asked_for_at_once(
    node: Node, people: dict[str, Somebody], text: Release
) -> None:
    """One names a service of the project, and of one something else holds after a recall."""
    members, service = members_of(people), await listed(node, people)
    named = answer("Where is a clinic?", "Go to {{clinic}}.", placeholders=[NAMED])
    wrong = answer("Where is a doctor?", "Go to the doctor.")
    async with door(node.engine) as session:
        await take_up(
            session,
            members,
            await released(session, members, named, "none"),
            values={"clinic": str(service)},
        )
        gone = await released(session, members, wrong, "none")
        await take_up(session, members, gone)
        await withdraw(session, members, gone, holds_texts={"en": "Ask your coordinator."})
        await keep_at_hand(session, people["worker"].asker, text.urn, current_time())
    asked = []
    async with node.signed_in(people["worker"].id) as browser:
        for path in ("/answers", "/answers?q=clinic", "/answers?q=clinic+lantern", page_of(text)):
            with counted(node.engine) as statements:
                shown = await browser.get(path)
            assert shown.status_code == 200
            asked.append(len(statements))
    assert asked == [7, 8, 8, 5]


async def test_a_remark_reaches_the_owner_without_a_name(
    node: Node, people: dict[str, Somebody], text: Release
) -> None:
    async with node.signed_in(people["worker"].id) as browser:
        token = await form_token(browser, page_of(text))
        form = {"_csrf_token": token, "kind": "hard-to-read", "language": "en"}
        told = await browser.post(f"{page_of(text)}/mark", data=form | {"note": "Long words."})
        thanks = (await browser.get(told.headers["location"])).text
        refused = await browser.post(
            f"{page_of(text)}/mark", data=form | {"note": "Ring 07700 900123"}
        )
        hers = await browser.get("/answers/remarks")
    async with node.signed_in(people["coordinator"].id) as browser:
        page = (await browser.get("/answers/remarks")).text
        [remark] = re.findall(r"/answers/remarks/([0-9a-f-]{36})/settle", page)
        token = await form_token(browser, "/answers/remarks")
        await browser.post(f"/answers/remarks/{remark}/settle", data={"_csrf_token": token})
        after = (await browser.get("/answers/remarks")).text

    assert "has been told" in thanks
    assert refused.status_code == 422
    assert hers.status_code == 403
    assert ("Long words." in page, "Zora" in page) == (True, False)
    assert "Long words." not in after


async def test_coordinators_set_what_stands_in_for_a_language(
    node: Node, people: dict[str, Somebody], text: Release
) -> None:
    async with node.signed_in(people["coordinator"].id) as browser:
        token = await form_token(browser, "/answers/remarks")
        rules = {"_csrf_token": token, "fallback": "hide", "sms_segments": "1"}
        await browser.post("/answers/rules", data=rules)
        hidden_now = (await browser.get("/answers?language=nl")).text
        own = {"_csrf_token": token, "fallback": "fall-back"}
        await browser.post(f"{page_of(text)}/fallback", data=own)
        shown = (await browser.get("/answers?language=nl")).text
        wrong = await browser.post("/answers/rules", data=rules | {"sms_segments": "99"})
        one = (await browser.get(page_of(text))).text

    assert "Where do you meet?" not in hidden_now
    assert "Where do you meet?" in shown
    assert wrong.status_code == 422
    assert "your project allows 1" in one


async def test_a_service_that_ended_holds_its_answers_back(
    node: Node, people: dict[str, Somebody]
) -> None:
    service = await listed(node, people)
    draft = answer("Which clinic?", "Go to {{clinic}}.", placeholders=[NAMED])
    async with door(node.engine) as session:
        published = await released(session, members_of(people), draft, "none")
        await take_up(session, members_of(people), published, values={"clinic": str(service)})
    async with node.signed_in(people["coordinator"].id) as browser:
        path = f"/signposts/{service}"
        page = (await browser.get(path)).text
        fields = ("name", "phone", "email", "web", "last_checked", "expires")
        form = {
            name: re.findall(rf'name="{name}" type="\w+" value="([^"]*)"', page)[0]
            for name in fields
        } | {"_csrf_token": hidden(page, "_csrf_token"), "closed": "yes"}
        closed = await browser.post(path, data=form)
        services = (await browser.get("/signposts")).text
        romanian = (await browser.get("/signposts", headers={"Accept-Language": "ro"})).text
        copied = await copy(browser, page_of(published))
        await browser.post(f"{path}/delete", data={"_csrf_token": form["_csrf_token"]})
        gone = (await browser.get(page_of(published))).text

    assert (closed.status_code, closed.headers["location"]) == (303, "/signposts")
    assert "1 answer is held back." in services
    assert "1 răspuns este oprit." in romanian
    assert copied.status_code == 422
    assert "Harbour Clinic is marked as closed." in copied.text
    assert "no longer in your project" in html.unescape(gone)
