from datetime import timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from database.session import broken_constraint
from federation.notices.actions import notify
from federation.notices.addresses.actions import confirm_address, enter_address
from federation.notices.addresses.models import MailAddress
from federation.notices.messages.actions import begin, finish, spread, sweep_messages
from federation.notices.messages.models import NoticeMessage
from federation.notices.messages.queries import Parcel
from federation.notices.messages.rules import SENTENCES, kind_of, letter
from federation.notices.preferences.rules import LANGUAGES
from federation.permissions.rules import Asker
from tests.federation.conftest import NOW, Project


async def reached(session: AsyncSession, home: Project) -> Asker:
    ann = await home.somebody("worker")
    await enter_address(session, ann, "me@mailbox.example", NOW)
    mine = MailAddress.person_id == ann.person_id
    await confirm_address(
        session, (await session.scalars(select(MailAddress.id).where(mine))).one(), NOW
    )
    return ann


async def told(session: AsyncSession, asker: Asker, minutes: int = 0) -> None:
    now = NOW + timedelta(minutes=minutes)
    notice = await notify(session, person_id=asker.person_id, code="one", text="One.", now=now)
    await spread(session, notice, now)


async def messages(session: AsyncSession, asker: Asker) -> list[NoticeMessage]:
    mine = NoticeMessage.person_id == asker.person_id
    rows = select(NoticeMessage).where(mine).order_by(NoticeMessage.first_at)
    return list(await session.scalars(rows.execution_options(populate_existing=True)))


async def test_what_happens_before_the_first_attempt_joins_and_nothing_after_it(
    session: AsyncSession, home: Project
) -> None:
    ann = await reached(session, home)
    await told(session, ann)
    await told(session, ann, 1)
    (message,) = await messages(session, ann)
    parcel = await begin(session, message.id, NOW + timedelta(minutes=2))
    assert isinstance(parcel, Parcel)
    assert (parcel.to, parcel.kind, parcel.language) == ("me@mailbox.example", "change", "en")
    await told(session, ann, 3)
    assert len(await messages(session, ann)) == 2
    await finish(session, parcel, NOW + timedelta(minutes=4))
    assert await begin(session, message.id, NOW + timedelta(minutes=5)) is None


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_what_was_put_off_goes_with_what_came_since_whichever_is_taken_up_first(
    session: AsyncSession, home: Project, order: tuple[int, ...]
) -> None:
    """A device that was to rest rings once, in whatever order workers take its messages up."""
    ann = await reached(session, home)
    for minutes in (0, 1, 2):
        await told(session, ann, minutes)
        newest = (await messages(session, ann))[-1]
        if minutes < 2:
            # taken up, and put off by the push service
            newest.tried_at = NOW + timedelta(minutes=minutes)
            await session.flush()
    ids = [message.id for message in await messages(session, ann)]
    later, rings = NOW + timedelta(minutes=3), []

    for place in (*order, 2):
        parcel = await begin(session, ids[place], later)
        if isinstance(parcel, Parcel):
            await finish(session, parcel, later)
            rings.append(parcel.message_id)

    assert rings == [ids[2]]
    ended = {one.id: (one.state, one.first_at) for one in await messages(session, ann)}
    assert ended[ids[2]] == ("sent", NOW)
    assert {ended[one][0] for one in ids[:2]} == {"not-needed"}


async def test_ended_messages_are_forgotten_after_a_month(
    session: AsyncSession, home: Project
) -> None:
    ann = await reached(session, home)
    await told(session, ann)
    (message,) = await messages(session, ann)
    parcel = await begin(session, message.id, NOW)
    assert isinstance(parcel, Parcel)
    await finish(session, parcel, NOW)
    await told(session, ann, 1)
    await sweep_messages(session, NOW + timedelta(days=30))
    assert len(await messages(session, ann)) == 2
    await sweep_messages(session, NOW + timedelta(days=30, seconds=1))
    assert [one.state for one in await messages(session, ann)] == ["waiting"]


async def test_the_database_lets_one_message_wait_for_a_target(
    session: AsyncSession, home: Project
) -> None:
    ann, target = await home.somebody("worker"), uuid4()
    with pytest.raises(IntegrityError) as refused:
        await two_waiting(session, ann, target)
    assert broken_constraint(refused.value) == "uq_notice_message_waiting"


async def two_waiting(session: AsyncSession, asker: Asker, target: UUID) -> None:
    async with session.begin_nested():
        session.add_all(
            NoticeMessage(
                id=uuid4(),
                person_id=asker.person_id,
                channel="email",
                target=target,
                kind="change",
                urgent=False,
                first_at=NOW,
            )
            for _ in range(2)
        )


@pytest.mark.parametrize("notices", [1, 3, 20])
async def test_telling_costs_as_many_queries_however_much_there_is_to_tell(
    session: AsyncSession, home: Project, notices: int
) -> None:
    ann = await reached(session, home)
    for minute in range(notices):
        await told(session, ann, minute)
    now = NOW + timedelta(hours=1)
    notice = await notify(session, person_id=ann.person_id, code="one", text="One.", now=now)
    asked: list[str] = []
    connection = (await session.connection()).sync_connection

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    await spread(session, notice, now)
    event.remove(connection, "before_cursor_execute", note)
    # the notice, two for the wishes, two for the targets, the message, the work and its bell
    assert len(asked) == 8


def test_every_sentence_is_there_in_every_language_and_they_differ() -> None:
    for said in SENTENCES.values():
        assert sorted(said) == sorted(LANGUAGES)
        assert len(set(said.values())) == len(LANGUAGES)


def test_a_letter_has_the_same_words_whatever_happened() -> None:
    codes = ("seated", "claim-refused", "shift-closed", "called", "training-ends", "swap-offered")
    letters = {
        letter(kind_of(code), "en", "https://a.example/", "https://a.example/s") for code in codes
    }
    assert len(letters) == 1
