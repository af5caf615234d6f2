"""A line of the list of ended things that does not say what was ended is named by its number."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from api.ended import _end
from api.ended_lines import NEEDS, EndedListBroken, Listed, read_list
from federation.audit.rules import ENDED
from tests.api.ending_place import LATER

SOMEBODY = "01940000-0000-7000-8000-000000000001"
ANOTHER = "01950000-0000-7000-8000-000000000002"
TAKEN: dict[str, Any] = {
    "at": "2026-11-02T19:00:00Z",
    "subject": "person",
    "verb": "role.taken",
    "subject_id": SOMEBODY,
    "facts": {"role": "worker"},
}
CUT_OFF = "it is cut off, or is not what was written"


def listed(folder: Path, *lines: bytes) -> Path:
    file = folder / "ended.jsonl"
    file.write_bytes(b"".join(b"\n" + line for line in lines))
    return file


def written(**changes: Any) -> bytes:
    return msgspec.json.encode(TAKEN | changes)


WRONG = {
    "no facts": (written(facts={}), "it does not say which role was ended"),
    "facts of another kind": (written(facts={"role": 7}), "it does not say which role was ended"),
    "no day in a fact": (
        written(subject="project", verb="deleted-old-records", facts={"records": 1}),
        "it does not say which deletion was ended",
    ),
    "no id in a fact": (
        written(verb="withdraw-training", facts={"training": "x"}),
        "it does not say which training was ended",
    ),
    "nobody": (written(subject_id=None), "it does not say whom or what it is about"),
    "no clock": (
        written(at="2026-11-02T19:00:00"),
        "it does not say by which clock its time is",
    ),
    "newer": (
        written(verb="role.lent"),
        "this version does not know what it ended; update the program first",
    ),
    "cut off": (written()[:-3], CUT_OFF),
    "edited": (b"role taken from Ann", CUT_OFF),
    "no text": (b"\xff\xfe", CUT_OFF),
    "no fields": (b"[]", CUT_OFF),
}


@pytest.mark.parametrize("line", WRONG)
def test_a_line_that_says_too_little_is_named_by_its_number(tmp_path: Path, line: str) -> None:
    bad, why = WRONG[line]
    with pytest.raises(EndedListBroken) as refused:
        read_list(listed(tmp_path, written(), bad, written(subject_id=ANOTHER)))
    assert refused.value.sentence.splitlines()[1:-1] == [f"  line 3: {why}"]
    assert refused.value.sentence.splitlines()[-1].startswith("What they ended would be open again")


def test_good_lines_are_read_with_their_numbers_and_empty_ones_passed_over(tmp_path: Path) -> None:
    found = read_list(listed(tmp_path, written(), b"", written()))
    assert [(one.line, one.ended.facts) for one in found] == [
        (2, {"role": "worker"}),
        (4, {"role": "worker"}),
    ]
    assert read_list(tmp_path / "never-written") == []


def test_what_was_cut_off_and_then_written_whole_is_passed_over(tmp_path: Path) -> None:
    assert [one.line for one in read_list(listed(tmp_path, written()[:-3], written()))] == [3]
    with pytest.raises(EndedListBroken, match="line 3"):
        read_list(listed(tmp_path, written(), written()[:-3]))


def test_of_many_wrong_lines_the_first_are_named(tmp_path: Path) -> None:
    with pytest.raises(EndedListBroken) as refused:
        read_list(listed(tmp_path, *[b"{}"] * 30))
    assert refused.value.sentence.splitlines()[-2] == "  and 10 more"


async def test_a_line_that_cannot_be_done_again_is_named_too(
    session: AsyncSession, tmp_path: Path
) -> None:
    released = written(
        subject="release",
        verb="released",
        subject_id=None,
        facts={"published": {"manifest": "{}", "signature": ""}},
    )
    [one] = read_list(listed(tmp_path, released))
    with pytest.raises(EndedListBroken, match="line 2: what it says cannot be done again"):
        await _end(session, Listed(one.line, one.ended), tmp_path, LATER)


def test_what_a_line_needs_is_stated_of_kinds_that_there_are() -> None:
    assert NEEDS.keys() <= ENDED
