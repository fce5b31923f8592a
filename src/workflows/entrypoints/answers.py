"""Answers as they go out: findings kept with events get their sentences, in the form of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from workflows.application.commands import event_named
from workflows.entrypoints.pieces import Names
from workflows.entrypoints.relieved import waived
from workflows.entrypoints.wording import Wording, finding_json
from workflows.policies.findings import Finding


def explained(answer: dict[str, Any], wording: Wording, names: Names) -> dict[str, Any]:
    """Return an answer in which every kept finding (of events, of steps done) carries its message."""
    of = names(str(answer["id"])) or "" if answer.get("kind") == "person" else ""
    return {**answer, "rows": [_row(row, wording, names, of) for row in answer.get("rows", ())]}


def with_explanations(answer: dict[str, Any], wording: Wording) -> dict[str, Any]:
    """Return an answer about duties in which every cell says in one sentence why it stands as it does."""
    return {**answer, "rows": [{**row, "explanation": wording.duty(row)} for row in answer["rows"]]}


def _row(row: Mapping[str, Any], wording: Wording, names: Names, of: str) -> dict[str, Any]:
    """Return a row with its sentences; ``of``: whose rows these all are, "" where each names its own."""
    told = dict(row)
    who = of or str(row.get("person") or row.get("unit") or "")
    if row.get("findings"):
        step = str(row.get("command") or getattr(event_named(str(row.get("event"))), "step", ""))
        told["findings"] = _findings(row["findings"], wording, names, step, row.get("on"), who)
    if row.get("now"):
        step = str(getattr(event_named(str(row.get("event"))), "step", ""))
        told["now"] = _findings(row["now"], wording, names, step, row.get("on"), who)
    if isinstance(row.get("steps"), list):
        told["steps"] = [
            {**step, "findings": _findings(step["findings"], wording, names, step["step"], _on(step), who)}
            for step in row["steps"]
        ]
    if isinstance(row.get("done"), list):
        told["done"] = [
            {
                **done,
                **{
                    key: _findings(done[key], wording, names, done["step"], done["on"], who)
                    for key in ("findings", "now")
                },
            }
            for done in row["done"]
        ]
    if isinstance(row.get("papers"), list):
        told["papers"] = [_row(paper, wording, names, who) for paper in row["papers"]]
    return told


def _on(step: Mapping[str, Any]) -> Any:
    """Return the day on which a step ahead was asked for."""
    return step.get("earliest_on")


def _findings(
    kept: list[dict[str, Any]], wording: Wording, names: Names, step: str, on: Any, who: str
) -> list[dict[str, Any]]:
    told = []
    for item in kept:
        day = str(item.get("on") or on or "")
        finding = msgspec.convert(item, Finding)
        when = date.fromisoformat(day) if day else None
        row = finding_json(finding, wording, names, command=step, on=when, who=who)
        if waiver := item.get("waived"):
            row |= {"waived": waiver, "message": row["message"] + waived(wording.words, waiver)}
        told.append(row)
    return told
