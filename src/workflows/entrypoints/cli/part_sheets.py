"""Ledgers in parts (党员教育管理、特色党建): rows under their part, and what would fill an empty one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from workflows.entrypoints.cli import layout
from workflows.entrypoints.cli.facts_lines import facts_line
from workflows.entrypoints.wording import Wording

if TYPE_CHECKING:
    from rich.console import RenderableType

    from workflows.entrypoints.cli.frame import Frame

SHEET = (
    "unit", "part", "on", "person", "matter", "content", "recorded_on", "position", "unit_id", "person_id",
    "event_id",
)  # fmt: skip
ON_A_SCREEN = ("part", "on", "person", "matter", "content")
COUNTED = ("statistics", "register", "dues")
"""Parts whose rows tell a sum or a state, each with the last act behind it."""


def sheet(answer: Mapping[str, Any], wording: Wording) -> list[dict[str, Any]]:
    """Return the rows for a sheet, at the end a line for each part of which nothing is recorded."""
    rows = [_line(row, wording) for row in answer["rows"]]
    return [*rows, *({"part": name, "content": told} for name, told in _empty(answer, wording))]


def view(answer: Mapping[str, Any], frame: Frame) -> list[RenderableType]:
    """Return the rows for a screen, each unit once, and the parts of which nothing is recorded."""
    wording = frame.wording
    rows = [_line(row, wording) for row in answer["rows"]]
    pieces: list[RenderableType] = [layout.by_unit(rows, ON_A_SCREEN, frame)] if rows else []
    told = [layout.told(f"{name}：{text}", frame) for name, text in _empty(answer, wording)]
    return [*pieces, *(["", *told] if pieces and told else told)]


def _line(row: Mapping[str, Any], wording: Wording) -> dict[str, Any]:
    facts = {name: value for name, value in row["facts"].items() if name != "type"}
    event = "" if row["part"] in COUNTED else row["event"]
    return {
        "unit": row["unit"],
        "part": wording.words.word("part", row["part"]),
        "on": row["on"],
        "person": row["person"],
        "matter": _matter(row, wording),
        "content": facts_line({"facts": facts, "event": event}, wording),
        "recorded_on": row["recorded_on"],
        "position": row["position"],
        "unit_id": row["unit_id"],
        "person_id": row["person_id"],
        "event_id": row["event_id"],
    }


def _matter(row: Mapping[str, Any], wording: Wording) -> str:
    """Return what took place: the meeting by its type, anything else by the act."""
    types = row["facts"].get("type")
    if types:
        return wording.words.listed(wording.words.word("meeting", one) for one in types)
    return wording.event(row["event"]) if row["event"] else ""


def _empty(answer: Mapping[str, Any], wording: Wording) -> Iterator[tuple[str, str]]:
    """Yield each part without a row, and the acts after which it has one."""
    for part in answer["parts"]:
        if not part["rows"]:
            acts = wording.words.listed(wording.command(act) for act in part["acts"])
            told = wording.say("part_empty", acts=acts)
            if part["words"]:
                told += wording.say("part_words", words=wording.words.listed(part["words"]))
            yield wording.words.word("part", part["part"]), told
