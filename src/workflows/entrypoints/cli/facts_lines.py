"""What an event says, on one line: its fields in the words of its command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from workflows.adapters.period_told import period_told
from workflows.entrypoints import rendering
from workflows.kernel.events import AMENDING

if TYPE_CHECKING:
    from workflows.entrypoints.wording import Wording

IN_FEN = "_fen"
"""Sums are kept in fen and told in yuan, under the name of the command's own field."""

IN_PERCENT = frozenset({"satisfaction", "dissatisfied"})

NOT_TOLD = frozenset({"personal"})
"""What an event notes for the program alone."""

NOT_TOLD_OF = frozenset({("PackAdopted", "text")})
"""The text of a pack has its own place."""

USUAL = frozenset({"unit_gone"})
"""What is told only where it is so."""


def facts_line(row: Mapping[str, Any], wording: Wording) -> str:
    """Return what an event says on one line, its own day left out; its fields in the words of its command."""
    from workflows.application.commands import step_named

    event, facts = str(row["event"]), row["facts"]
    step, day = step_named(event), next((key for key in facts if key.endswith("_on")), "")
    colon, mark = ("：", "，") if wording.lang == "zh" else (": ", ", ")
    told = []
    for key, value in rendering.in_words(facts).items():
        if key == day or key in NOT_TOLD or (event, key) in NOT_TOLD_OF or (value is False and key in USUAL):
            continue
        named = key == "field" and event in AMENDING
        told_as = "site_field" if key == "field" else key
        text = _label(str(value), wording) if named else rendering.cell(told_as, value, wording, step)
        if key in IN_PERCENT and text:
            text += "%"
        if text:
            amends = key == "event" and event in AMENDING
            label = _label("position" if amends else key.removesuffix(IN_FEN), wording, step)
            text = period_told(text) if wording.lang == "zh" else text
            told.append(f"{label}{colon}{text.rstrip('。')}")
    return mark.join(told)


def _label(key: str, wording: Wording, step: str = "") -> str:
    """Return the word for a field of an event: its command's own, else as a fact, else as a column."""
    return wording.words.field(key, step) or wording.column(key)
