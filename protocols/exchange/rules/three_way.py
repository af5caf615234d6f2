"""What was exported, what the tool holds now, what the text is now: three ways to compare."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from protocols.exchange.rules.fates import Entry, Fate, Step, There

Exports = Mapping[tuple[str, str], Collection[str]]
"""Every fingerprint that was ever exported, by item and language."""


def steps(
    entries: Sequence[Entry],
    exports: Exports,
    there: Sequence[There] | None,
    ours: Collection[str] = (),
    *,
    again: bool = False,
) -> list[Step]:
    """Decide what becomes of each entry; `there` is None where nobody told what the tool holds.

    Entries in `ours` are written although somebody changed them there: a person has decided so.
    `again` decides it for all that nobody told of, such as after a file that was never loaded.
    """
    if there is None:
        return [_unseen(entry, exports, decided=again or entry.key in ours) for entry in entries]
    by_key = {one.key: one for one in there}
    return [
        _seen(entry, exports, by_key.get(entry.key), decided=entry.key in ours) for entry in entries
    ]


def _unseen(entry: Entry, exports: Exports, *, decided: bool) -> Step:
    if not exports.get((entry.urn, entry.language)):
        return Step(entry=entry, fate=Fate.CREATE)
    return Step(entry=entry, fate=Fate.UPDATE if decided else Fate.UNKNOWN)


def _seen(entry: Entry, exports: Exports, there: There | None, *, decided: bool) -> Step:
    before = exports.get((entry.urn, entry.language), ())
    if there is None:
        fate = Fate.GONE if before and not decided else Fate.CREATE
    elif there.fingerprint == entry.fingerprint:
        fate = Fate.UNCHANGED
    elif there.fingerprint in before or decided:
        fate = Fate.UPDATE
    elif entry.fingerprint in before:
        fate = Fate.DRIFT
    else:
        fate = Fate.CONFLICT
    return Step(entry=entry, fate=fate, there=there)


def no_longer_ours(
    entries: Sequence[Entry], there: Sequence[There], known: Mapping[tuple[str, str], str]
) -> Iterator[There]:
    """Give what we put into the tool once and would not put there now: to be taken out by hand."""
    going = {entry.key for entry in entries}
    ours = set(known.values())
    yield from (one for one in there if one.key in ours and one.key not in going)
