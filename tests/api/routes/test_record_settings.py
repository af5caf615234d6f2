"""What a project records and for how long, as a page and as JSON, for its coordinators alone."""

import re
from datetime import UTC, date, datetime

from database.session import door
from federation.projects.models import Project
from rota.record_keeping.models import RecordDeletion
from tests.api.conftest import Node, Somebody, form_token
from tests.canaries import found_in

SETTINGS, DELETIONS = "/api/v1/record-settings", "/api/v1/record-deletions"
USUAL = {
    "keep_days": 730,
    "areas": [],
    "asks_gender": False,
    "asks_nationality": False,
    "keeps_notes": False,
    "usual_keep_days": 730,
}
SET = USUAL | {"keep_days": 30, "areas": ["Gateshead", "Jarrow"], "keeps_notes": True}


async def deleted(node: Node, keeper: Somebody) -> None:
    async with door(node.engine) as session:
        session.add(
            RecordDeletion(
                project_id=keeper.project_id,
                at=datetime(2027, 2, 5, tzinfo=UTC),
                last_day=date(2027, 1, 5),
                records=3,
                contacts=41,
            )
        )


async def test_settings_as_json(node: Node) -> None:
    web, mine = node.web, (await node.somebody("coordinator")).bearer
    assert (await web.get(SETTINGS, headers=mine)).json() == USUAL
    body = {"keep_days": 30, "areas": ["Jarrow", "Gateshead", "Jarrow"], "keeps_notes": True}
    put = await web.put(SETTINGS, json=body, headers=mine)
    assert (put.status_code, put.json()) == (200, SET)
    assert (await web.get(SETTINGS, headers=mine)).json() == SET
    # another project keeps to its own
    other = (await node.somebody("coordinator")).bearer
    assert (await web.get(SETTINGS, headers=other)).json() == USUAL
    for wrong, status in (
        ({"keep_days": 0}, 422),
        ({"keep_days": "30"}, 400),
        ({"keep_days": 30, "other": 1}, 400),
        ({"keep_days": 30, "areas": ["Jarrow"] * 201}, 400),
        ({}, 400),
    ):
        refused = await web.put(SETTINGS, json=wrong, headers=mine)
        assert (wrong, refused.status_code) == (wrong, status)
    personal = {"keep_days": 30, "areas": ["07700 900123"]}
    refused = await web.put(SETTINGS, json=personal, headers=mine)
    assert (refused.status_code, refused.json()["code"]) == (422, "wrong-record-keeping")
    assert found_in(refused.text, "900123", "7700900123") == []
    assert (await web.get(SETTINGS, headers=mine)).json() == SET


async def test_an_area_that_could_be_a_name_is_one_only_if_somebody_says_that_it_is_a_place(
    node: Node,
) -> None:
    keeper = await node.somebody("coordinator")
    web, mine = node.web, keeper.bearer
    body = {"keep_days": 30, "areas": ["Milton Keynes"]}
    refused = await web.put(SETTINGS, json=body, headers=mine)
    codes = [reason["code"] for reason in refused.json()["reasons"]]
    assert (refused.status_code, codes) == (422, ["area-perhaps-a-name"])
    assert found_in(refused.text, "Milton", "Keynes") == []
    put = await web.put(SETTINGS, json=body | {"areas_are_places": True}, headers=mine)
    assert (put.status_code, put.json()["areas"]) == (200, ["Milton Keynes"])
    async with node.signed_in(keeper.id) as browser:
        token = await form_token(browser, "/records/settings")
        form = {"keep_days": "30", "areas": "Castle Ward", "_csrf_token": token}
        wrong = await browser.post("/records/settings", data=form)
        assert (wrong.status_code, "Area 1 could be" in wrong.text) == (422, True)
        sent = await browser.post("/records/settings", data=form | {"places": "yes"})
        assert sent.status_code == 303
    assert (await web.get(SETTINGS, headers=mine)).json()["areas"] == ["Castle Ward"]


async def test_settings_on_the_page_and_what_was_deleted(node: Node) -> None:
    keeper = await node.somebody("coordinator")
    await deleted(node, keeper)
    async with node.signed_in(keeper.id) as browser:
        token = await form_token(browser, "/records/settings")
        form = {
            "keep_days": "30",
            "areas": " Gateshead\r\n\r\nJarrow ",
            "asks_gender": "",
            "keeps_notes": "yes",
        }
        sent = await browser.post("/records/settings", data=form | {"_csrf_token": token})
        assert (sent.status_code, sent.headers["location"]) == (303, "/records/settings")
        shown = (await browser.get("/records/settings")).text
        wrong = await browser.post(
            "/records/settings", data=form | {"keep_days": "soon", "_csrf_token": token}
        )
        assert (wrong.status_code, "is not a number" in wrong.text) == (400, True)
        # erasing needs the project's short name
        typed = {"project": "yes", "_csrf_token": token}
        assert (await browser.post("/records/erase", data=typed)).status_code == 422
        async with door(node.engine) as session:
            slug = (await session.get_one(Project, keeper.project_id)).slug
        erased = await browser.post("/records/erase", data=typed | {"project": slug})
        assert (erased.status_code, erased.headers["location"]) == (303, "/records/settings")
    assert 'name="keep_days" value="30"' in shown
    assert "it is 730 under your law" in shown
    assert ">Gateshead\nJarrow</textarea>" in shown
    assert re.findall(r'name="(\w+)" value="yes" checked', shown) == ["keeps_notes"]
    cells = re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", shown)[4:]
    assert cells == ["5 February 2027", "5 January 2027", "3", "41"]
    listed = await node.web.get(DELETIONS, headers=keeper.bearer)
    assert listed.json() == {
        "items": [
            {"at": "2027-02-05T00:00:00Z", "last_day": "2027-01-05", "records": 3, "contacts": 41}
        ],
        "next": None,
    }
    assert (await node.web.get(SETTINGS, headers=keeper.bearer)).json() == SET


async def test_nobody_else_sets_or_sees_them(node: Node) -> None:
    keeper = await node.somebody("coordinator")
    await deleted(node, keeper)
    other = await node.somebody("coordinator")
    listed = await node.web.get(DELETIONS, headers=other.bearer)
    assert listed.json() == {"items": [], "next": None}
    worker = await node.somebody("worker", "supervisor", project_id=keeper.project_id)
    for method, path, body in (
        ("GET", SETTINGS, None),
        ("PUT", SETTINGS, {"keep_days": 30}),
        ("GET", DELETIONS, None),
    ):
        refused = await node.web.request(method, path, json=body, headers=worker.bearer)
        assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed")
    reader = await node.somebody("coordinator", scopes=("read",))
    refused = await node.web.put(SETTINGS, json={"keep_days": 30}, headers=reader.bearer)
    assert refused.status_code == 403
    async with node.signed_in(worker.id) as browser:
        assert (await browser.get("/records/settings")).status_code == 403
