"""Adding passkeys and coming in by one; whoever does needs neither a link nor a code.

A challenge is used up by what answers it, right or wrong. So what is wrong is given back as a
refusal and not raised, which would give the challenge back as well.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.access.actions import open_web_session
from federation.access.rules import new_secret, secret_hash
from federation.access.seal import Seal
from federation.audit.actions import record
from federation.errors import NotFound, Refusal
from federation.passkeys.errors import (
    PasskeyLate,
    PasskeyUnknown,
    PasskeyWentBack,
    PasskeyWrong,
    TooManyPasskeys,
)
from federation.passkeys.models import Passkey, PasskeyChallenge
from federation.passkeys.rules import (
    CHALLENGE,
    MOST_PASSKEYS,
    Made,
    NewKey,
    Place,
    Used,
    bytes_of,
    challenge_of,
    count_signed,
    key_made,
    question_to_add,
    question_to_sign_in,
    went_back,
)
from federation.people.models import Person
from federation.people.rules import Operator, name_for_audit, require_operator
from federation.permissions.rules import Asker, require_write
from federation.second_steps.actions import has_shown_code

PASSKEY_OWNER = b"passkey"


async def begin_passkey(
    session: AsyncSession, asker: Asker, seal: Seal, place: Place, typed: str, now: datetime
) -> dict[str, Any] | None:
    """Give what a browser needs to make a passkey; None where a code was needed and is wrong.

    An open browser alone must not make a way in around a second step.
    """
    require_write(asker)
    known = await _own_credentials(session, asker)
    if not await has_shown_code(session, seal, asker.person_id, typed, now):
        return None
    challenge = await _give_challenge(session, asker.person_id, now)
    return question_to_add(place, challenge, _owner(seal, asker.person_id), known)


async def add_passkey(
    session: AsyncSession, asker: Asker, place: Place, made: Made, device: str | None, now: datetime
) -> Refusal | None:
    """Keep a passkey that a browser has made, if it is one; gives what is wrong."""
    require_write(asker)
    await _own_credentials(session, asker)
    await _use_up(session, made.client_data, asker.person_id, now)
    try:
        added = await _keep(session, asker, key_made(place, made), device, now)
    except PasskeyWrong as wrong:
        return wrong
    await _record(session, "passkey.added", added, asker.person_id, now)
    return None


async def begin_coming_in(session: AsyncSession, place: Place, now: datetime) -> dict[str, Any]:
    """Give what a browser needs to ask for any passkey of this node."""
    return question_to_sign_in(place, await _give_challenge(session, None, now))


async def come_in_by_passkey(
    session: AsyncSession, seal: Seal, place: Place, used: Used, device: str | None, now: datetime
) -> str | Refusal:
    """Open a web session for whoever has the passkey and was verified by it; or what is wrong."""
    await _use_up(session, used.client_data, None, now)
    try:
        passkey = await _locked(session, bytes_of(used.credential))
        count = _count(seal, place, used, passkey)
    except (PasskeyUnknown, PasskeyWrong) as wrong:
        return wrong
    if went_back(passkey.sign_count, count):
        await _record(session, "passkey.went-back", passkey.id, passkey.person_id, now)
        return PasskeyWentBack()
    passkey.sign_count, passkey.last_used_on = count, now.date()
    await session.flush()
    await _record(session, "passkey.used", passkey.id, passkey.person_id, now)
    return await open_web_session(session, passkey.person_id, device, now)


async def remove_passkey(
    session: AsyncSession, asker: Asker, passkey_id: UUID, now: datetime
) -> None:
    """Let nobody in any more by one of the asker's own passkeys."""
    require_write(asker)
    removed = await session.scalar(
        delete(Passkey)
        .where(Passkey.id == passkey_id, Passkey.person_id == asker.person_id)
        .returning(Passkey.id)
    )
    if removed is None:
        raise NotFound
    await _record(session, "passkey.removed", removed, asker.person_id, now)


async def remove_passkeys(
    session: AsyncSession, asker: Asker | Operator, person_id: UUID, now: datetime
) -> int:
    """Remove all of somebody's passkeys, as when a device is in other hands; tells how many."""
    require_operator(asker)
    removed = await session.scalars(
        delete(Passkey).where(Passkey.person_id == person_id).returning(Passkey.id)
    )
    ids = list(removed)
    for one in ids:
        await _record(session, "passkey.removed", one, name_for_audit(asker), now)
    return len(ids)


async def sweep_passkeys(session: AsyncSession, now: datetime) -> None:
    """Forget challenges that nobody answered, and the passkeys of those who have left."""
    await session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at <= now))
    left = select(Person.id).where(Person.left_at.is_not(None))
    await session.execute(delete(Passkey).where(Passkey.person_id.in_(left)))


def _owner(seal: Seal, person_id: UUID) -> bytes:
    """Name somebody to their own devices, by nothing that leads to them from there."""
    return seal.mark(PASSKEY_OWNER, person_id)


async def _own_credentials(session: AsyncSession, asker: Asker) -> list[bytes]:
    """Lock the asker, so that no two passkeys are the last that there may be."""
    await session.execute(
        select(Person.id).where(Person.id == asker.person_id).with_for_update(key_share=True)
    )
    mine = select(Passkey.credential).where(Passkey.person_id == asker.person_id)
    known = list(await session.scalars(mine.order_by(Passkey.id)))
    if len(known) >= MOST_PASSKEYS:
        raise TooManyPasskeys
    return known


async def _give_challenge(session: AsyncSession, person_id: UUID | None, now: datetime) -> str:
    secret = new_secret()
    session.add(
        PasskeyChallenge(
            secret_hash=secret_hash(secret),
            person_id=person_id,
            made_at=now,
            expires_at=now + CHALLENGE,
        )
    )
    await session.flush()
    return secret


async def _use_up(
    session: AsyncSession, client_data: str, person_id: UUID | None, now: datetime
) -> None:
    """Use the challenge up that was answered, whoever answers first."""
    used = await session.scalar(
        delete(PasskeyChallenge)
        .where(
            PasskeyChallenge.secret_hash == secret_hash(challenge_of(client_data)),
            PasskeyChallenge.person_id.is_not_distinct_from(person_id),
            PasskeyChallenge.expires_at > now,
        )
        .returning(PasskeyChallenge.id)
    )
    if used is None:
        raise PasskeyLate


async def _keep(
    session: AsyncSession, asker: Asker, key: NewKey, device: str | None, now: datetime
) -> UUID:
    """Keep a new key; one that is somebody's already stays theirs."""
    kept: UUID | None = await session.scalar(
        insert(Passkey)
        .values(id=new_id(), person_id=asker.person_id, device=device, made_at=now, **key._asdict())
        .on_conflict_do_nothing(index_elements=[Passkey.credential])
        .returning(Passkey.id)
    )
    if kept is None:
        raise PasskeyWrong
    return kept


async def _locked(session: AsyncSession, credential: bytes) -> Passkey:
    """Lock it, so that no count is taken twice at once."""
    found: Passkey | None = await session.scalar(
        select(Passkey)
        .join(Person, Person.id == Passkey.person_id)
        .where(Passkey.credential == credential, Person.left_at.is_(None))
        .with_for_update(of=Passkey)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise PasskeyUnknown
    return found


def _count(seal: Seal, place: Place, used: Used, passkey: Passkey) -> int:
    if bytes_of(used.user_handle) != _owner(seal, passkey.person_id):
        raise PasskeyWrong
    return count_signed(place, used, passkey.public_key)


async def _record(
    session: AsyncSession, verb: str, subject_id: UUID, actor: UUID | str, now: datetime
) -> None:
    await record(session, actor=actor, verb=verb, subject="passkey", subject_id=subject_id, now=now)
