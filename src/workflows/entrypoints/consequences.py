"""What a change of the tree brings with it, one line a thing: carried on, closed, begun anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workflows.application.residents import Consequence
from workflows.entrypoints.pieces import Names
from workflows.entrypoints.wording import Wording

UNIT, FILE, RATING, DEADLINE = "unit", "file", "rating", "deadline"
_OF_A_MERGER = ("records", "act", "belonging", "link", "later")
_BY_NAME = (UNIT, "post", "pack", "cell", "task", FILE, RATING, *_OF_A_MERGER)


def rows_of(
    consequences: Iterable[Consequence],
    limits: Iterable[Mapping[str, Any]],
    names: Names,
    wording: Wording,
) -> list[dict[str, Any]]:
    """Return what becomes of units, people, posts, packs and cells, then of open limits, in JSON form.

    A row: ``what, fate, name, stream_id, unit, to, due_on, message``. ``limits`` are those of a preview, each
    with its ``fate``.
    """
    told = list(consequences)
    new = {str(one.stream_id): one.name for one in told if one.what == UNIT and one.fate == "begins"}

    def named(unit: Any) -> str:
        text = "" if unit is None else str(unit)
        return new.get(text) or names(text) or text

    rows = [_row(one, named, wording) for one in told]
    return rows + [_limit(row, named, wording) for row in limits if row.get("fate")]


def lines_of(rows: Sequence[Mapping[str, Any]], most: int, wording: Wording) -> list[str]:
    """Return the sentences for a screen; limits of periods long over are only counted."""
    present = [row["message"] for row in rows if not row.get("bygone")]
    bygone = len(rows) - len(present)
    left = len(present) - most
    lines = present[:most] + ([wording.say("consequences_more", count=left)] if left > 0 else [])
    return lines + ([wording.say("consequences_bygone", count=bygone)] if bygone else [])


def _row(one: Consequence, named: Any, wording: Wording) -> dict[str, Any]:
    word, person = one.name, named(one.stream_id)
    on = ""
    if one.what == "act":
        step, _, on = one.name.partition(" ")
        word = wording.words.word("command", step)
    elif one.what == "belonging":
        word = wording.words.word("stage", one.name)
    if one.what == "post":
        word = wording.words.word("post", one.name)
    elif one.what not in _BY_NAME:
        word = wording.words.word("stage", one.what)
    key = f"{one.fate}_{one.what if one.what in _BY_NAME else 'person'}"
    if key == "closed_unit" and one.to is not None:
        key = "merged_unit"
    if one.what == FILE and one.to is None:
        key = "open_file"
    if key == "carried_unit" and one.to is None:
        key = "alone_unit"
    facts = {"name": person or word, "word": word, "unit": named(one.unit_id), "to": named(one.to), "on": on}
    return {
        "what": one.what,
        "fate": one.fate,
        "name": one.name or person,
        "stream_id": str(one.stream_id) if one.stream_id else None,
        "unit": named(one.unit_id) or None,
        "to": named(one.to) or None,
        "due_on": None,
        "message": wording.words.sentence("fate", key, **facts),
    }


def _limit(row: Mapping[str, Any], named: Any, wording: Wording) -> dict[str, Any]:
    due = (row["before"] or row["after"] or {}).get("due_on")
    after = (row["after"] or {}).get("due_on")
    whom = row["person"] or row["unit"] or ""
    to = named(row.get("to"))
    facts = {"whom": whom, "matter": row["label"], "due_on": due, "then": after, "to": to}
    return {
        "what": DEADLINE,
        "fate": row["fate"],
        "name": row["label"],
        "stream_id": None,
        "unit": row["unit"],
        "to": to or None,
        "due_on": due,
        "bygone": row.get("bygone", False),
        "message": wording.words.sentence("fate", f"{row['fate']}_deadline", **facts),
    }
