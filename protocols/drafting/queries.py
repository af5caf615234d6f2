from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import Reason
from federation.permissions.rules import Asker, require_role
from protocols.drafting.rules.fates import IncomingFate, reasons_for, warnings_for
from protocols.exchange.rules.texts import ExchangedText
from protocols.items.models import Item, Variant


class Incoming(NamedTuple):
    """A text that is to come in: what becomes of it, why, and what to look at first."""

    text: ExchangedText
    fate: IncomingFate
    reasons: list[Reason]


async def plan_import(
    session: AsyncSession, asker: Asker, texts: Sequence[ExchangedText]
) -> list[Incoming]:
    """Work out what an import would do; nothing is changed by it."""
    require_role(asker, "coordinator", "reviewer")
    query = (
        select(Item.kind, Variant.title)
        .join(Variant, (Variant.item_id == Item.id) & (Variant.language == Item.source_language))
        .where(Item.project_id == asker.project_id)
    )
    known = {(kind, title.casefold()) for kind, title in await session.execute(query)}
    return [_incoming(text, known) for text in texts]


def _incoming(text: ExchangedText, known: set[tuple[str, str]]) -> Incoming:
    reasons = reasons_for(text)
    key = (text.draft.kind, text.draft.title.casefold())
    if reasons:
        return Incoming(text, IncomingFate.REFUSED, reasons)
    if key in known:
        return Incoming(text, IncomingFate.THERE, [])
    known.add(key)
    return Incoming(text, IncomingFate.NEW, warnings_for(text))
