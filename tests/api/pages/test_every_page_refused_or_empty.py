"""What every page says to somebody who may not see it, and before there is anything to see."""

import re

import pytest
from httpx2 import AsyncClient, Response

from api.notices.words import notice_keys
from federation.partners.keys import NodeKeys
from tests.all_done import ROLES, all_to_do
from tests.api.conftest import ADDRESS, Node
from tests.browser.site import furnished
from tests.walk import page_at, pages, walk

OPEN_TO_ALL = {
    *("/", "/sign-in", "/sign-in/{secret}", "/mail/confirm/{secret}", "/mail/stop/{secret}"),
    *("/open/{page}", "/open/{slug}/embedded"),
}
SIGN_IN = "Please sign in. Your coordinator can give you a sign-in link."
WHO_HELPS = {
    403: "Your roles do not allow this. Your coordinator can help.",
    404: "There is nothing here, or it is not yours to see.",
}
TABLE = re.compile(r"<table.*?</table>", re.DOTALL)
A_STEP = re.compile(r"<(a|form|details|button)\b|coordinator of your project can")


def heading(shown: Response) -> str:
    [said] = re.findall(r"<h1[^>]*>(.*?)</h1>", shown.text, re.DOTALL)
    return str(said)


def content(shown: Response) -> str:
    return shown.text.split("<main", 1)[1].split("</main>", 1)[0]


async def addresses(node: Node) -> dict[str, str]:
    """Do everything there is to do; gives an address of each page."""
    NodeKeys.create(node.settings.keys)
    site = await furnished(node.engine, ADDRESS)
    start = await all_to_do(site, notice_keys(node.app.state))
    known, found = pages(node.app), {}
    async with node.signed_in(site.people["colleague"].asker.person_id) as browser:

        async def opened(path: str) -> str:
            shown = await browser.get(path)
            found[page_at(path, known) or path] = path
            where = shown.headers.get("location")
            return f'href="{where}"' if where else shown.text

        await walk(known, start, opened)
    return found


async def told(browser: AsyncClient, paths: dict[str, str]) -> dict[str, tuple[int, str, bool]]:
    """Give of each page how it answers, its heading, and whether it leads anywhere."""
    shown = {page: await browser.get(path) for page, path in paths.items()}
    return {
        page: (one.status_code, heading(one), bool(A_STEP.search(content(one))))
        for page, one in shown.items()
    }


async def test_whoever_may_not_see_a_page_reads_why_and_what_would_help(fresh_node: Node) -> None:
    paths = await addresses(fresh_node)
    stranger = await fresh_node.somebody()
    async with fresh_node.browser() as browser:
        signed_out = await told(
            browser, {page: path for page, path in paths.items() if page not in OPEN_TO_ALL}
        )
    assert signed_out == dict.fromkeys(signed_out, (401, SIGN_IN, True))
    async with fresh_node.signed_in(stranger.id) as browser:
        refused = await told(browser, paths)
    bare = {
        page: (status, said)
        for page, (status, said, leads) in refused.items()
        if status in WHO_HELPS and (not leads or said != WHO_HELPS[status])
    }
    assert bare == {}
    assert {status for status, _, _ in refused.values()} == {200, 403, 404}


@pytest.mark.parametrize("roles", [("worker",), ("worker", *ROLES)], ids=["worker", "everything"])
async def test_before_there_is_anything_each_page_says_what_to_do(
    fresh_node: Node, roles: tuple[str, ...]
) -> None:
    NodeKeys.create(fresh_node.settings.keys)
    first = await fresh_node.somebody(*roles)
    wrong: dict[str, str] = {}
    async with fresh_node.signed_in(first.id) as browser:
        for path in sorted(page for page in pages(fresh_node.app) if "{" not in page):
            shown = await browser.get(path)
            if shown.status_code == 200 and not A_STEP.search(content(shown)):
                wrong[path] = "leads nowhere"
            if any("<td" not in table for table in TABLE.findall(content(shown))):
                wrong[path] = "shows a table of nothing"
            if shown.status_code not in {200, 303, 403}:
                wrong[path] = f"{shown.status_code} {heading(shown)}"
    assert wrong == {}
