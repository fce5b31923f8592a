"""``compliance --matrix``: units × the periods of a rule, or × rules, with the totals of both.

The cells are those of the list; nothing is scored, and units stand in the order of the tree.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.entrypoints.cell_words import activity_word
from workflows.entrypoints.wording import Wording

NOT_ASKED = ("exempt", "pending")
"""What does not count among what should have been done by now."""


def rows_of(answer: Mapping[str, Any], wording: Wording) -> list[dict[str, str]]:
    """Return the table as it is shown: a row a unit, at the end the totals."""
    heads = {column["key"]: _head(column, answer["by"], wording) for column in answer["columns"]}
    done, unit = wording.say("matrix_done"), "unit"
    rows = [
        {
            unit: str(row["unit"] or ""),
            **{
                head: _cell(row["cells"][key], wording) if key in row["cells"] else ""
                for key, head in heads.items()
            },
            done: _done(row["counts"]),
        }
        for row in answer["rows"]
    ]
    if not rows:
        return []
    totals = {heads[column["key"]]: _done(column["counts"]) for column in answer["columns"]}
    title = wording.say("matrix_total", units=answer["units"])
    return [*rows, {unit: title, **totals, done: _done(answer["counts"])}]


def _head(column: Mapping[str, Any], by: str, wording: Wording) -> str:
    if by == "period":
        return str(column["key"])
    return activity_word(wording.words, str(column["rule"]), str(column["activity"]))


def _cell(cell: Mapping[str, Any], wording: Wording) -> str:
    word = wording.words.known("tally", cell["verdict"]) or wording.verdict(cell["verdict"])
    if cell.get("members"):
        return f"{word} {cell['reached']}/{cell['members']}"
    return word if cell["cells"] == 1 else f"{word} {_done(cell['counts'])}"


def _done(counts: Mapping[str, int]) -> str:
    """Return how many are done of how many should be by now."""
    asked = sum(counts.values()) - sum(counts[verdict] for verdict in NOT_ASKED)
    return f"{counts['met'] + counts['late']}/{asked}"
