"""任期: which election began the running term, when it ends, and what moved that end."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from workflows.domain.act import OnBooks
from workflows.domain.unit import election_events as el
from workflows.domain.unit import events as ev
from workflows.domain.unit.outcomes import is_void
from workflows.domain.unit.state import Unit
from workflows.kernel.calendar import add_months
from workflows.policies.findings import Calc
from workflows.policies.rules import Rules


class CommitteeTerm(msgspec.Struct, frozen=True):
    """任期(届): from an election on; ``first_until`` is its end by its length, ``until`` as it was moved.

    ``changes`` are the extensions and shortenings approved, in the order of their days; ``level`` is that of
    the unit on the day of the election.
    """

    election: ev.CommitteeElected
    act: OnBooks
    first_until: date | None
    calc: tuple[Calc, ...] = ()
    changes: tuple[tuple[el.TermChanged, OnBooks], ...] = ()
    level: str = ""

    @property
    def until(self) -> date | None:
        """Return the day on which the term ends."""
        return self.changes[-1][0].term_until if self.changes else self.first_until

    @property
    def extensions(self) -> int:
        """Return how often the term was extended."""
        return sum(isinstance(event, el.TermExtended) for event, _ in self.changes)


def terms_of(unit: Unit, rules: Rules) -> list[CommitteeTerm]:
    """Return the terms of office of a unit, the oldest first; a void election begins none."""
    found: list[CommitteeTerm] = []
    for act in unit.posted:
        match act.event:
            case ev.CommitteeElected() if not is_void(act.event):
                then = unit.identity_on(act.on)
                ends = None if then is None else rules.term_end(act.on, then.kind, then.level)
                first, calc = (None, ()) if ends is None else (ends[0], (ends[1],))
                level = "" if then is None else then.level
                found.append(CommitteeTerm(act.event, act, first, calc, level=level))
            case el.TermChanged() if found:
                term = found[-1]
                found[-1] = msgspec.structs.replace(term, changes=(*term.changes, (act.event, act)))
    return found


def term_of(unit: Unit, rules: Rules) -> CommitteeTerm | None:
    """Return the running term of office, None before the first election on the books."""
    terms = terms_of(unit, rules)
    return terms[-1] if terms else None


def moved_ends(terms: list[CommitteeTerm], level: str) -> dict[UUID, date]:
    """Return the ends that the rules of a level do not tell, by the event of the election.

    They were moved, or the unit had another level when the term began: that term is served out.
    """
    return {
        term.act.source.event_id: term.until
        for term in terms
        if term.until is not None and (term.changes or term.level != level)
    }


def months_moved(first: date, new: date) -> int:
    """Return by how many months an end was moved, begun months counted whole; earlier is below zero."""
    count = 0
    if new >= first:
        while add_months(first, count) < new:
            count += 1
        return count
    while add_months(first, count) > new:
        count -= 1
    return count


def months_early(ends: date, day: date) -> int:
    """Return how many whole months before the end of a term a day lies; 0 within the last month and after."""
    count = 0
    while day <= add_months(ends, -(count + 1)):
        count += 1
    return count


class Renewal(msgspec.Struct, frozen=True):
    """换届的手续 in one term: the request and the superior's reply, the latest of each."""

    requested: tuple[el.ElectionRequested, OnBooks] | None = None
    approved: tuple[el.ElectionApproved, OnBooks] | None = None


def renewal_of(unit: Unit) -> Renewal:
    """Return what was asked and approved for the next election since the last one."""
    asked: tuple[el.ElectionRequested, OnBooks] | None = None
    approved: tuple[el.ElectionApproved, OnBooks] | None = None
    for act in unit.posted:
        match act.event:
            case ev.CommitteeElected() if not is_void(act.event):
                asked = approved = None
            case el.ElectionRequested():
                asked, approved = (act.event, act), None
            case el.ElectionApproved():
                approved = act.event, act
    return Renewal(asked, approved)
