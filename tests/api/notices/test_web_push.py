"""Pushes against a service of the test, which checks and decrypts them with other libraries."""

import json
import re
from base64 import urlsafe_b64decode
from datetime import timedelta
from uuid import UUID

import pytest
from py_vapid import Vapid02
from sqlalchemy import select

from api.notices.keys import NoticeKeys
from api.notices.push import LONGEST_REST
from api.retry_after import asked_again_at
from database.outbox import OutboxRow
from database.session import door
from federation.notices.devices.actions import add_device
from federation.notices.devices.errors import TooManyDevices
from federation.notices.devices.models import PushDevice
from federation.notices.devices.rules import MOST_DEVICES, Subscription
from federation.notices.messages.actions import SEND
from federation.permissions.rules import Asker
from tests.api.notices.browsers import Browser, Push, PushService, push_service
from tests.api.notices.conftest import NOON, Post
from tests.api.notices.test_neutral_words import DENIED


async def device(
    post: Post, service: PushService, label: str = "Phone", person: Asker | None = None
) -> Browser:
    browser = Browser(f"{service.origin}/{label}")
    subscription = Subscription(browser.endpoint, **browser.keys())
    async with door(post.engine) as session:
        await add_device(
            session, person or post.person, subscription, label, post.now, development=True
        )
    return browser


async def devices(post: Post) -> list[str]:
    async with door(post.engine) as session:
        return list(await session.scalars(select(PushDevice.label).order_by(PushDevice.label)))


async def sending(post: Post) -> list[OutboxRow]:
    return [row for row in await post.outbox() if row.kind == SEND["push"]]


def claims_of(push: Push, origin: str) -> dict[str, object]:
    """Verify who signed, with a library that is not the sender's."""
    authorization = push.headers["authorization"]
    assert Vapid02.verify(authorization)
    token = authorization.split("t=")[1].split(",")[0]
    _, body, _ = token.split(".")
    claims: dict[str, object] = json.loads(_decoded(body))
    assert claims["aud"] == origin
    return claims


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


async def test_a_push_is_signed_as_this_node_and_only_the_browser_can_read_it(post: Post) -> None:
    async with push_service() as service:
        browser = await device(post, service)
        await post.notice()
        await post.work()
    (push,) = service.received
    assert push.path == "/Phone"
    assert json.loads(browser.read(push.body)) == {"text": "There is a change in your plan"}
    assert claims_of(push, service.origin) == {
        "aud": service.origin,
        "exp": int(NOON.timestamp()) + 12 * 3600,
        "sub": "https://plan.test",
    }
    keys = NoticeKeys.open(post.workshop.settings.keys)
    assert push.headers["authorization"].endswith(f",k={keys.public}")
    for secret in ("content-length", "authorization"):
        push.headers.pop(secret)
    assert push.headers == {
        "host": f"127.0.0.1:{service.port}",
        "accept-encoding": "identity",
        "content-encoding": "aes128gcm",
        "content-type": "application/octet-stream",
        "ttl": "259200",
        "urgency": "normal",
        "topic": "change",
        "user-agent": "push",
    }
    assert await post.states() == ["sent"]
    assert await post.outbox() == []


@pytest.mark.parametrize("language", ["en", "nl", "ro"])
async def test_a_push_tells_nothing_to_anybody(post: Post, language: str) -> None:
    person = await post.somebody("worker", languages=(language,))
    async with push_service() as service:
        browser = await device(post, service, person=person)
        await post.notice(person)
        await post.work()
    (push,) = service.received
    read = browser.read(push.body)
    # whoever runs the push service cannot even tell the language
    assert len(read) == 200
    assert DENIED.findall(read) == []
    headers = "\n".join(f"{name}: {value}" for name, value in push.headers.items())
    allowed = re.sub(r"host: \S+|vapid t=\S+|user-agent: push", "", headers)
    assert DENIED.findall(allowed.encode()) == []


async def test_every_device_rings_and_one_that_is_slow_to_answer_rings_once(post: Post) -> None:
    async with push_service() as phone, push_service() as laptop:
        await device(post, phone, "Phone")
        await device(post, laptop, "Laptop")
        laptop.status = "503 Service Unavailable"
        await post.notice(urgent=True)
        await post.work()
        assert (len(phone.received), len(laptop.received)) == (1, 1)
        (row,) = await sending(post)
        assert row.last_error == "PushPutOffError"
        laptop.status = "201 Created"
        post.later(minutes=1)
        await post.work()
    assert (len(phone.received), len(laptop.received)) == (1, 2)
    assert phone.received[0].headers["urgency"] == "high"
    assert await post.states() == ["sent", "sent"]


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone"])
async def test_a_device_that_its_service_no_longer_knows_is_forgotten(
    post: Post, status: str
) -> None:
    async with push_service() as service:
        await device(post, service, "Old")
        await device(post, service, "Phone")
        service.status = status
        await post.notice()
        await post.work()
        assert await devices(post) == []
        assert await post.outbox() == []
        await post.notice()
        await post.work()
    assert len(service.received) == 2
    assert await post.states() == ["given-up", "given-up"]


@pytest.mark.parametrize("status", ["429 Too Many Requests", "500 Error", "401 Unauthorized"])
async def test_what_a_service_does_not_take_now_is_tried_again(post: Post, status: str) -> None:
    async with push_service() as service:
        await device(post, service)
        service.status = status
        await post.notice()
        for attempts in (1, 2, 3):
            await post.work()
            (row,) = await sending(post)
            assert (row.attempts, row.last_error) == (attempts, "PushPutOffError")
            post.now = row.due
        service.status = "201 Created"
        await post.work()
    assert len(service.received) == 4
    assert await post.states() == ["sent"]
    assert await devices(post) == ["Phone"]


@pytest.mark.parametrize(
    ("said", "waits"),
    [
        ("120", timedelta(seconds=120)),
        ("Mon, 04 Jan 2027 13:30:00 GMT", timedelta(minutes=90)),
        ("999999999999", timedelta(days=1)),
    ],
)
async def test_a_service_that_says_when_is_asked_then(
    post: Post, said: str, waits: timedelta
) -> None:
    async with push_service() as service:
        await device(post, service)
        service.status = f"429 Too Many Requests\r\nretry-after: {said}"
        await post.notice()
        await post.work()
        (row,) = await sending(post)
        assert row.due == NOON + waits
        # neither that message nor another one rings before
        post.now = NOON + waits - timedelta(seconds=1)
        await post.notice(code="another")
        await post.work()
        assert len(service.received) == 1
        service.status = "201 Created"
        post.now = NOON + waits
        await post.work()
        assert len(service.received) == 2
        assert await sending(post) == []


@pytest.mark.parametrize(
    "said",
    ["soon", "-5", "", "0", "Mon, 04 Jan 2027 13:30:00 -0000", "Mon, 04 Jan 2027 11:00:00 GMT"],
)
def test_what_names_no_time_to_come_is_tried_as_usual(said: str) -> None:
    assert asked_again_at(said, NOON, LONGEST_REST) is None


async def test_a_dead_service_loses_nothing(post: Post) -> None:
    async with push_service() as service:
        await device(post, service)
        port = service.port
    await post.notice()
    await post.work()
    assert await post.states() == ["waiting"]
    post.later(minutes=5)
    async with push_service(port) as service:
        await post.work()
    assert len(service.received) == 1
    assert await post.states() == ["sent"]


async def test_a_push_address_on_a_private_network_gets_no_connection(post: Post) -> None:
    """A person could enter any address; in production loopback is none of ours either."""
    async with push_service() as service:
        await device(post, service)
        post.set_up(development=False)
        await post.notice()
        await post.work()
        assert service.received == []
    (row,) = await sending(post)
    assert row.last_error == "PushPutOffError"


async def test_a_removed_device_does_not_ring(post: Post) -> None:
    async with push_service() as service:
        await device(post, service)
        await post.notice()
        async with door(post.engine) as session:
            found: UUID = (await session.scalars(select(PushDevice.id))).one()
            row = await session.get_one(PushDevice, found)
            await session.delete(row)
        await post.work()
    assert service.received == []
    assert await post.states() == []
    assert await post.outbox() == []


async def test_one_person_has_ten_devices_at_most(post: Post) -> None:
    async with push_service() as service:
        for number in range(MOST_DEVICES):
            await device(post, service, f"Device {number}")
        with pytest.raises(TooManyDevices):
            await device(post, service, "One more")
    assert len(await devices(post)) == MOST_DEVICES
