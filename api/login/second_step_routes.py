"""A second step, for programs: set up, confirm, new recovery codes, off."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.datastructures import State
from litestar.params import JSONBody

from api.parts import NodeSettings, Now, Session, Signed
from api.problems import answer
from federation.access.seal import Seal
from federation.second_steps.actions import (
    begin_second_step,
    confirm_second_step,
    renew_recovery_codes,
    turn_off_second_step,
)
from federation.second_steps.errors import CodeWrong, SecondStepOff
from federation.second_steps.queries import SecondStep, own_second_step
from federation.second_steps.rules import address_for_app


class StepShown(msgspec.Struct):
    """How far the asker is; the secret is no part of it."""

    state: Literal["off", "begun", "on"]
    on_since: datetime | None
    recovery_codes_left: int


class AppSecret(msgspec.Struct):
    """What the app has to know, alone and as the address that it scans; told this once."""

    secret: str
    address: str


class CodeTyped(msgspec.Struct, forbid_unknown_fields=True):
    """A code of the app, or a recovery code."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class RecoveryCodes(msgspec.Struct):
    """Codes to print, told this once."""

    recovery_codes: list[str]


def _shown(step: SecondStep | None) -> StepShown:
    if step is None:
        return StepShown("off", None, 0)
    state: Literal["begun", "on"] = "on" if step.on_since else "begun"
    return StepShown(state, step.on_since, step.codes_left)


def _told(request: Request[Any, Any, State], codes: list[str] | None) -> Response[RecoveryCodes]:
    if codes is None:
        # answered and not raised, so that the wrong code stays counted
        return answer(request, CodeWrong())
    return Response(RecoveryCodes(codes))


class SecondStepController(Controller):
    """A code of one's own app that is asked for besides the link."""

    path = "/me/second-step"
    tags = ("me",)

    @get()
    async def second_step(
        self, session: Session, asker: Signed, settings: NodeSettings
    ) -> StepShown:
        """Say how far I am with my second step."""
        return _shown(await own_second_step(session, asker, Seal.open(settings.keys)))

    @post()
    async def begin(
        self, session: Session, asker: Signed, settings: NodeSettings, now: Now
    ) -> AppSecret:
        """Make a secret for my app; nothing is asked for before a code of it was seen."""
        seal = Seal.open(settings.keys)
        await begin_second_step(session, asker, seal, now)
        step = await own_second_step(session, asker, seal)
        if step is None or step.secret is None:
            raise SecondStepOff
        return AppSecret(step.secret, address_for_app(step.secret, settings.mail_from_name))

    @post("/confirm", status_code=200)
    async def confirm(
        self,
        request: Request[Any, Any, State],
        data: JSONBody[CodeTyped],
        session: Session,
        asker: Signed,
        settings: NodeSettings,
        now: Now,
    ) -> Response[RecoveryCodes]:
        """Have codes asked for from now on."""
        seal = Seal.open(settings.keys)
        return _told(request, await confirm_second_step(session, asker, seal, data.code, now))

    @post("/recovery-codes", status_code=200)
    async def renew(
        self,
        request: Request[Any, Any, State],
        data: JSONBody[CodeTyped],
        session: Session,
        asker: Signed,
        settings: NodeSettings,
        now: Now,
    ) -> Response[RecoveryCodes]:
        """Replace all my recovery codes."""
        seal = Seal.open(settings.keys)
        return _told(request, await renew_recovery_codes(session, asker, seal, data.code, now))

    @post("/off", status_code=204)
    async def turn_off(
        self,
        request: Request[Any, Any, State],
        data: JSONBody[CodeTyped],
        session: Session,
        asker: Signed,
        settings: NodeSettings,
        now: Now,
    ) -> Response[None]:
        """Have codes asked for no more."""
        seal = Seal.open(settings.keys)
        if await turn_off_second_step(session, asker, seal, data.code, now):
            return Response(None)
        return answer(request, CodeWrong())
