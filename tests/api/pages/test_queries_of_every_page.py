"""How often the database is asked for each page that links lead to."""

from api.notices.words import notice_keys
from federation.partners.keys import NodeKeys
from tests.all_done import all_to_do
from tests.api.conftest import ADDRESS, Node
from tests.browser.site import furnished
from tests.questions import counted
from tests.walk import page_at, pages, walk

EIGHT = 8


async def test_a_page_takes_eight_queries_at_most(fresh_node: Node) -> None:
    node = fresh_node
    NodeKeys.create(node.settings.keys)
    site = await furnished(node.engine, ADDRESS)
    start = await all_to_do(site, notice_keys(node.app.state))
    known = pages(node.app)
    asked: dict[str, int] = {}
    async with node.signed_in(site.people["colleague"].asker.person_id) as browser:

        async def opened(path: str) -> str:
            with counted(node.engine) as statements:
                page = await browser.get(path)
            told = page_at(path, known)
            assert told is not None
            assert page.status_code in {200, 303}, path
            asked[told] = len(statements)
            where = page.headers.get("location")
            return f'href="{where}"' if where else page.text

        seen = await walk(known, start, opened)
    assert known - seen == set()
    assert {page: n for page, n in asked.items() if n > EIGHT} == {}
