"""What the cells of one row say against each other: some refuse the row, most are flagged (行内核对)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise

from workflows.adapters.workbooks import identity
from workflows.adapters.workbooks.rows import CellError, Flag, SheetKind, Value
from workflows.kernel.approximate import ApproximateDay

Heading = Callable[[str], str]
"""The user's own heading for a column's stored name, ``""`` where the sheet has none."""

_COURSE = ("applied_on", "talked_on", "activist_on", "target_on", "voted_on", "approved_on", "full_since")
_YEARS_TO_FULL = 2
"""A year of probation and the longest extension: after that a missing 转正时间 is more likely forgotten."""


def row_errors(kind: SheetKind, cells: Mapping[str, Value], heading: Heading) -> tuple[CellError, ...]:
    """Return what refuses the row although each cell can be read."""
    eligible, attending = cells.get("eligible"), cells.get("attending")
    if (
        kind == "meetings"
        and isinstance(eligible, int)
        and isinstance(attending, int)
        and attending > eligible
    ):
        facts = {"attending": attending, "eligible": eligible}
        return (CellError(heading("attending"), str(attending), "attending-over", facts),)
    return ()


def row_flags(kind: SheetKind, cells: Mapping[str, Value], heading: Heading, today: date) -> tuple[Flag, ...]:
    """Return what is recorded but worth a look: days out of order, a number that says something else."""
    flags: list[Flag] = []
    match kind:
        case "units":
            _order(flags, cells, heading, "established_on", "elected_on")
        case "members":
            _order(flags, cells, heading, "born_on", "admitted_on")
            _order(flags, cells, heading, "admitted_on", "full_since")
            _overdue_full(flags, cells, heading, today)
        case "development":
            _course(flags, cells, heading)
        case "meetings" | "dues" | "training":
            pass
    _against_identity_number(flags, cells, heading)
    return tuple(flags)


def _course(flags: list[Flag], cells: Mapping[str, Value], heading: Heading) -> None:
    """Compare each step with the nearest known one before it; of a notice only the end is fixed: the vote."""
    known = [step for step in _COURSE if isinstance(cells.get(step), date | ApproximateDay)]
    _order(flags, cells, heading, "born_on", "applied_on")
    for earlier, later in pairwise(known):
        _order(flags, cells, heading, earlier, later)
    vote = next((step for step in known if step in _COURSE[_COURSE.index("voted_on") :]), None)
    begun = [step for step in known if step in _COURSE[: _COURSE.index("voted_on")]]
    for step in ("reviewed_on", "trained_on"):
        if begun:
            _order(flags, cells, heading, begun[-1], step)
        if vote:
            _order(flags, cells, heading, step, vote)
    if vote:
        _order(flags, cells, heading, "notice_on", vote)


def _order(flags: list[Flag], cells: Mapping[str, Value], heading: Heading, earlier: str, later: str) -> None:
    first, second = cells.get(earlier), cells.get(later)
    if (
        isinstance(first, date | ApproximateDay)
        and isinstance(second, date | ApproximateDay)
        and _ends(second)[1] < _ends(first)[0]
    ):
        names = (heading(earlier) or "身份证号", heading(later))
        facts = {
            "earlier": names[0],
            "later": names[1],
            "earlier_on": str(first),
            "later_on": str(second),
        }
        flags.append(Flag("input-date-order", "、".join(names), facts))


def _ends(day: date | ApproximateDay) -> tuple[date, date]:
    """Return the first and the last day that is meant: of an exact day itself."""
    return (day, day) if isinstance(day, date) else (day.first, day.last)


def _overdue_full(flags: list[Flag], cells: Mapping[str, Value], heading: Heading, today: date) -> None:
    told = cells.get("admitted_on")
    admitted = _ends(told)[1] if isinstance(told, date | ApproximateDay) else None
    if admitted is not None and cells.get("full_since") is None:
        years = today.year - admitted.year - ((today.month, today.day) < (admitted.month, admitted.day))
        if years >= _YEARS_TO_FULL:
            flags.append(
                Flag("input-full-missing", heading("full_since") or heading("admitted_on"), {"years": years})
            )


def _against_identity_number(flags: list[Flag], cells: Mapping[str, Value], heading: Heading) -> None:
    number = cells.get("identity_number")
    if not isinstance(number, str):
        return
    born, sex = cells.get("born_on"), cells.get("sex")
    if isinstance(born, date) and born != identity.born_on(number):
        flags.append(Flag("input-born-mismatch", heading("born_on")))
    if sex is not None and sex != identity.sex(number):
        flags.append(Flag("input-sex-mismatch", heading("sex")))
