"""Days of a refusal: each lawful under the rules that hold by then."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from workflows.application.books import Books
from workflows.domain.person.book import book_of
from workflows.domain.person.state import Person
from workflows.policies.findings import Finding, Verdict

if TYPE_CHECKING:
    from workflows.application.recording import Request


def with_later(
    books: Books, stream_id: UUID, request: Request, findings: tuple[Finding, ...]
) -> tuple[Finding, ...]:
    """Return the findings of a refused act, each day it waits for lawful under the rules of that day."""
    person, command, on = books.state(stream_id), request.command, request.command.on
    if not isinstance(person, Person) or not any(finding.earliest_on for finding in findings):
        return findings
    rules_on = partial(books.rules_for, request.unit_id or person.unit_on(on) or person.unit_id)
    rules = rules_on(on)
    book = book_of(person.at(on), rules, books, on)
    found = []
    for finding in findings:
        first, later = finding.earliest_on, None
        if first is not None and finding.verdict in (Verdict.BLOCK, Verdict.INCOMPLETE):
            later = rules.later_than(first, command.verb(), on=on, book=book, rules_on=rules_on)
        found.append(finding if later is None else msgspec.structs.replace(finding, later=later))
    return tuple(found)
