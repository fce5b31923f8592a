"""缺席: how long somebody has come to no meeting of party life, by the names of those who came.

A head count does not tell who stayed away: a month counts only where every meeting of party life at which
somebody was due in it names those who came. Leave, and a standing word that attendance is not demanded, are
reasons; a month with one of them does not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from workflows.domain.act import Who
from workflows.domain.facts import Facts
from workflows.domain.unit import events as ev
from workflows.domain.unit.attendance import due, free_to_stay
from workflows.domain.unit.state import Unit
from workflows.kernel.calendar import Period

NO_PARTY_LIFE = frozenset({"committee_meeting", "duty_review"})
"""Meetings of the committee and of those who answer for it: no life of the members."""


def months_absent(unit: Unit, person_id: UUID, facts: Facts, on: date) -> int | None:
    """Return how many months in a row somebody came to nothing, up to the last one over by ``on``.

    Whoever came in the month still running has not been away; to miss its meetings counts when it is over. A
    month without a meeting ends the row. None: the books do not tell of the last month over.
    Source: 党员教育管理工作条例 (2019), 第三十一条第六项.
    """
    held, running = _by_month(unit, on), Period.of(on, "month")
    if False in _told(held.get(running, []), unit, person_id, facts):
        return 0
    month, count, missed = running.before(), 0, None
    while month in held and (missed := _missed(held[month], unit, person_id, facts)):
        count += 1
        month = month.before()
    return count if count or missed is False else None


def _by_month(unit: Unit, on: date) -> dict[Period, list[ev.MeetingHeld]]:
    """Return the meetings of party life held by a day, by month."""
    found: dict[Period, list[ev.MeetingHeld]] = {}
    for event, act in unit.each(ev.MeetingHeld):
        if act.on <= on and not NO_PARTY_LIFE.issuperset(event.types):
            found.setdefault(Period.of(act.on, "month"), []).append(event)
    return found


def _missed(held: list[ev.MeetingHeld], unit: Unit, person_id: UUID, facts: Facts) -> bool | None:
    """Return whether somebody came to none of the meetings at which they were due; None: not told."""
    told = _told(held, unit, person_id, facts)
    if not told or False in told:
        return False
    return None if None in told else True


def _told(held: list[ev.MeetingHeld], unit: Unit, person_id: UUID, facts: Facts) -> list[bool | None]:
    return [stayed for event in held for stayed in _stayed_away(event, unit, person_id, facts)]


def _stayed_away(event: ev.MeetingHeld, unit: Unit, person_id: UUID, facts: Facts) -> Iterator[bool | None]:
    """Yield for each meeting at which somebody was due whether they stayed away without a reason told."""
    who = Who(person=person_id)
    for meeting in event.types:
        mine = due(event, meeting, unit, facts)
        if meeting in NO_PARTY_LIFE or (mine.people is not None and person_id not in mine.people):
            continue
        if mine.people is None or not event.attendees or event.leave is None or event.exempt is None:
            yield None
        else:
            has_leave = who in {one.person for one in event.leave}
            is_free = who in free_to_stay(event, mine, unit, facts)
            yield not (who in event.attendees or has_leave or is_free)
