"""Fixed lines of offices, which are published to be rung as helplines are."""

import re

import phonenumbers
from phonenumbers import PhoneNumberType

_OFFICE = re.compile(
    r"\b(?:(?:poli|soa-poli|kliniek|polikliniek|clinic|surgery|gp\spractice|ggd|hospital|ziekenhuis|spital(?:ul|ului)?|clinic[aăi]i?|policlinic[aăi]i?|dispensar(?:ul|ului)?|farmaci[aei]i?|apotheek|pharmacy|huisartsenpost|out\sof\shours"
    r"|police|politie|poli[țt](?:ia|iei)|council|gemeente|prim[ăa]ri(?:a|e|ei)|court|rechtbank|tribunal(?:ul|ului)?|legal\said|law\scentre|juridisch\sloket|wijkteam|help\s?line|hulplijn|infolijn|linia\sde\sajutor|meldpunt|loket|balie|reception|receptie|recep[țt]i[ae]i?"
    r"|switchboard|centrale|central[ăa]|office|kantoor|birou\w*|secretariat\w*|registratur\w*|dispecerat\w*|shelter|refuge|opvang|ad[ăa]post(?:ul|ului)?|drop-in|inloop|spreekuur|afsprakenlijn|appointments?\sline|booking\sline|program[ăa]ri|a&e|seh|urgen[țt]e|home\soffice|ind|anaf|uwv|dwp|hmrc))\b[^.!?\n]{0,30}\Z",
    re.IGNORECASE,
)
_SOMEBODYS = re.compile(
    r"\b(?:her|his|my|haar|zijn|mijn|ei|lui|mea|meu|mum|mam|mother|moeder|mama|flat|apartment|apartament\w*|huis|home|acas[ăa]|boyfriend|vriend|iubit\w*|worker|hulpverle\w+|own|eigen|zelf|herself|himself|propri\w*|asistent\w*|nurse|verpleeg\w+|doctor\w*|dokter)\b[^.!?\n]{0,40}\Z",
    re.IGNORECASE,
)
_CALLS = re.compile(
    r"\b(?:will|to|should|has|zal|moet|heeft|belt|gaat|bellen|va|s[ăa]|sun[ăa]|are|gevraagd|asked)\b|(?:[0-9][^0-9]{0,2}){6}",
    re.IGNORECASE,
)
"""The office calls it, or has another number before."""
NEAR = 50
OF_OFFICES = {PhoneNumberType.FIXED_LINE, PhoneNumberType.UNKNOWN}
"""Also what is in no register and no mobile number."""
_MOBILE = re.compile(r"\W*(?:\+|0[67]|00)")


def is_an_offices(text: str, start: int, end: int, region: str | None) -> bool:
    """Tell whether a number is a fixed line of what is named right before it."""
    before = text[max(0, start - NEAR) : start]
    office = _OFFICE.search(before)
    if (
        office is None
        or _CALLS.search(office[0])
        or _SOMEBODYS.search(before)
        or _MOBILE.match(text, start)
    ):
        return False
    try:
        number = phonenumbers.parse(text[start:end], region)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.number_type(number) in OF_OFFICES
