"""Finds out what a sheet is and which column says what, below title rows, in one or two levels (版式识别)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from workflows.adapters.workbooks.dates import read_day
from workflows.adapters.workbooks.headings import FACTS, Fact, kind_called, plain_heading
from workflows.adapters.workbooks.months import ENOUGH, MonthColumn, month_told, year_told
from workflows.adapters.workbooks.reader import RawRow
from workflows.adapters.workbooks.refusal import BadCell
from workflows.adapters.workbooks.rows import CellError, Column, Plain, SheetKind, Spread, Written

ROWS_TO_JUDGE = 40
"""So many rows that hold anything are looked at for the headings; 0-based columns, rows as Excel counts."""

BY_MONTH = frozenset({"month", "amount"})
"""What the columns of a wide table of dues say together."""

_ENOUGH_WHEN_NAMED = 2
_ENOUGH_BY_HEADINGS = 3
_HEADING_CHARACTERS = 40
_LABELLED = re.compile("[:：]")


@dataclass(frozen=True, slots=True)
class Layout:
    """What was made of a sheet; with an error its rows are not read, without a kind it is no known table."""

    kind: SheetKind | None
    header_row: int = 0
    columns: tuple[Column, ...] = ()
    ignored: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    errors: tuple[CellError, ...] = ()
    months: tuple[Column, ...] = ()
    """The columns of a wide table of dues, each by the name of its month (2026-07)."""


@dataclass(frozen=True, slots=True)
class _Match:
    """One candidate row of headings for one kind; ``strong`` and ``weak`` give columns by canonical name."""

    kind: SheetKind
    row: int
    at: int
    headings: tuple[str, ...]
    strong: dict[str, list[int]]
    weak: dict[str, list[int]]
    composed: bool
    months: tuple[MonthColumn, ...] = ()

    @property
    def found(self) -> int:
        return len(self.strong.keys() | self.weak.keys()) + len(BY_MONTH if self.is_wide else ())

    @property
    def is_wide(self) -> bool:
        return len({(one.year, one.month) for one in self.months}) >= ENOUGH

    @property
    def complete(self) -> bool:
        return not self.missing

    @property
    def missing(self) -> tuple[Fact, ...]:
        known = self.strong.keys() | self.weak.keys() | (BY_MONTH if self.is_wide else set())
        return tuple(fact for fact in FACTS[self.kind] if fact.column_needed and fact.canonical not in known)


def find_layout(name: str, rows: Sequence[RawRow], today: date) -> Layout:
    """Return the layout of a sheet from its name and its first rows (at most ``ROWS_TO_JUDGE``).

    The name decides, then a title row above the headings, then the headings; but a named table whose needed
    columns are missing while another table's are all there is taken for the other.
    """
    best = {kind: _best_header(kind, rows) for kind in FACTS}
    named = kind_called(name) or _kind_in_titles(best, rows)
    by_headings = _kind_by_headings(best)
    if named is not None:
        match = best[named]
        if match is not None and match.complete and match.found >= _ENOUGH_WHEN_NAMED:
            return _laid_out(match, rows, today, name)
    if by_headings is not None:
        return _laid_out(by_headings, rows, today, name)
    if named is None:
        return Layout(None, errors=(CellError("", name, "sheet-unknown"),))
    match = best[named]
    needed = "、".join(fact.title for fact in FACTS[named] if fact.column_needed)
    if match is None or match.found < _ENOUGH_WHEN_NAMED:
        return Layout(named, errors=(CellError("", "", "header-missing", {"columns": needed}),))
    missing = "、".join(fact.title for fact in match.missing)
    error = CellError(missing, "", "column-missing", {"columns": missing})
    return Layout(named, match.row, headings=match.headings, errors=(error,))


def _kind_in_titles(best: dict[SheetKind, _Match | None], rows: Sequence[RawRow]) -> SheetKind | None:
    """Return the table that a row above the likely headings names."""
    header = max((match for match in best.values() if match), key=lambda match: match.found, default=None)
    for row in rows[: header.at] if header else ():
        for written in row.cells:
            # 填报单位：甲村党支部 names who filled in the table, not the table
            title = written if isinstance(written, str) and not _LABELLED.search(written) else ""
            if title and (kind := kind_called(title)):
                return kind
    return None


def _kind_by_headings(best: dict[SheetKind, _Match | None]) -> _Match | None:
    complete = [
        match
        for match in best.values()
        # months side by side may be anything (who came when): only a name makes dues of them
        if match and match.complete and match.found >= _ENOUGH_BY_HEADINGS and not match.is_wide
    ]
    complete.sort(key=lambda match: match.found, reverse=True)
    if len(complete) > 1 and complete[0].found == complete[1].found:
        return None
    return complete[0] if complete else None


def _best_header(kind: SheetKind, rows: Sequence[RawRow]) -> _Match | None:
    """Return the row with the most headings of ``kind``, the first of equals; None where no row has any."""
    found: _Match | None = None
    for at, row in enumerate(rows):
        above = rows[at - 1] if at and rows[at - 1].number == row.number - 1 else None
        match = _match(kind, at, row, above)
        if match.found and (found is None or match.found > found.found or _is_lower_level(match, found)):
            found = match
    return found


def _is_lower_level(match: _Match, upper: _Match) -> bool:
    """Say whether ``match`` only splits what ``upper`` heads: 申请入党 above 时间 and 文号."""
    return match.at == upper.at + 1 and match.found == upper.found and match.composed


def _match(kind: SheetKind, at: int, row: RawRow, above: RawRow | None) -> _Match:
    strong: dict[str, list[int]] = {}
    weak: dict[str, list[int]] = {}
    headings: list[str] = []
    months: list[MonthColumn] = []
    composed = False
    for index, readings in enumerate(_readings(row, above)):
        own = _text(row.cells[index]) if index < len(row.cells) else ""
        headings.append(own)
        told = month_told(readings, row.cells[index] if index < len(row.cells) else None, index)
        if kind == "dues" and told is not None:
            months.append(told)
            headings[-1] = told.heading
            composed = composed or bool(own and told.heading != own)
            continue
        for reading in readings:
            plain = plain_heading(reading)
            hit = next((fact for fact in FACTS[kind] if plain and fact.strong.fullmatch(plain)), None)
            if hit:
                strong.setdefault(hit.canonical, []).append(index)
            else:
                hit = next(
                    (fact for fact in FACTS[kind] if plain and fact.weak and fact.weak.fullmatch(plain)), None
                )
                if hit:
                    weak.setdefault(hit.canonical, []).append(index)
            if hit:
                composed = composed or (bool(own) and reading != own)
                headings[-1] = reading
                break
    return _Match(kind, row.number, at, tuple(headings), strong, weak, composed, tuple(months))


def _readings(row: RawRow, above: RawRow | None) -> Iterator[tuple[str, ...]]:
    """Yield for each column the headings it may have: its own, or with the wider one above it."""
    parent = ""
    upper = above.cells if above else ()
    for index in range(max(len(row.cells), len(upper))):
        own = _text(row.cells[index]) if index < len(row.cells) else ""
        over = _text(upper[index]) if index < len(upper) else ""
        parent = over or parent
        if own:
            yield (own, parent + own) if parent and parent != own else (own,)
        else:
            yield (over,) if over else ()


def _text(written: Written) -> str:
    plain = written.value if isinstance(written, Spread) else written
    text = "".join(plain.splitlines()).strip() if isinstance(plain, str) else ""
    return text if len(text) <= _HEADING_CHARACTERS else ""


def _months_of(match: _Match, rows: Sequence[RawRow], name: str) -> tuple[list[Column], list[CellError]]:
    """Return the columns of months of a wide table, each with its year, or why they cannot be told."""
    if not match.is_wide:
        return [], []
    year = year_told(name, rows[: match.at])
    if year is None and any(one.year is None for one in match.months):
        return [], [CellError("", "", "dues-year")]
    found = [Column(f"{one.year or year}-{one.month:02d}", one.heading, one.at) for one in match.months]
    for at, one in enumerate(found):
        first = next(other for other in found if other.canonical == one.canonical)
        if first is not found[at]:
            facts = {"fact": one.canonical, "first": first.heading, "second": one.heading}
            return [], [CellError(f"{first.heading}、{one.heading}", "", "column-twice", facts)]
    return found, []


def _laid_out(match: _Match, rows: Sequence[RawRow], today: date, name: str) -> Layout:
    columns: list[Column] = []
    errors: list[CellError] = []
    for fact in FACTS[match.kind]:
        strong, weak = match.strong.get(fact.canonical, []), match.weak.get(fact.canonical, [])
        rivals = [at for at in weak if strong and _says_the_same(fact, at, match, rows, today)]
        same = [*strong, *rivals] if strong else weak
        if len(same) > 1:
            first, second = (match.headings[at] for at in same[:2])
            facts = {"fact": fact.title, "first": first, "second": second}
            errors.append(CellError(f"{first}、{second}", "", "column-twice", facts))
        elif same:
            columns.append(Column(fact.canonical, match.headings[same[0]], same[0]))
    months, wrong = _months_of(match, rows, name)
    errors += wrong
    read = {column.index for column in (*columns, *months)}
    ignored = tuple(heading for at, heading in enumerate(match.headings) if heading and at not in read)
    columns.sort(key=lambda column: column.index)
    told = (match.kind, match.row, tuple(columns), ignored, match.headings, tuple(errors))
    return Layout(*told, months=tuple(months))


def _says_the_same(fact: Fact, index: int, match: _Match, rows: Sequence[RawRow], today: date) -> bool:
    """Say whether a weak column beside a strong one holds days too (时间 may be a time of day)."""
    if fact.reader not in ("day", "past_day"):
        return False
    written = (row.cells[index] for row in rows[match.at + 1 :] if index < len(row.cells))
    return any(_is_day(cell.value if isinstance(cell, Spread) else cell, today) for cell in written)


def _is_day(written: Plain, today: date) -> bool:
    if isinstance(written, datetime):
        return True
    try:
        read_day(written, today)
    except BadCell:
        return False
    return True
