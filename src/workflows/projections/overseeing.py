"""Answers for those above: 总览 of a township or a county, and how its problems are driven to their end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from workflows.domain.campaign.state import Campaign
from workflows.domain.case_files import CaseFile
from workflows.domain.rectification.state import Rectification
from workflows.domain.site.state import Site
from workflows.kernel.calendar import Period
from workflows.kernel.clock import today
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import Known
from workflows.projections import case_ledgers, driving, lights, overviews
from workflows.projections.complying import Complying
from workflows.projections.driving import Problem
from workflows.projections.limiting import Limiting
from workflows.projections.naming import Naming
from workflows.projections.opening import Answer, Opened, Structure
from workflows.projections.outlining import Outlining
from workflows.projections.overviews import Figures, Item
from workflows.projections.scope import Scope

C = TypeVar("C", bound=CaseFile)
T = TypeVar("T")


class Overseeing(Complying, Limiting, Outlining):
    """Answers that roll up; every number is a count of the very rows that are listed for it."""

    # --- 总览 -------------------------------------------------------------------------------------------

    def overview(
        self,
        unit_id: UUID | None = None,
        on: date | None = None,
        known_on: Known = None,
        structure: Structure = "then",
    ) -> Answer:
        """Answer what stands open in a unit and all below on a day (all, for None).

        A row is a unit: ``group`` (the unit below the one asked for under which it is counted), ``limits`` by
        light, ``regime`` (三会一课 of this quarter), ``terms``, ``problems``, ``campaigns``, ``sites``, and
        the ``lights`` of each field. ``groups`` and ``total`` are the sums; ``grades`` by scheme, counts
        alone; ``waived`` what was closed on a waiver, and by whom. A unit that is no more has a row only
        where something of it is still open.
        """
        day = on or today(self.clock)
        with self.opened(known_on, day) as opened:
            scope = self._scope(opened, unit_id, day, structure)
            items = list(self._summed(opened, scope, unit_id, day, structure))
            by_unit = _by(items, lambda item: item.unit_id)
            shown = [one for one in scope.units if scope.is_there(one) or one in by_unit]
            rows = [_row(one, by_unit.get(one, ()), scope) for one in shown]
            return {
                **self._answer(opened, rows, day, known_on),
                **_heading(scope, structure),
                "quarter": str(Period.of(day, "quarter")),
                "fields": list(lights.FIELDS),
                "groups": list(_groups(scope, items, shown)),
                "total": {"branches": _branches(scope, shown), **Figures.of(items).as_json()},
                "grades": overviews.grades_told(items),
                "waived": [
                    _listed(item, scope, opened.naming) for item in items if "problem.waived" in item.figures
                ],
            }

    def overview_rows(
        self,
        of: str,
        unit_id: UUID | None = None,
        on: date | None = None,
        known_on: Known = None,
        structure: Structure = "then",
        *,
        alone: bool = False,
    ) -> Answer:
        """Answer the rows behind a number of the overview, or behind a column of the matrix.

        ``of`` is ``limit.over``, ``regime.missing``, ``term.soon``, ``problem.open`` … or one of the fields;
        ``alone``: of the unit itself, nothing of those below.

        Raises:
            WrongUsage: ``figure-unknown``.
        """
        day = on or today(self.clock)
        if not overviews.is_known(of):
            raise WrongUsage("figure-unknown", figure=of, known=list(overviews.KNOWN))
        with self.opened(known_on, day) as opened:
            scope, is_behind = self._scope(opened, unit_id, day, structure), overviews.behind(of)
            items = self._items(opened, scope, unit_id, day, structure)
            found = [i for i in items if is_behind(i) and not (alone and i.unit_id != scope.root)]
            place = {one: number for number, one in enumerate(scope.units)}
            found.sort(key=lambda item: (place.get(item.unit_id, -1), item.day or date.max, item.subject))
            rows = [_listed(item, scope, opened.naming) for item in found]
            return {**self._answer(opened, rows, day, known_on), **_heading(scope, structure), "of": of}

    def _items(
        self, opened: Opened, scope: Scope, unit_id: UUID | None, day: date, structure: Structure
    ) -> Iterator[Item]:
        """Yield all that is counted, each thing read once."""
        units = frozenset(scope.units)
        limits = self._standing_limits(opened, None if unit_id is None else scope.units, None, day)
        yield from overviews.of_limits(limits, opened.books, on=day, units=units)
        sheet = self._sheet(opened, unit_id, Period.of(day, "quarter"), day, None, None, structure)
        yield from overviews.of_cells(mark for mark in sheet.marks if mark.unit_id in units)
        yield from self._items_of_cases(opened, scope, unit_id, day)

    def _summed(
        self, opened: Opened, scope: Scope, unit_id: UUID | None, day: date, structure: Structure
    ) -> Iterator[Item]:
        """Yield the same for its numbers alone: what is kept is counted where it lies and not read."""
        asked, units = None if unit_id is None else scope.units, frozenset(scope.units)
        kept = None
        if opened.is_now and self.live is not None:
            kept = self.live.standing(opened.reading, units=asked, on=day)
        if kept is None:
            yield from self._items(opened, scope, unit_id, day, structure)
            return
        yield from overviews.of_kept(kept.counted, units)
        others = [*kept.others, *self._proposed(opened, scope.units, None, day)]
        yield from overviews.of_limits(others, opened.books, on=day, units=units)
        here = self._in_order(opened, unit_id, day, structure)
        cells = self._cells(opened, here, Period.of(day, "quarter"), day, None)
        regime = {rule for rule, duty in cells.samples().items() if duty.activity in overviews.REGIME}
        yield from overviews.of_counts(cells.by_unit(regime), units)
        yield from self._items_of_cases(opened, scope, unit_id, day)

    def _items_of_cases(
        self, opened: Opened, scope: Scope, unit_id: UUID | None, day: date
    ) -> Iterator[Item]:
        books, units = opened.books, frozenset(scope.units)
        problems = self._problems(opened, scope, unit_id, date.min, day, day)
        yield from overviews.of_problems(problems, books, day)
        line = frozenset(() if unit_id is None else books.line_of(unit_id, day)[1:])
        campaigns = self._files(opened, Campaign, books.below(None), day)
        yield from overviews.of_campaigns(campaigns, line, units)
        yield from overviews.of_grades(campaigns, books, units, day)
        yield from overviews.of_sites(self._files(opened, Site, scope.units, day))

    def _files(self, opened: Opened, kind: type[C], units: Iterable[UUID], day: date) -> list[C]:
        """Return the cases of a kind as of a day; none that was opened later."""
        books = opened.books
        entries = books.files_of(kind.kind, units)
        books.preload(entry.id for entry in entries)
        states = [books.file_state(entry.id).at(day) for entry in entries]
        return [one for one in states if isinstance(one, kind) and one.acts]

    # --- 整改推进 ---------------------------------------------------------------------------------------

    def drive(
        self,
        unit_id: UUID | None = None,
        period: str | None = None,
        on: date | None = None,
        known_on: Known = None,
        structure: Structure = "then",
    ) -> Answer:
        """Answer how the problems of a span stand on a day: in all, by source, and by the units below.

        ``period`` defaults to the year of the day, ``on`` to today or the last day of a period that is over.
        Each row is a unit below the one asked for with all that stands below it, in the order of the tree.

        Raises:
            WrongUsage: ``period-unreadable``.
        """
        asked, day = self._span(period, on)
        with self.opened(known_on, day) as opened:
            scope = self._scope(opened, unit_id, day, structure)
            found = list(self._problems(opened, scope, unit_id, asked.first, asked.last, day))
            groups = _by(found, lambda one: scope.groups[one.unit_id])
            sources = _by(found, lambda one: one.source)
            rows = [
                {"unit": scope.name(one), "unit_id": str(one), **driving.tally(groups.get(one, ())).as_json()}
                for one in scope.places
                if scope.is_there(one) or one in groups
            ]
            return {
                **self._answer(opened, rows, day, known_on),
                **_heading(scope, structure),
                "period": str(asked),
                "sources": [
                    {"source": source, **driving.tally(sources[source]).as_json()}
                    for source in sorted(sources)
                ],
                "total": driving.tally(found).as_json(),
            }

    def drive_rows(
        self,
        of: str,
        unit_id: UUID | None = None,
        period: str | None = None,
        on: date | None = None,
        known_on: Known = None,
        structure: Structure = "then",
        *,
        source: str | None = None,
        alone: bool = False,
    ) -> Answer:
        """Answer the problems behind a number, as the ledger of problems tells them; ``of`` is its name.

        ``alone``: of the unit itself, nothing of those below.

        Raises:
            WrongUsage: ``figure-unknown``, ``period-unreadable``.
        """
        if of not in driving.FIGURES:
            raise WrongUsage("figure-unknown", figure=of, known=list(driving.FIGURES))
        asked, day = self._span(period, on)
        with self.opened(known_on, day) as opened:
            scope = self._scope(opened, unit_id, day, structure)
            found = [
                one
                for one in self._problems(opened, scope, unit_id, asked.first, asked.last, day)
                if of in one.figures
                and source in (None, one.source)
                and not (alone and one.unit_id != scope.root)
            ]
            place = {one: number for number, one in enumerate(scope.units)}
            found.sort(key=lambda one: (place[one.unit_id], one.outline.opened_on, one.outline.told.subject))
            opened.books.preload(one.outline.file_id for one in found)
            rows = [_problem_row(one, opened, day) for one in found]
            told = {"period": str(asked), "of": of}
            return {**self._answer(opened, rows, day, known_on), **_heading(scope, structure), **told}

    def _span(self, period: str | None, on: date | None) -> tuple[Period, date]:
        return self._asked(period or str((on or today(self.clock)).year), on)

    def _problems(
        self, opened: Opened, scope: Scope, unit_id: UUID | None, first: date, last: date, day: date
    ) -> Iterator[Problem]:
        asked = None if unit_id is None else scope.units
        here = (
            one
            for one in self._outlines(opened, Rectification.kind, asked, day)
            if one.unit_id in scope.groups
        )
        return driving.problems(here, first=first, last=last, on=day)

    def _scope(self, opened: Opened, unit_id: UUID | None, day: date, structure: Structure) -> Scope:
        by = day if structure == "then" else today(self.clock)
        return Scope.of(opened.books, unit_id, on=day, by=by)


def _problem_row(problem: Problem, opened: Opened, day: date) -> dict[str, Any]:
    """Return a problem as its ledger tells it, with the numbers it is behind."""
    file = opened.books.file_state(problem.outline.file_id).at(day)
    if not isinstance(file, Rectification):
        raise TypeError("a problem is a case of its own kind")
    return {
        **case_ledgers.correction(file, opened.books, opened.naming, day),
        "days": problem.course.days,
        "figures": list(problem.figures),
    }


def _by(found: Iterable[T], key: Callable[[T], Any]) -> dict[Any, list[T]]:
    parts: dict[Any, list[T]] = {}
    for one in found:
        parts.setdefault(key(one), []).append(one)
    return parts


def _heading(scope: Scope, structure: Structure) -> dict[str, Any]:
    root = scope.root
    return {
        "unit": scope.name(root) if root is not None else None,
        "unit_id": str(root) if root is not None else None,
        "structure": structure,
    }


def _row(unit_id: UUID, items: Sequence[Item], scope: Scope) -> dict[str, Any]:
    group = scope.groups[unit_id]
    return {
        "unit": scope.name(unit_id),
        "unit_id": str(unit_id),
        "level": scope.level(unit_id),
        "group": scope.name(group),
        "group_id": str(group),
        **Figures.of(items).as_json(),
        "grades": [item.told for item in items if item.figures[0].startswith("grade.")],
    }


def _groups(scope: Scope, items: Sequence[Item], shown: Sequence[UUID]) -> Iterator[dict[str, Any]]:
    """Yield each group with the sums of its units; those without anything to show are left out."""
    parts = _by(items, lambda item: scope.groups.get(item.unit_id))
    for group, units in _by(shown, lambda one: scope.groups[one]).items():
        yield {
            "unit": scope.name(group),
            "unit_id": str(group),
            "level": scope.level(group),
            "branches": _branches(scope, units),
            **Figures.of(parts.get(group, ())).as_json(),
        }


def _branches(scope: Scope, units: Iterable[UUID]) -> int:
    return sum(scope.level(one) == "branch" and scope.is_there(one) for one in units)


def _listed(item: Item, scope: Scope, naming: Naming) -> dict[str, Any]:
    group = scope.groups.get(item.unit_id)
    more: Mapping[str, Any] = item.more
    return {
        "unit": scope.name(item.unit_id) or naming.unit(item.unit_id),
        "unit_id": str(item.unit_id),
        "group": scope.name(group) if group is not None else None,
        "field": item.field or None,
        "rule": item.rule or None,
        "label": item.label or None,
        "subject": item.subject,
        "told": item.told,
        "day": item.day.isoformat() if item.day is not None else None,
        "person": naming.person(item.person_id),
        "person_id": str(item.person_id) if item.person_id else None,
        "file_id": str(item.file_id) if item.file_id else None,
        "figures": list(item.figures),
        **more,
    }
