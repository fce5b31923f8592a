"""党费登记: who of a unit owes what for a month, what was paid, what is not recorded."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from workflows.domain.person.dues import last_paid, months_unpaid, owes, payments, reduction
from workflows.domain.person.state import Person
from workflows.kernel.calendar import Period
from workflows.policies.facts import Fact, FactBook
from workflows.policies.kinds import Within
from workflows.policies.kinds.sums import fen, in_yuan
from workflows.policies.rules import Rules
from workflows.policies.spans import span_after
from workflows.projections.naming import Naming
from workflows.projections.roster import MEMBERS

RATE, LATE_RULE = "rate", "dues-late"

Rows = list[dict[str, Any]]


def due_fen(rules: Rules, role: str | None, base_fen: int | None, month: str) -> int | None:
    """Return what is due for a month in fen, by the rules of its last day; None where it cannot be told."""
    if role is None:
        return None
    known: dict[str, Fact] = {"role": Fact(role)}
    if base_fen is not None:
        known["dues_base_fen"] = Fact(base_fen)
    found = rules.check("record_dues", on=Period.parse(month).last, book=FactBook(known, complete=False))
    told = [finding.facts["due"] for finding in found if finding.kind == RATE and "due" in finding.facts]
    if len(told) != 1:
        return None
    return fen(str(told[0]))


def back_until(rules: Rules, month: str) -> date | None:
    """Return the last day on which dues of a month are paid back in time (``dues-late``)."""
    last = Period.parse(month).last
    for rule in rules.rules_named(LATE_RULE):
        value = rule.value_on(last)
        if isinstance(rule, Within) and value is not None:
            return span_after(last, int(value.value), rule.unit)[0]
    return None


def register(
    people: Iterable[Person],
    unit_id: UUID,
    recorded: Collection[str],
    rules: Rules,
    naming: Naming,
    *,
    month: str,
    on: date,
) -> Rows:
    """Return one row a member of a unit for a month, as of ``on``; sums in yuan as text, the base nowhere.

    ``recorded``: the months for which the unit records dues at all. ``dues_status``: ``paid``; ``short``
    (less than is due); ``reduced`` (let off); ``stopped`` (membership rests); ``unrecorded``; ``unknown``
    where the unit recorded nobody's dues for the month. What is due is reckoned with role and base of this
    month's payment, else of the latest one known.
    """
    last = Period.parse(month).last
    shown = min(last, on)
    found = []
    for person in people:
        cut = person.at(on)
        paid = [(event, act) for event, act in payments(cut, month) if cut.unit_on(act.on) == unit_id]
        here = cut.unit_on(shown) == unit_id and cut.stage_on(shown) in MEMBERS
        since = cut.admitted[0] if cut.admitted else None
        if not paid and (not here or (since is not None and since > last)):
            continue
        paid = paid or payments(cut, month)
        source = paid[-1][0] if paid else last_paid(cut)
        role = source.role if source else None
        base = source.base_fen if source else None
        let_off = reduction(cut, month)
        due = let_off[0].amount_fen if let_off is not None else due_fen(rules, role, base, month)
        sums = [event.amount_fen for event, _ in paid if event.amount_fen is not None]
        total = sum(sums) if sums else None
        found.append(
            {
                "unit": naming.unit(unit_id),
                "unit_id": str(unit_id),
                "person": cut.profile.name,
                "person_id": str(cut.id),
                "stage": cut.stage_on(shown).value,
                "month": month,
                "role": role,
                "due": None if due is None else in_yuan(due),
                "paid": None if total is None else in_yuan(total),
                "paid_on": paid[-1][1].on.isoformat() if paid else None,
                "position": paid[-1][1].source.position if paid else None,
                "dues_status": _status(cut, month, paid=bool(paid), total=total, due=due, recorded=recorded),
                "back_until": _day(back_until(rules, month)) if not paid else None,
                "months_unpaid": months_unpaid(cut, recorded, on),
            }
        )
    return sorted(found, key=lambda row: (row["stage"] != "full", row["person"] or ""))


def _status(
    person: Person,
    month: str,
    *,
    paid: bool,
    total: int | None,
    due: int | None,
    recorded: Collection[str],
) -> str:
    if paid:
        return "short" if total is not None and due is not None and total < due else "paid"
    if person.is_stopped_on(Period.parse(month).last):
        return "stopped"
    if not owes(person, month) and reduction(person, month) is not None:
        return "reduced"
    return "unrecorded" if month in recorded else "unknown"


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
