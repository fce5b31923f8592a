"""Which cell styles of a workbook show a date, and which of them show no day (日期格式).

Read here and not by openpyxl, for two reasons: one unusual fill in the styles makes it refuse a whole
workbook, and it takes the date formats that Chinese Excel stores by number alone (27-36 and 50-58, such as 31
for 年月日) for numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import IO

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

_CHINESE = {
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    **dict.fromkeys((34, 55), "h:mm AM/PM"),
    **dict.fromkeys((35, 56), "h:mm:ss AM/PM"),
}
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


@dataclass(frozen=True, slots=True)
class DateStyles:
    """Numbers of the cell styles that show a day or time, a duration, a month without its day."""

    dates: frozenset[int]
    durations: frozenset[int]
    months: frozenset[int]


NO_DATES = DateStyles(frozenset(), frozenset(), frozenset())


def read_date_styles(source: IO[bytes]) -> DateStyles:
    """Return the date styles of ``xl/styles.xml``."""
    custom: dict[int, str] = {}
    cell_formats: list[int] = []
    for _event, element in iterparse(source):
        if element.tag == f"{{{SHEET_MAIN_NS}}}numFmt":
            custom[int(element.get("numFmtId", 0))] = element.get("formatCode", "")
        elif element.tag == f"{{{SHEET_MAIN_NS}}}cellXfs":
            cell_formats = [int(style.get("numFmtId", 0)) for style in element]
    codes = [
        custom.get(number) or BUILTIN_FORMATS.get(number) or _CHINESE.get(number) for number in cell_formats
    ]
    return DateStyles(
        dates=frozenset(at for at, code in enumerate(codes) if is_date_format(code)),
        durations=frozenset(at for at, code in enumerate(codes) if is_timedelta_format(code)),
        months=frozenset(at for at, code in enumerate(codes) if code and _shows_month_only(code)),
    )


def _shows_month_only(code: str) -> bool:
    shown = _LITERAL.sub("", code.split(";")[0]).lower()
    return "y" in shown and "m" in shown and "d" not in shown and "h" not in shown
