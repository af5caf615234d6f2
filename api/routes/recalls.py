"""Withdrawing texts, seeing who keeps to it, and ticking off what was carried into other tools."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody

from api.parts import Now, Session, Signed
from api.routes.pages_of import Page
from api.routes.protocols import URN, item_of
from api.routes.texts import signing
from protocols.confirmations.queries import RecallSeen, recalls_stated
from protocols.exports.actions import tick_off
from protocols.exports.queries import withdrawn_exports
from protocols.recalls.actions import recall, recall_item

Tag = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")]
Words = Annotated[str, msgspec.Meta(max_length=20_000)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Number = Annotated[str, msgspec.Meta(max_length=30)]


class HoldsBody(msgspec.Struct, forbid_unknown_fields=True):
    """What holds meanwhile: an earlier release by its number, or an emergency text by language."""

    number: Number | None = None
    texts: dict[Tag, Words] = {}


class RecallBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is withdrawn: a release, one part of it, or, without a number, the text altogether."""

    reason: Reason
    holds: HoldsBody
    number: Number | None = None
    part: UUID | None = None


class HearerAnswer(msgspec.Struct, frozen=True):
    """A project elsewhere, or a node; `confirmed_at` is null while it has not said so."""

    project: str
    node: str
    confirmed_at: datetime | None
    used_it: bool
    last_heard_at: datetime | None


class RecallAnswer(msgspec.Struct, frozen=True):
    """A recall of your project; `part` gives the withdrawn words where it is of one part."""

    id: UUID
    text: UUID
    title: str
    number: str
    part: str | None
    reason: str
    stated_at: datetime
    holds: HoldsBody
    hearers: list[HearerAnswer]


class ExportedAnswerAnswer(msgspec.Struct, frozen=True):
    """A withdrawn answer that was carried into another tool."""

    export: UUID
    answer: UUID
    title: str
    number: str
    tool: str
    exported_at: datetime
    removed_at: datetime | None


@get("/recalls", tags=["recalls"], summary="The recalls of your project")
async def list_recalls(session: Session, asker: Signed) -> Page[RecallAnswer]:
    """List what your project has withdrawn, and which others keep to it."""
    return Page([_recall(one) for one in await recalls_stated(session, asker)])


@post("/texts/{item:uuid}/recalls", tags=["recalls"], summary="Withdraw a text", status_code=201)
async def withdraw_text(
    session: Session,
    asker: Signed,
    now: Now,
    state: State,
    item: FromPath[UUID],
    data: JSONBody[RecallBody],
) -> Page[RecallAnswer]:
    """Withdraw a release, a part or all of it, and say what holds meanwhile."""
    urn, sign = f"{URN}{item}", signing(state)
    if data.number is None and data.part is None and data.holds.number is None:
        made = await recall_item(
            session,
            asker,
            urn=urn,
            reason=data.reason,
            holds_texts=data.holds.texts,
            sign=sign,
            now=now,
        )
    else:
        made = [
            await recall(
                session,
                asker,
                urn=urn,
                number=data.number or "",
                reason=data.reason,
                block=data.part,
                holds_number=data.holds.number,
                holds_texts=data.holds.texts,
                sign=sign,
                now=now,
            )
        ]
    ids = {one.id for one in made}
    stated = await recalls_stated(session, asker)
    return Page([_recall(one) for one in stated if one.id in ids])


@get("/exports/withdrawn", tags=["recalls"], summary="Withdrawn answers in other tools")
async def list_exports(session: Session, asker: Signed) -> Page[ExportedAnswerAnswer]:
    """List what was withdrawn and carried into a tool; take it out there, then tick it off."""
    return Page(
        [
            ExportedAnswerAnswer(
                one.export_id,
                item_of(one.urn),
                one.title,
                one.number,
                one.tool,
                one.exported_at,
                one.removed_at,
            )
            for one in await withdrawn_exports(session, asker)
        ]
    )


@post(
    "/exports/{export:uuid}/answers/{item:uuid}/removed",
    tags=["recalls"],
    summary="Say that an answer is gone from a tool",
    status_code=204,
)
async def removed_there(
    session: Session, asker: Signed, now: Now, export: FromPath[UUID], item: FromPath[UUID]
) -> None:
    """Tick off that somebody has removed it there; the first time stands."""
    await tick_off(session, asker, export, f"{URN}{item}", now)


def _recall(seen: RecallSeen) -> RecallAnswer:
    return RecallAnswer(
        id=seen.id,
        text=item_of(seen.urn),
        title=seen.title,
        number=seen.number,
        part=seen.part,
        reason=seen.reason,
        stated_at=seen.stated_at,
        holds=HoldsBody(number=seen.holds_number, texts=dict(seen.holds_texts)),
        hearers=[
            HearerAnswer(
                each.project, each.node, each.confirmed_at, each.used_it, each.last_heard_at
            )
            for each in seen.hearers
        ],
    )
