"""Answers: the questions of the contract, from kept rows where they are as good, else from the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from functools import partial
from typing import Any
from uuid import UUID

from workflows.application.streams import kind_of
from workflows.domain.case_files import CaseFile
from workflows.domain.person.state import Person
from workflows.domain.unit.state import Unit
from workflows.domain.waivers import reliefs_of
from workflows.kernel.calendar import Period
from workflows.kernel.clock import LOCAL, end_of_day, today
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import Known, Recorded
from workflows.projections import (
    case_files,
    case_ledgers,
    contact_points,
    development_ledger,
    following,
    grades,
    papers,
    pipeline,
    seed_ledgers,
    standing,
    timelines,
    work_ledger,
)
from workflows.projections.agenda import Agenda
from workflows.projections.bulletins import Bulletins
from workflows.projections.case_ledgers import LEDGERS_OF_CASES
from workflows.projections.casing import Casing
from workflows.projections.choosing import Choosing
from workflows.projections.entered_twice import EnteredTwice
from workflows.projections.inspecting import Inspecting
from workflows.projections.meetings_held import MeetingsHeld
from workflows.projections.opening import Answer, Opened, Structure, known_text
from workflows.projections.organization import Organization
from workflows.projections.overseeing import Overseeing
from workflows.projections.plans import Planning
from workflows.projections.rostering import LEDGERS_OF_MEMBERS, Rostering
from workflows.projections.seed_ledgers import LEDGERS_OF_THE_SEED
from workflows.projections.terms import Terms
from workflows.projections.votes import Revoting
from workflows.projections.weak_candidates import Candidates

LEDGERS = (
    "发展党员台账", "党员教育管理台账", "党组织工作台账", "特色党建台账",
    *LEDGERS_OF_CASES, "花名册", *LEDGERS_OF_MEMBERS,
)  # fmt: skip


class Answering(
    Bulletins,
    Planning,
    Revoting,
    Choosing,
    Rostering,
    MeetingsHeld,
    Inspecting,
    Overseeing,
    Agenda,
    Terms,
    Organization,
    Casing,
    Candidates,
    EnteredTwice,
):
    """Answers about the books, as of any day and as known at any horizon; every answer is in JSON form."""

    # --- the questions ----------------------------------------------------------------------------------

    def pipeline(
        self,
        unit_id: UUID | None = None,
        person_id: UUID | None = None,
        on: date | None = None,
        known_on: Known = None,
        structure: Structure = "then",
        *,
        people: Sequence[UUID] | None = None,
    ) -> Answer:
        """Answer who stands where on the way to membership: in a unit and all below, one person, or some."""
        day = on or today(self.clock)
        with self.opened(known_on, day) as opened:
            books, naming = opened.books, opened.naming
            if person_id is not None:
                person = books.person(person_id)
                rules_on = partial(books.rules_for, person.unit_on(day))
                row = pipeline.row_of(person, rules_on(day), books, naming, on=day, rules_on=rules_on)
                rows = [row] if person.at(day).acts else []
                return self._answer(opened, rows, day, known_on)
            units = self._below(opened, unit_id, day, structure)
            if people is None:
                found = self._on_the_way(opened, units, day)
            else:
                books.preload(people)
                found = [books.person_state(one) for one in people]
            rows = pipeline.rows(found, books.rules_for, books, naming, on=day, units=frozenset(units))
            return self._answer(opened, rows, day, known_on)

    def in_course(
        self,
        unit_id: UUID | None = None,
        on: date | None = None,
        known_on: Known = None,
        structure: Structure = "then",
    ) -> Answer:
        """Answer who is on the way in a unit and all below: person, unit, stage and since when, no more.

        What comes next is not reckoned; ``pipeline`` tells it of those one names.
        """
        day = on or today(self.clock)
        with self.opened(known_on, day) as opened:
            units = self._below(opened, unit_id, day, structure)
            people = self._on_the_way(opened, units, day)
            here = frozenset(units)
            rows = [
                pipeline.brief(person.at(day), opened.naming)
                for person in people
                if pipeline.is_in_course(person, day) and person.unit_on(day) in here
            ]
            return self._answer(opened, rows, day, known_on)

    def _on_the_way(self, opened: Opened, units: Sequence[UUID], day: date) -> list[Person]:
        """Return the people on the way in units, and perhaps others; their streams are read at once."""
        if opened.is_now and self.live is not None:
            ids = self.live.in_course(opened.reading, units=units, on=day)
            if ids is not None:
                opened.books.preload(ids)
                return [opened.books.person_state(one) for one in ids]
        return self._people(opened, units)

    def state(self, stream_id: UUID, as_of: date | None = None, known_on: Known = None) -> Answer:
        """Answer the state of a person or unit on a day, in the words of the contract."""
        day = as_of or today(self.clock)
        with self.opened(known_on, day) as opened:
            told = self._state(opened, stream_id, day)
            return {**told, "state": told, **self._heading(opened, day, known_on)}

    def _state(self, opened: Opened, stream_id: UUID, day: date) -> Answer:
        books, naming = opened.books, opened.naming
        stream_id = books.one(stream_id)
        state = books.state(stream_id)
        if isinstance(state, CaseFile):
            told = case_files.state_of(state, naming, on=day)
            return {**told, **following.told(state.at(day), books, day)}
        if isinstance(state, Unit):
            rules = books.rules_for(stream_id, day)
            above = [books.unit_state(one) for one in books.line_of(stream_id, day)[1:]]
            told = standing.of_unit(state, rules, books, naming, on=day, superiors=above)
            told["contacts"] = contact_points.with_classes(told["contacts"], books, naming, day)
            return {**told, "grades": grades.rows(grades.history(books, stream_id, day), naming)}
        person = books.person_state(stream_id)
        unit_id = person.unit_on(day)
        unit = books.unit_state(unit_id) if unit_id is not None else None
        held = standing.posts_held(unit, books, day)
        return standing.of_person(person, held, books.rules_for(unit_id, day), naming, on=day)

    def history(
        self,
        stream_id: UUID,
        as_of: date | None = None,
        known_on: Known = None,
        diff: Known = None,
        *,
        full: bool = False,
    ) -> Answer:
        """Answer all that is on the books of a person or unit, and its state; ``diff`` names another horizon.

        Raises:
            WrongUsage: ``stream-unknown``.
        """
        day = as_of or today(self.clock)
        with self.opened(known_on, day) as opened:
            records, rows = self._records(opened, stream_id, day, known_on, full=full)
            answer = {
                **self._answer(opened, rows, day, known_on),
                "kind": kind_of(records),
                "id": str(opened.books.one(stream_id)),
                **_merged(opened, stream_id),
                "withdrawn": timelines.withdrawal([row for row in rows if row["stream"] == str(stream_id)]),
                "state": self._state(opened, stream_id, day),
            }
        if diff is not None:
            other = self.history(stream_id, as_of, diff, full=full)
            answer["diff"] = {"known_on": known_text(diff), **timelines.differences(answer, other)}
        return answer

    def records(self, stream_id: UUID, known_on: Known = None) -> list[dict[str, Any]]:
        """Return all that is on the books of a person, a unit or a case, whatever day it took place.

        Raises:
            WrongUsage: ``stream-unknown``.
        """
        with self.opened(known_on, today(self.clock)) as opened:
            return self._records(opened, stream_id, None, known_on)[1]

    def _records(
        self, opened: Opened, stream_id: UUID, day: date | None, known_on: Known, *, full: bool = False
    ) -> tuple[list[Recorded], list[dict[str, Any]]]:
        """Return the records of a stream, and what is told of those that took place by a day."""
        one = opened.books.one(stream_id)
        records = opened.books.records_of(one)
        records += _mergers_of(stream_id, records, opened)
        if not records:
            raise WrongUsage("stream-unknown", stream=str(stream_id))
        last = day or date.max
        looked_at = today(self.clock) if last == date.max else last
        rows = timelines.rows(
            records,
            opened.naming,
            as_of=last,
            known_on=known_on,
            full=full,
            reliefs=reliefs_of(opened.books.state(one).at(last).acts),
            waived_on=looked_at,
        )
        self._beside_votes(opened, rows, one, last)
        return records, rows

    def papers(self, stream_id: UUID, on: date | None = None, known_on: Known = None) -> Answer:
        """Answer which papers of a person or a unit are there, wanting or dated oddly on a day.

        ``wanting``: how many are to be seen to.
        """
        day = on or today(self.clock)
        with self.opened(known_on, day) as opened:
            books, state = opened.books, opened.books.state(opened.books.one(stream_id))
            if isinstance(state, Person):
                rules = books.rules_for(state.unit_on(day), day)
                rows = pipeline.row_of(state, rules, books, opened.naming, on=day)["papers"]
            else:
                home = stream_id if isinstance(state, Unit) else state.unit_id
                rows = papers.of_unit(state, books.rules_for(home, day), on=day)
            return {"wanting": papers.wanting(rows), **self._answer(opened, rows, day, known_on)}

    def ledger(
        self,
        name: str,
        unit_id: UUID | None = None,
        year: int | None = None,
        on: date | None = None,
        known_on: Known = None,
        structure: Structure = "then",
    ) -> Answer:
        """Answer a ledger by its name, of a unit and all below.

        Raises:
            WrongUsage: ``ledger-unknown``.
        """
        day = on or today(self.clock)
        if name == "花名册":
            return self.roster(unit_id, day, known_on, structure)
        if name in LEDGERS_OF_MEMBERS:
            return self._of_members(name, unit_id, year, day, known_on, structure)
        if name not in LEDGERS:
            raise WrongUsage("ledger-unknown", ledger=name, ledgers=list(LEDGERS))
        with self.opened(known_on, day) as opened:
            units = self._below(opened, unit_id, day, structure)
            if name in LEDGERS_OF_CASES:
                told = case_ledgers.rows(name, opened.books, opened.naming, units=units, on=day, year=year)
                return self._answer(opened, told, day, known_on)
            people = self._people(opened, units)
            if name in LEDGERS_OF_THE_SEED:
                placed = self._in_order(opened, unit_id, day, structure)
                rows = seed_ledgers.rows(
                    name, opened.books, opened.naming, people, placed, on=day, year=year or day.year
                )
                more = {"year": year or day.year, "parts": seed_ledgers.parts(name, rows)}
                return {**self._answer(opened, rows, day, known_on), **more}
            if name == "发展党员台账":
                here = frozenset(units)
                rows = development_ledger.rows(people, opened.naming, on=day, units=here, year=year)
            else:
                states = [opened.books.unit_state(unit) for unit in units]
                rows = work_ledger.rows(states, opened.books, opened.naming, on=day, year=year)
            return self._answer(opened, rows, day, known_on)

    # --- by name, for stories ---------------------------------------------------------------------------

    def ask(
        self,
        question: str,
        arguments: Mapping[str, Any],
        *,
        as_of: date | None = None,
        known_on: Known = None,
    ) -> Answer:
        """Answer ``deadlines``, ``compliance``, ``pipeline``, ``state``, ``scores`` or ``bulletin``.

        As in a sandbox file.

        People and units are named; the unit defaults to the first one on the books. A question about limits
        shows them all, met or not.

        Raises:
            WrongUsage: an unknown question, argument or name, or a name several people bear.
        """
        given = dict(arguments)
        unit, person = given.pop("unit", None), given.pop("person", None)
        subject = given.pop("subject", None)
        day = given.pop("as_of" if question == "state" else "on", None) or as_of
        known = _horizon(given.pop("known_on")) if "known_on" in given else known_on
        status, period = given.pop("status", None), given.pop("period", None)
        if given:
            raise WrongUsage("question-argument", question=question, arguments=sorted(given))
        unit_id = self.unit_named(unit) if unit is not None or question == "compliance" else None
        person_id = self.person_named(person, unit_id) if person is not None else None
        match question:
            case "deadlines":
                return self.deadlines(unit_id, person_id, day, status or "all", known)
            case "compliance":
                if period is None:
                    raise WrongUsage("question-argument", question=question, arguments=["period"])
                asked = str(period)
                return self.compliance(unit_id, asked, day or _last_day(asked), known, is_over=True)
            case "pipeline":
                return self.pipeline(unit_id, person_id, day, known)
            case "state":
                file_id = self.file_named(subject, unit_id) if subject is not None else None
                return self.state(file_id or person_id or unit_id or self.unit_named(None), day, known)
            case "scores" | "bulletin":
                if subject is None:
                    raise WrongUsage("question-argument", question=question, arguments=["subject"])
                named = self.file_named(subject)
                of_all = question == "bulletin"
                return self.bulletin(named, day, known) if of_all else self.scores(named, unit_id, day, known)
        raise WrongUsage("question-unknown", question=question)


def _mergers_of(stream_id: UUID, records: Sequence[Recorded], opened: Opened) -> list[Recorded]:
    """Return how somebody was merged into another and taken apart again: it stands on the other's stream."""
    merges = [merge for merge in opened.reading.directory.merges() if merge.other == stream_id]
    told: dict[UUID, Recorded] = {}
    about = {merge.event_id for merge in merges}
    for keep in dict.fromkeys(merge.keep for merge in merges):
        for record in opened.reading.load(keep):
            if record.event_id in about or getattr(record.event, "event_id", None) in about:
                about.add(record.event_id)
                told[record.event_id] = record
    known = {record.event_id for record in records}
    return [record for event_id, record in told.items() if event_id not in known]


def _merged(opened: Opened, stream_id: UUID) -> dict[str, Any]:
    """Return who was merged into someone, and into whom the one asked for was; nothing of anybody else."""
    one, naming = opened.books.one(stream_id), opened.naming
    others = opened.books.merged.others(one)
    if not others:
        return {}
    alone = [{"id": str(other), "name": opened.books.alone(other).profile.name} for other in others]
    asked = {"asked_for": str(stream_id), "merged_into": naming.person(one)} if one != stream_id else {}
    return {"merged": alone, **asked}


def _horizon(value: Any) -> Known:
    """Read a horizon as a story writes it: a day (to its end), a moment, or ``@POSITION``."""
    if isinstance(value, str):
        try:
            value = int(value[1:]) if value.startswith("@") else datetime.fromisoformat(value)
        except ValueError as error:
            raise WrongUsage("known-on-unreadable", value=value, option="known_on") from error
        if isinstance(value, datetime) and value.tzinfo is None and value.time() == time():
            value = value.date()
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=LOCAL)
    if isinstance(value, date):
        return end_of_day(value)
    return value if isinstance(value, int) else None


def _last_day(period: str) -> date | None:
    try:
        return Period.parse(period).last
    except ValueError:
        return None
