"""What is due in a coordinator's project: trainings that end, late work and late reviews."""

from litestar import get
from litestar.response import Template

from api.pages.buttons import button
from api.pages.rendering import page
from api.parts import Now, Session, Signed
from rota.attendance.actions import say_done
from rota.due.queries import ending_trainings, what_is_late
from rota.due.rules import ENDS_WITHIN, WORK_SHOWN

HERE = "/due"


@get(HERE)
async def due(session: Session, asker: Signed, now: Now) -> Template:
    """Show coordinators what is due of their own project, each with what would settle it."""
    return page(
        "due.html",
        asker=asker,
        trainings=await ending_trainings(session, asker, now),
        late=await what_is_late(session, asker, now),
        days=ENDS_WITHIN.days,
        work_days=WORK_SHOWN.days,
    )


settle = button("/due/{subject:uuid}/done", say_done, lambda *_: HERE)
