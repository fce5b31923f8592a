"""Stacking: the tighter value holds, a looser one never does, the order of packs is nothing."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from workflows.kernel.calendar import add
from workflows.policies.facts import Fact, FactBook
from workflows.policies.findings import Finding, Verdict
from workflows.policies.pack import LEVELS, Pack, parse_pack
from workflows.policies.rules import Rules

SINCE, ON = date(2020, 1, 31), date(2030, 6, 15)
PACK = """
id = "{level}-pack"
title = "{level}"
issuer = "test"
level = "{level}"
source = "test"
issued_on = 2010-01-01
[[rules]]
id = "{level}"
label = "wait"
kind = "{kind}"
on = ["agree_development_target"]
anchor = "activist_since"
unit = "{unit}"
severity = "block"
refines = "wait"
values = [{{ from = 2010-01-01, value = {value} }}]
clauses = [{{ from = 2010-01-01, article = "第一条", confidence = "VT" }}]
"""
kinds = st.sampled_from(["not_before", "within"])
units = st.sampled_from(["day", "month", "year"])
values = st.dictionaries(st.sampled_from(LEVELS), st.integers(1, 24), min_size=1)


@cache
def pack(level: str, kind: str, unit: str, value: int) -> Pack:
    return parse_pack(PACK.format(level=level, kind=kind, unit=unit, value=value))


def check(packs: list[Pack], on: date = ON) -> tuple[Finding, ...]:
    book = FactBook({"activist_since": Fact(SINCE)})
    return Rules(packs).check("agree_development_target", on=on, book=book)


def limit(finding: Finding) -> date | None:
    return finding.earliest_on or finding.latest_on


@given(kinds, units, values, st.randoms(use_true_random=False))
def test_the_tightest_value_holds_and_every_looser_one_below_it_is_a_conflict(
    kind: str, unit: str, asked: dict[str, int], chance: Any
) -> None:
    packs = [pack(level, kind, unit, value) for level, value in asked.items()]
    chance.shuffle(packs)
    found = check(packs)
    tightest = max(asked.values()) if kind == "not_before" else min(asked.values())
    held = [f for f in found if f.verdict not in (Verdict.CONFLICT, Verdict.CONVENTION)]
    assert {limit(finding) for finding in held} == {add(SINCE, tightest, unit)}
    assert {finding.rule for finding in held} == {lv for lv, v in asked.items() if v == tightest}
    highest = min(LEVELS.index(level) for level, value in asked.items() if value == tightest)
    looser = {lv for lv, v in asked.items() if v != tightest and LEVELS.index(lv) > highest}
    assert {finding.rule for finding in found if finding.verdict is Verdict.CONFLICT} == looser


@given(kinds, units, values, st.randoms(use_true_random=False))
def test_the_order_in_which_packs_are_stacked_changes_nothing(
    kind: str, unit: str, asked: dict[str, int], chance: Any
) -> None:
    packs = [pack(level, kind, unit, value) for level, value in asked.items()]
    told = check(packs)
    chance.shuffle(packs)
    assert sorted(map(repr, check(packs))) == sorted(map(repr, told))


@given(units, st.integers(0, 60), st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(0, 800))
def test_a_later_act_never_has_an_earlier_limit(unit: str, count: int, day: date, later: int) -> None:
    assert add(day, count, unit) <= add(add(day, later, "day"), count, unit)
