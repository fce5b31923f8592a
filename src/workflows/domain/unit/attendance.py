"""到会: who should attend a meeting, who came, and of whom attendance is not demanded.

One gathering may be several meetings; each has its own base: the committee, those with a vote, the members of
a cell, all members.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

import msgspec

from workflows.domain.act import Who
from workflows.domain.facts import Facts, Roster
from workflows.domain.unit import events as ev
from workflows.domain.unit.life import cell_named
from workflows.domain.unit.state import Unit


class Attendance(msgspec.Struct, frozen=True):
    """The head counts of one meeting; what nobody knows is None.

    ``exempt`` are those of ``eligible`` who are free to stay away and did: never more than did not come.
    """

    eligible: int | None = None
    attending: int | None = None
    exempt: int | None = None


class Due(msgspec.Struct, frozen=True):
    """Who should attend by the books: how many, and who they are (None where that is not known)."""

    number: int | None = None
    people: frozenset[UUID] | None = None


def due(event: ev.MeetingHeld, meeting: str, unit: Unit, facts: Facts) -> Due:
    """Return who should attend a meeting by the books of its day, without those rightly left out."""
    if meeting == "committee_meeting":
        return of_committee(unit.at(event.held_on))
    roster = facts.roster(unit.id, event.held_on)
    if roster is None:
        return Due()
    if meeting == "branch_assembly":
        people = frozenset(roll_without(roster, event.excluded or ()))
        return Due(len(people), people)
    if meeting == "cell_meeting" and (people := in_cell(unit, event.cell, event.held_on, roster)):
        return Due(len(people), people)
    return Due(roster.members, roster.everybody if roster.everybody or not roster.members else None)


def of_committee(unit: Unit) -> Due:
    """Return the members of the committee; ``unit`` is as of the day."""
    people = frozenset(post.person.person for post in unit.committee if post.person.person)
    size = unit.committee_size
    return Due(size, people if len(people) == size else None)


def in_cell(unit: Unit, name: str | None, day: date, roster: Roster) -> frozenset[UUID]:
    """Return the members of the cell that met; nobody where the books do not tell."""
    cell = cell_named(unit, name, day)
    return roster.cells.get(cell.name if cell else name or "", frozenset())


def roll_without(roster: Roster, excluded: tuple[ev.Excluded, ...]) -> tuple[UUID, ...]:
    """Return the voters of a day but for those rightly left out of the count."""
    left_out = {one.person.person for one in excluded if one.is_valid}
    return tuple(person for person in roster.roll if person not in left_out)


def present_of(named: Iterable[Who], due_here: Due) -> int:
    """Return how many of those named count: those who should attend, all where nobody knows who should."""
    people = list(dict.fromkeys(named))
    if due_here.people is None:
        return len(people)
    return sum(who.person in due_here.people for who in people)


def attendance(event: ev.MeetingHeld, meeting: str, unit: Unit, facts: Facts) -> Attendance:
    """Return the head counts of a gathering as one of the meetings it was."""
    mine = due(event, meeting, unit, facts)
    eligible = event.eligible if meeting == event.type and event.eligible is not None else mine.number
    if eligible is None and meeting != event.type:
        eligible = event.eligible
    if event.attendees:
        attending: int | None = present_of(event.attendees, mine)
    elif meeting == event.type or event.attending is None:
        attending = event.attending
    else:
        attending = least_present(event.attending, due(event, event.type, unit, facts).number, eligible)
    return Attendance(eligible, attending, _exempt(event, mine, eligible, attending, unit, facts))


def least_present(attending: int, of: int | None, whole: int | None) -> int | None:
    """Return how many of a smaller body came at least, where ``attending`` of a larger one did.

    A head count says nothing of who came: all who stayed away may belong to the smaller body. None where a
    number is not known.
    """
    if of is None or whole is None:
        return None
    return max(0, min(attending, whole) if whole >= of else attending - (of - whole))


def _exempt(
    event: ev.MeetingHeld,
    mine: Due,
    eligible: int | None,
    attending: int | None,
    unit: Unit,
    facts: Facts,
) -> int | None:
    """Return how many of those counted as due are free to stay away and did.

    Told with the meeting and standing for the person, each counts once; who came all the same counts as due.
    Where the clerk left some of them out of 应到 already, they are not taken off again.
    """
    if eligible is None:
        return None
    roster = facts.roster(unit.id, event.held_on)
    told = {absent.person for absent in event.exempt or ()}
    if mine.people is None or roster is None:
        number = len(told - set(event.attendees or ()))
        return min(number, _absent(eligible, attending))
    free = {who.person for who in told if who.person} | roster.exempt
    free &= mine.people - {who.person for who in event.attendees or ()}
    counted = eligible - min(eligible, max(len(mine.people) - len(free), 0))
    return min(len(free), counted, _absent(eligible, attending))


def _absent(eligible: int, attending: int | None) -> int:
    return eligible if attending is None else max(eligible - attending, 0)
