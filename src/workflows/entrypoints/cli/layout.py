"""Which columns of an answer a screen of 80 cells shows; a sheet and JSON have them all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import RenderableType

    from workflows.entrypoints.cli.frame import Frame

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "deadlines": ("status", "due_on", "days_left", "unit", "person", "subject"),
    "pipeline": ("person", "unit", "stage", "since", "next"),
    "compliance": ("unit", "period", "rule", "verdict", "evidence", "explanation"),
    "history": ("position", "on", "event", "facts", "corrected_by"),
    "commands": ("command", "term", "fields"),
    "packs": ("id", "level", "title", "rules"),
    "rules": ("id", "label", "value", "article"),
}


def card(state: Mapping[str, Any], frame: Frame) -> RenderableType:
    """Return a state as one card: a line each fact that is known."""
    from workflows.entrypoints import rendering

    told = {key: value for key, value in state.items() if value not in (None, [], "", {})}
    if not told:
        return frame.wording.say("nothing")
    return rendering.cards([told], frame.wording)
