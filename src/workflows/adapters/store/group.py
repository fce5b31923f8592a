"""Group commit: one thread runs what is waiting in one transaction and answers everybody after its commit."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from workflows.adapters.store.errors import StoreBusy, StoreClosed
from workflows.adapters.store.unit import UnitOfWork
from workflows.kernel.errors import Conflict, OutcomeUnknown, Problem

Result = TypeVar("Result")

COMMANDS_AT_A_TIME = 200
MAX_WAITING = 10_000
"""Beyond this the caller is told at once to come back later: better than to keep everyone waiting."""


class BeginGroup(Protocol):
    """Opens one transaction for several commands."""

    def __call__(self, *, trusting: bool) -> AbstractContextManager[UnitOfWork]:
        """Return the unit of work; it is committed when the block ends."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    run: Callable[[UnitOfWork], Any]
    command_id: UUID | None
    future: Future[Any]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a command returned or raised; told only after the commit, since it may rest on those before it."""

    result: Any = None
    error: BaseException | None = None


class _Apart(Exception):
    """One command has spoilt the transaction for all: each is to be run alone."""


class GroupCommitter:
    """Runs submitted commands in the order they came."""

    def __init__(self, begin: BeginGroup, max_waiting: int = MAX_WAITING) -> None:
        self._begin = begin
        self._max_waiting = max_waiting
        self._waiting: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def submit(self, run: Callable[[UnitOfWork], Result], command_id: UUID | None = None) -> Future[Result]:
        """Have ``run`` called in a transaction; the future is answered after the commit.

        ``run`` may be called a second time, when another command of the same transaction has failed in the
        database: it must do nothing but through the unit of work. If it raises, nothing of it is recorded.

        Raises:
            StoreClosed: after :meth:`close`.
            StoreBusy: too many are waiting.
        """
        future: Future[Result] = Future()
        with self._lock:
            if self._is_closed:
                raise StoreClosed("store-closed", because="closed")
            if self._waiting.qsize() >= self._max_waiting:
                raise StoreBusy("store-busy")
            self._waiting.put(_Job(run, command_id, future))
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="zhibu writer", daemon=True)
                self._thread.start()
        return future

    @property
    def waiting(self) -> int:
        """About how many commands wait for their transaction."""
        return self._waiting.qsize()

    def close(self) -> None:
        """Finish what was submitted and end; again does nothing."""
        with self._lock:
            self._is_closed = True
            thread, self._thread = self._thread, None
            if thread is not None:
                self._waiting.put(None)
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        for jobs in self._batches():
            self._run(jobs)

    def _batches(self) -> Iterator[list[_Job]]:
        while True:
            job = self._waiting.get()
            jobs: list[_Job] = []
            while job is not None:
                if job.future.set_running_or_notify_cancel():
                    jobs.append(job)
                if len(jobs) >= COMMANDS_AT_A_TIME:
                    break
                try:  # take what is there; nobody waits for others to come
                    job = self._waiting.get_nowait()
                except queue.Empty:
                    break
            if jobs:
                yield jobs
            if job is None:
                return

    def _run(self, jobs: list[_Job]) -> None:
        try:
            outcomes = self._together(jobs)
        except _Apart:
            for job in jobs:
                self._run([job])
        except BaseException as error:  # whoever waits must be told, whatever it is
            for job in jobs:
                job.future.set_exception(_told_to(job, error))
        else:
            for job, outcome in zip(jobs, outcomes, strict=True):
                if outcome.error is not None:
                    job.future.set_exception(outcome.error)
                else:
                    job.future.set_result(outcome.result)

    def _together(self, jobs: list[_Job]) -> list[_Outcome]:
        alone = len(jobs) == 1
        outcomes = []
        try:
            with self._begin(trusting=not alone) as unit:
                if ids := [job.command_id for job in jobs if job.command_id is not None]:
                    unit.expect_commands(ids)
                for job in jobs:
                    outcomes.append(_outcome(job, unit, alone=alone))
                _conclude(unit, alone=alone)
                unit.flush()
        except (Conflict, DBAPIError) as error:
            if alone:
                raise
            raise _Apart from error
        return outcomes


def _outcome(job: _Job, unit: UnitOfWork, *, alone: bool) -> _Outcome:
    try:
        result = job.run(unit)
    except DBAPIError as error:  # the transaction itself may be lost
        if alone:
            raise
        raise _Apart from error
    except BaseException as error:  # the caller's own errors go back to the caller
        unit.drop()
        return _Outcome(error=error)
    unit.keep()
    return _Outcome(result)


def _conclude(unit: UnitOfWork, *, alone: bool) -> None:
    try:
        unit.conclude()
    except BaseException as error:  # nobody knows whose events it was: each is tried alone
        if alone:
            raise
        raise _Apart from error


def _told_to(job: _Job, error: BaseException) -> BaseException:
    """Return an error of the job's own: the unknown outcome is that of its own command."""
    if isinstance(error, OutcomeUnknown):
        told: Problem = OutcomeUnknown(error.code, **{**error.facts, "command_id": job.command_id})
    elif isinstance(error, Problem):
        told = type(error)(error.code, **error.facts)
    else:
        return error
    told.__cause__ = error
    return told
