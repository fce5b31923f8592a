"""Days in every way offices write them, and the plain answer for what is no day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.adapters.workbooks.making import TODAY, moment
from workflows.adapters.workbooks.dates import EARLIEST_ACT, EARLIEST_BIRTH, month_of, read_day, read_span
from workflows.adapters.workbooks.refusal import BadCell
from workflows.adapters.workbooks.rows import MonthShown, TimeOfDay

FULL_WIDTH = str.maketrans("0123456789-/.", "０１２３４５６７８９－／．")
HAN = "〇一二三四五六七八九"


def _han_number(number: int) -> str:
    tens, ones = divmod(number, 10)
    return (f"{HAN[tens] if tens > 1 else ''}十" if tens else "") + (HAN[ones] if ones or not tens else "")


FORMS: dict[str, Any] = {
    "a date cell": lambda day: moment(day.year, day.month, day.day),
    "a date cell with a time": lambda day: moment(day.year, day.month, day.day, 14, 30),
    "ISO": lambda day: day.isoformat(),
    "slashes": lambda day: f"{day.year}/{day.month}/{day.day}",
    "dots": lambda day: f"{day.year}.{day.month}.{day.day}",
    "dots with zeros and a last dot": lambda day: f"{day:%Y.%m.%d}.",
    "年月日": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "年月日 with zeros": lambda day: f"{day:%Y}年{day:%m}月{day:%d}日",
    "年月 without 日": lambda day: f"{day.year}年{day.month}月{day.day}",
    "号": lambda day: f"{day.year}年{day.month}月{day.day}号",
    "blanks within": lambda day: f" {day.year} 年 {day.month} 月 {day.day} 日 ",
    "blanks between": lambda day: f"{day.year} {day.month} {day.day}",
    "blanks after dots": lambda day: f"{day.year}. {day.month}. {day.day}",
    "a number": lambda day: int(f"{day:%Y%m%d}"),
    "a number with a fraction of nothing": lambda day: float(f"{day:%Y%m%d}"),
    "eight digits as text": lambda day: f"{day:%Y%m%d}",
    "full width": lambda day: day.isoformat().translate(FULL_WIDTH),
    "full width with dots": lambda day: f"{day:%Y.%m.%d}".translate(FULL_WIDTH),
    "long dashes": lambda day: f"{day.year}—{day.month}—{day.day}",
    "pauses": lambda day: f"{day.year}、{day.month}、{day.day}",
    "Chinese numerals": lambda day: (
        "".join(HAN[int(digit)] for digit in f"{day.year}")
        + f"年{_han_number(day.month)}月{_han_number(day.day)}日"
    ),
    "a weekday behind": lambda day: f"{day.year}年{day.month}月{day.day}日（星期六）",
    "a time behind": lambda day: f"{day.isoformat()} 14:30",
    "midnight behind": lambda day: f"{day.isoformat()} 00:00:00",
    "an hour in words behind": lambda day: f"{day.year}年{day.month}月{day.day}日下午3时30分",
    "an apostrophe before": lambda day: f"'{day.isoformat()}",
}


@pytest.mark.parametrize("form", FORMS)
@given(day=st.dates(EARLIEST_ACT, TODAY))
def test_every_form_gives_the_day_back(form: str, day: date) -> None:
    assert read_day(FORMS[form](day), TODAY) == day


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("不详", "date-unreadable"),
        ("约2024年", "date-unreadable"),
        ("去年三月", "date-unreadable"),
        ("2024-01-20至", "date-unreadable"),
        ("20241", "date-unreadable"),
        (True, "date-unreadable"),
        (TimeOfDay("14:30:00"), "date-unreadable"),
        ("2025年6月", "date-incomplete"),
        ("2025.6", "date-incomplete"),
        (2025.6, "date-incomplete"),
        ("2025-06", "date-incomplete"),
        ("202506", "date-incomplete"),
        (202506, "date-incomplete"),
        ("1985", "date-incomplete"),
        (1985, "date-incomplete"),
        ("1985年", "date-incomplete"),
        ("3月5日", "date-incomplete"),
        ("二〇二四年三月", "date-incomplete"),
        ("1985-06-00", "date-incomplete"),
        (19850600, "date-incomplete"),
        (MonthShown(date(2025, 6, 1)), "date-incomplete"),
        ("26/7/1", "date-short-year"),
        ("85.3.2", "date-short-year"),
        ("'85年3月2日", "date-short-year"),
        ("240120", "date-short-year"),
        ("2026-W27-3", "date-week"),
        ("2026W27", "date-week"),
        ("2026年第27周", "date-week"),
        ("1/20/2024", "date-year-last"),
        ("20-Jan-2024", "date-year-last"),
        ("Jan 20, 2024", "date-year-last"),
        (45000, "date-serial"),
        (45000.0, "date-serial"),
        ("2024-02-30", "date-impossible"),
        ("2031-02-30", "date-impossible"),
        ("2023-02-29", "date-impossible"),
        ("2024年13月1日", "date-impossible"),
        (20240431, "date-impossible"),
        ("1899-12-31", "date-too-early"),
        ("0001-01-01", "date-too-early"),
        ("1900-01-01", "date-too-early"),
        ("2026-11-22", "date-future"),
        ("9999-12-31", "date-future"),
        (moment(2027, 1, 1), "date-future"),
    ],
)
def test_what_is_no_day_is_refused_with_its_reason(written: Any, code: str) -> None:
    with pytest.raises(BadCell) as refused:
        read_day(written, TODAY)
    assert refused.value.code == code


def test_a_serial_number_is_named_but_never_taken() -> None:
    with pytest.raises(BadCell) as refused:
        read_day(45000, TODAY)
    assert refused.value.facts == {"text": "45000", "likely": "2023-03-15"}


def test_today_is_the_last_day_and_a_birth_may_lie_before_the_party() -> None:
    assert read_day(TODAY, TODAY) == TODAY
    with pytest.raises(BadCell):
        read_day(TODAY + timedelta(days=1), TODAY)
    assert read_day("1900-01-01", TODAY, EARLIEST_BIRTH) == date(1900, 1, 1)


@given(st.text(max_size=40) | st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_anything_else_is_a_day_or_one_refusal(written: Any) -> None:
    try:
        read = read_day(written, TODAY)
    except BadCell as refused:
        read, code = None, refused.code
    assert EARLIEST_ACT <= read <= TODAY if read else code.startswith("date-")


@pytest.mark.parametrize(
    "written",
    [
        "2024.3.1-2024.3.5",
        "2024年3月1日至5日",
        "2024年3月1日-3月5日",
        "2024.03.01—03.05",
        "2024-03-01 至 2024-03-05",
        "20240301-20240305",
        "2024/3/1~2024/3/5止",
    ],
)
def test_a_span_has_two_ends(written: str) -> None:
    assert read_span(written, TODAY) == (date(2024, 3, 1), date(2024, 3, 5))


def test_a_day_alone_is_a_span_of_one_day() -> None:
    assert read_span("2024-03-01", TODAY) == (date(2024, 3, 1), date(2024, 3, 1))
    assert read_span(date(2024, 3, 1), TODAY) == (date(2024, 3, 1), date(2024, 3, 1))


@pytest.mark.parametrize(
    "written", ["2024-03-05至2024-03-01", "2024-03-01至32日", "2024-03-01至明天", "不详"]
)
def test_a_span_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(BadCell):
        read_span(written, TODAY)


def test_a_month_is_told_from_everything_else() -> None:
    assert month_of("1985.06") == month_of(1985.6) == month_of("1985年6月") == (1985, 6)
    assert month_of(MonthShown(date(1985, 6, 1))) == (1985, 6)
    assert month_of(True) is month_of(None) is month_of("1985-06-01") is month_of("不详") is None
