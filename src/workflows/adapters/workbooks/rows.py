"""What the importer hands on: sheets, rows and typed cells as plain data (工作簿读出的行).

Nothing here knows a file format; every class is frozen and the modules below may be given these objects as
they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal, NamedTuple

from workflows.adapters.workbooks import wording
from workflows.kernel.approximate import ApproximateDay

SheetKind = Literal["units", "members", "development", "meetings", "dues", "training"]
"""支部基本情况, 党员花名册, 发展党员台账, 三会一课记录, 党费收缴登记表, 学习培训登记表."""


class MonthPaid(NamedTuple):
    """What a column of a month says in a row: the month, the sum in yuan (None: paid, not how much)."""

    month: str
    amount: str | None
    heading: str


Value = str | int | date | ApproximateDay | tuple[str, ...] | tuple[MonthPaid, ...] | None
"""A typed cell: text or a stored name, a count, a day (one known only roughly too), a list of names or posts,
the months of a wide table; None is unknown."""


@dataclass(frozen=True, slots=True)
class Uncalculated:
    """A formula whose file holds no result (公式没有计算结果)."""

    formula: str


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """A cell that shows an error such as ``#N/A``."""

    shown: str


@dataclass(frozen=True, slots=True)
class MonthShown:
    """A date cell that shows only its month and holds the first day of it: Excel made it of a typed month."""

    first_day: date


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A time or a duration without a day."""

    shown: str


Plain = str | int | float | bool | date | datetime | Uncalculated | ErrorValue | MonthShown | TimeOfDay | None


@dataclass(frozen=True, slots=True)
class Spread:
    """The value of a vertically merged block (合并单元格) in one of its lower cells."""

    value: Plain


Written = Plain | Spread
"""A cell as it was written, with the type the file gave it."""


@dataclass(frozen=True, slots=True)
class CellError:
    """Why a row (or, on a sheet, the sheet) is refused.

    ``column`` is the heading as the user wrote it, ``""`` where no column can be named; ``value`` is what
    stands there, masked where it is an identity number or a phone number; ``code`` is stable, ``facts`` fill
    the sentences.
    """

    column: str
    value: str
    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """What is wrong, in Chinese."""
        return wording.reason(self.code, self.facts)

    @property
    def remedy(self) -> str:
        """What to do about it, in Chinese; may be empty."""
        return wording.remedy(self.code, self.facts)

    def told_in(self, lang: str) -> tuple[str, str]:
        """Return what is wrong and what to do about it, in ``zh`` or ``en``; the user's own words stay."""
        return wording.reason(self.code, self.facts, lang), wording.remedy(self.code, self.facts, lang)


@dataclass(frozen=True, slots=True)
class Flag:
    """Something recorded but worth a look; ``rule`` is ``input-…``, ``column`` may name two headings."""

    rule: str
    column: str
    facts: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """What was noticed, in Chinese, without personal data that is not masked."""
        return wording.reason(self.rule, self.facts)

    def told_in(self, lang: str) -> str:
        """Return what was noticed, in ``zh`` or ``en``; the user's own words stay."""
        return wording.reason(self.rule, self.facts, lang)


@dataclass(frozen=True, slots=True)
class Column:
    """One column that is read: its stored name, its heading as written, its place (0 is column A)."""

    canonical: str
    heading: str
    index: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row of data; with an error it is refused as a whole.

    ``row_number`` counts as Excel does. ``cells`` has every column of the sheet that could be typed; ``raw``
    the same columns as written; ``written`` the whole row from column A on, unread columns included.
    """

    sheet: str
    row_number: int
    cells: Mapping[str, Value]
    raw: Mapping[str, Written]
    written: tuple[Written, ...]
    errors: tuple[CellError, ...] = ()
    flags: tuple[Flag, ...] = ()

    def refused_for(self, error: CellError) -> Row:
        """Return the row with one more error: for what only the whole workbook or the books can tell."""
        return replace(self, errors=(*self.errors, error))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; ``kind`` is None where it was not recognised; an error says so unless it is empty.

    ``header_row`` counts as Excel does, 0 where there is none. ``headings`` are all headings from column A
    on, as written. A sheet with errors has no rows. ``skipped`` are the numbers of footer and repeated
    heading rows.
    """

    name: str
    kind: SheetKind | None
    header_row: int
    columns: tuple[Column, ...]
    ignored_columns: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    errors: tuple[CellError, ...] = ()
    flags: tuple[Flag, ...] = ()
    skipped: tuple[int, ...] = ()

    @property
    def good(self) -> tuple[Row, ...]:
        """The rows without an error, in the order of the sheet."""
        return tuple(row for row in self.rows if not row.errors)

    @property
    def refused(self) -> tuple[Row, ...]:
        """The rows with an error, in the order of the sheet."""
        return tuple(row for row in self.rows if row.errors)

    def heading(self, canonical: str) -> str:
        """Return the user's own heading of a column, ``""`` where the sheet has none such."""
        return next((column.heading for column in self.columns if column.canonical == canonical), "")


@dataclass(frozen=True, slots=True)
class Workbook:
    """All sheets in the order of the file; ``fingerprint`` is the SHA-256 of its bytes, in hexadecimal."""

    sheets: tuple[Sheet, ...]
    fingerprint: str
