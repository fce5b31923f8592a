"""Each kind of rule at its edges: the last refused and the first allowed, and what is unknown."""

from datetime import date
from typing import Any, TypeVar

import pytest

from workflows.kernel.calendar import Calendar
from workflows.kernel.ids import derived
from workflows.policies.facts import Done, Fact, FactBook
from workflows.policies.findings import Finding, Source, Verdict
from workflows.policies.kinds.conditions import Order, Requires
from workflows.policies.kinds.counts import Bands, Majority, Quota, Share
from workflows.policies.kinds.duties import Cadence
from workflows.policies.kinds.limits import Interval, Within
from workflows.policies.kinds.windows import Window
from workflows.policies.rule import Act, Rule

D = date
SINCE = D(2020, 1, 1)
R = TypeVar("R", bound=Rule)


def rule(kind: type[R], name: str, value: Any, **more: Any) -> R:
    """Return a rule of a kind in force since 2020."""
    head = {"id": name, "label": name, "kind": kind.kind_name, "on": ["act"], "severity": "block"}
    dated = {
        "values": [{"from": SINCE, "value": value}],
        "clauses": [{"from": SINCE, "article": "第一条", "confidence": "VT"}],
    }
    return kind.model_validate({**head, **dated, **more})


def check(made: Rule, on: date, done: dict[str, list[Done]] | None = None, **facts: Any) -> list[Finding]:
    """Return what a rule says of an act on a day."""
    book = FactBook({name: Fact(value) for name, value in facts.items()}, done or {})
    value = made.value_on(on)
    assert value is not None
    return made.check(Act("act", on, book, Calendar()), value)


def done(*days: date) -> list[Done]:
    """Return acts done on days."""
    return [Done(day, Source(derived("done", day), "Done", day, day, i)) for i, day in enumerate(days)]


def test_within_is_met_on_the_last_day_itself() -> None:
    made = rule(Within, "w", 1, anchor="began_on", unit="month")
    (found,) = check(made, D(2026, 4, 15), began_on=D(2026, 3, 15))
    assert (found.verdict, found.latest_on) == (Verdict.OK, D(2026, 4, 15))
    (found,) = check(made, D(2026, 4, 16), began_on=D(2026, 3, 15))
    assert (found.verdict, found.days_late) == (Verdict.LATE, 1)


def test_within_says_nothing_while_its_anchor_is_unknown() -> None:
    assert check(rule(Within, "w", 1, anchor="began_on", unit="month"), D(2026, 4, 15)) == []


def test_a_maximum_may_not_be_passed_at_all() -> None:
    made = rule(Within, "w", 3, anchor="began_on", unit="month", max=6)
    assert check(made, D(2026, 9, 30), began_on=D(2026, 3, 30))[0].verdict is Verdict.LATE
    assert check(made, D(2026, 10, 1), began_on=D(2026, 3, 30))[0].verdict is Verdict.BLOCK


def test_late_without_the_reason_asked_for_is_incomplete() -> None:
    made = rule(Within, "w", 3, anchor="began_on", unit="month", excuse="reason")
    (found,) = check(made, D(2026, 9, 30), began_on=D(2026, 3, 30))
    assert (found.verdict, found.missing) == (Verdict.INCOMPLETE, ("reason",))
    assert check(made, D(2026, 9, 30), began_on=D(2026, 3, 30), reason="r")[0].verdict is Verdict.LATE


@pytest.mark.parametrize(
    ("acts", "on", "verdict", "latest"),
    [
        ([], D(2025, 9, 10), Verdict.OK, D(2025, 9, 10)),
        ([], D(2025, 9, 11), Verdict.LATE, D(2025, 9, 10)),
        ([D(2025, 9, 10)], D(2026, 3, 10), Verdict.OK, D(2026, 3, 10)),
        ([D(2025, 10, 1)], D(2026, 3, 9), Verdict.OK, D(2026, 3, 10)),
        ([D(2025, 6, 1)], D(2025, 8, 1), Verdict.OK, None),
    ],
)
def test_an_interval_counts_from_the_anchor_and_a_late_act_makes_up_for_a_missed_one(
    acts: list[date], on: date, verdict: Verdict, latest: date | None
) -> None:
    made = rule(Interval, "i", 6, anchor="began_on", unit="month")
    found = check(made, on, {"act": done(*acts)}, began_on=D(2025, 3, 10))[0]
    assert (found.verdict, found.latest_on) == (verdict, latest)


def test_recurring_limits_never_drift_from_31_august() -> None:
    made = rule(Interval, "i", 6, anchor="began_on", unit="month")
    book = FactBook({"began_on": Fact(D(2025, 8, 31))})
    days = [limit.due_on for limit in made.deadlines(book, None, Calendar(), D(2026, 12, 31))]
    assert days == [D(2026, 2, 28), D(2026, 8, 31), D(2027, 2, 28)]


@pytest.mark.parametrize(
    ("strict", "number", "verdict"),
    [(False, 8, Verdict.OK), (False, 7, Verdict.BLOCK), (True, 8, Verdict.BLOCK), (True, 9, Verdict.OK)],
)
def test_at_least_half_and_more_than_half_differ(strict: bool, number: int, verdict: Verdict) -> None:
    made = rule(Share, "s", "1/2", of="present", base="all", strict=strict)
    assert check(made, D(2026, 1, 1), present=number, all=16)[0].verdict is verdict


def test_a_vote_without_majority_is_a_fact_claimed_as_passed_it_is_blocked() -> None:
    made = rule(Majority, "m", "1/2", of="yes", base="all", strict=True)
    assert check(made, D(2026, 1, 1), yes=8, all=16)[0].verdict is Verdict.NOT_PASSED
    assert check(made, D(2026, 1, 1), yes=8, all=16, passed=True)[0].verdict is Verdict.BLOCK


def test_a_quota_may_be_used_up_but_not_passed() -> None:
    made = rule(Quota, "q", "1/5", of="best", base="all")
    assert check(made, D(2026, 1, 1), best=2, all=10)[0].verdict is Verdict.OK
    assert check(made, D(2026, 1, 1), best=3, all=10)[0].verdict is Verdict.BLOCK


def test_a_score_between_two_bands_is_for_a_person_to_decide() -> None:
    bands = [{"from": 95, "to": 100, "level": "五星"}, {"from": 85, "to": 94, "level": "四星"}]
    made = rule(Bands, "b", bands)
    assert check(made, D(2026, 1, 1), score=94.5)[0].verdict is Verdict.REFER
    assert check(made, D(2026, 1, 1), score=94)[0].facts["level"] == "四星"
    assert made.flaws(made.values[0]) == [("gap", 94, 95)]


def test_a_window_includes_both_its_days() -> None:
    made = rule(Window, "w", {"start": "10-01", "end": "12-31"}, severity="warn")
    assert check(made, D(2026, 10, 1))[0].verdict is Verdict.OK
    assert check(made, D(2026, 9, 30))[0].verdict is Verdict.WARN


def test_an_order_of_two_acts() -> None:
    made = rule(Order, "o", True, after="first_on")
    assert check(made, D(2026, 1, 2), first_on=D(2026, 1, 2)) == []
    assert check(made, D(2026, 1, 1), first_on=D(2026, 1, 2))[0].earliest_on == D(2026, 1, 2)


def test_what_is_required_is_named_when_missing() -> None:
    made = rule(Requires, "r", True, step=["before"], paper=["form"])
    (found,) = check(made, D(2026, 1, 2))
    assert (found.verdict, found.missing) == (Verdict.INCOMPLETE, ("before", "form"))
    assert check(made, D(2026, 1, 2), {"before": done(D(2026, 1, 1))}, form="x")[0].verdict is Verdict.OK


def test_a_duty_is_asked_from_the_first_whole_period_of_the_books() -> None:
    made = rule(Cadence, "c", 1, activity="meeting", period="quarter")
    book = FactBook({"books_from": Fact(D(2026, 2, 1))}, {"meeting": done(D(2026, 5, 5))})
    duties = made.duties(made.asked(None, D(2026, 1, 1), D(2026, 9, 30)), book, lambda day: book)
    assert [(d.period, d.exempt, len(d.evidence)) for d in duties] == [
        ("2026-Q1", "before-the-books", 0),
        ("2026-Q2", "", 1),
        ("2026-Q3", "", 0),
    ]


def test_a_meeting_that_makes_up_for_another_period_counts_there_only() -> None:
    made = rule(Cadence, "c", 1, activity="meeting", period="quarter")
    late = [Done(D(2026, 4, 2), Source(derived("x"), "Done", D(2026, 4, 2), D(2026, 4, 2)), period="2026-Q1")]
    book = FactBook({"books_from": Fact(D(2026, 1, 1))}, {"meeting": late})
    duties = made.duties(made.asked(None, D(2026, 1, 1), D(2026, 6, 30)), book, lambda day: book)
    assert [(d.period, len(d.evidence)) for d in duties] == [("2026-Q1", 1), ("2026-Q2", 0)]


def test_a_value_is_not_in_force_before_its_day_nor_once_withdrawn() -> None:
    made = rule(Within, "w", 1, anchor="a", unit="month").model_copy()
    assert made.value_on(D(2019, 12, 31)) is None
    ended = Within.model_validate(
        {
            "id": "w", "label": "w", "kind": "within", "on": ["act"], "severity": "block", "anchor": "a",
            "unit": "month",
            "values": [{"from": SINCE, "value": 1}, {"from": D(2025, 1, 1), "value": False}],
            "clauses": [{"from": SINCE, "article": "x", "confidence": "GK"}],
        }
    )  # fmt: skip
    assert ended.value_on(D(2024, 12, 31)) is not None
    assert ended.value_on(D(2025, 1, 1)) is None
