"""Own words proposed and taken in, on a phone and without JavaScript."""

from api.parts import current_time
from database.ids import new_id
from database.session import door
from federation.access.actions import make_sign_in_link
from federation.people.rules import OPERATOR
from federation.pools.models import PoolMember
from tests.browser.site import Site
from tests.browser.test_pages_as_people_meet_them import signed_in
from tests.browser.visitor import Visitor
from tests.protocols.example_texts import Members, project_with_people
from tests.protocols.proposals.suggestions import WHY, grant, with_own_parts


async def text_of_another(site: Site) -> str:
    """Let a project of the pool own a text that the site's project has its own words for.

    Gives the way in for the owner's coordinator.
    """
    people = {name: site.people[name].asker for name in ("coordinator", "reviewer", "worker")}
    ours = Members(project=people["worker"].project_id, name="ours", **people)
    async with door(site.engine) as session:
        owner = await project_with_people(session, f"owner-{new_id()}")
        await grant(session, owner)
        session.add(
            PoolMember(
                pool_id=site.pool,
                project_id=owner.project,
                hours_offered_per_week=1,
                hours_before_per_week=1,
                joined_at=current_time(),
            )
        )
        await session.flush()
        await with_own_parts(session, owner, ours)
        person_id, now = owner.coordinator.person_id, current_time()
        secret = await make_sign_in_link(session, OPERATOR, person_id=person_id, hours=1, now=now)
    return f"/sign-in/{secret}"


async def test_own_words_are_proposed_and_taken_into_the_owners_draft(
    site: Site, visitor: Visitor
) -> None:
    way_in = await text_of_another(site)
    await signed_in(visitor, site, "reviewer")
    await visitor.see("/texts")
    await visitor.follow("What others propose to us, and what we propose")
    await visitor.no_barriers()
    await visitor.follow("Live chat conduct")
    await visitor.no_barriers()
    second = visitor.page.get_by_role("checkbox").nth(1)
    await second.uncheck()
    refused = await visitor.press("Propose it to", status=422)
    assert "Say in a sentence why this would be better for everybody." in refused
    assert not await visitor.page.get_by_role("checkbox").nth(1).is_checked()
    await visitor.no_barriers()
    await visitor.page.get_by_label("Why would this be better for everybody? Number 1").fill(WHY)
    sent = await visitor.press("Propose it to")
    assert "Not answered yet" in sent
    await visitor.no_barriers()

    await visitor.see(way_in)
    await visitor.press("Sign in")
    await visitor.see("/proposals")
    await visitor.no_barriers()
    shown = await visitor.follow_starting("Live chat conduct")
    assert WHY in shown
    await visitor.no_barriers()
    draft = await visitor.press("Take it into our draft")
    assert "and {{on_call}} is rung" in draft
    await visitor.see("/proposals")
    await visitor.follow_starting("Live chat conduct")
    await visitor.no_barriers()
