import stat
from pathlib import Path

import msgspec
import pytest
from joserfc.jwk import OKPKey

from federation.partners.errors import (
    BadDocument,
    BadSignature,
    KeysBroken,
    KeysExist,
    KeysMissing,
)
from federation.partners.keys import Node, NodeKeys
from federation.partners.rules.document import (
    ListedKey,
    NodeDocument,
    contents,
    first_meeting,
    following,
    sign_document,
)
from federation.partners.rules.signatures import public_part, sign, thumbprint, verified


def new_key() -> OKPKey:
    return OKPKey.generate_key("Ed25519")


def describe(node: str, root: OKPKey, version: int = 1, name: str = "North") -> NodeDocument:
    roles = ("transport", "release", "head")
    keys = [ListedKey(role=role, jwk=public_part(new_key())) for role in roles]
    return NodeDocument(
        node=node,
        version=version,
        name=name,
        base_url="https://north.example",
        keys=[ListedKey(role="root", jwk=public_part(root)), *keys],
    )


def test_a_thumbprint_is_that_of_rfc_8037() -> None:
    key = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    assert thumbprint(key) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_key_files_are_for_this_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    keys = NodeKeys.create(folder)
    keys.document(name="North", base_url="https://north.example")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    names = ["head.json", "node-id", "node.json", "release.json", "root.json", "transport.json"]
    assert modes == dict.fromkeys(names, 0o600)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["transport.json", "root.json", "node.json"])
@pytest.mark.parametrize("content", [b"", b"{}", b'{"kty":5}', b"[1]", b"\xff", b'{"x":'])
def test_keys_that_are_cut_off_or_spoilt_are_refused(
    tmp_path: Path, name: str, content: bytes
) -> None:
    NodeKeys.create(tmp_path).document(name="North", base_url="https://north.example")
    (tmp_path / name).write_bytes(content)
    with pytest.raises(KeysBroken):
        NodeKeys.load(tmp_path)


def test_keys_are_loaded_as_they_were_made_and_never_written_over(tmp_path: Path) -> None:
    keys = NodeKeys.create(tmp_path / "keys")
    again = NodeKeys.load(tmp_path / "keys")
    assert (again.node_id, again.root_fingerprint()) == (keys.node_id, keys.node_id)
    with pytest.raises(KeysExist):
        NodeKeys.create(tmp_path / "keys")
    with pytest.raises(KeysMissing):
        NodeKeys.load(tmp_path)


def test_a_changed_address_makes_the_next_version(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    NodeKeys.create(folder)
    first = Node.open(folder, name="North", base_url="https://one.example/")
    same = Node.open(folder, name="North", base_url="https://one.example")
    moved = Node.open(folder, name="North", base_url="https://two.example")
    assert first.document == same.document
    assert [contents(node.document).version for node in (first, moved)] == [1, 2]
    assert following(contents(first.document), moved.document).base_url == "https://two.example"
    with pytest.raises(BadDocument):
        following(contents(moved.document), first.document)


def test_signatures_are_for_one_purpose_and_one_key(tmp_path: Path) -> None:
    keys = NodeKeys.create(tmp_path / "keys")
    statement = keys.sign("head", {"a": 1}, purpose="netreach-receipt+jws")
    pinned = [public_part(keys.by_role["head"])]
    assert verified(statement, pinned, "netreach-receipt+jws") == b'{"a":1}'
    with pytest.raises(BadSignature):
        verified(statement, pinned, "netreach-head+jws")
    with pytest.raises(BadSignature):
        verified(statement, [public_part(keys.by_role["root"])], "netreach-receipt+jws")


@pytest.mark.parametrize("statement", ["", "a.b.c", "e30.e30.e30", "é", "a" * 10_000])
def test_what_is_no_statement_is_refused(statement: str) -> None:
    with pytest.raises(BadSignature):
        verified(statement, [public_part(new_key())], "JWT")


def test_an_unsigned_or_symmetric_statement_is_refused() -> None:
    none = "eyJhbGciOiJub25lIn0.e30."
    hs256 = "eyJhbGciOiJIUzI1NiJ9.e30.AAAA"
    for statement in (none, hs256):
        with pytest.raises(BadSignature):
            verified(statement, [public_part(new_key())], "JWT")


def test_a_first_document_needs_the_first_roots_signature() -> None:
    root = new_key()
    document = describe(thumbprint(root), root)
    assert first_meeting(sign_document(document, [root])) == document
    with pytest.raises(BadDocument):
        first_meeting(sign_document(document, [root]), thumbprint(new_key()))
    stolen = describe(thumbprint(new_key()), root)
    with pytest.raises(BadDocument):
        first_meeting(sign_document(stolen, [root]))


def test_a_new_root_needs_the_old_ones_signature_too() -> None:
    old, new = new_key(), new_key()
    node = thumbprint(old)
    pinned = describe(node, old)
    next_one = describe(node, new, version=2)
    both = msgspec.structs.replace(
        next_one,
        keys=[
            *next_one.keys,
            ListedKey(role="root", jwk=public_part(old), retired="2027-01-05 lost"),
        ],
    )
    assert following(pinned, sign_document(both, [old, new])) == both
    for document, signers in ((next_one, [new]), (both, [old]), (both, [new])):
        with pytest.raises(BadDocument):
            following(pinned, sign_document(document, signers))


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "A\x00B"},
        {"name": ""},
        {"base_url": "file:///etc/passwd"},
        {"base_url": "https://user@north.example"},
        {"keys": []},
    ],
    ids=str,
)
def test_a_document_with_odd_contents_is_refused(changes: dict[str, object]) -> None:
    root = new_key()
    document = msgspec.structs.replace(describe(thumbprint(root), root), **changes)
    with pytest.raises(BadDocument):
        first_meeting(sign_document(document, [root]))


def test_a_document_changed_after_signing_is_refused() -> None:
    root = new_key()
    text = sign_document(describe(thumbprint(root), root), [root])
    other = sign_document(describe(thumbprint(root), root, name="South"), [root])
    outer, mixed = msgspec.json.decode(text), msgspec.json.decode(other)
    outer["payload"] = mixed["payload"]
    with pytest.raises(BadDocument):
        first_meeting(msgspec.json.encode(outer).decode())
    for nonsense in ("", "{}", "[]", '{"payload":"e30","signatures":[]}'):
        with pytest.raises(BadDocument):
            first_meeting(nonsense)


def test_19_what_one_key_has_signed_is_not_believed_of_another() -> None:
    """Although it was verified a moment ago, and is remembered."""
    signer, other = new_key(), new_key()
    statement = sign(b"{}", signer, "netreach-head+jws")

    assert verified(statement, [public_part(signer)], "netreach-head+jws") == b"{}"
    for keys, purpose in (
        ([public_part(other)], "netreach-head+jws"),
        ([public_part(signer)], "netreach-release+jws"),
        ([], "netreach-head+jws"),
    ):
        with pytest.raises(BadSignature):
            verified(statement, keys, purpose)
