"""Names that people have, from lists, and whether a word is one of them."""

from functools import cache, lru_cache
from pathlib import Path

LISTS = Path(__file__).parent / "lists"
CAPITALS = "A-ZÀ-ÖØ-ÞĂÂÎȘȚŞŢŁŻŚŠČŽĐ"
GENITIVES = (("ei", "a"), ("ei", "ea"), ("căi", "ca"), ("ăi", "a"), ("i", ""), ("ului", ""))
"""What Romanian hangs on a name: Iuliei, Andreei, Ancăi, Costelului."""
ENDINGS = ("escu", "eanu", "ski", "ska", "wicz", "enko", "chuk", "scu")
"""Of family names, in Romania and east of it."""
MARKED = str.maketrans("áàäéèêëíìïóòöúùüýñç", "aaaeeeeiiiooouuuync")
"""Marks that are written or left out: Daniëlle, Zoé; not those of Romanian, which tell words apart."""
KEPT = 4096
"""How many words are kept in mind; the same few hundred are asked about again and again."""
ENGLISH = ("'s", "’s", "'", "’")


@cache
def listed(name: str) -> frozenset[str]:
    """Read the words of a list."""
    return frozenset(word for line in lines_of(name) for word in line.split())


def lines_of(name: str) -> list[str]:
    """Read the lines of a list; those that begin with # say where it is from."""
    lines = (LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


@cache
def capital_names() -> frozenset[str]:
    """Names that are nothing else where they have a capital."""
    return listed("only_names") | listed("names_with_a_capital") | listed("dutch_names")


@lru_cache(KEPT)
def only_a_name(word: str) -> bool:
    """Tell whether a word with a capital is a given name and nothing else."""
    return any(form in capital_names() for form in _forms(word))


def a_name_in_small_letters(word: str) -> bool:
    """Tell whether a word is a given name even without its capital."""
    bare = word.removesuffix("'s").removesuffix("’s")
    return bare in listed("only_names") or _is_romanian_form(bare)


def _is_romanian_form(word: str) -> bool:
    """Tell whether something belongs to somebody: numărul ilonei."""
    return (
        word.endswith("ei")
        and len(word) > len("maria")
        and word[:-2] + "a" in listed("only_names")
        and word not in listed("no_forms_of_names")
    )


@lru_cache(KEPT)
def also_a_word(word: str) -> bool:
    """Tell whether a word is a given name and something of every day."""
    return often_a_name(word) or rarely_a_name(word)


@lru_cache(KEPT)
def rarely_a_name(word: str) -> bool:
    """Tell whether a word is somebody's name now and then, and mostly none."""
    return any(form in listed("rarely_names") for form in _english(word))


@lru_cache(KEPT)
def often_a_name(word: str) -> bool:
    """Tell whether a capital inside a sentence is enough for such a word."""
    return any(form in listed("names_and_words") for form in _english(word))


@lru_cache(KEPT)
def also_a_place(word: str) -> bool:
    """Tell whether a word is a given name and a town or a brand."""
    return any(form in listed("names_and_places") for form in _english(word))


def is_listed(word: str) -> bool:
    """Tell whether a word is known as a given name, whatever else it is."""
    return only_a_name(word) or also_a_word(word) or also_a_place(word)


@lru_cache(KEPT)
def a_surname(word: str) -> bool:
    """Tell whether a word is known as a family name, or has the form of one."""
    forms = _english(word)
    return any(form in listed("surnames") or form.endswith(ENDINGS) for form in forms)


def _english(word: str) -> list[str]:
    lower = word.lower()
    lower = lower if lower.endswith("ië") else lower.translate(MARKED)
    return [word.lower(), lower, *(lower[: -len(end)] for end in ENGLISH if lower.endswith(end))]


def _forms(word: str) -> list[str]:
    forms = _english(word)
    endings = [
        form[: -len(end)] + base
        for form in forms
        for end, base in GENITIVES
        if form.endswith(end)
        and len(form) > len(end) + 3
        and form not in listed("no_forms_of_names")
    ]
    parts = [form.split("-")[0] for form in forms if "-" in form]
    return [*forms, *endings, *parts]
