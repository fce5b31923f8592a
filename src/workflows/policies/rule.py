"""What every kind of rule shares: dated values, dated clauses, whom it applies to, severity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from workflows.kernel.approximate import ApproximateDay
from workflows.kernel.calendar import Calendar
from workflows.policies.facts import LISTS, FactBook, as_json
from workflows.policies.findings import Finding, Running, Verdict

UnitKind = Literal[
    "village", "community", "organ", "state_enterprise", "school", "university", "non_public", "social",
    "institution", "floating", "retired", "joint", "temporary",
]  # fmt: skip
UnitLevel = Literal["branch", "general_branch", "committee", "county", "city", "province"]
Severity = Literal["block", "warn", "record"]
Confidence = Literal["VT", "VQ", "SS", "GK"]
Span = Literal["day", "month", "quarter", "year"]


class Strict(BaseModel):
    """A table of a pack file: nothing undeclared, nothing coerced."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class DatedValue(Strict):
    """A value and the day from which it holds, for the kinds of unit named (all where none is).

    ``value = false``: from that day the rule is out of force. ``transition = "refer"``: whether a case begun
    before that day is bound was not found in the text, so a person decides. ``strict_share``: more than the
    share from that day (true), or at least it (false).
    """

    start: date = Field(alias="from")
    value: Any
    kinds: tuple[UnitKind, ...] = Field(default=(), strict=False)
    transition: Literal["refer"] | None = None
    strict_share: bool | None = None
    confidence: Confidence | None = None


class DatedClause(Strict):
    """The article that states the rule from a day on, and how surely it was read."""

    start: date = Field(alias="from")
    article: str
    confidence: Confidence
    document: str | None = None


class AppliesTo(Strict):
    """Whom a rule binds: kinds and levels of unit, and facts that must hold (``when``)."""

    kinds: tuple[UnitKind, ...] = Field(default=(), strict=False)
    not_kinds: tuple[UnitKind, ...] = Field(default=(), strict=False)
    levels: tuple[UnitLevel, ...] = Field(default=(), strict=False)
    when: dict[str, Any] = {}

    def holds(self, book: FactBook) -> bool | None:
        """Say whether the rule binds; None where a fact it depends on is unknown."""
        if (self.kinds or self.not_kinds) and not self.is_for(book.value("unit_kind")):
            return False
        if self.levels:
            level = book.value("unit_level")
            if level is not None and level not in self.levels:
                return False
        answer: bool | None = True
        for name, wanted in self.when.items():
            value = book.value(name)
            if value is None:
                answer = None
            elif not _fits(value, wanted):
                return False
        return answer

    def is_for(self, unit_kind: str | None) -> bool:
        """Say whether the rule is for a kind of unit; one for some kinds is not for an unknown one."""
        return (not self.kinds or unit_kind in self.kinds) and unit_kind not in self.not_kinds

    def may_hold_for(self, unit_kind: str | None) -> bool:
        """Say whether the rule can bind a kind of unit; any for None."""
        return unit_kind is None or (
            (not self.kinds or unit_kind in self.kinds) and unit_kind not in self.not_kinds
        )

    def may_hold(self, name: str, value: Any) -> bool:
        """Say whether the rule can bind where a fact has this value."""
        return name not in self.when or _fits(value, self.when[name])


def _fits(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        number = len(value) if isinstance(value, LISTS) else value
        return bool(wanted.get("min", number) <= number <= wanted.get("max", number))
    if isinstance(wanted, list):
        return value in wanted
    return bool(value == wanted)


class Act:
    """One question to the rules: the command, its day, the facts, the calendar, the rules asked besides.

    ``on_approx``: the day of the act is known only roughly; ``on`` is then the latest possible.
    """

    __slots__ = ("book", "calendar", "command", "held", "on", "on_approx")

    def __init__(
        self,
        command: str,
        on: date,
        book: FactBook,
        days: Calendar,
        held: Sequence[tuple[Rule, DatedValue]] = (),
        on_approx: ApproximateDay | None = None,
    ) -> None:
        self.command, self.on, self.book, self.calendar, self.held = command, on, book, days, held
        self.on_approx = on_approx

    def held_value(self, rule_id: str) -> DatedValue | None:
        """Return the value of the rule about a matter that holds at this act; None where none binds."""
        for rule, value in self.held:
            if rule_id in (rule.id, rule.refines) and rule.binds(self.book):
                return value
        return None


OF_NO_FILE = frozenset({"pack_id", "pack_title", "pack_level", "held_from", "held_until", "running"})
"""What a rule knows of its pack and its adoption; nobody writes it into a file."""


BROKEN = {"block": Verdict.BLOCK, "warn": Verdict.WARN, "record": Verdict.NOTE}
"""What a broken rule says, by its severity."""


class Rule(Strict):
    """A rule of a regulation; each kind is a subclass that knows how to check, to set a limit and to compare.

    ``on`` names the commands it is asked at (or a state such as ``unit``). ``severity_on`` overrides the
    severity for some of them. ``refines`` names the rule of a higher layer that this one speaks about;
    ``about`` says whose course it limits; ``remind_days``: how long before a limit one is reminded (ours, no
    regulation's).
    """

    kind_name: ClassVar[str] = ""
    reads_day: ClassVar[bool] = True
    """Whether what a rule of this kind says of an act may turn with the day of the act alone."""

    id: str
    label: str
    on: tuple[str, ...] = Field(default=(), strict=False)
    severity: Severity
    severity_on: dict[str, Severity] = {}
    applies_to: AppliesTo = AppliesTo()
    waivable_by: tuple[str, ...] = Field(default=(), strict=False)
    unless: str | None = None
    aliases: tuple[str, ...] = Field(default=(), strict=False)
    refines: str | None = None
    about: Literal["person", "unit", "campaign", "inspection", "rectification", "listing", "site"] = "person"
    remind_days: int | None = Field(default=None, ge=0)
    values: tuple[DatedValue, ...] = Field(strict=False, min_length=1)
    clauses: tuple[DatedClause, ...] = Field(strict=False, min_length=1)
    note: str | None = None

    pack_id: SkipJsonSchema[str] = ""
    pack_title: SkipJsonSchema[str] = ""
    pack_level: SkipJsonSchema[str] = ""
    held_from: SkipJsonSchema[date | None] = None
    held_until: SkipJsonSchema[date | None] = None
    running: SkipJsonSchema[Running] = "adopt"

    @model_validator(mode="before")
    @classmethod
    def _nothing_of_ours(cls, data: Any) -> Any:
        """Refuse what no author writes: where the rule comes from, and while it is adopted."""
        for name in OF_NO_FILE & data.keys() if isinstance(data, dict) else ():
            raise PydanticCustomError(
                "extra_forbidden", "Extra inputs are not permitted ({name})", {"name": name}
            )
        return data

    @model_validator(mode="after")
    def _dates_in_order(self) -> Rule:
        by_kind: dict[tuple[str, ...], list[date]] = {}
        for entry in self.values:
            by_kind.setdefault(entry.kinds, []).append(entry.start)
        for days in [*by_kind.values(), [clause.start for clause in self.clauses]]:
            if days != sorted(set(days)):
                raise ValueError(f"{self.id}: days must ascend and differ: {', '.join(map(str, days))}")
        for entry in self.values:
            if entry.value is not False:
                self.accept(entry.value)
        return self

    def accept(self, value: Any) -> None:
        """Check the form of one value of this kind.

        Raises:
            ValueError: what is wrong with it.
        """
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise ValueError(f"{self.id}: a whole number is wanted, not {value!r}")

    def value_on(self, day: date, unit_kind: str | None = None) -> DatedValue | None:
        """Return the value in force on ``day`` for a kind of unit; None where the rule is not in force.

        A rule of an adopted pack is in force from the day from which it was adopted, until the day it was
        taken back (that day no longer included).
        """
        if (self.held_from and day < self.held_from) or (self.held_until and day >= self.held_until):
            return None
        best: DatedValue | None = None
        for entry in self.values:
            if entry.start > day or (entry.kinds and unit_kind not in entry.kinds):
                continue
            if best is None or (bool(entry.kinds), entry.start) >= (bool(best.kinds), best.start):
                best = entry
        return None if best is None or best.value is False else best

    def binds_from(self, value: DatedValue) -> date:
        """Return the day from which a value binds: its own, or the later one of the adoption."""
        return max(value.start, self.held_from or value.start)

    def refers(self, value: DatedValue, begun_on: date) -> bool:
        """Say whether a person must decide if a case begun on a day is bound."""
        asks = value.transition == "refer" or self.running == "ask"
        return asks and begun_on < self.binds_from(value)

    def asked_on(self, anchor: date) -> date:
        """Return the day whose value limits a case: that of its anchor, or of an adoption that binds it."""
        if self.held_from is None or self.running != "adopt":
            return anchor
        return max(anchor, self.held_from)

    def leaves_be(self, book: FactBook) -> bool:
        """Say whether a case was begun before the adoption of a rule that leaves such cases be."""
        if self.running != "pin" or self.held_from is None:
            return False
        begun = self.begun_on(book)
        return begun is not None and begun < self.held_from

    def begun_on(self, book: FactBook) -> date | None:
        """Return the day on which the case the rule speaks of was begun; None where it has no such day."""
        anchor = getattr(self, "anchor", None)
        return book.day(anchor) if isinstance(anchor, str) else None

    @property
    def binds_all_of_a_kind(self) -> bool:
        """Say whether the rule asks for no fact to know whether it binds, but for the kind of unit."""
        return not self.applies_to.when and not self.applies_to.levels and self.unless is None

    def binds(self, book: FactBook) -> bool | None:
        """Say whether the rule binds: whom it is for, and that nothing lifts it; None where it is unknown."""
        answer = self.applies_to.holds(book)
        if answer is not False and self.unless is not None and book.value(self.unless):
            return False
        return answer

    def in_force(self, day: date) -> bool:
        """Say whether the rule is in force on ``day`` for some kind of unit at least."""
        kinds = {kind for entry in self.values for kind in entry.kinds}
        return any(self.value_on(day, kind) is not None for kind in (None, *kinds))

    def clause_on(self, day: date) -> DatedClause:
        """Return the clause in force on ``day`` (the first one for days before all)."""
        for clause in reversed(self.clauses):
            if clause.start <= day:
                return clause
        return self.clauses[0]

    def cite(self, day: date) -> str:
        """Return document and article in force on ``day``, as one writes them."""
        return self._cited(self.clause_on(day))

    def _cited(self, clause: DatedClause) -> str:
        return f"《{clause.document or self.pack_title}》{clause.article}"

    def severity_at(self, command: str) -> Severity:
        """Return the severity at a command."""
        return self.severity_on.get(command, self.severity) if self.severity_on else self.severity

    def may_block(self, command: str) -> bool:
        """Say whether a finding of this rule at a command may be a block."""
        return self.severity_at(command) == "block" or getattr(self, "max", None) is not None

    def check(self, act: Act, value: DatedValue) -> list[Finding]:
        """Return what this rule says of ``act``, [] where it has nothing to say."""
        return []

    def turns(self, act: Act, value: DatedValue, name: str, first: date, last: date) -> Iterable[date] | None:
        """Return the days from ``first`` to ``last`` at which the word of the rule may turn with one fact.

        ``name`` is the fact, or ``on`` for the day of the act. None: it may turn on any day.
        """
        return None

    @property
    def counted_in(self) -> str:
        """Return the unit of the values (``month``), "" where they have none."""
        return str(getattr(self, "unit", ""))

    def measure(self, value: Any) -> Any:
        """Return a value in a form in which layers can be compared: spans of any unit."""
        return value

    def lawful(self, act: Act, value: DatedValue) -> tuple[date | None, date | None]:
        """Return the earliest and the latest lawful day of an act, inclusive; None where there is none."""
        told = [f for f in self.check(act, value) if f.verdict not in (Verdict.CONVENTION, Verdict.REFER)]
        first = max((f.earliest_on for f in told if f.earliest_on), default=None)
        return first, min((f.latest_on for f in told if f.latest_on), default=None)

    def is_provisional(self, act: Act, value: DatedValue) -> bool:
        """Say whether the lawful days rest on a year whose working days are not known yet."""
        return False

    def tightens(self, mine: Any, other: Any) -> bool:
        """Say whether ``mine`` (of a lower layer) asks at least as much as ``other`` (of a higher one)."""
        return bool(mine == other)

    def asks_as_much(self, value: DatedValue, other: Rule, its: DatedValue) -> bool:
        """Say whether this rule asks at least as much as ``other``, of the same kind, about one matter."""
        return self.tightens(self.measure(value.value), other.measure(its.value))

    def may_stand_beside(self, other: Rule) -> bool:
        """Say whether both may hold where neither asks as much as the other."""
        return False

    def fact_names(self) -> tuple[str, ...]:
        """Return the facts shown with a finding."""
        return ()

    def finding(self, act: Act, value: DatedValue, verdict: Verdict, **more: Any) -> Finding:
        """Return a finding of this rule with clause, pack, version, facts and sources filled in."""
        facts, because = act.book.told(self.fact_names())
        if "facts" in more:
            facts.update((name, as_json(fact)) for name, fact in more.pop("facts").items())
        clause = self.clause_on(act.on)
        return Finding(
            rule=self.id,
            verdict=verdict,
            kind=self.kind_name,
            label=self.label,
            severity=self.severity_at(act.command),
            clause=self._cited(clause),
            pack=self.pack_id,
            version=value.start,
            confidence=value.confidence or clause.confidence,
            facts=facts,
            because=because,
            aliases=self.aliases,
            **more,
        )

    def broken(self, act: Act, value: DatedValue, **more: Any) -> Finding:
        """Return the finding of a broken rule: block, warn or note by its severity."""
        return self.finding(act, value, BROKEN[self.severity_at(act.command)], **more)

    def convention(self, act: Act, value: DatedValue, rule_id: str, **more: Any) -> Finding:
        """Return the finding that says which convention of ours the result rests on."""
        return Finding(
            rule=rule_id,
            verdict=Verdict.CONVENTION,
            kind="convention",
            against=self.id,
            pack=self.pack_id,
            version=value.start,
            confidence="GK",
            **more,
        )
