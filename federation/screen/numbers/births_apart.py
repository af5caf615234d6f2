"""Births told in pieces: the year away from the day, or the day with how old somebody becomes on it."""

import re
from collections.abc import Iterator

from federation.screen.numbers.days import DAY, FEAST, FIGURES, MONTHS, SHORT_YEAR

_DAY = (
    rf"(?:(?<![\w.,/-]){FIGURES}(?:st|nd|rd|th|e|de|ste|-a|-lea)?[ .-]?(?:(?:of|van|a|lunii|luna)\s){{0,2}}{MONTHS}\b\.?"
    rf"|\b{MONTHS}\.? (?:the )?{FIGURES}(?:st|nd|rd|th)?(?![\w/.-]*[0-9])|\b{DAY}[ -](?:(?:of|van|a)\s)?{MONTHS}\b\.?"
    rf"|(?<![\w.,/-]){FIGURES}[./-](?:0?[1-9]|1[0-2])(?![\w]|[./-][0-9])"
    rf"|\b{FEAST}(?!\w)|\b{DAY},? {DAY}\b|(?:luna|month|maand) (?:{MONTHS}\.?|[0-9]{{1,2}}),? (?:ziua|day|dag) {FIGURES}(?!\w))"
)
_FULL = r"(?<![\w.,/-])(?:19[3-9][0-9]|200[0-9]|2010)(?![\w/]|[.,-][0-9])"
_SHORT = rf"(?:['’][0-9]{{2}}(?!\w)|(?<![\w.,/-])[3-9][0-9](?![\w%/-]|[.,:][0-9])|(?<![\w.,/-])0[0-9](?![\w%/:-]|[.,:][0-9])|\b{SHORT_YEAR}\b)"
_YEAR = rf"(?:{_FULL}|{_SHORT})"
_BETWEEN = r"[^.!?\n0-9]{1,34}?"
_BORN = (
    r"\b(?:born|birth(?!day\s(?:party|card|cake|present))\w*|d\.?\s?o\.?\s?b\b|bday|b-day|baby|geboren|geboorte\w*|geb(?:\b|dat\w*)|g\.d\.|bouwjaar|verjaardag(?!s)|jarig"
    r"|[bn]\.(?=\s?['’0-9])|d\.?n\b|n[ăa]sc(?:ut[ăa]?)?\b|na[sșş]ter\w*|zi(?:ua)?\s(?:ei|lui|mea|de\sna[sșş]tere)|[îi][sșş]i\sserbeaz[ăa]\sziua|(?:e|este|is)\s(?:din|van|uit|from))"
)
_APART = re.compile(
    rf"(?P<day>{_DAY})(?P<after>{_BETWEEN}){_YEAR}|{_YEAR}(?P<before>{_BETWEEN})(?P<then>{_DAY})",
    re.IGNORECASE,
)
_CUE = re.compile(_BORN, re.IGNORECASE)
_BETWEEN_WORDS = re.compile(
    r"(?:\W|\b(?:of|in|on|the|at|from|back|year|born|birth\w*|birthday|bday|b-day|baby|and|she|he|they|was|is|her|his|month|day|around|circa"
    r"|op|uit|van|het|met|de|jaar|en|ze|zij|hij|was|haar|zijn|jarig|geboren|geboorte\w*|verjaardag|bouwjaar|maand|dag|rond"
    r"|pe|din|[îi]n|la|prin|anul|luna|ziua|zi|[sșş]i|e|este|ei|lui|n[ăa]scut[ăa]?|na[sșş]ter\w*|serbeaz[ăa]|[îi][sșş]i|circa)\b)+",
    re.IGNORECASE,
)
"""Nothing else stands between a day and its year."""
_AGE = r"(?<![\w.,/-])(?:1[4-9]|[2-9][0-9])(?:th|st|nd|rd|e|ste)?(?![\w%/:-]|[.,][0-9])"
_FILLER = (
    r"(?:\W{1,2}(?:(?:years?(?:\sold)?|jaar|de\sani|ani|on|op|pe|la|the|and|en|[sșş]i|her|his|haar|zijn|ei|lui|is|e|este|birthday|bday|jarig|geworden|verjaardag|ziua|zi|de|na[sșş]tere"
    r"|next|this|coming|volgende|komende|viitor|turn\w*|wordt|werd|becomes?|will|be|face|[îi]mpline[sșş]te|are|has|she|ze)\W{1,2}){0,6}?)"
)
_TURNS = re.compile(
    r"\b(?:turn(?:s|ed|ing)?|be|became|becomes|wordt|werd|geworden|birthday|bday|jarig|verjaardag|[îi]mpline\w*|[îi]mplinit|face|f[ăa]cut|avea|ziua|zi\sde\sna[sșş]tere)\b",
    re.IGNORECASE,
)
_OLD = re.compile(rf"{_AGE}{_FILLER}{_DAY}|{_DAY}{_FILLER}{_AGE}", re.IGNORECASE)
_THINGS = re.compile(
    r"\W{1,2}(?:contacts?|contacten|contacte|chats?|people|mensen|persoane|euro|lei|pounds?|minut\w*|min|uur|hours?|ore)\b",
    re.IGNORECASE,
)
NEAR = 40


def births_apart(text: str) -> Iterator[tuple[int, int]]:
    """Find a day and a year that are somebody's birth, and a day with the age it brings."""
    if not _CUE.search(text) and not _TURNS.search(text):
        return
    for match in _APART.finditer(text):
        between = match["after"] or match["before"]
        around = text[max(0, match.start() - NEAR) : match.end() + NEAR]
        if _BETWEEN_WORDS.fullmatch(between) and _CUE.search(around):
            yield match.span()
    for match in _OLD.finditer(text):
        near = text[max(0, match.start() - NEAR // 2) : match.end() + NEAR // 2]
        if _TURNS.search(near) and not _THINGS.match(text, match.end()):
            yield match.span()
