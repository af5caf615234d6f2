"""A release's words, spread out by language so that they are found."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, cast, func, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import REGCONFIG
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import put
from protocols.items.rules.wording import as_plain
from protocols.releases.models import Release, ReleaseText
from protocols.releases.queries import kept_manifest
from protocols.releases.rules import Manifest, paragraphs
from protocols.search_words.actions import learn_words
from protocols.search_words.rules import configuration, without_accents, words_of

SPREAD = "spread-texts"
AT_ONCE = 200
FEW = 20
"""So many are spread out with their release; a library that arrives, by the worker after it."""
READ_BY = 1
"""The rules by which words are read: one more with each change to them, and all are read again."""


def _weighted(rules: Any, text: str, weight: str) -> Any:
    words = func.to_tsvector(cast(rules, REGCONFIG), bindparam(text))
    return func.setweight(words, literal_column(f"'{weight}'"))


FOUND_BY = (
    update(ReleaseText)
    .where(
        ReleaseText.release_id == bindparam("of_release"),
        ReleaseText.language == bindparam("in_language"),
    )
    .values(
        words=_weighted(literal_column("'simple'"), "folded_heading", "A")
        .op("||")(_weighted(bindparam("rules"), "heading", "A"))
        .op("||")(_weighted(literal_column("'simple'"), "folded_body", "C"))
        .op("||")(_weighted(bindparam("rules"), "plain_body", "C"))
        .op("||")(_weighted(bindparam("rules"), "bare_heading", "A"))
        .op("||")(_weighted(bindparam("rules"), "bare_body", "C")),
        kind=bindparam("its_kind"),
        is_source=bindparam("in_source"),
        is_safety=bindparam("for_safety"),
        jurisdictions=bindparam("holds_in"),
        channels=bindparam("said_on"),
        read_by=READ_BY,
    )
)
"""Each wording as typed without accents, and by its language's rules; headings weigh more.

What has accents goes by these rules without them as well: people type it either way.
"""


async def spread_out(session: AsyncSession, published: Sequence[Manifest], now: datetime) -> None:
    """Have new releases found by their words, in every language that they have."""
    if len(published) > FEW:
        await put(session, SPREAD, {}, now=now, key=SPREAD)
    else:
        await _spread(session, published)


async def spread_out_again(session: AsyncSession) -> bool:
    """Spread out what nobody has yet, or only by older rules; True while there may be more.

    Many at once are left to this, and what an older program has written.
    """
    by_older = or_(ReleaseText.read_by.is_(None), ReleaseText.read_by < READ_BY)
    lacking = (
        select(Release)
        .where(Release.id.in_(select(ReleaseText.release_id).where(by_older)))
        .order_by(Release.id)
        .limit(AT_ONCE)
    )
    manifests = [kept_manifest(one) for one in await session.scalars(lacking)]
    await _spread(session, manifests)
    return len(manifests) == AT_ONCE


async def _spread(session: AsyncSession, manifests: Sequence[Manifest]) -> None:
    rows = [
        _found_by(manifest, language) for manifest in manifests for language in manifest.variants
    ]
    if not rows:
        return
    connection = await session.connection()
    await connection.execute(FOUND_BY, rows)
    await learn_words(session, [row[name] for row in rows for name in ("heading", "plain_body")])


def _found_by(manifest: Manifest, language: str) -> dict[str, Any]:
    wording = manifest.variants[language]
    heading = " ".join([wording.title, wording.question or "", *wording.keywords])
    body = as_plain("\n\n".join(each.text for each in paragraphs(manifest, language)))
    return {
        "of_release": manifest.release,
        "in_language": language,
        "rules": configuration(language),
        "heading": heading,
        "folded_heading": " ".join(words_of(heading)),
        "plain_body": body,
        "folded_body": " ".join(words_of(body)),
        "bare_heading": without_accents(heading),
        "bare_body": without_accents(body),
        "its_kind": manifest.kind,
        "in_source": language == manifest.source_language,
        "for_safety": any(part.locked for part in manifest.blocks),
        "holds_in": manifest.jurisdictions,
        "said_on": manifest.channels,
    }
