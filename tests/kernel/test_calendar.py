"""Calendar months counted from the anchor, working days with 调休, periods."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from workflows.kernel.calendar import Calendar, Period, add, add_months, is_clipped, periods, whole_months

DAYS = st.dates(date(1921, 7, 1), date(2100, 12, 31))


@given(DAYS, st.integers(-600, 600))
def test_months_equal_those_of_dateutil(day: date, months: int) -> None:
    assert add_months(day, months) == day + relativedelta(months=months)


@given(DAYS, st.integers(0, 300))
def test_a_month_more_is_never_earlier(day: date, months: int) -> None:
    assert add_months(day, months) < add_months(day, months + 1)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 40_000))
def test_whole_months_are_those_that_have_passed_to_the_day(start: date, days: int) -> None:
    end = start + timedelta(days=days)
    months = whole_months(start, end)
    assert add_months(start, months) <= end < add_months(start, months + 1)


def test_whole_months_are_told_to_the_last_day_there_is() -> None:
    assert whole_months(date(2024, 12, 1), date.max) == (9999 - 2024) * 12


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 8, 31), -6, date(2025, 2, 28)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2025, 8, 31), 12, date(2026, 8, 31)),
    ],
)
def test_the_months_end_cuts_and_the_anchor_is_kept(day: date, months: int, result: date) -> None:
    assert add_months(day, months) == result
    assert is_clipped(day, months) == (result.day != day.day)


def test_an_unknown_unit_is_an_error_of_ours() -> None:
    with pytest.raises(ValueError, match="fortnight"):
        add(date(2026, 1, 1), 1, "fortnight")


def test_adjusted_saturdays_are_working_days_and_holidays_are_not() -> None:
    calendar = Calendar()
    assert calendar.is_working_day(date(2026, 10, 10))
    assert not calendar.is_working_day(date(2026, 10, 1))
    assert not calendar.is_working_day(date(2026, 6, 19))


def test_five_working_days_across_a_free_friday() -> None:
    assert Calendar().last_working_day(date(2026, 6, 15), 5) == (date(2026, 6, 22), False)


def test_a_notice_that_starts_on_a_sunday_counts_from_monday() -> None:
    assert Calendar().last_working_day(date(2026, 6, 14), 1)[0] == date(2026, 6, 15)


def test_a_year_without_a_published_calendar_is_provisional_until_its_file_comes() -> None:
    start = date(2026, 12, 29)
    assert Calendar().last_working_day(start, 5)[1] is True
    assert Calendar(published=frozenset({2027})).last_working_day(start, 5)[1] is False


def test_overrides_win_over_the_built_in_table() -> None:
    calendar = Calendar().with_overrides(frozenset({date(2026, 6, 22)}), frozenset({date(2026, 6, 20)}))
    assert not calendar.is_working_day(date(2026, 6, 22))
    assert calendar.is_working_day(date(2026, 6, 20))


@given(st.dates(date(2020, 1, 1), date(2028, 12, 1)), st.integers(1, 30))
def test_between_the_first_and_the_nth_working_day_lie_n_working_days(start: date, count: int) -> None:
    calendar = Calendar()
    last, _ = calendar.last_working_day(start, count)
    assert calendar.working_days(start, last) == count
    assert calendar.is_working_day(last)


@pytest.mark.parametrize("text", ["2026", "2026-Q3", "2026-09"])
def test_a_period_is_written_as_it_is_read(text: str) -> None:
    assert str(Period.parse(text)) == text


@pytest.mark.parametrize("text", ["2026-13", "2026-Q5", "26", "2026-9", "2026-Q", "", "2026-W01"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no period"):
        Period.parse(text)


@given(st.sampled_from(["month", "quarter", "year"]), st.dates(date(2000, 1, 1), date(2030, 1, 1)))
def test_periods_follow_each_other_without_gap(kind: str, start: date) -> None:
    found = list(periods(kind, start, start + timedelta(days=800)))
    assert found[0].holds(start)
    assert all(b.first == a.last + timedelta(days=1) for a, b in pairwise(found))
