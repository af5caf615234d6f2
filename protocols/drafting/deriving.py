"""A text of a project's own that is made from another's release, and says so."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from federation.permissions.rules import Asker, require_role, require_write
from protocols.drafting.actions import draft_text
from protocols.exchange.rules.texts import ExchangedText, Translated
from protocols.items.actions import AUTHORS
from protocols.items.models import Item
from protocols.items.rules.drafts import DraftBlock, Source, redrafted
from protocols.recalls.errors import Withdrawn
from protocols.recalls.queries import all_withdrawals
from protocols.releases.models import Release
from protocols.releases.queries import release_of, work_of
from protocols.releases.rules import Manifest, current_languages, read_manifest, written_in


async def derive_text(
    session: AsyncSession, asker: Asker, urn: str, number: str, now: datetime
) -> Item:
    """Begin a draft from a release, whose exact bytes it names: a recall of these reaches it."""
    require_role(asker, *AUTHORS)
    require_write(asker)
    release = await release_of(session, asker, urn, number)
    work = work_of(release)
    known = (await all_withdrawals(session, [work]))[work]
    if release.sequence in known.releases or release.sequence in known.blocks:
        raise Withdrawn
    return await draft_text(session, asker, made_from(release), now)


def made_from(release: Release) -> ExchangedText:
    """Copy what a release says, with its translations as far as they are whole and up to date."""
    manifest = read_manifest(release.manifest)
    said = manifest.source.texts
    draft = redrafted(
        written_in(manifest),
        [DraftBlock(said[str(part.id)], part.locked) for part in manifest.blocks],
        derived_from=Source(release.urn, release.hash),
    )
    return ExchangedText(draft=draft, translations=_translations(manifest))


def _translations(manifest: Manifest) -> dict[str, Translated]:
    ids = [str(part.id) for part in manifest.blocks]
    others = current_languages(manifest) - {manifest.source_language}
    return {
        language: Translated(
            title=wording.title,
            texts=[wording.texts[one] for one in ids],
            question=wording.question,
            keywords=wording.keywords,
        )
        for language, wording in manifest.variants.items()
        if language in others and wording.texts.keys() >= set(ids)
    }
