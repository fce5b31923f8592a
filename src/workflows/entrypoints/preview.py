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
from workflows.domain.unit.change import is_barred
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
        others = streams_of(decided)
        before = _limits(books, app, stream, *others)
        if not decided.refused:
            stream = batch.record(request).stream_id
        elif others and not is_barred(decided.findings):  # what it would come to, had the rules allowed it
            batch.record(replace(request, as_history=True, reason="preview"))
        after = _limits(Books(batch.transaction, app.rules), app, stream, *others)
        changes = list(_changes(before, after))
        if others:
            changes = list(_with_fates(before, after))
        found.extend([decided, changes])
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


def streams_of(outcome: Outcome) -> tuple[UUID, ...]:
    """Return the streams of units and people that a change of the tree takes along."""
    found = (one.stream_id for one in outcome.consequences if one.what not in ("post", "rating"))
    return tuple(dict.fromkeys(stream for stream in found if stream is not None))


def _with_fates(
    before: Mapping[tuple[Any, ...], Mapping[str, Any]], after: Mapping[tuple[Any, ...], Mapping[str, Any]]
) -> Iterable[dict[str, Any]]:
    """Yield every open limit of what a change of the tree takes along, with its fate.

    ``carried`` (``to`` another unit), ``reassigned`` to another day, ``closed``, or ``begins``.
    """
    handed = _handed_on(before, after)
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        if _task(old or new or {}) in handed and (old is None or new is None):
            continue  # told with the resolution it comes from
        if old is not None and old["status"] == "met":
            continue
        if old is None and (new is None or new["status"] == "met"):
            continue
        row = new or old or {}
        named = {name: row.get(name) for name in ("rule", "label", "subject", "number", "unit", "person")}
        told = {
            **named,
            "bygone": row["bygone"] and not row["person_id"],
            "before": _told(old),
            "after": _told(new),
        }
        if new is None:
            yield {**told, "fate": "closed", "to": None}
        elif old is None:
            yield {**told, "fate": "begins", "to": None}
        elif old["due_on"] != new["due_on"]:
            yield {**told, "fate": "reassigned", "to": None}
        elif old["unit_id"] != new["unit_id"]:
            yield {**told, "unit": old["unit"], "fate": "carried", "to": new["unit_id"]}


Task = tuple[object, ...]


def _handed_on(before: Mapping[Any, Mapping[str, Any]], after: Mapping[Any, Mapping[str, Any]]) -> set[Task]:
    """Return the tasks of resolutions that one unit had open before and another has after."""
    gone = {_task(row) for key, row in before.items() if key not in after}
    return (gone & {_task(row) for key, row in after.items() if key not in before}) - {()}


def _task(row: Mapping[str, Any]) -> Task:
    """Return what tells a task of a resolution, whoever goes on with it; () of any other limit."""
    return (row["subject"], row["due_on"]) if row.get("rule") == deadlines.TASK else ()


def _limits(books: Books, app: Backing, *streams: UUID | None) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    """Return the limits of some streams as rows, by what tells them apart."""
    found: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for stream in dict.fromkeys(streams):
        found |= {(stream, *key): row for key, row in _limits_of(books, app, stream).items()}
    return found


def _limits_of(books: Books, app: Backing, stream: UUID | None) -> dict[tuple[Any, ...], Mapping[str, Any]]:
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
