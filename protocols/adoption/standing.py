"""What holds of texts in a project, worked out from all that is known of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from protocols.adoption.models import Adoption
from protocols.adoption.rules import InForce
from protocols.overlays.rules.parts import OwnPart, effective_then, effective_where_it_fits
from protocols.pool_texts.rules import Named, meant
from protocols.recalls.rules import Withdrawals, what_holds, without_withdrawn, words_instead
from protocols.releases.models import Release
from protocols.releases.queries import kept_manifest
from protocols.releases.rules import Manifest, Work


class Adopted(NamedTuple):
    """An adoption, and the own parts that were approved for it."""

    adoption: Adoption
    own: tuple[OwnPart, ...]


class Key(NamedTuple):
    """An item in one project; `work` is None where no release of it has arrived."""

    project_id: UUID
    urn: str
    work: Work | None


def worked_by(texts: Iterable[InForce]) -> InForce | None:
    """Choose what a project works by, where two mean different texts by one URN."""
    return min(texts, key=lambda text: (not text.on_shifts, text.mode is None), default=None)


def standing(
    adopted: Mapping[Key, Adopted],
    named: Collection[tuple[UUID, Named]],
    reviewed: Collection[tuple[UUID, Named]],
    kept: Mapping[Work, Sequence[Release]],
    withdrawals: Mapping[Work, Withdrawals],
) -> list[InForce]:
    """Tell what holds of each item that a project has adopted or that its pools have named."""
    meanings = _meanings(named, adopted, kept)
    keys = sorted({*adopted, *meanings}, key=str)
    works = {key.work: None for key in keys if key.work}
    manifests = {work: {one.sequence: kept_manifest(one) for one in kept[work]} for work in works}
    return [
        _stands(
            _Known(
                key,
                one.adoption if (one := adopted.get(key)) else None,
                one.own if one else (),
                manifests[key.work] if key.work else {},
                withdrawals[key.work] if key.work else Withdrawals(),
                named=frozenset(meanings.get(key, ())),
                # only where nobody of the project decided does a pool's wish choose the release
                review_asked=not one and _is_asked(key, reviewed),
            )
        )
        for key in keys
    ]


def _is_asked(key: Key, reviewed: Collection[tuple[UUID, Named]]) -> bool:
    return key.work is not None and any(
        project_id == key.project_id and one.may_mean(key.work) for project_id, one in reviewed
    )


def by_key(
    adoptions: Collection[Adopted], kept: Mapping[Work, Sequence[Release]]
) -> dict[Key, Adopted]:
    """Keep adoptions by whose item in which project they are."""
    whose = {one.id: work for work, releases in kept.items() for one in releases}
    return {
        Key(one.adoption.project_id, one.adoption.urn, whose[one.adoption.release_id]): one
        for one in adoptions
    }


def _meanings(
    named: Collection[tuple[UUID, Named]],
    adopted: Collection[Key],
    kept: Mapping[Work, Sequence[Release]],
) -> dict[Key, set[Named]]:
    """Tell what pools mean in each project."""
    used = {(key.project_id, key.urn): key.work for key in adopted}
    known: dict[str, list[Work]] = defaultdict(list)
    for work in kept:
        known[work.urn].append(work)
    meanings: dict[Key, set[Named]] = defaultdict(set)
    for project_id, one in named:
        its = meant(one, known[one.urn], used.get((project_id, one.urn)))
        meanings[Key(project_id, one.urn, its)].add(one)
    return meanings


@dataclass(frozen=True, slots=True)
class _Known:
    """All that is known of one item in one project."""

    key: Key
    adoption: Adoption | None
    own: tuple[OwnPart, ...]
    manifests: Mapping[int, Manifest]
    withdrawals: Withdrawals
    named: frozenset[Named]
    review_asked: bool


def _stands(known: _Known) -> InForce:
    adoption, manifests = known.adoption, known.manifests
    locked = _locked(known)
    standing = what_holds(locked.sequence, known.withdrawals.releases) if locked else None
    holds = standing.sequence if standing else None
    upstream = manifests.get(holds) if holds else None
    instead = words_instead(holds, known.withdrawals, manifests) if holds else {}
    shown, aside = (
        effective_where_it_fits(
            without_withdrawn(upstream, instead), known.own, additions_only=bool(known.named)
        )
        if upstream
        else (None, [])
    )
    own = tuple(part for part in known.own if part not in aside)
    newer = _newer(known, locked)
    until = upstream.sequence if upstream else 0
    return InForce(
        project_id=known.key.project_id,
        urn=known.key.urn,
        locked=locked,
        manifest=shown,
        history=tuple(_history(manifests, until, own)),
        values=adoption.values if adoption else {},
        emergency=standing.emergency if standing else None,
        withdrawn_because=standing.reason if standing else None,
        withdrawn_parts={
            block: known.withdrawals.blocks[holds][block].reason for block in instead if holds
        },
        withdrawn_history=frozenset((*known.withdrawals.releases, *known.withdrawals.blocks)),
        pending=newer if adoption and adoption.mode == "tracking" else None,
        mode=adoption.mode if adoption else None,
        named=known.named,
        upstream=upstream,
        own=own,
        set_aside=tuple(aside),
        offered=newer,
        reading_asked=any(
            one.acknowledgement == "re-read" for one in manifests.values() if one.sequence <= until
        ),
    )


def _newer(known: _Known, locked: Manifest | None) -> str | None:
    if known.adoption is None or locked is None:
        return None
    sound = [one for one in known.manifests if one not in known.withdrawals.releases]
    newest = max((one for one in sound if one > locked.sequence), default=None)
    return known.manifests[newest].number if newest else None


def _history(
    manifests: Mapping[int, Manifest], until: int, own: Sequence[OwnPart]
) -> Iterator[Manifest]:
    for sequence in sorted(manifests, reverse=True):
        if sequence > until:
            continue
        words = effective_then(manifests[sequence], own)
        if words is None:
            return
        yield words


def _locked(known: _Known) -> Manifest | None:
    """Give what a project locked; where it took no decision, the newest that its pools allow."""
    adoption, manifests = known.adoption, known.manifests
    if adoption is not None:
        return next(one for one in manifests.values() if one.release == adoption.release_id)
    allowed = [
        sequence
        for sequence, manifest in manifests.items()
        if manifest.lived_experience or not known.review_asked
    ]
    return manifests[max(allowed)] if allowed else None
