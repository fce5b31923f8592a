"""案卷: what runs beside units and people as a stream of its own (考评、督查、整改、整顿、示范点).

What all of them share: an opening that names the unit and the subject, a table of moves, one case at a time.
Each aggregate brings its own acts, its own table and its own facts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import singledispatch
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

import msgspec

from workflows.domain.act import Command, Decision, OnBooks, Who, about_these, decision, of_stage, step_of
from workflows.domain.case_acts import FileCommand, FileEvent, FileOpened
from workflows.domain.facts import OF_THE_ROSTER, CaseFacts, Facts, roster_facts, unit_book
from workflows.domain.waivers import reliefs_of
from workflows.kernel.events import Event, Recorded
from workflows.policies.deadlines import Deadline
from workflows.policies.facts import Done, Fact, FactBook, FactsOnDemand
from workflows.policies.findings import Finding, Verdict
from workflows.policies.rules import Rules

E = TypeVar("E", bound=Event)

NOTHING = "nothing"
"""The stage of a case that nobody has opened yet."""

STAGE_RULE = "file-stage"
"""What a finding is called that says an act does not belong to the stage of a case."""


class CaseFile(msgspec.Struct, frozen=True):
    """A case as the books tell it; ``acts`` stand in the order of their days."""

    kind: ClassVar[str] = ""
    table: ClassVar[Mapping[tuple[str, str], str]] = {}
    ends: ClassVar[frozenset[str]] = frozenset()

    id: UUID
    acts: tuple[OnBooks, ...] = ()

    def at(self, day: date) -> Self:
        """Return the case as of ``day`` (inclusive)."""
        if not self.acts or self.acts[-1].on <= day:
            return self
        return msgspec.structs.replace(self, acts=self.acts[: bisect_right(self.acts, day, key=_day_of)])

    def each(self, kind: type[E]) -> Iterator[tuple[E, OnBooks]]:
        """Yield the events of a kind, in the order of their days."""
        for act in self.acts:
            if isinstance(act.event, kind):
                yield act.event, act

    def last(self, kind: type[E]) -> tuple[E, OnBooks] | None:
        """Return the last event of a kind."""
        for act in reversed(self.acts):
            if isinstance(act.event, kind):
                return act.event, act
        return None

    @property
    def opened(self) -> FileOpened | None:
        """Return how the case was opened, None while nothing is on the books."""
        return next((act.event for act in self.acts if isinstance(act.event, FileOpened)), None)

    @property
    def subject(self) -> str:
        """Return what the case is called."""
        return self.opened.subject if self.opened else ""

    @property
    def unit_id(self) -> UUID | None:
        """Return the unit the case is about."""
        return self.opened.of_unit if self.opened else None

    @property
    def stage(self) -> str:
        """Return where the case stands; an act out of its order (old papers) moves nothing."""
        here = NOTHING
        for act in self.acts:
            if isinstance(act.event, FileEvent):
                here = self.table.get((here, act.event.move), here)
        return here

    @property
    def is_over(self) -> bool:
        """Say whether nothing more is awaited in the case; each aggregate says in which stages that is so."""
        return self.stage in self.ends

    @property
    def is_settled(self) -> bool:
        """Say whether nothing in the case has to be done by a day any more, but the follow-up of it."""
        return self.is_over

    @property
    def standing_acts(self) -> tuple[OnBooks, ...]:
        """Return the acts that count as done: all, but where a kind of case voids some."""
        return self.acts

    def stages_of(self, move: str) -> list[str]:
        """Return the stages in which a move belongs, in the order of the table."""
        return list(dict.fromkeys(stage for stage, name in self.table if name == move))


def evolve(event: Event, file: CaseFile, record: Recorded) -> CaseFile:
    """Return the case after ``event``; never refuses, whatever the order."""
    return msgspec.structs.replace(file, acts=(*file.acts, OnBooks.of(event, record)))


def _day_of(act: OnBooks) -> date:
    return act.source.on


# --- facts and decisions ----------------------------------------------------------------------------------


@singledispatch
def facts_of(file: CaseFile, facts: Facts, on: date) -> Mapping[str, Fact]:
    """Return the named facts of a case as of ``on``; each aggregate registers its own.

    ``file`` is already cut at that day.
    """
    return {}


@singledispatch
def limits_of(file: CaseFile) -> list[Deadline]:
    """Return the limits that a case sets itself (a day named in it); each aggregate registers its own."""
    return []


def done_of(file: CaseFile, about: UUID | None = None) -> Mapping[str, Sequence[Done]]:
    """Return what was done in a case, by command; of what is about one unit only that about ``about``."""
    found: dict[str, list[Done]] = {}
    for act in file.standing_acts:
        if getattr(act.event, "about", None) not in (None, about):
            continue
        found.setdefault(step_of(act.event), []).append(act.done())
    return found


def book_of(
    file: CaseFile, facts: Facts, on: date, *, about: UUID | None = None, complete: bool = True
) -> FactBook:
    """Return the book of facts on a case as of ``on``: its own, and those of the unit it is about.

    ``about``: one of several units that the case is about, where an act is about that one.
    """
    cut, home = file.at(on), about or file.unit_id
    known: dict[str, Fact] = {}
    if home is not None:
        known |= {name: Fact(value) for name, value in unit_book(facts.unit(home, on), None).items()}
    known |= facts_of(cut, facts, on)
    sources = [(OF_THE_ROSTER, lambda: roster_facts(facts, home, on))] if home is not None else []
    return FactBook(
        FactsOnDemand(known, sources), done_of(cut, home), complete=complete, reliefs=reliefs_of(cut.acts)
    )


class FileCase:
    """One command at one case: everything a decision may look at; ``file`` is as of the day of the act.

    ``unit_id`` is the unit the case is about, ``keeper`` who goes on with it (itself while it is there),
    ``subject`` what it is called; ``cases`` tells how rules stand and what other cases there are.
    """

    def __init__(
        self,
        command: Command,
        file: CaseFile,
        rules: Rules,
        facts: Facts,
        cases: CaseFacts,
        *,
        unit_id: UUID | None,
        about: UUID | None = None,
        subject: str,
        complete: bool,
    ) -> None:
        self.command, self.file, self.rules, self.facts = command, file.at(command.on), rules, facts
        self.cases = cases
        self.unit_id, self.subject = file.unit_id or unit_id, subject or file.subject
        self.complete, self._about = complete, about
        self.keeper = cases.keeper(self.unit_id, command.on) if self.unit_id is not None else None

    def check(self, **said: Any) -> tuple[Finding, ...]:
        """Return the findings of the table of moves and of every rule; ``said``: the command's own facts."""
        return self.check_move(self.command.verb(), **said)

    def check_move(self, move: str, **said: Any) -> tuple[Finding, ...]:
        """Do the same for a command that comes to another move than its own name."""
        verb = self.command.verb()
        found = self.rules.check(verb, on=self.command.on, book=self.book(**said))
        return (*self._stage(move), *about_these(found, self.rules, verb, (type(self.file).kind, "unit")))

    def book(self, **said: Any) -> FactBook:
        """Return the facts that the rules are asked with: of the case, of its unit, and what is said."""
        home = self._about or self.unit_id
        book = book_of(self.file, self.facts, self.command.on, about=home, complete=self.complete)
        told = {name: value for name, value in said.items() if value is not None}
        return book.extended({name: Fact.of(one) for name, one in told.items()})

    def _stage(self, move: str) -> tuple[Finding, ...]:
        belongs = self.file.stages_of(move)
        if self.file.stage in belongs or not (belongs or isinstance(self.command, FileCommand)):
            return ()
        if not self.complete and self.file.opened is not None:
            return ()
        kind = type(self.file).kind
        told = {"stage": f"{kind}.{self.file.stage}", "belongs_to": [f"{kind}.{name}" for name in belongs]}
        return (of_stage(STAGE_RULE, "", **told),)

    @property
    def is_gone(self) -> bool:
        """Say whether the unit of the case is no more."""
        return self.keeper != self.unit_id

    def of_the_gone(self, reason: str) -> tuple[Finding, ...]:
        """Return what is told of a case that ends because its unit is no more: that takes a reason."""
        told = {"unit": str(self.unit_id)}
        if reason.strip() or not self.complete:
            heir = self.cases.successor(self.unit_id, self.command.on) if self.unit_id else None
            if heir is not None:
                told["successor"] = str(heir)
                return (finding_of_case("case-handed-on", Verdict.REFER, "warn", **told),)
            return (finding_of_case("case-unit-gone", Verdict.NOTE, "record", **told),)
        wanted = finding_of_case("case-gone-reason", Verdict.INCOMPLETE, "block", **told, missing="reason")
        return (wanted,)

    @property
    def about(self) -> UUID:
        """Return the unit that the act is about: the one named with it, else that of the case."""
        unit_id = self._about or self.unit_id
        if unit_id is None:
            raise TypeError("a case is about a unit")
        return unit_id

    def who(self, name: str | None) -> Who | None:
        """Return who is meant by a name seen from the unit of the case."""
        return None if name is None else self.facts.find(name, self.keeper or self.unit_id, self.command.on)

    def whom(self, names: Sequence[str]) -> tuple[Who, ...]:
        """Return who is meant by each of the names."""
        return tuple(self.facts.find(name, self.keeper or self.unit_id, self.command.on) for name in names)

    def opening(self) -> dict[str, Any]:
        """Return the fields of the event that opens the case."""
        if self.unit_id is None:
            raise TypeError("a case is about a unit")
        return {"subject": self.subject, "of_unit": self.unit_id}


@singledispatch
def decided(command: Command, case: FileCase) -> Decision:
    """Return what a command of a case leads to; each command registers its own."""
    raise TypeError(f"no decision for {type(command).__name__}")


def finding_of_case(name: str, verdict: Verdict, severity: str, **facts: Any) -> Finding:
    """Return a finding that no rule of a pack made: who acts in a case, and what its own acts ask for."""
    return Finding(rule=name, verdict=verdict, kind="case", severity=severity, facts=facts)


def plainly(command: type[FileCommand], event: type[FileEvent], *fields: str) -> None:
    """Register a command that becomes its event field by field, none of which a rule asks for."""

    def decide_plainly(command: FileCommand, case: FileCase) -> Decision:
        said = {name: getattr(command, name) for name in fields}
        kept = {k: tuple(v) if isinstance(v, list) else v for k, v in said.items()}
        day = next(n for n in event.__struct_fields__ if n.endswith("_on"))
        opening = case.opening() if issubclass(event, FileOpened) else {}
        told: dict[str, Any] = {day: command.on, **opening, **kept}
        return decision(event(**told), findings=case.check())

    decided.register(command, decide_plainly)
