"""A partner administrator makes a link, types four words, ticks and ends, on a phone and a desk."""

from api.parts import current_time
from database.session import door
from federation.partners.models import Partner
from federation.people.actions import grant_role
from federation.people.rules import OPERATOR
from tests.browser.site import Site
from tests.browser.test_pages_as_people_meet_them import signed_in
from tests.browser.visitor import Visitor


async def met(site: Site) -> str:
    """Let the site have met a node, whose words are still to be typed; gives its id."""
    node_id = site.slug.ljust(43, "-")
    now = current_time()
    async with door(site.engine) as session:
        session.add(
            Partner(
                node_id=node_id,
                name=f"Harbour {site.slug}",
                base_url="https://harbour.test",
                state="words-to-type",
                document="",
                document_version=1,
                keys={},
                words=["bado", "kuto", "meri", "sola"],
                we_grant=[],
                they_grant=[],
                met_at=now,
            )
        )
        administrator = site.people["reviewer"].asker.person_id
        await grant_role(
            session, OPERATOR, person_id=administrator, role="partner-administrator", now=now
        )
    return node_id


async def test_a_partner_is_met_ticked_and_ended(site: Site, visitor: Visitor) -> None:
    node_id = await met(site)
    name = f"Harbour {site.slug}"
    await signed_in(visitor, site, "reviewer")
    assert name in await visitor.see("/partners")
    await visitor.no_barriers()
    assert "This link is shown once" in await visitor.press("Make a link")
    await visitor.no_barriers()
    await visitor.follow("Back to the partners")
    assert "bado kuto meri sola" in await visitor.follow(name)
    await visitor.no_barriers()
    words = visitor.page.get_by_label("The words that you heard")
    await words.fill("bado kuto meri kuto")
    refused = await visitor.press("These are the words", status=422)
    assert "These are not the four words that your node worked out." in refused
    await visitor.follow("Back to where you were")
    await words.fill("bado kuto meri sola")
    assert "they act next" in await visitor.press("These are the words")
    await visitor.no_barriers()
    ticked = visitor.page.locator(".mark", has_text="ticked").first
    await visitor.follow_starting("What it would receive")
    await visitor.no_barriers()
    await visitor.press("Tick this")
    assert await ticked.inner_text() == "ticked"
    await visitor.no_barriers()
    await visitor.press("Take it back")
    assert await ticked.inner_text() == "not ticked"
    await visitor.unfold("End working with")
    await visitor.page.get_by_label("Type its name").fill(name)
    assert "To begin again, one of you makes a new link." in await visitor.press("End it")
    await visitor.no_barriers()
    assert node_id in visitor.page.url
