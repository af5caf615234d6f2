from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import Reason
from federation.notices.addresses.models import MailAddress
from federation.people.models import Handle, Person
from federation.permissions.rules import Asker, require_write
from protocols.answer_settings.rules import Settings
from protocols.answers.errors import AnswerChanged, NotReadyToCopy
from protocols.answers.queries import answer_with_rules
from protocols.answers.rules.lint import Identity, Ready, Use, ready_to_send
from protocols.answers.rules.message import as_message
from protocols.answers.rules.offered import Answer
from protocols.favourites.actions import was_used
from protocols.items.rules.placeholders import fill
from protocols.signposts.queries import entries_of
from protocols.signposts.rules.entries import why_not_named, written
from protocols.signposts.rules.naming import SIGNPOST, id_of
from protocols.use_counts.actions import count_use


@dataclass(frozen=True, slots=True, kw_only=True)
class Copying:
    """What somebody wants to copy: the very words on their page, and how they will use them."""

    language: str
    seen: str
    used_as: str
    as_sms: bool
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Copied:
    """The words to paste, and the answer that they come from as it holds at this moment."""

    answer: Answer
    ready: Ready
    rules: Settings


async def copy_answer(
    session: AsyncSession, asker: Asker, urn: str, copying: Copying, now: datetime
) -> Copied:
    """Give an answer with its gaps filled, ready to be pasted to one person or as one post.

    Whether it still holds is asked again here: a page may have been open since before a recall.
    What was filled in is kept nowhere.
    """
    require_write(asker)
    answer, rules = await answer_with_rules(session, asker, urn, copying.language, now)
    if answer.fingerprint != copying.seen:
        raise AnswerChanged
    services, gone = await _services_chosen(session, asker, answer, copying.values, now)
    ready = ready_to_send(
        fill(as_message(answer.body), services),
        [gap for gap in answer.asks_worker if gap.type != SIGNPOST],
        copying.values,
        Use(
            used_as=copying.used_as,
            use_limits=answer.use_limits,
            as_sms=copying.as_sms,
            sms_segments=rules.sms_segments,
            identity=await _identity_of(session, asker),
        ),
    )
    reasons = (*answer.blocked, *gone, *ready.reasons)
    if reasons:
        raise NotReadyToCopy(reasons=reasons)
    await count_use(
        session,
        asker.project_id,
        urn=urn,
        number=answer.number,
        language=answer.language,
        day=now.date(),
    )
    await was_used(session, asker, urn, now)
    return Copied(answer, ready, rules)


async def _services_chosen(
    session: AsyncSession, asker: Asker, answer: Answer, values: Mapping[str, str], now: datetime
) -> tuple[dict[str, str], list[Reason]]:
    """Write the services that were chosen for this once, and tell which of them no longer hold."""
    chosen = {
        gap.name: id_of(values[gap.name])
        for gap in answer.asks_worker
        if gap.type == SIGNPOST and values.get(gap.name, "").strip()
    }
    known = await entries_of(session, asker.project_id, {one for one in chosen.values() if one})
    services, gone = {}, []
    for name, service in chosen.items():
        entry = known.get(service) if service else None
        reason = why_not_named(entry, now.date())
        if reason is not None:
            gone.append(reason)
        elif entry is not None:
            services[name] = written(entry)
    return services, gone


async def _identity_of(session: AsyncSession, asker: Asker) -> Identity:
    names = select(Person.name).where(Person.id == asker.person_id)
    handles = select(Handle.display).where(Handle.person_id == asker.person_id)
    addresses = select(MailAddress.address).where(MailAddress.person_id == asker.person_id)
    return Identity(
        names=tuple(await session.scalars(names)),
        handles=tuple(await session.scalars(handles)),
        addresses=tuple(await session.scalars(addresses)),
    )
