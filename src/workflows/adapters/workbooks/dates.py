"""Days as offices write them (日期): many forms are read, half a day is never completed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta

from workflows.adapters.workbooks.refusal import BadCell
from workflows.adapters.workbooks.rows import MonthShown, Plain, TimeOfDay
from workflows.kernel.approximate import ApproximateDay, NotYet, TooEarly, read_approximate

EARLIEST_BIRTH = date(1900, 1, 1)
EARLIEST_ACT = date(1921, 7, 1)
_SERIAL_EPOCH = date(1899, 12, 30)
_SERIALS = range(7_305, 73_051)  # 1920 to 2099

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣ー", "-") | dict.fromkeys("~〜～", "~"))
_PAUSE = r"\s*[-/.,、\s]\s*"
_CLOCK = (
    r"(?:[T\s]*(?:上午|下午|早上|晚上|中午|凌晨|全天|[AP]M)?\s*"
    r"(?:\d{1,2}\s*[:时点]\s*(?:半|\d{1,2}\s*分?)?(?::\d{1,2}(?:\.\d+)?)?(?:\s*[AP]M)?)?)"
)
_WEEKDAY = r"(?:\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?"
_DAY = (
    r"(?P<y>\d{4})(?:\s*年\s*|"
    + _PAUSE
    + r")(?P<m>\d{1,2})(?:\s*月\s*|"
    + _PAUSE
    + r")(?P<d>\d{1,2})\s*[日号.]?"
)
_WRITTEN = re.compile(_DAY + _WEEKDAY + _CLOCK + _WEEKDAY)
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})" + _CLOCK)
_MONTH = re.compile(r"(?P<y>\d{4})(?:\s*年\s*|" + _PAUSE + r")(?P<m>\d{1,2})\s*(?:月份?)?")
_MONTH_COMPACT = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])")
_YEAR = re.compile(r"(?P<y>(?:1[89]|20|21)\d{2})\s*年?")
_NO_YEAR = re.compile(r"\d{1,2}\s*月\s*\d{1,2}\s*[日号]?|\d{1,2}[-/.]\d{1,2}")
_WEEK = re.compile(r"\d{4}-?W\d{1,2}(?:-?\d)?|\d{4}\s*年?\s*第?\s*\d{1,2}\s*周.*", re.IGNORECASE)
_SHORT_YEAR = re.compile(
    r"'?\d{2}(?:\s*年\s*|" + _PAUSE + r")\d{1,2}(?:(?:\s*月\s*|" + _PAUSE + r")\d{1,2}\s*日?)?|\d{6}"
)
_YEAR_LAST = re.compile(
    r"\d{1,2}[-/. ]\s*(?:\d{1,2}|[A-Za-z]{3,9})[-/., ]\s*\d{4}|[A-Za-z]{3,9}\.?\s+\d{1,2},?\s+\d{4}"
)
_HAN_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_HAN_DAY = re.compile(
    r"([〇零○一二三四五六七八九]{4})年(元|[一二三四五六七八九十]{1,2})月(?:([一二三四五六七八九十]{1,3})[日号])?"
)
_END_OF_RANGE = re.compile(r"\s*(?:至|到|-+|~)\s*(?P<end>\S.*)$")
_PARTIAL_END = re.compile(r"(?:(?P<m>\d{1,2})\s*[月./-]\s*)?(?P<d>\d{1,2})\s*日?(?:止)?")


def read_day(written: Plain, today: date, earliest: date = EARLIEST_ACT) -> date:
    """Return the day that stands in a cell; a time of day or a weekday behind it is passed over.

    Raises:
        BadCell: no day can be read (``date-unreadable``), year, month or day are missing
            (``date-incomplete``, ``date-short-year``), the day does not exist (``date-impossible``), or lies
            before ``earliest`` or after ``today``, both of which are allowed themselves.
    """
    return _within(_day(written), today, earliest)


def read_past(written: Plain, today: date) -> date | ApproximateDay:
    """Return the day of something past, one known only roughly (``1998年``, ``约2003年春``) too.

    What is not known at all (不详) is no day; a number such as 1998.1, which may mean October, is not read.

    Raises:
        BadCell: as ``read_day``.
    """
    try:
        return read_day(written, today)
    except BadCell as bad:
        text = _words(written) if bad.code in _PERHAPS_ROUGH else None
        if text is None:
            raise
        try:
            found = read_approximate(text, earliest=EARLIEST_ACT, latest=today)
        except NotYet:
            raise BadCell("date-future", text=_short(text), today=today.isoformat()) from bad
        except TooEarly:
            raise BadCell("date-too-early", text=_short(text), earliest=EARLIEST_ACT.isoformat()) from bad
        if found is None or (found.first, found.last) == (EARLIEST_ACT, today):
            raise
        return found


_PERHAPS_ROUGH = frozenset({"date-incomplete", "date-short-year", "date-unreadable"})
_ONE_DECIMAL = re.compile(r"\d{4}\.\d")


def _words(written: Plain) -> str | None:
    match written:
        case MonthShown(first_day=day):
            return f"{day.year}年{day.month}月"
        case bool():
            return None
        case int() | float():
            text = f"{int(written)}" if written == int(written) else f"{written}"
            return None if _ONE_DECIMAL.fullmatch(text) else text
        case str():
            return written.translate(_DASHES).strip().lstrip("'")
    return None


def read_span(written: Plain, today: date, earliest: date = EARLIEST_ACT) -> tuple[date, date]:
    """Return first and last day of ``2024.3.1-2024.3.5``, ``2024年3月1日至5日``; a single day is both.

    Raises:
        BadCell: as ``read_day``, for either end; ``date-unreadable`` where the last day is before the first.
    """
    if isinstance(written, str):
        text = _plain_text(written)
        for pattern in (re.compile(_DAY), re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})")):
            head = pattern.match(text)
            tail = _END_OF_RANGE.match(text, head.end()) if head else None
            if head and tail:
                first = _within(_real(head), today, earliest)
                last = _within(_span_end(tail.group("end"), first), today, earliest)
                if last < first:
                    raise BadCell("date-unreadable", text=_short(written))
                return first, last
    day = read_day(written, today, earliest)
    return day, day


def month_of(written: Plain) -> tuple[int, int] | None:
    """Return (year, month) where a cell holds a month without a day, else None."""
    match written:
        case MonthShown(first_day=day):
            return day.year, day.month
        case bool():
            return None
        case str() | int() | float():
            text = _plain_text(written if isinstance(written, str) else f"{written}")
            found = _MONTH.fullmatch(text) or _MONTH_COMPACT.fullmatch(text)
            return (int(found["y"]), int(found["m"])) if found else None
        case _:
            return None


def _day(written: Plain) -> date:
    match written:
        case datetime():
            return written.date()
        case date():
            return written
        case MonthShown(first_day=day):
            raise BadCell("date-incomplete", text=f"{day.year}年{day.month}月")
        case TimeOfDay(shown=shown):
            raise BadCell("date-unreadable", text=shown)
        case bool():
            raise BadCell("date-unreadable", text=str(written))
        case int() | float():
            return _from_number(written)
        case str():
            return _from_text(written)
        case _:
            raise BadCell("date-unreadable", text="")


def _from_number(number: int | float) -> date:
    if number == int(number) and int(number) in _SERIALS:
        likely = _SERIAL_EPOCH + timedelta(days=int(number))
        raise BadCell("date-serial", text=f"{int(number)}", likely=likely.isoformat())
    return _from_text(f"{int(number)}" if number == int(number) else f"{number}")


def _from_text(written: str) -> date:
    text = _plain_text(written)
    found = _WRITTEN.fullmatch(text) or _COMPACT.fullmatch(text)
    if found:
        return _real(found)
    shown = _short(written)
    if _WEEK.fullmatch(text):
        raise BadCell("date-week", text=shown)
    if (
        _MONTH.fullmatch(text)
        or _MONTH_COMPACT.fullmatch(text)
        or _YEAR.fullmatch(text)
        or _NO_YEAR.fullmatch(text)
    ):
        raise BadCell("date-incomplete", text=shown)
    if _SHORT_YEAR.fullmatch(text):
        raise BadCell("date-short-year", text=shown)
    if _YEAR_LAST.fullmatch(text):
        raise BadCell("date-year-last", text=shown)
    raise BadCell("date-unreadable", text=shown)


def _plain_text(written: str) -> str:
    """Fold full-width forms, dashes and Chinese numerals (二〇二四年一月二十日) into one way of writing."""
    text = unicodedata.normalize("NFKC", written.replace("。", ".")).translate(_DASHES).strip().lstrip("'")
    text = _HAN_DAY.sub(_han_day, text).replace("元月", "1月")
    return re.sub(r"\s+", " ", text)


def _han_day(found: re.Match[str]) -> str:
    year, month, day = found.groups()
    first = f"{year.translate(_HAN_DIGITS)}年{1 if month == '元' else _han_number(month)}月"
    return f"{first}{_han_number(day)}日" if day else first


def _han_number(text: str) -> int:
    """Return 一 to 九十九; 廿 and 卅 are not used in documents."""
    tens, ten, ones = text.partition("十")
    if not ten:
        return int(text.translate(_HAN_DIGITS))
    return (int(tens.translate(_HAN_DIGITS)) if tens else 1) * 10 + (
        int(ones.translate(_HAN_DIGITS)) if ones else 0
    )


def _span_end(text: str, first: date) -> date:
    """Return the last day of a span whose end may leave out year and month."""
    partial = _PARTIAL_END.fullmatch(text.strip())
    if not partial:
        return _from_text(text.rstrip("止"))
    month = int(partial["m"]) if partial["m"] else first.month
    return _build(first.year, month, int(partial["d"]))


def _real(found: re.Match[str]) -> date:
    return _build(int(found["y"]), int(found["m"]), int(found["d"]))


def _build(year: int, month: int, day: int) -> date:
    if not month or not day:
        raise BadCell("date-incomplete", text=f"{year}年{month}月{day}日")
    try:
        return date(year, month, day)
    except ValueError as error:
        raise BadCell("date-impossible", text=f"{year}年{month}月{day}日") from error


def _within(day: date, today: date, earliest: date) -> date:
    if day < earliest:
        raise BadCell("date-too-early", text=day.isoformat(), earliest=earliest.isoformat())
    if day > today:
        raise BadCell("date-future", text=day.isoformat(), today=today.isoformat())
    return day


def _short(text: str) -> str:
    shown = 30
    text = text.strip()
    return text if len(text) <= shown else f"{text[:shown]}…"
