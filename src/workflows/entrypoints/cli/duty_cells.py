"""``zhibu compliance``: the cells of one branch, or of all when asked, each with what it says and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from workflows.entrypoints.cli import layout

if TYPE_CHECKING:
    from rich.console import RenderableType

    from workflows.entrypoints.cli.frame import Frame
    from workflows.entrypoints.wording import Wording


def view(rows: Sequence[Mapping[str, Any]], frame: Frame) -> RenderableType:
    """Return the cells of the duties, each with its activity in words; what is not in order with its rule."""
    if not rows:
        return frame.wording.say("nothing")

    def label(rule_id: str) -> str:
        rule = frame.app.rules.rule(rule_id)
        return rule.label if rule is not None else rule_id

    told = [
        {**row, "explanation": "\n".join([row["explanation"], *frame.wording.duty_basis(row, label)])}
        for row in rows_of(rows, frame.wording)
    ]
    return layout.by_unit(told, layout.COLUMNS["compliance"], frame)


def rows_of(rows: Sequence[Mapping[str, Any]], wording: Wording) -> list[dict[str, Any]]:
    """Return the cells of the duties with their activity and explanation in words."""
    told = []
    for row in rows:
        activity = str(row["facts"]["activity"])
        about = wording.words.known("meeting", activity) or wording.words.known("rule", row["rule"])
        about = about or row["label"]
        whose = f"{row['part']}{'：' if wording.lang == 'zh' else ': '}" if row.get("part") else ""
        told.append({**row, "matter": about, "explanation": whose + wording.duty(row)})
    return told
