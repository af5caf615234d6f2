from uuid import UUID

import msgspec
import pytest

from federation.partners.errors import InvitationForged, UnknownCapability
from federation.partners.rules import capabilities, handshake
from federation.partners.rules.handshake import JoinAnswer, JoinRequest, Link
from federation.partners.rules.words import WORDS, heard, spoken

INVITATION = UUID("01890000-0000-7000-8000-000000000000")
LINK = Link(
    base_url="https://north.example/netreach",
    invitation=INVITATION,
    node="N" * 43,
    root="R" * 43,
    secret="s3cret-_",
    commitment="C" * 43,
)


def test_there_are_2048_different_words() -> None:
    assert len(set(WORDS)) == 2048
    assert all(len(word) == 4 for word in WORDS)


def test_words_use_the_first_bits_of_a_digest() -> None:
    assert spoken(bytes(32), 4) == [WORDS[0]] * 4
    assert spoken(b"\xff" * 32, 4) == [WORDS[2047]] * 4
    assert spoken(bytes([0b00000000, 0b00100000]) + bytes(30), 2) == [WORDS[1], WORDS[0]]


def test_typed_words_may_be_separated_in_any_way() -> None:
    assert heard("  Bado, bafe-BAGI\tkilu ") == ["bado", "bafe", "bagi", "kilu"]


def test_a_link_is_read_as_it_was_written_and_keeps_its_secret_after_the_hash() -> None:
    text = str(LINK)
    assert Link.read(f" {text}\n") == LINK
    assert text.split("#", maxsplit=1)[0] == "https://north.example/netreach/fed/v1/join"


@pytest.mark.parametrize(
    "text",
    ["", "https://north.example", "https://north.example/fed/v1/join#id=x", "//[/fed/v1/join#a=b"],
)
def test_other_text_is_no_link(text: str) -> None:
    with pytest.raises(InvitationForged):
        Link.read(text)


def test_the_words_depend_on_everything_that_was_exchanged() -> None:
    request = JoinRequest(invitation=INVITATION, document="b", nonce="nb", mac="")
    answer = JoinAnswer(document="a", nonce="na")
    others = [
        handshake.words_for(msgspec.structs.replace(request, document="x"), answer),
        handshake.words_for(msgspec.structs.replace(request, nonce="x"), answer),
        handshake.words_for(request, JoinAnswer(document="x", nonce="na")),
        handshake.words_for(request, JoinAnswer(document="a", nonce="x")),
    ]
    words = handshake.words_for(request, answer)
    assert len(words) == 4
    assert words not in others


def test_only_who_holds_the_link_can_prove_it() -> None:
    good = handshake.prove(b"hash", INVITATION, "document", "nonce")
    request = JoinRequest(invitation=INVITATION, document="document", nonce="nonce", mac=good)
    assert handshake.proven(request, b"hash")
    assert not handshake.proven(request, b"other")
    assert not handshake.proven(msgspec.structs.replace(request, mac=f"{good[:-1]}é"), b"hash")


@pytest.mark.parametrize("text", ["", "everything", "shifts", "shifts:", "shifts:x", "admin:1"])
def test_only_listed_capabilities_can_be_granted(text: str) -> None:
    with pytest.raises(UnknownCapability):
        capabilities.checked(text)


def test_a_capability_is_written_in_one_way() -> None:
    assert capabilities.checked(f"releases:{INVITATION.hex.upper()}") == f"releases:{INVITATION}"
