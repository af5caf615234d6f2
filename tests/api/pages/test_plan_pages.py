from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from api.parts import current_time
from database.session import door
from federation.pools.models import Pool
from tests.api.conftest import Node, form_token
from tests.api.evening import an_evening


@pytest.mark.parametrize(
    ("day", "clock"),
    [("0001-01-01", "00:30"), ("9999-12-31", "23:30"), ("2027-02-30", "20:00"), ("", "20:00")],
)
async def test_a_question_about_no_day_is_refused(node: Node, day: str, clock: str) -> None:
    evening = await an_evening(node)
    path = f"/plans/{evening.pool.slug}"
    async with door(node.engine) as session:
        await session.execute(update(Pool).values(zone="Pacific/Auckland"))
    async with node.signed_in(evening.coordinator.id) as browser:
        form = {"kind": "add-session", "like": str(evening.shift.id), "day": day, "time": clock}
        token = await form_token(browser, path)
        answer = await browser.post(f"{path}/what-ifs", data={"_csrf_token": token, **form})
    assert answer.status_code == 400


async def test_a_session_after_midnight_is_asked_about_on_its_own_day(node: Node) -> None:
    """On the pool's clock: in UTC it would still be the evening before."""
    evening = await an_evening(node)
    path = f"/plans/{evening.pool.slug}"
    async with door(node.engine) as session:
        await session.execute(update(Pool).values(zone="Europe/Amsterdam"))
    today = current_time().date()
    # a day that is still to come, and in the weeks that are asked about
    day = max(today, evening.shift.starts.date())
    async with node.signed_in(evening.coordinator.id) as browser:
        token = await form_token(browser, path)
        form = {"kind": "add-session", "like": str(evening.shift.id), "time": "00:30"}
        answer = await browser.post(
            f"{path}/what-ifs", data={"_csrf_token": token, "day": str(day), **form}
        )
        assert answer.status_code == 303, answer.text
        shown = " ".join((await browser.get(path)).text.split())
    said = datetime.combine(day, datetime.min.time(), UTC).strftime("%A %-d %B")
    assert f"one more session on {said}" in shown


async def test_people_and_questions_are_named_with_their_projects_name(node: Node) -> None:
    evening = await an_evening(node)
    path = f"/plans/{evening.pool.slug}"
    async with node.signed_in(evening.coordinator.id) as browser:
        token = await form_token(browser, path)
        form = {"_csrf_token": token, "kind": "project-leaves", "like": evening.project}
        answer = await browser.post(f"{path}/what-ifs", data=form)
        assert answer.status_code == 303, answer.text
        shown = (await browser.get(path)).text.split("</main>")[0]
    assert f"{evening.handle} (Quayside Outreach)" in shown
    assert "What if Quayside Outreach leaves?" in shown
    assert f'<option value="{evening.project}">Quayside Outreach</option>' in shown
    assert f"({evening.project})" not in shown
