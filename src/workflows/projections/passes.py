"""每一次 (passes): a step done again, a vote taken again, papers that went back; which one counts."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

from workflows.domain.act import OnBooks, step_of
from workflows.domain.person import events as ev
from workflows.domain.person.relation import is_after
from workflows.domain.person.state import Person, step_returned

REFUSALS = {"refuse_admission": "approve_admission"}
"""Acts that are the other answer to a step: the step was taken, and ended so."""


class Pass(NamedTuple):
    """Which pass of its step an act is, counted from 1; ``current``: the last one, and it stands.

    ``stands``: its papers did not go back, nor was it refused. ``returned``: how its papers went back.
    """

    step: str
    number: int
    current: bool
    stands: bool
    returned: OnBooks | None = None


def passes(person: Person) -> dict[UUID, Pass]:
    """Return, by event, the pass that each act of this round was of its step.

    An act and the return of its papers are one pass; so is a return before anything was concluded. A refusal
    is a pass of the step that it refuses.
    """
    counts: dict[str, int] = {}
    found: dict[UUID, Pass] = {}
    last: dict[str, UUID] = {}
    unreturned: dict[str, UUID] = {}
    for act in person.this_round:
        returned = step_returned(act)
        step = returned or _step(act)
        concluded = unreturned.pop(step, None)
        if returned and concluded is not None:
            number = found[concluded].number
            found[concluded] = found[concluded]._replace(returned=act)
        else:
            number = counts[step] = counts.get(step, 0) + 1
        stands = person.stands(act) and not is_refused(person, act)
        found[act.source.event_id] = Pass(step, number, current=False, stands=stands)
        last[step] = act.source.event_id
        if not returned:
            unreturned[step] = act.source.event_id
    for event_id in last.values():
        told = found[event_id]
        found[event_id] = told._replace(current=told.stands and event_id in unreturned.values())
    return found


def opened(person: Person) -> dict[str, date]:
    """Return the steps whose papers went back and that were not done again since, with the day."""
    found: dict[str, date] = {}
    for act in person.this_round:
        if step := step_returned(act):
            found[step] = act.on
        else:
            found.pop(_step(act), None)
    return found


def pass_counts(person: Person) -> dict[str, int]:
    """Return how many passes of each step there were."""
    counts: dict[str, int] = {}
    for told in passes(person).values():
        counts[told.step] = max(counts.get(told.step, 0), told.number)
    return counts


def is_refused(person: Person, act: OnBooks) -> bool:
    """Say whether an admission voted for was refused by the committee afterwards: it is voted on anew."""
    if not isinstance(act.event, ev.AdmissionVoted):
        return False
    refused = person.last(ev.AdmissionRefused)
    return refused is not None and is_after(refused[1], act)


def _step(act: OnBooks) -> str:
    step = step_of(act.event)
    return REFUSALS.get(step, step)
