"""Texts that the owner of a journey writes; nobody else has any like them."""

from datetime import timedelta

from api.demo.stage import clock
from protocols.items.rules.drafts import Draft, DraftBlock


def protocol(title: str) -> Draft:
    return Draft(
        kind="protocol",
        protocol_kind="forum-rules",
        title=title,
        source_language="en",
        jurisdictions=["england-and-wales", "netherlands"],
        review_by=clock().date() + timedelta(weeks=30),
        blocks=[DraftBlock("Answer within two days."), DraftBlock("Nobody is named.")],
    )


def answer(question: str) -> Draft:
    return Draft(
        kind="answer",
        title=question,
        question=question,
        keywords=["refund"],
        use_limits=["reply-only"],
        source_language="en",
        jurisdictions=["england-and-wales", "netherlands"],
        review_by=clock().date() + timedelta(weeks=30),
        blocks=[DraftBlock("Ask the shop where you bought it.")],
        channels=["live-chat"],
        acknowledgement="none",
    )
