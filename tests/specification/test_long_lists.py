"""Lists that are longer than anybody's: too long to stand among the vectors."""

from typing import Any

import msgspec
import pytest

from federation.partners.errors import BadDocument
from federation.partners.rules.document import first_meeting, sign_document
from tests.specification.documents import signed
from tests.specification.event_examples import EXAMPLES
from tests.specification.example_nodes import NORTH_1, key
from tests.specification.kinds import KINDS

LONGEST = {
    "pool.stated": {"channels": 100, "members": 500, "slots": 100, "message_languages": 100},
    "shift.stated": {"seats": 100, "languages": 100, "wanted_languages": 100, "trainings": 100},
    "restore.answered": {"ours": 100, "yours": 100, "sessions": 100},
}
CASES = [(kind, name, longest) for kind, each in LONGEST.items() for name, longest in each.items()]


def of_length(kind: str, name: str, length: int) -> dict[str, Any]:
    said = EXAMPLES[kind]
    # all claims have one form, and all lists of texts
    one = said.get(name) or said.get("ours") or ["en"]
    return said | {name: one[:1] * length}


@pytest.mark.parametrize(("kind", "name", "longest"), CASES)
def test_a_list_that_is_too_long_is_malformed(kind: str, name: str, longest: int) -> None:
    shape = KINDS[kind].shape
    told = msgspec.convert(of_length(kind, name, longest), shape)
    assert len(getattr(told, name)) == longest
    with pytest.raises(msgspec.ValidationError, match=f"length <= {longest}"):
        msgspec.convert(of_length(kind, name, longest + 1), shape)


def test_a_document_has_an_end() -> None:
    most = msgspec.structs.replace(NORTH_1, keys=NORTH_1.keys * 125)
    assert first_meeting(signed(most, "north root")) == most
    more = msgspec.structs.replace(NORTH_1, keys=[*most.keys, NORTH_1.keys[0]])
    with pytest.raises(BadDocument):
        first_meeting(signed(more, "north root"))


def test_nobody_verifies_more_than_ten_signatures() -> None:
    root = key("north root")
    assert first_meeting(sign_document(NORTH_1, [root] * 10)) == NORTH_1
    with pytest.raises(BadDocument):
        first_meeting(sign_document(NORTH_1, [root] * 11))
