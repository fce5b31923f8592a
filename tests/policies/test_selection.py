"""What is asked at a command is chosen once; on no day does it differ from what is chosen anew."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from workflows.adapters.packs import shipped
from workflows.policies.facts import Fact, FactBook
from workflows.policies.findings import Running, Verdict
from workflows.policies.pack import Adopted
from workflows.policies.rules import Rules

PACKS = shipped()
KINDS = (None, "village", "university", "temporary")
COUNTY = """
id = "k"
title = "k"
issuer = "test"
level = "county"
source = "test"
issued_on = 2020-01-01
[[rules]]
id = "k-wait"
label = "wait"
kind = "not_before"
on = ["agree_development_target"]
refines = "dev-object-min"
anchor = "activist_since"
unit = "month"
severity = "block"
values = [{ from = 2020-01-01, value = 18 }, { from = 2025-01-01, value = 6 }]
clauses = [{ from = 2020-01-01, article = "第一条", confidence = "VT" }]
"""
ADOPTED = Adopted(COUNTY, date(2024, 3, 1), date(2026, 7, 1))


def turns(command: str) -> list[date]:
    """Return every day on which something begins or ends for a command, the one before and the one after."""
    found = {ADOPTED.start, ADOPTED.until or ADOPTED.start}
    for pack in PACKS:
        for rule in pack.own_rules:
            if command in rule.on:
                found |= {value.start for value in rule.values} | {clause.start for clause in rule.clauses}
    return sorted(day + timedelta(days=shift) for day in found for shift in (-1, 0, 1))


def book(kind: str | None, since: date | None = None) -> FactBook:
    facts = {"unit_kind": Fact(kind), "activist_since": Fact(since)}
    return FactBook({name: fact for name, fact in facts.items() if fact.value is not None})


@pytest.mark.parametrize(
    "command", ["agree_development_target", "vote_on_admission", "elect_committee", "hold_meeting"]
)
def test_what_was_chosen_on_another_day_is_what_is_chosen_on_this_one(command: str) -> None:
    asked_before = Rules(PACKS, adopted=(ADOPTED,))
    for kind in KINDS:
        about = book(kind, date(2024, 1, 10))
        for day in [*turns(command), *reversed(turns(command))]:
            fresh = Rules(PACKS, adopted=(ADOPTED,)).check(command, on=day, book=about)
            assert asked_before.check(command, on=day, book=about) == fresh, (day, kind)


def test_rules_judge_a_command_alike_where_no_layer_says_more_of_it() -> None:
    national, county = Rules(PACKS), Rules(PACKS, adopted=(ADOPTED,))
    assert national.judges_alike(county, "hold_meeting")
    assert not national.judges_alike(county, "agree_development_target")
    assert not national.judges_alike(Rules(PACKS), "list_development_target")


@pytest.mark.parametrize(
    ("running", "since", "refused"),
    [("adopt", date(2024, 2, 1), True), ("pin", date(2024, 2, 1), False), ("pin", date(2024, 3, 1), True)],
)
def test_one_case_is_left_be_and_the_next_is_bound(running: Running, since: date, refused: bool) -> None:
    rules = Rules(PACKS, adopted=(Adopted(COUNTY, date(2024, 3, 1), running=(("k-wait", running),)),))
    rules.check("agree_development_target", on=date(2024, 12, 1), book=book("village", date(2024, 3, 2)))
    found = rules.check("agree_development_target", on=date(2024, 12, 15), book=book("village", since))
    assert ("k-wait" in {f.rule for f in found if f.verdict is Verdict.BLOCK}) is refused
