"""Layers in a case: only a rule that binds it displaces another, and only with a word of equal weight."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from workflows.policies.facts import Fact, FactBook
from workflows.policies.findings import Finding
from workflows.policies.matters import duties_about
from workflows.policies.pack import Pack, parse_pack
from workflows.policies.rules import Rules

HEAD = """
id = "{id}"
title = "{id}"
issuer = "test"
level = "{level}"
source = "test"
issued_on = 2020-01-01
"""
END = """
values = [{{ from = 2020-01-01, value = {value} }}]
clauses = [{{ from = 2020-01-01, article = "第一条", confidence = "VT" }}]
"""
TALK = """
[[rules]]
id = "{id}-talk"
label = "talk"
kind = "within"
on = ["hold_first_talk"]
anchor = "applied_on"
unit = "{unit}"
severity = "{severity}"
refines = "c-talk"
{more}
"""
QUORUM = """
[[rules]]
id = "{id}-quorum"
label = "quorum"
kind = "quorum"
on = ["hold_meeting"]
of = "attending"
base = "{base}"
strict = {strict}
severity = "{severity}"
refines = "c-quorum"
{more}
"""
MEET = """
[[rules]]
id = "{id}-meet"
label = "meet"
kind = "cadence"
on = ["unit"]
activity = "branch_assembly"
period = "{period}"
severity = "warn"
refines = "c-meet"
{more}
"""


def a_pack(level: str, rule: str, value: Any, **told: str) -> Pack:
    """Return a pack of one rule."""
    told = {"id": level[0], "more": "", "severity": "block", **told}
    text = HEAD.format(id=level, level=level) + rule.format(**told) + END.format(value=value)
    return parse_pack(text)


def said(packs: list[Pack], command: str, on: date, **facts: Any) -> dict[str, str]:
    """Return the verdict of each rule."""
    book = FactBook({name: Fact(value) for name, value in facts.items()})
    found: tuple[Finding, ...] = Rules(packs).check(command, on=on, book=book)
    return {f.rule: str(f.verdict) for f in found}


NATIONAL_TALK = a_pack("central", TALK, 1, unit="month")
FOR_VILLAGES = a_pack("unit", TALK, 15, unit="day", more='applies_to = { kinds = ["village"] }')
LATE: Mapping[str, Any] = {"applied_on": date(2026, 1, 10)}


def test_a_local_rule_for_villages_leaves_the_national_one_to_an_organ() -> None:
    packs = [NATIONAL_TALK, FOR_VILLAGES]
    organ = said(packs, "hold_first_talk", date(2026, 5, 10), unit_kind="organ", **LATE)
    assert organ == {"c-talk": "late"}
    village = said(packs, "hold_first_talk", date(2026, 2, 1), unit_kind="village", **LATE)
    assert village == {"u-talk": "late"}


def test_the_limit_of_an_organ_is_the_national_one() -> None:
    rules = Rules([NATIONAL_TALK, FOR_VILLAGES])
    for kind, due in (("organ", date(2026, 2, 10)), ("village", date(2026, 1, 25))):
        book = FactBook({"unit_kind": Fact(kind), "applied_on": Fact(date(2026, 1, 10))})
        limits = rules.deadlines(book, scope="person", until=date(2027, 1, 1))
        assert [limit.due_on for limit in limits] == [due]


@pytest.mark.parametrize(
    ("present", "verdicts"), [(1, ("block", "warn")), (2, ("ok", "warn")), (3, ("ok", "ok"))]
)
def test_a_tighter_local_warning_stands_beside_the_national_block(
    present: int, verdicts: tuple[str, str]
) -> None:
    packs = [
        a_pack("central", QUORUM, '"1/2"', base="eligible", strict="false"),
        a_pack("unit", QUORUM, '"2/3"', base="eligible", strict="false", severity="warn"),
    ]
    found = said(packs, "hold_meeting", date(2026, 3, 1), attending=present, eligible=4)
    assert (found["c-quorum"], found["u-quorum"]) == verdicts


def test_half_is_less_than_more_than_half() -> None:
    packs = [
        a_pack("central", QUORUM, '"1/2"', base="eligible", strict="true"),
        a_pack("unit", QUORUM, '"1/2"', base="eligible", strict="false"),
    ]
    found = said(packs, "hold_meeting", date(2026, 3, 1), attending=2, eligible=4)
    assert found == {"c-quorum": "block", "u-quorum": "conflict"}


def test_half_of_those_present_is_less_than_half_of_those_who_should_attend() -> None:
    packs = [
        a_pack("central", QUORUM, '"1/2"', base="eligible", strict="true"),
        a_pack("unit", QUORUM, '"1/2"', base="attending", strict="true"),
    ]
    found = said(packs, "hold_meeting", date(2026, 3, 1), attending=2, eligible=4)
    assert found == {"c-quorum": "block", "u-quorum": "conflict"}


def asked(packs: list[Pack], **facts: Any) -> list[tuple[str, str, int]]:
    """Return rule, period and number of each duty of a year."""
    book = FactBook({"books_from": Fact(date(2026, 1, 1)), **{k: Fact(v) for k, v in facts.items()}}, {})
    duties = Rules(packs).duties(book, lambda _: book, until=date(2026, 12, 31))
    return [(duty.rule, duty.period, duty.required) for duty in duties]


QUARTERLY = a_pack("central", MEET, 1, period="quarter")
QUARTERS = [("c-meet", f"2026-Q{n}", 1) for n in range(1, 5)]


def test_two_a_year_do_not_take_the_place_of_one_a_quarter() -> None:
    assert asked([QUARTERLY, a_pack("unit", MEET, 2, period="year")]) == QUARTERS


def test_one_a_month_takes_the_place_of_one_a_quarter() -> None:
    monthly = asked([QUARTERLY, a_pack("unit", MEET, 1, period="month")])
    assert [rule for rule, _, _ in monthly] == ["u-meet"] * 12


def test_six_a_year_stand_beside_one_a_quarter() -> None:
    assert asked([QUARTERLY, a_pack("unit", MEET, 6, period="year")]) == [*QUARTERS, ("u-meet", "2026", 6)]


def test_a_monthly_duty_of_branches_with_a_committee_leaves_the_quarter_to_the_others() -> None:
    local = a_pack("unit", MEET, 1, period="month", more="applies_to = { when = { has_committee = true } }")
    assert asked([QUARTERLY, local], has_committee=False) == QUARTERS
    assert {rule for rule, _, _ in asked([QUARTERLY, local], has_committee=True)} == {"u-meet"}


def test_no_conflict_is_shown_where_the_rules_do_not_bind() -> None:
    """A committee's quorum is no matter of an assembly."""
    packs = [
        a_pack(
            "central", QUORUM, '"1/2"', base="eligible", strict="false",
            more='applies_to = { when = { type = "committee_meeting" } }',
        ),
        a_pack(
            "unit", QUORUM, '"1/3"', base="eligible", strict="false",
            more='applies_to = { when = { type = "committee_meeting" } }',
        ),
    ]  # fmt: skip
    told = {"attending": 3, "eligible": 4}
    assert said(packs, "hold_meeting", date(2026, 3, 1), type="branch_assembly", **told) == {}
    committee = said(packs, "hold_meeting", date(2026, 3, 1), type="committee_meeting", **told)
    assert committee == {"c-quorum": "ok", "u-quorum": "conflict"}


def test_what_two_layers_ask_in_the_same_words_is_asked_once_by_the_higher() -> None:
    assert asked([QUARTERLY, a_pack("county", MEET, 1, period="quarter", id="k")]) == QUARTERS


def test_of_the_same_duty_the_weightier_word_is_the_one_that_holds() -> None:
    must = a_pack("county", MEET.replace('"warn"', '"block"'), 1, period="quarter", id="k")
    assert asked([QUARTERLY, must]) == [("k-meet", period, 1) for _, period, _ in QUARTERS]


def test_the_same_duty_of_three_layers_is_asked_once_and_so_is_that_of_two_packs_of_one_layer() -> None:
    county, unit = (a_pack(level, MEET, 1, period="quarter", id=level[:2]) for level in ("county", "unit"))
    another = a_pack("county", MEET, 1, period="quarter", id="x")
    assert asked([QUARTERLY, county, unit, another]) == QUARTERS


def test_without_refines_the_same_duty_is_asked_twice() -> None:
    apart = a_pack("county", MEET.replace('refines = "c-meet"\n', ""), 1, period="quarter", id="k")
    assert len(asked([QUARTERLY, apart])) == 2 * len(QUARTERS)


def test_hours_of_training_and_a_course_are_two_things() -> None:
    hours = a_pack("central", MEET, 32, period="year", more='sum = "hours"')
    course = a_pack("county", MEET, 1, period="year", id="k")
    assert [one[0] for one in asked([hours, course])] == ["c-meet", "k-meet"]


def test_the_duties_about_a_rule_are_those_of_the_layer_that_asks_in_its_place() -> None:
    book = FactBook({"books_from": Fact(date(2026, 1, 1))}, {})

    def found(packs: list[Pack], rule: str) -> list[tuple[str, str]]:
        told = duties_about(Rules(packs), rule, book, lambda _: book, until=date(2026, 12, 31))
        return [(duty.rule, duty.period) for duty in told]

    monthly = a_pack("unit", MEET, 1, period="month")
    assert {rule for rule, _ in found([QUARTERLY, monthly], "c-meet")} == {"u-meet"}
    same = a_pack("unit", MEET, 1, period="quarter")
    assert {rule for rule, _ in found([QUARTERLY, same], "u-meet")} == {"c-meet"}
    more = a_pack("unit", MEET, 6, period="year")
    assert {rule for rule, _ in found([QUARTERLY, more], "u-meet")} == {"u-meet"}, "it asks for itself"
