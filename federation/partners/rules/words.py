"""2,048 words for the telephone: two syllables, each consonant and vowel heard in any language."""

CONSONANTS = "bdfgklmrst"
VOWELS = "aeiou"
SYLLABLES = tuple(consonant + vowel for consonant in CONSONANTS for vowel in VOWELS)
BITS = 11
WORDS = tuple(first + second for first in SYLLABLES for second in SYLLABLES)[: 2**BITS]


def spoken(digest: bytes, count: int) -> list[str]:
    """Turn the first bits of a digest into words, 11 bits a word."""
    bits = int.from_bytes(digest, "big") >> (len(digest) * 8 - BITS * count)
    return [WORDS[(bits >> (BITS * place)) % len(WORDS)] for place in reversed(range(count))]


def heard(typed: str) -> list[str]:
    """Read what somebody typed after a telephone call, however they separated it."""
    return typed.lower().replace(",", " ").replace("-", " ").split()
