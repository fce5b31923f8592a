"""案卷办理: which case a command means, and what it leads to there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from workflows.application.books import Books
from workflows.application.case_facts import CaseReader
from workflows.application.case_files import FILES
from workflows.application.residents import gone
from workflows.domain import case_files
from workflows.domain.act import Decision
from workflows.domain.case_acts import FileCommand, FileOpened
from workflows.domain.inspection.commands import RaiseFinding
from workflows.domain.inspection.events import FindingRaised
from workflows.domain.rectification.commands import OpenIssue
from workflows.domain.rectification.state import Rectification
from workflows.kernel.errors import WrongUsage
from workflows.kernel.ids import derived
from workflows.kernel.personal_numbers import has_personal_number
from workflows.policies.findings import Finding

if TYPE_CHECKING:
    from workflows.application.recording import Request


def target(
    books: Books, command: FileCommand, request: Request, fresh: Callable[[], UUID]
) -> tuple[UUID, Request]:
    """Return the stream of the case meant: a new one where the command opens it.

    A case stays with the unit it was opened for; there its subject is its own.

    Raises:
        WrongUsage: ``subject-wanted``, ``unit-wanted``; ``subject-exists`` for one opened before;
            ``subject-personal`` for one with a number of somebody in it, but as history.
    """
    if not command.opens:
        if request.file_id is None:
            raise WrongUsage("subject-wanted", command=command.verb())
        home = books.file_state(request.file_id).unit_id
        about = request.unit_id if request.unit_id != home else None
        replaced = msgspec.structs.replace(request, unit_id=home or request.unit_id, named_unit_id=about)
        return request.file_id, replaced
    if request.unit_id is None:
        raise WrongUsage("unit-wanted", command=command.verb())
    subject = (request.subject or "").strip()
    if not subject:
        raise WrongUsage("subject-wanted", command=command.verb())
    is_typed = (
        request.file_id is None and not request.as_history
    )  # else it is of old papers, or of another case
    if is_typed and has_personal_number(subject):
        raise WrongUsage("subject-personal", command=command.verb())
    _be_free(books, command.aggregate, request.unit_id, subject, request.file_id)
    return request.file_id or fresh(), msgspec.structs.replace(request, subject=subject)


def check_subject(books: Books, opened: FileOpened, file_id: UUID, subject: str) -> None:
    """Refuse a correction of what a case is called as the command that opens one would.

    Raises:
        WrongUsage: ``subject-wanted``, ``subject-personal``, ``subject-exists``.
    """
    name = getattr(opened, "step", "correct")
    if not subject.strip():
        raise WrongUsage("subject-wanted", command=name)
    if has_personal_number(subject):
        raise WrongUsage("subject-personal", command=name)
    _be_free(books, books.file_state(file_id).kind, opened.of_unit, subject.strip(), file_id)


def _be_free(books: Books, kind: str, unit_id: UUID, subject: str, file_id: UUID | None) -> None:
    held = books.files_of(kind, [unit_id])
    if any(entry.subject == subject and entry.id != file_id for entry in held):
        raise WrongUsage("subject-exists", subject=subject)


def problems(request: Request, decided: Decision, stream_id: UUID, books: Books) -> list[Request]:
    """Return the request by which a finding of an inspection opens a problem of its own, of the same day.

    The problem stands at the unit inspected, or the one below it that was named; its subject is that of the
    inspection with a number.
    """
    command = request.command
    found = next((one for one in decided.events if isinstance(one, FindingRaised)), None)
    if found is None or not isinstance(command, RaiseFinding):
        return []
    file = books.file_state(stream_id)
    unit_id = request.named_unit_id or file.unit_id or request.unit_id
    if unit_id is None:
        raise TypeError("an inspection is about a unit")
    number = sum(1 for _ in file.each(FindingRaised)) + 1
    taken = {entry.subject for entry in books.files_of(Rectification.kind, [unit_id])}
    while (subject := f"{file.subject}：问题{number}") in taken:
        number += 1
    opening = OpenIssue(
        on=command.on,
        source="inspection",
        text=command.text,
        rule=command.rule,
        severity=command.severity,
        due_on=command.due_on,
    )
    return [
        msgspec.structs.replace(
            request,
            command=opening,
            file_id=derived(str(stream_id), "problem", str(unit_id), number),
            unit_id=unit_id,
            named_unit_id=None,
            subject=subject,
            command_id=request.command_id and derived(request.command_id, "problem"),
        )
    ]


def opened_by(requests: Iterable[Request]) -> tuple[str, ...]:
    """Return what the cases are called that requests open."""
    return tuple(one.subject for one in requests if one.subject and getattr(one.command, "opens", False))


def decided(books: Books, stream_id: UUID, command: FileCommand, request: Request) -> Decision:
    """Return what a command of a case leads to, by the rules of its unit on the day of the act."""
    file = books.file_state(stream_id)
    if not file.acts:
        file = FILES[command.aggregate](stream_id)
    unit_id = file.unit_id or request.unit_id
    case = case_files.FileCase(
        command,
        file,
        books.rules_for(request.named_unit_id or unit_id, command.on),
        books,
        CaseReader(books),
        unit_id=unit_id,
        about=request.named_unit_id,
        subject=request.subject or "",
        complete=request.complete,
    )
    told = case_files.decided(command, case)
    barred = _gone(books, command, unit_id)
    return msgspec.structs.replace(told, findings=(*barred, *told.findings)) if barred else told


def _gone(books: Books, command: FileCommand, unit_id: UUID | None) -> tuple[Finding, ...]:
    """Say that no case is opened at a unit from the day on which it is no more."""
    ended = books.unit_state(unit_id).dated.ended if unit_id is not None and command.opens else None
    if unit_id is None or ended is None or command.on < ended.on:
        return ()
    return (gone(unit_id, ended.on, ended.into),)
