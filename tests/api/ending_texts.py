"""How what is written about texts ends for good."""

from sqlalchemy import delete

from database.outbox import OutboxRow
from federation.audit.rules import NOTE_ENDED
from protocols.comments.actions import comment_on, erase_comment
from protocols.items.actions import draft_item
from protocols.lived_reviews.actions import attest_lived_review, erase_lived_reviewer
from protocols.recalls.actions import recall
from protocols.releases.actions import release
from tests.api.ending_place import LATER, Act, Place
from tests.protocols.example_texts import (
    Told,
    approved,
    project_with_people,
    protocol,
    released,
    signer,
)
from tests.rota.world import (
    NOW,
)


async def a_comment(place: Place) -> Act:
    item = await draft_item(place.session, place.coordinator, protocol(Told()), NOW)
    said = await comment_on(
        place.session, place.coordinator, item.id, said="Say it shorter.", now=NOW
    )
    return lambda: erase_comment(place.session, place.coordinator, said.id, LATER)


async def a_reviewer(place: Place) -> Act:
    item = await draft_item(place.session, place.coordinator, protocol(Told()), NOW)
    review = await attest_lived_review(
        place.session, place.coordinator, item.id, who="Ines", now=NOW
    )
    return lambda: erase_lived_reviewer(place.session, place.coordinator, review.id, LATER)


async def a_release(place: Place) -> Act:
    people = await project_with_people(place.session, "writers")
    item = await approved(place.session, people, protocol(Told()))
    return lambda: release(place.session, people.coordinator, item.id, sign=signer, now=LATER)


async def a_recall(place: Place) -> Act:
    people = await project_with_people(place.session, "writers")
    published = await released(place.session, people, protocol(Told()))
    # it is in the list already, and not what is asked about
    await place.session.execute(delete(OutboxRow).where(OutboxRow.kind == NOTE_ENDED))
    return lambda: recall(
        place.session,
        people.coordinator,
        urn=published.urn,
        number=published.number,
        reason="The law has changed.",
        holds_texts={"en": "Close the chat."},
        sign=signer,
        now=LATER,
    )
