from hashlib import sha256
from typing import Any

import msgspec
import pytest

from api.parts import current_time
from database.ids import new_id
from database.session import door
from federation.partners.rules.canonical import canonical
from protocols.exports.actions import note_export
from protocols.releases.models import Release
from protocols.releases.rules import read_manifest
from tests.api.conftest import Node, form_token
from tests.api.withdrawals import InForce, text_in_force
from tests.questions import counted


@pytest.fixture
async def text(node: Node) -> InForce:
    return await text_in_force(node)


async def test_a_coordinator_withdraws_a_part_on_a_page(node: Node, text: InForce) -> None:
    address = f"/recalls/{text.item}"
    async with node.signed_in(text.coordinator.id) as browser:
        offered = (await browser.get("/recalls")).text
        form = (await browser.get(address)).text
        answer = await browser.post(
            address,
            data={
                "_csrf_token": await form_token(browser, address),
                "number": "1.0.0",
                "what": str(text.part(1)),
                "reason": "The number has changed.",
                "text-en": "Ring the supervisor.",
            },
        )
        listed = (await browser.get("/recalls")).text
        shown = (await browser.get(f"/protocols/{text.item}")).text
    assert f'href="{address}"' in offered
    assert "Only this part:" in form
    assert (answer.status_code, answer.headers["location"]) == (303, "/recalls")
    assert "Only the part: Ring 999." in listed
    assert "What stood here has been withdrawn." in shown
    assert "Ring the supervisor." in shown
    assert "Ring 999." not in shown


async def test_all_of_it_is_withdrawn_on_a_page(node: Node, text: InForce) -> None:
    address = f"/recalls/{text.item}"
    async with node.signed_in(text.coordinator.id) as browser:
        form = {"_csrf_token": await form_token(browser, address), "what": "all"}
        nothing = await browser.post(address, data={**form, "reason": "Wrong."})
        without = await browser.post(address, data={**form, "text-en": "Stop."})
        done = await browser.post(address, data={**form, "reason": "Wrong.", "text-en": "Stop."})
        again = (await browser.get(address)).text
    assert (nothing.status_code, without.status_code, done.status_code) == (422, 400, 303)
    assert "has been withdrawn already" in again


async def test_what_is_in_other_tools_is_ticked_off_on_a_page(node: Node, text: InForce) -> None:
    async with door(node.engine) as session:
        await note_export(
            session,
            text.coordinator.asker,
            tool="rocket-chat",
            sequences={text.text.urn: 1},
            now=current_time(),
        )
    address = f"/recalls/{text.item}"
    async with node.signed_in(text.coordinator.id) as browser:
        token = await form_token(browser, address)
        form = {"_csrf_token": token, "what": "all", "reason": "Wrong.", "text-en": "Stop."}
        await browser.post(address, data=form)
        before = (await browser.get("/recalls")).text
        action = before.split('action="/recalls/exports/', 1)[1].split('"', 1)[0]
        pressed = await browser.post(f"/recalls/exports/{action}", data={"_csrf_token": token})
        after = (await browser.get("/recalls")).text
    assert "Rocket Chat, exported on" in before
    assert pressed.status_code == 303
    assert "ticked off on" in after


async def test_it_is_asked_as_often_where_others_state_what_was_exported(
    node: Node, text: InForce
) -> None:
    address, asked = f"/recalls/{text.item}", []
    async with door(node.engine) as session:
        await note_export(
            session,
            text.coordinator.asker,
            tool="rocket-chat",
            sequences={text.text.urn: 1},
            now=current_time(),
        )
    async with node.signed_in(text.coordinator.id) as browser:
        token = await form_token(browser, address)
        form = {"_csrf_token": token, "what": "all", "reason": "Wrong.", "text-en": "Stop."}
        await browser.post(address, data=form)
        for _ in range(2):
            with counted(node.engine) as statements:
                page = (await browser.get("/recalls")).text
            assert page.count("Rocket Chat, exported on") == 1
            asked.append(len(statements))
            await stated_elsewhere(node, text.text)
    assert asked == [8, 8]


async def stated_elsewhere(node: Node, text: Release) -> None:
    """Let another node's project state a text of its own under the URN of this one."""
    told: dict[str, Any] = msgspec.json.decode(text.manifest)
    stored = canonical(told | {"release": str(new_id()), "project": str(new_id())})
    manifest = read_manifest(stored)
    async with door(node.engine) as session:
        session.add(
            Release(
                id=manifest.release,
                urn=text.urn,
                project_id=manifest.project,
                node_id=str(new_id()),
                number=text.number,
                sequence=text.sequence,
                acknowledgement=text.acknowledgement,
                kind=text.kind,
                manifest=stored,
                signature="..",
                hash=sha256(stored).digest(),
                stated_at=text.stated_at,
                expires_at=text.expires_at,
                received_at=current_time(),
            )
        )


async def test_others_are_offered_nothing(node: Node, text: InForce) -> None:
    stranger = await node.somebody("coordinator")
    async with node.signed_in(stranger.id) as browser:
        assert "Live chat conduct" not in (await browser.get("/recalls")).text
        assert (await browser.get(f"/recalls/{text.item}")).status_code == 404
        assert "Live chat conduct" not in (await browser.get("/readings")).text
    async with node.signed_in(text.worker.id) as browser:
        for path in ("/recalls", f"/recalls/{text.item}", "/readings"):
            assert (await browser.get(path)).status_code == 403
        assert "/recalls" not in (await browser.get("/protocols")).text


async def test_the_page_on_reading_names_own_people_and_sets_the_time(
    node: Node, text: InForce
) -> None:
    async with node.signed_in(text.coordinator.id) as browser:
        shown = (await browser.get("/readings")).text
        address = f"/readings/{text.evening.pool.slug}"
        form = {"_csrf_token": await form_token(browser, "/readings"), "overdue": "warn"}
        kept = await browser.post(address, data={**form, "days": "3"})
        wrong = await browser.post(address, data={**form, "days": "many"})
        dutch = {"Accept-Language": "nl"}
        told = await browser.post(address, data={**form, "days": "many"}, headers=dutch)
        after = (await browser.get("/readings")).text
    assert "<h3>Ann Example</h3>" in shown
    assert "Live chat conduct" in shown
    assert (kept.status_code, wrong.status_code) == (303, 400)
    assert "days: moet een getal van 0 tot 90 zijn, of leeg." in told.text
    assert 'value="3"' in after
    assert 'value="warn" checked' in after


async def test_a_session_shows_at_once_what_is_withdrawn(node: Node, text: InForce) -> None:
    where = f"/shifts/{text.evening.shift.id}/now"
    recall = f"/recalls/{text.item}"
    async with (
        node.signed_in(text.worker.id) as worker,
        node.signed_in(text.coordinator.id) as coordinator,
    ):
        before = await worker.get(where)
        token = await form_token(coordinator, recall)
        form = {"_csrf_token": token, "what": "all", "reason": "Wrong.", "text-en": "Stop now."}
        await coordinator.post(recall, data=form)
        after = (await worker.get(where)).text
    session = await node.web.get(
        f"/api/v1/shifts/{text.evening.shift.id}/session", headers=text.worker.bearer
    )
    assert "Withdrawn:" not in before.text
    assert "connect-src 'self'" in before.headers["content-security-policy"]
    assert "Withdrawn: Live chat conduct." in after
    assert "Stop now." in after
    [withdrawn] = session.json()["withdrawn"]
    assert (withdrawn["id"], withdrawn["reason"], withdrawn["meanwhile"]) == (
        text.item,
        "Wrong.",
        "Stop now.",
    )
