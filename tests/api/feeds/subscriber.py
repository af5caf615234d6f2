"""A calendar on a phone: asks with the tag it has, and takes in only what a careful one would."""

from dataclasses import dataclass, field
from typing import NamedTuple

from httpx2 import AsyncClient

from tests.rota.strict_calendar import Event, strictly_read

STAMPS = ("DTSTAMP", "LAST-MODIFIED", "SEQUENCE")


class Change(NamedTuple):
    """What the owner of a phone sees happen: days and hours of events."""

    added: list[str]
    moved: list[tuple[str, str]]
    removed: list[str]


NOTHING = Change([], [], [])


@dataclass
class Subscriber:
    """As vdirsyncer it knows events by UID; as ICSx5 it skips one whose LAST-MODIFIED stands still.

    As Google it keeps the old date until SEQUENCE rises. So a feed that lets any of them down
    fails here.
    """

    web: AsyncClient
    path: str
    tag: str = ""
    events: dict[str, Event] = field(default_factory=dict)
    asked: int = 0
    answered_unchanged: int = 0

    async def look(self) -> Change:
        headers = {"If-None-Match": self.tag} if self.tag else {}
        answer = await self.web.get(self.path, headers=headers)
        self.asked += 1
        if answer.status_code == 304:
            self.answered_unchanged += 1
            assert answer.content == b""
            return NOTHING
        assert answer.status_code == 200
        assert answer.headers["etag"] != self.tag
        self.tag = answer.headers["etag"]
        return self._take({event["UID"]: event for event in strictly_read(answer.content)})

    def _take(self, found: dict[str, Event]) -> Change:
        before, self.events = self.events, found
        both = before.keys() & found.keys()
        changed = [uid for uid in both if said(before[uid]) != said(found[uid])]
        for uid in both:
            assert before[uid] == found[uid] or rose(before[uid], found[uid])
        return Change(
            sorted(found[uid]["DTSTART"] for uid in found.keys() - before.keys()),
            sorted((before[uid]["DTSTART"], found[uid]["DTSTART"]) for uid in changed),
            sorted(before[uid]["DTSTART"] for uid in before.keys() - found.keys()),
        )


def said(event: Event) -> Event:
    return {name: value for name, value in event.items() if name not in STAMPS}


def rose(before: Event, after: Event) -> bool:
    """Tell whether the stamps of a changed event rose, and SEQUENCE by one if its time is new."""
    times = ("DTSTART", "DTEND", "STATUS")
    new_time = [before[name] for name in times] != [after[name] for name in times]
    by = int(after["SEQUENCE"]) - int(before["SEQUENCE"])
    rises = after["LAST-MODIFIED"] > before["LAST-MODIFIED"]
    return said(before) != said(after) and rises and by in ((1,) if new_time else (0, 1))
