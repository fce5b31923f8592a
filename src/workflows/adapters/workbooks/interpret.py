"""From raw rows to typed rows: skips titles and footers, reads each cell, judges each row (逐行解读)."""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import chain, islice

from workflows.adapters.workbooks import identity
from workflows.adapters.workbooks.checks import row_errors, row_flags
from workflows.adapters.workbooks.dates import month_of
from workflows.adapters.workbooks.headings import FACTS, Fact, plain_heading
from workflows.adapters.workbooks.layout import ROWS_TO_JUDGE, Layout, find_layout
from workflows.adapters.workbooks.limits import Limits
from workflows.adapters.workbooks.months import is_tick
from workflows.adapters.workbooks.reader import RawRow, RawSheet
from workflows.adapters.workbooks.readers import READERS, Context, is_blank, masked
from workflows.adapters.workbooks.refusal import BadCell
from workflows.adapters.workbooks.remarks import REMARK_HEADINGS, is_remarks
from workflows.adapters.workbooks.rows import (
    CellError,
    Column,
    ErrorValue,
    Flag,
    MonthPaid,
    Plain,
    Row,
    Sheet,
    SheetKind,
    Spread,
    Uncalculated,
    Value,
    Written,
)

_OWN = frozenset({"name", "identity", "phone"})
"""Readers of what belongs to one row alone: the value of a merged block says nothing about its lower rows."""

MONEY = replace(next(fact for fact in FACTS["dues"] if fact.canonical == "amount"), cell_needed=False)
_REPEATED = 2

_SURE_FOOTER = re.compile(
    r"(制表|审核|填表|填报|经办|复核|核对|录入|报送)(人|单位|日期|时间|机关).*|(合|总|小|共|累)计.*|(备注|说明|填表说明|注意事项|注):.*"
)
_FOOTER = re.compile(
    rf"{_SURE_FOOTER.pattern}|\D{{2,12}}\((签字|签名|签章|盖章|公章)\):?.*|\D{{2,8}}(签字|签名|签章|盖章|公章):?.*"
    r"|\(?(签字|签名|签章|盖章|公章)\)?|第\d+页.*|共\d+(页|人|条|名).*|\d*年\d*月\d*日?|(19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}|以下(空白|无正文).*"
)


def interpret_sheet(
    opened: RawSheet, raw: Iterator[RawRow], today: date, limits: Limits, fallback: str
) -> Sheet:
    """Return one sheet; ``fallback`` names it where the file does not (CSV). Reads ``raw`` to its end."""
    name = opened.name or fallback
    first = list(islice(raw, ROWS_TO_JUDGE))
    flags = (Flag("input-hidden-sheet", ""),) if opened.hidden else ()
    if first and is_remarks([_plain(cell) for cell in first[0].cells]):
        deque(raw, maxlen=0)
        return Sheet(name, None, first[0].number, (), (), REMARK_HEADINGS, ())
    if not first:
        return Sheet(name, None, 0, (), (), (), (), flags=flags)
    layout = find_layout(name, first, today)
    rows: tuple[Row, ...] = ()
    skipped: list[int] = []
    if layout.kind is None or layout.errors:
        deque(raw, maxlen=0)  # read past: the next sheet comes behind it
    else:
        reading = _Reading(name, layout.kind, layout, today, limits)
        body = (row for row in first if row.number > layout.header_row)
        rows = tuple(reading.rows(chain(body, raw)))
        skipped = reading.skipped
    return Sheet(
        name,
        layout.kind,
        layout.header_row,
        layout.columns,
        layout.ignored,
        layout.headings,
        rows,
        layout.errors,
        flags,
        tuple(skipped),
    )


class _Reading:
    """Reads the rows of one sheet whose layout is known."""

    def __init__(self, name: str, kind: SheetKind, layout: Layout, today: date, limits: Limits) -> None:
        self.skipped: list[int] = []
        self._name = name
        self._kind = kind
        self._today = today
        self._limit = limits.cell_characters
        facts = {fact.canonical: fact for fact in FACTS[kind]}
        self._unknown: dict[str, Value] = {
            name: () if fact.reader in ("people", "posts") else None for name, fact in facts.items()
        }
        self._columns = [(column, facts[column.canonical]) for column in layout.columns]
        self._headings = {column.canonical: column.heading for column in layout.columns}
        self._months = layout.months

    def rows(self, raw: Iterable[RawRow]) -> Iterator[Row]:
        """Yield the rows of data; of footers, repeated headings and empty rows only the number is kept."""
        for row in raw:
            if self._says_nothing(row) or self._is_heading(row) or _is_footer(row):
                self.skipped.append(row.number)
            else:
                yield self._read(row)

    def _says_nothing(self, row: RawRow) -> bool:
        cells = ((_at(row, column), fact) for column, fact in self._columns)
        return all(isinstance(cell, Spread) or is_blank(fact.reader, cell) for cell, fact in cells)

    def _is_heading(self, row: RawRow) -> bool:
        """Say whether the headings are repeated here, as on each printed page."""
        hits = filled = 0
        for column, fact in self._columns:
            cell = _at(row, column)
            if cell is None:
                continue
            filled += 1
            if isinstance(cell, str) and fact.strong.fullmatch(plain_heading(cell)):
                hits += 1
            elif not hits:
                return False
        return hits >= _REPEATED and hits * 2 >= filled

    def _read(self, row: RawRow) -> Row:
        cells: dict[str, Value] = dict(self._unknown)
        raw: dict[str, Written] = {}
        errors: list[CellError] = []
        context = Context(self._today)
        for column, fact in self._columns:
            written = raw[column.canonical] = _at(row, column)
            context.heading = column.heading
            try:
                value = self._value(written, column, fact, context)
            except BadCell as bad:
                shown = masked(fact.reader, _plain(written))
                errors.append(CellError(column.heading, shown, bad.code, bad.facts))
            else:
                if value is not None:
                    cells[column.canonical] = value
        if self._months:
            cells["payments"] = tuple(self._payments(row, errors))
        if self._kind in ("members", "development"):
            self._birth_from_number(cells, raw, errors)
        heading = self._heading
        errors.extend(row_errors(self._kind, cells, heading))
        flags: tuple[Flag, ...] = ()
        if not errors:
            hidden = (Flag("input-hidden-row", ""),) if row.hidden else ()
            flags = (*context.flags, *row_flags(self._kind, cells, heading, self._today), *hidden)
        return Row(self._name, row.number, cells, raw, row.cells, tuple(errors), flags)

    def _payments(self, row: RawRow, errors: list[CellError]) -> Iterator[MonthPaid]:
        """Yield what each month of a wide table says was paid; an empty cell says nothing."""
        for column in self._months:
            plain = _plain(_at(row, column))
            if is_tick(plain):
                yield MonthPaid(column.canonical, None, column.heading)
                continue
            try:
                amount = self._value(plain, column, MONEY, Context(self._today, column.heading))
            except BadCell as bad:
                shown = masked(MONEY.reader, plain)
                errors.append(CellError(column.heading, shown, bad.code, bad.facts))
                continue
            if isinstance(amount, str):
                yield MonthPaid(column.canonical, amount, column.heading)

    def _value(self, written: Written, column: Column, fact: Fact, context: Context) -> Value:
        """Return the typed cell, None where it says nothing.

        Raises:
            BadCell: what stands there refuses the row, or nothing does although the row needs it.
        """
        plain = None if isinstance(written, Spread) and fact.reader in _OWN else _plain(written)
        match plain:
            case Uncalculated():
                raise BadCell("formula-empty")
            case ErrorValue(shown=text):
                raise BadCell("error-value", text=text)
            case str() if len(plain) > self._limit:
                raise BadCell("too-long", count=len(plain), limit=self._limit)
        if not is_blank(fact.reader, plain):
            value = READERS[fact.reader](plain, context)
            if value or not fact.cell_needed:
                return value
        if fact.cell_needed:
            raise BadCell(
                "merged-key" if isinstance(written, Spread) else "missing", column=_compact(column.heading)
            )
        return None

    def _birth_from_number(
        self, cells: dict[str, Value], raw: dict[str, Written], errors: list[CellError]
    ) -> None:
        """Take the day of birth from the identity number where the sheet has none or only a month."""
        number = cells["identity_number"]
        if not isinstance(number, str) or cells["born_on"] is not None:
            return
        born = identity.born_on(number)
        heading = self._heading("born_on")
        refused = [error for error in errors if error.column == heading and heading]
        if not refused:
            cells["born_on"] = born
        elif plain_heading(heading).endswith("年月") and month_of(_plain(raw["born_on"])) == (
            born.year,
            born.month,
        ):
            errors.remove(refused[0])
            cells["born_on"] = born

    def _heading(self, canonical: str) -> str:
        return self._headings.get(canonical, "")


def _at(row: RawRow, column: Column) -> Written:
    return row.cells[column.index] if column.index < len(row.cells) else None


def _plain(written: Written) -> Plain:
    return written.value if isinstance(written, Spread) else written


def _is_footer(row: RawRow) -> bool:
    """Say whether a row only closes the table: who made it, totals, remarks, a stamp and a day."""
    cells = [
        cell for cell in row.cells if cell is not None and not (isinstance(cell, str) and not cell.strip())
    ]
    if not cells or not isinstance(cells[0], str):
        return False
    first = _compact(cells[0])
    if _SURE_FOOTER.fullmatch(first):
        return True
    return bool(_FOOTER.fullmatch(first)) and all(
        isinstance(cell, str) and _FOOTER.fullmatch(_compact(cell)) for cell in cells
    )


def _compact(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
