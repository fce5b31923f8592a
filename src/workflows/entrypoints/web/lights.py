"""Status as shape, word and colour together: ■逾期 ▲临期 ●正常 ○未到 ◇待定 –免."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from workflows.entrypoints.web.words import word
from workflows.projections.deadlines import SOON_DAYS as SOON_DAYS


@dataclass(frozen=True, slots=True)
class Light:
    """A status: ``shape`` is one of over, soon, ok, no, refer, free; ``text`` says how much."""

    shape: str
    text: str


URGENCY = ("over", "soon", "refer", "no", "ok", "free")
"""Shapes, the one that most wants looking at first."""


def days_left(row: Mapping[str, Any]) -> int:
    """Return the calendar days until a limit, negative once it has passed."""
    return int(row["days_left"])


def of_deadline(row: Mapping[str, Any], remind_days: int | None = None) -> Light:
    """Return the light of a limit; ``remind_days``: how long before its day it is near."""
    left, status = days_left(row), row["status"]
    if status == "met":
        met = row.get("met_on")
        return Light("ok", f"已办 {met}" if met else "已办")
    if status == "held":
        by = row.get("held_by") or {}
        shape, told = ("free", "豁免") if by.get("form") == "waived" else ("refer", "暂缓")
        return Light(shape, f"{told}至 {by['until']}" if by.get("until") else told)
    if status == "refer":
        return Light("refer", "待定")
    if row.get("proposal"):
        return Light("refer", "待决定")
    if row.get("watch") and row.get("awaited"):
        return Light("ok", f"跟踪至 {row['due_on']}")
    if row.get("awaited"):
        return Light("no", f"还有 {left} 天") if left > 0 else Light("soon", "到了，可以办")
    if left < 0:
        return Light("over", f"逾期 {-left} 天")
    if left == 0:
        return Light("soon", "今天到期")
    opens = row.get("opens_on")
    if opens and opens > row.get("as_of", "9999"):
        return Light("no", "未到")
    near = SOON_DAYS if remind_days is None else max(remind_days, SOON_DAYS)
    return Light("soon" if left <= near else "ok", f"还有 {left} 天")


def of_case(row: Mapping[str, Any]) -> Light:
    """Return the light of a case: that of the limit that is nearest; one that is over may be followed up."""
    if row["over"] and not (row["limit"] or {}).get("watch"):
        return Light("ok", "已了结")
    if row["limit"] is not None:
        return of_deadline(row["limit"])
    return Light("no", "没有未办的期限" if row.get("due_on") else "没有期限")


CELLS = {
    "met": ("ok", "已开"), "late": ("soon", "迟"), "missing": ("over", "缺"), "invalid": ("over", "无效"),
    "exempt": ("free", "免"), "pending": ("no", "未到"), "refer": ("refer", "待定"),
}  # fmt: skip
"""Shape and word of each verdict on a duty."""


def of_cell(cell: Mapping[str, Any], last: date, as_of: date) -> Light:
    """Return the light of a duty of one period, which ends on ``last``."""
    shape, text = CELLS.get(cell["verdict"], ("refer", word("verdict", cell["verdict"])))
    day = evidence_day(cell)
    if day and cell["verdict"] in ("met", "late", "invalid"):
        text = f"{text} {day[5:]}"
    if cell["verdict"] == "pending" and last - as_of <= timedelta(days=7):
        shape = "soon"
    return Light(shape, text)


def evidence_day(cell: Mapping[str, Any]) -> str:
    """Return the day of the last act that speaks for a cell, "" where there is none."""
    told = cell.get("evidence") or []
    days = [str(item["on"]) for item in told if isinstance(item, dict) and item.get("on")]
    return max(days, default="")
