import re
from uuid import uuid4

import pytest
from httpx2 import AsyncClient

from api.parts import current_time
from database.session import door
from rota.calendar.queries import Address, addresses_of
from tests.api.conftest import ADDRESS, Node, Somebody, form_token
from tests.api.evening import Evening, an_evening
from tests.rota.strict_calendar import strictly_read

HERE = "/calendar"


@pytest.fixture
async def evening(node: Node) -> Evening:
    return await an_evening(node)


async def press(browser: AsyncClient, path: str, **fields: str) -> tuple[int, str]:
    token = await form_token(browser, HERE)
    answer = await browser.post(path, data={"_csrf_token": token, **fields})
    return answer.status_code, answer.text


async def addresses(node: Node, somebody: Somebody) -> list[Address]:
    async with door(node.engine) as session:
        return await addresses_of(session, somebody.id)


def url_on(page: str) -> str:
    return page.split('<code id="text">', 1)[1].split("</code>", 1)[0]


def links_on(page: str) -> list[str]:
    return [
        link
        for link in re.findall(r'href="([^"]*)"', page.split("<main", 1)[1].split("</main>", 1)[0])
        if not link.startswith("/")
    ]


async def test_an_address_is_made_shown_once_listed_worded_replaced_and_stopped(
    evening: Evening,
) -> None:
    node = evening.node
    async with node.signed_in(evening.worker.id) as browser:
        assert "Addresses that work" not in (await browser.get(HERE)).text
        status, shown = await press(browser, HERE, label="Phone", title="Yoga", alarm="30")
        url = url_on(shown)
        assert status == 200
        assert url.startswith(f"{ADDRESS}/calendar/")
        assert strictly_read((await node.web.get(url)).content) == []
        listed = (await browser.get(HERE)).text
        assert "Last read on" in listed
        assert url not in listed
        (address,) = await addresses(node, evening.worker)
        assert (address.label, address.title, address.alarm_minutes) == ("Phone", "Yoga", 30)
        assert await press(
            browser, f"{HERE}/{address.id}/words", label="Phone", title="Class", level="busy"
        ) == (303, "")
        (address,) = await addresses(node, evening.worker)
        assert (address.title, address.level, address.alarm_minutes) == ("Class", "busy", None)
        status, shown = await press(browser, f"{HERE}/{address.id}/rotate")
        assert status == 200
        assert url_on(shown) != url
        (address,) = await addresses(node, evening.worker)
        assert await press(browser, f"{HERE}/{address.id}/stop") == (303, "")
        assert await addresses(node, evening.worker) == []


async def test_each_program_gets_its_way_and_no_other_site_gets_the_address(
    evening: Evening,
) -> None:
    node = evening.node
    async with node.signed_in(evening.worker.id) as browser:
        token = await form_token(browser, HERE)
        answer = await browser.post(HERE, data={"_csrf_token": token, "label": "Phone"})
        shown, url = answer.text, url_on(answer.text)
        assert links_on(shown) == [
            f"webcal://{url.partition('://')[2]}",
            "https://calendar.google.com/calendar/r/settings/addbyurl",
            "https://outlook.live.com/calendar/",
            "https://outlook.office.com/calendar/",
        ]
        assert shown.count('<img src="data:image/svg+xml') == 2
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"


async def test_the_preview_says_what_the_feed_says_and_counts_as_no_use(evening: Evening) -> None:
    node = evening.node
    async with node.signed_in(evening.worker.id) as browser:
        _, shown = await press(browser, HERE, label="Phone", title="Yoga", name="Classes")
        example = "An entry would look like this:"
        assert example in shown
        (address,) = await addresses(node, evening.worker)
        seen = (await browser.get(f"{HERE}/{address.id}/preview")).text.split("</main>")[0]
        assert [word in seen for word in ("Calendar: Classes", "<strong>Yoga", example)] == [
            True,
            True,
            True,
        ]
        assert (await addresses(node, evening.worker))[0].last_used_on is None
        token = await form_token(browser, "/week")
        seat = evening.shift.seats["lead"]
        taken = await browser.post(f"/seats/{seat}/claim", data={"_csrf_token": token})
        assert taken.status_code == 303
        seen = (await browser.get(f"{HERE}/{address.id}/preview")).text.split("</main>")[0]
        (told,) = strictly_read((await node.web.get(url_on(shown))).content)
        assert told["SUMMARY"] == "Yoga"
        assert seen.count("<strong>Yoga</strong>") == 1
        assert example not in seen
        await press(
            browser, f"{HERE}/{address.id}/words", label="Phone", title="Yoga", level="busy"
        )
        seen = (await browser.get(f"{HERE}/{address.id}/preview")).text.split("</main>")[0]
        assert ("(no title)" in seen, "Yoga" in seen) == (True, False)


async def test_choices_follow_roles(evening: Evening) -> None:
    found = {}
    for name, somebody in (("worker", evening.worker), ("coordinator", evening.coordinator)):
        async with evening.node.signed_in(somebody.id) as browser:
            page = (await browser.get(HERE)).text
            found[name] = [
                text in page
                for text in ("My own shifts", "Seats that I could take", "All sessions of")
            ]
    assert found == {"worker": [True, True, False], "coordinator": [True, False, True]}


async def test_a_coordinator_follows_a_pool(evening: Evening) -> None:
    async with evening.node.signed_in(evening.coordinator.id) as browser:
        status, shown = await press(
            browser, HERE, shows=f"pool:{evening.pool.slug}", label="Laptop", weeks="8"
        )
        assert status == 200
        assert len(strictly_read((await evening.node.web.get(url_on(shown))).content)) == 1
        assert f"sessions of {evening.pool.slug}" in (await browser.get(HERE)).text


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"alarm": "soon"}, 400),
        ({"weeks": "-1"}, 400),
        ({"weeks": "9"}, 422),
        ({"level": "loud"}, 422),
        ({"shows": "everything"}, 422),
        ({"shows": "pool:theirs"}, 403),
    ],
)
async def test_what_no_form_offers_is_refused_with_a_way_back(
    evening: Evening, fields: dict[str, str], status: int
) -> None:
    async with evening.node.signed_in(evening.worker.id) as browser:
        refused, page = await press(browser, HERE, **fields)
        assert refused == status
        assert f'href="{HERE}"' in page
    assert await addresses(evening.node, evening.worker) == []


async def test_another_persons_address_is_not_there(evening: Evening) -> None:
    node = evening.node
    other, _ = await evening.colleague()
    async with node.signed_in(evening.worker.id) as browser:
        await press(browser, HERE, label="Secret phone")
        (address,) = await addresses(node, evening.worker)
    async with node.signed_in(other.id) as browser:
        assert "Secret phone" not in (await browser.get(HERE)).text
        for address_id in (address.id, uuid4()):
            assert (await browser.get(f"{HERE}/{address_id}/preview")).status_code == 404
            for act in ("rotate", "stop", "words"):
                status, page = await press(browser, f"{HERE}/{address_id}/{act}", label="Mine")
                assert (status, "Secret phone" in page) == (404, False)
    assert await addresses(node, evening.worker) == [address]
    assert address.made_at <= current_time()
