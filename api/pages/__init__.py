"""The people's web pages, rendered here, usable without JavaScript."""

from litestar.types import ControllerRouterHandler

from api.pages import attendance, board, calendar, covers, passports, protocols, start, swaps, week

ROUTES: list[ControllerRouterHandler] = [
    start.start,
    start.seen,
    week.my_week,
    week.take,
    week.give_back,
    covers.ask,
    covers.withdraw,
    covers.take,
    covers.words,
    swaps.my_swaps,
    swaps.offer_form,
    swaps.offer,
    swaps.take_up,
    swaps.take_back,
    attendance.begin,
    attendance.busy,
    attendance.end,
    calendar.my_calendar,
    calendar.new_calendar,
    calendar.rotate_calendar,
    calendar.reword_calendar,
    calendar.stop_calendar,
    board.boards,
    board.show_board,
    board.order,
    board.publish,
    passports.trainings,
    passports.attest,
    passports.withdraw,
    passports.grant,
    passports.ungrant,
    protocols.my_protocols,
    protocols.read_protocol,
    protocols.have_read,
    protocols.adopt_release,
    protocols.answers,
]
