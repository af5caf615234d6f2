"""Reading the list outside the database: a line that says nothing may stand for anybody's way in.

So a list with such a line is not used at all: nothing is put back before it is mended.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import msgspec

from federation.audit.rules import ENDED, Ended
from federation.errors import Refusal
from protocols.statements.rules import Statement

MOST_NAMED = 20
NEEDS: Mapping[tuple[str, str], Mapping[str, type]] = {
    ("handle", "withdraw-tool-account"): {"account": UUID},
    ("item", "comment-erased"): {"comment": UUID},
    ("item", "lived-reviewer-erased"): {"review": UUID},
    ("partner", "ended"): {"node_id": str},
    ("partner", "withdrew"): {"node_id": str, "capability": str},
    ("person", "role.taken"): {"role": str},
    ("person", "withdraw-training"): {"training": UUID},
    ("pool", "stopped-sharing-counts"): {"project": UUID},
    ("project", "deleted-old-records"): {
        "deletion": UUID,
        "last_day": date,
        "records": int,
        "contacts": int,
    },
    ("project", "set-record-keeping"): {
        "keep_days": int,
        "asks_gender": bool,
        "asks_nationality": bool,
        "keeps_notes": bool,
    },
    ("recall", "recalled"): {"published": Statement},
    ("release", "released"): {"published": Statement},
    ("shift", "erased-handover-note"): {"note": UUID},
    ("shift", "erased-session-record"): {"claim": UUID},
}
"""What a line has to say beside whom or what it is about; all others say that alone."""
WITHOUT_ID = frozenset({"partner", "recall", "release"})
"""What is named by its facts."""


WOULD_HELP = (
    "What they ended would be open again: a way in, a partner, a withdrawn text. Put back a whole "
    "copy of this file, or mend the lines, and do the same again. If nobody has a copy, ask the "
    "projects what was ended since the backup, delete these lines, restore, and end it by hand at "
    "once."
)


class Listed(NamedTuple):
    """One line of the list, by its number."""

    line: int
    ended: Ended


class EndedListBroken(Refusal):
    """A line that cannot be done again: what it ended would be open after a restore."""

    code = "ended-list-broken"
    title = "The list of what was ended since the backup has lines that cannot be read."

    def __init__(self, file: Path, wrong: Mapping[int, str]) -> None:
        """Name each line by its number, and say what would help."""
        named = [f"  line {line}: {why}" for line, why in wrong.items()]
        if len(named) > MOST_NAMED:
            named = [*named[:MOST_NAMED], f"  and {len(named) - MOST_NAMED} more"]
        begins = f"{file} says what was ended since the backup. Of some lines nobody can tell what:"
        super().__init__("\n".join([begins, *named, WOULD_HELP]))


def read_list(file: Path) -> list[Listed]:
    """Read the list, or refuse it; what was cut off and then written whole is passed over."""
    lines = file.read_bytes().split(b"\n") if file.exists() else []
    found: list[Listed] = []
    wrong: dict[int, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found.append(Listed(number, _read(line)))
        except (msgspec.MsgspecError, UnicodeDecodeError):
            if not _said_again(line, lines[number:]):
                wrong[number] = "it is cut off, or is not what was written"
        except ValueError as error:
            wrong[number] = str(error)
    if wrong:
        raise EndedListBroken(file, wrong)
    return found


def _said_again(cut: bytes, later: Sequence[bytes]) -> bool:
    """Tell whether a line was cut off by a failing machine, and written whole afterwards."""
    return any(len(line) > len(cut) and line.startswith(cut) for line in later)


def _read(line: bytes) -> Ended:
    ended = msgspec.json.decode(line, type=Ended)
    which = ended.subject, ended.verb
    if why := _against(ended):
        raise ValueError(why)
    for name, kind in NEEDS.get(which, {}).items():
        try:
            msgspec.convert(ended.facts.get(name), kind)
        except msgspec.ValidationError as error:
            why = f"it does not say which {name} was ended"
            raise ValueError(why) from error
    return ended


def _against(ended: Ended) -> str:
    if (ended.subject, ended.verb) not in ENDED:
        return "this version does not know what it ended; update the program first"
    if ended.at.tzinfo is None:
        return "it does not say by which clock its time is"
    if ended.subject_id is None and ended.subject not in WITHOUT_ID:
        return "it does not say whom or what it is about"
    return ""
