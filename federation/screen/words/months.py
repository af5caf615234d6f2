"""Months that are names, where a sentence counts or compares: June needs more people."""

import re

_MONTHS = frozenset("April May June August Aprilie Mai Iunie Iulie Mei Juni Juli Augustus".split())
_OF_PEOPLE = re.compile(
    r"\b(?:she|he|her|hers|him|his|they|them|their|who|whose|i|my|me|you|your"
    r"|ze|zij|haar|hij|hem|zijn|hun|ik|mijn|die|jij|je|jouw"
    r"|ea|ei|el|lui|lor|eu|mea|meu|mele|care)\b",
    re.IGNORECASE,
)
"""Where somebody is spoken of, a month may be somebody."""
_WEEKDAY = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|weekend"
    r"|(?:maan|dins|woens|donder|vrij|zater|zon)dag"
    r"|luni|mar[țt]i|miercuri|joi|vineri|s[âa]mb[ăa]t[ăa]|duminic[ăa]"
)
_NUMBER = (
    r"[0-9]+|no|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|geen|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf"
    r"|doi|dou[ăa]|trei|patru|cinci|[șs]ase|[șs]apte|opt|nou[ăa]|zece|unsprezece|dou[ăa]sprezece"
)
_GAPS = (
    r"gaps?|(?:satur|sun)days|weekends|turned\s+away"
    r"|gaten|gat|(?:zater|zon)dagen|weekenden|weekeinden|goluri|s[âa]mbete|duminici"
)
"""What a month has and nobody has."""
_PEOPLE = (
    r"people|volunteers|speakers?|workers|mensen|vrijwilligers|sprekers|oameni|persoane|voluntari"
)
"""Whom a month needs; somebody may see them, bring them or have them there."""
_SO_MANY = (
    rf"(?:nog\s+|[îi]nc[ăa]\s+)?(?:(?:the\s+)?(?:more|fewer|fewest|most|enough|extra)|meer|minder"
    rf"|mai\s+(?:mul[țt]i|pu[țt]ini|multe|pu[țt]ine)|{_NUMBER})"
)
_SAID = (
    r"(?:is|was|were|will\s+be|had|has)\s+(?:\w+\s+){0,2}"
    r"(?:busier|quieter|calmer|fuller|thinner|drukker|rustiger|stiller|voller)\s+(?:than|dan)\b"
    r"|(?:a\s+fost|e|este)\s+mai\s+(?:aglomerat|lini[șs]tit|plin)[ăa]?\s+(?:dec[âa]t|ca)\b"
    rf"|(?:starts?|begins?|ends?|began|started|ended)\s+on\s+a\s+(?:{_WEEKDAY})\b"
    rf"|(?:begint|eindigt|start|begon|eindigde)\s+op\s+een\s+(?:{_WEEKDAY})\b"
    rf"|(?:[îi]ncepe|se\s+termin[ăa])\s+(?:[îi]ntr-o|[îi]ntr-un|pe)\s+(?:{_WEEKDAY})\b"
    r"|(?:is|was|will\s+be|looks?)\s+short\s+of\s+(?:people|volunteers|speakers|workers|staff)\b"
    r"|(?:is|was|will\s+be|wordt)\s+(?:the|a|de|een)\s+(?:\w+\s+)?(?:month|maand)\b"
    rf"|(?:has|had|counts|heeft|had|telt|are|a\s+avut)\s+{_SO_MANY}\s+(?:\w+\s+)?(?:{_GAPS})\b"
    r"|(?:needs?|needed|lacks?|lacked|mist|miste|heeft|are\s+nevoie\s+de|a\s+avut\s+nevoie\s+de)"
    rf"\s+{_SO_MANY}\s+(?:\w+\s+)?(?:{_PEOPLE})\b"
)
_OF_A_MONTH = re.compile(rf"\s+(?:{_SAID})", re.IGNORECASE)
_SENTENCE_ENDS = re.compile(r"[.!?\n](?=\s|\Z)|\n")


def a_month_is_meant(text: str, start: int, end: int) -> bool:
    """Tell whether a month stands there, of which is said what nobody says of somebody."""
    if text[start:end] not in _MONTHS or not _OF_A_MONTH.match(text, end):
        return False
    ends = _SENTENCE_ENDS.search(text, end)
    begins = max((one.end() for one in _SENTENCE_ENDS.finditer(text, 0, start)), default=0)
    return not _OF_PEOPLE.search(text, begins, ends.start() if ends else len(text))
