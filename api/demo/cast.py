"""Who plays in the demo: three invented projects, their people, and what they ran before.

What they ran is what the guidance reports (4.3): three two-hour evening sessions a week, a single
afternoon a week, two sessions a week. Names stay in their project; others see handles.
"""

from dataclasses import dataclass, field, replace
from datetime import time
from typing import Literal

POOL = "night-and-day-chat"
ZONE = "Europe/London"
WEEKS = 4
CORE = "netreach-core"
CHAT = "chat-tool"

Window = tuple[str, str, str, int]
"""Days such as "mon tue", from, to (local time), preference 0 to 2."""


@dataclass(frozen=True, kw_only=True)
class Player:
    """One person of a project."""

    name: str
    windows: tuple[Window, ...] = ()
    roles: tuple[str, ...] = ("worker",)
    languages: tuple[str, ...] = ("en",)
    hours: float = 8
    shifts: int = 3
    training: Literal["valid", "expired"] = "valid"
    on_leave: bool = False
    reads: bool = True


@dataclass(frozen=True, kw_only=True)
class Troupe:
    """One project with its people; the first is its coordinator."""

    slug: str
    name: str
    region: str
    jurisdiction: str
    zone: str
    languages: tuple[str, ...]
    hours_offered: float
    hours_before: float
    players: tuple[Player, ...] = field(default=())


COORDINATOR = ("coordinator", "reviewer", "partner-administrator")

HARBOUR = Troupe(
    slug="harbour-lights",
    name="Harbour Lights",
    region="North East England",
    jurisdiction="england-and-wales",
    zone="Europe/London",
    languages=("en", "ro"),
    hours_offered=30,
    hours_before=6,
    players=(
        Player(name="Ines Coordinator", roles=COORDINATOR),
        Player(name="Ruth Reviewer", roles=("reviewer",)),
        Player(
            name="Tess",
            windows=(("mon tue thu", "18:00", "22:00", 2), ("sat", "12:00", "18:00", 1)),
        ),
        Player(
            name="Olu",
            windows=(("mon wed fri", "18:00", "22:00", 1), ("tue", "12:00", "17:00", 2)),
        ),
        Player(
            name="Mihaela",
            languages=("en", "ro"),
            windows=(("tue thu", "18:00", "22:00", 1), ("sat", "12:00", "18:00", 2)),
        ),
        Player(
            name="Bea",
            windows=(("wed thu", "12:00", "22:00", 1), ("mon tue wed", "08:00", "12:00", 1)),
        ),
        Player(
            name="Grace",
            roles=("worker", "supervisor"),
            windows=(("mon tue wed thu", "17:00", "22:00", 1),),
            hours=6,
        ),
        Player(name="Kit", windows=(("mon wed", "18:00", "22:00", 1),), training="expired"),
    ),
)

CLYDE = Troupe(
    slug="clyde-outreach",
    name="Clyde Outreach",
    region="West of Scotland",
    jurisdiction="scotland",
    zone="Europe/London",
    languages=("en", "ro"),
    hours_offered=20,
    hours_before=3,
    players=(
        Player(name="Fiona Coordinator", roles=COORDINATOR),
        Player(
            name="Isla",
            windows=(("tue thu", "12:00", "18:00", 2), ("fri", "18:00", "22:00", 1)),
        ),
        Player(
            name="Callum",
            windows=(("thu sat", "12:00", "18:00", 1), ("mon fri", "08:00", "13:00", 1)),
        ),
        Player(
            name="Ana",
            languages=("en", "ro"),
            windows=(("wed sat", "12:00", "22:00", 1), ("thu fri", "08:00", "12:00", 0)),
        ),
        Player(
            name="Morag",
            roles=("worker", "supervisor"),
            windows=(("thu fri sat", "12:00", "22:00", 1),),
        ),
        Player(name="Rory", windows=(("sun mon", "18:00", "22:00", 1),), on_leave=True),
    ),
)

GRACHT = Troupe(
    slug="gracht-team",
    name="Grachtteam",
    region="Noord-Holland",
    jurisdiction="netherlands",
    zone="Europe/Amsterdam",
    languages=("nl", "en", "ro"),
    hours_offered=20,
    hours_before=4,
    players=(
        Player(name="Joke Coordinator", roles=COORDINATOR),
        Player(
            name="Sanne",
            languages=("nl", "en"),
            windows=(("sun mon wed", "19:00", "23:30", 2), ("fri", "09:00", "14:00", 1)),
        ),
        Player(
            name="Daan",
            languages=("nl", "en"),
            windows=(("sun tue fri", "19:00", "23:30", 1), ("sat", "10:00", "14:00", 1)),
            hours=12,
            shifts=5,
        ),
        Player(
            name="Elena",
            languages=("nl", "en", "ro"),
            windows=(("sun thu", "19:00", "23:30", 1), ("sat", "13:00", "19:00", 2)),
        ),
        Player(
            name="Bogdan",
            languages=("en", "ro"),
            windows=(("tue fri", "13:00", "23:30", 1),),
        ),
        Player(
            name="Marijke",
            roles=("worker", "supervisor"),
            languages=("nl", "en"),
            windows=(("sun tue wed fri", "13:00", "23:30", 1),),
        ),
    ),
)

NORTH = (HARBOUR, CLYDE)
SOUTH = (GRACHT,)


@dataclass(frozen=True, kw_only=True)
class Series:
    """A recurring session of the demo's pool, in the pool's local time (weekday: Monday 0)."""

    channel: str
    name: str
    weekday: int
    starts: time
    minutes: int
    seats: tuple[str, ...] = ("lead", "second", "supervisor")
    languages: tuple[str, ...] = ("en",)
    wanted: tuple[str, ...] = ()
    theme: str | None = None
    demand: float = 1.0
    briefing: int = 15
    debrief: int = 15


CHAT_SESSION = Series(
    channel="live-chat", name="", weekday=0, starts=time(19), minutes=120, demand=2.0
)
ALONE = Series(
    channel="forum",
    name="",
    weekday=0,
    starts=time(9),
    minutes=120,
    seats=("lead",),
    briefing=0,
    debrief=0,
)

SERIES = (
    replace(CHAT_SESSION, name="mon-19", weekday=0, starts=time(19)),
    replace(
        CHAT_SESSION, name="tue-14", weekday=1, starts=time(14), theme="Money, tax and benefits"
    ),
    replace(CHAT_SESSION, name="tue-19", weekday=1, starts=time(19), wanted=("ro",)),
    replace(CHAT_SESSION, name="wed-19", weekday=2, starts=time(19)),
    replace(CHAT_SESSION, name="thu-14", weekday=3, starts=time(14), wanted=("ro",), demand=2.5),
    replace(CHAT_SESSION, name="thu-19", weekday=3, starts=time(19)),
    replace(CHAT_SESSION, name="fri-19", weekday=4, starts=time(19), demand=1.5),
    # no supervisor is there on Saturday mornings: a gap on the board, with seats to claim
    replace(CHAT_SESSION, name="sat-10", weekday=5, starts=time(10)),
    replace(
        CHAT_SESSION,
        name="sat-14",
        weekday=5,
        starts=time(14),
        languages=("ro",),
        theme="In limba română",
        demand=2.5,
    ),
    replace(CHAT_SESSION, name="sun-19", weekday=6, starts=time(19)),
    replace(ALONE, name="forum-mon"),
    replace(ALONE, name="forum-fri", weekday=4),
    *(
        replace(
            ALONE,
            channel="inbox",
            name=f"inbox-{day}",
            weekday=weekday,
            starts=time(11),
            minutes=60,
        )
        for weekday, day in enumerate(("mon", "tue", "wed", "thu", "fri"))
    ),
)
