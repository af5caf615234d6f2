"""Which texts hold on a pool's shifts, and that members add to them and change nothing."""

from dataclasses import replace

import pytest

from protocols.releases.rules import read_manifest
from tests.api.conftest import Node
from tests.api.pages.test_adopted_pages import WHY, here, live_words, part_form
from tests.api.pages.test_text_pages import at_desk, value
from tests.api.sharing import Sharing, item_of, sharing
from tests.protocols.example_texts import Told, protocol


@pytest.fixture
async def shared(node: Node) -> Sharing:
    return await sharing(node)


async def test_a_text_is_put_in_force_and_a_member_adds_its_reporting_line(
    shared: Sharing,
) -> None:
    text = await shared.release(protocol(Told(parts=("One.", "Two."))))
    first = read_manifest(text.manifest).blocks[0].id
    path = f"/texts/pools/{shared.pool.slug}/text"
    async with (
        at_desk(shared.node, shared.north["coordinator"]) as host,
        at_desk(shared.node, shared.south["reviewer"]) as author,
        at_desk(shared.node, shared.south["coordinator"]) as other,
    ):
        offered = await host.see("/texts/pools")
        named = await host.go(path, urn=text.urn)
        seen = await other.see("/texts/pools")
        sheet = await author.see(here(text))
        form = part_form(await author.see(f"{here(text)}/part?action=replace&block={first}"))
        changed = await author.press(f"{here(text)}/part", **form | WHY | {"text-en": "No."})
        form = part_form(await author.see(f"{here(text)}/part?action=add&after={first}"))
        await author.go(f"{here(text)}/part", **form | WHY | {"text-en": "Then tell the lead."})
        await author.go(f"{here(text)}/ask")
        shown = await other.see(here(text))
        await other.go(f"{here(text)}/approve", seen=value(shown, "seen"))

    assert "No text has been put in force here." in offered
    assert "Conduct: Live chat conduct</option>" in offered
    assert f'Conduct: <a href="{here(text)}">Live chat conduct</a>, newest version 1.0.0' in named
    assert f'Conduct: <a href="{here(text)}">Live chat conduct</a>' in seen
    assert "A pool has put this text on its shifts." in sheet
    assert "Leave it out" not in sheet
    assert changed.status_code == 422
    assert "A pool has put this text on its shifts: your project can only add to it." in (
        changed.text
    )
    assert await live_words(shared, shared.south, text) == ["One.", "Then tell the lead.", "Two."]


async def test_a_text_takes_the_place_of_another_of_its_kind(shared: Sharing) -> None:
    first, second, other = [
        await shared.release(draft)
        for draft in (
            protocol(Told(title="First")),
            protocol(Told(title="Second")),
            replace(protocol(Told(title="Safety")), protocol_kind="safeguarding"),
        )
    ]
    path = f"/api/v1/pools/{shared.pool.slug}/texts"
    bearer = shared.north["coordinator"].bearer
    for text in (first, other, second):
        answer = await shared.node.web.put(f"{path}/{item_of(text)}", headers=bearer)
        assert answer.status_code == 200, answer.text
    listed = await shared.node.web.get(path, headers=shared.south["worker"].bearer)

    assert listed.json()["items"] == [
        {
            "kind": kind,
            "id": item_of(text),
            "title": title,
            "number": "1.0.0",
            "lived_experience": False,
        }
        for kind, text, title in (
            ("conduct", second, "Second"),
            ("safeguarding", other, "Safety"),
        )
    ]


async def test_only_the_host_puts_a_text_in_force_and_only_members_see_it(
    shared: Sharing,
) -> None:
    text = await shared.release(protocol(Told()))
    await shared.put_on_shifts(text)
    secret = await shared.release(protocol(Told(title="Another")))
    page = f"/texts/pools/{shared.pool.slug}/text"
    path = f"/api/v1/pools/{shared.pool.slug}/texts"
    refused = {}
    for name, who in (
        ("worker", shared.north["worker"]),
        ("reviewer", shared.north["reviewer"]),
        ("stranger", shared.elsewhere["coordinator"]),
    ):
        async with at_desk(shared.node, who) as browser:
            answers = [
                await browser.press(page, urn=secret.urn),
                await shared.node.web.put(f"{path}/{item_of(secret)}", headers=who.bearer),
                await shared.node.web.get(path, headers=who.bearer),
            ]
        refused[name] = [answer.status_code for answer in answers]
    async with at_desk(shared.node, shared.elsewhere["coordinator"]) as stranger:
        theirs = await stranger.see("/texts/pools")

    assert refused == {
        "worker": [403, 403, 200],
        "reviewer": [403, 403, 200],
        "stranger": [404, 404, 404],
    }
    assert "Live chat conduct" not in theirs
