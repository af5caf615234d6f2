"""A root key as words on paper: 24 words of BIP 39, of which a mistyped one is noticed."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey
from mnemonic import Mnemonic

from federation.partners.errors import RecoveryWordsWrong
from federation.partners.rules.encoding import bytes_of, text_of
from federation.partners.rules.signatures import ALGORITHM
from federation.partners.rules.words import heard

_BOOK = Mnemonic("english")
MANY = 24
"""Words for the 32 bytes of an Ed25519 key and a checksum."""


def words_for(root: OKPKey) -> list[str]:
    """Write a private key as words, in the order in which they are read back."""
    seed = root.as_dict(private=True)["d"]
    return _BOOK.to_mnemonic(bytes_of(str(seed))).split()


def key_from(typed: str) -> OKPKey:
    """Read the key back, however the words were separated."""
    words = heard(typed)
    if len(words) != MANY:
        raise RecoveryWordsWrong(f"These are {len(words)} words; the sheet has {MANY}.")
    try:
        seed = bytes(_BOOK.to_entropy(words))
    except ValueError as error:
        raise RecoveryWordsWrong from error
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return OKPKey.import_key(
        {"kty": "OKP", "crv": ALGORITHM, "x": text_of(public), "d": text_of(seed)}
    )
