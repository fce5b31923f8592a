"""What rules say of single acts of a unit, as known now.

Meetings and censures are judged anew, all else as recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from uuid import UUID

from msgspec.structs import replace

from workflows.application.books import Books
from workflows.domain.act import OnBooks
from workflows.domain.person import judged_again
from workflows.domain.person.charge_events import PersonCharged
from workflows.domain.person.state import Person
from workflows.domain.unit.book import meeting_findings
from workflows.domain.unit.censure_events import UnitCensured
from workflows.domain.unit.censures import judged_now
from workflows.domain.unit.events import MeetingHeld
from workflows.policies.acts import OF_PEOPLE
from workflows.policies.findings import Finding, Source, Verdict
from workflows.policies.kinds import Cadence, Forbids
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


def vetoes(rules: Rules, named: Iterable[str]) -> frozenset[str]:
    """Return the rules about the matters of those named that forbid an act about people."""
    found = (rule for name in named for rule in rules.about(name) if isinstance(rule, Forbids))
    return frozenset(rule.id for rule in found if OF_PEOPLE & set(rule.on))


def forbidden_of_people(
    books: Books,
    unit_id: UUID,
    wanted: frozenset[str],
    on: date,
    is_asked: Callable[[OnBooks, Sequence[Source]], bool],
) -> Iterator[tuple[OnBooks, tuple[Source, ...], Finding]]:
    """Yield what rules that forbid say of acts about those who belonged to a unit on the day before.

    With each act comes what was said of it later; of a charge by what is known now, else as recorded.
    """
    if not wanted:
        return
    for person in map(books.person_state, books.reading.directory.people_of(unit_id)):
        for act in person.at(on).acts:
            later = said_later.of_a_censure(act, books)
            if not is_asked(act, later) or person.unit_on(act.on - timedelta(days=1)) != unit_id:
                continue
            found = _judged_of(act, person, unit_id, books)
            yield from ((act, later, one) for one in found if one.rule in wanted)


def people_told(
    books: Books, unit_id: UUID, wanted: frozenset[str], on: date, is_asked: Callable[[OnBooks], bool]
) -> Iterator[Proof]:
    """Yield the same of the acts asked for as proofs, nobody named: what is only recorded is wanting too."""
    found = forbidden_of_people(books, unit_id, wanted, on, lambda act, _: is_asked(act))
    for act, later, finding in found:
        told = replace(finding, verdict=Verdict.WARN) if finding.verdict is Verdict.NOTE else finding
        for proof in proofs.of_act(act, unit_id, (told,), wanted):
            yield replace(proof, sources=(*proof.sources, *later))


def _judged_of(act: OnBooks, person: Person, unit_id: UUID, books: Books) -> tuple[Finding, ...]:
    if not isinstance(act.event, PersonCharged):
        return proofs.findings_of(act)
    return judged_again.now_of(act, person, books.rules_for(unit_id, act.on), books)


def _judged(act: OnBooks, unit_id: UUID, books: Books, on: date) -> tuple[Finding, ...]:
    unit, then = books.unit_state(unit_id).at(on), books.rules_for(unit_id, act.on)
    match act.event:
        case MeetingHeld() as event:
            return meeting_findings(event, unit, then, books, complete=False)
        case UnitCensured() as event:
            return judged_now(event, unit, then, books, complete=not act.is_copied)
    return proofs.findings_of(act)
