"""User names by the order of what stands around them: who is where as whom, whatever the words for it are."""

import re
from collections.abc import Iterator

from federation.screen.accounts.tokens import Token, tokens
from federation.screen.words.platforms import PLATFORM, slips

_ANCHOR = re.compile(
    rf"\b(?:{PLATFORM}|{'|'.join(sorted(slips()))})|\b(?:X|OF|SC|TT|sc|tt|Line)\b|[📸📷👻✈]|@(?=\s)|\b(?:op|via)\sde\sapp\b|\b(?:pe|are)\s(?:mess|whats)\b|\b(?:mess|whats)(?=-ul|\s?[:=(]|\sei|\slui)|\b(?:mess|whats)\b(?=[)\n]|\Z)"
    r"|\b(?:user|handle|nick|screen\s?name|gebruiker|profiel|profile?|profil|account|acc\b|cont(?:ul)?\b|utilizato[ra]|pseudo|alias|aka\b|schermnaam|gamertag|uname|tag\b|display\sname|nume\safi|logged\sin|ingelogd|intrat\scu|voorheen|formerly|fost[ăa]\b|zis[ăa]?\b|nick(?:ul)?\b|cunoscut[ăa]|bekend\sals|known\sas|dms?\b|mesaj\sla|forum|call(?:s|ed)|noem(?:t|de)|zicea?|online\b|(?:logs|logt|intr[ăa]|registered|geregistreerd|[îi]nregistrat[ăa]|wrote|schreef|scris|chat\w*|messaged)\s(?:in\s)?(?:as|als|ca|under|onder|sub)\b)",
    re.IGNORECASE,
)
BEFORE = 80
AFTER = 120
_NAME = r"(?P<name>[xah]{1,3})"
_BEING = r"(?P<name>[xah]{0,2}[xh])"
"""No word for how something is, nor one at its end."""
_WHOM = r"(?P<whom>[xah]{0,2}[xh])"
"""Written to or looked for, as organisations are as well."""
_TWO = r"(?P<name>[xah]?[xh])"
_ONE = r"(?P<word>[xh]|h[xh])"
_HARD = r"(?P<name>h[xah]{0,2}|[xa]{1,2}h)"
"""At least one word of it is none."""
_END = r"(?=[.,:()\n-]|\Z|[ALSCIJOGRW])"
_LINE_ENDS = r"(?=[.)\n]|\Z)"
_AT = r"[IJ]{1,2}D?P"
_ON = rf"(?:{_AT}|W)"
"""As whom somebody is online is told; how, is told as well."""
_CALLED = r"(?:D?[nmN]){0,2}"
_IS = r"(?:[BL:]{1,2}\n?|\n)"
_NEXT = r"P[^.\n]{0,3}[.,C-]"
"""A platform, and then what is said of it."""
_SURE = (
    # posts as velvet on insta; on insta she goes by velvet; logs in as velvet
    rf"[AL]{_CALLED}{_NAME}{_ON}",
    rf"[AL](?P<name>[xah]J[xah]){_ON}",
    rf"n(?P<name>[xahw]{{1,2}}){_AT}B",
    rf"D(?P<name>[xahw]{{1,2}})n{_AT}B",
    rf"Q{_AT}{_BEING}{_LINE_ENDS}",
    rf"VJ{_BEING}(?=[wIF]|{_END})",
    rf"{_ON}[^.C\n(]{{0,6}}?[AL]{_CALLED}{_NAME}{_END}",
    rf"P[^.C,\n(]{{0,6}}?[AL]{_CALLED}{_NAME}{_END}",
    rf"Ew?[AL]{_CALLED}{_NAME}{_END}",
    rf"n[^.C,\n(]{{0,2}}?[AL]{_CALLED}{_BEING}{_END}",
    # she is velvet on insta; on insta she is velvet
    rf"S[BbL]{{1,2}}S?{_NAME}{_AT}",
    rf"[BL]S{_NAME}{_AT}",
    rf"LS?{_NAME}[IJ]D?Z",
    rf"[SC]{_NAME}[BL]{_AT}",
    rf"S[BL]S{_ON}{_BEING}{_END}",
    rf"{_AT}BO[nmN]{_BEING}(?:{_END}|(?=F))",
    rf"m{_AT}{_NAME}(?=[,.)\n])",
    rf"{_BEING}AO?D?(?:P[nmN]|[nmN]{_AT}|[nmN]D?P)",
    rf"(?:\A|[.,\n(CF])[BL]{{1,2}}S?{_BEING}{_AT}",
    rf"{_AT}(?:O?[nmN]O?)?(?:S[BL]{{1,2}}[SO]?|[BL]{{1,2}}[SO]{{1,2}}|[:-]){_BEING}{_END}",
    rf"nO?D?{_AT},{_BEING}{_END}",
    rf"(?:\A|[.,\n]){_AT}[BL]{{1,2}}{_BEING}{_END}",
    # username on insta is velvet; her account is velvet; account: velvet
    rf"N(?:{_AT}|DP)?O?(?:{_IS}|-){_BEING}(?:{_END}|(?=F))",
    rf"nm{_IS}{_BEING}{_END}",
    rf"(?:P[nmN]|[nmN]{_AT}|[nmN]DP|[nm]O?P)O?(?:{_IS}|-){_BEING}{_END}",
    rf"(?:O[nN]|DN)(?:{_AT})?O?{_IS}{_BEING}{_END}",
    rf"nO{_IS}{_BEING}{_END}",
    rf"(?:\A|[.\n,(])[nmN]O?:{_BEING}{_END}",
    rf"nO?(?:D?P|L){_IS}{_BEING}{_END}",
    rf"nO?L{_BEING}{_END}",
    rf"nO?:{_BEING}{_END}",
    rf"O@B{_NAME}{_END}",
    rf"N[^.:\n]{{0,5}}:{_BEING}{_END}",
    rf"(?:N|Pn|nDP)[^.,:\n]{{1,5}}B{_BEING}{_END}",
    rf"P[nmN]\.{_NAME}{_LINE_ENDS}",
    rf"[FA]D?[mN]{_NAME}{_END}",
    rf"@{_NAME}{_AT}",
    rf"P[^.\n]{{0,2}}@{_NAME}",
    # her insta is velvet; insta: velvet
    rf"OP{_IS}{_BEING}{_END}",
    rf"PO?(?:{_IS}|:-|-:){_BEING}{_END}",
    rf"OP[wa]?[,-]{_NAME}{_END}",
    rf"(?:OP|PO)\([^()\n]*\){_IS}{_BEING}{_END}",
    rf"PO[,-]{_NAME}{_END}",
    # velvet in brackets beside insta, or insta in brackets beside velvet
    rf"(?:\A|[.,\nFJG]){_NAME}\(O?I?P\)",
    rf"P\({_NAME}\)",
    rf"[(,]{_BEING}{_AT}(?=[.,)\n]|\Z)",
    # message velvet on insta; add her on insta: velvet
    rf"[VQ]S?F?{_WHOM}(?:[DM][wDMF]{{0,2}})?{_AT}",
    rf"[VQM][wS]?[IJF]n?{_WHOM}{_AT}",
    rf"[VQ]F{_WHOM}(?=[AC][^.\n]{{0,5}}P)",
    rf"{_AT}S?[VQ]{{1,2}}[SO]?F?{_BEING}{_END}",
    rf"[GVQM][^.\n]{{0,3}}J{_NAME}{_AT}",
    rf"(?:Q[SO]?|V[SO])S?(?:{_AT}|P)[:,F-]{_NAME}{_END}",
    rf"QP[F:]{_NAME}{_END}",
    # uses velvet on insta
    rf"US?(?:D?[nmN]){{1,2}}{_NAME}{_ON}",
    rf"US?{_HARD}{_ON}",
    rf"{_AT}S?US?{_CALLED}{_NAME}{_END}",
    # she has insta. it is velvet; the name is velvet; look for velvet; velvet is the name
    rf"{_NEXT}(?:D?[mNn]I?|[OD][mN]|[mN]DI?)(?:{_IS})?{_BEING}{_END}",
    rf"{_NEXT}S?[BL]{{1,2}}S?{_BEING}{_END}",
    rf"{_NEXT}S?[VQ]{{1,2}}[SO]?F?A?{_BEING}{_END}",
    rf"{_NEXT}{_BEING}B[DO]?[mN]",
    rf"P[^\n]{{0,8}}[.,C]w?[ODX]{{1,3}}m?B{_BEING}{_END}",
    rf"P[^.\n]{{0,5}}C{_BEING}[BL]{_END}",
    # her account velvet was blocked; velvet on insta is her; her insta changed from velvet
    rf"[OD]nO?{_BEING}(?:B[waR]|{_AT})",
    rf"nO{_NAME}[Dw]",
    rf"[IJ][DS]?nO?{_BEING}{_END}",
    rf"(?:O[DX]?|[DX]O)P{_HARD}[BRw]",
    rf"(?<!D){_BEING}{_AT}B[SO]{_END}",
    rf"P[wax][IJ]{_NAME}F",
    # aka velvet; account velvet on insta
    rf"(?:N|K|nA?K)(?:{_IS}){_NAME}{_END}",
    rf"(?:(?:\A|[.,\n(])N|nA?K){_BEING}{_END}",
    rf"K{_BEING}{_END}",
    rf"Y{_NAME}{_AT}",
    rf"(?:[OD]{{1,2}}n|nOD?),{_BEING},",
    rf"P[mN]{_BEING}{_LINE_ENDS}",
    rf"(?:PN|nP){_BEING}{_END}",
    rf"XnO?{_BEING}{_END}",
    rf"nDX{_BEING}{_END}",
    rf"[IJF]n{_BEING}(?=[wF])",
    rf"P{_BEING}B[wJ]O",
    rf"(?:nm?|N|K){_NAME}{_AT}",
    rf"(?:\A|[.\n]){_NAME}JP(?=D?[RG])",
    rf"[JF]{_BEING},P[,.]",
    rf"(?:P[nVM]?|n){_BEING}(?=D?[RG])",
    rf"F{_BEING},[^.\n]{{0,6}}JP",
    rf"(?:\A|[.\n]){_BEING},{_AT},",
    rf"(?:P[VM]|M{_AT})F{_BEING}{_END}",
    rf"(?:\A|[.,\n]){_BEING}V{_AT}",
    rf"{_WHOM}H{_AT}",
    rf"(?:\A|[.\n]){_BEING}D?G{_AT}",
    rf"FP[-:]{_BEING}{_LINE_ENDS}",
    rf"MF{_HARD}{_END}",
    rf"{_WHOM}DMw?[VH]?{_AT}",
    # insta velvet, and no more than that in the line
    rf"(?:\A|[\n(:])P(?:[-,]{_TWO}|{_ONE}){_LINE_ENDS}",
    rf"(?:\A|[\n(]){_BEING}[-,]?P{_LINE_ENDS}",
)
_LIKELY = (
    rf"[nN](?:O|DD)?{_HARD}",
    rf"{_HARD}[-,(]?[IJ]?O?P",
    rf"P[^.\n,]{{0,2}}F{_HARD}{_END}",
    rf"OP[^.\n]{{0,5}}[:-]{_HARD}{_END}",
    rf"P[-,:(\n]{{0,2}}{_HARD}",
    rf"[IJF]{_HARD}{_AT}",
    rf"[VQ][SO]?[IJ]{_HARD}{_END}",
    rf"P[^.\n]{{0,3}}[.,-]S?{_HARD}{_END}",
    rf"(?:[GVUnN]w?A|L){_CALLED}{_HARD}{_END}",
    rf"@{_HARD}",
)
_FRAMES = tuple(map(re.compile, (*_SURE, *_LIKELY)))


def framed(text: str) -> Iterator[tuple[int, int]]:
    """Find what stands where somebody's name on a platform does."""
    done = 0
    for anchor in _ANCHOR.finditer(text):
        if anchor.start() < done:
            continue
        begin, done = _around(text, anchor)
        read = [token for token in tokens(text, begin, done) if token.sign != "T"]
        yield from _in(text, read, whole=(begin == 0, done == len(text)))


def _around(text: str, anchor: re.Match[str]) -> tuple[int, int]:
    """Give where the words around a platform begin and end, none of them cut."""
    begin, end = max(0, anchor.start() - BEFORE), min(len(text), anchor.end() + AFTER)
    while begin and not text[begin - 1].isspace():
        begin -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return begin, end


def _in(text: str, read: list[Token], *, whole: tuple[bool, bool]) -> Iterator[tuple[int, int]]:
    before, after = ("" if at_an_end else "w" for at_an_end in whole)
    signs = before + "".join(token.sign for token in read) + after
    for pattern in _FRAMES:
        for match in pattern.finditer(signs):
            first, last = (at - (not whole[0]) for at in match.span(match.lastgroup or 0))
            start, end = read[first].start, read[last - 1].end
            if match.lastgroup != "whom" or not _is_an_office(text[start:end]):
                yield start, end


def _is_an_office(written: str) -> bool:
    """Tell an organisation, whose words have a capital each, and what has a Romanian article."""
    words = written.split()
    capitals = len(words) > 1 and all(word[0].isupper() for word in words)
    return capitals or written.endswith(("ul", "ului", "ilor", "elor"))
