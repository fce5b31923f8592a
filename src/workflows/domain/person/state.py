"""The state of a person: facts kept dated, so that an earlier day can be read off it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import singledispatch
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from msgspec.structs import replace

from workflows.domain.act import OnBooks, step_of
from workflows.domain.person import events as ev
from workflows.domain.person import member_events as mv
from workflows.domain.person.entries import AtStage, InUnit
from workflows.domain.person.homes import home_after
from workflows.domain.person.profiles import profile_after, profile_of
from workflows.domain.person.relation import bars_on, is_after, stop_on, stops
from workflows.domain.stages import ENDED, RANK, Stage
from workflows.kernel import calendar
from workflows.kernel.approximate import ApproximateDay
from workflows.kernel.events import Event, Recorded

E = TypeVar("E", bound=Event)
ONE_DAY = timedelta(days=1)


class Person(msgspec.Struct, frozen=True):
    """申请人、积极分子、发展对象、预备党员、正式党员: one life, as the books tell it.

    ``acts`` stand in the order of their days. ``rounds`` is where the acts of a new application begin after
    an earlier course came to an end; an act dated before the first application belongs to the first course.
    ``returns`` are those acts by which the papers of a step went back. ``merged``: by which others turned out
    to be this person; ``told_twice``: the records of an act that was entered twice, and the one it counts as.
    ``others``: the streams of those, ``also_named``: the names on all of them. ``merged_into``: who this one
    is, where it is no person of its own.
    """

    id: UUID
    profile: ev.Profile = ev.Profile()
    stages: tuple[AtStage, ...] = ()
    units: tuple[InUnit, ...] = ()
    acts: tuple[OnBooks, ...] = ()
    rounds: tuple[int, ...] = ()
    returns: tuple[OnBooks, ...] = ()
    merged: tuple[OnBooks, ...] = ()
    told_twice: dict[UUID, UUID] = {}
    others: frozenset[UUID] = frozenset()
    also_named: tuple[str, ...] = ()
    merged_into: UUID | None = None

    def at(self, day: date) -> Person:
        """Return the person as of ``day`` (inclusive)."""
        if not self.acts or (self.acts[-1].on <= day and all(entry.on <= day for entry in self.stages)):
            return self  # a registration may tell of a stage that came later, and another act end it before
        return self._with(lambda one: one.on <= day)

    def possibly_at(self, day: date) -> Person:
        """Return the person with every act that may have taken place by ``day``, if its day is rough."""
        return self._with(lambda one: one.first_on <= day)

    def _with(self, is_by_then: Callable[[OnBooks | AtStage], bool]) -> Person:
        acts = tuple(act for act in self.acts if is_by_then(act))
        return replace(
            self,
            profile=profile_of(acts),
            stages=tuple(entry for entry in self.stages if is_by_then(entry)),
            units=tuple(entry for entry in self.units if is_by_then(entry.act)),
            acts=acts,
            rounds=tuple(start for start in self.rounds if start < len(acts)),
            returns=tuple(act for act in self.returns if is_by_then(act)),
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Return every name this person was entered by, the present one first."""
        return tuple(dict.fromkeys(name for name in (self.profile.name, *self.also_named) if name))

    @property
    def stage(self) -> Stage:
        """Return the present stage, ``nobody`` before there is any."""
        return self.stages[-1].stage if self.stages else Stage.NOBODY

    @property
    def stage_since(self) -> date | None:
        """Return the day from which the present stage holds."""
        return self.stages[-1].on if self.stages else None

    @property
    def unit_id(self) -> UUID | None:
        """Return the unit someone belongs to now."""
        return self.units[-1].unit_id if self.units else None

    def stage_on(self, day: date) -> Stage:
        """Return the stage on a day."""
        return next((e.stage for e in reversed(self.stages) if e.on <= day), Stage.NOBODY)

    def unit_on(self, day: date) -> UUID | None:
        """Return the unit on a day."""
        return next((e.unit_id for e in reversed(self.units) if e.on <= day), None)

    def since(self, stage: Stage) -> AtStage | None:
        """Return the entry into ``stage`` in the present round."""
        begun = self.acts[self.rounds[-1]] if self.rounds else None
        return next(
            (
                entry
                for entry in reversed(self.stages)
                if entry.stage is stage and (begun is None or not is_after(begun, entry.act))
            ),
            None,
        )

    def is_barred_on(self, day: date) -> bool:
        """Say whether rights are barred (留党察看) or suspended (留置、逮捕) on a day."""
        return bool(bars_on(self, day))

    def is_stopped_on(self, day: date) -> bool:
        """Say whether membership rests (停止党籍) on a day."""
        return stop_on(self, day) is not None

    @property
    def membership_changes(self) -> set[date]:
        """Return the days from which membership rests or goes on."""
        return {act.on for _, act in stops(self)}

    @property
    def bar_changes(self) -> set[date]:
        """Return the days from which rights are barred or restored."""
        bars = [act.event for act in self.acts if isinstance(act.event, mv.RightsBarred) and act.event.bars]
        return {bar.barred_on for bar in bars} | {
            bar.until + ONE_DAY for bar in bars if bar.until is not None
        }

    @property
    def this_round(self) -> tuple[OnBooks, ...]:
        """Return the acts since the present application."""
        return self.acts[self.rounds[-1] if self.rounds else 0 :]

    @property
    def course_known(self) -> bool:
        """Say whether the course is told from its application on."""
        return any(isinstance(act.event, ev.ApplicationReceived) for act in self.this_round)

    def each(self, kind: type[E]) -> Iterator[tuple[E, OnBooks]]:
        """Yield the events of a kind in this round that still count, in the order of their days."""
        for act in self.this_round:
            if isinstance(act.event, kind) and self.stands(act):
                yield act.event, act

    def stands(self, act: OnBooks) -> bool:
        """Say whether an act still counts: its papers did not go back later.

        What led to another stage, or extended probation, stands until it is withdrawn.
        """
        return not self.returns or self.returned_by(act) is None

    def returned_by(self, act: OnBooks) -> OnBooks | None:
        """Return the act by which the papers of another one went back, None where they did not."""
        if type(act.event) in _moves.registry or isinstance(act.event, mv.PapersReturned):
            return None
        step = step_of(act.event)
        return next((r for r in self.returns if step_returned(r) == step and is_after(r, act)), None)

    def last(self, kind: type[E]) -> tuple[E, OnBooks] | None:
        """Return the last event of a kind in this round."""
        return next(((e, a) for e, a in reversed(list(self.each(kind)))), None)

    @property
    def admission(self) -> tuple[ev.AdmissionVoted, OnBooks] | None:
        """Return the vote by which the person was admitted: the last one not known to have failed."""
        return next(
            ((e, a) for e, a in reversed(list(self.each(ev.AdmissionVoted))) if e.passed is not False), None
        )

    @property
    def is_admission_lost(self) -> bool:
        """Say whether the admission was voted on again and lost: the last vote decides."""
        last = self.last(ev.AdmissionVoted)
        return last is not None and last[0].passed is False

    @property
    def is_admitted(self) -> bool:
        """Say whether the admission was approved, or the membership registered."""
        return self.last(ev.AdmissionApproved) is not None or self._registered is not None

    @property
    def _registered(self) -> tuple[ev.MemberRegistered, OnBooks] | None:
        found = [(a.event, a) for a in self.acts if isinstance(a.event, ev.MemberRegistered)]
        return found[-1] if found else None

    @property
    def admitted(self) -> tuple[date, OnBooks] | None:
        """Return the day membership counts from once approved: the assembly's (``dev-probation-length``)."""
        if self.last(ev.AdmissionApproved) is not None and self.admission is not None:
            return self.admission[0].held_on, self.admission[1]
        registered = self._registered
        if registered is not None and registered[0].admitted_on is not None:
            return registered[0].admitted_on, registered[1]
        approved = self.last(ev.AdmissionApproved)
        return (approved[0].approved_on, approved[1]) if approved else None

    @property
    def conversion(self) -> tuple[ev.FullMembershipVoted, OnBooks] | None:
        """Return the vote on full membership that stands: the last one not lost, since the last extension.

        Taken again on the same outcome and lost, it stands no longer.
        """
        votes = self.conversion_votes
        won = next((vote for vote in reversed(votes) if vote[0].passed is not False), None)
        again = won is not None and any(
            event.outcome == won[0].outcome and is_after(act, won[1]) for event, act in votes
        )
        return None if again else won

    @property
    def conversion_votes(self) -> list[tuple[ev.FullMembershipVoted, OnBooks]]:
        """Return the votes on full membership since the last extension, which opens a new round."""
        since = self.extensions[-1][1] if self.extensions else None
        return [
            (event, act)
            for event, act in self.each(ev.FullMembershipVoted)
            if since is None or (act.on, act.source.position) > (since.on, since.source.position)
        ]

    @property
    def extensions(self) -> list[tuple[ev.ProbationExtended, OnBooks]]:
        """Return the extensions of probation, oldest first."""
        return list(self.each(ev.ProbationExtended))

    def probation_until(self, months: int) -> tuple[date, OnBooks] | None:
        """Return the day probation of ``months`` expires, extensions counted from the original expiry."""
        admitted = self.admitted
        if admitted is None:
            return None
        until, act = calendar.add_months(admitted[0], months), admitted[1]
        for extension, place in self.extensions:
            told = None if extension.approximate("until") else extension.until
            until, act = told or calendar.add_months(until, extension.months), place
        return until, act

    @property
    def full_from(self) -> tuple[date, OnBooks] | None:
        """Return the day full membership and standing (党龄) count from."""
        granted = self.last(ev.FullMembershipGranted)
        if granted is not None:
            return granted[0].effective_from or granted[0].approved_on, granted[1]
        registered = self._registered
        if registered is not None and registered[0].full_since is not None:
            return registered[0].full_since, registered[1]
        return None


def step_returned(act: OnBooks) -> str:
    """Return the step whose papers went back by an act, "" of any other act."""
    return act.event.returned if isinstance(act.event, mv.PapersReturned) else ""


def evolve(event: Event, person: Person, record: Recorded) -> Person:
    """Return the person after ``event``; never refuses, whatever the order."""
    act = OnBooks.of(event, record, joined=record.stream_id in person.others)
    if isinstance(event, mv.PersonsMerged):
        return replace(person, merged=(*person.merged, act))
    if isinstance(event, ev.ApplicationReceived) and person.stage in ENDED:
        person = replace(person, rounds=(*person.rounds, len(person.acts)))
    person = replace(
        person,
        acts=(*person.acts, act),
        profile=profile_after(act, person.profile),
        returns=(*person.returns, act) if isinstance(event, mv.PapersReturned) else person.returns,
    )
    home = home_after(event, person, record)
    if home != person.unit_id:
        person = replace(person, units=(*person.units, InUnit(act.on, home, act)))
    for on, stage, approx in _moves(event, person):
        if _is_forward(person.stage, stage, event):
            entry = AtStage(max(on, act.on), stage, act, approx if on >= act.on else None)
            person = replace(person, stages=(*person.stages, entry))
    return person


def _is_forward(now: Stage, then: Stage, event: Event) -> bool:
    if isinstance(event, ev.ApplicationReceived):
        return now is Stage.NOBODY or now in ENDED
    return RANK[then] > RANK[now]


Move = tuple[date, Stage, ApproximateDay | None]


@singledispatch
def _moves(event: Event, person: Person) -> list[Move]:
    return []


def _leads_to(kind: type[Event], stage: Stage) -> None:
    _moves.register(kind, lambda event, person: [(event.effective_on, stage, event.on_approx)])


for _kind, _stage in (
    (ev.ApplicationReceived, Stage.APPLICANT),
    (ev.ActivistConfirmed, Stage.ACTIVIST),
    (ev.DevelopmentTargetAgreed, Stage.TARGET_AGREED),
    (ev.DevelopmentTargetFiled, Stage.TARGET),
    (ev.DevelopmentTargetListed, Stage.TARGET),
    (ev.AdmissionApproved, Stage.PROBATIONARY),
    (ev.FullMembershipGranted, Stage.FULL),
    (ev.ProbationAnnulled, Stage.ANNULLED),
    (ev.ApplicationWithdrawn, Stage.WITHDRAWN),
    (ev.ActivistDropped, Stage.DROPPED),
    (mv.MemberStruckOff, Stage.STRUCK_OFF),
    (mv.DeathRecorded, Stage.DECEASED),
):
    _leads_to(_kind, _stage)


@_moves.register
def _(event: ev.MemberRegistered, person: Person) -> list[Move]:
    days = (
        (event.admitted_on, Stage.PROBATIONARY, event.approximate("admitted_on")),
        (event.full_since, Stage.FULL, event.approximate("full_since")),
    )
    return [(day, stage, approx) for day, stage, approx in days if day is not None]


@_moves.register
def _(event: ev.CourseTakenOver, person: Person) -> list[Move]:
    return [(event.since_on, Stage(event.stage), event.on_approx)]


def summary(person: Person, day: date, months: int) -> dict[str, Any]:
    """Return what the contract calls the state of a person on ``day``; unknown is None.

    ``months`` is the length of probation in force when it began.
    """
    known = person.at(day)
    stage = known.stage
    member = stage in (Stage.PROBATIONARY, Stage.FULL)
    admitted, expiry, full = known.admitted, known.probation_until(months), known.full_from
    applied, activist = known.last(ev.ApplicationReceived), known.since(Stage.ACTIVIST)
    begun = known.since(Stage.APPLICANT)
    target = known.since(Stage.TARGET)
    is_full = stage is Stage.FULL and full is not None
    stop = stop_on(known, day)
    return {
        "stage": None if stage is Stage.NOBODY else stage.value,
        "applied_on": applied[0].received_on if applied else begun.on if begun else None,
        "activist_since": activist.on if activist else None,
        "target_on": target.on if target else None,
        "probation_from": admitted[0] if member and admitted else None,
        "probation_until": expiry[0] if member and expiry else None,
        "member_from": admitted[0] if member and admitted else None,
        "full_since": full[0] if is_full and full else None,
        "standing_from": full[0] if is_full and full else None,
        "dues_from": admitted[0] if member and admitted else None,
        "voting_right": stage is Stage.FULL and not known.is_barred_on(day) and not known.is_stopped_on(day),
        "stopped_on": stop[1].on if member and stop else None,
    }
