"""党费: what is due by role and base, and how many months in a row nothing was paid."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.scenario import recorded, rules
from workflows.domain.person.dues import months_unpaid, owes
from workflows.domain.person.events import MemberRegistered
from workflows.domain.person.member_events import DuesRecorded, DuesReduced, MembershipStopped
from workflows.domain.person.state import Person, evolve
from workflows.domain.stages import Stage
from workflows.kernel.calendar import Period
from workflows.kernel.events import Event, fold
from workflows.projections.dues import back_until, due_fen

RULES = rules()
UNIT = UUID(int=7)
MONTHS = tuple(f"2026-{month:02d}" for month in range(1, 13))
BANDS = ((300_000, "0.005"), (500_000, "0.01"), (1_000_000, "0.015"), (10**12, "0.02"))
ON = date(2027, 1, 15)


def person(*events: Event, since: date = date(2010, 7, 1)) -> Person:
    told = [MemberRegistered(member_on=since, unit_id=UNIT, full_since=since), *events]
    records = [recorded(event, position=place) for place, event in enumerate(told, 1)]
    return fold(evolve, Person(UUID(int=1)), records)


def paid(month: str) -> DuesRecorded:
    return DuesRecorded(paid_on=Period.parse(month).last, month=month, role="student", amount_fen=20)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10_000_000))
def test_the_rate_of_the_band_is_of_the_whole_base_to_the_cent(base: int) -> None:
    share = next(Decimal(share) for up_to, share in BANDS if base <= up_to)
    whole = (Decimal(base) * share).quantize(Decimal(1), ROUND_HALF_UP)
    assert due_fen(RULES, "employed", base, "2026-07") == min(int(whole), 100_000)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 4_000_000), st.integers(0, 4_000_000))
def test_within_a_band_more_income_is_never_less_dues(one: int, other: int) -> None:
    low, high = sorted((one, other))
    band = [next(place for place, (up_to, _) in enumerate(BANDS) if base <= up_to) for base in (low, high)]
    dues = [due_fen(RULES, "employed", base, "2026-07") for base in (low, high)]
    assert None not in dues
    if band[0] == band[1]:
        assert dues[0] <= dues[1]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("role", "base", "month", "due"),
    [
        ("retired", 500_000, "2026-07", 2_500),
        ("retired", 500_001, "2026-07", 5_000),
        ("farmer", None, "2026-07", 20),
        ("student", None, "2026-07", 20),
        ("employed", None, "2026-07", None),
        (None, 300_000, "2026-07", None),
        ("employed", 300_000, "2008-03", None),
        ("employed", 300_000, "2008-04", 1_500),
    ],
)
def test_what_is_due_by_role_and_date(
    role: str | None, base: int | None, month: str, due: int | None
) -> None:
    assert due_fen(RULES, role, base, month) == due


def test_dues_are_paid_back_within_six_months_of_the_months_end() -> None:
    assert back_until(RULES, "2026-01") == date(2026, 7, 31)
    assert back_until(RULES, "2026-08") == date(2027, 2, 28)


def test_a_branch_that_records_no_dues_tells_of_nobody() -> None:
    assert months_unpaid(person(), frozenset(), ON) is None


def test_the_month_that_runs_is_not_counted_yet() -> None:
    assert months_unpaid(person(), {"2026-11", "2026-12"}, date(2026, 12, 31)) == 1
    assert months_unpaid(person(), {"2026-11", "2026-12"}, date(2027, 1, 1)) == 2


def test_a_month_the_branch_did_not_record_ends_the_row() -> None:
    assert months_unpaid(person(), set(MONTHS) - {"2026-09"}, ON) == 3


def test_what_was_let_off_and_what_rests_is_not_owed() -> None:
    free = DuesReduced(agreed_on=date(2026, 1, 5), first_month="2026-02", last_month="2026-03")
    less = DuesReduced(agreed_on=date(2026, 1, 5), first_month="2026-04", amount_fen=10)
    stopped = MembershipStopped(stopped_on=date(2026, 6, 10), ground="abroad")
    one = person(free, less, stopped)
    assert [owes(one, month) for month in MONTHS[:7]] == [True, False, False, True, True, False, False]
    assert months_unpaid(person(free), set(MONTHS[:3]), ON) == 0
    assert months_unpaid(person(free), set(MONTHS[:4]), ON) == 1


def test_dues_begin_with_the_month_of_admission() -> None:
    one = person(since=date(2026, 3, 20))
    assert one.stage is Stage.FULL
    assert [owes(one, month) for month in ("2026-02", "2026-03")] == [False, True]
    assert months_unpaid(one, set(MONTHS), ON) == 10


@settings(max_examples=200, deadline=None)
@given(st.sets(st.sampled_from(MONTHS)), st.sets(st.sampled_from(MONTHS)))
def test_the_count_is_the_row_of_known_unpaid_months_at_the_end(known: set[str], payed: set[str]) -> None:
    counted = months_unpaid(person(*map(paid, sorted(payed))), known, ON)
    if not known:
        assert counted is None
        return
    month, row = max(known), 0
    while month in known and month not in payed:
        row, month = row + 1, str(Period.parse(month).before())
    assert counted == row
    assert months_unpaid(person(*map(paid, sorted({*payed, max(known)}))), known, ON) == 0
