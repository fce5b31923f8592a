"""Limits and recurring duties, without a clock: what is overdue or pending comes out at reading."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import msgspec

from workflows.policies.facts import Done, FactBook
from workflows.policies.findings import Calc, Relief, Source

if TYPE_CHECKING:
    from workflows.policies.rule import DatedValue, Rule


class Deadline(msgspec.Struct, frozen=True, omit_defaults=True):
    """A limit (期限) of one case: it opens, it is due on a day (inclusive), it was met on a day or not.

    ``subject`` is a step (a command's name); ``number`` tells recurring limits of one case apart.
    ``latest_on`` is the day past which nothing excuses any more. ``reliefs`` let it rest or moved it, oldest
    first; ``first_due_on`` is then the day on which it was due before it was moved. ``awaited``: it is
    the first day on which the step is lawful; nothing is overdue after it.
    ``approx``: it runs from a day known only roughly; ``due_on`` is the last day possible,
    ``approx["due_on"]`` the range.
    """

    rule: str
    subject: str
    opens_on: date
    due_on: date
    label: str = ""
    kind: str = ""
    severity: str = ""
    number: int = 0
    met_on: date | None = None
    met_by: Source | None = None
    latest_on: date | None = None
    clause: str = ""
    pack: str = ""
    version: date | None = None
    confidence: str = ""
    facts: dict[str, Any] = {}
    calc: tuple[Calc, ...] = ()
    because: tuple[Source, ...] = ()
    remind_days: int | None = None
    aliases: tuple[str, ...] = ()
    first_due_on: date | None = None
    reliefs: tuple[Relief, ...] = ()
    awaited: bool = False
    approx: dict[str, Any] = {}

    @classmethod
    def of(
        cls,
        rule: Rule,
        value: DatedValue,
        book: FactBook,
        *,
        subject: str,
        opens_on: date,
        due_on: date,
        met: Done | None,
        calc: tuple[Calc, ...],
        names: tuple[str, ...],
        number: int = 0,
        latest_on: date | None = None,
    ) -> Deadline:
        """Return the limit with rule, clause, facts and sources filled in."""
        return cls(
            rule=rule.id,
            subject=subject,
            opens_on=opens_on,
            due_on=due_on,
            label=rule.label,
            kind=rule.kind_name,
            severity=rule.severity,
            number=number,
            met_on=met.on if met else None,
            met_by=met.source if met else None,
            latest_on=latest_on,
            clause=rule.cite(due_on),
            pack=rule.pack_id,
            version=value.start,
            confidence=value.confidence or rule.clause_on(due_on).confidence,
            facts=book.shown(names),
            calc=calc,
            because=book.sources(*names),
            remind_days=rule.remind_days,
            aliases=rule.aliases,
        )


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True):
    """An act that speaks for a duty: its day and event, and what makes it invalid, if anything does.

    ``until``: the first day on which what it brought about no longer stood (None: it stands).
    """

    on: date
    source: Source
    valid: bool = True
    base: dict[str, Any] = {}
    flaws: tuple[str, ...] = ()
    until: date | None = None


class Duty(msgspec.Struct, frozen=True, omit_defaults=True):
    """A recurring duty of one period: how many acts are asked for, and what speaks for it.

    ``sum``: ``required`` is not how many acts, but how much of this number (hours) they make together.
    ``part``: the cell or branch (its name, and its key) of which it is asked. ``number`` tells several duties
    of one rule apart.
    ``exempt`` is a reason (``before-the-books``, ``waived``) why the period asks nothing, ``exempt_on`` the
    day that reason speaks of. ``applies`` is None where a fact that decides whether the duty binds is
    unknown; ``unsure`` says why nobody can tell whether anything is missing. ``due_on`` is a later day than
    the last of the period, to which it was extended. ``standing``: see
    :class:`workflows.policies.kinds.duties.Cadence`.
    """

    rule: str
    activity: str
    period: str
    first: date
    last: date
    required: int
    sum: str = ""
    number: int = 0
    part: str = ""
    part_key: str = ""
    label: str = ""
    severity: str = ""
    exempt: str = ""
    exempt_on: date | None = None
    unsure: str = ""
    applies: bool | None = True
    evidence: tuple[Evidence, ...] = ()
    clause: str = ""
    pack: str = ""
    version: date | None = None
    confidence: str = ""
    because: tuple[Source, ...] = ()
    remind_days: int | None = None
    aliases: tuple[str, ...] = ()
    due_on: date | None = None
    reliefs: tuple[Relief, ...] = ()
    standing: bool = False

    def done_by(self) -> Evidence | None:
        """Return the valid act with which what is asked for was reached, None where it was not."""
        valid = sorted(
            (act for act in self.evidence if act.valid), key=lambda act: (act.on, act.source.position)
        )
        if self.standing:
            last = self.due_on or self.last
            valid = [act for act in valid if act.on > last or act.until is None or act.until > last]
            return next(iter(valid), None)
        if not self.sum:
            return valid[self.required - 1] if len(valid) >= self.required else None
        reached = Fraction(0)
        for act in valid:
            reached += self.amount_of(act) or 0
            if reached >= self.required:
                return act
        return None

    def reached(self) -> Fraction | None:
        """Return how much the valid acts make together; None where it is acts that are counted."""
        if not self.sum:
            return None
        return sum((self.amount_of(act) or Fraction(0) for act in self.evidence if act.valid), Fraction(0))

    def amount_of(self, act: Evidence) -> Fraction | None:
        """Return how much an act adds to the sum, None where it does not tell."""
        number = act.base.get(self.sum)
        known = isinstance(number, int | float | Decimal) and not isinstance(number, bool)
        return Fraction(str(number)) if known else None
