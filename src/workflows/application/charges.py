"""立案、通报、追责: what is on the books against a unit and its people; what is not recorded is not known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from workflows.application.books import Books
from workflows.domain.act import OnBooks
from workflows.domain.facts import Charged
from workflows.domain.person.charge_events import PersonCharged
from workflows.domain.unit.censure_events import UnitCensured
from workflows.policies.facts import Fact

CASE_FILED = "case_filed"
FAULTED = frozenset({"criticised", "held_accountable"})


def charged(books: Books, unit_id: UUID, on: date) -> Charged:
    """Return the last day on which a case was filed, and that of a censure over work.

    Of the unit itself, and of whoever belonged to it on the day before; what nobody recorded is not there.
    A censure of which nobody said whether it was over work is told apart: unknown is not no.
    """
    found = Charged()
    for act in sorted(_acts(books, unit_id, on), key=lambda one: (one.on, one.source.position)):
        event = act.event
        if not isinstance(event, UnitCensured | PersonCharged):
            continue
        if event.form == CASE_FILED:
            found = found._replace(case_filed=Fact(act.on, act.source))
        elif event.form in FAULTED and event.over_work is None:
            found = found._replace(unsaid=Fact(act.on, act.source), unsaid_form=event.form)
        elif event.form in FAULTED and event.over_work:
            found = found._replace(faulted=Fact(act.on, act.source))
    return found


def _acts(books: Books, unit_id: UUID, on: date) -> Iterator[OnBooks]:
    yield from books.unit_state(unit_id).at(on).acts
    for person in map(books.person_state, books.reading.directory.people_of(unit_id)):
        for act in person.at(on).acts:
            if person.unit_on(act.on - timedelta(days=1)) == unit_id:
                yield act
