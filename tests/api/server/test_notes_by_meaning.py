"""Wherever somebody writes of somebody, what the words mean is read as well."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from federation.screen.rules import findings
from protocols.marks.rules import reasons_against
from protocols.proposals.decisions.rules import require_sentence
from protocols.proposals.errors import SentenceRefused
from rota.handover.rules import wrong_note
from rota.records.rules.drafts import Allowed, Draft, wrong_record
from tests.api.server.test_screen_command import screened

NOTE = "Alles kwijt bij de brand. Wat Bożena nog had zat in één plastic tas. Morgen naar het loket."


def test_no_rule_knows_who_it_is() -> None:
    assert findings(NOTE) == findings(NOTE, "nl") == []


def test_a_handover_note_does_not_name_her() -> None:
    assert [one.code for one in wrong_note(NOTE)] == ["personal-data-name"]


def test_a_note_and_a_mark_do_not_say_where_she_lives() -> None:
    home = "She lives at 14 Grey Street, so no letters please."
    assert [one.code for one in wrong_note(home)] == ["personal-data-address"]
    [reason] = reasons_against("wrong", home)
    assert reason.text == "This holds somebody's address. Say it without that."
    assert wrong_note("Our desk is at 27 Westgate Road from Monday.") == ()


def test_a_mark_does_not_name_her() -> None:
    assert [one.code for one in reasons_against("wrong", NOTE)] == ["mark-personal"]


def test_a_sentence_on_a_proposal_does_not_name_her() -> None:
    with pytest.raises(SentenceRefused) as refused:
        require_sentence(NOTE)
    assert [one.code for one in refused.value.reasons] == ["sentence-personal"]


def test_a_record_does_not_name_her() -> None:
    at = datetime(2027, 1, 5, tzinfo=UTC)
    reasons = wrong_record(Draft(note=NOTE), Allowed(at, at, topics=(), keeps_notes=True))
    assert [one.code for one in reasons] == ["personal-data-name"]


def test_the_command_finds_her_where_she_stands(tmp_path: Path) -> None:
    done = screened(NOTE.encode(), folder=tmp_path)
    start = NOTE.index("Bożena")
    assert json.loads(done.stdout) == {
        "line": 1,
        "findings": [{"kind": "name", "start": start, "end": start + len("Bożena")}],
    }
