"""Days known only roughly (约日): the words as written, and the days between which the true one lies.

``1998年``, ``约2003年春``, ``上世纪八十年代``, ``不详``. Nobody guesses the day: what is known are two ends,
both included. Days are read from Chinese and from ISO-like forms, full-width signs too; a whole day is not
read here, it is no approximation.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date, timedelta
from typing import Any

import msgspec

from workflows.kernel.calendar import MONTHS_PER_YEAR, add_months

LONGEST = 40
"""Longer texts are no day, however rough."""

ONE_DAY = timedelta(days=1)

SEASONS = {"春": (2, 4), "夏": (5, 4), "秋": (8, 4), "冬": (11, 4)}
"""First month and number of months of a season (``conv-season``, GK: no text was found that says it).

Both ways of counting lie within: the quarters of the almanac (立春 to 立夏, early February to early May) and
those of the weather (March to May). Winter is that of the end of the year: November to February of the next.
"""

_PARTS: dict[str, tuple[int, int]] = {
    "上半年": (1, 6),
    "下半年": (7, 6),
    "一季度": (1, 3),
    "二季度": (4, 3),
    "三季度": (7, 3),
    "四季度": (10, 3),
}
_TENTHS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31)}

_DOUBT = r"(?:大约|大概|大致|约摸|约莫|可能|估计|约|似|疑)(?:是|为|在|于)?"
_DOUBT_AFTER = r"(?:左右|前后|上下|许|\?|\(约\)|\(大约\))"
_MARKS = re.compile(rf"^{_DOUBT}\s*|\s*{_DOUBT_AFTER}$")
_FUZZY_ENDS = r"(?:初|年初|底|末|中|中期|初期|末期|后期|间|里|内|期间|份)"
_YEAR = r"(?P<y>(?:1[89]|20|21)\d{2})"
_SHORT = r"'?(?P<s>\d{2})"
_OF_YEAR = rf"(?:{_YEAR}\s*年?|{_SHORT}\s*年)"
_WHOLE_YEAR = re.compile(rf"{_OF_YEAR}\s*(?:度|{_FUZZY_ENDS})?")
_MONTH = re.compile(
    rf"(?:{_YEAR}\s*(?:年|[-/.])\s*|{_SHORT}\s*年\s*)(?P<m>\d{{1,2}})\s*月?\s*(?P<t>上旬|中旬|下旬)?{_FUZZY_ENDS}?"
)
_COMPACT = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])")
_SEASON = re.compile(rf"{_OF_YEAR}\s*(?P<q>[春夏秋冬])(?:季|天)?{_FUZZY_ENDS}?")
_PART = re.compile(rf"{_OF_YEAR}\s*第?(?P<p>{'|'.join(_PARTS)}){_FUZZY_ENDS}?")
_QUARTER = re.compile(rf"{_YEAR}\s*-?\s*Q(?P<k>[1-4])")
_DECADE = re.compile(
    rf"(?:(?P<c>上个?世纪|20世纪|本世纪|21世纪)\s*(?P<d>\d)0\s*年代|(?P<n>[5-9])0\s*年代|(?P<f>(?:19|20)\d)0\s*年代)\s*{_FUZZY_ENDS}?"
)
_BEFORE = re.compile(r"(?P<what>.+?)\s*(?:以前|之前)")
_SPAN = re.compile(r"(?P<a>.+?)\s*(?:至|到|~|—|或者?)\s*(?P<b>.+)")
_NOTHING = frozenset(
    {
        "不详", "不明", "不清", "不清楚", "未知", "不知道", "不知", "无记载", "没有记载", "记不清",
        "无法查明", "无从查考", "待查", "年月不详", "日期不详", "时间不详", "年份不详", "unknown", "?",
    }
)  # fmt: skip
_DAY = re.compile(r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*[日号]?")

_HAN_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_HAN_RUN = re.compile(r"[〇零○一二三四五六七八九]{2,4}(?=\s*年)")
_HAN_MONTH = re.compile(r"(?P<n>十[一二]?|[一二三四五六七八九])(?=\s*月)")
_HAN_TENS = re.compile(r"(?P<n>[一二三四五六七八九])十(?=\s*年代)")
_HAN_CENTURY = re.compile(r"二十(?P<n>一?)(?=\s*世纪)")

THIS_CENTURY_UNTIL, LAST_CENTURY_FROM = 20, 30
"""``九八年`` is 1998, ``零三年`` 2003; ``二五年`` may be either century's and is not read."""


class ApproximateDay(msgspec.Struct, frozen=True, rename={"first": "from", "last": "to"}):
    """A day known only roughly (约日): ``text`` as written, the true day from ``first`` to ``last``.

    约, 大约, 左右 widen nothing: nobody can say by how much. They stay in ``text`` and are shown
    (:attr:`is_doubted`). An act is ordered by ``last``: from that day on it surely lies behind.
    """

    text: str
    first: date
    last: date

    def __str__(self) -> str:
        """Return the words."""
        return self.text

    @property
    def ordered_on(self) -> date:
        """Return the day that stands for this one where days are put in order: the latest possible."""
        return self.last

    @property
    def is_doubted(self) -> bool:
        """Say whether the words themselves doubt (约, 左右)."""
        return _bare(_folded(self.text))[1]

    def moved(self, months: int) -> ApproximateDay:
        """Return the day so many months on, in the same words: the ends moved, clipped at the month's end."""
        return ApproximateDay(self.text, add_months(self.first, months), add_months(self.last, months))

    def as_json(self) -> dict[str, str]:
        """Return words and ends in JSON form."""
        return {"text": self.text, "from": self.first.isoformat(), "to": self.last.isoformat()}


def from_json(value: Any) -> ApproximateDay | None:
    """Return the approximate day that stands in JSON form, None where something else does."""
    if not isinstance(value, dict) or set(value) != {"text", "from", "to"}:
        return None
    try:
        return msgspec.convert(value, ApproximateDay)
    except msgspec.ValidationError:
        return None


class NotYet(ValueError):
    """The day lies wholly in the future."""


class TooEarly(ValueError):
    """The day lies wholly before anything that could be told."""


def read_approximate(text: str, *, earliest: date, latest: date) -> ApproximateDay | None:
    """Return the day that ``text`` tells roughly; None where it tells a whole day, or nothing that is a day.

    The ends are cut at ``earliest`` and ``latest`` (the day by which it surely lay behind). What is unknown
    (不详) lies between the two.

    Raises:
        NotYet: even the first day comes after ``latest``.
        TooEarly: even the last day comes before ``earliest``.
    """
    if len(text) > LONGEST:
        return None
    words = text.strip()
    plain = _folded(words)
    found = _ends(plain, earliest, latest)
    if found is None:
        return None
    first, last = found
    if first > latest:
        raise NotYet(words)
    if last < earliest:
        raise TooEarly(words)
    first, last = max(first, earliest), min(last, latest)
    return ApproximateDay(words, first, last)


def _ends(plain: str, earliest: date, latest: date) -> tuple[date, date] | None:
    bare, _ = _bare(plain)
    if bare.lower() in _NOTHING or plain in _NOTHING:
        return earliest, latest
    found = _one(bare)
    if found is not None:
        return found
    if before := _BEFORE.fullmatch(bare):
        inner = _one(before["what"]) or _day(before["what"])
        return None if inner is None else (earliest, inner[1])
    if span := _SPAN.fullmatch(bare):
        begin = _one(_bare(span["a"])[0]) or _day(span["a"])
        end = _one(_with_year(span["b"], begin)) or _day(_with_year(span["b"], begin))
        if begin is not None and end is not None and begin[0] <= end[1] and begin[0] < end[1]:
            return begin[0], end[1]
        return None
    if bare != plain and (day := _day(bare)) is not None:
        return day  # 约1998年7月1日: a day, doubted
    return None


def _with_year(text: str, begin: tuple[date, date] | None) -> str:
    """Return the end of a span with the year of its beginning where it has none of its own."""
    bare = _bare(text)[0]
    if begin is None or not re.fullmatch(r"\d{1,2}\s*月(?:\s*\d{1,2}\s*日?)?", bare):
        return bare
    return f"{begin[0].year}年{bare}"


def _one(text: str) -> tuple[date, date] | None:
    """Return the ends of one stretch of the calendar: a year, a season, a month."""
    if found := _WHOLE_YEAR.fullmatch(text):
        year = _year(found)
        return None if year is None else (date(year, 1, 1), date(year, 12, 31))
    if found := _QUARTER.fullmatch(text):
        return _months(int(found["y"]), (int(found["k"]) - 1) * 3 + 1, 3)
    if found := _PART.fullmatch(text):
        year = _year(found)
        return None if year is None else _months(year, *_PARTS[found["p"]])
    if found := _SEASON.fullmatch(text):
        year = _year(found)
        return None if year is None else _months(year, *SEASONS[found["q"]])
    if found := _MONTH.fullmatch(text) or _COMPACT.fullmatch(text):
        return _month(found)
    if found := _DECADE.fullmatch(text):
        return _decade(found)
    return None


def _month(found: re.Match[str]) -> tuple[date, date] | None:
    year, month = _year(found), int(found["m"])
    if year is None or not 1 <= month <= MONTHS_PER_YEAR:
        return None
    tenth = found.groupdict().get("t")
    if tenth is None:
        return _months(year, month, 1)
    first, last = _TENTHS[tenth]
    return date(year, month, first), date(year, month, min(last, monthrange(year, month)[1]))


def _decade(found: re.Match[str]) -> tuple[date, date]:
    if found["f"]:
        start = int(found["f"]) * 10
    else:
        century = 2000 if found["c"] in ("本世纪", "21世纪") else 1900
        start = century + int(found["d"] or found["n"]) * 10
    return date(start, 1, 1), date(start + 9, 12, 31)


def _year(found: re.Match[str]) -> int | None:
    told = found.groupdict()
    if told.get("y"):
        return int(told["y"])
    short = int(told["s"])
    if short >= LAST_CENTURY_FROM:
        return 1900 + short
    return 2000 + short if short <= THIS_CENTURY_UNTIL else None


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    first = date(year, month, 1)
    return first, add_months(first, count) - ONE_DAY


def _day(text: str) -> tuple[date, date] | None:
    found = _DAY.fullmatch(text)
    if not found:
        return None
    try:
        day = date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        return None
    return day, day


def _bare(plain: str) -> tuple[str, bool]:
    """Return the words without those that doubt, and whether there were any."""
    bare = plain
    while (less := _MARKS.sub("", bare)) != bare and less:
        bare = less
    return bare, bare != plain


def _folded(text: str) -> str:
    """Fold full-width signs and Chinese numerals (一九九八年三月, 八十年代) into one way of writing."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("。", ".").replace("元月", "1月")
    plain = _HAN_CENTURY.sub(lambda m: "21" if m["n"] else "20", plain)
    plain = _HAN_TENS.sub(lambda m: m["n"].translate(_HAN_DIGITS) + "0", plain)
    plain = _HAN_RUN.sub(lambda m: m[0].translate(_HAN_DIGITS), plain)
    plain = _HAN_MONTH.sub(lambda m: str(_han_month(m["n"])), plain)
    return re.sub(r"\s+", " ", plain)


def _han_month(text: str) -> int:
    if text.startswith("十"):
        return 10 + (int(text[1:].translate(_HAN_DIGITS)) if len(text) > 1 else 0)
    return int(text.translate(_HAN_DIGITS))
