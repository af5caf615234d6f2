"""The public page speaks as its reader does, and no cache gives it to somebody else."""

import pytest
from httpx2 import Response

from api.parts import current_time
from database.session import door
from tests.api.conftest import Node
from tests.api.public.test_public_open_hours import furnish
from tests.rota.example_rota import example_rota

NOBODY = {
    "en": "Nobody is there at the moment",
    "nl": "Er is nu niemand",
    "ro": "Acum nu este nimeni",
}


@pytest.fixture
async def address(node: Node) -> str:
    async with door(node.engine) as session:
        rota = await example_rota(session, now=current_time())
        await furnish(rota)
        return f"/open/{rota.pool.slug}"


async def read(node: Node, address: str, language: str, **headers: str) -> Response:
    return await node.web.get(address, headers={"Accept-Language": language, **headers})


async def test_the_page_is_in_the_language_of_the_browser(node: Node, address: str) -> None:
    for language, nobody in NOBODY.items():
        answer = await read(node, address, language)
        assert f'<html lang="{language}" dir="ltr">' in answer.text
        assert [word for word in NOBODY.values() if word in answer.text] == [nobody]
        assert answer.headers["vary"] == "Accept-Language"
        assert len(answer.content) < 30_000


async def test_what_stands_in_frames_is_small_and_the_only_page_that_may(
    node: Node, address: str
) -> None:
    channel = (await read(node, f"{address}.json", "en")).json()["hours"][0]["channel"]
    framed = f"{address}/embedded"
    for language, nobody in NOBODY.items():
        # with a second query it goes the long way, past the one before routing
        answer = await read(node, framed, language)
        part = await read(node, f"{framed}?channel={channel}&lang={language}", "en")
        assert [nobody in each.text for each in (answer, part)] == [True, True]
        assert f'href="{address}?lang={language}&amp;channel={channel}"' in part.text
        assert "<script" not in answer.text
        assert len(answer.content) < 10_000
        assert answer.headers["vary"] == "Accept-Language"
        assert answer.headers["content-security-policy"].endswith("frame-ancestors *")
    for other in (address, f"{address}.json", "/", "/widget.js"):
        policy = (await read(node, other, "en")).headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
    assert (await read(node, "/open/nowhere-at-all/embedded", "en")).status_code == 404
    assert (await read(node, f"{address}.json/embedded", "en")).status_code == 404


async def test_a_choice_stands_in_the_address_alone(node: Node, address: str) -> None:
    page = (await read(node, address, "ro")).text
    assert '<a href="?lang=nl" hreflang="nl" lang="nl" rel="nofollow">Nederlands</a>' in page
    channel = (await read(node, f"{address}.json", "ro")).json()["hours"][0]["channel"]
    chosen = await read(node, f"{address}?lang=nl", "ro")
    assert NOBODY["nl"] in chosen.text
    assert "set-cookie" not in chosen.headers
    part = await read(node, f"{address}?channel={channel}&lang=nl", "ro")
    assert f'href="?channel={channel}&amp;lang=ro"' in part.text
    assert NOBODY["ro"] in (await read(node, f"{address}?lang=klingon", "ro")).text


async def test_what_is_held_in_one_language_is_no_answer_in_another(
    node: Node, address: str
) -> None:
    held = (await read(node, address, "ro")).headers["etag"]
    told = [
        (await read(node, address, language, **{"If-None-Match": held})).status_code
        for language in ("ro", "nl", "en")
    ]
    assert told == [304, 200, 200]


async def test_data_is_the_same_for_everybody(node: Node, address: str) -> None:
    first, second = [await read(node, f"{address}.json", tag) for tag in ("ro", "nl")]
    assert (first.content, first.headers["etag"]) == (second.content, second.headers["etag"])
    assert "vary" not in first.headers


async def test_a_refusal_is_in_the_language_of_the_browser(node: Node) -> None:
    answer = await read(node, "/open/nowhere-at-all", "nl", Accept="text/html")
    assert answer.status_code == 404
    assert "<h1>Deze pagina bestaat niet. Controleer het adres.</h1>" in answer.text
    program = await read(node, "/open/nowhere-at-all", "nl", Accept="application/json")
    assert program.json()["title"] == "There is no such page. Please check the address."
