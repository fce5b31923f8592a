"""A campaign as a whole: the sample and how to draw it again, the re-check, notices, appeals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from workflows.domain.act import OnBooks
from workflows.domain.campaign import events as ev
from workflows.domain.campaign.state import Campaign, drawn
from workflows.projections.naming import Naming, plain

Row = dict[str, Any]
ASKED_OF = ("share", "quota", "requires")
"""Kinds of rules about a sample and its re-check."""


def round_of(file: Campaign, naming: Naming) -> Row:
    """Return the round that holds, and what was done about its outcome."""
    return {
        "sample": _sample(file, naming),
        "recheck": _recheck(file, naming),
        "voided": [{**_at(act), "reason": event.reason or None} for event, act in file.each(ev.RoundVoided)],
        "notices": [
            {
                **_at(act),
                "starts_on": plain(event.starts_on),
                "working_days": event.working_days,
                "place": event.place,
            }
            for event, act in file.each(ev.RatingNoticePosted)
        ],
        "appeals": _appeals(file, naming),
    }


def _at(act: OnBooks) -> Row:
    return {"on": act.on.isoformat(), "position": act.source.position, "event_id": str(act.source.event_id)}


def _named(units: Sequence[UUID], naming: Naming) -> list[Row]:
    return [{"unit": naming.unit(unit), "unit_id": str(unit)} for unit in units]


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 2) if whole else None


def _sample(file: Campaign, naming: Naming) -> Row | None:
    """Return the sample; ``again``: whoever draws it by its seed gets the same (None: nobody can)."""
    told = file.sample
    act = next((act for event, act in file.each(ev.SampleDrawn) if event is told), None)
    if told is None or act is None:
        return None
    by_name = bool(told.passed.units) and len(told.sampled.units) == told.sampled.count
    again = None
    if by_name and told.seed is not None:
        again = set(drawn(told.passed.units, told.sampled.count, told.seed)) == set(told.sampled.units)
    return {
        **_at(act),
        "seed": told.seed,
        "passed": told.passed.count,
        "sampled": told.sampled.count,
        "share": _percent(told.sampled.count, told.passed.count),
        "passed_units": _named(told.passed.units, naming),
        "sampled_units": [*_named(told.sampled.units, naming)],
        "again": again,
        "rules": _rules(told.findings),
    }


def _recheck(file: Campaign, naming: Naming) -> Row | None:
    told = file.outcome
    act = next((act for event, act in file.each(ev.Rechecked) if event is told), None)
    if told is None or act is None:
        return None
    return {
        **_at(act),
        "sampled": told.sampled.count,
        "wrong": told.wrong.count,
        "rate": _percent(told.wrong.count, told.sampled.count),
        "wrong_units": _named(told.wrong.units, naming),
        "concealed": told.concealed,
        "rules": _rules(told.findings),
    }


def _rules(findings: Sequence[Any]) -> list[Row]:
    """Return what the rules about a share or an error rate said, each with its clause and its numbers."""
    return [
        {
            "rule": f.rule,
            "label": f.label,
            "clause": f.clause,
            "verdict": f.verdict.value,
            "calc": plain(f.calc),
        }
        for f in findings
        if f.kind in ASKED_OF
    ]


def _appeals(file: Campaign, naming: Naming) -> list[Row]:
    """Return the appeals in their order, each with how it was settled (None while it is open)."""
    found: list[Row] = []
    for act in file.acts:
        event = act.event
        if isinstance(event, ev.AppealRaised):
            who = {"unit": naming.unit(event.about), "unit_id": str(event.about)}
            found.append({**_at(act), **who, "reason": event.reason or None, "settled": None})
        elif isinstance(event, ev.AppealSettled):
            mine = [one for one in found if one["unit_id"] == str(event.about) and one["settled"] is None]
            if mine:
                told = {"upheld": event.upheld, "reason": event.reason or None}
                mine[0]["settled"] = {**_at(act), **told}
    return found
