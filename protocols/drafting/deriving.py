"""A text of a project's own that is made from another's release, and says so."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from federation.permissions.rules import Asker, require_role, require_write
from protocols.drafting.actions import draft_text
from protocols.exchange.rules.texts import ExchangedText, Translated
from protocols.items.actions import AUTHORS
from protocols.items.models import Item
from protocols.items.rules.drafts import Draft, DraftBlock, DraftPlaceholder, Source
from protocols.recalls.errors import Withdrawn
from protocols.recalls.queries import all_withdrawals
from protocols.releases.models import Release
from protocols.releases.queries import release_of
from protocols.releases.rules import Manifest, current_languages, read_manifest


async def derive_text(
    session: AsyncSession, asker: Asker, urn: str, number: str, now: datetime
) -> Item:
    """Begin a draft from a release, whose exact bytes it names: a recall of these reaches it."""
    require_role(asker, *AUTHORS)
    require_write(asker)
    release = await release_of(session, asker, urn, number)
    known = (await all_withdrawals(session, [urn]))[urn]
    if release.sequence in known.releases or release.sequence in known.blocks:
        raise Withdrawn
    return await draft_text(session, asker, made_from(release), now)


def made_from(release: Release) -> ExchangedText:
    """Copy what a release says, with its translations as far as they are whole and up to date."""
    manifest = read_manifest(release.manifest)
    facts: dict[str, Any] = {
        name: getattr(manifest, name)
        for name in (
            *("kind", "protocol_kind", "source_language", "acknowledgement"),
            *("jurisdictions", "review_by", "use_limits", "channels"),
        )
    }
    draft = Draft(
        **facts,
        title=manifest.source.title,
        question=manifest.source.question,
        keywords=manifest.source.keywords,
        blocks=[
            DraftBlock(manifest.source.texts[str(part.id)], part.locked) for part in manifest.blocks
        ],
        placeholders=[
            msgspec.convert(gap, DraftPlaceholder, from_attributes=True)
            for gap in manifest.placeholders
        ],
        derived_from=Source(release.urn, release.hash),
    )
    return ExchangedText(draft=draft, translations=_translations(manifest))


def _translations(manifest: Manifest) -> dict[str, Translated]:
    ids = [str(part.id) for part in manifest.blocks]
    return {
        language: Translated(
            title=wording.title,
            texts=[wording.texts[one] for one in ids],
            question=wording.question,
            keywords=wording.keywords,
        )
        for language, wording in manifest.variants.items()
        if language in current_languages(manifest) - {manifest.source_language}
        and wording.texts.keys() >= set(ids)
    }
