"""A random tree of units: renamed, moved, merged, split, dissolved in any order, some of it taken back."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from workflows.application import commands
from workflows.application.amending import Amending, Amendment
from workflows.application.ports import Log
from workflows.application.recording import Outcome, Recording, Request
from workflows.kernel.chance import Chance
from workflows.kernel.errors import WrongUsage
from workflows.kernel.ids import derived

BEGIN = date(2024, 1, 1)
NAMES = ("甲", "乙", "丙", "丁", "戊", "己")
PACE = 30
"""Days from one deed to the next; a late entry falls between those before it."""

VERBS = ("rename", "move", "merge", "split", "dissolve", "reclassify", "member", "transfer", "retract")


@dataclass(frozen=True)
class Deed:
    """One deed: what is done, to which of the units and people (by number), how many days late it is told."""

    verb: str
    one: int
    other: int
    late: int = 0


DEEDS = st.lists(
    st.builds(
        Deed,
        st.sampled_from(VERBS),
        st.integers(0, 11),
        st.integers(0, 11),
        st.sampled_from((0, 0, 0, 7, 45, 200)),
    ),
    min_size=1,
    max_size=14,
)


def deeds_of(seed: int, count: int = 14) -> list[Deed]:
    """Return deeds by a seed, for a test that cannot begin anew for each example."""
    chance = Chance("tree", seed)
    return [
        Deed(chance.pick(VERBS), chance.number(0, 11), chance.number(0, 11), chance.pick((0, 0, 7, 45, 200)))
        for _ in range(count)
    ]


class Gardener:
    """Plays deeds over a log; what a rule or the tree itself forbids is left undone."""

    def __init__(self, log: Log, recording: Recording) -> None:
        self.log, self.recording = log, recording
        self.amending = Amending(recording)
        self.people: list[UUID] = []
        self.done: list[Outcome] = []
        self._count = self._told = 0
        town = self._establish("镇党委", BEGIN, level="committee")
        for name in ("甲支部", "乙支部", "丙支部"):
            branch = self._establish(name, BEGIN, superior=town)
            for number in range(3):
                self.admit(branch, BEGIN, f"{name[0]}{number}")

    @property
    def units(self) -> list[UUID]:
        """Return every unit on the books."""
        with self.log.read() as reading:
            return [entry.id for entry in reading.directory.units()]

    @property
    def last_day(self) -> date:
        """Return a day after everything."""
        return BEGIN + timedelta(days=PACE * (self._count + 2))

    def play(self, deeds: list[Deed]) -> None:
        """Do one deed after another."""
        for deed in deeds:
            self._count += 1
            on = BEGIN + timedelta(days=max(1, PACE * self._count - deed.late))
            with suppress(WrongUsage):
                outcome = self._do(deed, on)
                if outcome is not None and not outcome.refused:
                    self.done.append(outcome)

    def admit(self, unit: UUID, on: date, name: str) -> Outcome:
        """Put a full member on the books."""
        outcome = self._record(
            "register_member", BEGIN if on == BEGIN else on, unit, name=name, full_since=on.isoformat()
        )
        if outcome.stream_id is not None and outcome.event_ids:
            self.people.append(outcome.stream_id)
        return outcome

    def _do(self, deed: Deed, on: date) -> Outcome | None:
        units = self.units
        one, other = units[deed.one % len(units)], units[deed.other % len(units)]
        fresh = f"{NAMES[deed.other % len(NAMES)]}{self._count}支部"
        match deed.verb:
            case "rename":
                return self._record("rename_unit", on, one, name=fresh)
            case "move":
                return self._record("move_unit", on, one, other)
            case "reclassify":
                kind = ("village", "organ", "non_public")[deed.other % 3]
                return self._record("reclassify_unit", on, one, kind=kind)
            case "merge":
                return self._record("merge_units", on, one, units=[str(other)])
            case "split":
                members = [str(person) for person in self._here(one, on)]
                parts = [{"name": fresh, "members": members[deed.other % 2 :]}]
                return self._record("split_unit", on, one, into=parts, ends=deed.other % 3 == 0)
            case "dissolve":
                return self._record("dissolve_unit", on, one, members_to=str(other))
            case "member":
                return self.admit(one, on, f"新{self._count}")
            case "transfer":
                person = self.people[deed.other % len(self.people)]
                return self._record("transfer_person", on, None, one, person=person, to_unit=str(one))
            case _:
                if not self.done:
                    return None
                return self.retract(self.done[deed.one % len(self.done)])

    def retract(self, target: Outcome) -> Outcome:
        """Take a deed back."""
        return self.amending.amend(
            Amendment(event=target.event_ids[0], actor="chance", origin="demo", reason="x", on=self.last_day)
        )

    def _here(self, unit: UUID, on: date) -> list[UUID]:
        from workflows.application.books import Books

        with self.log.read() as reading:
            books = Books(reading, self.recording.rules)
            return [p for p in reading.directory.people_of(unit) if books.person_state(p).unit_on(on) == unit]

    def _establish(self, name: str, on: date, superior: UUID | None = None, level: str = "branch") -> UUID:
        outcome = self._record(
            "establish_unit", on, None, superior, name=name, level=level, kind="village",
            superior=None if superior is None else str(superior),
        )  # fmt: skip
        assert outcome.stream_id is not None
        return outcome.stream_id

    def _record(
        self,
        verb: str,
        on: date,
        unit: UUID | None,
        named: UUID | None = None,
        *,
        person: UUID | None = None,
        **fields: Any,
    ) -> Outcome:
        self._told += 1
        if verb == "move_unit":
            fields["superior"] = str(named)
        return self.recording.record(
            Request(
                command=commands.parse(verb, fields, on),
                actor="chance",
                origin="demo",
                person_id=person,
                unit_id=unit,
                named_unit_id=named,
                as_history=True,
                reason="x",
                command_id=derived("deed", self._told, verb),
            )
        )
