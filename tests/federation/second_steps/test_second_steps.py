"""What a code opens, what it does not open twice, and who may do without."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pyotp
import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from federation.access.actions import make_sign_in_link
from federation.access.errors import LinkUsed, SealBroken
from federation.access.models import WebSession
from federation.access.seal import Seal
from federation.audit.models import AuditEntry
from federation.errors import NotAllowed
from federation.people.actions import let_go
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from federation.second_steps.actions import (
    begin_second_step,
    come_in,
    confirm_second_step,
    renew_recovery_codes,
    reset_second_step,
    sweep_second_steps,
    turn_off_second_step,
)
from federation.second_steps.errors import SecondStepOff, SecondStepOn, TooManyCodes
from federation.second_steps.models import Authenticator, RecoveryCode
from federation.second_steps.queries import is_asked_for_code, own_second_step
from federation.second_steps.rules import address_for_app
from tests.federation.conftest import NOW, Project

HALF_MINUTE = timedelta(seconds=30)
DAY = timedelta(days=1)


@pytest.fixture
def seal(tmp_path: Path) -> Seal:
    return Seal.open(tmp_path)


class Owner:
    """Somebody with an app that makes codes, which is on or only being set up."""

    def __init__(self, session: AsyncSession, seal: Seal, asker: Asker) -> None:
        self.session, self.seal, self.asker = session, seal, asker
        self.secret = ""

    async def begin(self) -> None:
        await begin_second_step(self.session, self.asker, self.seal, NOW)
        step = await own_second_step(self.session, self.asker, self.seal)
        assert step is not None
        assert step.secret is not None
        self.secret = step.secret

    async def confirm(self) -> list[str]:
        codes = await confirm_second_step(
            self.session, self.asker, self.seal, self.code(-1), NOW - HALF_MINUTE
        )
        assert codes is not None
        return codes

    def code(self, off: int = 0) -> str:
        """Give what the app shows, by half minutes from NOW."""
        return pyotp.TOTP(self.secret).at(NOW, counter_offset=off)

    async def link(self) -> str:
        return await make_sign_in_link(
            self.session, OPERATOR, person_id=self.asker.person_id, hours=48, now=NOW
        )

    async def comes_in(self, typed: str, now: datetime = NOW) -> bool:
        link = await self.link()
        return await come_in(self.session, self.seal, link, typed, None, now) is not None


@pytest.fixture
async def ann(session: AsyncSession, home: Project, seal: Seal) -> Owner:
    return Owner(session, seal, await home.somebody("worker"))


async def sessions(owner: Owner) -> int:
    mine = select(WebSession.id).where(WebSession.person_id == owner.asker.person_id)
    return len((await owner.session.scalars(mine)).all())


async def test_a_link_alone_opens_nothing_and_is_not_spent(ann: Owner) -> None:
    await ann.begin()
    # what was never confirmed is not asked for
    assert await ann.comes_in("")
    await ann.confirm()
    link = await ann.link()
    for typed in ("", "000000", "not a code", "\u0661\u0662\u0663\u0664\u0665\u0666"):
        assert await come_in(ann.session, ann.seal, link, typed, None, NOW) is None
    assert await sessions(ann) == 1
    assert await come_in(
        ann.session, ann.seal, link, f" {ann.code()[:3]} {ann.code()[3:]}", None, NOW
    )
    assert await sessions(ann) == 2
    with pytest.raises(LinkUsed):
        await come_in(ann.session, ann.seal, link, ann.code(1), None, NOW)


async def test_a_code_is_taken_once_and_none_before_it(ann: Owner) -> None:
    await ann.begin()
    await ann.confirm()
    assert not await ann.comes_in(ann.code(-1))
    assert await ann.comes_in(ann.code(1))
    assert not await ann.comes_in(ann.code(1))
    assert not await ann.comes_in(ann.code(0))
    assert await ann.comes_in(ann.code(2), NOW + HALF_MINUTE)


async def test_a_clock_may_be_half_a_minute_off_and_no_more(ann: Owner) -> None:
    await ann.begin()
    await ann.confirm()
    assert not await ann.comes_in(ann.code(2))
    assert not await ann.comes_in(ann.code(0), NOW + 2 * HALF_MINUTE)
    assert await ann.comes_in(ann.code(0), NOW + HALF_MINUTE)


async def test_a_recovery_code_works_once_and_stands_nowhere(ann: Owner) -> None:
    await ann.begin()
    codes = await ann.confirm()
    assert len(set(codes)) == 10
    assert await ann.comes_in(codes[3].upper().replace("-", " "))
    assert not await ann.comes_in(codes[3])
    step = await own_second_step(ann.session, ann.asker, ann.seal)
    assert step is not None
    assert step == (NOW - HALF_MINUTE, None, 9)
    [row] = await ann.session.scalars(select(Authenticator))
    kept = [row.secret, *await ann.session.scalars(select(RecoveryCode.mark))]
    shown = [ann.secret, *codes, *(code.replace("-", "") for code in codes)]
    assert [each for each in shown if any(each.encode() in one for one in kept)] == []
    verbs = await ann.session.scalars(
        select(AuditEntry.verb)
        .where(AuditEntry.subject.in_({"authenticator", "recovery-code"}))
        .order_by(AuditEntry.id)
    )
    assert verbs.all() == [
        "authenticator.made",
        "authenticator.confirmed",
        "recovery-code.used",
        "second-step.wrong-code",
    ]


async def test_who_guesses_is_not_listened_to_for_an_hour(ann: Owner) -> None:
    await ann.begin()
    codes = await ann.confirm()
    for _ in range(10):
        assert not await ann.comes_in("wrong")
    hour = NOW + timedelta(hours=1)
    for typed in (ann.code(), codes[0]):
        with pytest.raises(TooManyCodes):
            await ann.comes_in(typed, hour - timedelta(seconds=1))
    assert await ann.comes_in(codes[0], hour)
    # a right code ends the count
    for _ in range(9):
        assert not await ann.comes_in("wrong", hour)
    assert await ann.comes_in(codes[1], hour)


async def test_an_open_browser_alone_turns_nothing_off(ann: Owner) -> None:
    await ann.begin()
    codes = await ann.confirm()
    with pytest.raises(SecondStepOn):
        await begin_second_step(ann.session, ann.asker, ann.seal, NOW)
    facts = (ann.session, ann.asker, ann.seal)
    assert not await turn_off_second_step(*facts, "000000", NOW)
    assert await renew_recovery_codes(*facts, "000000", NOW) is None
    assert await is_asked_for_code(ann.session, ann.asker.person_id)
    new = await renew_recovery_codes(*facts, codes[0], NOW)
    assert new is not None
    assert not await ann.comes_in(codes[1])
    assert await ann.comes_in(new[1])
    assert await turn_off_second_step(*facts, ann.code(), NOW)
    assert await ann.comes_in("")
    with pytest.raises(SecondStepOff):
        await turn_off_second_step(*facts, ann.code(1), NOW)
    with pytest.raises(SecondStepOff):
        await confirm_second_step(*facts, ann.code(1), NOW)


async def test_only_the_operator_lets_somebody_in_without(
    session: AsyncSession, home: Project, ann: Owner
) -> None:
    await ann.begin()
    await ann.confirm()
    me = ann.asker.person_id
    for asker in (await home.somebody("coordinator"), ann.asker):
        with pytest.raises(NotAllowed):
            await reset_second_step(session, asker, person_id=me, now=NOW)
        assert asker == ann.asker or await own_second_step(session, asker, ann.seal) is None
    assert await is_asked_for_code(session, me)
    await reset_second_step(session, OPERATOR, person_id=me, now=NOW)
    assert await ann.comes_in("")
    with pytest.raises(SecondStepOff):
        await reset_second_step(session, OPERATOR, person_id=me, now=NOW)


async def test_a_token_that_only_reads_sets_nothing_up(ann: Owner) -> None:
    asker = Asker(ann.asker.person_id, ann.asker.project_id, ann.asker.roles, frozenset({"read"}))
    with pytest.raises(NotAllowed):
        await begin_second_step(ann.session, asker, ann.seal, NOW)
    await ann.begin()
    with pytest.raises(NotAllowed):
        await confirm_second_step(ann.session, asker, ann.seal, ann.code(), NOW)
    with pytest.raises(NotAllowed):
        await turn_off_second_step(ann.session, asker, ann.seal, ann.code(), NOW)


async def test_a_dump_without_the_key_of_the_node_makes_no_codes(
    ann: Owner, tmp_path: Path
) -> None:
    await ann.begin()
    codes = await ann.confirm()
    stolen = Owner(ann.session, Seal.open(tmp_path / "elsewhere"), ann.asker)
    with pytest.raises(SealBroken):
        await stolen.comes_in(ann.code())
    assert not await stolen.comes_in(codes[0])


async def test_secrets_go_when_they_are_of_no_use(ann: Owner) -> None:
    found = select(Authenticator.person_id).where(Authenticator.person_id == ann.asker.person_id)
    await ann.begin()
    await sweep_second_steps(ann.session, NOW + DAY - timedelta(seconds=1))
    assert (await ann.session.scalars(found)).all() == [ann.asker.person_id]
    await sweep_second_steps(ann.session, NOW + DAY)
    assert (await ann.session.scalars(found)).all() == []
    await ann.begin()
    await ann.confirm()
    await sweep_second_steps(ann.session, NOW + 9 * DAY)
    assert (await ann.session.scalars(found)).all() == [ann.asker.person_id]
    await let_go(ann.session, OPERATOR, person_id=ann.asker.person_id, now=NOW)
    await sweep_second_steps(ann.session, NOW)
    assert (await ann.session.scalars(found)).all() == []


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"confirmed_at": NOW, "last_step": None}, "ck_authenticator_confirmed_by_a_code"),
        ({"wrong": 11, "wrong_since": NOW}, "ck_authenticator_wrong_codes"),
        ({"wrong": 1, "wrong_since": None}, "ck_authenticator_wrong_codes"),
    ],
)
async def test_the_database_holds_it_as_well(
    ann: Owner, values: dict[str, object], constraint: str
) -> None:
    await ann.begin()
    with pytest.raises(IntegrityError, match=constraint):
        await ann.session.execute(update(Authenticator).values(values))


def test_the_app_is_told_nothing_about_whom_or_what_it_is_for() -> None:
    secret = "ABCD" * 8
    told = address_for_app(secret, "Plan")
    assert told == f"otpauth://totp/Plan:sign-in?secret={secret}&issuer=Plan"


async def test_a_person_has_one_app(ann: Owner) -> None:
    await ann.begin()
    twice = Authenticator(id=UUID(int=1), person_id=ann.asker.person_id, secret=b"", made_at=NOW)
    ann.session.add(twice)
    with pytest.raises(IntegrityError, match="uq_authenticator_person_id"):
        await ann.session.flush()
