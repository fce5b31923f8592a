"""班子: the committee of a unit on a day, its vacancies and its term, in the words of the contract."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from workflows.domain.facts import Facts
from workflows.domain.unit import election_events as el
from workflows.domain.unit import events as ev
from workflows.domain.unit.outcomes import elected_of
from workflows.domain.unit.posts import (
    OFFICERS,
    Holding,
    Vacancy,
    acting_on,
    held_on,
    since,
    vacancies_on,
)
from workflows.domain.unit.state import Unit, holdings_of
from workflows.domain.unit.terms import CommitteeTerm, renewal_of, term_of
from workflows.kernel.calendar import whole_months
from workflows.policies.rules import Rules
from workflows.projections.naming import Naming


def of_unit(unit: Unit, rules: Rules, facts: Facts, naming: Naming, *, on: date) -> dict[str, Any]:
    """Return committee, vacancies and term of a unit; ``unit`` is already cut at ``on``."""
    term, holdings = term_of(unit, rules), holdings_of(unit, facts)
    is_told = bool(holdings) or unit.last(ev.CommitteeElected) is not None
    is_there = unit.dissolved_on is None
    vacant = vacancies_on(holdings, term.election if term else None, on) if is_there else ()
    return {
        "committee": committee(holdings, naming, on=on, untold=_untold(unit)) if is_told else None,
        "elected": elected(unit, naming),
        "term_from": term.act.on.isoformat() if term else None,
        "term_until": _day(term.until if term and is_there else None),
        "term_first_until": _day(term.first_until if term and is_there else None),
        "term_changes": changes(term),
        "vacancies": [vacancy(one, naming, on=on) for one in vacant],
        "acting": [acting(one, naming) for one in acting_on(holdings, on)],
        "renewal": renewal(unit, naming),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _untold(unit: Unit) -> frozenset[UUID]:
    """Return elections from before the books, or of an old workbook: nobody told of their approval."""
    begin = unit.books_from
    return frozenset(
        act.source.event_id for act in unit.posted if act.is_copied or (begin is not None and act.on < begin)
    )


def committee(
    holdings: Sequence[Holding], naming: Naming, *, on: date, untold: frozenset[UUID] = frozenset()
) -> list[dict[str, Any]]:
    """Return the posts held on a day, with the day since which each is held without a break.

    ``approval`` is None where it is ``untold``.
    """
    return [
        {
            "person": naming.who(held.person),
            "person_id": str(held.person.person) if held.person.person else None,
            "post": held.post,
            "since": since(holdings, held).isoformat(),
            "how": held.how,
            "approval": None
            if held.settled is None and held.source.event_id in untold
            else approval_of(held),
            "approved_on": held.settled.on.isoformat() if held.settled else None,
        }
        for held in held_on(holdings, on)
    ]


def approval_of(held: Holding) -> str:
    """Return how the superior stands to a post: appointed, approved, filed, or what is still to come."""
    if held.how == "appointed":
        return "appointed"
    if held.post in OFFICERS:
        return "approved" if held.settled else "to_approve"
    return "filed" if held.settled else "to_file"


def vacancy(one: Vacancy, naming: Naming, *, on: date) -> dict[str, Any]:
    """Return a vacancy with its age, in days and whole months."""
    return {
        "post": one.post,
        "since": one.since.isoformat(),
        "days": (on - one.since).days,
        "months": whole_months(one.since, on),
        "last": None if one.last is None else naming.who(one.last),
        "why": one.why,
    }


def acting(held: Holding, naming: Naming) -> dict[str, Any]:
    """Return who leads the work for want of a secretary; ``until`` is the last day, where one was told."""
    return {
        "person": naming.who(held.person),
        "person_id": str(held.person.person) if held.person.person else None,
        "since": held.since.isoformat(),
        "until": date.fromordinal(held.until.toordinal() - 1).isoformat() if held.until else None,
    }


def changes(term: CommitteeTerm | None) -> list[dict[str, Any]]:
    """Return what moved the end of the running term."""
    return [
        {
            "kind": "extended" if isinstance(event, el.TermExtended) else "shortened",
            "on": act.on.isoformat(),
            "term_until": event.term_until.isoformat(),
            "reason": event.reason,
            "document": event.document,
        }
        for event, act in (term.changes if term else ())
    ]


def renewal(unit: Unit, naming: Naming) -> dict[str, Any] | None:
    """Return how far the next election has come: requested, approved; None before a request."""
    told = renewal_of(unit)
    if told.requested is None and told.approved is None:
        return None
    asked = told.requested[0] if told.requested else None
    approved = told.approved[0] if told.approved else None
    return {
        "requested_on": asked.requested_on.isoformat() if asked else None,
        "planned_on": asked.planned_on.isoformat() if asked and asked.planned_on else None,
        "seats": asked.seats if asked else None,
        "nominees": naming.all_of(asked.nominees or ()) if asked else [],
        "approved_on": approved.approved_on.isoformat() if approved else None,
        "approved": naming.all_of(approved.nominees or ()) if approved else [],
        "struck": naming.all_of(approved.struck or ()) if approved else [],
    }


def elected(unit: Unit, naming: Naming) -> list[str | None] | None:
    """Return who was elected in the election that holds: by the votes, else those named with a post.

    None before any election; nobody where the only one was void.
    """
    found = unit.election
    if found is None:
        return None if unit.last(ev.CommitteeElected) is None else []
    event = found[0]
    if event.candidates:
        return naming.all_of(elected_of(event))
    return naming.all_of(dict.fromkeys(post.person for post in event.posts or ()))
