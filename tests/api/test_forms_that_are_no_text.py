"""A character that no text has, in a form of any kind, is refused like one in JSON."""

from tests.api.conftest import Node, form_token
from tests.api.pages.test_people_and_pools_pages import POOL


async def test_a_form_with_what_no_text_has_is_refused_and_nothing_is_done(node: Node) -> None:
    head = await node.somebody("coordinator")
    async with node.signed_in(head.id) as browser:
        token = {"_csrf_token": await form_token(browser, "/account")}
        founded = await browser.post("/pools", data=token | POOL | {"name": "Even\0ing"})
        file = {"file": ("x.csv", b"name\n", "text/csv")}
        fields = token | {"written_as": "csv\0"}
        taken_up = await browser.post("/signposts/import", data=fields, files=file)
        pools = (await browser.get("/pools")).text

    assert (founded.status_code, taken_up.status_code) == (400, 400)
    assert "NUL character" in founded.text
    assert "NUL character" in taken_up.text
    assert "Your project takes part in no pool yet" in pools
