"""A node's keys: replaced one by one, the root on paper, all of them lost."""

from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest
from joserfc.jwk import OKPKey

from federation.partners.errors import (
    BadDocument,
    KeysExist,
    OtherRoot,
    RecoveryWordsWrong,
    RootOffline,
)
from federation.partners.key_changes import Found, recover, renew, take_root_offline, with_words
from federation.partners.keys import Node, NodeKeys
from federation.partners.rules.document import (
    LOST,
    REPLACED,
    Because,
    ListedKey,
    NodeDocument,
    Role,
    contents,
    first_meeting,
    following,
    name_successor,
    sign_document,
    signers,
)
from federation.partners.rules.encoding import bytes_of
from federation.partners.rules.recovery import key_from, words_for
from federation.partners.rules.signatures import public_part
from tests.federation.partners.test_keys_and_documents import describe, new_key

TODAY = date(2027, 1, 5)
NOW = datetime(2027, 1, 5, 12, tzinfo=UTC)
NAME, ADDRESS = "North", "https://north.example"
OTHERS: tuple[Role, ...] = ("transport", "release", "head")
NUMBERED = "legal winner thank year wave sausage worth useful " * 2
VECTOR = f"{NUMBERED}legal winner thank year wave sausage worth title"
"""BIP 39's own test vector for 32 bytes of 0x7f."""


def opened(folder: Path, name: str = NAME) -> Node:
    return Node.open(folder, name=name, base_url=ADDRESS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    NodeKeys.create(tmp_path / "keys")
    opened(tmp_path / "keys")
    return tmp_path / "keys"


@pytest.fixture
def words(folder: Path) -> str:
    return " ".join(words_for(NodeKeys.load(folder).by_role["root"]))


def test_a_key_is_read_back_from_the_words_of_bip_39() -> None:
    key = key_from(VECTOR)
    assert bytes_of(str(key.as_dict(private=True)["d"])) == b"\x7f" * 32
    assert words_for(key) == VECTOR.split()
    fresh = new_key()
    typed = "  ".join(words_for(fresh)).upper()
    assert key_from(typed).as_dict(private=True) == fresh.as_dict(private=True)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "legal winner",
        VECTOR.replace("title", "useful"),
        VECTOR.replace("title", "nothing-of-it"),
        VECTOR.replace("title", "zzz"),
    ],
    ids=["nothing", "too few", "another last word", "too many", "no word of the list"],
)
def test_words_that_are_no_key_are_refused(typed: str) -> None:
    with pytest.raises(RecoveryWordsWrong):
        key_from(typed)


def test_the_root_leaves_when_its_sheet_was_typed(folder: Path, words: str) -> None:
    keys = NodeKeys.load(folder)
    before = opened(folder).document
    with pytest.raises(OtherRoot):
        take_root_offline(keys, VECTOR)
    assert (folder / "root.json").exists()
    take_root_offline(keys, words)
    assert sorted(NodeKeys.load(folder).by_role) == ["head", "release", "transport"]
    assert opened(folder).document == before
    assert NodeKeys.load(folder).root_fingerprint() == keys.node_id


def test_what_the_root_must_sign_waits_for_its_words(folder: Path, words: str) -> None:
    take_root_offline(NodeKeys.load(folder), words)
    with pytest.raises(RootOffline):
        opened(folder, "South")
    with pytest.raises(RootOffline):
        renew(NodeKeys.load(folder), "head", REPLACED, TODAY)
    typed = with_words(NodeKeys.load(folder), words)
    typed.document(name="South", base_url=ADDRESS)
    assert contents(opened(folder, "South").document).name == "South"
    assert not (folder / "root.json").exists()


@pytest.mark.parametrize("because", [REPLACED, LOST])
@pytest.mark.parametrize("role", OTHERS)
def test_a_renewed_key_is_listed_beside_the_retired_one(
    folder: Path, role: Role, because: Because
) -> None:
    before = NodeKeys.load(folder)
    pinned = contents(opened(folder).document)
    after = renew(before, role, because, TODAY)
    document = following(pinned, opened(folder).document)
    old, new = (public_part(keys.by_role[role]) for keys in (before, after))
    assert [key for key in document.keys if key.role == role] == [
        ListedKey(role=role, jwk=old, retired=f"2027-01-05 {because}"),
        ListedKey(role=role, jwk=new),
    ]
    assert document.version == 2
    assert document.keys_by_role()[role] == [new]
    assert signers(document.pinned(), role) == ([new, old] if because == REPLACED else [new])
    others = [one for one in ("root", *OTHERS) if one != role]
    assert [public_part(after.by_role[one]) for one in others] == [
        public_part(before.by_role[one]) for one in others
    ]


def test_pinned_keys_of_an_older_version_name_no_replaced_ones() -> None:
    root = new_key()
    pinned = describe("x" * 43, root).keys_by_role()
    assert signers(pinned, "head") == pinned["head"]


def test_a_renewal_that_was_cut_off_leaves_the_keys_that_the_document_shows(folder: Path) -> None:
    before = NodeKeys.load(folder)
    shown = opened(folder).document
    after = renew(before, "head", REPLACED, TODAY)
    # cut off before the document was signed: the new key is nobody's
    (folder / "head.next.json").write_bytes((folder / "head.json").read_bytes())
    old = msgspec.json.encode(before.by_role["head"].as_dict(private=True))
    (folder / "head.json").write_bytes(old)
    signed = (folder / "node.json").read_text()
    (folder / "node.json").write_text(shown)
    assert NodeKeys.load(folder).by_role["head"].thumbprint() == before.by_role["head"].thumbprint()
    # cut off after it: the new key takes its place at the next start
    (folder / "node.json").write_text(signed)
    assert NodeKeys.load(folder).by_role["head"].thumbprint() == after.by_role["head"].thumbprint()
    assert not (folder / "head.next.json").exists()


def test_partners_follow_from_root_to_root_also_over_versions_that_they_missed(
    folder: Path,
) -> None:
    first = contents(opened(folder).document)
    second_root = renew(NodeKeys.load(folder), "root", REPLACED, TODAY).root_fingerprint()
    second = following(first, opened(folder).document)
    renew(NodeKeys.load(folder), "root", LOST, TODAY)
    text = opened(folder, "North again").document
    third = contents(text)
    assert [one.version for one in (first, second, third)] == [1, 2, 4]
    assert {one.node for one in (first, second, third)} == {first.node}
    assert following(first, text) == following(second, text) == third
    assert first_meeting(text, NodeKeys.load(folder).root_fingerprint()) == third
    with pytest.raises(BadDocument):
        first_meeting(text, second_root)


def test_only_a_root_that_is_trusted_names_the_next_one() -> None:
    old, new, stranger = new_key(), new_key(), new_key()
    pinned = describe(old.thumbprint(), old)
    named = {
        "by the old root": name_successor(pinned.node, old, public_part(new)),
        "by a stranger": name_successor(pinned.node, stranger, public_part(new)),
        "by itself": name_successor(pinned.node, new, public_part(new)),
        "of another node": name_successor("x" * 43, old, public_part(new)),
        "another one": name_successor(pinned.node, old, public_part(stranger)),
        "nothing": "a.b.c",
    }
    followed = {how: follows(pinned, old, new, statement) for how, statement in named.items()}
    assert followed == dict.fromkeys(named, False) | {"by the old root": True}


def follows(pinned: NodeDocument, old: OKPKey, new: OKPKey, statement: str) -> bool:
    listed = ListedKey(role="root", jwk=public_part(old), retired="2027-01-05 lost")
    document = describe(pinned.node, new, version=3)
    document = msgspec.structs.replace(
        document, keys=[*document.keys, listed], succession=[statement]
    )
    try:
        following(pinned, sign_document(document, [new]))
    except BadDocument:
        return False
    return True


def test_a_lost_node_is_set_up_again_from_its_sheet(folder: Path, words: str) -> None:
    before = NodeKeys.load(folder)
    renew(before, "head", REPLACED, TODAY)
    known = contents(opened(folder).document)
    again = folder.parent / "again"
    keys = recover(again, words, found=Found(document=known), name=NAME, base_url=ADDRESS, now=NOW)
    document = following(known, opened(again).document)
    assert (keys.node_id, keys.root_fingerprint()) == (before.node_id, before.root_fingerprint())
    assert document.version == int(NOW.timestamp())
    assert [(key.role, key.retired) for key in document.keys] == [
        ("transport", "2027-01-05 lost"),
        ("release", "2027-01-05 lost"),
        ("head", "2027-01-05 replaced"),
        ("head", "2027-01-05 lost"),
        ("root", ""),
        ("transport", ""),
        ("release", ""),
        ("head", ""),
    ]
    assert document.keys_by_role() == {
        role: [public_part(keys.by_role[role])] for role in ("root", *OTHERS)
    }


def test_a_node_without_a_backup_is_its_root_or_what_the_sheet_says(tmp_path: Path) -> None:
    root = key_from(VECTOR)
    for number, node_id in enumerate((None, "x" * 43)):
        keys = recover(
            tmp_path / str(number),
            VECTOR,
            found=Found(node_id=node_id),
            name=NAME,
            base_url=ADDRESS,
            now=NOW,
        )
        assert keys.node_id == (node_id or root.thumbprint())
        assert NodeKeys.load(tmp_path / str(number)).node_id == keys.node_id


def test_a_node_is_not_recovered_over_another_or_from_another_sheet(
    folder: Path, words: str
) -> None:
    known = contents(opened(folder).document)
    with pytest.raises(KeysExist):
        recover(folder, words, found=Found(document=known), name=NAME, base_url=ADDRESS, now=NOW)
    with pytest.raises(OtherRoot):
        recover(
            folder.parent / "again",
            VECTOR,
            found=Found(document=known),
            name=NAME,
            base_url=ADDRESS,
            now=NOW,
        )
    assert not (folder.parent / "again").exists()
