"""等次: what campaigns decided about a branch, on its page: the latest first, with what comes of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflows.entrypoints import grade_words
from workflows.entrypoints.web import lights
from workflows.entrypoints.web.words import WORDING, word

MOST_GRADES = 3
PLATES = {"due": "no", "hangs": "ok", "open": "refer", "to_take_down": "refer", "taken_down": "free"}
"""The light of a plate: to hang, hanging, to be taken down, down."""


@dataclass(frozen=True, slots=True)
class Grade:
    """One word about a grade: what, when, in which campaign, whether it still holds, what the plan says."""

    grade: str
    unit_class: str
    on: str
    subject: str
    told: str
    uses: tuple[str, ...]
    light: lights.Light
    plate: str = ""
    plate_light: lights.Light | None = None


def grades_of(rows: Sequence[Mapping[str, Any]]) -> list[Grade]:
    """Return the latest grades of a unit, the last decided first."""
    return [_grade(row) for row in reversed(rows[-MOST_GRADES:])]


def _grade(row: Mapping[str, Any]) -> Grade:
    said = row["grade"] or (word("use", "failed") if row["passed"] is False else word("command", row["step"]))
    numbers = [f"{row['score']:g}分"] if row["score"] is not None else []
    numbers += [f"群众满意率{row['satisfaction']:g}%"] if row["satisfaction"] is not None else []
    void = [f"初评{row['void_on']}作废"] if row["void_on"] else []
    told = [row["holder"], row["plan"], *numbers, row["reason"], *void]
    return Grade(
        str(said),
        grade_words.unit_class(row["class"], WORDING),
        row["on"],
        row["subject"],
        "，".join(str(one) for one in told if one),
        tuple(grade_words.use_line(use, WORDING) for use in row["use"]),
        _light(row),
        _plate(row["plate"]),
        _plate_light(row),
    )


def _plate(told: Mapping[str, Any] | None) -> str:
    """Return who hung the plate, where, by which paper, and why it came down."""
    if told is None:
        return ""
    parts = [
        f"{told['on']} {told['awarded_by'] or ''}授牌".strip(),
        told["grade"],
        told["place"],
        told["document"],
    ]
    if told["taken_down_on"]:
        parts += [f"{told['taken_down_on']} 摘牌", told["reason"]]
    return "，".join(str(one) for one in parts if one)


def _plate_light(row: Mapping[str, Any]) -> lights.Light | None:
    told = grade_words.plate(row["plate"], due=row["plate_due"], wording=WORDING)
    if not told:
        return None
    standing = row["plate"]["standing"] if row["plate"] else "due"
    return lights.Light(PLATES[standing], told)


def _light(row: Mapping[str, Any]) -> lights.Light:
    if row["holds"]:
        return lights.Light("ok", "现持有")
    if row["pending"]:
        return lights.Light("refer", word("use", "pending"))
    if row["passed"] is False:
        return lights.Light("over", "未达标")
    return lights.Light("no", "已不再持有" if row["grade"] else "已记录")
