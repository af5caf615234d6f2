"""Days on pages are those of the reader's clock: in Dhaka this all happened on 6 January."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.pages.rendering import TEMPLATES
from database.ids import new_id
from database.session import door
from federation.notices.actions import notify
from federation.notices.addresses.models import MailAddress
from federation.notices.devices.models import PushDevice
from federation.partners.keys import NodeKeys
from federation.people.models import Handle, Person
from federation.pools.models import Channel
from protocols.comments.actions import comment_on
from protocols.exports.actions import note_export, tick_off
from protocols.exports.queries import withdrawn_exports
from protocols.items.actions import draft_item
from protocols.lived_reviews.actions import attest_lived_review
from protocols.proposals.actions import propose
from protocols.releases.models import Release
from rota.calendar.actions import add_address
from rota.calendar.rules.wanted import Wording
from rota.passport.tools import grant_account
from tests.api.conftest import Node, Somebody
from tests.api.evening import an_evening
from tests.api.suggesting import a_stage
from tests.protocols.example_texts import (
    Members,
    Told,
    protocol,
    read,
    released,
    revised,
    take_up,
    withdraw,
)

NIGHT = datetime(2027, 1, 5, 18, 0, tzinfo=UTC)
"""Midnight in Dhaka."""
HERE, UTCS = "6 January", "5 January"
URN = "urn:uuid:"
A_DAY_OF_UTC = re.compile(r"\b(?:\w+_at|at|stated)\.date\(\)")


@pytest.fixture
async def reader(node: Node) -> Somebody:
    """A coordinator, author and worker who lives in Dhaka and works for a project in London."""
    if not (node.settings.keys / "node-id").exists():
        NodeKeys.create(node.settings.keys)
    person = await node.somebody("coordinator", "reviewer", "worker")
    async with door(node.engine) as session:
        lives = update(Person).where(Person.id == person.id)
        await session.execute(lives.values(zone="Asia/Dhaka"))
    return person


async def members_of(node: Node, reader: Somebody) -> Members:
    author = await node.somebody("reviewer", project_id=reader.project_id)
    return Members(
        project=reader.project_id,
        name="project",
        coordinator=reader.asker,
        reviewer=author.asker,
        worker=reader.asker,
    )


async def seen(node: Node, reader: Somebody, path: str) -> str:
    async with node.signed_in(reader.id) as browser:
        answer = await browser.get(path)
    assert answer.status_code == 200
    return answer.text.partition("<main")[2]


def days(page: str) -> tuple[int, int]:
    """Count the days of the reader's clock on a page, and those of UTC."""
    return page.count(HERE), page.count(UTCS)


async def a_notice(session: AsyncSession, reader: Somebody) -> None:
    await notify(session, person_id=reader.id, code="seated", text="Something new.", now=NIGHT)


async def a_calendar(session: AsyncSession, reader: Somebody) -> None:
    await add_address(session, reader.asker, Wording("Phone"), NIGHT)


async def refused_mail(session: AsyncSession, reader: Somebody) -> None:
    facts: dict[str, Any] = {"address": "me@mailbox.example", "asked_at": NIGHT}
    facts |= {"id": new_id(), "person_id": reader.id}
    session.add(MailAddress(confirmed_at=NIGHT, refused_at=NIGHT, **facts))


async def a_device(session: AsyncSession, reader: Somebody) -> None:
    session.add(
        PushDevice(
            person_id=reader.id,
            label="Phone",
            endpoint=f"https://push.example/{reader.id}",
            p256dh="key",
            auth="secret",
            made_at=NIGHT,
        )
    )


@pytest.mark.parametrize(
    ("happens", "path"),
    [
        (a_notice, "/"),
        (a_calendar, "/calendar"),
        (refused_mail, "/notices"),
        (a_device, "/notices"),
    ],
)
async def test_what_is_ones_own(
    node: Node,
    reader: Somebody,
    happens: Callable[[AsyncSession, Somebody], Awaitable[None]],
    path: str,
) -> None:
    async with door(node.engine) as session:
        await happens(session, reader)
    assert days(await seen(node, reader, path)) == (1, 0)


async def test_accounts_on_tools(node: Node) -> None:
    evening = await an_evening(node)
    who = evening.coordinator
    async with door(node.engine) as session:
        await session.execute(update(Person).where(Person.id == who.id).values(zone="Asia/Dhaka"))
        tool = {"tool_owner": who.project_id, "tool_account": "An account."}
        channel = Channel.id == evening.pool.channel
        await session.execute(update(Channel).where(channel).values(**tool))
        handle = select(Handle.id).where(Handle.display == evening.handle)
        handle_id = (await session.scalars(handle)).one()
        await grant_account(session, who.asker, evening.pool.channel, handle_id, NIGHT)
    assert days(await seen(node, who, "/trainings")) == (1, 0)


async def a_text(node: Node, members: Members) -> tuple[UUID, str]:
    """Write, release, take up and read a text, all in that night; gives its id and its URN."""
    async with door(node.engine) as session:
        release = await released(session, members, protocol(Told()))
        await take_up(session, members, release)
        await read(session, members.worker, release.urn)
    return UUID(release.urn.removeprefix(URN)), release.urn


async def test_versions_and_readers_of_a_text(node: Node, reader: Somebody) -> None:
    item, _ = await a_text(node, await members_of(node, reader))
    page = await seen(node, reader, f"/protocols/{item}")
    # stated, read by oneself, and in the list of readers
    assert days(page) == (3, 0)


async def test_remarks_reviews_and_saved_versions_of_a_draft(node: Node, reader: Somebody) -> None:
    members = await members_of(node, reader)
    async with door(node.engine) as session:
        item = await draft_item(session, members.reviewer, protocol(Told()), NIGHT)
        await comment_on(session, members.reviewer, item.id, said="Shorter?", now=NIGHT)
        await attest_lived_review(session, members.coordinator, item.id, who=None, now=NIGHT)
        number = item.id
    text = await seen(node, reader, f"/texts/{number}")
    history = await seen(node, reader, f"/texts/{number}/history")
    # a comment names its day twice: once for those who hear its buttons read out
    assert days(text) == (3, 0)
    assert days(history) == (1, 0)


async def test_what_can_be_and_what_was_withdrawn(node: Node, reader: Somebody) -> None:
    members = await members_of(node, reader)
    item, urn = await a_text(node, members)
    async with door(node.engine) as session:
        first = (await session.scalars(select(Release).where(Release.urn == urn))).one()
        await revised(session, members, first, Told(parts=("Stay online.", "Ring 999.")))
    offered = await seen(node, reader, f"/recalls/{item}")
    async with door(node.engine) as session:
        texts = {"en": "Ring the supervisor."}
        await note_export(session, reader.asker, tool="zammad", sequences={urn: 1}, now=NIGHT)
        await withdraw(session, members, first, holds_texts=texts)
        [export] = await withdrawn_exports(session, reader.asker)
        await tick_off(session, reader.asker, export.export_id, urn, NIGHT)
    withdrawn = await seen(node, reader, "/recalls")
    # two versions to withdraw, and one that can hold meanwhile
    assert days(offered) == (3, 0)
    # carried into a tool, ticked off there, and withdrawn
    assert days(withdrawn) == (3, 0)


async def test_what_was_proposed(node: Node) -> None:
    stage = await a_stage(node)
    who, own = stage.user.reviewer, stage.own
    async with door(node.engine) as session:
        await session.execute(update(Person).where(Person.id == who.id).values(zone="Asia/Dhaka"))
        made = await propose(session, who.asker, own.text.urn, own.wanted(), NIGHT)
    # a list names its day twice: once for those who hear its links read out
    assert days(await seen(node, who, "/proposals")) == (2, 0)
    assert days(await seen(node, who, f"/proposals/{made}")) == (1, 0)


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_no_page_writes_the_day_of_a_moment_without_a_clock(template: Path) -> None:
    assert A_DAY_OF_UTC.findall(template.read_text()) == []
