from typing import Any
from uuid import UUID, uuid4

from api.pages.reasons import Names, Why, why_free

HERE, THERE, ELSEWHERE, WREN, SEAT = (uuid4() for _ in range(5))
NAMES = Names({str(WREN): "Quiet Wren 12"}, {str(THERE): "the session of Tuesday 5 January, 19:00"})


def entry(seat: UUID, *reasons: str, change: str | None = None) -> dict[str, Any]:
    told = [{"code": "a-code", "text": text} for text in reasons]
    return {"seat": str(seat), "reasons": told, "smallest_change": change}


def test_a_planners_sentence_names_people_and_sessions() -> None:
    plan = {
        "unfilled": [
            entry(
                SEAT,
                f"Shift {HERE} does not open in this plan, so nobody is asked to come.",
                f"{WREN} sits on shift {THERE} in that time.",
                f"{uuid4()} would not have their rest before or after shift {ELSEWHERE}.",
                "2 people are not available.",
                change=f"Ask {WREN}: nothing else on shift {HERE} would have to change.",
            ),
            entry(uuid4(), "This seat is not on the page."),
        ]
    }
    assert why_free(plan, {str(SEAT): HERE}, NAMES) == {
        str(SEAT): Why(
            [
                "This session does not open in this plan, so nobody is asked to come.",
                "Quiet Wren 12 sits on the session of Tuesday 5 January, 19:00 in that time.",
                "somebody would not have their rest before or after another session.",
                "2 people are not available.",
            ],
            "Ask Quiet Wren 12: nothing else on this session would have to change.",
        )
    }


def test_what_would_help_is_not_always_known() -> None:
    plan = {"unfilled": [entry(SEAT, "Nobody in this plan is a supervisor.")]}
    assert why_free(plan, {str(SEAT): HERE}, NAMES) == {
        str(SEAT): Why(["Nobody in this plan is a supervisor."], None)
    }
