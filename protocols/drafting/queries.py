from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import Reason
from federation.permissions.rules import Asker, require_role
from protocols.drafting.rules.fates import IncomingFate, passages_in, reasons_for
from protocols.exchange.rules.texts import ExchangedText
from protocols.items.models import Item, Variant
from protocols.screening.queries import known_findings
from protocols.screening.rules import Known, found_in, not_allowed


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
    allowed = await known_findings(session, asker.project_id)
    return [_incoming(text, known, asker.project_id, allowed) for text in texts]


def _incoming(
    text: ExchangedText,
    known: set[tuple[str, str]],
    project_id: UUID,
    allowed: Collection[Known],
) -> Incoming:
    reasons = reasons_for(text)
    key = (text.draft.kind, text.draft.title.casefold())
    if reasons:
        return Incoming(text, IncomingFate.REFUSED, reasons)
    if key in known:
        return Incoming(text, IncomingFate.THERE, [])
    known.add(key)
    found = not_allowed(found_in(project_id, passages_in(text)), allowed)
    return Incoming(text, IncomingFate.NEW, [one.reason for one in found])
