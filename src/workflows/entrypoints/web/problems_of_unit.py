"""The problems of a unit on its own page: open ones, those closed on a waiver, those it is to solve."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from workflows.application.ports import UnitEntry
from workflows.entrypoints.web.cases.issues import ISSUES, marks_of, waiver_told
from workflows.entrypoints.web.cases.listings import LISTINGS
from workflows.entrypoints.web.cases.sites import SITES
from workflows.entrypoints.web.desk import Desk
from workflows.entrypoints.web.lights import Light, of_case
from workflows.entrypoints.web.words import word


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem as one line: what it is called, where it stands, what is out of the ordinary."""

    path: str
    title: str
    note: str
    light: Light


@dataclass(frozen=True, slots=True)
class Problems:
    """The problems of a unit; ``below`` counts the open ones of the units below it."""

    open: list[Problem]
    waived: list[Problem]
    asked: list[Problem]
    below: int
    path: str

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to show."""
        return not (self.open or self.waived or self.asked or self.below)


def problems_of(entry: UnitEntry, desk: Desk, here: Collection[str]) -> Problems:
    """Return the problems of a unit; ``here``: its id, and those of units that became a part of it."""
    rows = desk.cases(ISSUES.kind, entry.id)["rows"]
    own = [row for row in rows if row["unit_id"] in here]
    others = [row for row in rows if row["unit_id"] not in here and not row["over"]]
    return Problems(
        open=[_problem(row) for row in own if not row["over"]],
        waived=[_problem(row) for row in own if row["waiver"]],
        asked=[_problem(row, with_unit=True) for row in others if row["level_id"] == str(entry.id)],
        below=len(others),
        path=desk.horizon.link(ISSUES.path, unit=entry.id),
    )


def beside_problems(entry: UnitEntry, desk: Desk, here: Collection[str]) -> list[Problem]:
    """Return the overhauls and the demonstration sites of a unit itself that are not over."""
    return [
        Problem(
            kind.place(row["file_id"]),
            str(row["subject"]),
            word("stage", f"{kind.kind}.{row['stage']}"),
            of_case(row),
        )
        for kind in (LISTINGS, SITES)
        for row in desk.cases(kind.kind, entry.id)["rows"]
        if row["unit_id"] in here and not row["over"]
    ]


def served_by(entry: UnitEntry, position: int, desk: Desk) -> list[Problem]:
    """Return the open problems of a unit whose rule is clean now because of one record among others."""
    found = []
    for row in desk.cases(ISSUES.kind, entry.id)["rows"]:
        if row["over"] or not row["rule"] or row["unit_id"] != str(entry.id):
            continue
        standing = desk.case(UUID(row["file_id"]))["standing"]
        looked = standing["looked"] if standing and standing["state"] == "clean" else ()
        if any(record["position"] == position for one in looked for record in one["because"]):
            found.append(_problem(row))
    return found


def _problem(row: Mapping[str, Any], *, with_unit: bool = False) -> Problem:
    told = [str(row["unit"])] if with_unit else []
    told += [waiver_told(row["waiver"])] if row["waiver"] else marks_of(row)
    return Problem(
        path=ISSUES.place(row["file_id"]),
        title=str(row["subject"]),
        note="，".join([word("stage", f"{ISSUES.kind}.{row['stage']}"), *told]),
        light=of_case(row),
    )
