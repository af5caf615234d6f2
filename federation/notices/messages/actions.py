from collections.abc import Iterable
from datetime import datetime, time, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Row, delete, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from database.outbox import put
from federation.notices.actions import leave
from federation.notices.addresses.actions import forget_addresses, note_refusal
from federation.notices.devices.actions import drop_device, forget_devices
from federation.notices.messages.models import NoticeMessage
from federation.notices.messages.queries import (
    Parcel,
    Target,
    destination,
    has_unseen,
    rests_until,
    targets_of,
)
from federation.notices.messages.rules import REMINDER, kind_of
from federation.notices.models import Notice
from federation.notices.preferences.actions import (
    choose_channel,
    choose_words_and_clock,
    forget_preferences,
)
from federation.notices.preferences.queries import Preferences, preferences_of
from federation.notices.preferences.rules import Wish, after_quiet, same_day, when_to_send
from federation.people.models import Person
from federation.people.queries import coordinators_of
from federation.permissions.rules import Asker

SEND = {"email": "send-mail", "push": "send-push"}
"""The kind of work that sends on each channel."""

KEPT = timedelta(days=30)
WAITING = text("state = 'waiting' AND tried_at IS NULL")


async def spread(session: AsyncSession, notice_id: UUID, now: datetime) -> None:
    """Have somebody told of a notice on every channel that they use, when they wish it."""
    notice = await session.get(Notice, notice_id)
    if notice is None or notice.seen_at is not None:
        return
    chosen = await preferences_of(session, notice.person_id)
    if chosen is None:
        return
    for target in await targets_of(session, notice.person_id):
        due = _due(chosen, target.channel, kind_of(notice.code), notice.at, urgent=notice.urgent)
        if due is not None:
            message_id = await _join(session, notice, target)
            await _ask(session, target.channel, message_id, due, now)


async def _join(session: AsyncSession, notice: Notice, target: Target) -> UUID:
    """Add a notice to the message that waits for this target, or begin one."""
    row = insert(NoticeMessage).values(
        id=uuid4(),
        person_id=notice.person_id,
        channel=target.channel,
        target=target.id,
        kind=kind_of(notice.code),
        urgent=notice.urgent,
        first_at=notice.at,
        state="waiting",
    )
    joined = await session.execute(
        row.on_conflict_do_update(
            index_elements=["target", "kind"],
            index_where=WAITING,
            set_={"urgent": or_(NoticeMessage.urgent, row.excluded.urgent)},
        ).returning(NoticeMessage.id)
    )
    return joined.scalar_one()


async def _ask(
    session: AsyncSession, channel: str, message_id: UUID, due: datetime, now: datetime
) -> None:
    payload = {"message": str(message_id)}
    await put(session, SEND[channel], payload, now=now, key=str(message_id), due=due)


def _due(
    chosen: Preferences, channel: str, kind: str, happened: datetime, *, urgent: bool
) -> datetime | None:
    wish, reminder = chosen.channels[channel], kind == REMINDER
    return when_to_send(wish, chosen.clock, happened, urgent=urgent, reminder=reminder)


async def begin(session: AsyncSession, message_id: UUID, now: datetime) -> Parcel | datetime | None:
    """Take up a message: give what to send, or a later time for it, or None if there is no need.

    From here on it counts as tried, whatever becomes of it.
    """
    waiting = await _waiting_with(session, message_id)
    message = next((one for one in waiting if one.id == message_id), None)
    if message is None:
        return None
    target = Target(message.channel, message.target)
    to = await destination(session, target)
    chosen = await preferences_of(session, message.person_id)
    due = None if chosen is None else _next_try(chosen, message, now)
    if to is None or chosen is None or due is None:
        await _end(session, message_id, "not-needed", now)
        return None
    due = max(due, await rests_until(session, target) or due)
    if due > now:
        return due
    if not await has_unseen(session, message.person_id, message.kind, message.first_at):
        await _end(session, message_id, "not-needed", now)
        return None
    *others, last = waiting
    if last is not message:
        await _go_with(session, message, last, now)
        await _ask(session, last.channel, last.id, now, now)
        return None
    for other in others:
        await _go_with(session, other, message, now)
    tried_at = message.tried_at = message.tried_at or now
    await session.flush()
    return Parcel(
        message_id=message.id,
        person_id=message.person_id,
        target=message.target,
        kind=message.kind,
        urgent=message.urgent,
        language=chosen.spoken,
        tried_at=tried_at,
        to=to,
    )


def _next_try(chosen: Preferences, message: NoticeMessage, now: datetime) -> datetime | None:
    """Say when a message may go out: not before it is due, nor, tried again, in quiet hours."""
    wish = chosen.channels[message.channel]
    due = _due(chosen, message.channel, message.kind, message.first_at, urgent=message.urgent)
    if due is None or (message.urgent and wish.urgent_breaks_quiet):
        return due
    next_try = max(due, after_quiet(wish, chosen.clock, now))
    if message.kind == REMINDER and not same_day(chosen.clock, message.first_at, next_try):
        return None
    return next_try


async def _waiting_with(session: AsyncSession, message_id: UUID) -> list[NoticeMessage]:
    """Lock all that waits for the target of a message, itself included, last what was tried last.

    What has not been tried yet is the very last. Locked in the order of their ids, so that two that
    are taken up at once do not wait for one another.
    """
    mine = aliased(NoticeMessage)
    rows = await session.scalars(
        select(NoticeMessage)
        .join(mine, (mine.target == NoticeMessage.target) & (mine.kind == NoticeMessage.kind))
        .where(mine.id == message_id, NoticeMessage.state == "waiting")
        .order_by(NoticeMessage.id)
        .with_for_update(of=NoticeMessage)
        .execution_options(populate_existing=True)
    )
    return sorted(rows, key=lambda one: (one.tried_at is None, one.tried_at or one.first_at))


async def _go_with(
    session: AsyncSession, message: NoticeMessage, last: NoticeMessage, now: datetime
) -> None:
    """Let a message that could not be sent for a while go with the last one that waits.

    After an outage nobody gets the same sentence twenty times, in whatever order they are taken up.
    """
    last.first_at = min(last.first_at, message.first_at)
    last.urgent = last.urgent or message.urgent
    await session.flush()
    await _end(session, message.id, "not-needed", now)


async def finish(session: AsyncSession, parcel: Parcel, now: datetime) -> None:
    """Note that a message was taken."""
    await _end(session, parcel.message_id, "sent", now)


async def give_up_mail(session: AsyncSession, parcel: Parcel, now: datetime) -> None:
    """Stop writing to an address that is refused; the person and their coordinators are told here.

    Told in the pages alone: a mail about mail that does not arrive would not arrive.
    """
    await _end(session, parcel.message_id, "given-up", now)
    await note_refusal(session, parcel.target, now)
    text = "Mail to your address is refused. Please enter it anew at Notices."
    await leave(session, person_id=parcel.person_id, code="mail-refused", text=text, now=now)
    person = await session.get_one(Person, parcel.person_id)
    text = "Mail does not reach everybody in your project. See at Notices whom."
    for coordinator in await coordinators_of(session, person.project_id):
        if coordinator != person.id:
            await leave(session, person_id=coordinator, code="mail-refused", text=text, now=now)


async def give_up_push(session: AsyncSession, parcel: Parcel, now: datetime) -> None:
    """Forget a device that its push service no longer knows, or has not taken anything for days."""
    await _end(session, parcel.message_id, "given-up", now)
    await drop_device(session, parcel.target, now)


async def _end(session: AsyncSession, message_id: UUID, state: str, now: datetime) -> None:
    await session.execute(
        update(NoticeMessage)
        .where(NoticeMessage.id == message_id)
        .values(state=state, ended_at=now)
        .execution_options(synchronize_session=False)
    )


async def replan(session: AsyncSession, person_id: UUID, now: datetime) -> None:
    """Bring forward what waits, after somebody has wished for it sooner; later needs no word.

    What falls due too early is looked at again then, and put off.
    """
    chosen = await preferences_of(session, person_id)
    rows: Iterable[Row[UUID, str, datetime, bool, str]] = await session.execute(
        select(
            NoticeMessage.id,
            NoticeMessage.channel,
            NoticeMessage.first_at,
            NoticeMessage.urgent,
            NoticeMessage.kind,
        )
        .where(NoticeMessage.person_id == person_id, WAITING)
        .order_by(NoticeMessage.id)
    )
    for message_id, channel, first_at, urgent, kind in rows:
        due = chosen and _due(chosen, channel, kind, first_at, urgent=urgent)
        await _ask(session, channel, message_id, due or now, now)


async def forget_person(session: AsyncSession, person_id: UUID) -> None:
    """Erase where and how somebody is told, as when they leave."""
    await session.execute(delete(NoticeMessage).where(NoticeMessage.person_id == person_id))
    await forget_addresses(session, person_id)
    await forget_devices(session, person_id)
    await forget_preferences(session, person_id)


async def sweep_messages(session: AsyncSession, now: datetime) -> None:
    """Forget which messages were sent, a month later."""
    await session.execute(delete(NoticeMessage).where(NoticeMessage.ended_at < now - KEPT))


async def wish_channel(
    session: AsyncSession, asker: Asker, channel: str, wish: Wish, now: datetime
) -> None:
    """Let somebody choose when a channel speaks to them; what waits follows at once."""
    await choose_channel(session, asker, channel, wish, now)
    await replan(session, asker.person_id, now)


async def wish_words_and_clock(
    session: AsyncSession,
    asker: Asker,
    *,
    language: str | None,
    zone: str | None,
    reminders: bool,
    reminder_at: time,
    now: datetime,
) -> None:
    """Let somebody choose language, zone and reminders; what waits follows at once."""
    await choose_words_and_clock(
        session,
        asker,
        language=language,
        zone=zone,
        reminders=reminders,
        reminder_at=reminder_at,
        now=now,
    )
    await replan(session, asker.person_id, now)
