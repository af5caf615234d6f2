"""A second step at the door: a code of somebody's own app after the one-time link.

A code that does not fit is no refusal but an answer: what is counted has to outlive it.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.access.actions import open_web_session, spend_sign_in_link
from federation.access.queries import require_usable_link
from federation.access.seal import Seal
from federation.audit.actions import record
from federation.people.models import Person
from federation.people.rules import Operator, name_for_audit, require_operator
from federation.permissions.rules import Asker, require_write
from federation.second_steps.errors import SecondStepOff, SecondStepOn, TooManyCodes
from federation.second_steps.models import Authenticator, RecoveryCode
from federation.second_steps.rules import (
    FROM_AN_APP,
    UNCONFIRMED_FOR,
    is_locked,
    new_app_secret,
    new_recovery_codes,
    one_more_wrong,
    plain,
    step_of,
)


async def come_in(
    session: AsyncSession, seal: Seal, link: str, typed: str, device: str | None, now: datetime
) -> str | None:
    """Open a web session by a link and, where its person wants that, a code; None if it is wrong.

    A link whose code was wrong is not spent, so that who types badly needs no new one.
    """
    person_id = await require_usable_link(session, link, now)
    if not await has_shown_code(session, seal, person_id, typed, now):
        return None
    person_id = await spend_sign_in_link(session, link, now=now)
    return await open_web_session(session, person_id, device, now)


async def has_shown_code(
    session: AsyncSession, seal: Seal, person_id: UUID, typed: str, now: datetime
) -> bool:
    """Take the code of whoever has a second step; of all others none is wanted."""
    authenticator = await _locked(session, person_id)
    return authenticator is None or await _fits(session, seal, authenticator, typed, now)


async def begin_second_step(session: AsyncSession, asker: Asker, seal: Seal, now: datetime) -> None:
    """Make a secret for the asker's app; nothing is asked for before a code of it was seen."""
    require_write(asker)
    await session.execute(
        select(Person.id).where(Person.id == asker.person_id).with_for_update(key_share=True)
    )
    if await _locked(session, asker.person_id) is not None:
        raise SecondStepOn
    await session.execute(delete(Authenticator).where(Authenticator.person_id == asker.person_id))
    own_id = new_id()
    sealed = seal.close(new_app_secret(), own_id)
    session.add(Authenticator(id=own_id, person_id=asker.person_id, secret=sealed, made_at=now))
    await session.flush()
    await _record(session, "authenticator.made", own_id, asker, now)


async def confirm_second_step(
    session: AsyncSession, asker: Asker, seal: Seal, typed: str, now: datetime
) -> list[str] | None:
    """Ask for codes from now on, once the app has made a right one; gives recovery codes."""
    require_write(asker)
    authenticator = await _locked(session, asker.person_id, confirmed=False)
    if authenticator is None:
        raise SecondStepOff
    if not await _fits(session, seal, authenticator, typed, now):
        return None
    authenticator.confirmed_at = now
    await session.flush()
    await _record(session, "authenticator.confirmed", authenticator.id, asker, now)
    return await _give_codes(session, seal, authenticator.id)


async def renew_recovery_codes(
    session: AsyncSession, asker: Asker, seal: Seal, typed: str, now: datetime
) -> list[str] | None:
    """Replace all recovery codes, used or not; those on the old paper stop at once."""
    authenticator = await _own(session, asker)
    if not await _fits(session, seal, authenticator, typed, now):
        return None
    await session.execute(
        delete(RecoveryCode).where(RecoveryCode.authenticator_id == authenticator.id)
    )
    await _record(session, "recovery-codes.replaced", authenticator.id, asker, now)
    return await _give_codes(session, seal, authenticator.id)


async def turn_off_second_step(
    session: AsyncSession, asker: Asker, seal: Seal, typed: str, now: datetime
) -> bool:
    """Ask for codes no more; an open browser alone is not enough for that."""
    authenticator = await _own(session, asker)
    if not await _fits(session, seal, authenticator, typed, now):
        return False
    await _remove(session, asker, authenticator, now)
    return True


async def reset_second_step(
    session: AsyncSession, asker: Asker | Operator, *, person_id: UUID, now: datetime
) -> None:
    """Let somebody in by a link alone who has neither app nor paper; only an operator may."""
    require_operator(asker)
    authenticator = await _locked(session, person_id)
    if authenticator is None:
        raise SecondStepOff
    await _remove(session, asker, authenticator, now)


async def sweep_second_steps(session: AsyncSession, now: datetime) -> None:
    """Forget what was never confirmed, and the secrets of those who have left."""
    left = select(Person.id).where(Person.left_at.is_not(None))
    never = Authenticator.confirmed_at.is_(None) & (Authenticator.made_at <= now - UNCONFIRMED_FOR)
    await session.execute(delete(Authenticator).where(Authenticator.person_id.in_(left) | never))


async def _own(session: AsyncSession, asker: Asker) -> Authenticator:
    require_write(asker)
    authenticator = await _locked(session, asker.person_id)
    if authenticator is None:
        raise SecondStepOff
    return authenticator


async def _locked(
    session: AsyncSession, person_id: UUID, *, confirmed: bool = True
) -> Authenticator | None:
    """Lock it, so that one code is not taken twice at once."""
    found: Authenticator | None = await session.scalar(
        select(Authenticator)
        .where(
            Authenticator.person_id == person_id,
            Authenticator.confirmed_at.is_not(None) == confirmed,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


async def _fits(
    session: AsyncSession, seal: Seal, authenticator: Authenticator, typed: str, now: datetime
) -> bool:
    """Take a right code, once; count a wrong one, and look at none after too many."""
    code = plain(typed)
    if not code:
        return False
    if is_locked(authenticator.wrong, authenticator.wrong_since, now):
        raise TooManyCodes
    fits = await _take(session, seal, authenticator, code, now)
    if fits:
        authenticator.wrong, authenticator.wrong_since = 0, None
    else:
        authenticator.wrong, authenticator.wrong_since = one_more_wrong(
            authenticator.wrong, authenticator.wrong_since, now
        )
        person_id = authenticator.person_id
        await _record(session, "second-step.wrong-code", authenticator.id, person_id, now)
    await session.flush()
    return fits


async def _take(
    session: AsyncSession, seal: Seal, authenticator: Authenticator, code: str, now: datetime
) -> bool:
    if FROM_AN_APP.fullmatch(code):
        secret = seal.read(authenticator.secret, authenticator.id)
        step = step_of(secret, code, now, authenticator.last_step)
        authenticator.last_step = authenticator.last_step if step is None else step
        return step is not None
    used = await session.scalar(
        delete(RecoveryCode)
        .where(
            RecoveryCode.authenticator_id == authenticator.id,
            RecoveryCode.mark == seal.mark(code.encode(), authenticator.id),
        )
        .returning(RecoveryCode.id)
    )
    if used is None:
        return False
    await record(
        session,
        actor=authenticator.person_id,
        verb="recovery-code.used",
        subject="recovery-code",
        subject_id=used,
        now=now,
    )
    return True


async def _give_codes(session: AsyncSession, seal: Seal, authenticator_id: UUID) -> list[str]:
    codes = new_recovery_codes()
    marks = [seal.mark(plain(code).encode(), authenticator_id) for code in codes]
    session.add_all(RecoveryCode(authenticator_id=authenticator_id, mark=mark) for mark in marks)
    await session.flush()
    return codes


async def _remove(
    session: AsyncSession, asker: Asker | Operator, authenticator: Authenticator, now: datetime
) -> None:
    await session.delete(authenticator)
    await session.flush()
    await _record(session, "authenticator.removed", authenticator.id, asker, now)


async def _record(
    session: AsyncSession,
    verb: str,
    subject_id: UUID,
    actor: Asker | Operator | UUID,
    now: datetime,
) -> None:
    await record(
        session,
        actor=actor if isinstance(actor, UUID) else name_for_audit(actor),
        verb=verb,
        subject="authenticator",
        subject_id=subject_id,
        now=now,
    )
