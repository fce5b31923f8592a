"""可选的人: who of a unit may be mentor, sponsor, officer or voter on a day, and why not the others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from workflows.domain.act import Who
from workflows.domain.facts import Facts, Member, Roster, unit_book
from workflows.domain.person.relation import is_suspended
from workflows.domain.person.state import Person
from workflows.domain.stages import Stage
from workflows.kernel.clock import today
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import Known
from workflows.policies.facts import Fact, FactBook
from workflows.policies.findings import Finding, Verdict
from workflows.policies.kinds import Qualified
from workflows.policies.rules import Rules
from workflows.projections.naming import Naming, plain
from workflows.projections.opening import Answer, Opening


class Role(NamedTuple):
    """What someone is to be: the command that makes them so, and under which facts it names them."""

    command: str
    who: tuple[str, ...]


ROLES: Mapping[str, Role] = {
    "mentor": Role("assign_mentors", ("mentors",)),
    "sponsor": Role("assign_sponsors", ("sponsors",)),
    "officer": Role("elect_committee", ("officers",)),
    "secretary": Role("elect_committee", ("officers", "secretaries")),
    "voter": Role("vote_on_admission", ()),
}
"""The roles one may ask for; of voters the roster decides, of the others the rules about who is qualified."""

MEMBERS = (Stage.PROBATIONARY, Stage.FULL)


class Choosing(Opening):
    """Answers about who may act."""

    def eligible(self, unit_id: UUID, role: str, on: date | None = None, known_on: Known = None) -> Answer:
        """Answer who of the members of a unit may be what on a day: first those who may, then the others.

        ``role`` is one of :data:`ROLES`, or the command of one. Each row says ``eligible`` (null where a fact
        is unknown: ``unknown``), the ``findings`` of the rules asked, and ``reasons`` that need no rule:
        ``probationary``, ``rights_barred``, ``rights_suspended``, ``membership_stopped``.

        Raises:
            WrongUsage: ``role-unknown``.
        """
        asked = role_named(role)
        day = on or today(self.clock)
        with self.opened(known_on) as opened:
            books, rules = opened.books, opened.books.rules_for(unit_id, day)
            roster = books.roster(unit_id, day)
            rows = [
                row_of(person, unit_id, asked, rules, books, roster, opened.naming, on=day)
                for person in self._people(opened, [unit_id])
                if person.unit_on(day) == unit_id and person.stage_on(day) in MEMBERS
            ]
            order = {True: 0, None: 1, False: 2}
            rows.sort(key=lambda row: (order[row["eligible"]], row["stage"], row["person"] or ""))
            answer = self._answer(opened, rows, day, known_on)
        return {**answer, "role": asked, "unit_id": str(unit_id)}


def role_named(text: str) -> str:
    """Return the role of a name, or of the command that gives it.

    Raises:
        WrongUsage: ``role-unknown``.
    """
    found = next((name for name, role in ROLES.items() if text in (name, role.command)), None)
    if found is None:
        raise WrongUsage("role-unknown", role=text, roles=list(ROLES))
    return found


def row_of(
    person: Person,
    unit_id: UUID,
    role: str,
    rules: Rules,
    facts: Facts,
    roster: Roster | None,
    naming: Naming,
    *,
    on: date,
) -> dict[str, Any]:
    """Return whether one member may be what is asked for, in JSON form."""
    member = facts.member(Who(person=person.id), on)
    reasons = _reasons(person, role, on)
    findings, unknown = asked_of(member, unit_id, role, rules, facts, on=on)
    if role == "voter" and roster is None:
        unknown = ["roster"]
    is_out = bool(reasons) or any(f.verdict is Verdict.BLOCK for f in findings)
    return {
        "person": naming.person(person.id),
        "person_id": str(person.id),
        "unit": naming.unit(unit_id),
        "unit_id": str(unit_id),
        "stage": person.stage_on(on).value,
        "command": ROLES[role].command,
        "eligible": False if is_out else None if unknown else True,
        "reasons": reasons,
        "unknown": [] if is_out else unknown,
        "findings": plain([f for f in findings if f.verdict is not Verdict.OK]),
    }


def asked_of(
    member: Member, unit_id: UUID, role: str, rules: Rules, facts: Facts, *, on: date
) -> tuple[list[Finding], list[str]]:
    """Return what the rules about who is qualified say of one person alone, and the facts nobody knows."""
    asked = ROLES[role]
    told = {k: Fact(v) for k, v in unit_book(facts.unit(unit_id, on), None).items() if v is not None}
    told |= {name: Fact([member]) for name in asked.who}
    book = FactBook(told, complete=False)
    held = [
        one.rule
        for one in rules.held(asked.command, on=on, book=book)
        if isinstance(one.rule, Qualified) and one.rule.who in asked.who and one.rule.binds(book) is not False
    ]
    ids = {(rule.id, rule.label) for rule in held}
    found = [
        finding
        for finding in rules.check(asked.command, on=on, book=book)
        if finding.kind == Qualified.kind_name and (finding.rule, finding.label) in ids
    ]
    names = [name for rule in held for name in rule.conditions if member.facts.get(name) is None]
    names += [name for f in found if f.verdict is Verdict.INCOMPLETE for name in f.missing]
    return found, list(dict.fromkeys(names))


def _reasons(person: Person, role: str, on: date) -> list[str]:
    """Return what keeps someone from it without any rule being asked: who rests is no member meanwhile."""
    found = ["membership_stopped"] if person.is_stopped_on(on) else []
    if role == "voter":
        found += ["probationary"] if person.stage_on(on) is not Stage.FULL else []
        if person.is_barred_on(on):
            found.append("rights_suspended" if is_suspended(person, on) else "rights_barred")
    return found
