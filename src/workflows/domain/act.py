"""What both aggregates share: commands, who is meant, an act on the books, a decision."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

import msgspec

from workflows.kernel.approximate import ApproximateDay
from workflows.kernel.clock import local_day
from workflows.kernel.events import Event, FrozenMeta, Recorded
from workflows.policies.facts import Done
from workflows.policies.findings import Finding, Source, Verdict, verdict_of, worst_first

if TYPE_CHECKING:
    from workflows.policies.rules import Rules


NOT_ON_BOOKS = "?"
"""What a finding calls somebody who is not on the books."""


OF_A_MERGER = "merge"
"""The kind of a finding about a merger of people; one that blocks it does so as history too."""


class Who(msgspec.Struct, frozen=True, omit_defaults=True):
    """Someone an event speaks of: a person on the books, or (sealed) a name that matches nobody there."""

    person: UUID | None = None
    name: str | None = None

    @property
    def label(self) -> str:
        """Return what may stand in a finding: never a name in clear."""
        return str(self.person) if self.person else NOT_ON_BOOKS


class Decided(Event, kw_only=True):
    """Base of the events of the field: what was decided, with the findings of its day.

    ``step`` is the command's name. ``people`` names the fields that speak of others: sealed while any of them
    is a bare name, or where it is told why somebody stays away.
    """

    step: ClassVar[str] = ""
    people: ClassVar[frozenset[str]] = frozenset()
    findings: tuple[Finding, ...] = ()

    def sealed_fields(self) -> frozenset[str]:
        """Return the personal fields, and those in which a bare name stands, or a reason beside a person."""
        named = {name for name in type(self).people if _is_personal(getattr(self, name))}
        return type(self).sealed | named


def step_of(event: Event) -> str:
    """Return the step an event was: the command that led to it, or the step of a pack that it names."""
    named: str = getattr(event, "step_named", "") or getattr(type(event), "step", "")
    return named


def _is_personal(value: Any) -> bool:
    if isinstance(value, Who):
        return value.name is not None
    if isinstance(value, tuple):
        return any(_is_personal(item) for item in value)
    if isinstance(value, msgspec.Struct):
        if isinstance(getattr(value, "person", None), Who) and getattr(value, "reason", None):
            return True
        return any(_is_personal(getattr(value, name)) for name in value.__struct_fields__)
    return False


class Command(msgspec.Struct, metaclass=FrozenMeta, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all commands: ``on`` is the day of the act (a local calendar day)."""

    aggregate: ClassVar[str] = ""
    roughly: ClassVar[frozenset[str]] = frozenset()
    """Fields that may hold a day known only roughly (约日)."""
    of_the_past: ClassVar[bool] = False
    """Whether it tells of the past by itself, so that its day may be rough without being entered late."""
    on: date

    @property
    def past_days(self) -> tuple[date, ...]:
        """Return the days told that cannot lie ahead: that of the act, and what it says was so before."""
        return (self.on,)

    @property
    def unit_named(self) -> str | None:
        """Return the name (or id) of another unit on these books that the command speaks of, if any."""
        return None

    @classmethod
    def verb(cls) -> str:
        """Return the public name, for example ``hold_first_talk``."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


COPIED_FROM = "import"
"""The origin of what an old workbook tells: only what it has columns for."""


class OnBooks(msgspec.Struct, frozen=True):
    """An act as a state holds it: the event, where it stands on the books, whether copied from a workbook.

    ``is_joined``: it stands on the stream of somebody entered twice, merged into this one.
    """

    event: Event
    source: Source
    is_copied: bool = False
    is_joined: bool = False

    @property
    def on(self) -> date:
        """Return the day of the act."""
        return self.source.on

    @property
    def approx(self) -> ApproximateDay | None:
        """Return what is known of the day of the act where it is known only roughly, else None."""
        return self.event.on_approx

    @property
    def first_on(self) -> date:
        """Return the first day on which the act may have taken place: its own, where that is exact."""
        return self.event.on_approx.first if self.event.on_approx is not None else self.source.on

    @classmethod
    def of(cls, event: Event, record: Recorded, *, joined: bool = False) -> OnBooks:
        """Return the act with its place on the books."""
        return cls(event, source_of(record, event), record.origin == COPIED_FROM, joined)

    def done(self, **more: Any) -> Done:
        """Return the act as rules read it."""
        return Done(self.on, self.source, **more)


def source_of(record: Recorded, event: Event) -> Source:
    """Return the reference by which findings and limits name an event."""
    return Source(
        event_id=record.event_id,
        event=type(event).__name__,
        on=event.effective_on,
        recorded_on=local_day(record.recorded_at),
        position=record.position,
    )


class Decision(msgspec.Struct, frozen=True):
    """What a command leads to: the events (to be recorded unless refused) and every finding, worst first."""

    events: tuple[Event, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Return the verdict of the step."""
        return verdict_of(self.findings)


def decision(*events: Event, findings: tuple[Finding, ...] = ()) -> Decision:
    """Return a decision; each event keeps the findings, worst first."""
    found = worst_first(findings)
    stored = tuple(without_personal(finding) for finding in found)
    kept = tuple(msgspec.structs.replace(e, findings=stored) if isinstance(e, Decided) else e for e in events)
    return Decision(kept, found)


PERSONAL_FACTS = frozenset({"born_on", "dues_base_fen", "due", "computed"})
"""Facts that are personal data: a finding kept with an event does not repeat them in clear."""


def without_personal(finding: Finding) -> Finding:
    """Return a finding as it may be kept: without a birth day, an income, or what is computed from one."""
    if not PERSONAL_FACTS & finding.facts.keys():
        return finding
    facts = {name: value for name, value in finding.facts.items() if name not in PERSONAL_FACTS}
    return msgspec.structs.replace(finding, facts=facts, calc=(), earliest_on=None, latest_on=None, approx={})


def impossible_numbers(
    eligible: int | None,
    attending: int | None,
    votes: Iterable[tuple[int | None, ...]],
    written: Iterable[int | None] = (),
) -> tuple[Finding, ...]:
    """Return a finding for numbers that cannot be: more present than due, more ballots than people present.

    Each of ``votes`` are the ballots of one vote cast in the room; unknown ones count as none. ``written``
    are opinions handed in beforehand: no more than people absent.
    """
    found = []
    if eligible is not None and attending is not None:
        absent = eligible - attending
        over = (number for number in written if number is not None and number > absent >= 0)
        found += [_of_input("input-written-over", written=number, absent=absent) for number in over]
    if eligible is not None and attending is not None and attending > eligible:
        found.append(_of_input("input-attending-over", attending=attending, eligible=eligible))
    for ballots in votes:
        cast = sum(number or 0 for number in ballots)
        if attending is not None and cast > attending:
            found.append(_of_input("input-votes-over", votes=cast, attending=attending))
    return tuple(found)


def about_these(
    findings: Iterable[Finding], rules: Rules, command: str, matters: Collection[str]
) -> list[Finding]:
    """Return the findings of rules about certain matters: two acts of one name (公示) have their own."""
    mine = {rule.id for rule in rules.at(command) if rule.about in matters}
    others = {rule.id for rule in rules.at(command)} - mine
    return [one for one in findings if one.rule not in others and one.against not in others]


def _of_input(rule: str, **facts: Any) -> Finding:
    return Finding(rule=rule, verdict=Verdict.BLOCK, kind="input", severity="block", facts=facts)


def of_stage(rule: str, label: str, **facts: Any) -> Finding:
    """Return the finding that an act does not belong to the stage someone is at."""
    return Finding(rule=rule, verdict=Verdict.BLOCK, kind="stage", label=label, severity="block", facts=facts)
