"""Days known only roughly: the verdict of every possible day, else incomplete with what is missing."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from tests.policies.test_kinds import done, rule
from workflows.kernel.approximate import ApproximateDay
from workflows.kernel.calendar import Calendar
from workflows.policies import unsure
from workflows.policies.facts import Fact, FactBook
from workflows.policies.findings import ON, Finding, Verdict
from workflows.policies.kinds.conditions import Order
from workflows.policies.kinds.limits import Interval, NotBefore, Within
from workflows.policies.kinds.notices import Notice
from workflows.policies.kinds.windows import Window
from workflows.policies.rule import Act, Rule

D = date
DAYS = st.dates(D(2021, 1, 1), D(2026, 12, 31))
SPANS = st.integers(0, 420)
UNITS = st.sampled_from(["day", "month", "quarter", "year"])
YEAR = ApproximateDay("2024年", D(2024, 1, 1), D(2024, 12, 31))


def asked(
    made: Rule, on: date, on_approx: ApproximateDay | None = None, days: Any = None, **facts: Any
) -> list[Finding]:
    """Return what a rule says; a fact may be an approximate day."""
    book = FactBook(
        {
            name: Fact(told.ordered_on, None, (), told) if isinstance(told, ApproximateDay) else Fact(told)
            for name, told in facts.items()
        },
        days or {},
    )
    value = made.values[0]
    return unsure.check(made, Act("act", on, book, Calendar(), (), on_approx), value)


def plain(made: Rule, on: date, days: Any = None, **facts: Any) -> Verdict:
    book = FactBook({name: Fact(told) for name, told in facts.items()}, days or {})
    value = made.values[0]
    return word(made.check(Act("act", on, book, Calendar()), value))


def word(found: list[Finding]) -> Verdict:
    return next((one.verdict for one in found if one.verdict is not Verdict.CONVENTION), Verdict.OK)


def days_of(told: ApproximateDay) -> list[date]:
    return [told.first + timedelta(days=n) for n in range((told.last - told.first).days + 1)]


KINDS: dict[str, Callable[[int, str], Rule]] = {
    "within": lambda n, unit: rule(Within, "r", n, anchor="began_on", unit=unit),
    "within a maximum": lambda n, unit: rule(Within, "r", n, anchor="began_on", unit=unit, max=n * 2),
    "within, not before": lambda n, unit: rule(
        Within, "r", n, anchor="began_on", unit=unit, not_before_anchor=True, max=n + 3
    ),
    "before the anchor": lambda n, unit: rule(Within, "r", -n, anchor="began_on", unit=unit),
    "another day": lambda n, unit: rule(Within, "r", n, anchor="began_on", unit=unit, act="told_on"),
    "left to a person": lambda n, unit: rule(Within, "r", n, anchor="began_on", unit=unit).model_copy(
        update={"held_from": D(2023, 6, 1), "running": "ask"}
    ),
    "not before": lambda n, unit: rule(NotBefore, "r", n, anchor="began_on", unit=unit),
    "more than": lambda n, unit: rule(NotBefore, "r", n, anchor="began_on", unit=unit, strict=True),
    "warned before": lambda n, unit: rule(NotBefore, "r", n, anchor="began_on", unit=unit, severity="warn"),
    "order": lambda n, unit: rule(Order, "r", True, after="began_on"),
    "interval": lambda n, unit: rule(Interval, "r", n + 1, anchor="began_on", unit="month"),
    "notice": lambda n, unit: rule(Notice, "r", n, starts="began_on", days="length"),
}


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=20, deadline=None)
@over(count=st.integers(1, 8), unit=UNITS, begins=DAYS, span=SPANS, on=DAYS)
def test_an_approximate_anchor_says_what_every_day_of_it_says(
    kind: str, count: int, unit: str, begins: date, span: int, on: date
) -> None:
    made = KINDS[kind](count, unit)
    told = ApproximateDay("约", begins, begins + timedelta(days=span))
    acts = {"act": done(D(2023, 1, 5), D(2024, 1, 5))} if kind == "interval" else None
    more = {"told_on": on, "length": count}
    words = {plain(made, on, acts, began_on=day, **more) for day in days_of(told)}
    found = asked(made, on, None, acts, began_on=told, **more)
    if len(words) == 1:
        assert word(found) == words.pop()
        return
    (only,) = found
    assert (only.verdict, only.missing) == (Verdict.INCOMPLETE, ("began_on",))
    assert only.approx["began_on"] == told.as_json()
    assert set(only.approx["verdicts"]) == {w.value for w in words}


@pytest.mark.parametrize("kind", [*KINDS, "window"])
@settings(max_examples=20, deadline=None)
@over(count=st.integers(1, 8), unit=UNITS, begins=DAYS, span=st.integers(0, 500), anchor=DAYS)
def test_an_approximate_day_of_the_act_says_what_every_day_of_it_says(
    kind: str, count: int, unit: str, begins: date, span: int, anchor: date
) -> None:
    made = (
        rule(Window, "r", {"start": "03-01", "end": "05-31"})
        if kind == "window"
        else KINDS[kind](count, unit)
    )
    told = ApproximateDay("约", begins, begins + timedelta(days=span))
    facts = {"began_on": anchor, "length": count, "told_on": D(2024, 2, 29)}
    words = {plain(made, day, **facts) for day in days_of(told)}
    found = asked(made, told.last, told, **facts)
    if len(words) == 1:
        assert word(found) == words.pop()
        return
    (only,) = found
    assert (only.verdict, only.missing) == (Verdict.INCOMPLETE, (ON,))


@settings(max_examples=20, deadline=None)
@over(count=st.integers(1, 8), one=DAYS, other=DAYS, spans=st.tuples(st.integers(0, 40), st.integers(0, 40)))
def test_two_approximate_days_say_what_every_pair_of_them_says(
    count: int, one: date, other: date, spans: tuple[int, int]
) -> None:
    made = KINDS["within, not before"](count, "month")
    anchor = ApproximateDay("约", one, one + timedelta(days=spans[0]))
    act = ApproximateDay("约", other, other + timedelta(days=spans[1]))
    words = {plain(made, day, began_on=began) for day in days_of(act) for began in days_of(anchor)}
    found = asked(made, act.last, act, began_on=anchor)
    assert word(found) == (words.pop() if len(words) == 1 else Verdict.INCOMPLETE)


def test_a_year_of_waiting_is_over_whatever_the_day_only_from_the_end_of_the_year_on() -> None:
    made = rule(NotBefore, "r", 12, anchor="began_on", unit="month")
    (early,) = asked(made, D(2024, 12, 31), began_on=YEAR)
    assert early.verdict is Verdict.BLOCK
    (open_,) = asked(made, D(2025, 1, 1), began_on=YEAR)
    assert open_.verdict is Verdict.INCOMPLETE
    assert open_.earliest_on is None
    assert open_.approx["earliest_on"] == {"from": "2025-01-01", "to": "2025-12-31"}
    assert open_.facts["began_on"] == "2024年"
    assert [line.result for line in open_.calc] == ["2025-01-01", "2025-12-31"]
    (still,) = asked(made, D(2025, 12, 30), began_on=YEAR)
    assert still.verdict is Verdict.INCOMPLETE
    (over_,) = asked(made, D(2025, 12, 31), began_on=YEAR)
    assert over_.verdict is Verdict.OK


def test_no_exact_day_is_told_that_only_one_of_the_days_gives() -> None:
    made = rule(Within, "r", 1, anchor="began_on", unit="month")
    (late,) = asked(made, D(2025, 3, 1), began_on=YEAR)
    assert late.verdict is Verdict.LATE
    assert (late.latest_on, late.days_late) == (None, None)
    assert late.approx["latest_on"] == {"from": "2024-02-01", "to": "2025-01-31"}
    assert late.approx["days_late"] == {"from": 29, "to": 394}


def test_where_both_extremes_agree_the_middle_still_counts() -> None:
    """Before the anchor and past the longest limit are both refused, between them the act is in time."""
    made = KINDS["within, not before"](1, "month")
    told = ApproximateDay("约", D(2023, 1, 1), D(2025, 1, 1))
    (found,) = asked(made, D(2024, 1, 1), began_on=told)
    assert found.verdict is Verdict.INCOMPLETE
    assert set(found.approx["verdicts"]) == {"block", "late", "ok"}


def test_a_rule_that_only_records_notes_what_it_cannot_tell() -> None:
    made = rule(NotBefore, "r", 12, anchor="began_on", unit="month", severity="record")
    (found,) = asked(made, D(2025, 6, 1), began_on=YEAR)
    assert (found.verdict, found.missing) == (Verdict.NOTE, ("began_on",))


def test_what_is_unknown_altogether_decides_nothing_day_by_day() -> None:
    unknown = ApproximateDay("不详", D(1921, 7, 1), D(2026, 1, 1))
    made = KINDS["interval"](5, "month")
    (found,) = asked(made, D(2026, 1, 1), began_on=unknown)
    assert (found.verdict, found.missing) == (Verdict.INCOMPLETE, ("began_on",))
    (waited,) = asked(rule(NotBefore, "r", 1, anchor="began_on", unit="day"), D(2026, 1, 2), began_on=unknown)
    assert waited.verdict is Verdict.OK


def test_exact_days_are_left_as_they_are() -> None:
    made = rule(NotBefore, "r", 12, anchor="began_on", unit="month")
    (found,) = asked(made, D(2025, 2, 28), began_on=D(2024, 3, 1))
    assert found.approx == {}
    assert found.earliest_on == D(2025, 3, 1)
