"""Finds what a wrong name of a branch may have meant (是否“…”？)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from workflows.adapters.workbooks.cells import read_label

_ALIKE = 0.6
_CONTAINED = 0.3
_WORN = re.compile(r"^中(国)?共(产党)?|(党支部委员会|支部委员会|党支部|支部|党总支|总支)$")


def suggest_branch(name: str, known: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """Return at most ``limit`` of the ``known`` names that ``name`` may have meant, the nearest first.

    中共 in front and 党支部 behind are not compared: all names have them. A name that holds the other counts
    as near.
    """
    wanted = _core(name)
    scored = []
    for candidate in dict.fromkeys(known):
        core = _core(candidate)
        if not wanted or not core:
            continue
        score = SequenceMatcher(None, wanted, core).ratio()
        if len(wanted) > 1 and (wanted in core or core in wanted):
            score = min(1.0, score + _CONTAINED)
        if score >= _ALIKE:
            scored.append((-score, candidate))
    return tuple(candidate for _score, candidate in sorted(scored)[:limit])


def _core(name: str) -> str:
    return _WORN.sub("", read_label(name))
