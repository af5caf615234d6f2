"""The addresses that mails lead to; without signing in they only confirm and stop."""

from uuid import UUID

from api.notices.keys import NoticeKeys
from api.settings import Settings
from federation.notices.addresses.rules import link_secret

CONFIRM_PATH = "/mail/confirm"
STOP_PATH = "/mail/stop"


def confirm_link(settings: Settings, keys: NoticeKeys, address_id: UUID) -> str:
    """Give the link that proves that somebody reads the mail of an address."""
    secret = link_secret(keys.links, "confirm", address_id)
    return f"{settings.notice_address}{CONFIRM_PATH}/{secret}"


def stop_link(settings: Settings, keys: NoticeKeys, address_id: UUID) -> str:
    """Give the link that ends mail to an address."""
    return f"{settings.notice_address}{STOP_PATH}/{link_secret(keys.links, 'stop', address_id)}"
