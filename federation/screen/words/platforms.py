"""Names of sites and apps where people have accounts, with how they are shortened and slip."""

import re
from functools import cache

PLATFORM = (
    r"(?:insta(?:gram|gam|gr)?|ig|snap(?:chat)?|telegram|tele|tg|twitter|tik\s?tok|only\s?fans|kik"
    r"|whats\s?app|wapp|skype|discord|facebook|fb|messenger|viber|adult\s?work|aw|viva\s?street|fansly|linktree|reddit|blue\s?sky"
    r"|mastodon|switter|signal|we\s?chat|you\s?tube|twitch|sexjobs|kinky|publi\s?24|fet\s?life|grindr|tinder|badoo|bumble|threads"
    r"|pinterest|tumblr|vsco|linkedin|chaturbate|stripchat|myfans|fanvue|manyvids|clubhouse|wickr|hookup|speurders|marktplaats|nimfomane|escort\s?ireland"
    r"|threema|kakao(?:talk)?|zalo|steam|xbox|roblox|paypal|cash\s?app|revolut|venmo|hinge|happn|feeld|lovoo|skout|bigo|locanto|gumtree|craigslist|tryst|eurogirls\w*"
    r"|massage\s?republic|erobella|redlights|planet\s?romeo|hunqz|rent\s?men|sniffies|123xsex|sexy\s?girls|olx|lajumate|bongacams?|cam4|camsoda|ok\s?cupid|match\.com|seeking|sugar\s?dad\w*|lexa|parship|second\s?love)"
)

PLATFORM_ITSELF = re.compile(rf"{PLATFORM}\w{{0,10}}", re.IGNORECASE)
BRANDS = frozenset(
    "whatsapp tiktok onlyfans adultwork vivastreet youtube linkedin facebook snapchat fetlife paypal cashapp bluesky wechat planetromeo"
    " linktree icloud iphone ipad facetime bitcoin powerpoint onedrive dropbox mypos netreach safework javascript github openoffice".split()
)
_PLATFORM = re.compile(rf"{PLATFORM}(?:\.nl|\.com|\.ro|\.co\.uk)?", re.IGNORECASE)
_SHORT_PLATFORMS = frozenset("X OF SC TT sc tt Line mess whats mess-ul whats-ul".split())
_ONLY_CAPITAL = frozenset("signal line threads steam seeking lexa tele aw".split())


def is_platform(word: str) -> bool:
    """Tell whether a word is a site or an app, as it is written or with a slip."""
    if word in _SHORT_PLATFORMS:
        return True
    if word.lower() in _ONLY_CAPITAL:
        return word[0].isupper() or word == "tele"
    return _PLATFORM.fullmatch(word) is not None or _slip_of_platform(word.lower())


@cache
def slips() -> frozenset[str]:
    """Misspell the long names of platforms by a letter that is missing or twice there."""
    names = "instagram telegram facebook whatsapp snapchat messenger onlyfans twitter tiktok discord publi24".split()
    return frozenset(
        slip
        for name in names
        for at in range(1, len(name))
        for slip in (name[:at] + name[at + 1 :], name[:at] + name[at] + name[at:])
    )


def _slip_of_platform(word: str) -> bool:
    return word.removesuffix("-ul").removesuffix("-u") in slips()
