"""Who drops out late corrects all that the public reads, in the same moment."""

from collections.abc import Sequence

import pytest
from httpx2 import Response

from tests.api.conftest import Node, Somebody
from tests.api.evening import Evening, an_evening, coming
from tests.api.sessions import running_chat
from tests.rota.strict_calendar import strictly_read

FORMS = ("", ".json", ".ics")


async def staffed(evening: Evening) -> list[tuple[Somebody, str]]:
    """Let two workers and a supervisor take the seats; gives who holds which claim."""
    second, _ = await evening.colleague()
    supervisor, _ = await evening.colleague("supervisor")
    holders = ((evening.worker, "lead"), (second, "second"), (supervisor, "supervisor"))
    held = []
    for each, role in holders:
        seat = f"/api/v1/seats/{evening.shift.seats[role]}/claims"
        taken = await evening.node.web.post(seat, headers=each.bearer)
        assert taken.json()["state"] == "held"
        held.append((each, taken.json()["id"]))
    return held


async def public(node: Node, pool: str, before: Sequence[Response] = ()) -> list[Response]:
    """Read every form, as somebody who kept what was shown before."""
    kept = [{"If-None-Match": each.headers["etag"]} for each in before] or [{}] * len(FORMS)
    return [
        await node.web.get(f"/open/{pool}{form}", headers=headers)
        for form, headers in zip(FORMS, kept, strict=True)
    ]


@pytest.mark.parametrize("role", [0, 1, 2], ids=["lead", "second", "supervisor"])
async def test_a_late_drop_out_corrects_page_json_and_calendar_at_once(
    node: Node, role: int
) -> None:
    starts = coming(3)
    evening = await an_evening(node, starts)
    holders = await staffed(evening)
    before = await public(node, evening.pool.slug)
    page, told, calendar = before
    assert "No times are confirmed yet." not in page.text
    assert "Theme: Health" in page.text
    assert len(told.json()["hours"]) == 1
    [event] = strictly_read(calendar.content)
    assert event["DTSTART"] == starts.strftime("%Y%m%dT%H%M%SZ")
    who, claim = holders[role]
    gone = await node.web.delete(f"/api/v1/claims/{claim}", headers=who.bearer)
    assert gone.status_code == 204
    # the very next request, also of somebody who asks whether what they have still holds
    page, told, calendar = await public(node, evening.pool.slug, before)
    assert [each.status_code for each in (page, told, calendar)] == [200, 200, 200]
    assert "No times are confirmed yet." in page.text
    assert "Health" not in page.text
    assert (told.json()["next"], told.json()["hours"]) == (None, [])
    assert strictly_read(calendar.content) == []


async def test_a_drop_out_of_a_running_session_says_at_once_that_nobody_is_there(
    node: Node,
) -> None:
    chat = await running_chat(node)
    for who in (chat.wren, chat.robin):
        here = f"/api/v1/shifts/{chat.shift}/check-in"
        assert (await node.web.post(here, headers=who.bearer)).status_code == 200
    before = await public(node, chat.slug)
    assert "Open now" in before[0].text
    assert before[1].json()["now"]["open"] is True
    assert len(strictly_read(before[2].content)) == 1
    gone = await node.web.delete(f"/api/v1/claims/{chat.claim}", headers=chat.wren.bearer)
    assert gone.status_code == 204
    page, told, calendar = await public(node, chat.slug, before)
    assert "Open now" not in page.text
    assert "Nobody is there at the moment" in page.text
    assert (told.json()["now"]["open"], told.json()["hours"]) == (False, [])
    assert strictly_read(calendar.content) == []
