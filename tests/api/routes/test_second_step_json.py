"""A second step as a program sets it up and turns it off."""

from typing import Any

import pyotp
from httpx2 import Response

from api.parts import current_time
from tests.api.conftest import Node, Somebody

PATH = "/api/v1/me/second-step"


async def post(node: Node, who: Somebody, verb: str = "", **fields: Any) -> Response:
    return await node.web.post(f"{PATH}{verb}", headers=who.bearer, json=fields or None)


async def shown(node: Node, who: Somebody) -> dict[str, Any]:
    answer: dict[str, Any] = (await node.web.get(PATH, headers=who.bearer)).json()
    return answer


def refused(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_a_program_sets_a_second_step_up_and_turns_it_off(node: Node) -> None:
    ann = await node.somebody("worker")
    off = {"state": "off", "on_since": None, "recovery_codes_left": 0}
    assert await shown(node, ann) == off
    made = await post(node, ann)
    secret = made.json()["secret"]
    assert (made.status_code, made.json()) == (
        201,
        {
            "secret": secret,
            "address": f"otpauth://totp/Plan:sign-in?secret={secret}&issuer=Plan",
        },
    )
    assert await shown(node, ann) == off | {"state": "begun"}
    app = pyotp.TOTP(secret)
    assert refused(await post(node, ann, "/confirm", code="000000")) == (422, "code-wrong")
    codes = await post(node, ann, "/confirm", code=app.at(current_time()))
    assert (codes.status_code, len(codes.json()["recovery_codes"])) == (200, 10)
    on = await shown(node, ann)
    assert (on["state"], on["recovery_codes_left"]) == ("on", 10)
    assert refused(await post(node, ann)) == (409, "second-step-on")
    assert refused(await post(node, ann, "/off", code="000000")) == (422, "code-wrong")
    first = codes.json()["recovery_codes"][0]
    new = (await post(node, ann, "/recovery-codes", code=first)).json()["recovery_codes"]
    assert (len(new), first in new) == (10, False)
    ended = await post(node, ann, "/off", code=new[0])
    assert (ended.status_code, ended.content) == (204, b"")
    assert await shown(node, ann) == off
    assert refused(await post(node, ann, "/off", code=new[1])) == (409, "second-step-off")


async def test_wrong_codes_of_a_program_stay_counted(node: Node) -> None:
    ann = await node.somebody("worker")
    secret = (await post(node, ann)).json()["secret"]
    for _ in range(10):
        assert refused(await post(node, ann, "/confirm", code="wrong")) == (422, "code-wrong")
    code = pyotp.TOTP(secret).at(current_time())
    assert refused(await post(node, ann, "/confirm", code=code)) == (429, "too-many-codes")


async def test_a_token_that_only_reads_learns_no_secret(node: Node) -> None:
    ann = await node.somebody("worker", scopes=["read"])
    assert refused(await post(node, ann)) == (403, "not-allowed")
    assert await shown(node, ann) == {"state": "off", "on_since": None, "recovery_codes_left": 0}
    assert refused(await post(node, ann, "/off", code="1")) == (403, "not-allowed")
