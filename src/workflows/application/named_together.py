"""合并重复的人: what others' streams say of two, and where both have a part in one act.

Minutes that name both are no proof that they are two (both entries may have been copied): that is told, for a
person to judge. That both stood in one election, or that one trained the other, cannot be of one person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

import msgspec

from workflows.application.books import Books
from workflows.application.ports import Reading
from workflows.application.tree import ever_above
from workflows.domain.act import Decided, OnBooks, Who, step_of
from workflows.domain.person.events import ApprovalTalkHeld, FirstTalkHeld, MentorsAssigned, SponsorsAssigned
from workflows.domain.person.merging import noted, referred, refused
from workflows.domain.person.state import Person
from workflows.domain.rectification import events as issue
from workflows.domain.rectification.state import Rectification
from workflows.domain.unit.events import Ballot, MeetingHeld
from workflows.policies.findings import Finding

BY_SOMEBODY_ELSE = (MentorsAssigned, SponsorsAssigned, FirstTalkHeld, ApprovalTalkHeld)
"""What is done for a person by others: nobody trains, sponsors or interviews themselves."""

STOOD = ("candidates", "posts")
"""Where a ballot, an approval or a filing holds each person once."""

EITHER = (("attendees", "leave"), ("attendees", "excluded"), ("leader", "handed_by"))
"""Fields of one act of which nobody stands in both."""


def speaking_of(people: Iterable[UUID], reading: Reading) -> set[UUID]:
    """Return the streams that may speak of people.

    The units they ever belonged to with all their people and cases, those above, and every stream that names
    them in clear; what names them where it is sealed rests on them, or is among these.
    """
    wanted, directory = sorted(people), reading.directory
    units = {unit for one in wanted for unit in directory.units_of(one)}
    units |= {above for unit in units for above in ever_above(unit, directory)}
    found = units | {person for unit in units for person in directory.people_of(unit)}
    found |= {entry.id for entry in directory.files() if entry.unit_id in units}
    return found | set(reading.naming_any(wanted))


def named_together(keep: UUID, other: UUID, books: Books) -> tuple[Finding, ...]:
    """Return what is found where both are named in one act, or one has a part in what was done for the other.

    To be asked while the two are two.
    """
    streams = sorted(speaking_of((keep, other), books.reading))
    books.preload(streams)
    pair = Pair(keep, other, books)
    for stream in streams:
        state = books.state(stream)
        for act in () if state is None else state.acts:
            if isinstance(act.event, Decided):
                pair.see(act, act.event)
        if isinstance(state, Person) and stream in (keep, other):
            pair.of_their_own(state)
        if isinstance(state, Rectification):
            pair.put_right_and_accepted(state)
    return pair.findings()


class Pair:
    """Two people, and what is found of them act by act."""

    def __init__(self, keep: UUID, other: UUID, books: Books) -> None:
        self.ids = frozenset({keep, other})
        self._as_one = books.merged.also(keep, other)
        self._found: list[Finding] = []
        self._told: dict[tuple[str, str, tuple[str, ...]], list[OnBooks]] = {}

    def see(self, act: OnBooks, event: Decided) -> None:
        """Take in an act of anybody: in which of its fields both stand."""
        named = {name: self._named(getattr(event, name)) for name in sorted(type(event).people)}
        both = [name for name, ids in named.items() if ids == self.ids]
        if twice := [name for name in both if name in STOOD]:
            self._found.append(refused("merge-elected-twice", fields=twice, **_place(act)))
            return
        both += [
            name
            for pair in EITHER
            if not set(pair) & set(both) and set(pair) <= named.keys()
            if all(named[one] for one in pair) and named[pair[0]] | named[pair[1]] == self.ids
            for name in pair
        ]
        if both:
            self._told.setdefault(("merge-together", step_of(event), tuple(both)), []).append(act)
        if isinstance(event, MeetingHeld | Ballot) and self._is_eligible_as_told(event):
            self._told.setdefault(("merge-eligible-stands", step_of(event), ("eligible",)), []).append(act)

    def of_their_own(self, person: Person) -> None:
        """Take in what others did for one of the two: the other one cannot be among them."""
        for act in person.acts:
            event = act.event
            if not isinstance(event, BY_SOMEBODY_ELSE):
                continue
            others = {name: self._named(getattr(event, name)) - {person.id} for name in type(event).people}
            if fields := sorted(name for name, ids in others.items() if ids):
                self._found.append(refused("merge-own-part", fields=fields, **_place(act)))

    def put_right_and_accepted(self, problem: Rectification) -> None:
        """Take in where one put right what the other accepted or closed: it would be by one person."""
        hands: set[UUID] = set()
        for act in problem.acts:
            match act.event:
                case issue.IssueReopened():
                    hands = set()
                case issue.CorrectionPlanned(owner=who):
                    hands |= self._named(who)
                case issue.ProgressReported(by=who) | issue.CorrectionSubmitted(by=who):
                    hands |= self._named(who)
                case issue.CorrectionAccepted(by=who) | issue.IssueClosedOut(by=who):
                    if self._named(who) - hands and hands:
                        told = {"subject": problem.subject, "by": [str(one) for one in self._named(who)]}
                        self._found.append(referred("merge-by-another", **told, **_place(act)))

    def findings(self) -> tuple[Finding, ...]:
        """Return what was found; acts of a kind that name both are told together, the last one by number."""
        told = []
        for (rule, _, fields), acts in self._told.items():
            last = max(acts, key=lambda act: (act.on, act.source.position))
            told.append(noted(rule, fields=list(fields), count=len(acts), **_place(last)))
        return (*self._found, *told)

    def _named(self, value: Any) -> set[UUID]:
        return set(_ids_in(value)) & self.ids

    def _is_eligible_as_told(self, event: MeetingHeld | Ballot) -> bool:
        """Say whether both were counted among those due by a number that stays as it was told."""
        rolled = self.ids <= set(event.roll or ())
        named = isinstance(event, MeetingHeld) and self.ids == self._named(
            (event.attendees, event.leave, event.exempt)
        )
        if event.eligible is None or not (rolled or named):
            return False
        now = self._as_one.event(event)
        return isinstance(now, MeetingHeld | Ballot) and now.eligible == event.eligible


def _place(act: OnBooks) -> dict[str, Any]:
    return {"step": step_of(act.event), "on": act.on.isoformat(), "position": act.source.position}


def _ids_in(value: Any) -> Iterator[UUID]:
    """Yield the people named anywhere in a field."""
    if isinstance(value, Who):
        if value.person is not None:
            yield value.person
    elif isinstance(value, tuple):
        for item in value:
            yield from _ids_in(item)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _ids_in(getattr(value, name))
