"""What is proposed about the grades of a campaign, beside each unit: a person decides, on the forms named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from workflows.entrypoints.proposed import causes_of
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.lights import Light, of_deadline
from workflows.entrypoints.web.words import WORDING, word

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Awaited:
    """One thing that awaits a decision: what speaks for it, and where one decides (the word, the form)."""

    light: Light
    why: str
    choices: Sequence[tuple[str, str]]


def by_unit(rows: Sequence[Row], file_id: str, base: str, ask: Ask) -> dict[str, list[Awaited]]:
    """Return by unit what awaits a decision about its grade in a campaign; ``base``: the page of that."""
    graded = [UUID(row["unit_id"]) for row in rows if row["rated_on"] or _has_failed(row)]
    found: dict[str, list[Awaited]] = {}
    for row in ask.desk.limits_among(graded) if graded else ():
        told = row.get("proposal")
        if told and told["file_id"] == file_id:
            choices = [(word("command", one["command"]), _path(one, base)) for one in told["offers"]]
            one = Awaited(of_deadline(row), causes_of(row, WORDING), choices)
            found.setdefault(str(row["unit_id"]), []).append(one)
    return found


def _has_failed(row: Row) -> bool:
    return any(one["passed"] is False for one in row["scores"] if not one["void"])


def _path(offer: Row, base: str) -> str:
    if offer["subject"]:
        return f"{base}/acts/{offer['command']}?unit={offer['unit_id']}"
    return f"/units/{offer['unit_id']}/acts/{offer['command']}?{urlencode(offer['with'])}"
