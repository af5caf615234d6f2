"""What people see of a node that was restored from a backup."""

from uuid import UUID

import pytest
from sqlalchemy import select

from api.parts import current_time
from database.ids import new_id
from database.session import door
from federation.audit.models import AuditEntry
from federation.feeds.models import FeedEvent
from federation.partners.models import Partner
from federation.restoring.models import Restore, RestoreWait
from rota.reentry.models import ReentryFinding
from tests.api.conftest import Node, form_token
from tests.api.evening import Evening, an_evening

FAR = "far-node"


@pytest.fixture
async def evening(fresh_node: Node) -> Evening:
    """A node that waits for one partner."""
    evening = await an_evening(fresh_node)
    async with door(fresh_node.engine) as session:
        session.add(
            Partner(
                node_id=FAR,
                name="Harbour Far",
                base_url="https://far.test",
                state="joined",
                document="",
                document_version=1,
                keys={},
                words=[],
                we_grant=[],
                they_grant=[],
                met_at=current_time(),
            )
        )
        restore = Restore(restored_at=current_time(), begun_at=current_time())
        session.add(restore)
        await session.flush()
        session.add(RestoreWait(restore_id=restore.id, node_id=FAR))
    return evening


async def left(evening: Evening, kind: str) -> tuple[UUID, UUID]:
    """Leave something to look at; gives its id, and the claim's."""
    async with door(evening.node.engine) as session:
        restore = (await session.scalars(select(Restore.id))).one()
        finding = ReentryFinding(
            restore_id=restore,
            project_id=evening.coordinator.project_id,
            kind=kind,
            claim_id=new_id(),
            shift_id=evening.shift.id,
            host=FAR,
            at=current_time(),
        )
        session.add(finding)
    assert finding.claim_id is not None
    return finding.id, finding.claim_id


async def test_everybody_is_told_and_coordinators_whom_it_waits_for(evening: Evening) -> None:
    ready = await evening.node.web.get("/health/ready")
    assert ready.json() == {"ready": True, "restoring": "waits for 1 partner"}
    async with evening.node.signed_in(evening.worker.id) as browser:
        shown = (await browser.get("/")).text
        assert "Until they have answered it gives no seats" in shown
        assert "Harbour Far" not in shown
        refused = await browser.get("/restore")
        assert (refused.status_code, "Harbour Far" in refused.text) == (403, False)
    async with evening.node.signed_in(evening.coordinator.id) as browser:
        assert 'href="/restore"' in (await browser.get("/")).text
        assert "<h3>Harbour Far</h3>" in (await browser.get("/restore")).text


async def test_a_seat_is_refused_in_words_that_say_what_helps(evening: Evening) -> None:
    async with evening.node.signed_in(evening.worker.id) as browser:
        answer = await browser.post(
            f"/seats/{evening.shift.lead}/claim",
            data={"_csrf_token": await form_token(browser, "/week")},
            headers={"accept": "text/html"},
        )
    assert answer.status_code == 503
    assert "giving one back works" in answer.text


async def test_a_partner_is_left_out_once_its_name_is_typed(evening: Evening) -> None:
    async with evening.node.signed_in(evening.coordinator.id) as browser:
        form = {"_csrf_token": await form_token(browser, "/restore"), "node": FAR}
        wrong = await browser.post("/restore/without", data={**form, "typed": "Harbour"})
        assert wrong.status_code == 400
        assert "<h3>Harbour Far</h3>" in (await browser.get("/restore")).text
        right = await browser.post("/restore/without", data={**form, "typed": "Harbour Far"})
        assert (right.status_code, right.headers["location"]) == (303, "/restore")
        assert "All partners have answered." in (await browser.get("/restore")).text
    async with door(evening.node.engine) as session:
        rows = await session.execute(
            select(AuditEntry.actor, AuditEntry.facts).where(AuditEntry.verb == "go-on-without")
        )
        assert [tuple(row) for row in rows] == [(str(evening.coordinator.id), {"node": FAR})]


async def test_a_seat_of_an_unknown_name_is_given_back_by_its_own_coordinator(
    evening: Evening,
) -> None:
    finding, claim = await left(evening, "unknown-handle")
    stranger = await evening.node.somebody("coordinator")
    path = f"/restore/findings/{finding}/give-back"
    async with evening.node.signed_in(stranger.id) as browser:
        assert "a name that this node does not know" not in (await browser.get("/restore")).text
        form = {"_csrf_token": await form_token(browser, "/restore")}
        assert (await browser.post(path, data=form)).status_code == 404
    async with evening.node.signed_in(evening.coordinator.id) as browser:
        assert "a name that this node does not know" in (await browser.get("/restore")).text
        form = {"_csrf_token": await form_token(browser, "/restore")}
        assert (await browser.post(path, data=form)).status_code == 303
        assert "There is nothing to look at." in (await browser.get("/restore")).text
    async with door(evening.node.engine) as session:
        said = await session.scalars(
            select(FeedEvent.payload).where(FeedEvent.kind == "claim.cancelled")
        )
        assert list(said) == [f'{{"claim":"{claim}"}}'.encode()]


async def test_what_was_looked_at_is_put_away(evening: Evening) -> None:
    finding, _claim = await left(evening, "session-differs")
    async with evening.node.signed_in(evening.coordinator.id) as browser:
        assert "moved or called off after the backup" in (await browser.get("/restore")).text
        form = {"_csrf_token": await form_token(browser, "/restore")}
        wrong = await browser.post(f"/restore/findings/{finding}/give-back", data=form)
        assert wrong.status_code == 404
        assert (
            await browser.post(f"/restore/findings/{finding}/seen", data=form)
        ).status_code == 303
        assert "There is nothing to look at." in (await browser.get("/restore")).text
