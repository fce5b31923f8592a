"""The desk a page is written at: what the application answers at one horizon, kept for the next page."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import date
from threading import Lock
from typing import Any, Protocol
from uuid import UUID

from msgspec.structs import replace

from workflows.application.ports import FileEntry, Log, UnitEntry
from workflows.entrypoints.masking import as_shown, mask_text
from workflows.entrypoints.name_book import candidates_named
from workflows.entrypoints.web.choices import Choices
from workflows.entrypoints.web.horizon import Horizon
from workflows.entrypoints.web.known_cases import KnownCases
from workflows.kernel.calendar import Period
from workflows.kernel.clock import Clock
from workflows.kernel.events import Known, Recorded
from workflows.policies.rule import Rule
from workflows.policies.rules import Rules
from workflows.projections.case_ledgers import CLASSES

Answer = dict[str, Any]
MOST_KEPT = 24


class Answering(Protocol):
    """The questions of the contract; each answer is ``rows, as_of, known_on, position`` in JSON form."""

    def deadlines(
        self, unit_id: UUID | None, person_id: UUID | None, on: date, status: str | None, known_on: Known
    ) -> Answer:
        """Return limits and duties; without a status all but those met."""
        ...

    def compliance(self, unit_id: UUID | None, period: str, on: date, known_on: Known) -> Answer:
        """Return the cells of a period."""
        ...

    def pipeline(self, unit_id: UUID | None, person_id: UUID | None, on: date, known_on: Known) -> Answer:
        """Return who stands where on the way to membership."""
        ...

    def state(self, stream_id: UUID, as_of: date, known_on: Known) -> Answer:
        """Return the state of a unit or a person."""
        ...

    def records(self, stream_id: UUID, known_on: Known = None) -> list[dict[str, Any]]:
        """Return all that is on the books of a stream, whatever day it took place."""
        ...

    def history(self, stream_id: UUID, as_of: date | None, known_on: Known, diff: Known) -> Answer:
        """Return the events of a stream and its state, and what differs from other knowledge."""
        ...


class Backing(Protocol):
    """What pages need of the application (see ``bootstrap``)."""

    @property
    def answering(self) -> Any:
        """Return who answers the questions (:class:`Answering`)."""
        ...

    @property
    def log(self) -> Log:
        """Return the log, read for the directory of units and for single records."""
        ...

    @property
    def clock(self) -> Clock:
        """Return the clock."""
        ...

    @property
    def rules(self) -> Rules:
        """Return the rules, read for their words: labels, steps of the chart, titles of packs."""
        ...


class Kept:
    """Answers kept while the log stands still: several pages ask the same, and a past answer is dear."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers: OrderedDict[tuple[Any, ...], Answer] = OrderedDict()

    def answer(self, key: tuple[Any, ...], ask: Callable[[], Answer]) -> Answer:
        """Return the answer kept under ``key``, asked for where there is none."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        found = ask()
        with self._lock:
            self._answers[key] = found
            while len(self._answers) > MOST_KEPT:
                self._answers.popitem(last=False)
        return found


class Desk(KnownCases):
    """Everything one page reads, at one horizon."""

    def __init__(self, app: Backing, horizon: Horizon, kept: Kept) -> None:
        super().__init__(app.log)
        self.app, self.horizon, self._kept = app, horizon, kept
        self.rules = app.rules
        with app.log.read() as reading:
            self.head = reading.head()
            self.units: Sequence[UnitEntry] = list(reading.directory.units())
        self.unit_by_id = {str(entry.id): entry for entry in self.units}
        self._rules: dict[str, Rules] = {}

    def choices(self, chosen: UUID | str | None) -> Choices:
        """Return the units a filter offers beside the one that is chosen."""
        return Choices.of(self.units, chosen)

    def rules_for(self, unit_id: object) -> Rules:
        """Return the rules of a unit at this horizon, what it and its superiors adopted included."""
        key = str(unit_id or "")
        if key not in self.unit_by_id:
            return self.rules
        if key not in self._rules:
            with self.app.answering.opened(self.horizon.known_on) as opened:
                self._rules[key] = opened.books.rules_for(self.unit_by_id[key].id, self.horizon.as_of)
        return self._rules[key]

    def rule(self, rule_id: object, unit_id: object) -> Rule | None:
        """Return a national rule, or one that binds a unit at this horizon; None for one that is neither."""
        return self.rules.rule(str(rule_id)) or self.rules_for(unit_id).rule(str(rule_id))

    def _ask(self, name: str, *arguments: Any) -> Answer:
        horizon = self.horizon
        answering: Answering = self.app.answering
        key = (name, self.head, horizon.today, horizon.as_of, horizon.known_on, *arguments)
        match name:
            case "deadlines":
                unit, person, status = arguments
                return self._kept.answer(
                    key, lambda: answering.deadlines(unit, person, horizon.as_of, status, horizon.known_on)
                )
            case "pipeline":
                unit, person = arguments
                return self._kept.answer(
                    key, lambda: answering.pipeline(unit, person, horizon.as_of, horizon.known_on)
                )
            case "compliance":
                unit, period = arguments
                return self._kept.answer(
                    key, lambda: answering.compliance(unit, period, horizon.as_of, horizon.known_on)
                )
            case _:
                raise ValueError(name)

    def deadlines(
        self, unit_id: UUID | None = None, person_id: UUID | None = None, status: str | None = None
    ) -> Answer:
        """Return limits and duties at this horizon; without a status all but those met."""
        return self._ask("deadlines", unit_id, person_id, status)

    def agenda(self, unit_id: UUID | None, **more: Any) -> Answer:
        """Return a page of what is to be done at this horizon, and how much there is: see ``more``."""
        horizon, ask = self.horizon, self.app.answering.agenda
        asked = (unit_id, *sorted(more.items()))
        key = ("agenda", self.head, horizon.today, horizon.as_of, horizon.known_on, *asked)
        return self._kept.answer(key, lambda: ask(unit_id, horizon.as_of, horizon.known_on, **more))

    def pipeline(self, unit_id: UUID | None = None, person_id: UUID | None = None) -> Answer:
        """Return who stands where at this horizon."""
        return self._ask("pipeline", unit_id, person_id)

    def kept_rows(self, name: str, ask: Callable[[], Answer], *asked: Any) -> list[dict[str, Any]]:
        """Return the rows of an answer at this horizon, kept under its name and all that is ``asked``."""
        horizon = self.horizon
        key = (name, self.head, horizon.today, horizon.as_of, horizon.known_on, *asked)
        return self._kept.answer(key, ask)["rows"]  # type: ignore[no-any-return]

    def in_course(self, unit_id: UUID | None) -> list[dict[str, Any]]:
        """Return who is on the way to membership at this horizon, at which stage, and no more of them."""
        horizon, ask = self.horizon, self.app.answering.in_course
        return self.kept_rows("in_course", lambda: ask(unit_id, horizon.as_of, horizon.known_on), unit_id)

    def pipeline_of(self, people: Sequence[UUID]) -> list[dict[str, Any]]:
        """Return where some people stand at this horizon, and what comes next."""
        horizon, ask = self.horizon, self.app.answering.pipeline
        asked = (horizon.as_of, horizon.known_on)
        return self.kept_rows("pipeline_of", lambda: ask(None, None, *asked, people=people), *people)

    def limits_of_people(self, unit_id: UUID | None) -> list[dict[str, Any]]:
        """Return the open limits of people of a unit and all below (of all, for None), not of the units."""
        horizon, ask = self.horizon, self.app.answering.deadlines
        asked = (unit_id, None, horizon.as_of, None, horizon.known_on)
        return self.kept_rows("limits_of_people", lambda: ask(*asked, of_people=True), unit_id)

    def limits_among(self, units: Sequence[UUID]) -> list[dict[str, Any]]:
        """Return the open limits of some units and their people, not of those below them."""
        horizon, ask = self.horizon, self.app.answering.deadlines
        asked = (None, None, horizon.as_of, None, horizon.known_on)
        return self.kept_rows("limits_among", lambda: ask(*asked, among=units), *units)

    def plan(
        self,
        unit_id: UUID | None,
        person_id: UUID | None,
        by: date | None = None,
        step: str | None = None,
        quota: int | None = None,
    ) -> Answer:
        """Return what lies ahead, or who reaches a step by a day."""
        horizon, answering = self.horizon, self.app.answering
        asked = (unit_id, person_id, by, step, quota)
        key = ("plan", self.head, horizon.today, horizon.as_of, horizon.known_on, *asked)
        day, known = horizon.as_of, horizon.known_on
        return self._kept.answer(
            key,
            lambda: answering.plan(unit_id, person_id, day, by=by, step=step, quota=quota, known_on=known),
        )

    def terms(self, unit_id: UUID | None = None) -> Answer:
        """Return how the terms of office of a unit and all below stand at this horizon."""
        horizon, answering = self.horizon, self.app.answering
        key = ("terms", self.head, horizon.today, horizon.as_of, horizon.known_on, unit_id)
        return self._kept.answer(key, lambda: answering.terms(unit_id, horizon.as_of, horizon.known_on))

    def votes(self, unit_id: UUID) -> Answer:
        """Return the votes of a unit that the roster as known at this horizon judges otherwise."""
        horizon, answering = self.horizon, self.app.answering
        key = ("votes", self.head, horizon.today, horizon.as_of, horizon.known_on, unit_id)
        return self._kept.answer(
            key, lambda: answering.votes(unit_id, horizon.as_of, horizon.known_on, below=False)
        )

    def meetings(self, unit_id: UUID | None, period: Period, meeting: str | None, **more: Any) -> Answer:
        """Return meetings of a unit and all below, or of all, in a period by this horizon: see ``more``."""
        horizon, answering = self.horizon, self.app.answering
        asked = (unit_id, str(period), meeting, *sorted(more.items()))
        key = ("meetings", self.head, horizon.today, horizon.as_of, horizon.known_on, *asked)
        return self._kept.answer(
            key,
            lambda: answering.meetings(unit_id, period, meeting, horizon.as_of, horizon.known_on, **more),
        )

    def compliance(self, unit_id: UUID, period: str) -> Answer:
        """Return the cells of one unit in a period at this horizon."""
        return self._ask("compliance", unit_id, period)

    def matrix(
        self,
        unit_id: UUID | None,
        period: str,
        rule: str | None,
        verdict: str | None,
        first: int,
        count: int | None,
    ) -> Answer:
        """Return units × periods of a rule, or × rules, at this horizon, some of the units."""
        return self._of_duties("matrix", unit_id, period, rule, verdict, first, count)

    def cells(
        self,
        unit_id: UUID | None,
        period: str,
        rule: str | None,
        verdict: str | None,
        first: int,
        count: int | None,
    ) -> Answer:
        """Return some of the cells of the same, and how many there are of each verdict."""
        return self._of_duties("cells", unit_id, period, rule, verdict, first, count)

    def rules_asked(self, unit_id: UUID | None, period: str) -> list[dict[str, Any]]:
        """Return the rules there are cells of in a period at this horizon."""
        horizon, ask = self.horizon, self.app.answering.rules_asked
        key = ("rules_asked", self.head, horizon.today, horizon.as_of, horizon.known_on, unit_id, period)
        told = self._kept.answer(key, lambda: {"rows": ask(unit_id, period, horizon.as_of, horizon.known_on)})
        return told["rows"]  # type: ignore[no-any-return]

    def _of_duties(
        self,
        name: str,
        unit_id: UUID | None,
        period: str,
        rule: str | None,
        verdict: str | None,
        first: int,
        count: int | None,
    ) -> Answer:
        horizon, ask = self.horizon, getattr(self.app.answering, name)
        asked = (unit_id, period, rule, verdict, first, count)
        key = (name, self.head, horizon.today, horizon.as_of, horizon.known_on, *asked)
        told = {"rule": rule, "verdict": verdict, "first": first, "count": count}
        day, known = horizon.as_of, horizon.known_on
        return self._kept.answer(key, lambda: ask(unit_id, period, day, known, **told))

    def cases(self, kind: str, unit_id: UUID | None = None) -> Answer:
        """Return the cases of a kind at this horizon, of all or of a unit and all below."""
        horizon, answering = self.horizon, self.app.answering
        key = ("cases", self.head, horizon.today, horizon.as_of, horizon.known_on, kind, unit_id)
        return self._kept.answer(
            key, lambda: as_shown(answering.cases(kind, unit_id, horizon.as_of, horizon.known_on))
        )

    def classes(self, unit_id: UUID | None = None) -> Answer:
        """Return the branches by class at this horizon, of all or of a unit and all below."""
        horizon, answering = self.horizon, self.app.answering
        key = ("classes", self.head, horizon.today, horizon.as_of, horizon.known_on, unit_id)
        return self._kept.answer(
            key, lambda: as_shown(answering.ledger(CLASSES, unit_id, None, horizon.as_of, horizon.known_on))
        )

    def case(self, file_id: UUID) -> Answer:
        """Return everything about one case at this horizon."""
        return as_shown(self.app.answering.case(file_id, self.horizon.as_of, self.horizon.known_on))

    def scores(self, file_id: UUID, unit_id: UUID | None = None) -> Answer:
        """Return what is claimed, proved and given in a campaign (to a unit), by unit and criterion."""
        horizon, ask = self.horizon, self.app.answering.scores
        day, known = horizon.as_of, horizon.known_on
        key = ("scores", self.head, horizon.today, day, known, file_id, unit_id)
        return self._kept.answer(key, lambda: as_shown(ask(file_id, unit_id, day, known)))

    def checklist(self, file_id: UUID) -> Answer:
        """Return the points of an inspection at this horizon, beside what the facts say of them."""
        horizon, answering = self.horizon, self.app.answering
        key = ("checklist", self.head, horizon.today, horizon.as_of, horizon.known_on, file_id)
        day, known = horizon.as_of, horizon.known_on
        return self._kept.answer(key, lambda: as_shown(answering.checklist(file_id, day, known)))

    def weak_candidates(self, unit_id: UUID | None) -> Answer:
        """Return which branches bear a mark at this horizon, of all or of a unit and all below."""
        horizon, answering = self.horizon, self.app.answering
        key = ("weak_candidates", self.head, horizon.today, horizon.as_of, horizon.known_on, unit_id)
        day, known = horizon.as_of, horizon.known_on
        return self._kept.answer(key, lambda: as_shown(answering.weak_candidates(unit_id, day, known)))

    def tree(self) -> Answer:
        """Return every unit of the tree by this horizon, those that are no more too."""
        horizon, answering = self.horizon, self.app.answering
        key = ("tree", self.head, horizon.today, horizon.as_of, horizon.known_on)
        return self._kept.answer(
            key, lambda: answering.units(None, horizon.as_of, horizon.known_on, ended=True)
        )

    def lineage(self, unit_id: UUID) -> Answer:
        """Return where a unit came from and what became of it, by this horizon."""
        return self.app.answering.lineage(unit_id, self.horizon.as_of, self.horizon.known_on)  # type: ignore[no-any-return]

    def state(self, stream_id: UUID) -> Answer:
        """Return the state of a unit or a person at this horizon."""
        return self.app.answering.state(stream_id, self.horizon.as_of, self.horizon.known_on)  # type: ignore[no-any-return]

    def history(self, stream_id: UUID, diff: Known = None) -> Answer:
        """Return the events of a stream at this horizon, with its state."""
        told = self.app.answering.history(stream_id, self.horizon.as_of, self.horizon.known_on, diff)
        return {**told, "rows": [candidates_named(row, self.name_of) for row in told["rows"]]}

    def record(self, position: int) -> Recorded | None:
        """Return the record at a position, None where there is none."""
        with self.app.log.read() as reading:
            return reading.event_at(position)

    def records(self, stream_id: UUID) -> list[Recorded]:
        """Return every record of a stream, and of those merged into it."""
        with self.app.answering.opened() as opened:
            found: list[Recorded] = opened.books.records_of(stream_id)
            return found

    def name_of(self, text: str) -> str | None:
        """Return the name behind an id of a unit, a case or a person, None where it is none."""
        if text in self.unit_by_id:
            return self.unit_by_id[text].name
        if text in self.files:
            return entry.subject if (entry := self.file(text)) is not None else None
        try:
            wanted = UUID(text)
        except ValueError:
            return None
        with self.app.answering.opened(self.horizon.known_on) as opened:
            return opened.naming.person(wanted)  # type: ignore[no-any-return]

    def file(self, file_id: object) -> FileEntry | None:
        """Return a case as it was called at this horizon, masked; None of one not opened by then."""
        entry, horizon = self.files.get(str(file_id)), self.horizon
        if entry is None:
            return None
        subject = entry.subject
        if horizon.is_past:
            with self.app.answering.opened(horizon.known_on, horizon.as_of) as opened:
                subject = opened.books.file_state(entry.id).at(horizon.as_of).subject
        return replace(entry, subject=mask_text(subject)) if subject else None

    def unit_name(self, unit_id: object) -> str:
        """Return the name of a unit, "" for one unknown."""
        entry = self.unit_by_id.get(str(unit_id))
        return entry.name if entry else ""
