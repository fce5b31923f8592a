"""核对: what the rules say of an act stands beside its word, which is not said twice."""

from __future__ import annotations

from datetime import date

from workflows.application.recording import Outcome
from workflows.domain.rectification.commands import AcceptCorrection
from workflows.entrypoints.web.forms.checking import checked
from workflows.policies.findings import Finding, Verdict


def test_a_note_is_called_so_once() -> None:
    note = Finding(
        rule="accept-still-broken",
        verdict=Verdict.NOTE,
        kind="case",
        label="党员大会",
        facts={"broken": ["2026-Q2"]},
    )
    outcome = Outcome(verdict=Verdict.OK, findings=(note,), events=())
    told = checked(outcome, AcceptCorrection(on=date(2026, 7, 21)), (), lambda _: None, "", 0)
    (said,) = [*told.told, *told.fitting]
    assert said.word == "提示"
    assert said.text.startswith("关联的规定还没有做到：党员大会")
