"""迟到的豁免、到期以后才推后: told with who, when and how many days after; nothing is silently clean."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.test_rectification import MISSED, OPENED, PLANNED, READY, close, last, step
from tests.support.books import Told
from tests.support.scenario import recorded
from workflows.domain.act import OnBooks
from workflows.domain.waivers import RuleWaived, reliefs_of
from workflows.entrypoints.wording import Wording
from workflows.kernel.calendar import Period
from workflows.policies.findings import Finding, Relief, Verdict
from workflows.policies.late_waivers import late_of


def waiver(on: str, recorded_on: str = "", authority: str = "镇党委", until: str = "2026-12-31") -> str:
    told = f'rule = "meet-assembly", until = {until}, authority = "{authority}", document = "批复"'
    made = step(on, "waive", told)
    if recorded_on:
        made = made.replace(f"on = {on}", f"on = {on}\nrecorded_on = {recorded_on}\nas_history = true")
    return made


LATE = READY + waiver("2026-07-25") + close("2026-07-26")


def test_a_rule_waived_by_name_in_time_lets_the_problem_be_closed_and_says_so() -> None:
    text = READY.replace(OPENED, waiver("2026-02-25") + OPENED) + close("2026-07-26")
    verdict, found = last(text)
    assert (verdict, list(found)) == ("ok", ["close-waived"])
    assert found["close-waived"].facts["waived"] == ["2026-Q2"]


def test_a_waiver_after_the_period_is_referred_with_who_when_and_how_many_days_after() -> None:
    verdict, found = last(LATE)
    told = found["close-waived-late"]
    assert (verdict, told.verdict) == ("refer", "refer")
    assert {name: told.facts[name] for name in ("authority", "since", "days", "waived")} == {
        "authority": "镇党委",
        "since": "2026-07-25",
        "days": 25,
        "waived": ["2026-Q2"],
    }
    said = Wording().finding(told, command="close_out")
    assert "2026年二季度过后25天（2026-07-25）才由镇党委准予豁免" in said
    assert "请审定的人看" in said


def test_a_waiver_of_an_early_day_that_was_recorded_late_is_told_too() -> None:
    text = READY + waiver("2026-02-01", "2026-07-25") + close("2026-07-26")
    verdict, found = last(text)
    assert verdict == "refer"
    assert (
        found["close-waived-entered"].facts["entered_on"],
        found["close-waived-entered"].facts["days"],
    ) == (
        "2026-07-25",
        25,
    )


def test_the_page_the_ledger_and_the_roll_ups_tell_it() -> None:
    told = Told(LATE)
    day = date(2026, 8, 1)
    late = {"given_on": "2026-07-25", "days_after": 25, "entered_on": None}
    (row,) = told.answering.ledger("整改台账", on=day)["rows"]
    assert late.items() <= row["closed_waiver"].items()
    (rolled,) = told.answering.overview(None, day)["waived"]
    assert late.items() <= rolled["waived"].items()
    (driven,) = told.answering.drive_rows("waived", None, None, day)["rows"]
    assert late.items() <= driven["closed_waiver"].items()


def told_everywhere(text: str) -> list[Any]:
    """Return on whose waiver the problem was closed: the page, the ledger, the overview, the drive."""
    told, day = Told(text), date(2026, 8, 1)
    entry = next(one for one in told.log.directory.files() if one.subject == MISSED)
    (closed,) = told.answering.case(entry.id, day)["closures"]
    (row,) = told.answering.ledger("整改台账", on=day)["rows"]
    (rolled,) = told.answering.overview(None, day)["waived"]
    (driven,) = told.answering.drive_rows("waived", None, None, day)["rows"]
    return [closed["waiver"], row["closed_waiver"], rolled["waived"], driven["closed_waiver"]]


ENDED = READY.replace(OPENED, waiver("2026-06-28", until="2026-06-30") + OPENED) + close("2026-07-26")


def test_a_waiver_that_ended_before_the_closing_is_told_with_who_gave_it_and_by_which_paper() -> None:
    for waived in told_everywhere(ENDED):
        named = {name: waived[name] for name in ("authority", "document", "until", "days_after")}
        assert named == {
            "authority": "镇党委",
            "document": "批复",
            "until": "2026-06-30",
            "days_after": None,
        }


def test_the_waiver_that_covered_the_period_is_told_not_another_one_since() -> None:
    another = waiver("2026-07-10", authority="县委", until="2026-07-15")
    text = ENDED.replace(close("2026-07-26"), another + close("2026-07-26"))
    assert last(text)[1]["close-waived"].facts["authority"] == "镇党委"
    assert {waived["authority"] for waived in told_everywhere(text)} == {"镇党委"}


def test_a_problem_that_only_a_late_waiver_would_clear_says_so_before_it_is_closed() -> None:
    told = Told(READY + waiver("2026-07-25"))
    entry = next(one for one in told.log.directory.files() if one.subject == MISSED)
    page = told.answering.case(entry.id, date(2026, 7, 26))
    assert (page["standing"]["state"], page["standing"]["late"]) == ("waived", 25)


# --- who may ---------------------------------------------------------------------------------------------


def waived_by(verdict: Verdict) -> OnBooks:
    said = Finding(rule="meet-assembly", verdict=verdict, kind="waiver", severity="block")
    event = RuleWaived(
        waived_on=date(2026, 2, 1),
        rule="meet-assembly",
        until=date(2026, 12, 31),
        authority="某某",
        document="批复",
        findings=(said,),
    )
    return OnBooks.of(event, recorded(event, position=1))


@pytest.mark.parametrize(("verdict", "lets_pass"), [(Verdict.BLOCK, 0), (Verdict.OK, 1), (Verdict.NOTE, 1)])
def test_a_waiver_by_somebody_whom_the_rule_does_not_name_lets_nothing_pass(
    verdict: Verdict, lets_pass: int
) -> None:
    assert len(reliefs_of([waived_by(verdict)])) == lets_pass


# --- put off after the limit -----------------------------------------------------------------------------

OVERDUE = OPENED + PLANNED


@pytest.mark.parametrize(
    ("do", "given_"),
    [
        ("extend_correction", 'due_on = 2026-09-30, reason = "资金未到"'),
        ("hold_correction", 'until = 2026-09-30, reason = "资金未到"'),
    ],
)
@pytest.mark.parametrize(("on", "days"), [("2026-08-05", 0), ("2026-08-06", 1), ("2026-08-25", 20)])
def test_a_limit_put_off_after_it_had_passed_is_told_wherever_the_problem_is(
    do: str, given_: str, on: str, days: int
) -> None:
    text = READY[: READY.index(OPENED)] + OVERDUE + step(on, do, given_)
    verdict, found = last(text)
    told = Told(text)
    (row,) = told.answering.ledger("整改台账", on=date(2026, 9, 1))["rows"]
    entry = next(one for one in told.log.directory.files() if one.subject == MISSED)
    (delay,) = told.answering.case(entry.id, date(2026, 9, 1))["delays"]
    assert row["put_off_late"] == delay["days_late"] == days
    assert (found["correction-put-off-late"].days_late if days else verdict) == (days or "ok")


# --- the fold --------------------------------------------------------------------------------------------

WAIVERS = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 200), st.integers(0, 300)), max_size=4)


@given(WAIVERS, st.integers(100, 400))
def test_a_period_is_late_exactly_where_no_waiver_on_the_books_by_its_end_covered_that_day(
    waivers: list[tuple[int, int, int]], asked: int
) -> None:
    first, end = date(2026, 1, 1), Period.parse("2026-Q2").last
    on, reliefs = first + timedelta(days=asked), list[Relief]()
    for number, (since, length, behind) in enumerate(waivers):
        day = first + timedelta(days=since)
        event = RuleWaived(
            waived_on=day, rule="r", until=day + timedelta(days=length), authority="a", document="d"
        )
        made: Any = recorded(
            event,
            position=number + 1,
            at=datetime.fromisoformat(f"{day + timedelta(days=behind)}T04:00:00+00:00"),
        )
        reliefs += reliefs_of([OnBooks.of(event, made)])
    late = late_of(reliefs, ["2026-Q2"], on)
    covers = [one for one in reliefs if one.since <= end and (one.until or end) >= end]
    in_time = any(one.source.recorded_on <= end for one in covers)
    holds = [one for one in reliefs if one.since <= on and (one.until or on) >= on]
    assert not (late and in_time)
    assert bool(late) or in_time or not (covers or any(one.since > end for one in holds))
    assert all(one.days > 0 for one in late)
