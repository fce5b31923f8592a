"""How a correction or retraction is told on one line: the value before and after, which record, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from workflows.entrypoints import rendering
from workflows.kernel.events import AMENDING

if TYPE_CHECKING:
    from workflows.entrypoints.wording import Wording


def amendment_line(row: Mapping[str, Any], wording: Wording) -> str:
    """Return a correction as ``更正：到会人数 12 → 15（第4号，原因：…）``; "" of any other event."""
    if row["event"] not in AMENDING:
        return ""
    facts = {"position": row["facts"].get("event"), "reason": row["facts"].get("reason") or "-"}
    if row["event"] == "EventRetracted":
        return wording.say("retracting", **facts)
    return wording.say("correcting", changes=wording.words.listed(changes_of(row, wording)), **facts)


def changes_of(row: Mapping[str, Any], wording: Wording) -> list[str]:
    """Return what a correction changed, each field as ``到会人数 12 → 15``."""
    return [_change(change, wording) for change in row.get("changes") or ()]


def _change(change: Mapping[str, Any], wording: Wording) -> str:
    field = str(change["field"])
    old, new = (
        rendering.cell(field, change[key], wording) or wording.say("unsaid") for key in ("old", "new")
    )
    return f"{wording.fact(field)} {old} → {new}"
