"""附上材料: whose paper it is, before it is decided."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from workflows.application.books import Books
from workflows.domain.act import Decision
from workflows.domain.papers import Attach, attach
from workflows.domain.person.case import Case as PersonCase
from workflows.domain.unit.case import Case as UnitCase

if TYPE_CHECKING:
    from workflows.application.recording import Request


def attached(command: Attach, books: Books, stream_id: UUID, request: Request) -> Decision:
    """Return what a paper of a person, a unit or a case leads to; nobody's paper is refused."""
    on = command.on
    if request.file_id is not None:
        file = books.file_state(stream_id)
        titles = books.rules_for(file.unit_id, on).chart.paper_titles
        return attach(command, titles, file.at(on).acts, ())
    if request.person_id is None:
        unit = books.unit_state(stream_id)
        rules = books.rules_for(stream_id, on)
        asked = UnitCase(command, unit, rules, books, complete=request.complete).check()
        return attach(command, rules.chart.paper_titles, unit.at(on).acts, asked)
    person = books.person_state(stream_id)
    rules = books.rules_for(request.unit_id or person.unit_on(on) or person.unit_id, on)
    case = PersonCase(command, person, rules, books, request.unit_id, complete=request.complete)
    return attach(command, rules.chart.paper_titles, case.person.acts, case.check())
