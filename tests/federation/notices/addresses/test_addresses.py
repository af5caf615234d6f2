import asyncio
from datetime import timedelta
from string import ascii_letters, digits
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.session import broken_constraint, door
from federation.audit.models import AuditEntry
from federation.errors import NotAllowed
from federation.notices.addresses.actions import (
    confirm_address,
    enter_address,
    require_link,
    sweep_addresses,
    take_back_addresses,
)
from federation.notices.addresses.errors import (
    MailLinkExpired,
    MailLinkUnknown,
    NotAnAddress,
    TooManyConfirmations,
)
from federation.notices.addresses.models import MailAddress
from federation.notices.addresses.queries import people_mail_does_not_reach
from federation.notices.addresses.rules import (
    CONFIRM_WITHIN,
    MOST_A_DAY,
    address_of_link,
    link_secret,
    plain_address,
)
from federation.permissions.rules import Asker
from tests.federation.conftest import NOW, Project, new_project
from tests.locks import until_somebody_waits

KEY, OTHER = b"k" * 32, b"o" * 32


async def asked(session: AsyncSession, asker: Asker, mailbox: str = "me@mailbox.example") -> UUID:
    await enter_address(session, asker, mailbox, NOW)
    mine = MailAddress.person_id == asker.person_id, MailAddress.confirmed_at.is_(None)
    return (await session.scalars(select(MailAddress.id).where(*mine))).one()


@pytest.mark.parametrize(
    ("entered", "kept"),
    [
        (" me@mailbox.example ", "me@mailbox.example"),
        ("Me+plan@Mailbox.Example", "Me+plan@mailbox.example"),
        ("me@postfach.bücher.example", "me@postfach.xn--bcher-kva.example"),
    ],
)
def test_an_address_is_checked_by_its_form_alone(entered: str, kept: str) -> None:
    assert plain_address(entered) == kept


@pytest.mark.parametrize(
    "entered",
    [
        "",
        "me",
        "me@",
        "@mailbox.example",
        "me@mailbox",
        "mé@mailbox.example",
        "a b@c.example",
        "me@mailbox.example\nBcc: you@mailbox.example",
        "Me <me@mailbox.example>",
        "a@b.example,c@d.example",
    ],
)
def test_what_is_no_address_is_not_quoted(entered: str) -> None:
    with pytest.raises(NotAnAddress) as refused:
        plain_address(entered)
    assert refused.value.sentence == NotAnAddress.title


def test_a_link_is_good_for_one_address_one_purpose_and_one_node() -> None:
    address = uuid4()
    link = link_secret(KEY, "confirm", address)
    assert address_of_link(KEY, "confirm", link) == address
    assert address_of_link(KEY, "stop", link) is None
    assert address_of_link(OTHER, "confirm", link) is None
    false = {
        link[:place] + sign + link[place + 1 :]
        for place in range(len(link))
        for sign in f"{ascii_letters}{digits}-_+/"
    } - {link}
    assert {address_of_link(KEY, "confirm", each) for each in false} == {None}


async def test_the_audit_names_nobodys_address(session: AsyncSession, home: Project) -> None:
    ann = await home.somebody("worker")
    await confirm_address(session, await asked(session, ann), NOW)
    await take_back_addresses(session, ann, NOW)
    rows = await session.execute(
        select(AuditEntry.verb, AuditEntry.facts)
        .where(AuditEntry.actor == str(ann.person_id))
        .order_by(AuditEntry.id)
    )
    assert [tuple(row) for row in rows] == [
        ("mail-address.entered", {}),
        ("mail-address.confirmed", {}),
        ("mail-address.erased", {}),
    ]


async def test_only_coordinators_of_the_same_project_learn_whom_mail_does_not_reach(
    session: AsyncSession, home: Project
) -> None:
    elsewhere = await new_project(session)
    ann = await home.somebody("worker", name="Ann Refused")
    await home.somebody("worker", name="Ben Reached")
    await confirm_address(session, await asked(session, ann), NOW)
    (row,) = await session.scalars(
        select(MailAddress).where(MailAddress.person_id == ann.person_id)
    )
    row.refused_at = NOW
    await session.flush()
    coordinator = await home.somebody("coordinator")
    stranger = await elsewhere.somebody("coordinator")
    assert await people_mail_does_not_reach(session, coordinator) == ["Ann Refused"]
    assert await people_mail_does_not_reach(session, stranger) == []
    with pytest.raises(NotAllowed):
        await people_mail_does_not_reach(session, ann)


async def test_what_nobody_confirms_is_erased(session: AsyncSession, home: Project) -> None:
    ann, ben = await home.somebody("worker"), await home.somebody("worker")
    await confirm_address(session, await asked(session, ann), NOW)
    await asked(session, ben)
    people = (ann.person_id, ben.person_id)
    mine = select(MailAddress.person_id).where(MailAddress.person_id.in_(people))
    await sweep_addresses(session, NOW + timedelta(hours=47))
    assert len(list(await session.scalars(mine))) == 2
    await sweep_addresses(session, NOW + timedelta(hours=48))
    assert list(await session.scalars(mine)) == [ann.person_id]


async def test_the_database_keeps_one_address_of_each_kind(
    session: AsyncSession, home: Project
) -> None:
    ann = await home.somebody("worker")
    for confirmed, constraint in ((None, "asked"), (NOW, "confirmed")):
        two = [
            MailAddress(
                id=uuid4(),
                person_id=ann.person_id,
                address="a@b.example",
                asked_at=NOW,
                confirmed_at=confirmed,
            )
            for _ in range(2)
        ]
        with pytest.raises(IntegrityError) as refused:
            await at_once(session, two)
        assert broken_constraint(refused.value) == f"uq_mail_address_{constraint}"


async def at_once(session: AsyncSession, rows: list[MailAddress]) -> None:
    async with session.begin_nested():
        session.add_all(rows)


async def test_confirming_in_two_tabs_at_once_keeps_the_address(
    committing_engine: AsyncEngine,
) -> None:
    async with door(committing_engine) as session:
        ann = await (await new_project(session)).somebody("worker")
        address = await asked(session, ann)

    async def confirm() -> None:
        async with door(committing_engine) as other:
            await confirm_address(other, address, NOW)

    async with door(committing_engine) as session:
        await confirm_address(session, address, NOW)
        second = asyncio.create_task(confirm())
        await until_somebody_waits(committing_engine)
    await second
    async with door(committing_engine) as session:
        kept = (await session.scalars(select(MailAddress))).one()
        assert (kept.id, kept.confirmed_at) == (address, NOW)


async def test_an_address_that_was_replaced_meanwhile_is_not_confirmed(
    committing_engine: AsyncEngine,
) -> None:
    async with door(committing_engine) as session:
        ann = await (await new_project(session)).somebody("worker")
        address = await asked(session, ann)

    async def confirm() -> None:
        async with door(committing_engine) as other:
            await confirm_address(other, address, NOW)

    async with door(committing_engine) as session:
        await enter_address(session, ann, "new@mailbox.example", NOW)
        late = asyncio.create_task(confirm())
        await until_somebody_waits(committing_engine)
    with pytest.raises(MailLinkUnknown):
        await late


async def test_a_link_is_good_for_two_days(session: AsyncSession, home: Project) -> None:
    address_id = await asked(session, await home.somebody("worker"))
    await require_link(session, address_id, NOW + CONFIRM_WITHIN - timedelta(seconds=1))
    for late in (require_link, confirm_address):
        with pytest.raises(MailLinkExpired):
            await late(session, address_id, NOW + CONFIRM_WITHIN)
    kept = await session.get_one(MailAddress, address_id)
    assert kept.confirmed_at is None


async def test_only_so_many_confirmations_are_sent_a_day(
    session: AsyncSession, home: Project
) -> None:
    ann = await home.somebody("worker")
    for number in range(MOST_A_DAY):
        await asked(session, ann, f"me{number}@mailbox.example")
    with pytest.raises(TooManyConfirmations):
        await asked(session, ann)
    # whoever else asks is not kept waiting, nor the same person a day later
    await asked(session, await home.somebody("worker"))
    await enter_address(session, ann, "me@mailbox.example", NOW + timedelta(days=1))
