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
from workflows.domain.unit.posts import held_on
from workflows.domain.unit.state import Unit, holdings_of


class Attendance(msgspec.Struct, frozen=True):
    """The head counts of one meeting; what nobody knows is None.

    ``exempt`` are those of ``eligible`` who are free to stay away, ``exempt_here`` those of them who came all
    the same and are among ``attending``: where only a head count was told, nobody.
    """

    eligible: int | None = None
    attending: int | None = None
    exempt: int | None = None
    exempt_here: int = 0


class Due(msgspec.Struct, frozen=True):
    """Who should attend by the books: how many, and who they are (None where that is not known)."""

    number: int | None = None
    people: frozenset[UUID] | None = None


def due(event: ev.MeetingHeld, meeting: str, unit: Unit, facts: Facts) -> Due:
    """Return who should attend a meeting by the books of its day, without those rightly left out."""
    if meeting == "committee_meeting":
        return of_committee(unit.at(event.held_on), facts, event.held_on)
    roster = facts.roster(unit.id, event.held_on)
    if roster is None:
        return Due()
    if meeting == "branch_assembly":
        people = frozenset(roll_without(roster, event.excluded or (), event.attendees or ()))
        return Due(len(people), people)
    if meeting == "cell_meeting" and (people := in_cell(unit, event.cell, event.held_on, roster)):
        return Due(len(people), people)
    return Due(roster.members, roster.everybody if roster.everybody or not roster.members else None)


def of_committee(unit: Unit, facts: Facts, on: date) -> Due:
    """Return those who hold a post on a day, whoever left the unit not among them."""
    held = {holding.person for holding in held_on(holdings_of(unit, facts), on)}
    people = frozenset(who.person for who in held if who.person)
    return Due(len(held) or None, people if len(people) == len(held) else None)


def in_cell(unit: Unit, name: str | None, day: date, roster: Roster) -> frozenset[UUID]:
    """Return the members of the cell that met; nobody where the books do not tell."""
    cell = cell_named(unit, name, day)
    return roster.cells.get(cell.name if cell else name or "", frozenset())


def roll_without(
    roster: Roster, excluded: tuple[ev.Excluded, ...], came: Iterable[Who] = ()
) -> tuple[UUID, ...]:
    """Return the voters of a day but for those rightly left out of the count.

    Only who cannot come may be left out: whoever came all the same is in the count (``elect-excluded``).
    """
    left_out = {one.person.person for one in excluded if one.is_valid} - {who.person for who in came}
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
    free = free_to_stay(event, mine, unit, facts)
    here = len(free & set(event.attendees or ()))
    if eligible is None:
        return Attendance(None, attending)
    number = len(free)
    if mine.people is not None:  # those left out of 应到 by the clerk already are not taken off again
        number = min(number, eligible - min(eligible, len(mine.people) - number))
    if attending is not None:
        number = min(number, max(eligible - attending, 0) + here)
    return Attendance(eligible, attending, number, min(here, number))


def free_to_stay(event: ev.MeetingHeld, mine: Due, unit: Unit, facts: Facts) -> frozenset[Who]:
    """Return who of those due need not come: told with the meeting or by a standing word, each once."""
    told = frozenset(absent.person for absent in event.exempt or ())
    roster = facts.roster(unit.id, event.held_on)
    if mine.people is None or roster is None:
        return told
    return frozenset(Who(person=one) for one in ({who.person for who in told} | roster.exempt) & mine.people)


def least_present(attending: int, of: int | None, whole: int | None) -> int | None:
    """Return how many of a smaller body came at least, where ``attending`` of a larger one did.

    A head count says nothing of who came: all who stayed away may belong to the smaller body. None where a
    number is not known.
    """
    if of is None or whole is None:
        return None
    return max(0, min(attending, whole) if whole >= of else attending - (of - whole))
