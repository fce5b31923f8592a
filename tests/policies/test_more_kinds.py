"""What is forbidden, told days and spans, sums of a year, exact bands, and numbers that nobody told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.policies.test_kinds import check, rule
from workflows.adapters.packs import shipped
from workflows.domain.unit.verdicts import verdict_on
from workflows.kernel.calendar import Calendar
from workflows.kernel.ids import derived
from workflows.policies.facts import Done, Fact, FactBook
from workflows.policies.findings import Finding, Source, Verdict
from workflows.policies.kinds.conditions import Forbids
from workflows.policies.kinds.counts import Bands, Count
from workflows.policies.kinds.duties import Cadence
from workflows.policies.kinds.limits import Within
from workflows.policies.pack import Pack, parse_pack
from workflows.policies.rule import Act
from workflows.policies.rules import Rules, national

D = date
NATIONAL = Rules(national(shipped()))


def asked(command: str, on: date, **facts: Any) -> list[tuple[str, Verdict]]:
    book = FactBook({name: Fact(value) for name, value in facts.items()}, complete=False)
    return [(f.rule, f.verdict) for f in NATIONAL.check(command, on=on, book=book)]


def source(name: str, on: date) -> Source:
    return Source(derived(name, on), name, on, on)


def test_what_is_forbidden_is_broken_by_those_it_names_and_silent_for_all_others() -> None:
    said = ("branch-temp", Verdict.WARN)
    assert said in asked("elect_committee", D(2026, 1, 5), unit_kind="temporary")
    assert said not in asked("elect_committee", D(2026, 1, 5), unit_kind="village")
    assert said not in asked("elect_committee", D(2026, 1, 5))
    assert said not in asked("hold_meeting", D(2026, 1, 5), unit_kind="temporary")


def test_a_general_branch_and_a_temporary_organization_do_not_approve_and_nobody_is_silent() -> None:
    said = ("dev-approve-who", Verdict.BLOCK)
    assert said in asked("approve_admission", D(2026, 1, 5), approver_level="general_branch")
    assert said in asked("approve_admission", D(2026, 1, 5), approver_kind="temporary")
    assert said not in asked("approve_admission", D(2026, 1, 5), approver_level="committee")
    assert said not in asked("approve_admission", D(2026, 1, 5))


def test_a_rule_for_a_level_of_unit_forbids_nothing_where_the_level_is_unknown() -> None:
    made = rule(Forbids, "f", True, applies_to={"levels": ["branch"]})
    assert check(made, D(2026, 1, 5)) == []
    (found,) = check(made, D(2026, 1, 5), unit_level="branch")
    assert (found.verdict, found.facts) == (Verdict.BLOCK, {"unit_level": "branch"})


@pytest.mark.parametrize(
    ("until", "verdict"), [(D(2028, 3, 10), Verdict.OK), (D(2028, 3, 11), Verdict.BLOCK)]
)
def test_a_told_end_lies_at_most_so_long_after_the_act(until: date, verdict: Verdict) -> None:
    assert ("lcx-max", verdict) in asked(
        "bar_rights", D(2026, 3, 10), until=until, bar_ground="party_probation"
    )


def test_a_told_end_that_is_not_told_is_not_compared() -> None:
    assert "lcx-max" not in dict(asked("bar_rights", D(2026, 3, 10)))


def correction(ordered: date, months: int | None, closed: date | None = None) -> FactBook:
    facts = {"correction_ordered_on": Fact(ordered, source("ordered", ordered))}
    if months is not None:
        facts["correction_months"] = Fact(months, source("ordered", ordered))
    if closed is not None:
        facts["correction_closed_on"] = Fact(closed, source("closed", closed))
    return FactBook(facts)


def ends(book: FactBook) -> list[tuple[date, date | None]]:
    found = NATIONAL.deadlines(book, scope="person", until=D(2030, 1, 1))
    return [(limit.due_on, limit.met_on) for limit in found if limit.rule == "disp-fix-limit"]


def test_an_order_to_correct_ends_after_its_own_months_and_is_met_by_its_conclusion() -> None:
    assert ends(correction(D(2026, 1, 31), 6)) == [(D(2026, 7, 31), None)]
    assert ends(correction(D(2026, 1, 31), 1)) == [(D(2026, 2, 28), None)]
    assert ends(correction(D(2026, 1, 31), 6, D(2026, 7, 1))) == [(D(2026, 7, 31), D(2026, 7, 1))]


def test_the_conclusion_of_an_earlier_order_does_not_meet_the_limit_of_a_later_one() -> None:
    assert ends(correction(D(2026, 1, 31), 6, D(2025, 7, 1))) == [(D(2026, 7, 31), None)]


def test_an_order_whose_months_are_unknown_has_no_end() -> None:
    assert ends(correction(D(2026, 1, 31), None)) == []


def test_a_limit_that_is_asked_at_no_act_says_what_it_is_about() -> None:
    with pytest.raises(ValueError, match="subject"):
        rule(Within, "w", 1, anchor="a", unit="month", on=[])


def hours(*days: tuple[date, int | None]) -> FactBook:
    acts = [
        Done(day, source("trained", day), base={} if number is None else {"hours": number})
        for day, number in days
    ]
    return FactBook({"books_from": Fact(D(2020, 1, 1))}, {"record_training": acts})


TRAINED = {"activity": "record_training", "period": "year", "sum": "hours", "counted_by": "person"}


def training(**more: Any) -> Pack:
    made = """
id = "t"
title = "t"
issuer = "test"
level = "county"
source = "test"
issued_on = 2020-01-01
[[rules]]
id = "hours"
label = "hours"
kind = "cadence"
on = ["unit"]
severity = "warn"
values = [{ from = 2020-01-01, value = 32 }]
clauses = [{ from = 2020-01-01, article = "第一条", confidence = "VT" }]
"""
    return parse_pack(made + "\n".join(f'{key} = "{value}"' for key, value in {**TRAINED, **more}.items()))


def test_hours_of_a_year_are_added_up_and_reached_with_the_act_that_fills_them() -> None:
    made = rule(Cadence, "c", 32, **TRAINED)
    days = [(D(2025, 3, 1), 16), (D(2025, 6, 1), 15), (D(2025, 9, 1), 1), (D(2026, 3, 1), 31)]
    book = hours(*days)
    first, second = made.duties(made.asked(None, D(2025, 1, 1), D(2026, 12, 31)), book, lambda day: book)
    reached = first.done_by()
    assert reached is not None
    assert (first.sum, reached.on) == ("hours", D(2025, 9, 1))
    assert second.done_by() is None
    assert verdict_on(first, D(2027, 1, 1))[0] == "met"
    assert verdict_on(second, D(2027, 1, 1))[0] == "missing"


def test_a_training_of_unknown_length_leaves_a_sum_that_is_short_to_a_person() -> None:
    made = rule(Cadence, "c", 32, **TRAINED)
    book = hours((D(2025, 3, 1), 16), (D(2025, 6, 1), None))
    (duty,) = made.duties(made.asked(None, D(2025, 1, 1), D(2025, 12, 31)), book, lambda day: book)
    assert verdict_on(duty, D(2026, 1, 1))[0] == "refer"


def test_what_is_asked_of_each_person_is_no_duty_of_the_unit() -> None:
    rules, book = Rules([training()]), hours((D(2025, 3, 1), 32))
    asked_of = {
        scope: [
            duty.period for duty in rules.duties(book, lambda day: book, until=D(2021, 6, 1), scope=scope)
        ]
        for scope in ("unit", "person")
    }
    assert asked_of == {"unit": [], "person": ["2020", "2021"]}


def test_a_duty_of_a_person_begins_with_the_first_whole_period_after_its_day() -> None:
    rules, book = Rules([training(since="member_from")]), hours()
    assert rules.duties(book, lambda day: book, until=D(2023, 6, 1), scope="person") == []
    since = book.extended({"member_from": Fact(D(2021, 5, 4))})
    told = rules.duties(since, lambda day: since, until=D(2023, 6, 1), scope="person")
    assert [duty.period for duty in told] == ["2022", "2023"]


@pytest.mark.parametrize("lifted", [False, True])
def test_what_lifts_a_rule_lifts_its_duties_too(lifted: bool) -> None:
    made = rule(Cadence, "c", 1, activity="meeting", period="year", unless="lifted")
    book = FactBook({"books_from": Fact(D(2026, 1, 1)), "lifted": Fact(lifted)})
    told = made.duties(made.asked(None, D(2026, 1, 1), D(2026, 12, 31)), book, lambda day: book)
    assert len(told) == (not lifted)


def test_a_limit_of_a_conversion_put_off_is_no_longer_shown() -> None:
    facts = {"probation_until": Fact(D(2026, 3, 20)), "approved_on": Fact(D(2025, 4, 1))}
    shown = {limit.rule for limit in NATIONAL.deadlines(FactBook(facts), scope="person", until=D(2027, 1, 1))}
    put_off = FactBook({**facts, "deferred_from": Fact(D(2026, 3, 20))})
    left = {limit.rule for limit in NATIONAL.deadlines(put_off, scope="person", until=D(2027, 1, 1))}
    assert "dev-convert-assembly" in shown - left


def any_of(complete: bool, **facts: int) -> list[Finding]:
    made = rule(Count, "c", {"course_days": 3, "course_hours": 24}, any_of=["course_days", "course_hours"])
    book = FactBook({name: Fact(value) for name, value in facts.items()}, complete=complete)
    return made.check(Act("act", D(2026, 1, 1), book, Calendar()), made.values[0])


def test_a_number_that_was_not_told_is_shown_as_unknown_never_as_nothing() -> None:
    (found,) = any_of(True, course_days=2)
    assert found.verdict is Verdict.BLOCK
    assert [(line.left, line.unit) for line in found.calc] == [("2", "course_days"), ("?", "course_hours")]
    (found,) = any_of(True, course_hours=24)
    assert found.verdict is Verdict.OK


def test_in_an_old_workbook_a_number_that_was_not_told_may_suffice() -> None:
    assert any_of(False, course_days=2) == []
    assert any_of(False, course_days=2, course_hours=23)[0].verdict is Verdict.BLOCK


@pytest.mark.parametrize(
    ("bands", "step", "flaws"),
    [
        ([{"from": 85, "to": 94}, {"from": 95, "to": 100}], None, [("gap", 94, 95)]),
        ([{"from": 85, "to": 94}, {"from": 95, "to": 100}], 0.5, [("gap", 94, 95)]),
        ([{"from": 85, "to": 94}, {"from": 95, "to": 100}], 1, []),
        ([{"from": 85, "to": 94.9}, {"from": 95, "to": 100}], 0.1, []),
        ([{"from": 85, "to": 95}, {"from": 95, "to": 100}], 1, [("overlap", 95, 95)]),
        ([{"from": 85, "to": 95}, {"over": 95, "to": 100}], None, []),
        ([{"from": 85, "to": 94}, {"over": 95, "to": 100}], 1, [("gap", 94, 95)]),
    ],
)
def test_neighbouring_bands_leave_a_gap_only_where_a_score_can_lie(
    bands: list[dict[str, Any]], step: float | None, flaws: list[tuple[str, float, float]]
) -> None:
    made = rule(Bands, "b", [{**band, "level": str(i)} for i, band in enumerate(bands)], step=step)
    assert made.flaws(made.values[0]) == flaws


def test_the_lower_end_of_a_band_that_says_over_is_not_in_it() -> None:
    made = rule(Bands, "b", [{"from": 85, "to": 95, "level": "b"}, {"over": 95, "to": 100, "level": "a"}])
    assert check(made, D(2026, 1, 1), score=95)[0].facts["level"] == "b"
    assert check(made, D(2026, 1, 1), score=95.5)[0].facts["level"] == "a"
