"""What rules say of single acts of a unit, as known now: meetings are judged anew, all else as recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from uuid import UUID

from workflows.application.books import Books
from workflows.domain.act import OnBooks
from workflows.domain.unit.book import meeting_findings
from workflows.domain.unit.events import MeetingHeld
from workflows.policies.kinds import Cadence
from workflows.policies.rules import Rules
from workflows.projections import proofs
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
            event, found = act.event, proofs.findings_of(act)
            if isinstance(event, MeetingHeld):
                unit, then = books.unit_state(unit_id).at(on), books.rules_for(unit_id, act.on)
                found = meeting_findings(event, unit, then, books, complete=False)
            yield from proofs.of_act(act, unit_id, found, wanted)
