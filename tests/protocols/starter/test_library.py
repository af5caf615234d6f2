"""The starter library is what it says: complete, plain, harmless, and never live by itself."""

from collections import Counter
from datetime import date

import pytest

from federation.screen.rules import findings
from protocols.exchange.rules.chat_text import as_chat_text
from protocols.exchange.rules.texts import ExchangedText
from protocols.items.rules.drafts import reasons_against
from protocols.items.rules.placeholders import fields_in, fill
from protocols.readability.rules.measure import measure
from protocols.starter.library import starter_texts

TODAY = date(2027, 1, 5)
TEXTS = starter_texts(TODAY)
EACH = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
EASIEST = {"en": 70, "nl": 80}
HARDEST_LIX = 40
GSM_7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWO_SEGMENTS = 2 * 153


def wordings(text: ExchangedText) -> dict[str, list[str]]:
    said = {text.draft.source_language: [part.text for part in text.draft.blocks]}
    return said | {language: list(one.texts) for language, one in text.translations.items()}


def test_there_are_twelve_protocols_and_forty_answers_ten_of_them_in_three_languages() -> None:
    kinds = Counter(text.draft.kind for text in TEXTS.values())
    languages = Counter(tuple(sorted(text.translations)) for text in TEXTS.values())

    assert kinds == {"protocol": 12, "answer": 40}
    assert languages == {("nl", "ro"): 10, (): 42}
    assert {text.draft.source_language for text in TEXTS.values()} == {"en"}
    assert {text.draft.protocol_kind for text in TEXTS.values() if text.draft.protocol_kind} == {
        "conduct",
        "safeguarding",
        "introductory-messages",
        "promotional-messaging",
        "recording",
        "confidentiality",
        "data-protection",
        "ground-rules",
        "health-and-safety",
        "forum-rules",
        "cover-and-handover",
        "closing-a-session",
    }


@EACH
def test_each_is_a_draft_that_could_be_kept(text: ExchangedText) -> None:
    assert reasons_against(text.draft) == []
    declared = {gap.name for gap in text.draft.placeholders}
    for said in wordings(text).values():
        assert len(said) == len(text.draft.blocks)
        assert {name for part in said for name in fields_in(part)} == declared
    assert TODAY < text.draft.review_by <= date(2027, 7, 31)


@EACH
def test_nothing_in_it_could_identify_anybody(text: ExchangedText) -> None:
    for language, said in wordings(text).items():
        assert [findings(part, language) for part in said] == [[] for _ in said]


@EACH
def test_it_is_easy_to_read(text: ExchangedText) -> None:
    for language, said in wordings(text).items():
        read = measure("\n\n".join(said), language)
        if language in EASIEST:
            assert read.score >= EASIEST[language]
        else:
            assert (read.scale, read.score <= HARDEST_LIX) == ("LIX", True)


def test_what_safeguards_is_locked_and_looking_after_oneself_is_not() -> None:
    parts = TEXTS["safeguarding"].draft.blocks

    assert [part.locked for part in parts] == [True] * 5 + [False]


def test_the_introduction_by_sms_fits_two_segments() -> None:
    draft = TEXTS["introductory-messages"].draft
    [sms] = [part.text for part in draft.blocks if part.text.startswith("### By SMS")]
    said = fill(
        as_chat_text(sms.partition("\n\n")[2]),
        {gap.name: gap.example for gap in draft.placeholders},
    )

    assert set(said) <= GSM_7
    assert len(said) <= TWO_SEGMENTS


def test_an_answer_says_that_it_is_a_reply_and_only_some_may_be_posted() -> None:
    answers = [text.draft for text in TEXTS.values() if text.draft.kind == "answer"]

    assert all("reply-only" in draft.use_limits for draft in answers)
    assert not any("with-recorded-consent" in draft.use_limits for draft in answers)
