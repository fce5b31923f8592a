"""党费: what was paid for which month, what was let off, how many months in a row nothing was paid."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any

from workflows.domain.act import Decision, OnBooks, decision
from workflows.domain.person import member_commands as cmd
from workflows.domain.person import member_events as mv
from workflows.domain.person.case import Case, decided
from workflows.domain.stages import MEMBERS
from workflows.kernel.calendar import Period
from workflows.policies.findings import Finding, Verdict

if TYPE_CHECKING:
    from workflows.domain.person.state import Person

DUES_AGAIN = "input-dues-again"
DUES_REDUCED = "input-dues-reduced"

Paid = tuple[mv.DuesRecorded, OnBooks]


def payments(person: Person, month: str) -> list[Paid]:
    """Return what was paid for a month (2026-07), in the order of the days."""
    return [(event, act) for event, act in person.each(mv.DuesRecorded) if event.month == month]


def last_paid(person: Person) -> mv.DuesRecorded | None:
    """Return the payment for the latest month that names a role: role and base of the next are like its."""
    told = [event for event, _ in person.each(mv.DuesRecorded) if event.role is not None]
    return max(told, key=lambda event: event.month) if told else None


def reduction(person: Person, month: str) -> tuple[mv.DuesReduced, OnBooks] | None:
    """Return what lets someone pay less, or nothing, for a month; the last word holds."""
    found = None
    for event, act in person.each(mv.DuesReduced):
        if event.first_month <= month and (event.last_month is None or month <= event.last_month):
            found = event, act
    return found


def owes(person: Person, month: str) -> bool:
    """Say whether dues are owed for a month: a member by its last day, from the month of admission on.

    A membership that rests that day owes nothing, nor does who was let off altogether.
    """
    last = Period.parse(month).last
    admitted = person.admitted
    if person.stage_on(last).value not in MEMBERS or person.is_stopped_on(last):
        return False
    if admitted is not None and month < str(Period.of(admitted[0], "month")):
        return False
    told = reduction(person, month)
    return told is None or bool(told[0].amount_fen)


def months_unpaid(person: Person, recorded: Collection[str], on: date) -> int | None:
    """Return how many months in a row nothing was paid, up to the last one over by ``on``.

    ``recorded`` are the months for which the branch records dues at all: where it records none, or not that
    month, nobody can tell whether somebody paid, and the row ends there; so it does at the day somebody came
    to the unit. None: the branch records no dues.
    """
    over = sorted(month for month in recorded if Period.parse(month).last < on)
    if not over:
        return None
    month, count, home = over[-1], 0, person.unit_on(on)
    while (
        person.units
        and month in recorded
        and owes(person, month)
        and person.unit_on(max(Period.parse(month).first, person.units[0].on)) == home
        and not payments(person, month)
    ):
        count += 1
        month = str(Period.parse(month).before())
    return count


@decided.register
def _(command: cmd.RecordDues, case: Case) -> Decision:
    base, amount = cmd.in_fen(command.base), cmd.in_fen(command.amount)
    event = mv.DuesRecorded(
        paid_on=command.on, month=command.month, role=command.role, base_fen=base, amount_fen=amount
    )
    reduced = reduction(case.person, command.month)
    findings = case.check(
        role=command.role,
        dues_base_fen=base,
        dues_amount_fen=amount,
        dues_month_ends_on=Period.parse(command.month).last,
        dues_reduced=True if reduced is not None else None,
    )
    before = payments(case.person, command.month)
    if before:
        facts = {"month": command.month, "paid_on": before[-1][1].on.isoformat()}
        findings = (*findings, Finding(rule=DUES_AGAIN, verdict=Verdict.NOTE, kind="input", facts=facts))
    if reduced is not None:
        told: dict[str, Any] = {"month": command.month, "document": reduced[0].document or ""}
        findings = (*findings, Finding(rule=DUES_REDUCED, verdict=Verdict.NOTE, kind="input", facts=told))
    return decision(event, findings=findings)


@decided.register
def _(command: cmd.ReduceDues, case: Case) -> Decision:
    event = mv.DuesReduced(
        agreed_on=command.on,
        first_month=command.first_month,
        last_month=command.last_month,
        amount_fen=cmd.in_fen(command.amount) or 0,
        reason=command.reason,
        discussed_on=command.discussed_on,
        document=command.document,
    )
    findings = case.check(reason=command.reason, discussed_on=command.discussed_on, document=command.document)
    return decision(event, findings=findings)
