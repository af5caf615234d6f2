"""The demo's people, entered through the same actions that a coordinator uses."""

from datetime import time, timedelta
from uuid import UUID

from api.demo.cast import CHAT, CORE, WEEKS, Player, Troupe
from api.demo.stage import Stage, clock
from database.session import door
from federation.people.actions import add_person
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from federation.projects.actions import add_project
from rota.availability.actions import set_availability
from rota.availability.rules import Weekly
from rota.leave.actions import enter_leave
from rota.passport.actions import attest_training

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


async def settle_in(stage: Stage) -> None:
    """Set up a node's projects, their people, and what these have entered about themselves."""
    for troupe in stage.troupes:
        async with door(stage.engine) as session:
            project_id = await add_project(
                session,
                OPERATOR,
                slug=troupe.slug,
                name=troupe.name,
                region=troupe.region,
                jurisdiction=troupe.jurisdiction,
                zone=troupe.zone,
                languages=troupe.languages,
                now=clock(),
            )
        for player in troupe.players:
            await _enter(stage, troupe, player, project_id)


async def _enter(stage: Stage, troupe: Troupe, player: Player, project_id: UUID) -> None:
    now = clock()
    async with door(stage.engine) as session:
        person_id = await add_person(
            session,
            OPERATOR,
            project_id=project_id,
            name=player.name,
            languages=player.languages,
            roles=player.roles,
            now=now,
            hours_per_week=player.hours,
            shifts_per_week=player.shifts,
        )
    stage.people[troupe.slug, player.name] = person_id
    asker = Asker(person_id, project_id, frozenset(player.roles))
    if "coordinator" in player.roles:
        stage.askers[troupe.slug] = asker
    elif "reviewer" in player.roles:
        stage.reviewers[troupe.slug] = asker
    coordinator = stage.askers[troupe.slug]
    today = now.date()
    async with door(stage.engine) as session:
        for name in (CORE, CHAT) if player.windows else ():
            expired = player.training == "expired" and name == CORE
            issued = today - timedelta(days=700 if expired else 200)
            expires = today - timedelta(days=30) if expired else today + timedelta(days=400)
            await attest_training(session, coordinator, person_id, name, issued, expires, now)
        if player.windows:
            wishes = _wishes(player, troupe.zone)
            await set_availability(session, coordinator, person_id, wishes, now)
        if player.on_leave:
            away = now + timedelta(weeks=WEEKS + 2)
            await enter_leave(session, coordinator, person_id, now, away, now)


def _wishes(player: Player, zone: str) -> list[Weekly]:
    wishes = []
    for days, begins, ends, preference in player.windows:
        starts, until = time.fromisoformat(begins), time.fromisoformat(ends)
        minutes = (until.hour - starts.hour) * 60 + until.minute - starts.minute
        wishes += [
            Weekly(WEEKDAYS.index(day), starts, minutes, zone, preference) for day in days.split()
        ]
    return wishes
