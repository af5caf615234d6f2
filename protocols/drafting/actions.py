from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from federation.permissions.rules import Asker, require_role, require_write
from federation.projects.queries import hold_project
from protocols.drafting.queries import Incoming, plan_import
from protocols.drafting.rules.fates import IncomingFate
from protocols.exchange.rules.texts import ExchangedText, Translated
from protocols.items.actions import add_variant, draft_item
from protocols.items.models import Item
from protocols.items.queries import blocks_of


async def draft_text(
    session: AsyncSession, asker: Asker, text: ExchangedText, now: datetime
) -> Item:
    """Write a new draft with its translations."""
    item = await draft_item(session, asker, text.draft, now)
    await add_translations(session, asker, item, text.translations, now)
    return item


async def add_translations(
    session: AsyncSession,
    asker: Asker,
    item: Item,
    translations: Mapping[str, Translated],
    now: datetime,
) -> None:
    """Say a draft in other languages, part by part as its parts stand now."""
    ids = [str(block.id) for block in await blocks_of(session, item.id)]
    for language, said in translations.items():
        await add_variant(
            session,
            asker,
            item.id,
            language=language,
            title=said.title,
            question=said.question,
            keywords=said.keywords,
            texts=dict(zip(ids, said.texts, strict=True)),
            now=now,
        )


async def import_texts(
    session: AsyncSession, asker: Asker, texts: Sequence[ExchangedText], now: datetime
) -> list[Incoming]:
    """Take texts in as drafts: those that may come in; the others are told with their reasons."""
    require_role(asker, "coordinator", "reviewer")
    require_write(asker)
    await hold_project(session, asker.project_id)
    plan = await plan_import(session, asker, texts)
    for incoming in plan:
        if incoming.fate is IncomingFate.NEW:
            await draft_text(session, asker, incoming.text, now)
    return plan
