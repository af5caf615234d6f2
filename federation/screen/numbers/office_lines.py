"""Fixed lines of offices, which are published to be rung as helplines are."""

import re

import phonenumbers
from phonenumbers import PhoneNumberType

_NAMED = (
    r"(?:(?:poli|soa-poli|kliniek|polikliniek|clinic|surgery|gp\spractice|ggd|hospital|ziekenhuis|spital(?:ul|ului)?|clinic[aăi]i?|policlinic[aăi]i?|dispensar(?:ul|ului)?|farmaci[aei]i?|apotheek|pharmacy|huisartsen(?:post|praktijk)|out\sof\shours"
    r"|police|politie|poli[țt](?:ia|iei)|council|gemeente|prim[ăa]ri(?:a|e|ei)|court|rechtbank|tribunal(?:ul|ului)?|jude?c[ăa]tori\w*|legal\said|law\scentre|juridisch\sloket|wijkteam|help\s?line|hulplijn|infolijn|linia\sde\sajutor|meldpunt|loket|balie|reception|receptie|recep[țt]i[ae]i?"
    r"|switchboard|centrale|central[ăa]|office|kantoor|birou\w*|secretariat\w*|registratur\w*|dispecerat\w*|shelter|refuge|opvang|ad[ăa]post(?:ul|ului)?|drop-in|inloop|spreekuur|afsprakenlijn|appointments?\sline|booking\sline|program[ăa]ri|a&e|seh|urgen[țt]e|home\soffice|ind|anaf|uwv|dwp|hmrc"
    r"|embassy|consulate|ambassade|consulaat|ambasad[ăa]|consulatul?|library|bibliotheek|bibliotec[ăa]|union|vakbond|sindicat\w*|food\s?bank|voedselbank|job\s?centre|werkplein|charity|stichting|vereniging|asocia[țt]i\w*|funda[țt]i\w*|(?:women\W?s|day|training|advice|community|test\w*)\scentre"
    r"|centrum|centr(?:ul|ului)\sde|buurthuis|woningcorporatie|corporatie|advocaten\w*|solicitors?|barou\w*|notari\w*|verzekeraar|insurer|banc[ăa]|(?:the|our)\sbank|fraud\steam|help\s?desk\w*|training\svenue|trainingslocatie|sal[aă]\sde\scurs|university|universiteit|universit[ăa][țt]\w*"
    r"|inspectorat\w*|itm|dsp|dgaspc|direc[țt]i[ae]\w*|agen[țt]i[ae]\w*|cabinet\w*|asisten[țt]a\ssocial[ăa]|housing\soptions|needle\sexchange|spuitomruil|citizens\sadvice|victim\ssupport|slachtofferhulp|leger\sdes\sheils|salvation\sarmy|museum|muzeul)\b"
    r"|\b(?-i:(?!TEL|GSM|SMS|APP|MOB|NEW|HER|NOU|NIEUW|NUM[AĂ]R|NUMMER|NUMBER|CALL|BEL|RING)[A-Z]{3,6})\b)"
)
_OFFICE = re.compile(rf"\b{_NAMED}[^.!?\n]{{0,30}}\Z", re.IGNORECASE)
_OF_AN_OFFICE = re.compile(
    rf"(?:\s?\((?:(?:the|de|het)\s)?|\s(?:is|e|este|=|van|of|de\sla)\s(?:(?:the|de|het|our|ons)\s)?){_NAMED}",
    re.IGNORECASE,
)
"""After the number."""
_SOMEBODYS = re.compile(
    r"\b(?:(?<!gave )(?<!give )(?<!given )(?<!sent )(?<!told )(?<!referred )(?<!signposted )(?<!showed )(?<!gaf )(?<!geef )(?<!verwees )(?<!stuurde )(?:her|haar)|his|my|zijn|mijn|ei|lui|mea|meu|mum|mam|mother|moeder|mama|flat|apartment|apartament\w*|huis|home(?!\soffice)|acas[ăa]|boyfriend|vriend|iubit\w*|worker|hulpverle\w+|own|eigen|zelf|herself|himself|propri\w*|asistent\w*|nurse|verpleeg\w+|doctor\w*|dokter)\b[^.!?\n]{0,40}\Z",
    re.IGNORECASE,
)
_CALLS = re.compile(
    r"\b(?:will|to|should|has|zal|moet|heeft|belt|gaat|bellen|va|s[ăa]|sun[ăa]|gevraagd|asked)\b|(?:[0-9][^0-9]{0,2}){6}",
    re.IGNORECASE,
)
"""The office calls it, or has another number before."""
NEAR = 50
OF_OFFICES = {PhoneNumberType.FIXED_LINE, PhoneNumberType.UNKNOWN}
"""Also what is in no register and no mobile number."""
_MOBILE = re.compile(r"\W*(?:\+|0[67]|00)")


def is_an_offices(text: str, start: int, end: int, region: str | None) -> bool:
    """Tell whether a number is a fixed line of what is named right before or after it."""
    before = text[max(0, start - NEAR) : start]
    if _SOMEBODYS.search(before) or _MOBILE.match(text, start):
        return False
    office = _OFFICE.search(before)
    if not (office and not _CALLS.search(office[0])) and not _OF_AN_OFFICE.match(text, end):
        return False
    try:
        number = phonenumbers.parse(text[start:end], region)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.number_type(number) in OF_OFFICES
