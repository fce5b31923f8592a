"""通报: what a decided campaign came to, and who left undone what in a period.

Everything is read from the books as of a day and as known on a day; nothing is typed again. Grades stand
in the order of the plan, units in that of the tree: nobody is ranked, and no points of a unit are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from workflows.domain.act import OnBooks
from workflows.domain.campaign import events as ev
from workflows.domain.campaign.rubric import grades_of
from workflows.domain.campaign.state import Campaign
from workflows.kernel.clock import today
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import Known
from workflows.policies.findings import Finding, Verdict
from workflows.policies.rules import Rules
from workflows.projections.complying import cell_of
from workflows.projections.counting import summed
from workflows.projections.opening import Answer, Opened, Structure
from workflows.projections.proofs import BROKEN
from workflows.projections.scoring import Scoring

Row = dict[str, Any]

NOT_ASKED = ("exempt", "pending")
"""What nobody had to do by then."""

FOR_A_PERSON = (Verdict.WARN, Verdict.REFER)
"""What rules say of a decision that was made all the same: it is told beside it, without the points."""


class Bulletins(Scoring):
    """Answers with what a bulletin tells."""

    def bulletin(self, file_id: UUID, on: date | None = None, known_on: Known = None) -> Answer:
        """Answer what a decided campaign came to; ``rows``: the units, in the order of the tree.

        Raises:
            WrongUsage: ``stream-unknown``: no campaign is there on the day; ``bulletin-undecided``: no grade
                of it was decided by then, or those that were are of a voided round.
        """
        day = on or today(self.clock)
        with self.opened(known_on, day) as opened:
            told = self.scores_of(opened, file_id, None, day, known_on)
            file = opened.books.file_state(file_id).at(day)
            if not isinstance(file, Campaign) or not any(is_decided(row) for row in told["rows"]):
                subject = told["campaign"]["subject"]
                raise WrongUsage("bulletin-undecided", campaign=subject, day=day.isoformat())
            rules = opened.books.rules_for(file.unit_id, day)
            return {
                **{key: told[key] for key in _AS_TOLD},
                **_plan(file, told["scheme"], rules, day),
                "opened_on": told["campaign"]["opened_on"],
                "decisions": _decisions(file),
                "numbers": _numbers(told, file),
                "grades": _by_grade(told["rows"], grades_of(file, rules, day)),
                "apart": _apart(told["rows"]),
                "vetoes": list(_vetoes(told["rows"])),
                "remarks": _remarks(file, opened),
                "problems": _problems(told["rows"]),
                "open": sum(row["open_times"] for unit in told["rows"] for row in unit["criteria"]),
                **self._answer(opened, told["rows"], day, known_on),
            }

    def undone(
        self,
        unit_id: UUID | None,
        period: str,
        on: date | None = None,
        known_on: Known = None,
        *,
        rule: str | None = None,
        structure: Structure = "then",
    ) -> Answer:
        """Answer what was left undone, or done in vain, within a period in a unit and all below.

        ``rows``: the cells, in the order of the tree; ``counts`` are of all cells, ``units`` of whom anything
        was asked.

        Raises:
            WrongUsage: ``period-unreadable``; ``bulletin-nothing``: nothing had to be done by then.
        """
        asked, day = self._asked(period, on)
        with self.opened(known_on, day) as opened:
            order = self._in_order(opened, unit_id, day, structure)
            cells = self._cells(opened, order, asked, day, rule)
            by_unit = cells.by_unit()
            counts = summed(cells.counts())
            if all(not number or name in NOT_ASKED for name, number in counts.items()):
                raise WrongUsage("bulletin-nothing", period=period)
            short = [unit for unit in order if any(by_unit.get(unit, {}).get(name) for name in BROKEN)]
            marks = [mark for mark in cells.sheet(short).marks if mark.verdict in BROKEN] if short else []
            return {
                **self._answer(opened, [cell_of(mark, opened.naming) for mark in marks], day, known_on),
                "unit": opened.naming.unit(unit_id) if unit_id is not None else None,
                "period": period,
                "last": asked.last.isoformat(),
                "units": len(by_unit),
                "counts": counts,
            }


_AS_TOLD = ("campaign", "file_id", "year", "frozen_on", "scheme", "not_given", "counts", "round")


def is_decided(row: Row) -> bool:
    """Say whether a decision about a unit stands: a grade (also one without a name), or that it was taken."""
    return row["pending"] is None and row["rated_on"] is not None


def is_undecided(row: Row) -> bool:
    """Say whether a unit still waits for its grade: none was decided (or anew), and it has not failed."""
    return row["pending"] is not None or (row["rated_on"] is None and not _has_failed(row))


def _plan(file: Campaign, scheme: str | None, rules: Rules, day: date) -> Row:
    pack = next((pack for pack in rules.packs if scheme in (pack.id, pack.title)), None)
    return {
        "plan": pack.title if pack is not None else scheme,
        "version": pack.issued_on.isoformat() if pack is not None and pack.issued_on else None,
        "holder": file.unit_id and str(file.unit_id),
    }


def _decisions(file: Campaign) -> list[Row]:
    """Return the decisions that stand, by their paper, in the order of the days."""
    found: dict[str, Row] = {}
    held = [one for _, one in _standing(file)]
    for event, act in sorted(held, key=lambda one: (one[1].on, one[1].source.position)):
        row = found.setdefault(
            event.document or "", {"document": event.document, "first": act.on.isoformat(), "last": ""}
        )
        row["last"] = act.on.isoformat()
    return list(found.values())


def _standing(file: Campaign) -> list[tuple[UUID, tuple[ev.RatingConfirmed, OnBooks]]]:
    """Return the decisions that hold, by unit: not revoked, nor of a voided round."""
    told = ((unit, file.grade_of(unit)) for unit in file.ratings() if not file.is_pending(unit))
    return [(unit, held) for unit, held in told if held is not None]


def _numbers(told: Answer, file: Campaign) -> Row:
    rows = told["rows"]
    return {
        "units": told["units"],
        "declared": file.declared,
        "assessed": sum(_was_scored(row, "assess_self") for row in rows),
        "reviewed": sum(_was_scored(row, "review") for row in rows),
        "decided": sum(is_decided(row) for row in rows),
    }


def _was_scored(row: Row, step: str) -> bool:
    return any(one["step"] == step and not one["void"] for one in row["scores"])


def _by_grade(rows: Sequence[Row], known: Sequence[str]) -> list[Row]:
    """Return who holds which grade, in the order of the plan; grades it does not know stand behind.

    ``grade`` None: a decision without a grade. ``use``: what the plan says of the grade.
    """
    held = [row for row in rows if is_decided(row) and not row["revoked_on"]]
    order = dict.fromkeys([*known, *(row["grade"] for row in held if row["grade"]), None])
    found = []
    for grade in order:
        mine = [row for row in held if (row["grade"] or None) == grade]
        if mine:
            found.append({"grade": grade, "units": _names(mine), "use": mine[0]["use"] if grade else []})
    return found


def _apart(rows: Sequence[Row]) -> Row:
    """Return the units that hold no grade, by why: not passed, revoked, of a voided round, not decided."""
    failed = [row for row in rows if row["rated_on"] is None and _has_failed(row)]
    pending = [row for row in rows if row["pending"] is not None]
    settled = {row["unit_id"] for row in (*failed, *pending)}
    open_still = [row for row in rows if row["rated_on"] is None and row["unit_id"] not in settled]
    return {
        "failed": {"units": _names(failed), "use": failed[0]["use"] if failed else []},
        "revoked": [
            {"unit": row["unit"], "on": row["revoked_on"], "reason": row["reason"]}
            for row in rows
            if row["revoked_on"]
        ],
        "pending": _names(pending),
        "undecided": _names(open_still),
    }


def _has_failed(row: Row) -> bool:
    told = [one for one in row["scores"] if one["passed"] is not None and not one["void"]]
    return bool(told) and told[-1]["passed"] is False


def _names(rows: Iterable[Row]) -> list[str]:
    return [str(row["unit"] or "") for row in rows]


def _vetoes(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the criteria that bar a grade and were not fulfilled, by unit."""
    for row in rows:
        for one in row["criteria"]:
            if one["veto"] and one["state"] == "not_fulfilled":
                told = {"criterion": one["title"] or one["id"], "clause": one["clause"]}
                yield {"unit": row["unit"], **told, "grade": row["grade"]}


def _remarks(file: Campaign, opened: Opened) -> list[Row]:
    """Return what spoke against decisions that were made all the same, or left them to a person, by rule.

    ``reasons`` are those the decisions gave, one a unit.
    """
    found: dict[tuple[str, str], Row] = {}
    order = {unit: place for place, unit in enumerate(opened.books.in_order(None, file.acts[-1].on))}
    for unit, (event, _) in sorted(_standing(file), key=lambda one: order.get(one[0], len(order))):
        for finding in event.findings:
            if finding.verdict in FOR_A_PERSON:
                row = found.setdefault((finding.rule, finding.verdict.value), _remark(finding))
                row["units"].append(opened.naming.unit(unit) or "")
                row["reasons"].append(event.reason or None)
    return list(found.values())


def _remark(finding: Finding) -> Row:
    return {
        "rule": finding.rule,
        "label": finding.label,
        "clause": finding.clause,
        "kind": finding.kind,
        "verdict": finding.verdict.value,
        "units": [],
        "reasons": [],
    }


def _problems(rows: Iterable[Row]) -> list[Row]:
    """Return what the facts say was not kept, by rule, in the order of the criteria: of whom, how often.

    A matter that proves two criteria counts once.
    """
    found: dict[str, Row] = {}
    for row in rows:
        seen: set[tuple[object, ...]] = set()
        for proof in (proof for one in row["criteria"] for proof in one["proofs"]):
            matter = (proof["rule"], proof["what"], proof["part"], proof["person_id"], proof["on"])
            if proof["outcome"] not in BROKEN or matter in seen:
                continue
            seen.add(matter)
            told = found.setdefault(
                proof["rule"],
                {
                    "rule": proof["rule"],
                    "label": proof["label"],
                    "clause": proof["clause"],
                    "units": [],
                    "times": 0,
                },
            )
            told["times"] += 1
            if row["unit"] not in told["units"]:
                told["units"].append(row["unit"])
    return list(found.values())
