"""given / when / then for one person or one unit, without a log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from workflows.adapters import packs
from workflows.domain.act import Command, Decision, Who
from workflows.domain.facts import Member, Roster, UnitFacts
from workflows.domain.person import decide as person_decide
from workflows.domain.person.state import Person
from workflows.domain.person.state import evolve as evolve_person
from workflows.domain.unit import decide as unit_decide
from workflows.domain.unit.state import Unit
from workflows.domain.unit.state import evolve as evolve_unit
from workflows.kernel.clock import moment_of
from workflows.kernel.events import Event, Recorded, fold, history
from workflows.kernel.ids import derived
from workflows.policies.facts import Part
from workflows.policies.findings import RECORDED_LIVE
from workflows.policies.rules import Rules, national

UNIT = derived("test", "unit")
PERSON = derived("test", "person")


def rules() -> Rules:
    """Return the national rules with the built-in calendar."""
    return Rules(national(packs.shipped()), packs.calendar())


def recorded(event: Event, position: int, at: datetime | None = None, stream: UUID = PERSON) -> Recorded:
    """Return an event as the log would hold it, recorded on its own day unless told otherwise."""
    return Recorded(
        position=position,
        log_id="test",
        stream_id=stream,
        version=position,
        event_id=derived("event", position),
        event=event,
        actor="tester",
        origin="cli",
        recorded_at=at or moment_of(event.effective_on),
    )


class Neighbours:
    """A reader of others: a roster of so many voters, people who are full members unless told otherwise."""

    def __init__(
        self, voters: int = 16, kind: str = "community", stages: dict[str, str] | None = None
    ) -> None:
        self.voters, self.kind, self.stages = voters, kind, stages or {}

    def unit(self, unit_id: UUID, on: date) -> UnitFacts | None:
        """Return the one unit there is."""
        return UnitFacts(
            id=unit_id,
            name="甲支部",
            kind=self.kind,
            level="branch",
            books_from=date(2015, 1, 1),
            committee_size=5,
        )

    def roster(self, unit_id: UUID, on: date) -> Roster | None:
        """Return so many voters."""
        return Roster(self.voters, 0, frozenset(derived("voter", i) for i in range(self.voters)))

    def branches(self, unit_id: UUID) -> Sequence[Part]:
        """Return no branches."""
        return ()

    def members_below(self, unit_id: UUID, on: date) -> int | None:
        """Return the voters: nothing stands below."""
        return self.voters

    def member(self, who: Who, on: date) -> Member:
        """Return the stage told of someone, full member where none is."""
        return Member(who, {"stage": self.stages.get(who.name or "", "full"), "rights_barred": False})

    def newest(self, unit_id: UUID, stage: str, on: date) -> date | None:
        """Return that it is not known when someone last came to a stage."""
        return None

    def is_county(self, unit_id: UUID, on: date) -> bool | None:
        """Return that it is not known."""
        return None

    def dues_months(self, unit_id: UUID, on: date) -> frozenset[str]:
        """Return no month: nobody records dues here."""
        return frozenset()

    def months_absent(self, person_id: UUID, unit_id: UUID, on: date) -> int | None:
        """Return that no meeting is known."""
        return None

    def left(self, person_id: UUID, unit_id: UUID, since: date) -> tuple[date, str] | None:
        """Return that nobody ever leaves."""
        return None

    def find(self, name: str, unit_id: UUID | None, on: date) -> Who:
        """Return the bare name."""
        return Who(name=name)


class Given:
    """A person with a past, about to be asked something."""

    def __init__(self, events: Sequence[Event], neighbours: Neighbours) -> None:
        self._records = [recorded(event, i) for i, event in enumerate(events, 1)]
        self._neighbours = neighbours

    def when(self, command: Command, *, complete: bool = True) -> Then:
        """Decide a command against the national rules."""
        told = history(self._records)
        if command.aggregate == "unit":
            unit = fold(evolve_unit, Unit(UNIT), told)
            made = unit_decide.decide(command, unit, rules(), self._neighbours, complete=complete)
        else:
            person = fold(evolve_person, Person(PERSON), told)
            made = person_decide.decide(
                command, person, rules(), self._neighbours, unit_id=UNIT, complete=complete
            )
        return Then(made)


def given(*events: Event, neighbours: Neighbours | None = None) -> Given:
    """Return someone to whom ``events`` have happened."""
    return Given(events, neighbours or Neighbours())


class Then:
    """What a command came to."""

    def __init__(self, made: Decision) -> None:
        self.made = made

    def then(self, *events: Event) -> Then:
        """The command is recorded, and exactly these events come of it (findings aside)."""
        assert self.made.verdict in RECORDED_LIVE, self.made.findings
        bare = tuple(msgspec.structs.replace(event, findings=()) for event in self.made.events)
        assert bare == events
        return self

    def then_refused(self, rule: str, **facts: object) -> Then:
        """The command is refused by ``rule``; ``facts`` are fields of its finding."""
        assert self.made.verdict not in RECORDED_LIVE
        found = self.finding(rule)
        assert found.verdict in ("block", "incomplete")
        for name, value in facts.items():
            assert getattr(found, name) == value
        return self

    def then_finds(self, rule: str, verdict: str, **facts: object) -> Then:
        """A finding of ``rule`` has this verdict and these fields."""
        assert any(
            f.rule == rule and f.verdict == verdict and all(getattr(f, k) == v for k, v in facts.items())
            for f in self.made.findings
        ), [(f.rule, f.verdict, f.days_late) for f in self.made.findings]
        return self

    def finding(self, rule: str):  # type: ignore[no-untyped-def]
        """Return the worst finding of a rule."""
        return next(f for f in self.made.findings if f.rule == rule)
