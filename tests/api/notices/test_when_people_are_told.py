"""From the change to the mailbox: at once or later, never in quiet hours, never for nothing."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select

from api.tables import METADATA
from database.session import door
from federation.notices.actions import mark_seen, notify, withdraw
from federation.notices.addresses.actions import stop_mail
from federation.notices.messages.actions import wish_channel
from federation.notices.preferences.rules import Wish
from federation.people.actions import let_go
from federation.people.rules import OPERATOR
from tests.api.notices.browsers import push_service
from tests.api.notices.conftest import NOON, Post
from tests.api.notices.mail_server import MailServer, mail_server
from tests.api.notices.test_web_push import device

EVENING = datetime(2027, 1, 4, 22, 30, tzinfo=UTC)
MORNING = datetime(2027, 1, 5, 7, tzinfo=UTC)


async def ready(post: Post, server: MailServer, **wishes: Any) -> None:
    post.set_up(smtp_port=server.port)
    await post.address()
    await post.wish(**wishes)


async def sent_at(post: Post, server: MailServer, *moments: datetime) -> list[int]:
    """Let the worker work at each moment; gives how many mails had been sent after each."""
    counts = []
    for post.now in moments:
        await post.work()
        counts.append(len(server.received))
    return counts


async def test_quiet_hours_keep_a_mail_until_the_morning(post: Post) -> None:
    async with mail_server() as server:
        await ready(post, server)
        post.now = EVENING
        await post.notice()
        almost = MORNING - timedelta(seconds=1)
        assert await sent_at(post, server, EVENING, almost, MORNING) == [0, 0, 1]


async def test_bug_14_what_is_urgent_is_told_at_once_and_breaks_quiet_hours_if_the_person_allows_it(
    post: Post,
) -> None:
    async with mail_server() as server:
        await ready(post, server)
        post.now = EVENING
        await post.notice(urgent=True)
        assert await sent_at(post, server, EVENING) == [0]
        await post.wish(urgent_breaks_quiet=True)
        assert await sent_at(post, server, EVENING) == [0]
        async with door(post.engine) as session:
            wish = Wish(urgent_breaks_quiet=True)
            await wish_channel(session, post.person, "email", wish, post.now)
        assert await sent_at(post, server, EVENING) == [1]
        await post.notice()
        assert await sent_at(post, server, EVENING, MORNING) == [1, 2]


async def test_an_urgent_notice_takes_along_what_waits_for_the_digest(post: Post) -> None:
    async with mail_server() as server:
        await ready(post, server, rhythm="weekly")
        await post.notice()
        assert await sent_at(post, server, NOON) == [0]
        await post.notice(urgent=True)
        assert await sent_at(post, server, NOON) == [1]
        monday = datetime(2027, 1, 11, 9, tzinfo=UTC)
        assert await sent_at(post, server, monday, monday + timedelta(days=7)) == [1, 1]


async def test_a_digest_is_one_mail_for_all_that_happened(post: Post) -> None:
    async with mail_server() as server:
        await ready(post, server, rhythm="daily", digest_at=time(9))
        for _ in range(3):
            await post.notice()
            await post.work()
            post.later(hours=1)
        nine = datetime(2027, 1, 5, 9, tzinfo=UTC)
        late = nine - timedelta(seconds=1)
        assert await sent_at(post, server, late, nine, nine + timedelta(days=1)) == [0, 1, 1]
    assert await post.states() == ["sent"]


async def test_a_wish_for_at_once_brings_forward_what_waited(post: Post) -> None:
    async with mail_server() as server:
        await ready(post, server, rhythm="weekly")
        await post.notice()
        assert await sent_at(post, server, NOON) == [0]
        async with door(post.engine) as session:
            await wish_channel(session, post.person, "email", Wish(), post.now)
        assert await sent_at(post, server, NOON) == [1]


async def test_a_wish_for_later_holds_back_what_was_due(post: Post) -> None:
    async with mail_server() as server:
        await ready(post, server)
        post.now = EVENING
        await post.notice()
        assert await sent_at(post, server, EVENING) == [0]
        await post.wish(quiet_from=time(22), quiet_until=time(10))
        assert await sent_at(post, server, MORNING, MORNING + timedelta(hours=3)) == [0, 1]


async def test_who_has_looked_meanwhile_is_not_told(post: Post) -> None:
    async with mail_server() as server:
        await ready(post, server)
        post.now = EVENING
        notice = await post.notice()
        await post.work()
        async with door(post.engine) as session:
            await mark_seen(session, post.person, notice_id=notice, now=EVENING)
        assert await sent_at(post, server, MORNING) == [0]
    assert await post.states() == ["not-needed"]


async def test_who_has_stopped_mail_is_still_pushed_to(post: Post) -> None:
    async with mail_server() as server, push_service() as service:
        post.set_up(smtp_port=server.port)
        address = await post.address()
        await device(post, service)
        async with door(post.engine) as session:
            await stop_mail(session, address, post.now)
        await post.notice(urgent=True)
        await post.work()
    assert (len(server.received), len(service.received)) == (0, 1)


async def test_each_channel_has_hours_of_its_own(post: Post) -> None:
    async with mail_server() as server, push_service() as service:
        await ready(post, server, rhythm="daily", digest_at=time(9))
        await device(post, service)
        await post.wish("push", quiet_from=time(0), quiet_until=time(0))
        post.now = EVENING
        await post.notice()
        assert await sent_at(post, server, EVENING) == [0]
        assert len(service.received) == 1
        assert await sent_at(post, server, MORNING + timedelta(hours=2)) == [1]
    assert len(service.received) == 1


async def test_nothing_is_sent_to_an_address_that_nobody_has_confirmed(post: Post) -> None:
    async with mail_server() as server:
        post.set_up(smtp_port=server.port)
        await post.enter("somebody.else@mailbox.example")
        await post.notice(urgent=True)
        await post.work()
        post.later(days=3)
        await post.notice(urgent=True)
        await post.work()
    # the one mail is the one that asks
    assert len(server.received) == 1
    assert b"mail/confirm" in server.raw()


async def test_a_reminder_that_is_no_longer_true_is_not_sent(post: Post) -> None:
    async with mail_server() as server:
        await ready(post, server, quiet_from=time(17), quiet_until=time(19))
        post.now = datetime(2027, 1, 4, 18, tzinfo=UTC)
        await post.notice(code="reminder")
        await post.work()
        async with door(post.engine) as session:
            who = post.person.person_id
            await withdraw(session, person_id=who, code="reminder", now=post.now)
        # another notice does not make it true again
        await post.notice()
        assert await sent_at(post, server, datetime(2027, 1, 4, 19, tzinfo=UTC)) == [1]
    assert sorted(await post.states()) == ["not-needed", "sent"]


async def test_a_reminder_that_an_outage_made_late_is_not_sent_on_the_day_itself(
    post: Post,
) -> None:
    async with mail_server() as server:
        await ready(post, server, quiet_from=time(0), quiet_until=time(0))
        server.says["RCPT"] = "451 4.3.0 Not now"
        post.now = datetime(2027, 1, 4, 18, tzinfo=UTC)
        await post.notice(code="reminder")
        await post.work()
        assert await post.states() == ["waiting"]
        server.says.clear()
        assert await sent_at(post, server, datetime(2027, 1, 5, 0, 1, tzinfo=UTC)) == [0]
    assert await post.states() == ["not-needed"]


async def test_who_leaves_leaves_no_address_behind(post: Post) -> None:
    async with mail_server() as server, push_service() as service:
        await ready(post, server, rhythm="weekly")
        await device(post, service)
        await post.notice()
        await post.work()
        async with door(post.engine) as session:
            await let_go(session, OPERATOR, person_id=post.person.person_id, now=post.now)
        await post.work()
        post.later(days=8)
        await post.work()
        assert server.received == []
    async with door(post.engine) as session:
        left = {
            name: await session.scalar(select(func.count()).select_from(METADATA.tables[name]))
            for name in (
                "mail_address",
                "push_device",
                "notice_channel",
                "notice_preference",
                "notice_message",
            )
        }
    assert set(left.values()) == {0}, left


async def test_many_who_are_told_at_once_wait_for_one_another_nowhere(post: Post) -> None:
    """Two changes that tell the same people in opposite order do not lock each other out."""
    one, other = await post.somebody("worker"), await post.somebody("worker")
    first, second = door(post.engine), door(post.engine)
    async with first as session, second as rival:
        for told, person in ((session, one), (rival, other), (session, other), (rival, one)):
            await notify(told, person_id=person.person_id, code="test", text="One.", now=post.now)
    assert [len(await post.shown(each)) for each in (one, other)] == [2, 2]
