"""换届: every unit's term of office on a day, how far its next election has come, what is vacant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from workflows.domain.facts import Facts
from workflows.domain.unit import events as ev
from workflows.domain.unit.state import Unit
from workflows.domain.unit.terms import term_of
from workflows.kernel import calendar
from workflows.kernel.clock import today
from workflows.kernel.events import Known
from workflows.policies.kinds import Term, Within
from workflows.policies.rules import Rules
from workflows.projections import committees
from workflows.projections.lights import TERM_RULES
from workflows.projections.naming import Naming
from workflows.projections.opening import Answer, Opening

REMIND, REQUEST = "branch-term-remind", "elect-request"
STATUSES = ("overdue", "near", "running", "none")
"""The term has run out; it ends so soon that one is to be reminded; it runs; no election is on the books."""


class Terms(Opening):
    """Answers about terms of office."""

    def terms(self, unit_id: UUID | None = None, on: date | None = None, known_on: Known = None) -> Answer:
        """Answer how the term of a unit and of all below stands on a day, the most urgent first.

        Superiors of which no election is on the books are left out. ``latest_on`` is the day past which
        nothing puts the election off; ``steps`` are those of the next election, and what the present
        committee still waits for.
        """
        day = on or today(self.clock)
        with self.opened(known_on) as opened:
            books = opened.books
            rows = []
            for one in books.below(unit_id, day):
                unit = books.unit_state(one)
                if unit.exists_on(day):
                    row = row_of(unit, books.rules_for(one, day), books, opened.naming, on=day)
                    rows += [row] if row is not None else []
            rows.sort(key=lambda r: (STATUSES.index(r["status"]), r["term_until"] or "9999", r["unit"] or ""))
            return self._answer(opened, rows, day, known_on)


def row_of(unit: Unit, rules: Rules, facts: Facts, naming: Naming, *, on: date) -> dict[str, Any] | None:
    """Return the term of one unit on a day; None for a superior of which no election is on the books."""
    cut, named = unit.at(on), unit.identity_on(on)
    if named is None or (named.level != "branch" and cut.last(ev.CommitteeElected) is None):
        return None
    told = committees.of_unit(cut, rules, facts, naming, on=on)
    term = term_of(cut, rules)
    until, first = (term.until, term.first_until) if term else (None, None)
    return {
        "unit": naming.unit(unit.id),
        "unit_id": str(unit.id),
        "level": named.level,
        "kind": named.kind or None,
        "status": status_of(until, rules, on),
        "term_from": told["term_from"],
        "term_until": told["term_until"],
        "term_first_until": told["term_first_until"],
        "latest_on": _text(latest(first, rules, named.level)),
        "days_left": None if until is None else (until - on).days,
        "term_changes": told["term_changes"],
        "posts": told["committee"] or [],
        "acting": told["acting"],
        "vacancies": told["vacancies"],
        "steps": steps(cut, told, rules, until, on),
    }


def status_of(until: date | None, rules: Rules, on: date) -> str:
    """Return how near the end of a term is."""
    if until is None:
        return "none"
    if until < on:
        return "overdue"
    remind = _counted_back(REMIND, rules, until)
    return "near" if remind is not None and remind <= on else "running"


def latest(first_until: date | None, rules: Rules, level: str) -> date | None:
    """Return the last day to which an election may be put off, None where no rule says."""
    rule = rules.rule(TERM_RULES.get(level, ""))
    if first_until is None or not isinstance(rule, Term) or rule.extend is None:
        return None
    return calendar.add(first_until, rule.extend, rule.unit)


def steps(
    unit: Unit, told: Mapping[str, Any], rules: Rules, until: date | None, on: date
) -> list[dict[str, Any]]:
    """Return the steps of the next election, each with its last day and when it was done.

    First what the present committee still waits for: officers to be approved, members to be filed.
    """
    waiting = {post["approval"] for post in told["committee"] or ()}
    found = [
        {"step": step, "due_on": None, "done_on": None, "open": True}
        for step, word in (("approve_officers", "to_approve"), ("file_committee", "to_file"))
        if word in waiting
    ]
    if until is None:
        return found
    renewal = told["renewal"] or {}
    begun = date.fromisoformat(told["term_from"])
    reminded = [act.on for _, act in unit.each(ev.TermReminderIssued) if act.on >= begun]
    requested, approved = renewal.get("requested_on"), renewal.get("approved_on")
    remind_on, request_on = _counted_back(REMIND, rules, until), _counted_back(REQUEST, rules, until)
    told_steps = (
        ("issue_term_reminder", remind_on, _text(reminded[0]) if reminded else requested),
        ("request_election", request_on, requested),
        ("approve_election", None, approved),
        ("elect_committee", until, None),
    )
    opened = remind_on is None or remind_on <= on or requested is not None
    return found + [
        {
            "step": step,
            "due_on": _text(due),
            "done_on": done,
            "open": opened and done is None and (step != "approve_election" or requested is not None),
        }
        for step, due, done in told_steps
    ]


def _counted_back(rule_id: str, rules: Rules, until: date) -> date | None:
    """Return the day a rule counts back from the end of a term; the rule of the layer that holds."""
    for standing in rules.standing(rule_id, until, None):
        if standing.holds and isinstance(standing.rule, Within):
            return calendar.add(until, int(standing.value.value), standing.rule.unit)
    return None


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
