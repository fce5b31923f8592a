"""材料: the papers of one person as a page lists them, what is to be seen to first told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflows.entrypoints.web.words import word
from workflows.projections.papers import WANTING

_SHAPES = {"there": "ok", "missing": "over", "odd": "soon", "unsigned": "soon", "to_come": "no"}


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of a step: its status as a word and as the shape of a light."""

    title: str
    step: str
    word: str
    shape: str
    is_wanting: bool
    dated_on: str
    clause: str


@dataclass(frozen=True, slots=True)
class Papers:
    """All papers, and how many of them are to be seen to."""

    rows: Sequence[Paper]
    wanting: int


def papers_of(row: Mapping[str, Any]) -> Papers:
    """Return the papers in a row of the pipeline."""
    rows = [_paper(told) for told in row["papers"]]
    return Papers(rows, sum(paper.is_wanting for paper in rows))


def _paper(told: Mapping[str, Any]) -> Paper:
    step, status = str(told["step"] or ""), str(told["status"])
    named = word("command", step) if step else ""
    last = told["attached"][-1] if told["attached"] else {}
    return Paper(
        title=told["title"],
        step=(told["step_title"] or "") if named == step else named,
        word=word("paper", status),
        shape=_SHAPES.get(status, "free"),
        is_wanting=status in WANTING,
        dated_on=last.get("dated_on") or "",
        clause=told["clause"],
    )


def by_act(row: Mapping[str, Any]) -> dict[int, list[str]]:
    """Return by record the papers of an act as the printed course lists them: there, or still wanting."""
    found: dict[int, list[str]] = {}
    for told in row["papers"]:
        if told["position"] is None or not (told["attached"] or told["status"] in WANTING):
            continue
        dated = told["attached"][-1]["dated_on"] if told["attached"] else None
        said = [word("paper", told["status"])] if told["status"] in WANTING else []
        more = "，".join([*filter(None, [dated and f"落款 {dated}"]), *said])
        found.setdefault(int(told["position"]), []).append(told["title"] + (f"（{more}）" if more else ""))
    return found
