"""Texts about the coming fortnight, ready to copy: for a forum, a short post, a status, a reply.

Nothing in them points at people. Unsolicited messages that promote a service are unlawful without
consent (PECR; guidance 3.3): each text says where it may be used, and none is ever sent from here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from rota.open_hours.rules.hours import OpenHours

FORTNIGHT = timedelta(days=14)
POST, STATUS, REPLY = 280, 140, 160
"""The most characters of a short post, a status line and one text message."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a text says in one language."""

    heading: str
    hours: str
    free: str
    link: str
    none: str
    more: str


WORDS = {
    "en": Words(
        heading="{name}: when somebody is there in the coming two weeks",
        hours="{day}, {begins} to {ends}",
        free="Free and confidential.",
        link="All times: {url}",
        none="No times are confirmed for the coming two weeks yet.",
        more="and more",
    ),
    "nl": Words(
        heading="{name}: wanneer er de komende twee weken iemand is",
        hours="{day}, {begins} tot {ends}",
        free="Gratis en vertrouwelijk.",
        link="Alle tijden: {url}",
        none="Voor de komende twee weken zijn nog geen tijden bevestigd.",
        more="en meer",
    ),
    "ro": Words(
        heading="{name}: când este cineva acolo în următoarele două săptămâni",
        hours="{day}, {begins} - {ends}",
        free="Gratuit și confidențial.",
        link="Toate orele: {url}",
        none="Nu sunt încă ore confirmate pentru următoarele două săptămâni.",
        more="și altele",
    ),
}


@dataclass(frozen=True, slots=True)
class Text:
    """One text: for which platform, how it may be used, and what it says."""

    platform: str
    use: str
    text: str


PUBLIC_POST, REPLY_ONLY = "public-post", "reply-only"


def texts(
    name: str, zone: str, hours: Sequence[OpenHours], url: str, language: str, now: datetime
) -> list[Text]:
    """Write the texts for the confirmed hours of a fortnight; an unknown language is a KeyError."""
    words, clock = WORDS[language], ZoneInfo(zone)
    coming = [
        _when(words, each, clock, language)
        for each in hours
        if each.status == "confirmed" and each.start < now + FORTNIGHT
    ]
    heading, link = words.heading.format(name=name), words.link.format(url=url)
    listed = [f"- {each}" for each in coming] or [words.none]
    return [
        Text("forum", PUBLIC_POST, "\n".join([heading, zone, "", *listed, "", words.free, link])),
        Text("post", PUBLIC_POST, _short(heading, coming, words, link, POST)),
        Text("status", PUBLIC_POST, _short(name, coming, words, "", STATUS)),
        Text("reply", REPLY_ONLY, _short(name, coming, words, link, REPLY)),
    ]


def _when(words: Words, hours: OpenHours, clock: ZoneInfo, language: str) -> str:
    begins, ends = hours.start.astimezone(clock), hours.end.astimezone(clock)
    day = str(format_date(begins.date(), "EEEE d MMMM", locale=language))
    said = words.hours.format(day=day, begins=f"{begins:%H:%M}", ends=f"{ends:%H:%M}")
    return f"{said} ({hours.theme})" if hours.theme else said


def _short(heading: str, coming: Sequence[str], words: Words, link: str, most: int) -> str:
    """Say as many times as fit, and that there are more; the link is never cut."""
    for count in range(len(coming), -1, -1):
        told = "; ".join(coming[:count]) if count else ""
        if count < len(coming):
            told = f"{told}; {words.more}" if told else words.more
        parts = [heading, told if coming else words.none, link]
        text = ". ".join(part.rstrip(".") for part in parts if part)
        if len(text) <= most:
            return text
    return (link or heading)[:most] if len(link) <= most else heading[:most]
