"""A preview: a command recorded in a transaction that is then undone, and what it would change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, Protocol
from uuid import UUID

from msgspec.structs import replace

from workflows.application.amending import Amending, Amendment
from workflows.application.books import Books
from workflows.application.recording import Batch, Outcome, Recording, Request
from workflows.domain.case_files import CaseFile
from workflows.domain.unit.state import Unit
from workflows.kernel.clock import Clock, today
from workflows.policies.rules import Rules
from workflows.projections import deadlines
from workflows.projections.naming import Naming


class _Undo(Exception):
    """Ends a preview: nothing of it stays."""


class Backing(Protocol):
    """What a preview needs."""

    @property
    def recording(self) -> Recording:
        """The use case of recording."""
        ...

    @property
    def rules(self) -> Rules:
        """The rules."""
        ...

    @property
    def clock(self) -> Clock:
        """The clock."""
        ...


def previewed(app: Backing, request: Request) -> tuple[Outcome, list[dict[str, Any]]]:
    """Return what a command would come to, and the limits of its stream that would come, go or move by it.

    A row: ``rule, subject, unit, person, before, after``; each of the two is ``{due_on, status}`` or None.
    """
    found: list[Any] = []

    def job(batch: Batch) -> None:
        books = Books(batch.transaction, app.rules)
        decided = batch.record(request, preview=True)
        stream = decided.stream_id
        before = _limits(books, app, stream)
        if not decided.refused:
            stream = batch.record(request).stream_id
        after = _limits(Books(batch.transaction, app.rules), app, stream)
        found.extend([decided, list(_changes(before, after))])
        raise _Undo

    with suppress(_Undo):
        app.recording.work(job)
    outcome, changes = found
    return outcome, changes


def previewed_amendment(
    app: Backing, amending: Amending, request: Amendment
) -> tuple[Outcome, list[dict[str, Any]]]:
    """Return what a correction or retraction would come to, and the limits of its stream it would change.

    Raises:
        WrongUsage: what :meth:`Amending.amend` raises.
    """
    found: list[Any] = []

    def job(batch: Batch) -> None:
        reading, event = batch.transaction, request.event
        target = reading.event_at(event) if isinstance(event, int) else reading.find_event(event)
        before = _limits(Books(reading, app.rules), app, target.stream_id if target else None)
        outcome = amending.in_batch(batch, request)
        after = _limits(Books(reading, app.rules), app, outcome.stream_id)
        found.extend([replace(outcome, event_ids=(), position=0), list(_changes(before, after))])
        raise _Undo

    with suppress(_Undo):
        app.recording.work(job)
    outcome, changes = found
    return outcome, changes


def _limits(books: Books, app: Backing, stream: UUID | None) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    """Return the limits of a stream as rows, by what tells them apart."""
    if stream is None:
        return {}
    day = today(app.clock)
    state = books.state(stream)
    if isinstance(state, Unit):
        limits = deadlines.of_unit(state, books.rules_for(stream, day), books, on=day, until=day)
    elif isinstance(state, CaseFile):
        limits = deadlines.of_file(state, books.rules_for(state.unit_id, day), books, on=day, until=day)
    else:
        rules = books.rules_for(state.unit_on(day), day)
        limits = deadlines.of_person(state, rules, books, on=day, until=day)
    rows = deadlines.answered(limits, Naming(books), on=day, status="all")
    return {(row["rule"], row["subject"], row.get("number"), row["opens_on"]): row for row in rows}


def _changes(
    before: Mapping[tuple[Any, ...], Mapping[str, Any]], after: Mapping[tuple[Any, ...], Mapping[str, Any]]
) -> Iterable[dict[str, Any]]:
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        told_before, told_after = _told(old), _told(new)
        if told_before != told_after:
            row = new or old or {}
            named = {name: row.get(name) for name in ("rule", "label", "subject", "number", "unit", "person")}
            yield {**named, "before": told_before, "after": told_after}


def _told(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if row is None else {"due_on": row["due_on"], "status": row["status"]}
