"""Names that a line joins to what is somebody's business: the Sanne-zaak, Roxana-dosar."""

import re
from collections.abc import Iterator

from federation.screen.words.known_names import also_a_word, only_a_name
from federation.screen.words.no_names import COMMON

_BUSINESS = (
    r"(?:zaak|zaken|kwestie|casus|casu[iï]stiek|dossiers?|gesprek(?:ken)?|overleg|mails?|mailtjes?|appjes?|berichten|berichtje"
    r"|melding|afspraak|afspraken|situatie|traject|geval|verhaal|taak|taken|update|verslag|plan|probleem|problemen|actie"
    r"|intake|brief|cases?|files?|story|notes?|call|calls|meeting|situation|referral|visit|chat|thing|dosar(?:ul)?|caz(?:ul)?)"
)
_JOINED = re.compile(
    rf"(?<![\w@./-])(?P<name>[^\W\d_]{{3,20}})-{_BUSINESS}(?![\w-])", re.IGNORECASE
)


def joined_names(text: str) -> Iterator[tuple[int, int]]:
    """Find somebody after whom a case or a talk is called."""
    for match in _JOINED.finditer(text):
        name = match["name"]
        both = name[0].isupper() and also_a_word(name) and name.lower() not in COMMON
        if both or only_a_name(name):
            yield match.span("name")
