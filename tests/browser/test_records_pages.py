"""What a coordinator counts, keeps, imports and reports, in a real browser without JavaScript."""

from datetime import date, timedelta

from sqlalchemy import select

from api.parts import current_time
from database.session import door
from federation.pools.models import Channel
from federation.projects.models import Project
from rota.record_keeping.models import RecordDeletion
from tests.api.counted import count_a_tuesday, this_monday
from tests.browser.site import Site
from tests.browser.test_pages_as_people_meet_them import signed_in
from tests.browser.visitor import Visitor
from tests.canaries import found_in
from tests.rota.world import ExamplePool

LAST_MONTH = current_time().date().replace(day=1) - timedelta(days=1)
OLD = f"""Datum;Sessie;Naam;Taal;Onderwerp
{LAST_MONTH};19:00-21:00;Zuleika;Nederlands;Huisvesting
{LAST_MONTH};19:00-21:00;Wilhelmina;ro;Zaken
{LAST_MONTH};19:00-21:00;;Nederlands;07700 900123
"""


async def count(site: Site) -> str:
    """Let a session be counted, and earlier ones have been deleted; gives the project's slug."""
    coordinator = site.people["coordinator"].asker
    async with door(site.engine) as session:
        channel = await session.scalar(
            select(Channel.id).where(Channel.pool_id == site.pool, Channel.slug == "live-chat")
        )
        assert channel
        session.add(
            RecordDeletion(
                project_id=coordinator.project_id,
                at=current_time(),
                last_day=date(2026, 1, 5),
                records=3,
                contacts=41,
            )
        )
        owner = await session.get_one(Project, coordinator.project_id)
    pool = ExamplePool(site.pool, site.slug, channel, coordinator)
    await count_a_tuesday(site.engine, pool, site.people["worker"].asker)
    return owner.slug


async def test_a_coordinator_reads_what_was_recorded_and_says_what_is(
    site: Site, visitor: Visitor
) -> None:
    slug = await count(site)
    await signed_in(visitor, site, "coordinator")
    await visitor.see(f"/coverage/{site.slug}?week={site.week}")
    shown = await visitor.follow("Records of single sessions, and how long they are kept")
    assert "Quiet, 3 contacts." in shown
    await visitor.unfold("Contacts")
    assert "Romanian: turned away" in await visitor.look()
    await visitor.no_barriers()
    await visitor.page.get_by_label("From").fill(str(this_monday()))
    assert "No session of these days has a record." in await visitor.press("Show")
    await visitor.no_barriers()
    assert "5 January 2026" in await visitor.follow("What we record, and for how long")
    await visitor.no_barriers()
    await visitor.page.get_by_label("Towns and areas").fill("Jarrow\n07700 900123")
    refused = await visitor.press("Set this", status=422)
    assert "Area 2 looks like a telephone number, not like a town." in refused
    assert found_in(refused, "900123", "7700900123") == []
    await visitor.no_barriers()
    await visitor.follow("Back to where you were")
    await visitor.page.get_by_label("For how many days").fill("90")
    await visitor.page.get_by_label("Gender, from a list").check()
    await visitor.press("Set this")
    assert await visitor.page.get_by_label("For how many days").input_value() == "90"
    await visitor.unfold("Erase everything that we have counted")
    await visitor.no_barriers()
    await visitor.page.get_by_label("Your project's short name").fill(slug)
    await visitor.press("Erase all of it")
    assert "No session of these days has a record." in await visitor.see("/records")


async def test_a_coordinator_imports_an_old_table_and_prints_a_report(
    site: Site, visitor: Visitor
) -> None:
    await count(site)
    await signed_in(visitor, site, "coordinator")
    await visitor.see("/records")
    assert "Nothing yet." in await visitor.follow("Import an old spreadsheet")
    await visitor.no_barriers()
    await visitor.page.get_by_label("Table").set_input_files(
        {"name": "old.csv", "mimeType": "text/csv", "buffer": OLD.encode()}
    )
    told = await visitor.press("Show what it would do")
    assert "Nothing has been kept yet. 2 rows: is left out. 1 row:" in told
    await visitor.no_barriers()
    await visitor.page.get_by_label("Where a row names no channel").select_option("Live chat")
    await visitor.page.get_by_label("Zaken").select_option("tax")
    again = await visitor.press("Look again")
    assert "2 contacts would count in your report, 2 of them also in your demand." in again
    assert found_in(again, "Zuleika", "900123", "7700900123") == []
    assert "Zuleika" not in await visitor.page.content()
    await visitor.no_barriers()
    taken = await visitor.press("Take it in")
    while "Show how far it is" in taken:
        taken = await visitor.follow("Show how far it is")
    assert "2 contacts count in your report now." in taken
    await visitor.no_barriers()
    month = f"{LAST_MONTH:%Y-%m}"
    await visitor.see(f"/coverage/{site.slug}?week={site.week}")
    await visitor.follow("Report: what came of it")
    await visitor.page.get_by_label("From the month").fill(month)
    report = await visitor.press("Show")
    assert "Of these, imported" in report
    await visitor.no_barriers()
    # axe tells nobody of two places with one name
    repeated = "all => all.map(one => one.id).filter((id, at, ids) => ids.indexOf(id) < at)"
    assert await visitor.page.locator("[id]").evaluate_all(repeated) == []
    await visitor.see(f"/records/import/{site.slug}")
    await visitor.press("Take back")
    assert "Nothing yet." in await visitor.see(f"/records/import/{site.slug}")
