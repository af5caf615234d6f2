"""A page on which nothing stands yet says what that means, and what to do next."""

import re

import pytest

from database.session import door
from tests.api.conftest import Node
from tests.rota.world import a_pool


def links(html: str) -> list[str]:
    """List what the content of a page leads to."""
    return re.findall('href="([^"]+)"', html.split("<main", 1)[1].split("</main>", 1)[0])


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/board", "Your project does not take part in a pool yet."),
        ("/coverage", "Your project does not take part in a pool yet."),
        ("/demand", "Your project does not take part in a pool yet."),
        ("/patterns", "Your project does not take part in a pool yet."),
        ("/records/import", "Your project does not take part in a pool yet."),
        ("/texts/pools", "Your project does not take part in a pool yet."),
    ],
)
async def test_without_a_pool_a_coordinator_is_led_to_one(node: Node, path: str, said: str) -> None:
    head = await node.somebody("coordinator")
    async with node.signed_in(head.id) as browser:
        shown = await browser.get(path)
    assert (shown.status_code, said in shown.text) == (200, True)
    assert "/pools" in links(shown.text)


@pytest.mark.parametrize(
    ("path", "said", "next_page"),
    [
        (
            "/board/{pool}",
            "There is no shift this week, so nobody is there.",
            "/patterns/{pool}/new",
        ),
        ("/board/{pool}", "nobody is asked before you publish it.", "/plans/{pool}"),
        ("/plans/{pool}", "You order one on the board", "/board/{pool}"),
        (
            "/coverage/{pool}",
            "No session that is still to come is set down in this time.",
            "/patterns/{pool}",
        ),
        ("/trainings", "Your project has no workers yet.", "/people"),
        ("/records", "writes its record on its own page", "/records/settings"),
    ],
)
async def test_a_pool_with_nothing_in_it_says_what_comes_first(
    node: Node, path: str, said: str, next_page: str
) -> None:
    head = await node.somebody("coordinator")
    async with door(node.engine) as session:
        pool = (await a_pool(session, head.asker)).slug
    async with node.signed_in(head.id) as browser:
        shown = await browser.get(path.format(pool=pool))
    assert (shown.status_code, said in shown.text) == (200, True)
    # a board's links keep the week that it shows
    assert next_page.format(pool=pool) in {link.partition("?")[0] for link in links(shown.text)}
