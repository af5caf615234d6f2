"""The closed lists from which a record is made, so that nobody can be named in one.

Guidance 3.4, 4.1 and 4.5: what is worth counting, and that nothing kept may identify anybody.
"""

import re

import langcodes

TALKED, TURNED_AWAY, WRONG_CHANNEL = "talked", "turned-away", "wrong-channel"
KINDS = {
    TALKED: "somebody was there and answered",
    TURNED_AWAY: "turned away: nobody was free",
    WRONG_CHANNEL: "not for us: another service or place was meant",
}
FAMILIARITIES = {"new": "new", "returning": "was here before", "not-said": "not said"}
MINUTES = {
    "under-10": "under 10 minutes",
    "10-30": "10 to 30 minutes",
    "30-60": "30 to 60 minutes",
    "over-60": "over an hour",
}
SIGNPOSTED = "signposted"
OUTCOMES = {
    "answered": "answered",
    SIGNPOSTED: "told of another service",
    "declined": "did not want what we offered",
    "ended-early": "ended before we were done",
}
GENDERS = {
    "woman": "woman",
    "man": "man",
    "trans-woman": "trans woman",
    "trans-man": "trans man",
    "non-binary": "non-binary",
    "not-said": "not said",
}
NATIONALITIES = {
    "this-country": "of this country",
    "rest-of-eu": "of another country of the EU",
    "rest-of-europe": "of another European country",
    "africa": "African",
    "americas": "of the Americas",
    "asia": "Asian",
    "oceania": "of Oceania",
    "not-said": "not said",
}
PACES = {"quiet": "quiet", "busy": "busy"}
SUPPORT = {
    "not-needed": "not needed",
    "had": "needed, and had",
    "wanted": "needed, and still wanted",
}
TOPICS = (
    "conditions-of-work",
    "court-and-police",
    "health",
    "housing",
    "immigration",
    "legal-rights",
    "money-and-benefits",
    "online-safety",
    "other",
    "privacy-and-outing",
    "safety",
    "sexual-health",
    "tax",
    "violence-and-abuse",
    "wellbeing",
)
"""What a pool counts until it says otherwise."""

LONGEST_TAG = 3
FIRST_HALF = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?|D6W|[0-9]{4}|[0-9]{3}", re.ASCII)
"""Of postcodes of the UK, Ireland, the Netherlands and Romania only what names a district."""


def is_language(tag: str) -> bool:
    """Tell whether this names a language, and no more than that."""
    return (
        len(tag) <= LONGEST_TAG
        and langcodes.tag_is_valid(tag)
        and langcodes.get(tag).language == tag
    )
