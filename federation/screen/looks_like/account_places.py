"""User names by the sentence they stand in, where nothing about the word itself tells."""

import re
from collections.abc import Iterator

from federation.screen.looks_like.platforms import BRANDS, PLATFORM

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
_TWO = r"[^\W_][\w.-]{2,30}(?:\s[^\W_][\w.-]{2,30})?"
_ACCOUNT = r"(?:account|acc|profile|profiel|page|pagina|user|gebruiker|channel|kanaal|cont(?:ul)?|profilul?|canalul?)"
_AGAIN = r"(?:weer\s|again\s|iar\s|ook\s|also\s|nu\s|now\s|acum\s|niet\s|not\s|nu\smai\s)?"
_BELONGS = r"(?:van\s(?:haar|hem|mij)|hers|his|mine|(?:al|a)\s(?:ei|lui|meu|mea)|nep|fake|fals|gehackt|hacked|spart)"
_OWNED = re.compile(
    rf"\b{_ACCOUNT}\s['\"“„‘]?(?P<name>{_TWO})['\"”“’]?\s(?:on|op|pe|de\spe)\s{_HERE}\s(?:is|e|was|era)\s{_AGAIN}{_BELONGS}\b"
    rf"|\bthe\s(?P<the>{_TWO})\s{_ACCOUNT}\son\s{_HERE}\s(?:is|was)\s{_AGAIN}{_BELONGS}\b"
    rf"|\b{PLATFORM}(?:-?(?:ul|u))?\s(?P<on>{_ANY})\s(?:is|e|was|era)\s{_AGAIN}{_BELONGS}\b"
    rf"|\b{PLATFORM}(?:-?(?:ul|u))?\s(?:heet|heette|is\scalled|se\snume[șs]te|se\scheam[ăa])\s(?P<called>{_ANY}){_ENDS}"
    rf"|\b(?:advertises?|works?|dances?|posts?|adverteert|werkt|danst|plaatst|lucreaz[ăa]|danseaz[ăa]|apare|posteaz[ăa])\s(?:now\s|nu\s|acum\s)?(?:as|als|ca)\s(?P<works>(?-i:[A-Z])[\w-]{{2,20}}(?:\s(?-i:[A-Z])[\w-]{{1,20}})?)\s(?:on|op|pe)\s{_HERE}(?!\w)"
    rf"|\b(?:on|op|pe)\s{PLATFORM}\s(?:zit|staat|is|heet|goes|e|apare)\s(?:ze|zij|hij|she|he)\s(?:as|als|ca|by)\s(?P<sits>{_ANY}){_ENDS}"
    rf"|\b(?:(?-i:OF)|{PLATFORM})(?:-?(?:ul|u))?(?:\s(?:ei|lui))?\s(?:is|e|staat|was|era)\s(?:under|onder|op\snaam(?:\svan)?|pe\snumele)\s(?P<under>{_ANY}){_ENDS}"
    rf"|\b(?-i:OF)(?:-?ul)?\sei\se\spe\s(?P<of>{_ANY}){_ENDS}"
    rf"|\b{_ACCOUNT}(?:\sei)?(?:\snou)?,\s(?P<new>[a-z][\w.-]{{4,30}}),\s"
    rf"|\b(?:gebruikersnaam|username|user|nick)\s(?:forum|{PLATFORM})\s(?P<forum>{_ANY}){_ENDS}"
    rf"|\b(?:nick|nickname|nicknaam|nickul|username|usernaam|userul)\s(?P<nick>{_ANY}){_ENDS}"
    rf"|\b(?:dm|dms|pm|pb|dmetje)\s(?:from|van|de\sla)\s(?P<dm>[a-z][\w.-]{{5,30}})\s(?:about|over|despre)\b"
    rf"|\b(?:advertises?|adverteert|posts?|plaatst|posteaz[ăa]|are\sanun[țt])\s(?:now\s|nu\s|acum\s)?(?:as|als|ca)\s(?P<ad>[^\W\d_]{{3,20}}(?:\s[^\W\d_]{{2,20}}){{1,2}})\s(?:on|op|pe)\s{_HERE}(?!\w)"
    rf"|\b(?:is|e|este)\s(?:now\s|nu\s|acum\s)?(?P<is>(?-i:[A-ZȘȚĂÎ])[\w-]{{2,20}}\s(?-i:[A-ZȘȚĂÎ])[\w-]{{1,20}})\s(?:on|op|pe)\s{_HERE}(?!\w)",
    re.IGNORECASE,
)
_LINED = re.compile(r"(?<![\w@])@\s(?P<lined>_[\w.]{2,30}|[\w.]{2,30}_)(?!\w)")


def by_sentence(text: str) -> Iterator[re.Match[str]]:
    """Find who somebody is on a platform or a forum, whatever the name looks like."""
    yield from _no_brand(_SURE.finditer(text))
    yield from _LINED.finditer(text)


def by_owner(text: str) -> Iterator[re.Match[str]]:
    """Find a user name by whose it is, or as whom somebody works on a platform."""
    yield from _no_brand(_OWNED.finditer(text))


def _no_brand(matches: Iterator[re.Match[str]]) -> Iterator[re.Match[str]]:
    for match in matches:
        name = next(match[group] for group in match.groupdict() if match[group])
        if name.lower() not in BRANDS:
            yield match
