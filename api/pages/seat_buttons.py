"""Buttons at a seat: one press does one thing, and leads back to the page it was on."""

from litestar.handlers import HTTPRouteHandler

from api.pages.buttons import Act, Undoing, Whence, button
from api.pages.weeks import week_address


class SeatForm(Whence):
    """The page to return to, and a coordinator's choice of a worker."""

    worker: str = ""


def where_to(form: Whence) -> str:
    """Return to the session, the board or the week on which a button was pressed."""
    if not form.board.replace("-", "").isalnum():
        return week_address("/week", form.week)
    where = f"/board/{form.board}"
    if form.shift.replace("-", "").isalnum():
        return f"{where}/shifts/{form.shift}"
    return week_address(where, form.week)


def seat_button(path: str, act: Act, undoing: Undoing | None = None) -> HTTPRouteHandler:
    """Make a button at a seat, or at what somebody has asked about one."""
    return button(path, act, lambda _, form: where_to(form), undoing)
