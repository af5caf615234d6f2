"""Whatever people and partners do, in whatever order: what is live was decided, or is safer."""

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from benchmarks.repeatable import Repeatable
from federation.errors import Refusal
from protocols.adapting.actions import (
    drop_change,
    give_values,
    remove_part,
    take_version,
    write_part,
)
from protocols.adapting.approval.actions import approve_change, ask_approval, send_back
from protocols.adapting.queries import comparison, live_version
from protocols.adoption.queries import text_of_project
from protocols.adoption.rules import InForce, hash_of_what_holds
from protocols.items.rules.drafts import DraftPlaceholder
from protocols.overlays.queries import open_overlay
from protocols.overlays.rules.three_way import Decision
from protocols.overlays.rules.writing import Told as Part
from protocols.releases.models import Release
from protocols.releases.rules import read_manifest
from tests.protocols.example_texts import (
    NOW,
    REVIEW,
    Told,
    World,
    protocol,
    released,
    revised,
    take_up,
    withdraw,
)
from tests.protocols.overlays.manifests import block

PHONE = DraftPlaceholder("on_call", "07700 900000", type="phone")
WORDS = ("Two of you.", "Ring {{on_call}}.", "Close.", "Ring 0113.", "Three of you.")
STEPS = (
    "release",
    "release",
    "withdraw",
    "write",
    "write",
    "write",
    "remove",
    "values",
    "update",
    "update",
    "ask",
    "ask",
    "send-back",
    "drop",
    "approve",
    "approve",
    "adopt",
)
DECISIONS = {"approve", "adopt"}
FEW = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


class Play:
    """South works on North's text, and North goes on writing; every choice is drawn."""

    def __init__(
        self, session: AsyncSession, projects: World, first: Release, random: Random
    ) -> None:
        self.session, self.north, self.south = session, projects.north, projects.south
        self.known, self.random, self.urn = [first], random, first.urn

    async def step(self, name: str) -> None:
        """Take a step, or be refused: then nothing of it stays."""
        try:
            async with self.session.begin_nested():
                await getattr(self, name.replace("-", "_"))()
        except Refusal:
            self.session.expire_all()

    async def release(self) -> None:
        parts = tuple(self.random.choices(WORDS, k=self.random.randint(1, 4)))
        told = Told(parts=parts, placeholders=[PHONE])
        before = self.known[-1]
        ids = len(read_manifest(before.manifest).blocks)
        more = Told(parts=parts[:ids], placeholders=told.placeholders) if ids < len(parts) else told
        self.known.append(await revised(self.session, self.north, before, more))

    async def withdraw(self) -> None:
        await withdraw(
            self.session,
            self.north,
            self.random.choice(self.known),
            holds_texts={"en": "Close the chat."},
        )

    async def write(self) -> None:
        [_, release, _] = await comparison(self.session, self.south.reviewer, self.urn, None)
        places = [part.id for part in read_manifest(release.manifest).blocks]
        action: Any = self.random.choice(("replace", "add", "hide"))
        where = self.random.choice(places)
        part = Part(
            action=action,
            block=block(f"own {self.random.randint(0, 2)}") if action == "add" else where,
            after=where if action == "add" else None,
            texts={"en": self.random.choice(WORDS)},
            reason="Ours differs.",
            review_by=REVIEW,
        )
        await write_part(self.session, self.south.reviewer, self.urn, part, NOW)

    async def remove(self) -> None:
        where = block(f"own {self.random.randint(0, 2)}")
        await remove_part(self.session, self.south.reviewer, self.urn, where, NOW)

    async def values(self) -> None:
        value = self.random.choice(("", "0113", "0207"))
        given = {"on_call": value}
        await give_values(self.session, self.south.reviewer, self.urn, given, NOW)

    async def update(self) -> None:
        number = self.random.choice(self.known).number
        _, _, steps = await comparison(self.session, self.south.reviewer, self.urn, number)
        decisions = {
            step.block: Decision(self.random.choice(step.choices), {"en": "Both."})
            for step in steps
            if step.choices and self.random.random() < 0.9
        }
        await take_version(
            self.session, self.south.reviewer, self.urn, number=number, decisions=decisions, now=NOW
        )

    async def ask(self) -> None:
        await ask_approval(self.session, self.south.reviewer, self.urn, NOW)

    async def send_back(self) -> None:
        await send_back(self.session, self.south.coordinator, self.urn, sentence="No.", now=NOW)

    async def drop(self) -> None:
        await drop_change(self.session, self.south.reviewer, self.urn, NOW)

    async def approve(self) -> None:
        overlay = await open_overlay(self.session, self.south.project, self.urn)
        seen = (overlay.asked_hash if overlay else None) or b""
        adoption = await approve_change(
            self.session, self.south.coordinator, self.urn, seen=seen, now=NOW
        )
        version = await live_version(self.session, adoption)
        assert (adoption.effective_hash, version.asked_hash()) == (version.hash(), seen)

    async def adopt(self) -> None:
        await take_up(self.session, self.south, self.random.choice(self.known))

    async def live(self) -> InForce:
        text = await text_of_project(self.session, self.south.project, self.urn)
        assert text is not None
        return text


def nothing_is_lost(text: InForce) -> None:
    """Every block of what holds is there, in its words or in ours, unless we have hidden it."""
    if text.manifest is None or text.upstream is None:
        return
    shown = text.manifest.source.texts
    ours = {str(part.block): part for part in text.own}
    for one, words in text.upstream.source.texts.items():
        if one in ours:
            assert (one in shown) == (ours[one].action != "hide")
        elif not text.withdrawn_parts:
            assert shown[one] == words
    for one, part in ours.items():
        if part.action != "hide":
            assert shown[one] == part.texts["en"]


@FEW
@given(
    steps=st.lists(st.sampled_from(STEPS), min_size=10, max_size=40),
    random=st.randoms(use_true_random=False),
)
async def test_live_text_changes_by_a_decision_or_a_recall_and_by_nothing_else(
    session: AsyncSession, projects: World, steps: list[str], random: Random
) -> None:
    async with session.begin_nested() as example:
        told = Told(parts=WORDS[:3], placeholders=[PHONE])
        first = await released(session, projects.north, protocol(told))
        await take_up(session, projects.south, first, values={"on_call": "0113"})
        play = Play(session, projects, first, random)
        for name in steps:
            before = hash_of_what_holds(await play.live())
            await play.step(name)
            text = await play.live()
            if hash_of_what_holds(text) != before:
                assert name in DECISIONS or (name == "withdraw" and text.is_recalled), name
            nothing_is_lost(text)
        await example.rollback()
    session.expunge_all()


@pytest.mark.parametrize("name", sorted({*STEPS} - DECISIONS - {"withdraw"}))
async def test_each_step_is_really_taken(session: AsyncSession, projects: World, name: str) -> None:
    """A property that is only ever refused would hold for nothing."""
    told = Told(parts=WORDS[:3], placeholders=[PHONE])
    first = await released(session, projects.north, protocol(told))
    await take_up(session, projects.south, first, values={"on_call": "0113"})
    play = Play(session, projects, first, Repeatable(4))
    needed = {"ask": ["write"], "send-back": ["write", "ask"], "drop": ["write"]}
    needed |= {"remove": ["write"] * 12, "update": ["release"]}
    for one in needed.get(name, []):
        await play.step(one)
    await getattr(play, name.replace("-", "_"))()
