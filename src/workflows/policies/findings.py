"""Findings: what a rule says of an act, in a form that explains itself and can be kept with the decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

import msgspec

Running = Literal["adopt", "pin", "ask"]
"""What an adopted rule does with a case begun before it held: binds it, leaves it be, asks a person."""


ON = "on"
"""The name of the day of the act among the facts."""


class Verdict(StrEnum):
    """What a rule says; the order of the first five is the order in which a step takes the worst."""

    BLOCK = "block"
    INCOMPLETE = "incomplete"
    REFER = "refer"
    WARN = "warn"
    LATE = "late"
    NOT_PASSED = "not_passed"
    CONFLICT = "conflict"
    CONVENTION = "convention"
    NOTE = "note"
    OK = "ok"


_RANK = {verdict: rank for rank, verdict in enumerate(Verdict)}
_RANK_OF_WORD = {verdict.value: rank for verdict, rank in _RANK.items()}
_OF_A_STEP = {
    Verdict.BLOCK: Verdict.BLOCK,
    Verdict.INCOMPLETE: Verdict.INCOMPLETE,
    Verdict.REFER: Verdict.REFER,
    Verdict.WARN: Verdict.WARN,
    Verdict.LATE: Verdict.WARN,
}
RECORDED_LIVE = frozenset({Verdict.OK, Verdict.WARN, Verdict.REFER})


class Source(msgspec.Struct, frozen=True, omit_defaults=True):
    """The event a fact rests on."""

    event_id: UUID
    event: str
    on: date
    recorded_on: date
    position: int = 0


class Calc(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of arithmetic that a reader can check by hand: ``left op right = result``.

    ``op`` is ``+`` or ``-`` with a ``unit`` (day, working_day, month, year), ``*`` with a share, or a
    comparison.
    """

    left: str
    op: str
    right: str
    result: str = ""
    unit: str = ""


PERCENT = "percent"
"""The unit of a line of arithmetic that compares a rate of which no numbers were told."""

UNKNOWN = "?"
"""The left side of a line of arithmetic whose number is not known."""


class Relief(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one unit or person was let off (豁免、暂缓、延长), from ``since`` to ``until``, both included.

    ``waived``: the rule itself; ``held``: its limits, for a while; ``extended``: a limit, from ``was_due_on``
    to ``due_on``. ``subject``: the step, period or last day meant, all for None.
    """

    form: Literal["waived", "held", "extended"]
    rule: str
    since: date
    source: Source
    until: date | None = None
    subject: str | None = None
    due_on: date | None = None
    was_due_on: date | None = None
    authority: str = ""
    document: str = ""
    reason: str = ""


class Later(msgspec.Struct, frozen=True, omit_defaults=True):
    """The first lawful day under a rule that comes into force before an act may be done: ``on``.

    ``since`` is the day from which the rule (or its value) binds; ``value`` is counted in ``unit`` ("" where
    it is no number of anything).
    """

    on: date
    rule: str
    since: date
    clause: str = ""
    value: Any = None
    unit: str = ""


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one rule says of one act, on the day of the act.

    ``version`` is the day from which the value used holds. ``days_late`` counts calendar days after the
    limit. ``earliest_on`` and ``latest_on`` are lawful days, both inclusive, under the rule of the day of the
    act; ``later`` is set where rules that hold by then ask for more. ``facts`` are in JSON form. Of a
    conflict ``values`` are those of both rules, ``units`` what they are counted in.
    ``approx`` tells of days known only roughly: by fact ``{text, from, to}``, what follows of them as a range
    (``earliest_on``, ``latest_on``, ``days_late``; these themselves are then None), ``verdicts`` where the
    possible days differ in what they say.
    ``provisional`` are the years whose working days are not known yet; ``calendars`` tells by year from where
    those of others came (``source``, ``confidence``).
    """

    rule: str
    verdict: Verdict
    kind: str = ""
    label: str = ""
    severity: str = ""
    clause: str = ""
    pack: str = ""
    version: date | None = None
    confidence: str = ""
    facts: dict[str, Any] = {}
    calc: tuple[Calc, ...] = ()
    because: tuple[Source, ...] = ()
    missing: tuple[str, ...] = ()
    earliest_on: date | None = None
    latest_on: date | None = None
    days_late: int | None = None
    aliases: tuple[str, ...] = ()
    against: str = ""
    values: dict[str, Any] = {}
    units: dict[str, str] = {}
    holds: str = ""
    provisional: tuple[int, ...] = ()
    calendars: dict[str, Any] = {}
    later: Later | None = None
    approx: dict[str, Any] = {}


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings, worst verdict first; equals keep their order."""
    return tuple(sorted(findings, key=lambda finding: _RANK_OF_WORD[finding.verdict.value]))


def verdict_of(findings: Sequence[Finding]) -> Verdict:
    """Return the verdict of a step: the worst of block > incomplete > refer > warn = late > ok.

    Late makes the step ``warn``; note, not_passed, conflict and convention never change it.
    """
    counted = [_OF_A_STEP[f.verdict] for f in findings if f.verdict in _OF_A_STEP]
    return min(counted, key=_RANK.__getitem__, default=Verdict.OK)
