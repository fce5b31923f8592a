"""What rules say of single acts of a unit, as known now.

Meetings and censures are judged anew, all else as recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from uuid import UUID

from msgspec.structs import replace

from workflows.application.books import Books
from workflows.domain.act import OnBooks
from workflows.domain.unit.book import meeting_findings
from workflows.domain.unit.censure_events import UnitCensured
from workflows.domain.unit.censures import judged_now
from workflows.domain.unit.events import MeetingHeld
from workflows.policies.findings import Finding
from workflows.policies.kinds import Cadence
from workflows.policies.rules import Rules
from workflows.projections import proofs, said_later
from workflows.projections.proofs import Proof


def unrecurring(rules: Rules, named: Iterable[str]) -> frozenset[str]:
    """Return the rules about the matters of those named that ask for nothing period by period."""
    return frozenset(rule.id for name in named for rule in rules.about(name) if not isinstance(rule, Cadence))


def acts_told(
    books: Books, unit_id: UUID, wanted: frozenset[str], on: date, is_asked: Callable[[OnBooks], bool]
) -> Iterator[Proof]:
    """Yield what rules that count nothing say of the acts of a unit by a day that are asked for."""
    if not wanted:
        return
    for act in books.unit_state(unit_id).at(on).acts:
        if is_asked(act):
            later = said_later.of_a_censure(act, books)
            for proof in proofs.of_act(act, unit_id, _judged(act, unit_id, books, on), wanted):
                yield replace(proof, sources=(*proof.sources, *later))


def _judged(act: OnBooks, unit_id: UUID, books: Books, on: date) -> tuple[Finding, ...]:
    unit, then = books.unit_state(unit_id).at(on), books.rules_for(unit_id, act.on)
    match act.event:
        case MeetingHeld() as event:
            return meeting_findings(event, unit, then, books, complete=False)
        case UnitCensured() as event:
            return judged_now(event, unit, then, books, complete=not act.is_copied)
    return proofs.findings_of(act)
