"""Ledgers of cases (整改、考评、示范点、党支部分类) for a sheet and for a screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from workflows.entrypoints import grade_words
from workflows.entrypoints.cli import layout
from workflows.entrypoints.rendering import cell
from workflows.entrypoints.wording import Wording

if TYPE_CHECKING:
    from rich.console import RenderableType

    from workflows.entrypoints.cli.frame import Frame

HEADINGS = {
    "subject": "case_subject",
    "source": "issue_source",
    "severity": "issue_severity",
    "leader": "case_leader",
    "planned_on": "site_planned_on",
    "level": "site_level",
    "field": "site_field",
    "class": "unit_class",
    "file_kind": "",
}
"""By which name a key has its heading, where other lists use the same key for another thing; "" for none."""

ON_A_SCREEN = {
    "rectification": (
        "case_subject",
        "stage",
        "issue_severity",
        "due_on",
        "overdue_days",
        "owner",
        "closed_out_on",
    ),
    "campaign": (
        "case_subject",
        "year",
        "stage",
        "score",
        "satisfaction",
        "grade",
        "unit_class",
        "revoked_on",
    ),
    "site": ("case_subject", "site_level", "stage", "assessments", "named_on", "delisted_on"),
}


OF_CLASSES = ("unit", "grade", "rated_on", "year", "case_subject")


def sheet(rows: Sequence[Mapping[str, Any]], wording: Wording) -> list[dict[str, Any]]:
    """Return the rows for a sheet: each value on one line, each column with a heading of its own."""
    return [_flat(row, wording) for row in rows]


def view(rows: Sequence[Mapping[str, Any]], frame: Frame) -> RenderableType:
    """Return the rows for a screen, each unit once, as a heading above its own."""
    if not rows:
        return frame.wording.say("nothing")
    if "file_kind" not in rows[0]:
        return _by_class(rows, frame)
    return layout.by_unit(sheet(rows, frame.wording), ON_A_SCREEN[rows[0]["file_kind"]], frame)


def _by_class(rows: Sequence[Mapping[str, Any]], frame: Frame) -> RenderableType:
    """Return branches under the class that each is of; no place within a class says who is better."""
    from rich.console import Group

    from workflows.entrypoints import rendering

    wording = frame.wording
    parts = [
        (grade_words.unit_class(key, wording) or wording.words.word("use", "no-class"), list(part))
        for key, part in groupby(rows, key=lambda row: row["class"])
    ]
    flat = [(name, sheet(part, wording)) for name, part in parts]
    return Group(*rendering.tables(flat, wording, columns=OF_CLASSES, width=frame.width))


def _flat(row: Mapping[str, Any], wording: Wording) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for key, value in row.items():
        name = HEADINGS.get(key, key)
        if key == "class":
            told[name] = grade_words.unit_class(value, wording)
        elif key == "use":
            told[name] = [grade_words.use_line(one, wording) for one in value]
        elif key == "stage":
            told[name] = wording.stage(f"{row['file_kind']}.{value}")
        elif key == "scores":
            told[name] = [_score(one, wording) for one in value]
        elif key in ("assessments", "adjusted"):
            told[name] = [_line(one, wording) for one in value]
        elif name:
            told[name] = _number(value)
    return told


def _number(value: Any) -> Any:
    """Return a whole number without its point, anything else as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _score(score: Mapping[str, Any], wording: Wording) -> str:
    """Return one score as it was given: by whom, when, how many points, why, whether its round was voided."""
    told = {key: score[key] for key in ("score", "passed", "reason", "criteria") if score[key] is not None}
    told |= {"void": True} if score["void"] else {}
    parts = [cell("step", score["step"], wording), score["on"], _line(told, wording)]
    return " ".join(part for part in parts if part)


def _line(told: Mapping[str, Any], wording: Wording) -> str:
    """Return a nested row as one text, a day first where it has one."""
    colon, mark = ("：", "，") if wording.lang == "zh" else (": ", ", ")
    parts = [str(told["on"])] if "on" in told else []
    for key, value in told.items():
        text = "" if key == "on" else cell(HEADINGS.get(key, key), _number(value), wording)
        if text:
            parts.append(f"{wording.column(HEADINGS.get(key, key))}{colon}{text}")
    return mark.join(parts)
