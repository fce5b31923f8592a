"""联系点: who of a leading body keeps contact with which branch, from when until when.

The leading body (书记和班子成员) are those who hold a post of the unit on the day. A contact ends when its
branch stands below the unit no longer; who leaves the body keeps it until it is handed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

import msgspec
from msgspec.structs import replace

from workflows.domain.act import Who
from workflows.domain.facts import Facts
from workflows.domain.unit import contact_events as ce
from workflows.domain.unit.posts import SECRETARY, Holding, held_on
from workflows.domain.unit.state import Unit, holdings_of
from workflows.policies.acts import TEAM_IN_CONTACT
from workflows.policies.facts import Done, Fact, Part
from workflows.policies.findings import Source

WITHOUT_CONTACT = "input-leaders-without-contact"
"""What makes a day on which somebody keeps contact too little: others of the body keep none."""


OF_THE_BODY = frozenset({"leaders"})
"""The facts for which it must be known who of the leading body has left."""


class Contact(msgspec.Struct, frozen=True):
    """A leader and a branch, from ``since`` until the day before ``until`` (None: still)."""

    leader: Who
    branch: UUID
    since: date
    source: Source
    post: str | None = None
    until: date | None = None

    def is_kept(self, on: date) -> bool:
        """Say whether contact is kept on a day."""
        return self.since <= on and (self.until is None or on < self.until)


def contacts_of(unit: Unit) -> tuple[Contact, ...]:
    """Return every contact that the acts of a unit tell of, in the order in which they began."""
    found: list[Contact] = []
    for act in unit.rare:
        event = act.event
        if isinstance(event, ce.ContactKept) and event.branch is not None and event.leader is not None:
            _end(found, event.branch, event.handed_by, act.on)
            if not _open(found, event.branch, event.leader):
                found.append(Contact(event.leader, event.branch, act.on, act.source, event.post))
        elif isinstance(event, ce.ContactEnded) and event.branch is not None:
            _end(found, event.branch, event.leader, act.on)
    return tuple(one for one in found if one.until is None or one.until > one.since)


def _open(found: Sequence[Contact], branch: UUID, leader: Who | None) -> list[int]:
    return [
        place
        for place, one in enumerate(found)
        if one.until is None and (one.branch, one.leader) == (branch, leader)
    ]


def _end(found: list[Contact], branch: UUID, leader: Who | None, on: date) -> None:
    for place in _open(found, branch, leader):
        found[place] = replace(found[place], until=on)


def standing(unit: Unit, facts: Facts) -> tuple[Contact, ...]:
    """Return the contacts of a unit, each for as long as its branch stands below the unit."""
    told = contacts_of(unit)
    if not told:
        return ()
    parts = {one.key: one for one in facts.branches(unit.id)}
    return tuple(_while_there(one, parts.get(str(one.branch))) for one in told)


def _while_there(contact: Contact, part: Part | None) -> Contact:
    gone = None if part is None else part.until
    if gone is None or (contact.until is not None and contact.until <= gone):
        return contact
    return replace(contact, until=gone)


def body_on(holdings: Iterable[Holding], on: date) -> tuple[Who, ...]:
    """Return who is of the leading body on a day, each once, in the order in which they came to it."""
    return tuple(dict.fromkeys(held.person for held in held_on(holdings, on)))


def body_facts(unit: Unit, facts: Facts, on: date) -> dict[str, Fact]:
    """Return how many are of the leading body; where nobody ever came to a post, the books do not tell."""
    holdings = holdings_of(unit, facts)
    found: dict[str, Fact] = {}
    found["leaders"] = Fact(len(body_on(holdings, on)) if holdings else None)
    return found


def without_contact(unit: Unit, facts: Facts, on: date) -> tuple[Who, ...]:
    """Return who of the leading body keeps contact with no branch on a day."""
    kept = {one.leader for one in standing(unit, facts) if one.is_kept(on)}
    return tuple(who for who in body_on(holdings_of(unit, facts), on) if who not in kept)


def head_keeps_contact(unit: Unit, facts: Facts, branch: UUID, on: date) -> bool | None:
    """Say whether the secretary of a unit keeps contact with a branch on a day; None: unknown who that is."""
    heads = [held.person for held in held_on(holdings_of(unit, facts), on) if held.post == SECRETARY]
    if not heads:
        return None
    mine = (one for one in standing(unit, facts) if one.branch == branch)
    return any(one.leader in heads and one.is_kept(on) for one in mine)


def spells_in_contact(unit: Unit, facts: Facts) -> list[Done]:
    """Return from when until when all of the leading body kept contact, and when only some of them did.

    Each spell counts as an act of its first day that stands until its last; one in which somebody keeps no
    contact is invalid.
    """
    contacts = standing(unit, facts)
    if not contacts:
        return []
    holdings = holdings_of(unit, facts)
    begun = min(one.since for one in contacts)
    turns = {
        *(day for one in contacts for day in (one.since, one.until)),
        *(day for held in holdings for day in (held.since, held.until)),
    }
    days = sorted(day for day in turns if day is not None and day >= begun)
    spells = []
    for place, day in enumerate(days):
        body = body_on(holdings, day)
        kept = {one.leader for one in contacts if one.is_kept(day)}
        lacking = sum(who not in kept for who in body)
        if not body or not kept:
            continue
        spells.append(
            Done(
                day,
                max((one.source for one in contacts if one.since <= day), key=lambda s: (s.on, s.position)),
                valid=not lacking,
                base={"leaders": len(body), "in_contact": len(body) - lacking},
                flaws=(WITHOUT_CONTACT,) if lacking else (),
                until=days[place + 1] if place + 1 < len(days) else None,
            )
        )
    return spells


def counted_contacts(unit: Unit, facts: Facts) -> dict[str, list[Done]]:
    """Return the spells under what duties count them as; nothing where no contact was ever told of."""
    spells = spells_in_contact(unit, facts)
    return {TEAM_IN_CONTACT: spells} if spells else {}
