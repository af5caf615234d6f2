"""Who sees the writers' desk, and what of it, and what a longer list costs."""

import re
from uuid import uuid4

from tests.api.conftest import Node, Somebody
from tests.api.feeds.test_feed_kinds import statements
from tests.api.pages.test_text_pages import FORM, at_desk, begun, people

__all__ = ["people"]


async def test_who_reviewed_from_experience_is_seen_by_coordinators_alone(
    node: Node, people: dict[str, Somebody]
) -> None:
    async with (
        at_desk(node, people["reviewer"]) as author,
        at_desk(node, people["coordinator"]) as other,
    ):
        path = await begun(author)
        stated = await other.go(f"{path}/lived-reviews", who="Robin of Tuesday")
        to_author = await author.see(path)
        [review] = re.findall(rf'action="{path}/lived-reviews/([0-9a-f-]+)/forget"', stated)
        forgotten = await other.go(f"{path}/lived-reviews/{review}/forget")

    assert "Robin of Tuesday" in stated
    assert "Robin of Tuesday" not in to_author
    assert "Reviewed by somebody with lived experience" in to_author
    assert "Robin of Tuesday" not in forgotten


async def test_the_desk_is_for_those_who_write(node: Node, people: dict[str, Somebody]) -> None:
    async with at_desk(node, people["reviewer"]) as author:
        path = await begun(author)
    paths = ("", "/edit", "/history", "/translate/nl")
    async with at_desk(node, people["worker"]) as worker:
        for rest in paths:
            assert (await worker.browser.get(f"{path}{rest}")).status_code == 403
        assert (await worker.browser.get("/texts")).status_code == 403
        assert (await worker.browser.get("/texts/new")).status_code == 403
        assert (await worker.press("/texts/new", **FORM)).status_code == 403
    async with at_desk(node, people["stranger"]) as stranger:
        for rest in paths:
            assert (await stranger.browser.get(f"{path}{rest}")).status_code == 404
        for step in ("edit", "review", "approve", "release", "changes", "comments"):
            answer = await stranger.press(f"{path}/{step}", **FORM | {"said": "x"})
            assert answer.status_code == 404, step
        assert "has not begun a text yet" in await stranger.see("/texts")
        assert (await stranger.browser.get(f"/texts/{uuid4()}")).status_code == 404


async def test_only_coordinators_see_what_pools_ask(
    node: Node, people: dict[str, Somebody]
) -> None:
    for role, status in (("coordinator", 200), ("reviewer", 403), ("worker", 403)):
        async with at_desk(node, people[role]) as somebody:
            assert (await somebody.browser.get("/texts/pools")).status_code == status


async def test_a_longer_list_takes_no_more_questions_to_the_database(
    node: Node, people: dict[str, Somebody]
) -> None:
    async with at_desk(node, people["reviewer"]) as author:
        await begun(author)
        await author.see("/texts")
        with statements(node.engine) as one:
            await author.see("/texts")
        for place in range(3):
            path = await begun(author, title=f"Text {place}")
            await author.go(f"{path}/comments", said="Why?")
        with statements(node.engine) as four:
            await author.see("/texts")

    assert len(four) == len(one)
