"""How a correction or retraction is told on one line: the value before and after, which record, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from workflows.entrypoints import rendering
from workflows.kernel.events import AMENDING

if TYPE_CHECKING:
    from workflows.entrypoints.wording import Wording

Steps = Mapping[int, str]
"""The step that led to each record, by its number."""


def steps_of(rows: Sequence[Mapping[str, Any]]) -> Steps:
    """Return the steps of the records of a history: a field is called as in the command it came from."""
    from workflows.application.commands import step_named

    return {int(row["position"]): step_named(str(row["event"])) for row in rows}


def amendment_line(row: Mapping[str, Any], wording: Wording, steps: Steps) -> str:
    """Return a correction as ``更正：到会人数 12 → 15（第4号，原因：…）``; "" of any other event."""
    if row["event"] not in AMENDING:
        return ""
    facts = {"position": row["facts"].get("event"), "reason": row["facts"].get("reason") or "-"}
    if row["event"] == "EventRetracted":
        return wording.say("retracting", **facts)
    return wording.say("correcting", changes=wording.words.listed(changes_of(row, wording, steps)), **facts)


def changes_of(row: Mapping[str, Any], wording: Wording, steps: Steps) -> list[str]:
    """Return what a correction changed, each field as ``到会人数 12 → 15``."""
    step = steps.get(row["facts"].get("event"), "")
    return [_change(change, wording, step) for change in row.get("changes") or ()]


def _change(change: Mapping[str, Any], wording: Wording, step: str) -> str:
    field = str(change["field"])
    old, new = (
        rendering.cell(field, change[key], wording, step) or wording.say("unsaid") for key in ("old", "new")
    )
    own = wording.words.known("fact", f"{step}.{field}") if wording.lang == "zh" else None
    return f"{own or wording.fact(field)} {old} → {new}"
