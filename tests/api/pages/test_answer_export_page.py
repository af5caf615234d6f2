from database.session import door
from tests.api.conftest import Node, form_token
from tests.api.routes.test_answer_exports import members_of
from tests.protocols.example_texts import answer, released, take_up
from tests.protocols.exchange.tools_as_they_are import LiveHelperChat

PAGE = "/answers/export"


async def test_a_coordinator_sees_what_does_not_fit_and_gets_the_file(node: Node) -> None:
    project_id = await node.project()
    people = {
        role: await node.somebody(role, project_id=project_id)
        for role in ("coordinator", "reviewer", "worker")
    }
    async with door(node.engine) as session:
        members = members_of(people)
        text = await released(session, members, answer("Where?", "Here [b]."))
        await take_up(session, members, text)
        other = await released(session, members, answer("When?", "Now."))
        await take_up(session, members, other)

    async with node.signed_in(people["coordinator"].id) as browser:
        linked = (await browser.get("/answers")).text
        form = {"_csrf_token": await form_token(browser, PAGE), "tool": "live-helper-chat"}
        seen = await browser.post(PAGE, data=form | {"do": "preview"}, files={"holds": ("", b"")})
        dutch = {"Accept-Language": "nl"}
        told = await browser.post(PAGE, data=form, files={"holds": ("", b"")}, headers=dutch)
        given = await browser.post(PAGE, data=form | {"do": "download"}, files={"holds": ("", b"")})
        tool = LiveHelperChat()
        tool.load(given.content)
        [message] = tool.messages.values()
        message["msg"] = "Edited."
        holds = {"holds": ("canned.csv", tool.exported(), "text/csv")}
        drift = await browser.post(PAGE, data=form | {"do": "preview"}, files=holds)
        ours = form | {"do": "download", "ours": message["unique_id"]}
        replaced = await browser.post(PAGE, data=ours, files=holds)
        odd = await browser.post(PAGE, data=form | {"tool": "none"}, files={"holds": ("", b"")})

    assert PAGE in linked
    assert "Where?" in seen.text
    assert "would not show but obey" in seen.text
    assert "wat Live Helper Chat niet zou tonen maar uitvoeren." in told.text
    assert given.headers["content-disposition"] == 'attachment; filename="live-helper-chat.csv"'
    assert given.headers["cache-control"] == "no-store"
    assert "edited there: left as it is there" in drift.text
    tool.load(replaced.content)
    assert message["unique_id"] in tool.messages
    assert [one["msg"] for one in tool.messages.values()] == ["Now."]
    assert odd.status_code == 400


async def test_the_page_is_for_coordinators(node: Node) -> None:
    worker = await node.somebody("worker")

    async with node.signed_in(worker.id) as browser:
        refused = await browser.get(PAGE)
        listed = await browser.get("/answers")

    assert refused.status_code == 403
    assert PAGE not in listed.text
