"""Who has left is erased by their own project's coordinators, on a page and by programs."""

from database.session import door
from federation.people.actions import let_go
from federation.people.models import Person
from federation.people.rules import OPERATOR
from federation.pools.actions import give_handle
from tests.api.conftest import Node, Somebody, form_token
from tests.questions import counted
from tests.rota.world import NOW, a_pool

HERE, LIST = "/people/left", "/api/v1/people/left"
NAME = "Orsolya Leftwell"


def erasure(who: Somebody) -> str:
    return f"/api/v1/people/{who.id}/erasure"


async def a_leaver(node: Node, head: Somebody) -> tuple[Somebody, str]:
    """Let somebody leave who has a handle; gives its name."""
    who = await node.somebody("worker", project_id=head.project_id, name=NAME)
    async with door(node.engine) as session:
        pool = await a_pool(session, head.asker)
        handle = await give_handle(session, head.asker, pool.id, who.id, NOW)
        await let_go(session, OPERATOR, person_id=who.id, now=NOW)
    return who, handle.display


async def test_a_coordinator_types_the_handle_on_the_page(node: Node) -> None:
    head = await node.somebody("coordinator")
    who, handle = await a_leaver(node, head)
    async with node.signed_in(head.id) as browser:
        assert f'href="{HERE}"' in (await browser.get("/trainings")).text
        before = (await browser.get(HERE)).text
        assert (NAME in before, handle in before, "It cannot be undone" in before) == (True,) * 3
        form = {"_csrf_token": await form_token(browser, HERE), "handle": NAME}
        wrong = await browser.post(f"/people/{who.id}/erase", data=form)
        assert (wrong.status_code, "handle-not-typed" in wrong.text) == (422, True)
        form["handle"] = f" {handle} "
        erased = await browser.post(f"/people/{who.id}/erase", data=form)
        assert (erased.status_code, erased.headers["location"]) == (303, HERE)
        after = (await browser.get(HERE)).text
    assert (NAME in after, handle in after) == (False, False)
    assert "Somebody who left on 4 January 2027, erased on" in after
    assert "No partner knew them." in after
    async with door(node.engine) as session:
        assert (await session.get_one(Person, who.id)).name == "(erased)"


async def test_programs_erase_once_and_again(node: Node) -> None:
    head = await node.somebody("coordinator")
    who, handle = await a_leaver(node, head)
    left = {
        "id": str(who.id),
        "name": NAME,
        "handles": [handle],
        "left_at": "2027-01-04T12:00:00Z",
        "erased_at": None,
        "asked": [],
    }
    web, mine = node.web, head.bearer
    listed = await web.get(LIST, headers=mine)
    assert listed.json() == {"items": [left], "next": None}
    wrong = await web.post(erasure(who), json={"handle": "Somebody Else 1"}, headers=mine)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "handle-not-typed")
    erased = await web.post(erasure(who), json={"handle": handle}, headers=mine)
    at = erased.json()["erased_at"]
    gone = left | {"name": None, "handles": [], "erased_at": at}
    assert (erased.status_code, erased.json(), at is None) == (200, gone, False)
    # sent again because the answer was lost
    again = await web.post(erasure(who), json={"handle": handle}, headers=mine)
    assert (again.status_code, again.json()) == (200, gone)


async def test_nobody_else_erases_or_learns_who_has_left(node: Node) -> None:
    head = await node.somebody("coordinator")
    who, handle = await a_leaver(node, head)
    stays = await node.somebody("worker", project_id=head.project_id)
    reader = await node.somebody("coordinator", project_id=head.project_id, scopes=("read",))
    stranger = await node.somebody("coordinator")
    body = {"handle": handle}
    assert (await node.web.get(LIST, headers=stranger.bearer)).json()["items"] == []
    for asker, status, code in (
        (stranger, 404, "not-found"),
        (stays, 403, "not-allowed"),
        (reader, 403, "not-allowed"),
    ):
        refused = await node.web.post(erasure(who), json=body, headers=asker.bearer)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert (await node.web.get(LIST, headers=stays.bearer)).status_code == 403
    early = await node.web.post(erasure(stays), json={"handle": "Ann Example"}, headers=head.bearer)
    assert (early.status_code, early.json()["code"]) == (422, "still-takes-part")
    async with node.signed_in(stays.id) as browser:
        assert (await browser.get(HERE)).status_code == 403
    async with door(node.engine) as session:
        assert (await session.get_one(Person, who.id)).name == NAME


async def test_more_leavers_ask_no_more_questions(node: Node) -> None:
    head = await node.somebody("coordinator")
    asked = []
    for _ in range(2):
        await a_leaver(node, head)
        with counted(node.engine) as said:
            assert (await node.web.get(LIST, headers=head.bearer)).status_code == 200
        asked.append(len([one for one in said if one.startswith("SELECT")]))
    assert asked[0] == asked[1]
