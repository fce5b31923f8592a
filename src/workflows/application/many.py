"""One step of many people at once: each checked by itself, each recorded or refused by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workflows.application.recording import Batch, Outcome, Recording, Request
from workflows.domain.person.commands import Personal
from workflows.kernel.errors import Conflict, Problem, WrongUsage

USED_BEFORE = "command-id-used"


@dataclass(frozen=True, slots=True)
class Each:
    """What became of one of several requests: an outcome, or why the request itself made no sense."""

    request: Request
    outcome: Outcome | None = None
    problem: Problem | None = None

    @property
    def refused(self) -> bool:
        """Say whether nothing was recorded of it."""
        return self.outcome is None or self.outcome.refused


def record_each(recording: Recording, requests: Sequence[Request], *, preview: bool = False) -> list[Each]:
    """Record several requests in one transaction: what is refused leaves the others, nothing is half done.

    ``preview``: each is only decided, as if it were the only one. What describes somebody new is not taken:
    two of them might turn out to be the same.

    Raises:
        WrongUsage: ``several-personal``.
    """
    for request in requests:
        if isinstance(request.command, Personal):
            raise WrongUsage("several-personal", command=request.command.verb())

    def job(batch: Batch) -> list[Each]:
        return [_one(batch, request, preview=preview) for request in requests]

    return recording.work(job)


def _one(batch: Batch, request: Request, *, preview: bool) -> Each:
    """Return what becomes of one request; whatever it raises it raises before anything is appended."""
    try:
        return Each(request, batch.record(request, preview=preview))
    except WrongUsage as problem:
        return Each(request, problem=problem)
    except Conflict as problem:
        if problem.code != USED_BEFORE:
            raise
        return Each(request, problem=problem)
