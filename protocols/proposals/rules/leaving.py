"""What a project may let out of its own words: places instead of its values, and nobody's name."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from federation.errors import Reason
from protocols.overlays.rules.parts import OwnPart, stale_own
from protocols.proposals.rules.gaps import Doubt, OwnValues, words_of_owner
from protocols.proposals.rules.names import SOMEBODY, OwnPeople
from protocols.proposals.rules.parts import (
    Identifying,
    ProposedPart,
    about,
    identifying,
    lines_of,
)
from protocols.releases.rules import Manifest

ASKED = {
    "several-places": "this may stand for %(gaps)s. Write the one that you mean.",
    "also-theirs": "the owner's words say this too. Write %(gaps)s if you mean your own value.",
    "short": "this may be your value of %(gaps)s. Write that, or leave it as it is.",
    "spelling": "this holds your value of %(gaps)s. Write the place instead.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One own part that somebody wants to propose; `texts` where they have looked at the words."""

    block: UUID
    why: str
    texts: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An own part as it would leave, with its places put back, and what has to be looked at."""

    own: OwnPart
    texts: Mapping[str, str]
    doubts: Mapping[str, Sequence[Doubt]]


def prepare(
    manifest: Manifest, parts: Sequence[OwnPart], values: Mapping[str, str]
) -> list[Prepared]:
    """Put places back in all own parts, as far as that is no guess.

    A translation that is out of date at home is not shown there, and not proposed either.
    """
    own_values = OwnValues(values, words_of_owner(manifest))
    stale = set(stale_own(parts, manifest.source_language))
    return [_prepared(part, own_values, stale) for part in parts]


def found_in(manifest: Manifest, prepared: Sequence[Prepared]) -> list[Identifying]:
    """Find what could identify somebody in words that somebody is about to propose."""
    parts = [propose_from(one, Wanted(block=one.own.block, why="")) for one in prepared]
    return identifying(manifest, parts)


def propose_from(prepared: Prepared, wanted: Wanted) -> ProposedPart:
    """Give what is to leave: the words as somebody has looked at them, or with places put back."""
    own = prepared.own
    said = prepared.texts if wanted.texts is None else wanted.texts
    return ProposedPart(
        block=own.block,
        action=own.action,
        after=own.after,
        why=wanted.why.strip(),
        texts={language: text for language, text in said.items() if text.strip()},
    )


def reasons_against_leaving(
    manifest: Manifest,
    chosen: Sequence[tuple[Prepared, Wanted]],
    *,
    values: Mapping[str, str],
    people: OwnPeople,
) -> Iterator[Reason]:
    """Name every guess that somebody has to decide, value that would leave, and own person."""
    theirs = words_of_owner(manifest)
    own_values = OwnValues(values, theirs)
    for prepared, wanted in chosen:
        part = propose_from(prepared, wanted)
        guesses = prepared.doubts if wanted.texts is None else {}
        for language, text in lines_of(part):
            asked = guesses.get(language, ())
            found = [
                *_of_values("place-in-doubt", asked),
                *_of_values("own-value", [] if asked else own_values.left_in(text)),
                *(("own-people", *span, SOMEBODY) for span in people.named_in(text, theirs)),
            ]
            for code, start, end, said in found:
                yield Reason(code, about(part, language, start, end, said))


def _of_values(code: str, doubts: Sequence[Doubt]) -> list[tuple[str, int, int, str]]:
    return [(code, doubt.start, doubt.end, asking(doubt)) for doubt in doubts]


def asking(doubt: Doubt) -> str:
    """Say in a sentence what a person has to decide about some words."""
    return ASKED[doubt.why] % {"gaps": " or ".join(f"{{{{{name}}}}}" for name in doubt.names)}


def _prepared(
    part: OwnPart, own_values: OwnValues, stale: Collection[tuple[UUID, str]]
) -> Prepared:
    restored = {
        language: own_values.restore(text)
        for language, text in part.texts.items()
        if (part.block, language) not in stale
    }
    return Prepared(
        own=part,
        texts={language: one.text for language, one in restored.items()},
        doubts={language: one.doubts for language, one in restored.items() if one.doubts},
    )
