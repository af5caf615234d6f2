"""What devices were told outlives processes and databases: check 9 for calendars."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy.engine import make_url

from api.settings import Settings
from tests.api.conftest import ADDRESS, node_on
from tests.api.evening import an_evening
from tests.api.feeds.subscriber import NOTHING, Subscriber
from tests.conftest import own_name
from tests.postgres import copy_of


async def test_9_uids_stay_over_an_edit_a_restart_and_a_restore(
    server_url: str, template: str, database_url: str, tmp_path: Path
) -> None:
    settings = Settings(database_url=database_url, base_url=ADDRESS, keys=tmp_path / "keys")
    async with node_on(settings) as node:
        evening = await an_evening(node)
        made = await node.web.post(
            "/api/v1/calendars", json={"label": "Phone"}, headers=evening.worker.bearer
        )
        await node.web.post(
            f"/api/v1/seats/{evening.shift.lead}/claims", headers=evening.worker.bearer
        )
        phone = Subscriber(node.web, made.json()["url"])
        assert len((await phone.look()).added) == 1
        address = f"/api/v1/calendars/{made.json()['id']}"
        worded = await node.web.patch(
            address, json={"title": "Class"}, headers=evening.worker.bearer
        )
        assert worded.status_code == 200
        assert len((await phone.look()).moved) == 1
    # processes keep what they have written; a new one begins with nothing
    async with node_on(settings) as restarted:
        again = replace(phone, web=restarted.web)
        assert await again.look() == NOTHING
        assert (await replace(phone, web=restarted.web, tag="").look()) == NOTHING
    restored = own_name(template)
    async with copy_of(server_url, str(make_url(database_url).database), restored) as url:
        kept = Settings(database_url=url, base_url=ADDRESS, keys=tmp_path / "keys")
        async with node_on(kept) as other:
            elsewhere = replace(phone, web=other.web, tag="")
            assert await elsewhere.look() == NOTHING
            assert elsewhere.events == phone.events
