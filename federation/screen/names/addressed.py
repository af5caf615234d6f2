"""Somebody with whom one deals, in any letters: told, thanked, asked about, in a row with somebody."""

import re
from collections.abc import Iterator

from federation.screen.names.cues import OWNED, PERSON
from federation.screen.names.small_letters import THEN
from federation.screen.words.called_after import SAINT
from federation.screen.words.doing import does_what_people_do
from federation.screen.words.known_names import (
    also_a_place,
    also_a_word,
    listed,
    only_a_name,
    rarely_a_name,
)
from federation.screen.words.no_names import COMMON, NO_ANSWER, OFFICES, PARTNERS, PLACES
from federation.screen.words.no_word import is_no_word

_WHO = r"(?P<name>[^\W\d_]{2,20})(?![\w@/'’-])"
_ON = (
    r"(?=\s?(?:[,.;:!?)]|\Z)|\s(?:"
    r"that|we|i|she|he|they|it|you|not|no|about|and|or|for|on|at|from|to|again|today|tonight|yesterday|tomorrow|this|last|who|so"
    r"|because|but|if|when|after|before|over|re|via|is|was|has|had|said|says|ages|since|with|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
    r"|op|in|naar|hier|dat|ze|ik|hij|zij|en|of|voor|uit|die|om|maar|weer|vandaag|gisteren|vanavond|morgen|nog|niet|wel|geen|toen|als|aan|bij|tot|na|hoe|wat|zei|heeft|verzet|gehad|gemaakt|gepland|staat|ging|gaat|kwam|moved|went|cancelled|did|does"
    r"|c[ăa]|s[ăa]|[șs]i|sau|cu|la|din|pe|de|despre|pentru|prin|care|azi|ieri|iar|dar|dac[ăa]|fiindc[ăa]|c[âa]nd|nu|s-a|a|e|era|[îi]n|dup[ăa]|p[âa]n[ăa]|m[âa]ine|luni|mar[țt]i|miercuri|joi|vineri"
    r")\b)"
)
"""What stands after somebody, and after a word that belongs to a thing less often."""
_MET = (
    r"told|tell|asked|reminded?|warned|thanked|phoned|texted|rang|messaged|emailed|e-mailed|mailed|whatsapped|contacted|helped|visited|invited|introduced|supported|accompanied|interviewed"
    r"|(?:ive|i['’]ve|have|has|we['’]ve|weve|i|we|who|they|you)\s(?:known|knows?|knew)"
)
_DONE_TO = (
    r"said|says?|saying|spoke|speak|speaking|spoken|talk|talked|talking|wrote|write|written|writing|explained|apologi[sz]ed|replied|reply|promised|listened|listening|lied|according|chat|chatted|chatting|shift|swap"
    r"|swapped|sat|work|worked|working|paired|meeting|appointment|agreed|arranged|call|contact|touch|argument|argued|row|fight|fought|conversation|conversations|session|dealt|dealing|sent\s(?:it|that|this|the\slink)"
    r"|(?:passed|gave|handed)\s(?:it|that|this|them|the\s\w{3,12})(?:\son|\sover)?|lunch|coffee|intake|catch-up|follow-up|referral|room|bed|appointment|interpreter|letter|taxi"
)
_SENT = (
    r"messages?|questions?|thanks|notes?|texts?|calls?|e-?mails?|letters?|complaints?|word|news|reply|replies|answer|tip|photos?|pictures?|request|screenshots?|updates?|voicemails?|feedback|greetings|hello|hugs|love|cards?|flowers|heard|dms?"
    r"|berichten?|berichtje|vraag|vragen|bedankje|dankjewel|dank|groeten|groetjes|appjes?|mail|mailtje|klacht|nieuws|teken|telefoontje|brief|briefje|kaartje|tip|foto['’]?s?|verzoek|voicemail|bloemen|gehoord|complimenten"
    r"|num[ăa]r(?:ul)?|mesaj(?:e|ul)?|[îi]ntreb[ăa]ri|[îi]ntreb(?:are|area)|mul[țt]umiri|salut[ăa]ri|bilet|telefon|ve[șs]ti|[șs]tiri|r[ăa]spuns(?:ul)?|pl[âa]ngere(?:a)?|scrisoare(?:a)?|sfat|pupici|semn|rug[ăa]minte(?:a)?|mail(?:ul)?|poze|apel(?:ul)?"
)
_DUTCH_WITH = r"gesproken|gepraat|gebeld|geappt|gechat|gemaild|overlegd|afgesproken|afspraak|contact|gesprek|besproken|ruzie|samen|dienst|gewerkt|gewisseld|ruilen|geruild|gezeten|gelopen|bezig|intake|meegegaan"
_DUTCH_TO = r"geschreven|gegeven|gevraagd|verteld|uitgelegd|doorgegeven|gemaild|gestuurd|beloofd|excuses|gemeld|uitgedeeld|dank|groeten"
_DUTCH_BEFORE = r"gezegd|zei|zeg|zeiden|gelogen|aardig|gepraat|boos"
_ROMANIAN_WITH = r"vorb(?:it|e[șs]te|im|i)|discutat|discu[țt]i[ea]|stabilit|program[ăa]r(?:e|ea|i)|[îi]nt[âa]lnire(?:a)?|[îi]nt[âa]lnit|ceart[ăa]|certat|tur[ăa]|tura|lucrat|stat|mers|schimbat?|schimb|contact(?:ul)?|leg[ăa]tura|v[ăa]zut|scris|ie[șs]it|convorbire(?:a)?"
_FRAMES = (
    rf"(?:{_MET})\s(?:just\s|only\s)?{_WHO}{_ON}",
    rf"(?:{_DONE_TO})\s(?:\w{{3,9}}\s)?(?:to|with|for)\s{_WHO}{_ON}",
    rf"(?:{_SENT})\s(?:\w{{2,12}}\s)?(?:from|van|de\sla)\s{_WHO}{_ON}",
    rf"(?:ads?|adverts?|profiles?|photos?|pictures?|selfies?|passport|phone|number|mother|mum|story|statement|case|file|copy|complaint|worker|death|arrest)\sof\s{_WHO}{_ON}",
    rf"(?:advertenties?|profiel|foto['’]?s?|nummer|telefoon|paspoort|verhaal|aangifte|moeder|kamer|zaak|dossier|klacht|collega|man|vriend)\svan\s{_WHO}{_ON}",
    rf"(?:anun[țt]ul|profilul|pozele|num[ăa]rul|telefonul|cazul|dosarul|mama|prietena|camera|povestea|pl[âa]ngerea|contul)\slui\s{_WHO}{_ON}",
    rf"(?:calm|calmed|drop|dropped|walk|walked|ring|rang|call|called|pick|picked|bring|brought|drove|wake|woke|send|sent|let|talk|talked|text|texted|drag|dragged|lead|led|follow|followed)\s{_WHO}(?=\s(?:down|home|back|up|off|out|in|inside|upstairs|over|(?:at|to|from|into)\s(?:the|her|his|a)|before|about)\b)",
    rf"(?:waiting\son|waiting\sfor|wait\sfor|belongs\sto|belong\sto|asked\safter|ask\safter|looking\sfor|worried\sabout|check\son|checked\son|look\safter|looked\safter|shares?\s(?:a\sroom|the\sflat|a\sflat)\swith)\s{_WHO}{_ON}",
    rf"(?:(?:bracht|breng|brengen|haalde|reed|belde|sprak|hielp|ontmoette|vergezelde)\s(?:ik\s|we\s|wij\s|ze\s)?|zag\s(?:ik|we|wij)\s){_WHO}(?=\s(?:naar|bij|op|mee|terug|weg|thuis|binnen|gisteren|vandaag|in)\b)",
    rf"(?:sleutels?|tas|jas|telefoon|paspoort|papieren|koffer|brief)\s(?:is|zijn|ligt|liggen|hangt|staat)\s(?:bij|van)\s{_WHO}{_ON}",
    rf"(?:wacht|wachten|gewacht|wachtte)\s(?:nog\s|al\s|even\s)?op\s{_WHO}{_ON}",
    rf"(?:jas|tas|telefoon|sleutels?|kamer|fiets|koffer|brief|papieren)\svan\s{_WHO}(?=\s(?:hangt|ligt|liggen|staat|is|was|zijn)\b)",
    rf"(?:cheia|cheile|geanta|haina|telefonul|actele|pa[șs]aportul|buletinul|valiza)\s(?:e|sunt|a\sr[ăa]mas)\sla\s{_WHO}{_ON}",
    rf"(?:cheia|cheile|geanta|haina|telefonul|actele|pa[șs]aportul|buletinul|valiza|camera)\slui\s{_WHO}{_ON}",
    rf"(?:a[șs]tept[ăa]?|a[șs]tept[ăa]m)\s(?:s[ăa]\s(?:vin[ăa]|sune|r[ăa]spund[ăa])|pe)\s{_WHO}{_ON}",
    rf"(?:{_DUTCH_WITH})\s(?:\w{{3,9}}\s)?met\s{_WHO}{_ON}",
    rf"(?:{_DUTCH_TO})\saan\s{_WHO}{_ON}",
    rf"(?:{_DUTCH_BEFORE})\stegen\s{_WHO}{_ON}",
    rf"(?:{_ROMANIAN_WITH})\s(?:\w{{3,7}}\s)?cu\s{_WHO}{_ON}",
    rf"via\s{_WHO}(?=,\s(?:zo\s|she\b|he\b|ze\b|who\b|die\b|care\b)|\s(?:that|we|i|hoorde|hoorden|weet|weten|kreeg|kregen|c[ăa]|am|[șs]tiu)\b)",
    rf"(?:auzit|aflat)\s(?:prin|de\sla)\s{_WHO}(?=\sc[ăa]\b)",
    rf"(?:between|tussen|[îi]ntre)\s{_WHO}(?=\s(?:and|en|[șs]i)\s(?:someone|somebody|her|his|him|me|us|the|a|another|one|two|iemand|haar|zijn|hem|mij|ons|de|het|een|cineva|ea|el|mine|noi|o|un|alt[ăa]?|cealalt[ăa])\b)",
    rf"(?:between|tussen|[îi]ntre)\s(?:someone|somebody|her|him|me|us|iemand|haar|hem|mij|ons|cineva|ea|el|mine|noi)\s(?:and|en|[șs]i)\s{_WHO}{_ON}",
    rf"(?:did|does|didnt|didn['’]t|doesnt|doesn['’]t|has|hasnt|hasn['’]t|have|can|could|should|will|would|is|was)\s{_WHO}(?=\s(?:ever|already|still|not|be|been|get|got|come|go|gone|say|tell|ask|call|ring|text|reply|find|manage|want|need|mention|leave|stay|turn|show|swap|move|know|see|hear|bring|take|talk|speak|write|sign|pay|send|book|pick|drop|join|have|coming|asking|staying|in\stouch|ok|okay|alright|safe|allowed|(?:on|working|in|off)\s(?:shift|tonight|today|tomorrow|next))\b)",
    rf"(?:heeft|had|kan|kon|wil|wou|zou|zal|mag|moet|komt|kwam|belt|belde|kunnen\swe|zullen\swe|mogen\swe|moeten\swe|hebben\swe|gaan\swe)\s{_WHO}(?=\s(?:nog|al|al\seens|ook|niet|op\sde\slijst|een|de|haar|hem|zich|met\s(?:mij|me|haar|ons)|iets|gebeld|gevraagd|gezegd|vandaag|gisteren|morgen|vanavond|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|terug|vrijdag)\b)",
    rf"(?:ik|we|wij|die)\s(?:ken|kennen|kent|kende|kenden)\s{_WHO}(?=\s(?:al|nog|van|uit|sinds|niet|goed)\b)",
    rf"(?:poate|vrea|trebuie)\s{_WHO}(?=\ss[ăa]\b)",
    rf"(?:a|n-a|[șs]i-a)\s(?:mai\s)?(?:sunat|scris|venit|plecat|[îi]ntrebat|r[ăa]spuns|zis|spus|cerut|ajuns|trecut|intrat)\s{_WHO}{_ON}",
    rf"(?:sunat|suna[țt]i|suna|cere[țt]i|cerut|[îi]ntrebat|luat|dus|rezervat|interpret|taxi|avocat|cazare|bilet|scrisoare|scuze)\s(?:pentru|de|fa[țt][ăa]\sde)\s{_WHO}{_ON}",
    rf"(?:[șs]tiu|[șs]tim|cunosc|cunoa[șs]tem|v[ăa]zut|[îi]nt[âa]lnit|ajutat|sunat|[îi]ntrebat|rugat|anun[țt]at|l[ăa]sat|dus)(?:-[ol])?\spe\s{_WHO}{_ON}",
    rf"(?:i-(?:am|a|au|ai)\s[^\W\d_]{{2,14}}|spune-?i|zi-i|scrie-i|d[ăa]-i|zis|spus|scris)\slui\s{_WHO}{_ON}",
)  # fmt: skip
"""Ways to say with whom one deals; a thing would have its article there."""
FRAMES = tuple(re.compile(rf"\b(?:{frame})") for frame in _FRAMES)
SURELY = (
    re.compile(
        rf"\b(?:told|asked|reminded|texted|(?:ive|i['’]ve|have|has|i|we|who)\s(?:known|knows?|knew))\s{_WHO}(?=\s(?:from|for|since|we|that\swe|she|he|to|not)\b)"
    ),
    re.compile(rf"\b(?:can|could|should|did|does|may)\s{_WHO}(?=\s(?:be|ever|get|come|have)\b)"),
    re.compile(rf"\b(?:between|tussen|[îi]ntre)\s{_WHO}(?=\s(?:and|en|[șs]i)\s(?:someone|somebody|iemand|cineva)\b)"),
)  # fmt: skip
"""There even a word like Joy or Will is how somebody is called."""
_KIN = re.compile(PERSON, re.IGNORECASE)
STATES = frozenset(
    "is was are has had heeft kan kon wil mag moet moest zal zou zat e era este avea poate trebuie can't couldn't does did"
    " does didn't staat stond ligt lag ziet blijft bleef gaat ging komt kwam comes came went goes ended finished finishes"
    " feels felt seems seemed looked lijkt leek isn't wasn't won't wouldn't mag mocht wordt werd duce trece vine".split()
)
"""What a thing is and does as well."""
THINGS = frozenset(
    """
    will wil may mai mei ion do vi da la sara vara lumina ine bas van den ben dan nur ok mos sam con
    sun rain snow storm stormy summer winter spring autumn zomer lente herfst iarna toamna april june august
    joke art bill mark max sol jan gift happy lucky pretty lovely rich loan lot safe many some much sorry press
    chance change charity luck hope love faith peace freedom health patience mercy victory grant chase drew
    luck case speed sue rob doc pop pic dee noi ela els rose-marie
    """.split()
)
"""Words of every day that stand there as themselves."""
_OWNED = re.compile(rf"(?<![\w@/.-])(?P<name>[^\W\d_]{{2,20}})['’]s\s(?:{OWNED})\b")
_FROM = re.compile(
    rf"(?:\A|[.!?:\n]\s?|\b(?:and|en|[șs]i|when|als|toen|dat|that|c[ăa])\s){_WHO}\s(?i:from|van|uit|de\sla|din)\s(?:(?:the|our|de|het|ons|onze)\s)?(?P<tail>[^\W\d_]{{3,20}}(?:\s[^\W\d_]{{2,20}}){{0,3}})(?=\s)"
)
_EASTERN = re.compile(
    r"(?:\A|[.!?:\n]\s?)(?P<name>(?i:mei|xiao|siew|hui|jia|ngoc|thi|soo|hyun|kim|min|yu|li|nok|pim|thu|thuy)[ -][a-z]{2,8})(?=\s)"
)
"""Two short words that together are how somebody is called: mei ling."""
_SPACE = re.compile(r"\s")
_NEXT = re.compile(r"\s(?P<word>[^\W\d_]+)")
_SAFE = re.compile(
    rf"(?:\A|[.!?:\n]\s?){_WHO}\s(?:safe|found|missing|veilig|terecht|vermist|[îi]n\ssiguran[țt][ăa]|g[ăa]sit[ăa])(?=\s?(?:[,.;!]|\Z))"
)
ALSO_THERE = frozenset(
    "joy mercy hope faith patience grace peace victory charity happy lucky will mark bill".split()
)
BEFORE = 60


def addressed(text: str) -> Iterator[tuple[int, int]]:
    """Find somebody with whom one deals, if a list knows the word or nobody does."""
    # patterns without ignored case are found twice as fast
    lower = text.lower()
    small = lower if len(lower) == len(text) else text
    for pattern in (*SURELY, *FRAMES):
        for match in pattern.finditer(small):
            start, end = match.span("name")
            surely = pattern in SURELY and match["name"] in ALSO_THERE
            if (
                (surely or is_somebody(text[start:end]))
                and not THEN.match(text, start)
                and not SAINT.search(text, max(0, start - BEFORE), start)
            ):
                yield start, end
    for pattern in (_OWNED, _SAFE, _FROM):
        for match in pattern.finditer(text):
            acts = pattern is not _FROM or _does_after(text, match)
            if acts and is_somebody(match["name"]) and not rarely_a_name(match["name"]):
                yield match.span("name")
    for match in _EASTERN.finditer(text):
        if _does(text, match.end()):
            yield match.span("name")


def _does_after(text: str, match: re.Match[str]) -> bool:
    """Tell whether one of the next words is what somebody from there does."""
    ends = (match.start("tail") + space.start() for space in _SPACE.finditer(match["tail"]))
    return any(_does(text, end) for end in (*ends, match.end()))


def _does(text: str, at: int) -> bool:
    verb = _NEXT.match(text, at)
    finite = verb is not None and verb["word"].lower() in listed("finite_verbs") - STATES
    return finite or does_what_people_do(text, at)


def is_somebody(word: str) -> bool:
    """Tell whether a word is somebody where a thing hardly stands."""
    lower = word.lower()
    if lower in NO_ANSWER | COMMON | OFFICES | PLACES | THINGS | listed("words_of_the_work"):
        return False
    if _KIN.fullmatch(lower) or (word.isupper() and len(word) > 1):
        return False
    if also_a_place(word) and not only_a_name(word):
        return lower not in PARTNERS
    if rarely_a_name(word):
        return word[0].isupper()
    return only_a_name(word) or also_a_word(word) or is_no_word(word)
