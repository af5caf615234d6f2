"""What a column of an old table may tell, and what its header says in three languages."""

import unicodedata
from collections.abc import Collection, Sequence

DATE, TIME, SESSION, CHANNEL = "date", "time", "session", "channel"
KIND, TURNED_AWAY, TALKS = "kind", "turned-away", "talks"
LANGUAGE, FAMILIARITY, MINUTES, TOPICS = "language", "familiarity", "minutes", "topics"
OUTCOME, UNMET, AREA = "outcome", "unmet", "area"
GENDER, NATIONALITY = "gender", "nationality"

COLUMNS = {
    DATE: "the day",
    TIME: "the hour",
    SESSION: "from when to when the session was",
    CHANNEL: "the channel",
    TALKS: "how many were talked with (a row for each session)",
    TURNED_AWAY: "turned away: yes, or how many",
    KIND: "talked with, turned away, or not for us",
    LANGUAGE: "the language",
    FAMILIARITY: "new, or was here before",
    MINUTES: "how long it took, in minutes",
    TOPICS: "what it was about",
    OUTCOME: "what came of it",
    UNMET: "what nobody could give",
    AREA: "the town or the first half of a postcode",
    GENDER: "gender",
    NATIONALITY: "nationality",
}
"""What can be read from a table, as people are asked for it; everything else stays unread."""

HEADERS = {
    DATE: "date|day|datum|dag|data|zi|ziua|session date|date of contact|date of session|start date",
    TIME: "time|hour|start|start time|begin|started|tijd|uur|tijdstip|starttijd"
    "|begintijd|ora|ore|ora de inceput",
    SESSION: "session|session time|shift|opening hours|sessie|dienst|sessietijd|sesiune|interval"
    "|interval orar|tura",
    CHANNEL: "channel|platform|medium|site|kanaal|canal|platforma|where",
    TALKS: "contacts|number of contacts|no of contacts|talks|chats|number of chats|number of people"
    "|contacten|aantal contacten|aantal|gesprekken|aantal gesprekken|contacte|numar de contacte"
    "|numar contacte|nr contacte|discutii",
    TURNED_AWAY: "turned away|missed|missed contacts|missed chats|number turned away|unanswered"
    "|afgewezen|gemist|gemiste contacten|weggestuurd|geen plek|refuzati|neonorati|ratate"
    "|contacte ratate",
    KIND: "kind|type|type of contact|contact type|soort|soort contact|tip|tip contact|tipul",
    LANGUAGE: "language|lang|languages|language spoken|taal|talen|voertaal|limba|limbi",
    FAMILIARITY: "new or returning|new returning|new|new client|first contact|new contact"
    "|nieuw|nieuw of terugkerend|nieuw terugkerend|eerste contact|nou|nou sau revenit"
    "|primul contact|client nou",
    MINUTES: "duration|minutes|mins|length|how long|duration minutes|duration min|time spent|duur"
    "|minuten|duur minuten|duur in minuten|tijdsduur|durata|minute|durata minute|durata in minute",
    TOPICS: "topic|topics|subject|subjects|theme|themes|issue|issues|about|reason|onderwerp"
    "|onderwerpen|thema|reden|vraag over|subiect|subiecte|tema|teme|motiv",
    OUTCOME: "outcome|result|outcomes|action|action taken|uitkomst|resultaat|afloop|actie|rezultat"
    "|rezultatul|actiune",
    UNMET: "unmet|unmet need|unmet needs|could not help|gap|onvervuld|onvervulde behoefte"
    "|niet geholpen met|nevoie neacoperita|nevoi neacoperite",
    AREA: "area|town|city|region|place|location|postcode|postcode area|postcode district|gebied"
    "|plaats|stad|regio|gemeente|woonplaats|oras|orasul|zona|regiune|judet|localitate",
    GENDER: "gender|sex|geslacht|gen|genul",
    NATIONALITY: "nationality|country|country of origin|nationaliteit|land|land van herkomst"
    "|nationalitate|nationalitatea|tara|tara de origine",
}
_BY_HEADER = {word: field for field, words in HEADERS.items() for word in words.split("|")}
OF_PEOPLE = {GENDER, NATIONALITY}


def plain(written: str) -> str:
    """Write a word as it is compared: small letters without accents, one space between words."""
    bare = "".join(
        sign
        for sign in unicodedata.normalize("NFKD", written.casefold())
        if not unicodedata.combining(sign)
    )
    return " ".join("".join(sign if sign.isalnum() else " " for sign in bare).split())


def columns_asked(*, gender: bool, nationality: bool) -> dict[str, str]:
    """List what columns may tell in a project that asks for these two, or not."""
    asked = {GENDER: gender, NATIONALITY: nationality}
    return {field: words for field, words in COLUMNS.items() if asked.get(field, True)}


def guessed(header: Sequence[str], fields: Collection[str]) -> tuple[str, ...]:
    """Guess what each column tells, each thing once; an unknown column tells nothing."""
    left = set(fields)
    found = []
    for name in header:
        field = _BY_HEADER.get(plain(name), "")
        found.append(field if field in left else "")
        left.discard(field)
    return tuple(found)
