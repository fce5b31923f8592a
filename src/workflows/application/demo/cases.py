"""案卷 in the play: which case an act means, whether it still belongs there, and who acts in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from workflows.application.demo.acts import SATURDAY, Act, Case, View
from workflows.application.demo.county import COMMITTEES, Branch
from workflows.application.recording import Batch
from workflows.domain.act import Command
from workflows.domain.case_acts import GONE, FileCommand
from workflows.domain.rectification.closing import STILL_BROKEN

COUNTY_OFFICE = "县委组织部组织科"


def case_of(batch: Batch, act: Act) -> UUID | None:
    """Return the id of the case an act is about; one that an inspection opened is found by its subject."""
    case = act.case
    if case is None:
        return None
    if case.id is None and case.found and act.branch.id is not None:
        held = batch.books.files_of(case.kind, [act.branch.id])
        case.id = next((entry.id for entry in held if entry.subject == case.subject), None)
    return case.id


def belongs(batch: Batch, command: Command, case_id: UUID | None) -> bool:
    """Say whether an act of a case is still to be done: what went before it may not have come about."""
    if not isinstance(command, FileCommand) or command.opens:
        return case_id is None
    if case_id is None:
        return False
    file = batch.books.file_state(case_id).at(command.on)
    moves = [command.verb()]
    if file.unit_id is not None and batch.books.keeper(file.unit_id, command.on) != file.unit_id:
        moves.append(command.verb() + GONE)
    return any(file.stage in file.stages_of(move) for move in moves)


def office(branch: Branch) -> str:
    """Return who acts for the party committee above a branch, as an account."""
    return f"dw{branch.committee + 1:02d}"


def desk(branch: Branch) -> str:
    """Return which desk of the party committee above a branch looks after its problems."""
    return f"{COMMITTEES[branch.committee][0]}党建办"


def of_superior(branch: Branch, on: date, kind: str, number: int) -> str:
    """Return the number of a paper of the party committee above a branch."""
    return f"青{COMMITTEES[branch.committee][0][0]}{kind}〔{on.year}〕{number}号"


def weekday(day: date) -> date:
    """Return the first weekday from ``day`` on."""
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day


class Chain:
    """The acts of one case, one after another."""

    def __init__(self, case: Case, branch: Branch, on: date) -> None:
        self.case, self.branch, self.day, self.acts = case, branch, on, list[Act]()

    def by_branch(self, verb: str, fields: Any = None, *, after: int = 0) -> Chain:
        """Have the branch do something some days later."""
        return self._add(verb, fields, after, self.branch.clerk)

    def by_superior(self, verb: str, fields: Any = None, *, after: int = 0, meant: str = "") -> Chain:
        """Have the party committee above do something some days later, about the branch."""
        self._add(verb, fields, after, office(self.branch))
        self.acts[-1].meant = meant
        return self

    def close(self, *, after: int, **more: str) -> Chain:
        """Have the party committee above close the problem; refused where its rule is not kept by then."""
        self.by_superior("close_out", {"by": desk(self.branch), **more}, after=after)
        self.acts[-1].may_meet = STILL_BROKEN
        return self

    def by_county(self, verb: str, fields: Any = None, *, after: int = 0) -> Chain:
        """Have the county do something some days later, about the branch."""
        return self._add(verb, fields, after, "zzb")

    def _add(self, verb: str, fields: Any, after: int, actor: str) -> Chain:
        self.day = weekday(self.day + timedelta(days=after))
        told = fields(self.day) if callable(fields) and not isinstance(fields, Later) else fields
        act = Act(self.day, verb, self.branch, told or {}, actor=actor, case=self.case)
        self.acts.append(act)
        return self


class Later:
    """Fields that need the books of the moment."""

    def __init__(self, fields: Callable[[View], Mapping[str, Any] | None]) -> None:
        self.fields = fields

    def __call__(self, view: View) -> Mapping[str, Any] | None:
        """Return the fields, None where it is not done after all."""
        return self.fields(view)
