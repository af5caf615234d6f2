"""User names by the sentence they stand in, where nothing about the word itself tells."""

import re
from collections.abc import Iterator

from federation.screen.looks_like.account_shapes import BRANDS, PLATFORM

_ANY = r"[^\W_][\w.-]{2,30}"
_PLACE = r"(?:forum(?:ul)?|message\sboard|board|site(?:-ul)?|website|app|chat(?:ul)?|cam\ssite|prikbord|platform|aplica[țt]ie)"
_HERE = rf"(?:{PLATFORM}(?:-?(?:ul|u))?|(?-i:X)|{_PLACE})"
_ONLY = r"(?:just|simply|literally|plain|only|still|now|gewoon|nu|nog|simplu|doar|acum|tot)"
_LINK = r"(?:is|was|=|:|e|este|heet|called|zice|spune)"
_ENDS = r"(?=['\"”“’]?\s?(?:[.,;!?)\n]|\Z|\s(?:and|en|[șs]i|but|maar|dar|now|nu|acum|there|daar|acolo|if|als|dac[ăa])\b))"
_WHOSE = r"(?:my|her|his|their|our|mijn|m'n|haar|zijn|hun)"
_NOUN = r"(?:user\s?name|handle|name|naam|account|acc|tag|nick|profile|profiel|page|pagina|gebruikersnaam|user|cont(?:ul)?|nume(?:le)?|profil(?:ul)?)"
_SURE = re.compile(
    rf"@\s(?P<spaced>{_ANY})(?=\s(?:on|op|pe)\s{_HERE}\b)"
    rf"|\b{PLATFORM}(?:-?(?:ul|u))?(?:\s{_NOUN})?(?:\s(?:ei|lui|meu|mea))?\s{_LINK}\s{_ONLY}\s['\"“„‘]?(?P<only>{_ANY}){_ENDS}"
    rf"|\b(?:search(?:\sfor)?|look\s(?:up|for)|type\sin|google|zoek(?:\smaar|\seens)?(?:\sop|\snaar)?|tik|typ|caut[ăa](?:-o)?(?:\sdup[ăa])?|scrie)\s['\"“„‘]?(?P<search>{_ANY})['\"”“’]?\s(?:on|in|op|bij|pe|in|[îi]n)\s{_HERE}(?!\w)"
    rf"|\b(?:posts?|posting|posted|writes?|chats?|replies|signs|plaatst|post|schrijft|reageert|chat|posteaz[ăa]|scrie|comenteaz[ăa])\s(?:\w{{2,6}}\s)?(?:as|als|ca|drept|under|onder|sub)\s['\"“„‘]?(?P<posts>(?-i:[A-Z])[\w.-]{{2,30}}|{_ANY})['\"”“’]?\s(?:on|in|op|pe)\s(?:the\s|de\s|het\s|our\s|ons\s|onze\s)?{_HERE}(?!\w)"
    rf"|\b(?:calls?|called|noemde?|noemt|[îi][șs]i\s(?:zicea|zice|spune))\s(?:himself|herself|zich\s)?\s?(?P<self>[^\W\d_]{{4,20}})\s(?:on|in|op|pe)\s(?:the\s|de\s|het\s)?{_HERE}(?!\w)"
    rf"|\b(?:forum(?:lid|gebruiker)|member|lid|poster|membrul?|userul?|utilizatorul?|user|gebruiker)\s['\"“„‘]?(?P<member>(?-i:[A-Z][a-z]+(?:[A-Z][a-z0-9]+)+|[A-Za-z]+[0-9]\w*|[A-Za-z]+[._][\w.]+))"
    rf"|\b(?:adds?|follows?|messaged?|dm(?:'?d|ed)?|volgt?|toegevoegd|urm[ăa]re[șs]te|ad[ăa]ug[ăa])\s(?P<camel>(?-i:[A-Z][a-z]+[A-Z]\w+))"
    rf"|\b{_WHOSE}\s{PLATFORM},\s(?P<comma>[a-z0-9][\w.-]{{9,30}}){_ENDS}|\b{PLATFORM}-?ul\s(?:ei|lui|meu),\s(?P<ro>[a-z0-9][\w.-]{{9,30}}){_ENDS}",
    re.IGNORECASE,
)


def by_sentence(text: str) -> Iterator[re.Match[str]]:
    """Find who somebody is on a platform or a forum, whatever the name looks like."""
    for match in _SURE.finditer(text):
        name = next(match[group] for group in match.groupdict() if match[group])
        if name.lower() not in BRANDS:
            yield match
