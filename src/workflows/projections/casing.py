"""案卷 as lists and pages: cases of a kind with the limit that is nearest, and everything about one case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from workflows.application.commands import commands_of
from workflows.domain.act import OnBooks
from workflows.domain.case_acts import GONE, FileEvent, FileOpened
from workflows.domain.case_files import NOTHING, CaseFile
from workflows.domain.inspection.state import Inspection
from workflows.domain.papers import attached
from workflows.domain.rectification.state import Rectification
from workflows.kernel.clock import today
from workflows.kernel.events import Known, Recorded, is_known
from workflows.projections import case_files, case_parts, deadlines, listing_file, problem_file, site_file
from workflows.projections.opening import Answer, Opened, Structure
from workflows.projections.outlining import Outlining

PARTS = (problem_file, site_file, listing_file)
"""Importing these makes known what single kinds add."""


class Casing(Outlining):
    """Answers about cases."""

    def cases(
        self,
        kind: str,
        unit_id: UUID | None = None,
        on: date | None = None,
        known_on: Known = None,
        structure: Structure = "then",
        *,
        among: Sequence[UUID] | None = None,
    ) -> Answer:
        """Answer which cases of a kind there are by a day, of all or of a unit and all below.

        Those still open first, the nearest limit on top; a row has the fields of the state of the case.
        ``among``: these alone, in this order, wherever they are. An unannounced inspection whose day has not
        come is in no list but where it is named so.
        """
        day = on or today(self.clock)
        with self.opened(known_on, day) as opened:
            if among is None:
                units = self._below(opened, unit_id, day, structure)
                ids = [entry.id for entry in opened.books.files_of(kind, units)]
            else:
                ids = list(among)
            opened.books.preload(ids)
            cuts = (opened.books.file_state(one).at(day) for one in ids)
            shown = [cut for cut in cuts if cut.opened is not None and (among or not _is_withheld(cut, day))]
            rows = [_row(cut, opened, day) for cut in shown]
            return self._answer(opened, sorted(rows, key=_urgency) if among is None else rows, day, known_on)

    def case(self, file_id: UUID, on: date | None = None, known_on: Known = None) -> Answer:
        """Answer everything about one case on a day; ``state`` is None where it was not opened by then.

        ``course``: each stage it came to with its day. ``moves``: the commands that belong to its stage, with
        the stage each leads to. ``papers``: what was attached. ``related``: what caused it, what it caused,
        the same problem before and later.
        """
        day = on or today(self.clock)
        with self.opened(known_on, day) as opened:
            cut = opened.books.file_state(file_id).at(day)
            heading = self._heading(opened, day, known_on)
            if cut.opened is None:
                return {"state": None, **heading}
            return {
                "state": case_files.state_of(cut, opened.naming, on=day),
                "limits": _limits(cut, opened, day),
                "course": [
                    {"stage": stage, "on": act.on.isoformat(), "position": act.source.position}
                    for stage, act in course_of(cut)
                ],
                "moves": [
                    {"command": move, "to": stage}
                    for move, stage in moves_of(cut, is_gone=_is_gone(cut, opened, day))
                ],
                "related": list(_related(cut, opened, day)),
                "papers": [
                    {
                        "title": opened.naming.titles(cut.unit_id, act.on).get(event.kind, event.kind),
                        "on": act.on.isoformat(),
                        "position": act.source.position,
                    }
                    for event, act in attached(cut.acts)
                ],
                **case_parts.of_page(cut, opened, day),
                **heading,
            }


def _is_withheld(file: CaseFile, day: date) -> bool:
    return isinstance(file, Inspection) and file.is_withheld_on(day)


def _is_gone(file: CaseFile, opened: Opened, day: date) -> bool:
    return file.unit_id is not None and opened.books.keeper(file.unit_id, day) != file.unit_id


def _row(file: CaseFile, opened: Opened, day: date) -> dict[str, Any]:
    limits = _limits(file, opened, day)
    return {
        "file_id": str(file.id),
        **case_files.state_of(file, opened.naming, on=day),
        "last_on": file.acts[-1].on.isoformat(),
        "papers": len(attached(file.acts)),
        "moves": [{"command": move, "to": stage} for move, stage in moves_of(file)],
        **case_parts.of_row(file, opened, day),
        "limit": next((one for one in limits if one["status"] != "met"), None),
    }


def _limits(file: CaseFile, opened: Opened, day: date) -> list[dict[str, Any]]:
    """Return the limits of a case, met ones and the next of what comes back too, the nearest first."""
    rules = opened.books.rules_for(file.unit_id, day)
    return deadlines.in_order(deadlines.of_the_case(file, rules, opened.books, day), opened.naming, on=day)


def _urgency(row: dict[str, Any]) -> tuple[bool, str, str]:
    limit = row["limit"]
    return row["over"], limit["due_on"] if limit else "9999", row["opened_on"]


def course_of(file: CaseFile) -> list[tuple[str, OnBooks]]:
    """Return the stages a case came to, in their order, each with the act that led there last.

    A stage come back to (a problem reopened) begins anew: what lay behind it then is left out.
    """
    found: list[tuple[str, OnBooks]] = []
    here = NOTHING
    for act in file.acts:
        if not isinstance(act.event, FileEvent):
            continue
        stage = file.table.get((here, act.event.move), here)
        if stage == here:
            continue
        known = [name for name, _ in found]
        found = found[: known.index(stage)] if stage in known else found
        found.append((stage, act))
        here = stage
    if found and file.stage != here:  # nothing waits any more since the last act
        last = next(act for act in reversed(file.acts) if isinstance(act.event, FileEvent))
        found.append((file.stage, last))
    return found


def moves_of(file: CaseFile, *, is_gone: bool = False) -> list[tuple[str, str]]:
    """Return the commands that belong to the stage of a case, and the stage each leads to, in table order.

    ``is_gone``: its unit is no more; then it may end at stages where else it would not.
    """
    own = commands_of(type(file).kind)
    here = [(move, to) for (stage, move), to in file.table.items() if stage == file.stage]
    found = {move: to for move, to in here if move in own}
    if is_gone:
        ended = [(move.removesuffix(GONE), to) for move, to in here if move.endswith(GONE)]
        found = {**dict(ended), **{move: to for move, to in found.items() if move not in dict(ended)}}
    return list(found.items())


# --- what belongs to one another ----------------------------------------------------------------------------


def _related(file: CaseFile, opened: Opened, day: date) -> Iterator[dict[str, Any]]:
    records = opened.reading.load(file.id)
    cause = next((r.causation_id for r in records if isinstance(r.event, FileOpened)), None)
    found = opened.reading.find_event(cause) if cause is not None else None
    if found is not None and found.stream_id != file.id and is_known(found, opened.books.known_on):
        yield from _told("cause", [found.stream_id], opened, day, position=found.position)
    yield from _told("caused", _caused(file, records, opened, day), opened, day)
    if isinstance(file, Rectification) and file.issue is not None and file.unit_id is not None:
        yield from _told("earlier", file.issue.recurs, opened, day)
        yield from _told("later", _recurrences(file, file.unit_id, opened, day), opened, day)


def _caused(file: CaseFile, records: Sequence[Recorded], opened: Opened, day: date) -> list[UUID]:
    """Return the cases opened by an act of this one, in the order of the books."""
    own = {record.event_id for record in records}
    found = opened.books.caused_files(own, opened.books.below(file.unit_id, day))
    return [entry.id for entry in found if entry.id != file.id]


def _recurrences(file: Rectification, unit_id: UUID, opened: Opened, day: date) -> list[UUID]:
    """Return the later problems of the unit that name this one as an earlier one."""
    found = []
    entries = opened.books.files_of(Rectification.kind, [unit_id])
    opened.books.preload(entry.id for entry in entries)
    for entry in entries:
        state = opened.books.file_state(entry.id).at(day)
        if isinstance(state, Rectification) and state.issue is not None and file.id in state.issue.recurs:
            found.append(entry.id)
    return found


def _told(
    role: str, ids: Sequence[UUID], opened: Opened, day: date, *, position: int | None = None
) -> Iterator[dict[str, Any]]:
    opened.books.preload(ids)
    for one in ids:
        cut = opened.books.file_state(one).at(day)
        if cut.opened is not None:
            yield {
                "role": role,
                "file_id": str(one),
                "kind": type(cut).kind,
                "subject": cut.subject,
                "unit": opened.naming.unit(cut.unit_id),
                "stage": cut.stage,
                "opened_on": cut.acts[0].on.isoformat(),
                "over": cut.is_over,
                "position": position,
            }
