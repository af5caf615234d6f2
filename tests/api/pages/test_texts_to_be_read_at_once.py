"""A text that has to be read at once is released so on its page."""

from uuid import UUID

import msgspec
from sqlalchemy import select

from database.session import door
from protocols.items.models import Item
from protocols.releases.models import Release
from protocols.releases.rules import read_manifest
from tests.api.conftest import Node, Somebody
from tests.api.pages.test_text_pages import at_desk, begun, form_on, people, value

__all__ = ["people"]


async def test_what_has_to_be_read_at_once_is_released_so(
    node: Node, people: dict[str, Somebody]
) -> None:
    box = "To be read at once, since there is danger"
    async with (
        at_desk(node, people["reviewer"]) as author,
        at_desk(node, people["coordinator"]) as other,
    ):
        path = await begun(author)
        await author.go(f"{path}/review")
        assert box in await other.go(f"{path}/approve", version="1")
        await other.go(f"{path}/release", at_once="yes")
        form = form_on(await author.see(f"{path}/edit"))
        form |= {"text-0": "Two of you are always online.", "acknowledgement": "none"}
        await author.go(f"{path}/edit", **form | {"do": "save"})
        await author.go(f"{path}/review")
        shown = await other.see(path)
        assert box not in await other.go(f"{path}/approve", version=value(shown, "version"))
        await other.go(f"{path}/release")
    async with door(node.engine) as session:
        item = await session.get_one(Item, UUID(path.rpartition("/")[2]))
        out = await session.scalars(
            select(Release).where(Release.urn == item.urn).order_by(Release.sequence)
        )
        days = [read_manifest(one.manifest).reading_days for one in out]
    assert days == [0, msgspec.UNSET]
