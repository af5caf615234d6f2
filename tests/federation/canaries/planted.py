"""Words that are nowhere else, one in every personal field of a node, to be looked for."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.tables import METADATA
from database.ids import new_id
from database.session import door
from protocols.adoption.actions import adopt
from protocols.items.actions import draft_item
from protocols.items.models import Item
from protocols.releases.actions import release
from rota.claims.models import Claim
from rota.shifts.models import Seat, Shift
from tests.federation.chaos.node import ShakenNode
from tests.protocols.example_texts import NOW, Members, Told, approved, protocol

NUMBERS = count(1000)
Place = tuple[str, str]


@dataclass
class Planted:
    """What was planted, by the word itself: table and column, and whose node."""

    words: dict[str, Place] = field(default_factory=dict)
    people: set[str] = field(default_factory=set)
    """Ids of people, which no other node may ever learn."""

    def word(self, table: str, column: str) -> str:
        """Make a word for a place."""
        made = f"canary{next(NUMBERS)}zq"
        self.words[made] = (table, column)
        return made

    def row(self, table: str, *columns: str, **others: Any) -> tuple[str, dict[str, Any]]:
        return table, {column: self.word(table, column) for column in columns} | others


async def plant(node: ShakenNode, members: Members) -> Planted:
    """Write a word of its own into every personal field of a node."""
    async with door(node.engine) as session:
        people = list(await session.scalars(select(METADATA.tables["person"].c.id)))
        sign = partial(node.keys.sign, "release")
        return await plant_of(session, people, members, sign)


async def plant_of(
    session: AsyncSession, people: Sequence[UUID], members: Members, sign: Callable[[bytes], str]
) -> Planted:
    """Write a word of its own into every personal field of these people and of their project."""
    planted = Planted()
    person = METADATA.tables["person"]
    for one in people:
        planted.people.add(str(one))
        name = planted.word("person", "name")
        await session.execute(update(person).where(person.c.id == one).values(name=name))
        for table, row in _rows_of(planted, one):
            await session.execute(insert(METADATA.tables[table]).values(row))
    for table, row in await _texts_of(planted, session, members):
        await session.execute(insert(METADATA.tables[table]).values(row))
    await _own_values(planted, session, sign, members)
    await _reasons(planted, session, members)
    await _note(planted, session, members)
    return planted


def _rows_of(planted: Planted, person: UUID) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give what is kept of one person."""
    of = {"id": new_id(), "person_id": person}
    secret = {"secret_hash": uuid4().bytes, "expires_at": NOW + timedelta(days=1)}
    yield planted.row("mail_address", "address", **of, asked_at=NOW)
    yield planted.row("push_device", "label", "endpoint", "p256dh", "auth", **of, made_at=NOW)
    yield planted.row("api_token", "label", **of, **secret, scopes=["read"])
    yield planted.row("kept_answer", "key", **of, body_hash=b"", claim_id=uuid4(), at=NOW)
    yield planted.row("notice", "text", **of, code="test", at=NOW, urgent=False)
    yield planted.row("training", "name", **of, issued=date(2026, 1, 1), expires=date(2028, 1, 1))
    yield planted.row(
        "calendar_address",
        *("label", "name", "title"),
        **of,
        secret_hash=uuid4().bytes,
        made_at=NOW,
        etag="",
        body=planted.word("calendar_address", "body").encode(),
    )
    yield planted.row(
        "busy_calendar",
        "label",
        **of,
        made_at=NOW,
        address=planted.word("busy_calendar", "address").encode(),
    )


async def _texts_of(
    planted: Planted, session: AsyncSession, members: Members
) -> list[tuple[str, dict[str, Any]]]:
    """Give what is said about a draft that is never released, and the draft's own words."""
    words = Told(
        title=planted.word("item_variant", "title"), parts=[planted.word("item_variant", "texts")]
    )
    item: Item = await draft_item(session, members.reviewer, protocol(words), NOW)
    reviewer = members.reviewer.person_id
    return [
        planted.row(
            "item_comment",
            "said",
            id=new_id(),
            item_id=item.id,
            block=None,
            version=1,
            author_id=reviewer,
            at=NOW,
        ),
        planted.row("lived_review", "who", id=new_id(), item_id=item.id, words=b"", at=NOW),
        planted.row(
            "allowed_finding",
            "reason",
            id=new_id(),
            project_id=members.project,
            kind="phone",
            hash=uuid4().bytes,
            allowed_by=reviewer,
            allowed_at=NOW,
        ),
    ]


async def _own_values(
    planted: Planted, session: AsyncSession, sign: Callable[[bytes], str], members: Members
) -> None:
    """Take up a text of one's own, with values and parts that are the project's own business."""
    item = await approved(session, members, protocol(Told(title="Taken up")))
    published = await release(
        session,
        members.coordinator,
        item.id,
        sign=sign,
        now=NOW,
    )
    adoption = await adopt(session, members.coordinator, urn=published.urn, now=NOW)
    values = {
        name: {"phone": planted.word("adoption", name)} for name in ("values", "given_before")
    }
    table = METADATA.tables["adoption"]
    await session.execute(update(table).where(table.c.id == adoption.id).values(values))
    place, row = planted.row(
        "overlay",
        "sent_back",
        id=new_id(),
        project_id=members.project,
        urn=published.urn,
        release_id=published.id,
        base_hash=published.hash,
        values={"phone": planted.word("overlay", "values")},
        parts=[{"why": planted.word("overlay", "parts")}],
        authors=[],
        drafted_at=NOW,
        state="dropped",
    )
    await session.execute(insert(METADATA.tables[place]).values(row))


async def _reasons(planted: Planted, session: AsyncSession, members: Members) -> None:
    """Say why somebody of one's own may not have a seat, and why a text was sent back."""
    claim = await session.scalar(select(Claim.id).where(Claim.state == "held").limit(1))
    table, row = planted.row(
        "consent",
        "reason",
        claim_id=claim,
        project_id=members.project,
        state="refused",
        asked_at=NOW,
        until=NOW,
        decided_by=members.coordinator.person_id,
        decided_at=NOW,
    )
    await session.execute(insert(METADATA.tables[table]).values(row))


async def _note(planted: Planted, session: AsyncSession, members: Members) -> None:
    """Note something with the record of a session, where a project keeps notes."""
    held = await session.execute(
        select(Claim.id, Shift.id, Shift.pool_id, Shift.channel_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .limit(1)
    )
    claim, shift, pool, channel = held.one()
    table, row = planted.row(
        "session_record",
        "note",
        id=new_id(),
        claim_id=claim,
        project_id=members.project,
        shift_id=shift,
        pool_id=pool,
        channel_id=channel,
        day=NOW.date(),
        written_at=NOW,
        support="not-needed",
    )
    await session.execute(insert(METADATA.tables[table]).values(row))
