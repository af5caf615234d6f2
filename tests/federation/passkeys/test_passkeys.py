"""What a passkey opens, and everything that looks like one and does not."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from federation.access.models import WebSession
from federation.access.seal import Seal
from federation.audit.models import AuditEntry
from federation.errors import NotAllowed, NotFound, Refusal
from federation.passkeys.actions import (
    add_passkey,
    begin_coming_in,
    begin_passkey,
    come_in_by_passkey,
    remove_passkey,
    remove_passkeys,
    sweep_passkeys,
)
from federation.passkeys.errors import (
    PasskeyLate,
    PasskeyUnknown,
    PasskeyWentBack,
    PasskeyWrong,
    TooManyPasskeys,
)
from federation.passkeys.models import Passkey, PasskeyChallenge
from federation.passkeys.queries import own_passkeys
from federation.passkeys.rules import Place, Used, key_made, place_of
from federation.people.actions import let_go
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from federation.second_steps.actions import begin_second_step, confirm_second_step
from federation.second_steps.queries import own_second_step
from tests.federation.conftest import NOW, Project
from tests.federation.passkeys.soft_key import PRESENT, VERIFIED, SoftKey, content, text

PLACE = Place("north.test", "https://north.test", "Plan")
MINUTES = timedelta(minutes=5)
SECOND = timedelta(seconds=1)


class Owner:
    """Somebody with a device that can make passkeys."""

    def __init__(self, session: AsyncSession, seal: Seal, asker: Asker) -> None:
        self.session, self.seal, self.asker = session, seal, asker
        self.key = SoftKey(PLACE.origin)

    async def asked(self, typed: str = "") -> dict[str, Any]:
        asked = await begin_passkey(self.session, self.asker, self.seal, PLACE, typed, NOW)
        assert asked is not None
        return asked

    async def adds(self, key: SoftKey | None = None) -> Refusal | None:
        made = (key or self.key).make(await self.asked())
        return await add_passkey(self.session, self.asker, PLACE, made, "phone", NOW)

    async def signed(self) -> Used:
        return self.key.use(await begin_coming_in(self.session, PLACE, NOW))

    async def comes_in(self, used: Used | None = None, place: Place = PLACE) -> str | Refusal:
        used = used or await self.signed()
        return await come_in_by_passkey(self.session, self.seal, place, used, None, NOW)

    async def sessions(self) -> int:
        mine = select(WebSession.id).where(WebSession.person_id == self.asker.person_id)
        return len((await self.session.scalars(mine)).all())

    async def comes_in_not(self, used: Used | None = None) -> type[Refusal]:
        refused = await self.comes_in(used)
        assert isinstance(refused, Refusal)
        assert await self.sessions() == 0
        return type(refused)


@pytest.fixture
def seal(tmp_path: Path) -> Seal:
    return Seal.open(tmp_path)


@pytest.fixture
async def ann(session: AsyncSession, home: Project, seal: Seal) -> Owner:
    return Owner(session, seal, await home.somebody("worker"))


async def test_a_passkey_opens_and_says_nothing_about_its_device(ann: Owner) -> None:
    assert await ann.adds() is None
    assert isinstance(await ann.comes_in(), str)
    [shown] = await own_passkeys(ann.session, ann.asker)
    assert shown[1:] == ("phone", NOW, NOW.date())
    verbs = await ann.session.scalars(
        select(AuditEntry.verb).where(AuditEntry.subject == "passkey").order_by(AuditEntry.id)
    )
    assert verbs.all() == ["passkey.added", "passkey.used"]
    asked = await ann.asked()
    assert (asked["attestation"], asked["user"]["name"]) == ("none", "sign-in")
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    # the same device is not asked for a second one, and knows nobody's id
    assert [each["id"] for each in asked["excludeCredentials"]] == [text(ann.key.credential)]
    assert ann.asker.person_id.bytes not in content(asked["user"]["id"])


async def test_a_challenge_is_answered_once_and_soon_and_is_kept_as_a_hash(ann: Owner) -> None:
    await ann.adds()
    used = await ann.signed()
    [kept] = await ann.session.scalars(select(PasskeyChallenge))
    assert kept.expires_at == NOW + MINUTES
    asked = await begin_coming_in(ann.session, PLACE, NOW)
    hashes = list(await ann.session.scalars(select(PasskeyChallenge.secret_hash)))
    assert content(asked["challenge"]) not in hashes
    assert isinstance(await ann.comes_in(used), str)
    with pytest.raises(PasskeyLate):
        await ann.comes_in(used)
    late = ann.key.use(asked)
    with pytest.raises(PasskeyLate):
        await come_in_by_passkey(ann.session, ann.seal, PLACE, late, None, NOW + MINUTES)
    in_time = NOW + MINUTES - SECOND
    assert isinstance(
        await come_in_by_passkey(ann.session, ann.seal, PLACE, late, None, in_time), str
    )


async def test_a_challenge_is_for_one_purpose_and_one_person(
    session: AsyncSession, home: Project, ann: Owner
) -> None:
    await ann.adds()
    asked = await ann.asked()
    with pytest.raises(PasskeyLate):
        await ann.comes_in(ann.key.use(asked | {"rpId": PLACE.host}))
    other = Owner(session, ann.seal, await home.somebody("worker"))
    made = other.key.make(asked)
    with pytest.raises(PasskeyLate):
        await add_passkey(session, other.asker, PLACE, made, None, NOW)
    assert await add_passkey(session, ann.asker, PLACE, made, None, NOW) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"origin": "https://evil.test"},
        {"origin": "https://north.test:8443"},
        {"origin": "http://north.test"},
        {"host": "evil.test"},
        {"flags": PRESENT},
        {"flags": VERIFIED},
    ],
    ids=str,
)
async def test_what_another_page_or_an_unlocked_device_gives_is_refused(
    ann: Owner, changed: dict[str, Any]
) -> None:
    assert isinstance(await ann.adds(replace(ann.key, **changed)), PasskeyWrong)
    assert await own_passkeys(ann.session, ann.asker) == []
    await ann.adds()
    right, ann.key = ann.key, replace(ann.key, **changed)
    used = await ann.signed()
    assert await ann.comes_in_not(used) is PasskeyWrong
    # what was answered wrongly is used up as well
    with pytest.raises(PasskeyLate):
        await ann.comes_in(used)
    ann.key = right
    assert isinstance(await ann.comes_in(), str)


async def test_another_key_or_owner_is_refused(ann: Owner) -> None:
    await ann.adds()
    stranger = SoftKey(PLACE.origin)
    right, ann.key = ann.key, replace(ann.key, key=stranger.key)
    assert await ann.comes_in_not() is PasskeyWrong
    ann.key = replace(right, owner=b"somebody else")
    assert await ann.comes_in_not() is PasskeyWrong
    ann.key = stranger
    assert await ann.comes_in_not() is PasskeyUnknown
    # nobody adds the passkey of somebody else as their own
    taken = replace(stranger, credential=right.credential)
    assert isinstance(await ann.adds(taken), PasskeyWrong)


async def test_a_count_that_does_not_grow_is_a_copy(ann: Owner) -> None:
    ann.key.count = 7
    await ann.adds()
    for count in (7, 6, 0):
        ann.key.count = count
        assert await ann.comes_in_not() is PasskeyWentBack
    ann.key.count = 8
    assert isinstance(await ann.comes_in(), str)
    told = select(AuditEntry.id).where(AuditEntry.verb == "passkey.went-back")
    assert len((await ann.session.scalars(told)).all()) == 3
    # a bad signature with a low count is no copy
    ann.key = replace(ann.key, count=1, key=SoftKey("").key)
    assert isinstance(await ann.comes_in(), PasskeyWrong)


async def test_nothing_that_is_broken_gets_further_than_a_refusal(ann: Owner) -> None:
    """Cut or change every part at many places; what is only one's own key may be spoiled."""
    await ann.adds()
    made, used = ann.key.make(await ann.asked()), await ann.signed()
    assert key_made(PLACE, made).credential == ann.key.credential
    for whole in (made, used):
        for name, part in whole._asdict().items():
            sent = content(part)
            for at in range(0, len(sent), 5):
                bad = bytes([*sent[:at], sent[at] ^ 0x41, *sent[at + 1 :]])
                for broken in (sent[:at], bad):
                    await refuses(ann, whole._replace(**{name: text(broken)}))
            await refuses(ann, whole._replace(**{name: "é" * 9}))
    assert await ann.sessions() == 0


async def refuses(ann: Owner, broken: Any) -> None:
    """Ask within a savepoint, so that the challenge is there for the next one."""
    before = await ann.session.begin_nested()
    try:
        if isinstance(broken, Used):
            assert isinstance(await ann.comes_in(broken), Refusal), broken
        else:
            await add_passkey(ann.session, ann.asker, PLACE, broken, None, NOW)
    except (PasskeyWrong, PasskeyLate):
        pass
    finally:
        await before.rollback()
        ann.session.expire_all()


async def test_a_second_step_is_not_walked_around(ann: Owner) -> None:
    await begin_second_step(ann.session, ann.asker, ann.seal, NOW)
    step = await own_second_step(ann.session, ann.asker, ann.seal)
    assert step is not None
    app = pyotp.TOTP(step.secret or "")
    codes = await confirm_second_step(ann.session, ann.asker, ann.seal, app.at(NOW), NOW)
    facts = (ann.session, ann.asker, ann.seal, PLACE)
    for typed in ("", "000000", app.at(NOW)):
        assert await begin_passkey(*facts, typed, NOW) is None
    asked = await begin_passkey(*facts, (codes or [""])[0], NOW)
    assert asked is not None
    made = ann.key.make(asked)
    assert await add_passkey(ann.session, ann.asker, PLACE, made, None, NOW) is None
    # it is both steps at once
    assert isinstance(await ann.comes_in(), str)


async def test_what_is_removed_opens_nothing(
    session: AsyncSession, home: Project, ann: Owner
) -> None:
    await ann.adds()
    [mine] = await own_passkeys(session, ann.asker)
    head = await home.somebody("coordinator")
    with pytest.raises(NotFound):
        await remove_passkey(session, head, mine.id, NOW)
    for asker in (head, ann.asker):
        with pytest.raises(NotAllowed):
            await remove_passkeys(session, asker, ann.asker.person_id, NOW)
    await remove_passkey(session, ann.asker, mine.id, NOW)
    assert await ann.comes_in_not() is PasskeyUnknown
    await ann.adds()
    await ann.adds(SoftKey(PLACE.origin))
    assert await remove_passkeys(session, OPERATOR, ann.asker.person_id, NOW) == 2
    assert await ann.comes_in_not() is PasskeyUnknown


async def test_who_has_left_is_unknown_at_once_and_forgotten_soon(ann: Owner) -> None:
    await ann.adds()
    used = await ann.signed()
    await let_go(ann.session, OPERATOR, person_id=ann.asker.person_id, now=NOW)
    assert await ann.comes_in_not(used) is PasskeyUnknown
    await begin_coming_in(ann.session, PLACE, NOW)
    await sweep_passkeys(ann.session, NOW + MINUTES - SECOND)
    assert (await ann.session.scalars(select(Passkey.id))).all() == []
    assert len((await ann.session.scalars(select(PasskeyChallenge.id))).all()) == 1
    await sweep_passkeys(ann.session, NOW + MINUTES)
    assert (await ann.session.scalars(select(PasskeyChallenge.id))).all() == []


async def test_a_token_that_only_reads_adds_and_removes_nothing(ann: Owner) -> None:
    await ann.adds()
    [mine] = await own_passkeys(ann.session, ann.asker)
    reader = replace(ann.asker, scopes=frozenset({"read"}))
    made = ann.key.make(await ann.asked())
    with pytest.raises(NotAllowed):
        await begin_passkey(ann.session, reader, ann.seal, PLACE, "", NOW)
    with pytest.raises(NotAllowed):
        await add_passkey(ann.session, reader, PLACE, made, None, NOW)
    with pytest.raises(NotAllowed):
        await remove_passkey(ann.session, reader, mine.id, NOW)


async def test_ten_passkeys_are_enough(ann: Owner) -> None:
    for _ in range(9):
        await ann.adds(SoftKey(PLACE.origin))
    first, second = ann.key.make(await ann.asked()), SoftKey(PLACE.origin).make(await ann.asked())
    assert await add_passkey(ann.session, ann.asker, PLACE, first, None, NOW) is None
    with pytest.raises(TooManyPasskeys):
        await add_passkey(ann.session, ann.asker, PLACE, second, None, NOW)
    with pytest.raises(TooManyPasskeys):
        await ann.asked()


@pytest.mark.parametrize(
    ("table", "values", "constraint"),
    [
        (Passkey, {"device": "Ann's phone"}, "ck_passkey_device"),
        (Passkey, {"sign_count": -1}, "ck_passkey_sign_count"),
        (PasskeyChallenge, {"expires_at": NOW}, "ck_passkey_challenge_short_lived"),
        (
            PasskeyChallenge,
            {"expires_at": NOW + MINUTES + SECOND},
            "ck_passkey_challenge_short_lived",
        ),
    ],
)
async def test_the_database_holds_it_as_well(
    ann: Owner, table: type[Any], values: dict[str, object], constraint: str
) -> None:
    await ann.adds()
    await ann.signed()
    with pytest.raises(IntegrityError, match=constraint):
        await ann.session.execute(update(table).values(values))


def test_a_passkey_holds_at_the_name_of_its_node() -> None:
    assert place_of("https://North.test/", "Plan") == PLACE
    assert place_of("https://north.test:443", "Plan") == PLACE
    assert place_of("http://localhost:8000", "Plan") == (
        "localhost",
        "http://localhost:8000",
        "Plan",
    )
    assert place_of("http://127.0.0.1:8000", "Plan") is None
    assert place_of("http://[::1]:8000", "Plan") is None
