"""How a way in, a device, a partner or somebody as a whole ends for good."""

import pyotp

from federation.access.actions import make_api_token, make_sign_in_link, revoke_api_token
from federation.access.seal import Seal
from federation.notices.addresses.actions import take_back_addresses
from federation.notices.addresses.models import MailAddress
from federation.notices.devices.actions import remove_device
from federation.notices.devices.models import PushDevice
from federation.partners.actions import end, withdraw
from federation.partners.models import Partner, PartnerToken
from federation.passkeys.actions import remove_passkey
from federation.passkeys.models import Passkey
from federation.people.actions import let_go, take_role
from federation.people.models import Person
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from federation.pools.actions import restate_handles
from federation.second_steps.actions import (
    begin_second_step,
    come_in,
    confirm_second_step,
    renew_recovery_codes,
    reset_second_step,
)
from federation.second_steps.queries import own_second_step
from rota.calendar.actions import (
    add_address,
    revoke_address,
    revoke_all_addresses,
    rotate_address,
)
from rota.erasing.actions import erase_person
from rota.passport.actions import attest_training
from tests.api.ending_place import LATER, NODE, WORDING, Act, Place
from tests.rota.world import (
    NOW,
    a_person,
)


async def a_token(place: Place) -> Act:
    made = await make_api_token(
        place.session,
        OPERATOR,
        person_id=place.worker.id,
        label="script",
        scopes=["read"],
        days=9,
        now=NOW,
    )
    return lambda: revoke_api_token(place.session, OPERATOR, token_id=made.id, now=LATER)


async def a_leaver(place: Place) -> Act:
    return lambda: let_go(place.session, OPERATOR, person_id=place.worker.id, now=LATER)


async def somebody_erased(place: Place) -> Act:
    who = await place.session.get_one(Person, place.worker.id)
    who.left_at = NOW
    await attest_training(
        place.session, place.coordinator, who.id, "listening", NOW.date(), NOW.date(), NOW
    )
    await restate_handles(place.session, who.id, NOW)
    return lambda: erase_person(place.session, OPERATOR, who.id, LATER)


async def a_role(place: Place) -> Act:
    who = await a_person(place.session, place.coordinator.project_id, "worker", "reviewer")
    return lambda: take_role(
        place.session, OPERATOR, person_id=who.person_id, role="reviewer", now=LATER
    )


async def an_address(place: Place) -> Act:
    made = await add_address(place.session, place.worker.asker, WORDING, NOW)
    return lambda: revoke_address(place.session, place.worker.id, made.id, LATER)


async def an_address_that_was_seen(place: Place) -> Act:
    made = await add_address(place.session, place.worker.asker, WORDING, NOW)
    return lambda: rotate_address(place.session, place.worker.id, made.id, LATER)


async def all_addresses(place: Place) -> Act:
    await add_address(place.session, place.worker.asker, WORDING, NOW)
    await add_address(place.session, place.coordinator, WORDING, NOW)
    return lambda: revoke_all_addresses(place.session, place.worker.id, place.worker.id, LATER)


async def a_partner(place: Place, *granted: str) -> Asker:
    place.session.add(
        Partner(
            node_id=NODE,
            name="Far",
            base_url="https://far.test",
            state="joined",
            document="",
            document_version=1,
            keys={},
            words=["one"],
            we_grant=list(granted),
            they_grant=["shifts:far"],
            met_at=NOW,
        )
    )
    await place.session.flush()
    token = PartnerToken(secret_hash=b"secret", node_id=NODE, expires_at=LATER)
    place.session.add(token)
    return await a_person(place.session, place.coordinator.project_id, "partner-administrator")


async def a_block(place: Place) -> Act:
    asker = await a_partner(place, f"shifts:{place.pool.id}")
    return lambda: end(place.session, asker=asker, node_id=NODE, now=LATER)


async def a_grant(place: Place) -> Act:
    kept, taken = f"releases:{place.coordinator.project_id}", f"shifts:{place.pool.id}"
    asker = await a_partner(place, kept, taken)
    return lambda: withdraw(place.session, asker=asker, node_id=NODE, capability=taken, now=LATER)


async def mail(place: Place) -> Act:
    entered = MailAddress(
        id=place.worker.handle,
        person_id=place.worker.id,
        address="who@example.org",
        asked_at=NOW,
        confirmed_at=NOW,
    )
    place.session.add(entered)
    return lambda: take_back_addresses(place.session, place.worker.asker, LATER)


async def a_device(place: Place) -> Act:
    device = PushDevice(
        person_id=place.worker.id,
        label="Phone",
        endpoint="https://push.test/1",
        p256dh="key",
        auth="secret",
        made_at=NOW,
    )
    place.session.add(device)
    await place.session.flush()
    return lambda: remove_device(place.session, place.worker.asker, device.id, LATER)


async def _a_second_step(place: Place) -> tuple[Seal, pyotp.TOTP, list[str]]:
    seal, asker = Seal(b"k" * 32), place.worker.asker
    await begin_second_step(place.session, asker, seal, NOW)
    step = await own_second_step(place.session, asker, seal)
    assert step is not None
    app = pyotp.TOTP(step.secret or "")
    codes = await confirm_second_step(place.session, asker, seal, app.at(NOW), NOW)
    return seal, app, codes or []


async def an_app(place: Place) -> Act:
    await _a_second_step(place)
    who = place.worker.id
    return lambda: reset_second_step(place.session, OPERATOR, person_id=who, now=LATER)


async def recovery_codes(place: Place) -> Act:
    seal, app, _ = await _a_second_step(place)
    asker, code = place.worker.asker, app.at(LATER)
    return lambda: renew_recovery_codes(place.session, asker, seal, code, LATER)


async def a_recovery_code(place: Place) -> Act:
    seal, _, codes = await _a_second_step(place)
    who = place.worker.id
    link = await make_sign_in_link(place.session, OPERATOR, person_id=who, hours=9, now=NOW)
    return lambda: come_in(place.session, seal, link, codes[0], None, LATER)


async def a_passkey(place: Place) -> Act:
    passkey = Passkey(
        person_id=place.worker.id,
        credential=b"credential",
        public_key=b"key",
        sign_count=0,
        device=None,
        made_at=NOW,
    )
    place.session.add(passkey)
    await place.session.flush()
    return lambda: remove_passkey(place.session, place.worker.asker, passkey.id, LATER)
