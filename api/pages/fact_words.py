"""What differs beside the words of a text, said to people: rules name it as programs do."""

from collections.abc import Mapping
from datetime import date

from api.dates import full_date
from api.languages.reading import language, said, translated
from protocols.answers.rules.offered import WHERE
from protocols.history.rules.differences import FactDifference
from rota.open_hours.rules.language_names import language_name

NAMES: Mapping[str, str] = {
    "acknowledgement": "What it asks of readers",
    "jurisdictions": "Where the law is as it says",
    "review_by": "To be reviewed by",
    "use_limits": "Where it may be used",
    "channels": "On which channels",
    "title": "Title",
    "question": "Question",
    "keywords": "Keywords",
}
ASKED: Mapping[str, str] = {"re-read": "Read it again", "notify": "Be told", "none": "Nothing"}
GAP = "placeholder "


def fact_name(fact: FactDifference) -> str:
    """Name what differs; of a line in one language also that."""
    if fact.name.startswith(GAP):
        return translated("Gap %(name)s", name=fact.name.removeprefix(GAP))
    name, _, rest = fact.name.partition(" (")
    told = said(NAMES[name])
    return f"{told} ({language_name(rest.rstrip(')'), language())})" if rest else told


def fact_value(value: str, fact: FactDifference) -> str:
    """Say what it was or is; what authors wrote stays as it is."""
    if not value:
        return ""
    match fact.name:
        case "review_by":
            return full_date(date.fromisoformat(value), language())
        case "acknowledgement":
            return said(ASKED[value])
        case "use_limits":
            return "; ".join(said(WHERE[limit]) for limit in value.split(", "))
    return said(value) if fact.name.startswith(GAP) else value
