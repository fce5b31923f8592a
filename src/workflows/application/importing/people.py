"""党员花名册 and 发展党员台账: one person, one stream, whichever sheets speak of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from workflows.application.importing.desk import Day, Desk, RowRefused
from workflows.application.importing.shapes import Line, Page
from workflows.domain.person import commands as cmd
from workflows.domain.person import events as ev
from workflows.domain.person.rough_days import of_full_membership
from workflows.domain.person.state import Person
from workflows.domain.stages import Stage
from workflows.kernel.events import Event

PROFILE = {
    "name": "name",
    "born_on": "born_on",
    "identity_number": "id_number",
    "sex": "gender",
    "ethnicity": "ethnic_group",
    "education": "education",
    "phone": "phone",
}
"""Canonical columns and the fields of a profile."""

E = TypeVar("E", bound=Event)

PersonKey = tuple[str, date | None, str]


def key_of(line: Line) -> PersonKey:
    """Return what tells people of one workbook apart where no number does: name, birth day, branch."""
    return line.cells["name"], line.cells.get("born_on"), line.cells["branch"]


class People:
    """Enters people; ``courses`` are the rows of the development sheet by key, ``members`` the roster's."""

    def __init__(self, desk: Desk, units: Mapping[str, UUID], members: Mapping[PersonKey, Line]) -> None:
        self.desk, self.units, self.members = desk, units, members

    # --- who it is --------------------------------------------------------------------------------------

    def unit_of(self, line: Line, known: Any) -> UUID:
        """Return the branch a row names.

        Raises:
            RowRefused: there is none of that name; ``known`` finds names that look alike.
        """
        name = line.cells["branch"]
        unit_id = self.units.get(name)
        if unit_id is None:
            near = known(name)
            if near:
                raise RowRefused("branch", name, "unknown-branch-near", {"text": name, "near": near[0]})
            raise RowRefused("branch", name, "unknown-branch", {"text": name})
        return unit_id

    def known(self, fields: Mapping[str, Any], unit_id: UUID) -> UUID | None:
        """Return the stream of the person described, None for somebody new.

        Raises:
            RowRefused: the identity number belongs to somebody of another name or birth day.
        """
        described = cmd.ReceiveApplication(
            on=UNUSED_DAY,
            name=fields.get("name"),
            born_on=fields.get("born_on"),
            id_number=fields.get("id_number"),
        )
        return self.desk.batch.known.person(described, unit_id)

    def _compare_profile(self, page: Page, line: Line, person: Person) -> None:
        """Compare every personal cell with the books; a fact nobody had written down is put in."""
        home = next((a for a in person.acts if getattr(a.event, "profile", None) is not None), None)
        new: list[tuple[str, Any]] = []
        others = (
            [self.desk.books.alone(one).profile for one in (person.id, *person.others)]
            if person.others
            else []
        )
        for column, field in PROFILE.items():
            written, known = line.cells.get(column), getattr(person.profile, field)
            if written is not None and any(getattr(one, field) == written for one in others):
                continue  # so it stands on one of the streams of somebody entered twice
            Desk.compare(column, written, known)
            if written is not None and known is None:
                new.append((field, written))
        for field, value in new:
            if home is not None:
                self.desk.supply(page, line, home.source.event_id, field, value)

    # --- 党员花名册 --------------------------------------------------------------------------------------

    def enter_member(self, page: Page, line: Line, unit_id: UUID) -> None:
        """Enter one row of the roster.

        Raises:
            RowRefused: a cell differs from the books.
        """
        cells = line.cells
        fields = profile_of(cells)
        person_id = self.known(fields, unit_id)
        admitted, full = cells.get("admitted_on"), cells.get("full_since")
        if person_id is not None:
            person = self.desk.books.person_state(person_id)
            self._compare_profile(page, line, person)
            if person.course_known:
                self._compare_course(page, line, person, admitted, full)
                return
            registered = person.last(ev.MemberRegistered)
            if registered is not None:
                for column, written, field in (
                    ("admitted_on", admitted, "admitted_on"),
                    ("full_since", full, "full_since"),
                ):
                    event, act = registered
                    known = event.approximate(field) or getattr(event, field)
                    self.desk.compare_day(page, line, column, written, known, act.source.event_id, field)
                    if written is not None and known is None:
                        self.desk.supply(page, line, act.source.event_id, field, written)
                return
        on = admitted or full
        if on is None:
            raise RowRefused(
                "admitted_on", "", "missing", {"column": page.heading("admitted_on") or "入党时间"}
            )
        self.desk.record(
            page,
            line,
            "register_member",
            on,
            {**fields, "admitted_on": admitted, "full_since": full, "posts": list(cells.get("posts", ()))},
            person_id=person_id,
            unit_id=unit_id,
            subject=cells["name"],
        )

    def _compare_course(
        self, page: Page, line: Line, person: Person, admitted: Day | None, full: Day | None
    ) -> None:
        """Lay the roster's days beside the recorded course: differences are flagged, the course stands."""
        voted = person.admission
        if admitted and voted and not Desk.agree(admitted, voted[1].approx or voted[0].held_on):
            self.desk.flag(
                page, line, "input-admitted-differs", roster=str(admitted), ledger=str(voted[0].held_on)
            )
        if admitted and person.stage not in (Stage.PROBATIONARY, Stage.FULL):
            self.desk.flag(page, line, "input-not-yet-approved", roster=str(admitted))
        counted = person.full_from
        if full and counted and not Desk.agree(full, of_full_membership(person) or counted[0]):
            self.desk.flag(page, line, "input-full-differs", roster=str(full), ledger=str(counted[0]))
        if full and not counted:
            self.desk.flag(page, line, "input-not-yet-full", roster=str(full))

    # --- 发展党员台账 ------------------------------------------------------------------------------------

    def enter_course(self, page: Page, line: Line, unit_id: UUID) -> None:
        """Enter one row of the development ledger: each column gives only its own fact.

        Raises:
            RowRefused: a cell differs from the books, or there is no day of application to begin with.
        """
        cells = line.cells
        fields = profile_of(cells)
        member = self.members.get(key_of(line))
        if member is not None:
            fields = {**profile_of(member.cells), **fields}
        person_id = self.known(fields, unit_id)
        if person_id is not None:
            self._compare_profile(page, line, self.desk.books.person_state(person_id))
        entry = _Course(self, page, line, unit_id, fields, person_id)
        entry.enter()


def profile_of(cells: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a profile a row gives."""
    return {field: cells[column] for column, field in PROFILE.items() if cells.get(column) is not None}


UNUSED_DAY = date(2000, 1, 1)


class _Course:
    """The steps one row of the ledger tells, in the order of the chart."""

    def __init__(
        self,
        people: People,
        page: Page,
        line: Line,
        unit_id: UUID,
        fields: dict[str, Any],
        person_id: UUID | None,
    ) -> None:
        self.people, self.page, self.line = people, page, line
        self.unit_id, self.fields, self.person_id = unit_id, fields, person_id
        self.desk = people.desk

    def enter(self) -> None:
        """Record every step not yet on the books; compare the others."""
        cells = self.line.cells
        applied = cells.get("applied_on")
        if applied is None and self.person_id is None:
            heading = self.page.heading("applied_on") or "申请入党时间"
            raise RowRefused("applied_on", "", "missing", {"column": heading})
        for column, kind, field in COMPARED:
            self._compare(column, kind, field)
        self._compare_people("mentors", cells.get("mentors"), ev.MentorsAssigned)
        self._compare_people("sponsors", cells.get("sponsors"), ev.SponsorsAssigned)
        self._step("receive_application", applied, ev.ApplicationReceived, self.fields)
        self._step("hold_first_talk", cells.get("talked_on"), ev.FirstTalkHeld)
        activist = cells.get("activist_on")
        self._step("confirm_activist", activist, ev.ActivistConfirmed)
        self._people("assign_mentors", cells.get("mentors"), activist or applied, ev.MentorsAssigned)
        target = cells.get("target_on")
        self._target(target)
        self._people("assign_sponsors", cells.get("sponsors"), target, ev.SponsorsAssigned)
        self._step("conclude_background_review", cells.get("reviewed_on"), ev.BackgroundReviewConcluded)
        self._step("complete_intensive_course", cells.get("trained_on"), ev.IntensiveCourseCompleted)
        self._step("post_notice", cells.get("notice_on"), ev.NoticePosted)
        self._step("vote_on_admission", cells.get("voted_on"), ev.AdmissionVoted, {"passed": True})
        self._step("approve_admission", cells.get("approved_on"), ev.AdmissionApproved)
        full = cells.get("full_since")
        if full is not None and self._person().full_from is None:
            self._record("approve_full_membership", full, {})

    def _person(self) -> Person:
        if self.person_id is None:
            return Person(UUID(int=0))
        return self.desk.books.person_state(self.person_id)

    def _compare(self, column: str, kind: type[Event], field: str) -> None:
        found = self._person().last(kind)
        if self._stands_so(kind, field, self.line.cells.get(column)):
            return
        known = None if found is None else found[0].approximate(field) or getattr(found[0], field)
        if found is not None:
            written, event = self.line.cells.get(column), found[1].source.event_id
            self.desk.compare_day(self.page, self.line, column, written, known, event, field)

    def _stands_so(self, kind: type[Event], field: str, written: Any) -> bool:
        """Say whether one of the streams of somebody entered twice tells a day just so."""
        told = self._elsewhere(kind) if written is not None else []
        return any(written in (event.approximate(field), getattr(event, field)) for event in told)

    def _step(
        self, verb: str, on: Day | None, kind: type[Event], fields: Mapping[str, Any] | None = None
    ) -> None:
        if on is not None and self._person().last(kind) is None:
            self._record(verb, on, fields or {})

    def _people(
        self,
        verb: str,
        names: tuple[str, ...] | None,
        on: Day | None,
        kind: type[ev.MentorsAssigned | ev.SponsorsAssigned],
    ) -> None:
        """Record those named; no column tells the day, so the day of the stage they belong to is put down."""
        if not names or on is None:
            return
        if self._person().last(kind) is None:
            self._record(verb, on, {"persons": list(names)})

    def _compare_people(
        self,
        column: str,
        names: tuple[str, ...] | None,
        kind: type[ev.MentorsAssigned | ev.SponsorsAssigned],
    ) -> None:
        """Refuse other names than those recorded; someone may have become known by id since."""
        known = self._person().last(kind)
        if not names or known is None:
            return
        told = self._named(known[0])
        if told != set(names) and set(names) not in [self._named(e) for e in self._elsewhere(kind)]:
            text = "、".join(names)
            raise RowRefused(column, text, "changed-cell", {"known": "、".join(map(str, told)), "text": text})

    def _elsewhere(self, kind: type[E]) -> list[E]:
        """Return the acts of a kind on each stream of somebody entered twice; () of anybody else."""
        person = self._person()
        streams = (person.id, *person.others) if person.others else ()
        return [event for one in map(self.desk.books.alone, streams) for event, _ in one.each(kind)]

    def _named(self, event: ev.MentorsAssigned | ev.SponsorsAssigned) -> set[str | None]:
        books = self.desk.books
        return {
            who.name if who.person is None else books.person_state(books.one(who.person)).profile.name
            for who in event.persons or ()
        }

    def _target(self, on: Day | None) -> None:
        """确定为发展对象时间: agreed, and filed (2014) or listed (2026) that day."""
        if on is None or self._person().last(ev.DevelopmentTargetAgreed) is not None:
            return
        self._record("agree_development_target", on, {})
        day = on if isinstance(on, date) else on.ordered_on
        filing = {step.id for step in self.desk.books.rules_for(self.unit_id, day).steps(day)}
        verb = "file_development_target" if "file_development_target" in filing else "list_development_target"
        self._record(verb, on, {})

    def _record(self, verb: str, on: Day, fields: Mapping[str, Any]) -> None:
        outcome = self.desk.record(
            self.page,
            self.line,
            verb,
            on,
            fields,
            person_id=self.person_id,
            unit_id=self.unit_id,
            subject=self.line.cells["name"],
        )
        if self.person_id is None:
            self.person_id = outcome.stream_id


COMPARED: tuple[tuple[str, type[Event], str], ...] = (
    ("applied_on", ev.ApplicationReceived, "received_on"),
    ("talked_on", ev.FirstTalkHeld, "held_on"),
    ("activist_on", ev.ActivistConfirmed, "confirmed_on"),
    ("target_on", ev.DevelopmentTargetAgreed, "agreed_on"),
    ("reviewed_on", ev.BackgroundReviewConcluded, "concluded_on"),
    ("trained_on", ev.IntensiveCourseCompleted, "completed_on"),
    ("notice_on", ev.NoticePosted, "starts_on"),
    ("voted_on", ev.AdmissionVoted, "held_on"),
    ("approved_on", ev.AdmissionApproved, "approved_on"),
    ("full_since", ev.FullMembershipGranted, "approved_on"),
)
"""Columns of the ledger, and the recorded day each must agree with."""
