"""How the asker is told of changes: address, devices, and when each channel may speak."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Controller, delete, get, post, put
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody

from api.notices.words import notice_keys, shown, time_of_day
from api.parts import NodeSettings, Now, Session, Signed
from federation.errors import NotFound
from federation.notices.addresses.actions import enter_address, take_back_addresses
from federation.notices.addresses.queries import own_addresses
from federation.notices.devices.actions import add_device, remove_device
from federation.notices.devices.queries import Device, own_devices
from federation.notices.devices.rules import Subscription
from federation.notices.messages.actions import wish_channel, wish_words_and_clock
from federation.notices.preferences.queries import Preferences, preferences_of
from federation.notices.preferences.rules import Wish

Channel = Literal["email", "push"]
Clock = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""A time of day, to the minute: 22:00."""


class WhenBody(msgspec.Struct, forbid_unknown_fields=True):
    """When a channel may speak; quiet from and until the same time means never quiet."""

    rhythm: Literal["off", "at-once", "daily", "weekly"]
    quiet_from: Clock = "22:00"
    quiet_until: Clock = "07:00"
    urgent_breaks_quiet: bool = False
    digest_at: Clock = "09:00"
    digest_weekday: Annotated[int, msgspec.Meta(ge=0, le=6)] = 0


class WordsBody(msgspec.Struct, forbid_unknown_fields=True):
    """Language and zone (null: as spoken first, as the project has it), and reminders."""

    language: Literal["en", "nl", "ro"] | None
    zone: Annotated[str, msgspec.Meta(max_length=60)] | None
    reminders: bool
    reminder_at: Clock = "18:00"


class AddressBody(msgspec.Struct, forbid_unknown_fields=True):
    """An address to write to, once it is confirmed."""

    address: Annotated[str, msgspec.Meta(min_length=3, max_length=254)]


class SubscriptionKeys(msgspec.Struct, forbid_unknown_fields=True):
    """What a browser gives for encrypting (RFC 8291)."""

    p256dh: Annotated[str, msgspec.Meta(max_length=200)]
    auth: Annotated[str, msgspec.Meta(max_length=100)]


class DeviceBody(msgspec.Struct, forbid_unknown_fields=True):
    """A browser's push subscription, and what its owner calls the device."""

    label: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    endpoint: Annotated[str, msgspec.Meta(max_length=4000)]
    keys: SubscriptionKeys


class DeviceShown(msgspec.Struct):
    """A device without the address by which it is reached."""

    id: UUID
    label: str
    made_at: datetime


class MailShown(msgspec.Struct):
    """The asker's own addresses; `refused_at` since when nothing can be sent."""

    address: str | None
    to_confirm: str | None
    refused_at: datetime | None


class NoticesShown(msgspec.Struct):
    """All that the asker has chosen; `spoken_in` and `clock` are what holds in the end."""

    words: WordsBody
    spoken_in: str
    clock: str
    mail: MailShown
    mail_is_sent: bool
    devices: list[DeviceShown]
    push_key: str
    when: dict[str, WhenBody]


class NoticesController(Controller):
    """What a person chooses about being told."""

    path = "/me/notices"
    tags = ("me",)

    @get()
    async def notices(
        self, session: Session, asker: Signed, settings: NodeSettings, state: State, now: Now
    ) -> NoticesShown:
        """Show what I have chosen."""
        chosen = await preferences_of(session, asker.person_id)
        if chosen is None:
            raise NotFound
        mail = await own_addresses(session, asker, now)
        return NoticesShown(
            words=_words(chosen),
            spoken_in=chosen.spoken,
            clock=str(chosen.clock),
            mail=MailShown(mail.confirmed, mail.asked, mail.refused_at),
            mail_is_sent=bool(settings.smtp_host),
            devices=[_shown(device) for device in await own_devices(session, asker)],
            push_key=notice_keys(state).public,
            when={channel: _when(wish) for channel, wish in chosen.channels.items()},
        )

    @put("/words", status_code=204)
    async def choose_words(
        self, data: JSONBody[WordsBody], session: Session, asker: Signed, now: Now
    ) -> None:
        """Choose language, zone and reminders."""
        await wish_words_and_clock(
            session,
            asker,
            language=data.language,
            zone=data.zone,
            reminders=data.reminders,
            reminder_at=time_of_day("reminder_at", data.reminder_at),
            now=now,
        )

    @put("/when/{channel:str}", status_code=204)
    async def choose_when(
        self,
        channel: FromPath[Channel],
        data: JSONBody[WhenBody],
        session: Session,
        asker: Signed,
        now: Now,
    ) -> None:
        """Choose when a channel may speak."""
        wish = Wish(
            data.rhythm,
            time_of_day("quiet_from", data.quiet_from),
            time_of_day("quiet_until", data.quiet_until),
            data.urgent_breaks_quiet,
            time_of_day("digest_at", data.digest_at),
            data.digest_weekday,
        )
        await wish_channel(session, asker, channel, wish, now)

    @put("/address", status_code=204)
    async def enter_address(
        self, data: JSONBody[AddressBody], session: Session, asker: Signed, now: Now
    ) -> None:
        """Enter an address; it gets a link, and nothing else before that is used."""
        await enter_address(session, asker, data.address, now)

    @delete("/address")
    async def erase_address(self, session: Session, asker: Signed, now: Now) -> None:
        """Erase my addresses."""
        await take_back_addresses(session, asker, now)

    @post("/devices")
    async def add_device(
        self,
        data: JSONBody[DeviceBody],
        session: Session,
        asker: Signed,
        settings: NodeSettings,
        now: Now,
    ) -> DeviceShown:
        """Be told on one more device."""
        subscription = Subscription(data.endpoint, data.keys.p256dh, data.keys.auth)
        made = await add_device(
            session, asker, subscription, data.label, now, development=settings.development
        )
        return DeviceShown(made.id, made.label, made.made_at)

    @delete("/devices/{device_id:uuid}")
    async def remove_device(
        self, device_id: FromPath[UUID], session: Session, asker: Signed, now: Now
    ) -> None:
        """Be told no more on a device."""
        await remove_device(session, asker, device_id, now)


def _shown(device: Device) -> DeviceShown:
    return DeviceShown(device.id, device.label, device.made_at)


def _words(chosen: Preferences) -> WordsBody:
    return WordsBody(
        language=chosen.language,  # type: ignore[arg-type]  # one of the three, by the action
        zone=chosen.zone,
        reminders=chosen.reminders,
        reminder_at=shown(chosen.reminder_at),
    )


def _when(wish: Wish) -> WhenBody:
    return WhenBody(
        rhythm=wish.rhythm,  # type: ignore[arg-type]  # one of the four, by the table's constraint
        quiet_from=shown(wish.quiet_from),
        quiet_until=shown(wish.quiet_until),
        urgent_breaks_quiet=wish.urgent_breaks_quiet,
        digest_at=shown(wish.digest_at),
        digest_weekday=wish.digest_weekday,
    )
