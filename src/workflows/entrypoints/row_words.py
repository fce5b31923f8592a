"""Rows inside the facts of a case on one line: points of a criterion, a criterion, a thing looked at.

The command line, the sheets and the pages tell them alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workflows.entrypoints.wording import Wording


def row_told(row: Mapping[str, Any], wording: Wording) -> str:
    """Return a row of one of the kinds known here as one says it, "" for any other table."""
    for needed, tell in _KINDS:
        if needed <= row.keys():
            return tell(row, wording)
    return ""


def _points(row: Mapping[str, Any], wording: Wording) -> str:
    """Return the points of a criterion with what they rest on: ``服务体系 16 分（4 条记录）``."""
    say, many = wording.say, len(row.get("events") or ())
    rests = [say("told_records", count=many)] if many else []
    rests += [str(row["evidence"])] if row.get("evidence") else []
    name = str(row["criterion"] if "criterion" in row else row["id"])
    return _with(say("told_points", name=name, points=_number(row["points"])), rests, wording)


def _frozen(row: Mapping[str, Any], wording: Wording) -> str:
    """Return a criterion as it was frozen: its name, the most it gives, what it asks, what proves it."""
    say, points = wording.say, row.get("points")
    head = str(row["id"]) if points is None else say("told_at_most", name=row["id"], points=_number(points))
    colon = "：" if wording.lang == "zh" else ": "
    text = f"{head}{colon}{row['title']}" if row.get("title") and row["title"] != row["id"] else head
    rests = [say("told_veto")] if row.get("veto") else []
    if row.get("lost") is not None:
        rests.append(say("told_lost", points=_number(row["lost"])))
    if proved := row.get("proved_by"):
        key = "told_partly_proved" if row.get("partly") else "told_proved"
        rests.append(say(key, rules=wording.words.listed(map(str, proved))))
    rests += [str(row["clause"])] if row.get("clause") else []
    return _with(text, rests, wording)


def _assessed(row: Mapping[str, Any], wording: Wording) -> str:
    """Return a criterion of a site as it was found: met, not met, not seen, or not asked of this one."""
    key = "free" if row.get("applies") is False else _FOUND[row.get("met")]
    return _found(str(row["id"]), f"told_met_{key}", row, wording)


def _checked(row: Mapping[str, Any], wording: Wording) -> str:
    """Return a point of a checklist as it was found."""
    return _found(str(row["point"]), f"told_order_{_FOUND[row.get('in_order')]}", row, wording)


_FOUND = {True: "yes", False: "no", None: "unknown"}


def _found(name: str, key: str, row: Mapping[str, Any], wording: Wording) -> str:
    notes = [str(row["note"])] if row.get("note") else []
    return _with(wording.say("told_found", name=name, what=wording.say(key)), notes, wording)


def _with(text: str, more: list[str], wording: Wording) -> str:
    """Return a text with what is to be said beside it in brackets."""
    mark = "；" if wording.lang == "zh" else "; "
    return text + wording.words.bracketed(mark.join(more))


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


Tell = Callable[[Mapping[str, Any], "Wording"], str]
_KINDS: tuple[tuple[frozenset[str], Tell], ...] = (
    (frozenset({"criterion", "points"}), _points),
    (frozenset({"id", "points", "evidence"}), _points),
    (frozenset({"id", "veto"}), _frozen),
    (frozenset({"id", "applies"}), _assessed),
    (frozenset({"point"}), _checked),
)
"""The keys by which a row is known, and how it is told."""
